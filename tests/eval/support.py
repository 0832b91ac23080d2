"""A labelled catalog of noise, and embeddings that follow its labels more or less closely."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from catalog import Catalog, load_catalog
from eval import Compared, Embedded
from model import Section
from tests.catalog.support import write_catalog

COLORS = ("blue", "green", "red")
FITS = ("loose", "slim")


def labelled_catalog(folder: Path, items: int = 60, seed: int = 0) -> Catalog:
    """Color on most items, fit on half; every third item is in the split train, the rest in test."""
    rng = np.random.default_rng(seed)
    rows = [
        {
            "id": f"i{row}",
            "image": f"{row}.png",
            "split": "train" if row % 3 == 0 else "test",
            "color": "" if rng.random() < 0.2 else str(rng.choice(COLORS)),
            "fit": "" if rng.random() < 0.5 else str(rng.choice(FITS)),
        }
        for row in range(items)
    ]
    return load_catalog(write_catalog(folder, rows))


def vectors_of(
    catalog: Catalog, attributes: list[str], noise: tuple[float, float] = (0.4, 1.0), dim: int = 6
) -> np.ndarray:
    """(items, attributes, 2, dim): a direction for each value, with noise of its own for region and for patch."""
    rng = np.random.default_rng(1)
    out = np.zeros((len(catalog), len(attributes), 2, dim))
    for axis, name in enumerate(attributes):
        centres = rng.standard_normal((len(catalog.attribute(name).values) + 1, dim))
        for branch, strength in enumerate(noise):
            out[:, axis, branch] = centres[catalog.labels(name)] + strength * rng.standard_normal((len(catalog), dim))
    return out / np.linalg.norm(out, axis=-1, keepdims=True)


def embedded(
    vectors: np.ndarray,
    names: Sequence[str],
    beta_of: Callable[[str], float],
    usable: np.ndarray | None = None,
    only: int | None = None,
) -> Embedded:
    """What `evaluate` takes, of vectors (items, attributes, 2, dim): sections region and crop, mixed by β, or one alone."""
    items, _, _, dim = vectors.shape
    sections = [Section(name, dim, True) for name in ("region", "crop")]
    found = {}
    for axis, name in enumerate(names):
        if only is None:
            beta = beta_of(name)
            rows, mix = vectors[:, axis].reshape(items, 2 * dim), {"region": beta, "crop": 1 - beta}
            found[name] = Compared(rows, sections, mix)
        else:
            found[name] = Compared(vectors[:, axis, only], [sections[only]], {sections[only].name: 1.0})
    return Embedded(found, usable)
