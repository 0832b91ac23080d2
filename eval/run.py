"""Evaluations: a labelled catalog and its embeddings in, a report out."""

import importlib.metadata
import os
import platform
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from catalog import Catalog
from eval.detail import Asked, Detail
from eval.errors import EvalError
from eval.inputs import STANDARD, Compared, Embedded, Features, Sampling
from eval.kept import asked, figures_of, intervals_of, ranks_kept
from eval.products import mean_of
from eval.protocol import Scorer, Trial, global_scorer, rank, sections_scorer
from eval.report import AttributeReport, Report, attribute_report, overall
from eval.shortage import shortages
from eval.sweeps import MOST, sweep

THREADS, SMALL = min(2, os.cpu_count() or 1), 20_000
"""Attributes that are ranked at once, and the candidates of one up to which they are: of more, the scores of one are enough to
hold."""
LIBRARIES = ("numpy", "pillow", "torch", "torchvision", "timm")


_T = TypeVar("_T")
Progress = Callable[[int, int], object]
"""Hears how many queries of how many are done; called by several threads, one at a time."""
Stop = Callable[[], bool]
"""Says whether to stop; several threads may ask."""


def evaluate(
    catalog: Catalog,
    embedded: Embedded,
    sampling: Sampling = STANDARD,
    title: str = "",
    progress: Progress | None = None,
    stop: Stop | None = None,
    grid: Sequence[float] = (),
) -> Report:
    """Exact evaluation of embeddings on a labelled catalog: fused, each section alone, and chance.

    Attributes that the catalog has no labels for are passed over. Where there is one section, its
    ranking is the fused one, and there is none by section. progress: called with the queries that are
    done and those there are, over all attributes. stop: asked between chunks of queries; Stopped when it
    says yes. grid: shares of β and γ that are tried beside (`eval.sweeps`). EvalError when there is
    nothing to compare, or the embeddings are not of this catalog.
    """
    for own in embedded.attributes.values():
        if len(own.vectors) != len(catalog):
            raise EvalError(f"embeddings of {len(own.vectors)} items are not those of {len(catalog)}; embed again")

    def scorer(attribute: str) -> Scorer:
        own = embedded.attributes[attribute]
        return sections_scorer(own.vectors, own.sections, own.mix)

    labelled = [attribute.name for attribute in catalog.attributes if attribute.name in embedded.attributes]
    trials = sampling.of(catalog, labelled, embedded.usable)
    mixes = {name: own.mix for name, own in embedded.attributes.items()}
    measured = _measured(catalog, trials, scorer, mixes, embedded.clusters, progress, stop)
    if grid:
        swept = _each(trials, lambda trial: _swept(trial, embedded.attributes[trial.attribute], grid, stop))
        figures = {
            name: replace(one, sweeps=of) for (name, one), of in zip(measured.figures.items(), swept, strict=True)
        }
        measured = replace(measured, figures=figures)
    report = _report(catalog, measured, embedded, sampling, title)
    return replace(report, protocol={**report.protocol, "sweep_scores_at_most": MOST}) if grid else report


def _swept(trial: Trial, own: Compared, grid: Sequence[float], stop: Stop | None) -> dict[str, list[list[float]]]:
    return sweep(trial, own.vectors, own.sections, own.mix, grid, stop)


