"""Teaches an attribute from the labels and verdicts of a catalog."""

from collections.abc import Callable
from typing import Any

from library.ledger import Ledger
from library.opened import Opened
from training.adapt import Given, Pair, teach_given

Progress = Callable[[int, int], None]


def teach(opened: Opened, ledger: Ledger, attribute: str, progress: Progress) -> dict[str, Any]:
    """Teach an attribute by all that is known of it; the result says how good it is, or how many labels it still needs."""
    catalog = ledger.catalog
    labels = {item.id: item.labels[attribute] for item in catalog.items if attribute in item.labels}
    last = {one.item: one for one in ledger.given if one.attribute == attribute}
    chosen = {id for id, one in last.items() if one.why != "random"}
    values = next((list(one.values) for one in catalog.attributes if one.name == attribute), [])
    pairs = [
        Pair(one.query, one.item, one.same)
        for one in ledger.verdicts
        if one.attribute == attribute and one.same is not None
    ]
    given = Given(labels, values, pairs, [id for id in labels if id not in chosen])
    taught = teach_given(opened.engine, opened.embedder, attribute, given, opened.settings.home, progress=progress)
    quality = taught.quality
    return {
        "attribute": taught.name,
        "values": list(taught.values),
        "labels": dict(taught.labels),
        "needs": [[one.value, one.more] for one in taught.needs],
        "quality": None
        if quality is None
        else {"map": quality.map, "low": quality.low, "high": quality.high, "chance": quality.chance},
        "taught": taught.reading is not None,
    }
