"""Figures on a catalog of the library, beside those of global similarity on the same queries."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from catalog import Catalog, without_twins
from eval import (
    Embedded,
    EvalError,
    Features,
    Report,
    Sampling,
    compared,
    evaluate,
    evaluate_global,
    mean_interval,
)
from library.given import Given, chosen
from library.opened import Opened
from model import GENERAL, Column

GENERAL_COLUMN = Column("", GENERAL)


def measure(opened: Opened, given: Sequence[Given], split: str = "") -> tuple[Report, Report]:
    """Reports of the weights and of global similarity, by the labels that the catalog came with and those that were given in
    the page to pictures drawn at random; others were chosen, and figures on them would be biased.

    EvalError where no attribute that the weights know is labelled.
    """
    engine = opened.engine
    catalog = honest(opened.catalog, given)
    known = [one.name for one in catalog.attributes if one.name in engine.attributes and _counted(catalog, one.name)]
    if not known:
        raise EvalError("the catalog has no labels to measure against; give some, or import a column of them")
    view, twins = without_twins(catalog, split) if split else (catalog, 0)
    rows = np.array([catalog.position(item.id) for item in view.items], np.int64)
    usable = engine.readable[rows]
    vectors = {name: engine.vectors(name)[rows] for name in known}
    sampling = Sampling()
    report = evaluate(
        view, Embedded(compared(opened.embedder, vectors), usable, opened.embedder.method), sampling, "Lapel"
    )
    general = np.asarray(engine.table.column(GENERAL_COLUMN)[rows], np.float32)
    baseline = evaluate_global(view, Features(general, usable), known, sampling, "Global similarity")
    weights = {"source": "", "digest": opened.embedder.weights_digest}
    said = {"twins_left_out": twins}
    return (
        replace(report, weights=weights, protocol={**report.protocol, **said}),
        replace(baseline, weights=weights, protocol={**baseline.protocol, **said}),
    )


def headline(report: Report, baseline: Report) -> dict[str, float]:
    """MAP over all queries with its interval (low, high), that of a ranking by lot, and that of global similarity, in percent."""
    interval = mean_interval(np.array([ap for one in report.attributes.values() for ap in one.per_query["ap"]]))
    overall = {
        "map": report.overall["map"],
        "chance": report.overall["chance_map"],
        "baseline": baseline.overall["map"],
    }
    return {**overall, "low": interval.low, "high": interval.high}


def honest(catalog: Catalog, given: Sequence[Given]) -> Catalog:
    """The catalog without labels that were given to pictures which were not drawn at random."""
    biased = chosen(given)
    if not biased:
        return catalog
    items = tuple(
        replace(item, labels={name: value for name, value in item.labels.items() if (item.id, name) not in biased})
        for item in catalog.items
    )
    return replace(catalog, items=items)


def _counted(catalog: Catalog, attribute: str) -> bool:
    labels = catalog.labels(attribute)
    return bool(len(np.unique(labels[labels >= 0])) > 1)
