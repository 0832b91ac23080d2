"""Evaluations: a labelled catalog and its embeddings in, a report out."""

import importlib.metadata
import platform
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from catalog import Catalog
from eval.errors import EvalError
from eval.protocol import Scorer, Trial, global_scorer, rank, rpf_scorer, seeded_trials
from eval.report import Report, attribute_report, overall

LIBRARIES = ("numpy", "pillow", "torch", "torchvision", "timm")


def evaluate(
    catalog: Catalog,
    vectors: np.ndarray,
    attributes: Sequence[str],
    beta_of: Callable[[str], float],
    queries: float = 0.2,
    seed: int = 0,
    usable: np.ndarray | None = None,
    trials: Sequence[Trial] | None = None,
    title: str = "",
    method: str = "RPF",
    only: int | None = None,
) -> Report:
    """Exact evaluation of embeddings on a labelled catalog: fused, region only, patch only, and chance.

    vectors: (items, attributes, 2, D), region and patch, items in catalog order, attributes as in `attributes`; those
    that the catalog has no labels for are passed over. beta_of: share of the region cosine for an attribute. queries,
    seed: as for `seeded_trials`, unless `trials` are given. usable: bool (items,). only: 0 or 1 where a method gives but
    one of each pair; its ranking is then the fused one, and there is none by branch. EvalError when there is nothing to
    compare, or the embeddings are not of this catalog.
    """
    names = list(attributes)
    if vectors.shape[:2] != (len(catalog), len(names)):
        raise EvalError(f"embeddings of shape {vectors.shape} are not those of {len(catalog)} items; embed again")

    def scorer(attribute: str) -> Scorer:
        own = np.asarray(vectors[:, names.index(attribute)])
        return rpf_scorer(own, beta_of(attribute)) if only is None else global_scorer(own[:, only])

    if trials is not None:
        return _report(catalog, trials, scorer, usable, title, method, {"queries": "published"}, None, beta_of)
    labelled = [attribute.name for attribute in catalog.attributes if attribute.name in names]
    trials = seeded_trials(catalog, labelled, queries, seed, usable)
    return _report(catalog, trials, scorer, usable, title, method, {"queries": queries}, seed, beta_of)


def evaluate_global(
    catalog: Catalog,
    features: np.ndarray,
    attributes: Iterable[str],
    queries: float = 0.2,
    seed: int = 0,
    usable: np.ndarray | None = None,
    title: str = "",
    method: str = "global similarity",
) -> Report:
    """As `evaluate`, for one vector an image, (items, D): cosine after the mean of the usable items is taken off, the
    same ranking whatever the attribute. The queries are those that `evaluate` asks with the same share and seed.
    """
    kept = features if usable is None else features[usable]
    if not len(kept):
        raise EvalError("no image of the catalog can be read; run `python -m catalog check` on it")
    scorer = global_scorer(features.astype(np.float64) - kept.astype(np.float64).mean(axis=0))
    trials = seeded_trials(catalog, list(attributes), queries, seed, usable)
    return _report(catalog, trials, lambda _: scorer, usable, title, method, {"queries": queries}, seed)


def _report(
    catalog: Catalog,
    trials: Sequence[Trial],
    scorer: Callable[[str], Scorer],
    usable: np.ndarray | None,
    title: str,
    method: str,
    protocol: dict[str, Any],
    seed: int | None,
    beta_of: Callable[[str], float] | None = None,
) -> Report:
    ids = [item.id for item in catalog.items]
    reports = {}
    for trial in trials:
        beta = beta_of(trial.attribute) if beta_of is not None else None
        rankings = rank(trial, scorer(trial.attribute))
        reports[trial.attribute] = attribute_report(trial, rankings, ids, beta)
    return Report(
        title=title or f"{method} on {catalog.name}",
        method=method,
        overall=overall(reports),
        attributes=reports,
        catalog={
            "name": catalog.name,
            "digest": catalog.digest,
            "items": len(catalog),
            "splits": sorted({item.split for item in catalog.items if item.split}),
        },
        protocol={**protocol, "ranking": "exact", "overall": "query-weighted mean over the attributes"},
        seed=seed,
        versions=_versions(),
        warnings=_warnings(catalog, usable),
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
