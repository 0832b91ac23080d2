"""The embedding table on disk: raw float16 embeddings of items, and the manifest that vouches for them."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from catalog import Catalog
from common.files import replacing, sha256_of
from model import Column
from retrieval.errors import RetrievalError
from retrieval.interfaces import slices

FORMAT = "lapel-table/2"
MANIFEST = "manifest.json"
MISSING = "missing"
PREPROCESSING = "2"
"""Version of what happens between the bytes of an image and the network; a change makes every table stale."""

_BLOCK = 1 << 24
_EXPONENT = 0x7C00  # of float16: all ones in infinities and NaN


@dataclass(frozen=True)
class Manifest:
    """What a table is: `ids` and `images` (SHA-256 of each image file, first 128 bits) are in catalog order.

    `weights` is the digest of what embeds (`Embeds.digest`): weights that give the same raw embeddings share it.
    `columns`: attribute, view and width of each column, in order (`model.Column`).
    `unreadable` maps ids of items without embedding (rows of zeros) to what is wrong with their images. `file` is the
    data file beside the manifest and `sha256` its digest.
    """

    weights: str
    catalog: str
    columns: list[tuple[str, str, int]]
    ids: list[str]
    images: list[str]
    file: str
    sha256: str
    unreadable: dict[str, str] = field(default_factory=dict)
    preprocessing: str = PREPROCESSING
    format: str = FORMAT


class EmbeddingTable:
    """Raw embeddings of a catalog, memory-mapped; made by `EmbeddingTable.open` or `retrieval.build.build_table`."""

    def __init__(self, vectors: np.ndarray, manifest: Manifest) -> None:
        """vectors: float16 (items, sum of widths), unit embeddings, the columns of the manifest side by side."""
        self.vectors = vectors
        widths = {Column(attribute, view): width for attribute, view, width in manifest.columns}
        self.places = slices(list(widths), widths)
        self.manifest = manifest
        self.readable = np.array([id not in manifest.unreadable for id in manifest.ids], bool)

    def __len__(self) -> int:
        return len(self.manifest.ids)

    def has(self, columns: Iterable[Column]) -> bool:
        return all(column in self.places for column in columns)

    def column(self, column: Column) -> np.ndarray:
        """Raw embeddings of one column, (items, width)."""
        return self.vectors[:, self.places[column]]

    @property
    def ids(self) -> list[str]:
        return self.manifest.ids

    @classmethod
    def open(cls, folder: str | Path, weights: str | None = None, catalog: str | None = None) -> "EmbeddingTable":
        """Open a table folder.

        `weights` and `catalog`: digests that it has to be made from (None: any). RetrievalError when it is missing,
        made from something else, or damaged in any way: the digest of the data, its shape, and NaN are checked.
        """
        folder = Path(folder)
        manifest = read_manifest(folder)
        for what, found, wanted in (
            ("other weights", manifest.weights, weights),
            ("another catalog", manifest.catalog, catalog),
            ("another preprocessing", manifest.preprocessing, PREPROCESSING),
        ):
            if wanted is not None and found != wanted:
                raise RetrievalError(f"the table in {folder} is of {what}; it has to be built again")
        try:
            found = sha256_of(folder / manifest.file)
        except OSError as error:
            raise _damaged(folder, error) from error
        if found != manifest.sha256:
            raise _damaged(folder, "its digest is not the one in the manifest")
        return cls.read(folder, manifest)

    @classmethod
    def read(cls, folder: Path, manifest: Manifest) -> "EmbeddingTable":
        """The table that a manifest names, whose digest was checked; RetrievalError for another shape, and for NaN."""
        try:
            vectors = np.load(folder / manifest.file, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise _damaged(folder, error) from error
        shape = (len(manifest.ids), sum(width for _, _, width in manifest.columns))
        if vectors.shape != shape or vectors.dtype != np.float16:
            raise _damaged(folder, f"{vectors.dtype} of shape {vectors.shape}, not float16 of {shape}")
        if not finite(vectors):
            raise _damaged(folder, "it holds numbers that are not finite")
        return cls(vectors, manifest)


def _damaged(folder: Path, reason: object) -> RetrievalError:
    return RetrievalError(f"the table in {folder} is damaged ({reason}); it has to be built again")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a table folder; RetrievalError when there is none or it is not well-formed."""
    try:
        stored = json.loads((folder / MANIFEST).read_text("utf-8"))
        if isinstance(stored, dict) and stored.get("format", FORMAT) != FORMAT:
            raise RetrievalError(f"the table in {folder} is of another format than {FORMAT}; it has to be built again")
        manifest = Manifest(**stored)
    except RetrievalError:
        raise
    except FileNotFoundError as error:
        raise RetrievalError(f"no embedding table in {folder}") from error
    except (OSError, ValueError, TypeError) as error:
        raise RetrievalError(f"the manifest in {folder} is damaged ({error})") from error
    lists = (manifest.ids, manifest.images)
    if (
        Path(str(manifest.file)).name != manifest.file
        or not all(isinstance(names, list) and all(isinstance(name, str) for name in names) for names in lists)
        or not _are_columns(manifest.columns)
        or len(set(manifest.ids)) != len(manifest.ids)
        or len(manifest.ids) != len(manifest.images)
        or not isinstance(manifest.unreadable, dict)
    ):
        raise RetrievalError(f"the manifest in {folder} is damaged: it is not well-formed")
    return manifest


def _are_columns(columns: Any) -> bool:
    try:
        names = [(str(attribute), str(view)) for attribute, view, width in columns if int(width) > 0]
    except (TypeError, ValueError):
        return False
    return len(names) == len(columns) == len(set(names))


def write_manifest(folder: Path, manifest: Manifest, began: float | None = None) -> None:
    """Make `manifest` the one of the folder, in one step: a reader sees the old table or the new one.

    began: seconds since the epoch at which the first image was read. It becomes the time of the file, since what was
    changed later is in doubt (`changed_images`).
    """
    with replacing(folder / MANIFEST) as new:
        new.write_text(json.dumps(asdict(manifest), indent=1, ensure_ascii=False), "utf-8")
        if began is not None:
            os.utime(new, (began, began))


def changed_images(catalog: Catalog, folder: Path, manifest: Manifest) -> list[str]:
    """Ids of items whose images are not the embedded ones. Only files touched since the table was begun are read."""
    began = (folder / MANIFEST).stat().st_mtime
    return [
        item.id
        for item, image in zip(catalog.items, manifest.images, strict=True)
        if _touched(path := catalog.path(item), began) and image_digest(path) != image
    ]


def image_digest(path: Path) -> str:
    """First 128 bits (hex) of the SHA-256 of an image file; `MISSING` when it cannot be read."""
    try:
        return sha256_of(path)[:32]
    except OSError:
        return MISSING


def _touched(path: Path, since: float) -> bool:
    try:
        status = path.stat()
    except OSError:
        return True
    return max(status.st_mtime, status.st_ctime) >= since


def finite(vectors: np.ndarray) -> bool:
    """Whether a float16 array holds neither NaN nor infinity; read in blocks, so that it may be larger than memory."""
    step = max(1, _BLOCK // max(1, vectors[:1].nbytes))
    return all(
        bool(((vectors[start : start + step].view(np.uint16) & _EXPONENT) != _EXPONENT).all())
        for start in range(0, len(vectors), step)
    )
