"""Evaluations: a labelled catalog and its embeddings in, a report out."""

import importlib.metadata
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from catalog import Catalog
from eval.detail import Detail
from eval.errors import EvalError
from eval.protocol import Scorer, Trial, global_scorer, rank, sections_scorer, seeded_trials
from eval.report import (
    AttributeReport,
    Report,
    asked,
    attribute_report,
    intervals_of,
    overall,
    query_figures,
    ranks_kept,
)
from eval.sweeps import sweep
from model import Section
from retrieval import Embeds, chosen_mix

LIBRARIES = ("numpy", "pillow", "torch", "torchvision", "timm")


@dataclass(frozen=True)
class Compared:
    """What the items of a catalog are compared by for one attribute.

    vectors: derived ones (items, width), in catalog order; sections: what they are made of; mix: share
    of each section in the score.
    """

    vectors: np.ndarray
    sections: Sequence[Section]
    mix: Mapping[str, float]


@dataclass(frozen=True)
class Embedded:
    """Embeddings of a catalog, as one method gives them.

    usable: bool (items,), False for images that cannot be read; None is all. clusters: int (items,),
    the near-duplicates that each item is one of, whose queries count together in intervals; None: each
    item is its own.
    """

    attributes: Mapping[str, Compared]
    usable: np.ndarray | None = None
    method: str = "RPF"
    clusters: np.ndarray | None = None


def compared(
    embedder: Embeds, vectors: Mapping[str, np.ndarray], beta: float | None = None, gamma: float | None = None
) -> dict[str, Compared]:
    """By attribute, from derived vectors that an embedder gives; beta, gamma: as `retrieval.Query` has them."""
    found = {}
    for name, own in vectors.items():
        derivation = embedder.derivation(name)
        found[name] = Compared(own, derivation.sections, chosen_mix(derivation.mix, beta, gamma))
    return found


@dataclass(frozen=True)
class Features:
    """One vector an image, whatever the attribute: (items, D) in catalog order; usable, clusters: as in `Embedded`."""

    vectors: np.ndarray
    usable: np.ndarray | None = None
    method: str = "global similarity"
    clusters: np.ndarray | None = None


@dataclass(frozen=True)
class Sampling:
    """Who is asked: a share of each attribute's labelled items, chosen by a seed, or trials that are given.

    alone: up to how many labelled items an attribute is asked by leaving one out, each item all others,
    in place of a share of so few; 0 is never.
    """

    queries: float = 0.2
    seed: int = 0
    trials: Sequence[Trial] | None = None
    alone: int = 0

    def of(self, catalog: Catalog, attributes: Sequence[str], usable: np.ndarray | None) -> Sequence[Trial]:
        """The trials; EvalError for a share outside 0 to 1."""
        if self.trials is not None:
            return self.trials
        return seeded_trials(catalog, attributes, self.queries, self.seed, usable, self.alone)

    @property
    def record(self) -> dict[str, Any]:
        """What a report says of it."""
        known = {"queries": self.queries if self.trials is None else "published"}
        return known | ({"leave_one_out_up_to": self.alone} if self.alone and self.trials is None else {})


STANDARD = Sampling()


Progress = Callable[[int, int], object]
"""Hears how many queries of how many are done."""
Stop = Callable[[], bool]
"""Says whether to stop."""


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
        swept = {t.attribute: _swept(t, embedded.attributes[t.attribute], grid, stop) for t in trials}
        figures = {name: replace(one, sweeps=swept[name]) for name, one in measured.figures.items()}
        measured = replace(measured, figures=figures)
    return _report(catalog, measured, embedded, sampling, title)


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
    vectors = features.vectors.astype(np.float64)
    kept = vectors if features.usable is None else vectors[features.usable]
    if not len(kept):
        raise EvalError("no image of the catalog can be read; run `python -m catalog check` on it")
    scorer = global_scorer(vectors - kept.mean(axis=0))
    trials = sampling.of(catalog, list(attributes), features.usable)
    measured = _measured(catalog, trials, lambda _: scorer, None, features.clusters, progress, stop)
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
    done, total = 0, sum(len(trial.queries) for trial in trials)

    def advance(queries: int) -> None:
        nonlocal done
        done += queries
        if progress is not None:
            progress(done, total)

    for trial in trials:
        name = trial.attribute
        rankings = rank(trial, scorer(name), advance, stop, ranks_kept(len(trial.queries)))
        figures[name] = attribute_report(trial, rankings, ids, mixes[name] if mixes is not None else None, clusters)
        kept[name] = asked(trial, rankings, len(ids))
        columns.append(query_figures(rankings["fused"]))
    return _Measured(figures, Detail(ids, kept), _over_all(trials, columns, clusters))


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
        warnings=_warnings(catalog, measured.usable),
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
