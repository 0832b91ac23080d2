"""Similar designs on the held-out split of a labelled catalog: of the pairs that are given, how many agree on all chosen
labels, beside any two items, and beside what the match levels promise."""

import itertools
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.measure import Result
from catalog import Catalog
from model import AT_LEAST, Level
from retrieval import DesignPair, DesignQuery, Designs, RetrievalError, SearchEngine, lacks_level

SIZES = (2, 3)
"""How many attributes are to agree; every choice of so many is asked."""
ASKED = (Level.LIKELY, Level.VERY_LIKELY)


@dataclass(frozen=True)
class Agreement:
    """One question. pairs: how many agree; of the best of them `labelled` have all labels, and `right` of those agree on all.
    promised: the mean chance of these, 0 to 1. chance: of any two labelled items, how many agree, 0 to 1. groups: how many;
    members: of their wholly labelled pictures, `alike` have the values that are commonest in their group."""

    names: tuple[str, ...]
    level: Level
    pairs: int
    labelled: int
    right: int
    promised: float
    chance: float
    groups: int
    members: int
    alike: int
    milliseconds: float


def similar_designs(engine: SearchEngine) -> list[Result]:
    """Every choice of two and of three attributes that the catalog of an engine is labelled with, with its labels taken into
    account for the match levels and, as in a new catalog, without them. RetrievalError with fewer than two of them."""
    catalog = engine.catalog
    names = [one.name for one in catalog.attributes if one.name in engine.attributes]
    names = [name for name in names if lacks_level(engine.embedder, name) is None]
    if len(names) < min(SIZES):
        raise RetrievalError("similar designs need a catalog labelled with two attributes that have match levels")
    labels = {name: catalog.labels(name) for name in names}
    bare = replace(catalog, items=tuple(replace(item, labels={}) for item in catalog.items), attributes=())
    results = []
    for way, seen in (("without labels", bare), ("with its labels", catalog)):
        engine.update(seen)
        for size, level in itertools.product(SIZES, ASKED):
            found = [agreement(engine, catalog, labels, one, level) for one in itertools.combinations(names, size)]
            results.append(_summed(f"{level.value} on {size} attributes, {way}", found))
            if way == "without labels":
                results += _told(found)
    return results


def agreement(
    engine: SearchEngine, catalog: Catalog, labels: Mapping[str, np.ndarray], names: tuple[str, ...], level: Level
) -> Agreement:
    """What is given for some attributes. labels: attribute → place of each item's value, -1 for none."""
    start = time.perf_counter()
    found = answered(engine, DesignQuery(names, AT_LEAST[level]))
    took = 1000 * (time.perf_counter() - start)
    values = np.stack([labels[name] for name in names], 1)
    known = [pair for pair in found.pairs if (values[_places(catalog, (pair.one, pair.other))] >= 0).all()]
    right = sum(_agree(values[_places(catalog, (pair.one, pair.other))]) for pair in known)
    groups = [values[_places(catalog, group.ids)] for group in found.groups]
    groups = [group[(group >= 0).all(1)] for group in groups]
    groups = [group for group in groups if len(group) > 1]
    return Agreement(
        names,
        level,
        found.count,
        len(known),
        right,
        _mean(known),
        _any_two(values),
        len(groups),
        sum(map(len, groups)),
        sum(int(np.unique(group, axis=0, return_counts=True)[1].max(initial=0)) for group in groups),
        took,
    )


def answered(engine: SearchEngine, query: DesignQuery) -> Designs:
    """The answer to a question, which comes last."""
    *_, found = engine.designs(query)
    assert isinstance(found, Designs)
    return found


def _mean(pairs: Sequence[DesignPair]) -> float:
    return float(np.mean([pair.chance for pair in pairs])) if pairs else 0.0


def _places(catalog: Catalog, ids: Sequence[str]) -> list[int]:
    return [catalog.position(id) for id in ids]


def _agree(values: np.ndarray) -> bool:
    """Whether items (n, attributes), all labelled, have the same values."""
    return bool((values == values[0]).all())


def _any_two(values: np.ndarray) -> float:
    """How many of all pairs of wholly labelled items agree on all attributes."""
    whole = values[(values >= 0).all(1)]
    counts = np.unique(whole, axis=0, return_counts=True)[1]
    total = len(whole) * (len(whole) - 1)
    return float((counts * (counts - 1)).sum() / total) if total else 0.0


def _summed(name: str, found: Sequence[Agreement]) -> Result:
    """All questions of a kind, each pair counting once."""
    times = np.array([one.milliseconds for one in found])
    answering = [one for one in found if one.labelled]
    labelled, right = sum(one.labelled for one in found), sum(one.right for one in found)
    each = [one.right / one.labelled for one in answering]
    more: dict[str, float | int | str] = {
        "questions": len(found),
        "answered": len(answering),
        "pairs": sum(one.pairs for one in found),
        "labelled": labelled,
        "right %": _percent(right / labelled) if labelled else "-",
        "promised %": _percent(sum(one.promised * one.labelled for one in found) / labelled) if labelled else "-",
        "chance %": _percent(float(np.mean([one.chance for one in found]))),
        "median question %": _percent(float(np.median(each))) if each else "-",
        "groups": sum(one.groups for one in found),
        "alike in groups %": _percent(sum(one.alike for one in found) / max(1, sum(one.members for one in found))),
    }
    p50, p95 = np.percentile(times, (50, 95)).tolist()
    return Result(name, len(found), round(p50, 1), round(p95, 1), more)


def _told(found: Sequence[Agreement], most: int = 3) -> Iterator[Result]:
    """The questions with most labelled pairs among those that chance answers least: each attribute leads once."""
    by_first: dict[str, list[Agreement]] = defaultdict(list)
    for one in found:
        if one.labelled:
            by_first[one.names[0]].append(one)
    best = sorted((min(asked, key=lambda one: one.chance) for asked in by_first.values()), key=lambda one: one.chance)
    for one in best[:most]:
        more: dict[str, float | int | str] = {
            "pairs": one.pairs,
            "right %": _percent(one.right / one.labelled),
            "promised %": _percent(one.promised),
            "chance %": _percent(one.chance),
            "groups": one.groups,
            "alike in groups %": _percent(one.alike / max(1, one.members)),
        }
        took = round(one.milliseconds, 1)
        yield Result(f"  {' + '.join(one.names)}", 1, took, took, more)


def _percent(share: float) -> float:
    return round(100 * share, 1)
