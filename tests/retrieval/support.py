"""Small catalogs of noise, and an embedder for tests that are about tables and searches, not about embeddings."""

import csv
import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from catalog import Attribute, Catalog, Item, load_catalog
from model import CROP, GENERAL, OF_IMAGE, REGION, Calibrated, Column, MatchMap, Section, Seen
from retrieval import export_table, open_engine
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
    """Embeds an image as unit vectors from a generator seeded by its pixels and the attribute; notes its work.

    mixes: by attribute, share of each view, where it is not region and crop. matches and seen: by attribute, where it has
    one.
    """

    device = "cpu"
    batch_size, readers, processes = 1, 3, 0

    def __init__(
        self,
        attributes: tuple[str, ...] = ("color", "pattern", "neck"),
        dim: int = 4,
        digest: str = "w",
        mixes: dict[str, dict[str, float]] | None = None,
        matches: dict[str, MatchMap] | None = None,
        seen: dict[str, Seen] | None = None,
    ) -> None:
        self.attributes = list(attributes)
        self.dim = dim
        self.mixes, self.matches, self.seen = mixes or {}, matches or {}, seen or {}
        self.digest = hashlib.sha256(digest.encode()).hexdigest()
        self.embedded: list[tuple[bytes, str]] = []

    def derivation(self, attribute):
        self.check([attribute])
        beta = 0.25 if attribute == "color" else 0.5
        mix = self.mixes.get(attribute) or {REGION: beta, CROP: 1 - beta}
        needs = tuple(Column("" if view == GENERAL else attribute, view) for view in mix)
        sections = tuple(Section(column.view, self.width(column)) for column in needs)
        return Calibrated(needs, sections, mix, None, attribute, self.matches.get(attribute), self.seen.get(attribute))

    def width(self, column):
        return self.dim - 1 if column.view == GENERAL else self.dim

    def check(self, attributes):
        unknown = [name for name in attributes if name not in self.attributes]
        if unknown:
            raise RetrievalError(
                f"these weights do not know the attribute '{unknown[0]}'; they know: color, pattern, neck"
            )

    def embed(self, images, columns, progress=None):
        self.check(column.attribute for column in columns if column.view not in OF_IMAGE)
        out = []
        for image in images:
            pixels = image.tobytes()
            out.append(np.concatenate([self._vector(pixels, column) for column in columns]))
            self.embedded += [(pixels, name) for name in dict.fromkeys(name for name, _ in columns)]
            if progress is not None:
                progress(len(out))
        return np.array(out, np.float16).reshape(len(out), sum(map(self.width, columns)))

    def _vector(self, pixels: bytes, column: Column) -> np.ndarray:
        seed = int.from_bytes(hashlib.sha256(pixels + "/".join(column).encode()).digest()[:8], "big")
        return unit_rows(np.random.default_rng(seed).standard_normal(self.width(column)))


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def pairs_of(attributes: list[str]) -> list[Column]:
    """The region and crop columns of some attributes, in their order."""
    return [Column(name, view) for name in attributes for view in (REGION, CROP)]


def attributes_of(table: EmbeddingTable) -> list[str]:
    """Attributes that a table has columns of, in order."""
    return list(dict.fromkeys(name for name, _, _ in table.manifest.columns))


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


def ship(catalog: Catalog, embedder: HashEmbedder, folder: Path, attributes: list[str] | None = None) -> EmbeddingTable:
    """Embed a catalog in a home of its own, and write the table of it."""
    names = embedder.attributes if attributes is None else attributes
    return export_table(open_engine(catalog, embedder, folder.with_name(f"{folder.name}-home"), names), folder, names)
