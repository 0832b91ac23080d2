"""A whole evaluation beside the bare products of its vectors, and what its parts cost."""

from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.measure import Result, against, in_turns
from eval import Embedded, compared, evaluate
from retrieval import Embeds, SearchEngine

TURNS = 4


def evaluation(engine: SearchEngine, embedder: Embeds, turns: int = TURNS) -> list[Result]:
    """Evaluate the catalog of an engine by all attributes that it is labelled with, vectors there before, in turns with the
    products of all its vectors with one another in float32; milliseconds of the whole. RetrievalError and EvalError as
    comparing and evaluating raise them."""
    labelled = [own.name for own in engine.catalog.attributes if own.name in engine.attributes]
    own = compared(embedder, {name: np.array(engine.vectors(name)) for name in labelled})
    embedded = Embedded(own, engine.readable)
    wide = [one.vectors.astype(np.float32) for one in own.values()]
    about = f"{len(engine.catalog)} items, {len(labelled)} attributes"
    ways: Mapping[str, Callable[[], object]] = {
        f"bare products, {about}": lambda: [vectors @ vectors.T for vectors in wide],
        f"evaluation, {about}": lambda: evaluate(engine.catalog, embedded),
    }
    bare, whole = in_turns({name: [way] * (turns + 1) for name, way in ways.items()})
    report = evaluate(engine.catalog, embedded)
    queries = sum(one.queries for one in report.attributes.values())
    whole.more.update({"queries": queries, "ms a query": round(whole.p50_ms / max(1, queries), 3)})
    return [bare, against(whole, bare)]
