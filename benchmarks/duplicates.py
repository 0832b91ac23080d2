"""`python -m benchmarks.duplicates`: from which cosine two pictures are one, on pictures whose
copies are known.

Pictures of a catalog are saved again, made smaller, cut, lit otherwise and mirrored, and embedded
by the general view. A threshold is right where it finds the copies and joins few pictures that are
not of one another.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import tyro
from PIL import Image, ImageEnhance, ImageOps

from catalog import Catalog, CatalogError, load_catalog
from common import environment
from common.files import sha256_of
from eval import EvalError, near_duplicates, save_json
from model import GENERAL, Column, ModelError, load
from retrieval import Embedder, EngineOptions, RetrievalError, open_engine

FORMAT = "lapel-duplicates/1"
THRESHOLDS = (0.80, 0.85, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)
_GENERAL = Column("", GENERAL)


def saved(image: Image.Image, quality: int) -> Image.Image:
    """As JPEG of a quality, and back."""
    buffer = BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=quality)
    return Image.open(BytesIO(buffer.getvalue())).convert("RGB")


def smaller(image: Image.Image, share: float) -> Image.Image:
    return image.resize(
        (max(1, round(image.width * share)), max(1, round(image.height * share))), Image.Resampling.LANCZOS
    )


def cut(image: Image.Image, share: float) -> Image.Image:
    """A share of the width and the height taken off on each side."""
    across, down = round(image.width * share), round(image.height * share)
    return image.crop((across, down, image.width - across, image.height - down))


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "JPEG 50": lambda image: saved(image, 50),
    "half the size": lambda image: saved(smaller(image, 0.5), 85),
    "a quarter of the size": lambda image: saved(smaller(image, 0.25), 85),
    "2 % cut off each side": lambda image: cut(image, 0.02),
    "5 % cut off each side": lambda image: cut(image, 0.05),
    "10 % cut off each side": lambda image: cut(image, 0.10),
    "15 % brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.15),
    "mirrored": ImageOps.mirror,
}


@dataclass(frozen=True)
class Options:
    """Compare copies of pictures with pictures of other garments."""

    catalog: tyro.conf.UseAppendAction[tuple[str, ...]]
    """Catalog with images; repeat for several."""
    split: str = "test"
    """Split whose pictures are compared; all takes every one."""
    pictures: int = 80
    """Pictures that are copied, drawn by seed 0."""
    weights: str = field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    home: Path = field(default_factory=environment.home)
    """Where embeddings are kept."""
    out: Path | None = None
    """Write the result to this file."""


def measured(catalog: Catalog, embedder: Embedder, options: Options) -> dict[str, Any]:
    """What a catalog tells of the thresholds."""
    catalog = catalog if options.split == "all" else catalog.split(options.split)
    engine = open_engine(catalog, embedder, options.home, [], options=EngineOptions(columns=[_GENERAL]))
    engine.close()
    rows = np.flatnonzero(engine.readable)
    vectors = _unit(engine.table.column(_GENERAL)[rows])
    items = [catalog.items[row] for row in rows]
    digests = [sha256_of(catalog.path(item)) for item in items]
    chosen = np.sort(np.random.default_rng(0).permutation(len(items))[: options.pictures])
    copies: dict[str, np.ndarray] = {}
    for name, make in COPIES.items():
        print(name, file=sys.stderr)
        embedded = embedder.embed((make(catalog.open(items[place])) for place in chosen), [_GENERAL])
        copies[name] = (vectors[chosen] * _unit(embedded)).sum(1)
    nearest = _nearest(vectors, digests)
    return {
        "pictures": len(items),
        "copied": len(chosen),
        "same_file": len(digests) - len(set(digests)),
        "nearest_other": {
            str(share): round(float(np.quantile(nearest, share)), 4) for share in (0.5, 0.9, 0.95, 0.99, 1)
        },
        "copies": {
            name: {
                "least": round(float(found.min()), 4),
                "tenth": round(float(np.quantile(found, 0.1)), 4),
                "found": {str(one): round(100 * float((found >= one).mean()), 1) for one in THRESHOLDS},
            }
            for name, found in copies.items()
        },
        "joined": {str(one): _joined(near_duplicates(vectors, one, digests), digests) for one in THRESHOLDS},
    }


def _unit(vectors: np.ndarray) -> np.ndarray:
    rows = vectors.astype(np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def _nearest(vectors: np.ndarray, digests: list[str]) -> np.ndarray:
    """Cosine of each picture and the one nearest to it that is another file, (pictures,)."""
    names = np.unique(digests, return_inverse=True)[1]
    found = []
    for start in range(0, len(vectors), 500):
        cosines = vectors[start : start + 500] @ vectors.T
        cosines[names[start : start + 500, None] == names[None]] = -1
        found.append(cosines.max(axis=1))
    return np.concatenate(found)


def _joined(groups: np.ndarray, digests: list[str]) -> dict[str, int]:
    """Groups, pictures of other files that are in a group with another, and the largest group."""
    files = [len({digests[place] for place in np.flatnonzero(groups == group)}) for group in range(groups.max() + 1)]
    return {
        "groups": len(files),
        "joined": sum(count for count in files if count > 1),
        "largest": int(np.bincount(groups).max()),
    }


def as_text(name: str, made: dict[str, Any]) -> str:
    lines = [f"{name}: {made['pictures']} pictures, {made['same_file']} of them the same file as another"]
    lines.append(f"{'threshold':24}" + "".join(f"{one:>7.2f}" for one in THRESHOLDS))
    shares = {
        copy: [f"{found['found'][str(one)]:>7.1f}" for one in THRESHOLDS] for copy, found in made["copies"].items()
    }
    counts = {key: [f"{made['joined'][str(one)][key]:>7}" for one in THRESHOLDS] for key in ("joined", "largest")}
    lines += [f"{key:24}" + "".join(cells) for key, cells in (shares | counts).items()]
    return "\n".join(lines)


def main() -> int:
    options = tyro.cli(Options, prog="python -m benchmarks.duplicates")
    try:
        embedder = Embedder(load(options.weights), options.device)
        catalogs = {Path(source).name: load_catalog(source, options.home) for source in options.catalog}
        found = {name: measured(catalog, embedder, options) for name, catalog in catalogs.items()}
    except (CatalogError, EvalError, ModelError, RetrievalError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.out is not None:
        save_json({"format": FORMAT, "thresholds": THRESHOLDS, "catalogs": found}, options.out)
    print("\n\n".join(as_text(name, made) for name, made in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
