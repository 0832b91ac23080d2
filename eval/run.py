"""Evaluations: a labelled catalog and its embeddings in, a report out."""

import importlib.metadata
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from catalog import Catalog
from eval.errors import EvalError
from eval.protocol import Scorer, Trial, global_scorer, rank, sections_scorer, seeded_trials
from eval.report import AttributeReport, Report, attribute_report, overall
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

    usable: bool (items,), False for images that cannot be read; None is all.
    """

    attributes: Mapping[str, Compared]
    usable: np.ndarray | None = None
    method: str = "RPF"


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
    """One vector an image, whatever the attribute: (items, D) in catalog order; usable: as in `Embedded`."""

    vectors: np.ndarray
    usable: np.ndarray | None = None
    method: str = "global similarity"


@dataclass(frozen=True)
class Sampling:
    """Who is asked: a share of each attribute's labelled items, chosen by a seed, or trials that are given."""

    queries: float = 0.2
    seed: int = 0
    trials: Sequence[Trial] | None = None

    def of(self, catalog: Catalog, attributes: Sequence[str], usable: np.ndarray | None) -> Sequence[Trial]:
        """The trials; EvalError for a share outside 0 to 1."""
        if self.trials is not None:
            return self.trials
        return seeded_trials(catalog, attributes, self.queries, self.seed, usable)

    @property
    def record(self) -> dict[str, Any]:
        """What a report says of it."""
        return {"queries": self.queries if self.trials is None else "published"}


STANDARD = Sampling()


def evaluate(catalog: Catalog, embedded: Embedded, sampling: Sampling = STANDARD, title: str = "") -> Report:
    """Exact evaluation of embeddings on a labelled catalog: fused, each section alone, and chance.

    Attributes that the catalog has no labels for are passed over. Where there is one section, its
    ranking is the fused one, and there is none by section. EvalError when there is nothing to compare,
    or the embeddings are not of this catalog.
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
    figures = _figures(catalog, trials, scorer, mixes)
    return _report(catalog, figures, embedded, sampling, title)


def evaluate_global(
    catalog: Catalog,
    features: Features,
    attributes: Iterable[str],
    sampling: Sampling = STANDARD,
    title: str = "",
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
    return _report(catalog, _figures(catalog, trials, lambda _: scorer), features, sampling, title)


def _figures(
    catalog: Catalog,
    trials: Sequence[Trial],
    scorer: Callable[[str], Scorer],
    mixes: Mapping[str, Mapping[str, float]] | None = None,
) -> dict[str, AttributeReport]:
    """Figures of each trial's attribute."""
    ids = [item.id for item in catalog.items]
    found = {}
    for trial in trials:
        mix = mixes[trial.attribute] if mixes is not None else None
        rankings = rank(trial, scorer(trial.attribute))
        found[trial.attribute] = attribute_report(trial, rankings, ids, mix)
    return found


def _report(
    catalog: Catalog,
    figures: dict[str, AttributeReport],
    measured: Embedded | Features,
    sampling: Sampling,
    title: str,
) -> Report:
    return Report(
        title=title or f"{measured.method} on {catalog.name}",
        method=measured.method,
        overall=overall(figures),
        attributes=figures,
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
