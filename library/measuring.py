"""Figures on a catalog of the library, beside those of global similarity on the same queries."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from catalog import Catalog, without_twins
from eval import (
    GRID,
    Embedded,
    EvalError,
    Features,
    Progress,
    Report,
    Sampling,
    Stop,
    Stopped,
    check_share,
    compared,
    evaluate,
    evaluate_global,
    near_duplicates,
    shortages,
)
from library.given import Given, replaced
from library.opened import Opened
from model import GENERAL, Column

GENERAL_COLUMN = Column("", GENERAL)
ALONE = 400
"""Labelled items of an attribute up to which each asks all others: a share of fewer is too few queries for a figure."""
MOST_GROUPED = 20_000
"""Items of which every pair is compared, to count the queries of near-duplicates together in intervals: seconds."""


def measure(
    opened: Opened,
    given: Sequence[Given],
    split: str = "",
    attributes: Sequence[str] | None = None,
    share: float = 0.2,
    progress: Progress | None = None,
    stop: Stop | None = None,
    embedding: Callable[[int, int], None] | None = None,
) -> tuple[Report, Report]:
    """Reports of the weights and of global similarity, with their details, by the labels that the catalog came with and those
    that were given in the page to pictures drawn at random (`honest`); `Report.protocol` says how many others there are.

    attributes: None is all that the weights know and that are labelled. share: of an attribute's labelled items that are
    asked; with at most `ALONE` of them each asks all others. progress: called with the queries that are done and those there
    are, of both reports; stop: asked meanwhile, Stopped when it says yes. Near-duplicates count together in intervals, in
    catalogs of up to `MOST_GROUPED` items; `Report.protocol` says how many there are. EvalError where no attribute that the weights
    know is labelled, or one that was asked for is not.

    What is measured is embedded first where it is not yet, before all else of the catalog, and centred on itself as
    `python -m eval run` does it, so that figures do not depend on what else is embedded. embedding: called with the pictures of
    it that are embedded and those there are.
    """
    check_share(share)
    engine = opened.engine
    catalog = honest(opened.catalog, given)
    known = _chosen(catalog, engine.attributes, attributes)
    view, twins = without_twins(catalog, split) if split else (catalog, 0)
    if not engine.embed(embedding, stop, view):
        raise Stopped("the evaluation was stopped")
    table = engine.part(view)
    usable = table.readable
    vectors = {name: table.vectors(name) for name in known}
    general = np.asarray(table.column(GENERAL_COLUMN), np.float32)
    clusters = near_duplicates(general) if len(general) <= MOST_GROUPED else None
    sampling = Sampling(share, alone=ALONE)
    embedded = Embedded(compared(opened.embedder, vectors), usable, opened.embedder.method, clusters)
    source = _named(opened.weights.source)
    title = f"Lapel, {source}" if source else "Lapel"
    report = evaluate(view, embedded, sampling, title, _part(progress, 0), stop, GRID)
    baseline = evaluate_global(
        view,
        Features(general, usable, clusters=clusters),
        known,
        sampling,
        "Global similarity",
        _part(progress, 1),
        stop,
    )
    weights = {"source": source, "digest": opened.embedder.weights_digest}
    corrected = _differing(view, opened.catalog, known)
    said = {"twins_left_out": twins, "split": split, "near_duplicates": _alike(clusters), "corrected": corrected}
    lacking = shortages(view, {}, _unmeasured(view, engine.attributes, attributes, report), sampling)
    report = replace(
        report,
        warnings=[*report.warnings, *map(str, lacking)],
        shortages=[*report.shortages, *(one.to_dict() for one in lacking)],
    )
    return (
        replace(report, weights=weights, protocol={**report.protocol, **said}),
        replace(baseline, weights=weights, protocol={**baseline.protocol, **said}),
    )


def _named(source: str) -> str:
    """What weights are called in a report: a repository, or the last part of a folder, whose place is nobody's business."""
    return Path(source).name if Path(source).is_absolute() or Path(source).exists() else source


def _alike(clusters: np.ndarray | None) -> int | None:
    """Items that are near-duplicates of another; None where they were not looked for."""
    return None if clusters is None else int((np.bincount(clusters)[clusters] > 1).sum())


def _unmeasured(catalog: Catalog, known: Sequence[str], asked: Sequence[str] | None, report: Report) -> list[str]:
    """Attributes that the weights know, and the catalog too, but has too few labels of to be in the report."""
    there = [one.name for one in catalog.attributes if one.name in known and one.name not in report.attributes]
    return [name for name in there if not asked or name in asked]


def _part(progress: Progress | None, place: int) -> Progress | None:
    """Progress over both evaluations, which ask the same queries, from that of one of them."""
    return None if progress is None else lambda done, total: progress(place * total + done, 2 * total)


def _chosen(catalog: Catalog, known: Sequence[str], asked: Sequence[str] | None) -> list[str]:
    """The attributes that are measured, in the order of the catalog; EvalError as `measure` says."""
    there = [one.name for one in catalog.attributes if one.name in known and _counted(catalog, one.name)]
    if not there:
        raise EvalError("the catalog has no labels to measure against; give some, or import a column of them")
    lacking = [name for name in asked or () if name not in there]
    if lacking:
        raise EvalError(f"'{lacking[0]}' cannot be measured here; it can be one of: {', '.join(there)}")
    return [name for name in there if not asked or name in asked]


def headline(report: Report, baseline: Report) -> dict[str, float]:
    """MAP over all queries with its interval (low, high), that of a ranking by lot, and that of global similarity, in percent."""
    overall = {
        "map": report.overall["map"],
        "chance": report.overall["chance_map"],
        "baseline": baseline.overall["map"],
    }
    low, high = report.overall["intervals"].get("map", (overall["map"], overall["map"]))
    return {**overall, "low": low, "high": high}


def honest(catalog: Catalog, given: Sequence[Given]) -> Catalog:
    """The catalog as it is measured: a label that was given to a picture which was not drawn at random does not count. The label
    that it replaced does, so that no figure becomes better because what went wrong was labelled anew; without one the picture
    is left out."""
    before = replaced(given)
    if not before:
        return catalog
    known, items = {one.name: set(one.values) for one in catalog.attributes}, {item.id: item for item in catalog.items}
    for (id, name), old in before.items():
        if id in items:
            labels = {other: value for other, value in items[id].labels.items() if other != name}
            if old is not None and old in known.get(name, ()):
                labels[name] = old
            items[id] = replace(items[id], labels=labels)
    return replace(catalog, items=tuple(items.values()))


def _differing(view: Catalog, now: Catalog, attributes: Sequence[str]) -> int:
    """Labels of a view that are measured as they were before somebody corrected them, or left out since there was none."""
    pairs = [(item.labels, now.item(item.id).labels) for item in view.items]
    return sum(old.get(name) != new.get(name) for old, new in pairs for name in attributes)


def _counted(catalog: Catalog, attribute: str) -> bool:
    labels = catalog.labels(attribute)
    return bool(len(np.unique(labels[labels >= 0])) > 1)