def evaluate_global(
    catalog: Catalog,
    features: Features,
    attributes: Iterable[str],
    sampling: Sampling = STANDARD,
    title: str = "",
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Report:
    """As `evaluate`, for one vector an image: cosine after the mean of the usable items is taken off.

    The queries are those that `evaluate` asks with the same sampling.
    """
    kept = len(features.vectors) if features.usable is None else int(features.usable.sum())
    if not kept:
        raise EvalError("no image of the catalog can be read; run `python -m catalog check` on it")
    centre = mean_of(features.vectors, features.usable)
    trials = sampling.of(catalog, list(attributes), features.usable)
    measured = _measured(
        catalog, trials, lambda _: global_scorer(features.vectors, centre), None, features.clusters, progress, stop
    )
    return _report(catalog, measured, features, sampling, title)


@dataclass(frozen=True)
class _Measured:
    """Figures and detail by attribute, and the intervals of the means over all queries."""

    figures: dict[str, AttributeReport]
    detail: Detail
    intervals: dict[str, tuple[float, float]]


def _measured(
    catalog: Catalog,
    trials: Sequence[Trial],
    scorer: Callable[[str], Scorer],
    mixes: Mapping[str, Mapping[str, float]] | None,
    clusters: np.ndarray | None,
    progress: Progress | None,
    stop: Stop | None,
) -> _Measured:
    """Figures of each trial's attribute."""
    ids = [item.id for item in catalog.items]
    figures, kept, columns = {}, {}, []
    done, total, telling = 0, sum(len(trial.queries) for trial in trials), threading.Lock()
    ended = False

    def advance(queries: int) -> None:
        nonlocal done
        with telling:
            done += queries
            if progress is not None and not ended:
                progress(done, total)

    def stopped() -> bool:
        nonlocal ended
        with telling:
            ended = ended or (stop is not None and stop())
            return ended

    def one(trial: Trial) -> tuple[Asked, AttributeReport, dict[str, np.ndarray]]:
        rankings = rank(trial, scorer(trial.attribute), advance, stopped, ranks_kept(len(trial.queries)))
        of = asked(trial, rankings, len(ids))
        mix = mixes[trial.attribute] if mixes is not None else None
        return of, attribute_report(trial, rankings, ids, mix, clusters, of), figures_of(rankings["fused"])

    for trial, (of, report, shares) in zip(trials, _each(trials, one), strict=True):
        kept[trial.attribute], figures[trial.attribute] = of, report
        columns.append(shares)
    groups = None if clusters is None else np.asarray(clusters, np.int32)
    return _Measured(figures, Detail(ids, kept, groups), _over_all(trials, columns, clusters))


def _each(trials: Sequence[Trial], work: Callable[[Trial], _T]) -> Iterator[_T]:
    """What comes of each trial, in their order; several are worked on at once."""
    small = all(len(trial.candidates) <= SMALL for trial in trials)
    with ThreadPoolExecutor(THREADS if small else 1) as pool:
        yield from pool.map(work, trials)


def _over_all(
    trials: Sequence[Trial], columns: Sequence[Mapping[str, np.ndarray]], clusters: np.ndarray | None
) -> dict[str, tuple[float, float]]:
    """Intervals of the means over the queries of all attributes; an item that is asked for several counts together."""
    if not trials:
        return {}
    items = np.concatenate([trial.queries for trial in trials])
    together = {name: np.concatenate([column[name] for column in columns]) for name in columns[0]}
    return intervals_of(together, items if clusters is None else clusters[items])


def _report(
    catalog: Catalog,
    found: _Measured,
    measured: Embedded | Features,
    sampling: Sampling,
    title: str,
) -> Report:
    precision = {name: one.ap for name, one in found.detail.attributes.items()}
    short = shortages(catalog, precision, list(found.figures), sampling)
    return Report(
        title=title or f"{measured.method} on {catalog.name}",
        method=measured.method,
        overall={**overall(found.figures), "intervals": found.intervals},
        attributes=found.figures,
        catalog={
            "name": catalog.name,
            "digest": catalog.digest,
            "items": len(catalog),
            "splits": sorted({item.split for item in catalog.items if item.split}),
        },
        protocol={**sampling.record, "ranking": "exact", "overall": "query-weighted mean over the attributes"},
        seed=sampling.seed if sampling.trials is None else None,
        versions=_versions(),
        warnings=[*_warnings(catalog, measured.usable), *map(str, short)],
        shortages=[one.to_dict() for one in short],
        detail=found.detail,
    )


def _versions() -> dict[str, str]:
    """Python, machine, and the libraries that figures depend on."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for library in LIBRARIES:
        with suppress(importlib.metadata.PackageNotFoundError):
            found[library] = importlib.metadata.version(library)
    return found


def _warnings(catalog: Catalog, usable: np.ndarray | None) -> list[str]:
    unreadable = 0 if usable is None else int((~usable).sum())
    left_out = [f"images that cannot be read, and are left out: {unreadable}"] if unreadable else []
    return [*left_out, *catalog.warnings]
