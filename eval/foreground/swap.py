"""Background swap: how far an embedding, and the ranking by it, move when only the background changes."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL import Image

from catalog import Catalog
from eval.baseline import GlobalFeatures
from eval.errors import EvalError
from eval.readable import readable
from retrieval import Embedder

K = 10


def read_pairs(plain: Catalog, swapped: Catalog) -> tuple[list[Image.Image], list[Image.Image], dict[str, np.ndarray]]:
    """The images of a catalog, those of the same items in a second one, and for each attribute which items show it.

    Items of which either image cannot be read are left out, and said. EvalError when the items are not the same.
    """
    if [item.id for item in plain] != [item.id for item in swapped]:
        raise EvalError(f"{plain.name} and {swapped.name} hold other items; draw both with the same --seed and --items")
    sound = [{item.id for item in readable(catalog)} for catalog in (plain, swapped)]
    plain, swapped = (
        replace(catalog, items=tuple(item for item in catalog if item.id in sound[0] & sound[1]))
        for catalog in (plain, swapped)
    )
    before, after = ([catalog.open(item) for item in catalog] for catalog in (plain, swapped))
    return before, after, {a.name: plain.labels(a.name) >= 0 for a in plain.attributes}


def swap(
    before: Sequence[Image.Image],
    after: Sequence[Image.Image],
    showing: dict[str, np.ndarray],
    embedder: Embedder,
    features: GlobalFeatures,
) -> dict[str, dict[str, float]]:
    """Cosine and top-10 overlap for each attribute, fused and, beside it, for global similarity (mean-centred), and by chance.

    before, after: N images each, pairwise the same garment. showing: attribute → bool (N,), the items that count. The
    gallery of an attribute are its unswapped items but for the query's own. EvalError when fewer than k + 2 show it.
    """
    names = list(showing)
    old, new = (embedder.vectors(images, names) for images in (before, after))
    plain, swapped = (features.embed(images).astype(np.float64) for images in (before, after))
    centre = plain.mean(axis=0)
    found = {}
    for name in names:
        rows = showing[name]
        if rows.sum() < K + 2:
            raise EvalError(f"only {rows.sum()} items show '{name}'; give at least {K + 2}")
        shares = embedder.shares(name) ** 0.5
        cosine, overlap = stability(shares * old[name][rows], shares * new[name][rows])
        cosine_global, overlap_global = stability(unit(plain[rows] - centre), unit(swapped[rows] - centre))
        found[name] = {
            "items": float(rows.sum()),
            "cosine": cosine,
            "overlap": overlap,
            "cosine_global": cosine_global,
            "overlap_global": overlap_global,
            "overlap_chance": K / (float(rows.sum()) - 1),
        }
    return found


def stability(before: np.ndarray, after: np.ndarray, k: int = K) -> tuple[float, float]:
    """Mean cosine of each item with itself, and mean share of its k nearest others that stay: unit vectors (N, D).

    The others are always the unswapped ones.
    """
    tops = []
    for queries in (before, after):
        scores = queries @ before.T
        np.fill_diagonal(scores, -np.inf)
        tops.append(np.argsort(-scores, axis=1, kind="stable")[:, :k])
    shared = [len(np.intersect1d(one, other)) / k for one, other in zip(*tops, strict=True)]
    return float((before * after).sum(1).mean()), float(np.mean(shared))


def unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
