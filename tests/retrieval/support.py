"""Small catalogs of noise, and an embedder for tests that are about tables and searches, not about embeddings."""

import csv
import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from catalog import Attribute, Catalog, Item, load_catalog
from model import CROP, REGION, Calibrated, Column, Section
from retrieval.errors import RetrievalError
from retrieval.table import EmbeddingTable, Manifest

COLORS = ("blue", "green", "red")


def noise_catalog(folder: Path, items: int, seed: int = 0) -> Catalog:
    """Items with a noise image, a color (blank for every fifth) and a title; split test for every second."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    with (folder / "catalog.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "image", "split", "color", "title"])
        for row in range(items):
            Image.fromarray(rng.integers(0, 256, (9, 8, 3), np.uint8)).save(folder / f"{row}.png")
            color = "" if row % 5 == 4 else COLORS[row % 3]
            writer.writerow([f"item-{row}", f"{row}.png", ("test", "train")[row % 2], color, f"title {row % 4}"])
    return load_catalog(folder)


def made_up_catalog(items: int) -> Catalog:
    """Items without image files: colors and splits as in `noise_catalog`, for searches of many items."""
    rows = []
    for row in range(items):
        labels = {} if row % 5 == 4 else {"color": COLORS[row % 3]}
        split = ("test", "train")[row % 2]
        rows.append(Item(f"item-{row}", "", split, labels, {"title": f"title {row % 4}"}))
    return Catalog(Path("made up"), "made up", tuple(rows), (Attribute("color", COLORS),))


class HashEmbedder:
    """Embeds an image as unit vectors from a generator seeded by its pixels and the attribute; notes its work."""

    device = "cpu"

    def __init__(
        self, attributes: tuple[str, ...] = ("color", "pattern", "neck"), dim: int = 4, digest: str = "w"
    ) -> None:
        self.attributes = list(attributes)
        self.dim = dim
        self.digest = hashlib.sha256(digest.encode()).hexdigest()
        self.embedded: list[tuple[bytes, str]] = []

    def derivation(self, attribute):
        self.check([attribute])
        beta = 0.25 if attribute == "color" else 0.5
        mix = {REGION: beta, CROP: 1 - beta}
        needs = tuple(Column(attribute, view) for view in mix)
        return Calibrated(needs, tuple(Section(view, self.dim) for view in mix), mix, None, attribute)

    def width(self, column):
        return self.dim

    def check(self, attributes):
        unknown = [name for name in attributes if name not in self.attributes]
        if unknown:
            raise RetrievalError(
                f"these weights do not know the attribute '{unknown[0]}'; they know: color, pattern, neck"
            )

    def embed(self, images, columns, progress=None):
        self.check(column.attribute for column in columns)
        out = []
        for image in images:
            pixels = image.tobytes()
            out.append([self._vector(pixels, name)[(REGION, CROP).index(view)] for name, view in columns])
            self.embedded += [(pixels, name) for name in dict.fromkeys(name for name, _ in columns)]
            if progress is not None:
                progress(len(out))
        return np.array(out, np.float16).reshape(len(out), len(columns) * self.dim)

    def _vector(self, pixels: bytes, name: str) -> np.ndarray:
        seed = int.from_bytes(hashlib.sha256(pixels + name.encode()).digest()[:8], "big")
        return unit_rows(np.random.default_rng(seed).standard_normal((2, self.dim)))


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def table_of(catalog: Catalog, embedder: HashEmbedder, vectors: np.ndarray, attributes: list[str]) -> EmbeddingTable:
    """A table in memory from float arrays (items, attributes, 2, D)."""
    stored = vectors.astype(np.float16).reshape(len(vectors), -1)
    manifest = Manifest(
        weights=embedder.digest,
        catalog=catalog.digest,
        columns=[(name, view, vectors.shape[-1]) for name in attributes for view in (REGION, CROP)],
        ids=[item.id for item in catalog.items],
        images=[str(row) for row in range(len(catalog))],
        file="embeddings.npy",
        sha256=hashlib.sha256(stored.tobytes()).hexdigest(),
    )
    return EmbeddingTable(stored, manifest)
