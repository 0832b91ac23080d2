"""The embedding table on disk, in which vectors are shipped: raw float16 embeddings of items, and the manifest that vouches
for them."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from common.files import beside, sha256_of, write_in_one_step
from model import Column
from retrieval.errors import RetrievalError
from retrieval.interfaces import slices

FORMAT = "lapel-table/2"
MANIFEST = "manifest.json"
PREPROCESSING = "3"
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
    """Raw embeddings of a catalog, memory-mapped; opened by `EmbeddingTable.open`, written by `export_table`."""

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
    def open(cls, folder: str | Path, weights: str | None = None) -> "EmbeddingTable":
        """Open a table folder.

        weights: digest that it has to be made from (None: any). RetrievalError when it is missing,
        made from something else, or damaged in any way: the digest of the data, its shape, and NaN are checked.
        """
        folder = Path(folder)
        manifest = read_manifest(folder)
        for what, found, wanted in (
            ("other weights", manifest.weights, weights),
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


def write_table(folder: str | Path, vectors: np.ndarray, manifest: Manifest) -> None:
    """Write a table, the data file and then its manifest, each in one step; the data of the table before are removed.

    vectors: float16 (items, sum of widths); `file` and `sha256` of the manifest are filled in. RetrievalError when the folder
    cannot be written.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new = beside(folder / "embeddings.npy")
        try:
            np.save(new, vectors)
            digest = sha256_of(new)
            file = f"embeddings-{digest[:12]}.npy"
            new.replace(folder / file)
        finally:
            new.unlink(missing_ok=True)
        made = replace(manifest, file=file, sha256=digest)
        write_in_one_step(folder / MANIFEST, json.dumps(asdict(made), indent=1, ensure_ascii=False))
        for other in folder.glob("embeddings-*.npy"):
            if other.name != file:
                other.unlink()
    except OSError as error:
        raise RetrievalError(f"cannot write the embedding table in {folder}: {error}") from error


def finite(vectors: np.ndarray) -> bool:
    """Whether a float16 array holds neither NaN nor infinity; read in blocks, so that it may be larger than memory."""
    step = max(1, _BLOCK // max(1, vectors[:1].nbytes))
    return all(
        bool(((vectors[start : start + step].view(np.uint16) & _EXPONENT) != _EXPONENT).all())
        for start in range(0, len(vectors), step)
    )
