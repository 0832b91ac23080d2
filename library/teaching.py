"""Teaches an attribute from the labels and verdicts of a catalog."""

from collections.abc import Callable
from typing import Any

import numpy as np

from library.given import RANDOM, chosen, standing
from library.ledger import Ledger
from library.opened import Opened
from training.adapt import Answers, Asked, Given, Pair, bank, random_sample, teach_given

Progress = Callable[[int, int], None]
AT_ONCE = 300
"""Items that are embedded for all that teaching can read while somebody waits; of a larger catalog what is there is read."""


def teach(opened: Opened, ledger: Ledger, attribute: str, progress: Progress) -> dict[str, Any]:
    """Teach an attribute by all that is known of it; the result says how good it is, or how many labels it still needs."""
    catalog = ledger.catalog
    labels = {item.id: item.labels[attribute] for item in catalog.items if attribute in item.labels}
    values = next((list(one.values) for one in catalog.attributes if one.name == attribute), [])
    pairs = [Pair(one.query, one.item, bool(one.same)) for one in ledger.verdicts if one.attribute == attribute]
    given = Given(labels, values, pairs, _fair(ledger, attribute))
    engine, embedder = opened.engine, opened.embedder
    asked = Asked(general_only=len(catalog) > AT_ONCE and not engine.table.has(bank(embedder)))
    taught = teach_given(engine, embedder, attribute, given, opened.settings.home, asked, progress=progress)
    quality = taught.quality
    figures = ("map", "low", "high", "chance", "usual", "queries")
    return {
        "attribute": taught.name,
        "values": list(taught.values),
        "labels": dict(taught.labels),
        "needs": [[one.value, one.more] for one in taught.needs],
        "quality": {name: getattr(quality, name) for name in figures} if quality is not None else None,
        "unmeasured": taught.unmeasured,
        "taught": taught.reading is not None,
    }


def _fair(ledger: Ledger, attribute: str) -> list[str]:
    """Items whose labels may enter figures: those that the catalog came with, and of those given in the page the ones that
    are a fair sample, also where a picture had been chosen before its turn by lot came."""
    items = ledger.catalog.items
    given = {one.item: one.why for one in standing(ledger.given) if one.attribute == attribute}
    known = np.array([0 if attribute in item.labels else -1 for item in items], np.int64)
    drawn = np.array([given.get(item.id) == RANDOM for item in items], bool)
    sample = random_sample(Answers(known, [item.id for item in items], drawn))
    biased = {item for item, name in chosen(ledger.given) if name == attribute}
    return [
        item.id
        for item, fair in zip(items, sample, strict=True)
        if attribute in item.labels and (fair or item.id not in biased)
    ]
