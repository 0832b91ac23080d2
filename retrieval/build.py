"""Builds embedding tables: resumable, and never embedding again what a table of the same weights already holds."""

import hashlib
import io
import os
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from catalog import Catalog, CatalogError, Item
from common.files import beside as free_name
from common.files import sha256_of, write_in_one_step
from model import Column
from retrieval.errors import RetrievalError
from retrieval.interfaces import Embeds, columns_of, slices
from retrieval.table import (
    MISSING,
    PREPROCESSING,
    EmbeddingTable,
    Manifest,
    finite,
    image_digest,
    read_manifest,
    write_manifest,
)

Progress = Callable[[int, int], None]
"""Called with items done and items in all; what it raises stops the work, and what was embedded is kept."""

SEGMENT = 64


def build_table(
    catalog: Catalog,
    embedder: Embeds,
    folder: str | Path,
    attributes: Sequence[str] | None = None,
    progress: Progress | None = None,
    sources: Sequence[EmbeddingTable] = (),
    columns: Sequence[Column] = (),
) -> EmbeddingTable:
    """Embed a catalog into `folder` and open the result; the table that was there serves until the last step.

    attributes: None is all that the weights know; the table gets the raw columns that they need, and `columns`. sources:
    tables to copy from wherever weights and image are the same. Items whose image cannot be read become rows of zeros, named in
    the manifest. An interrupted build goes on where it stopped. RetrievalError for an unknown attribute, an empty
    catalog, when no image of it can be read, or when the folder cannot be written.
    """
    names = list(dict.fromkeys(embedder.attributes if attributes is None else attributes))
    embedder.check(names)
    if not (names or columns) or not len(catalog):
        raise RetrievalError("nothing to embed: the catalog has no items, or no attribute is wanted")
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        wanted = list(dict.fromkeys([*columns_of(embedder, names), *columns]))
        build = _Build(catalog, embedder, folder, wanted, sources)
        build.run(progress or (lambda done, total: None))
    except OSError as error:
        raise RetrievalError(f"cannot write the embedding table in {folder}: {error}") from error
    return build.table


@dataclass
class _Build:
    """One table in the making."""

    catalog: Catalog
    embedder: Embeds
    folder: Path
    columns: list[Column]
    sources: Sequence[EmbeddingTable]
    unreadable: dict[str, str] = field(default_factory=dict)
    """Items left out, and why."""
    images: list[str] = field(default_factory=list)
    """Digest of the image of every row so far."""
    first: dict[str, int] = field(default_factory=dict)
    """Image → the first row with it that is whole."""

    table: EmbeddingTable = field(init=False)
    """The result, once `run` has published it."""

    def __post_init__(self) -> None:
        self.segments = self.folder / "segments"
        self.places = slices(self.columns, {column: self.embedder.width(column) for column in self.columns})
        self.known = [
            (source, {image: row for row, image in enumerate(source.manifest.images) if source.readable[row]})
            for source in self.sources
            if source.manifest.weights == self.embedder.digest and source.manifest.preprocessing == PREPROCESSING
        ]

    def run(self, progress: Progress) -> None:
        began = time.time() - 1  # file systems stamp with a clock that lags
        self.segments.mkdir(exist_ok=True)
        items = self.catalog.items
        beside = free_name(self.folder / "building.npy")
        shape = (len(items), sum(map(self.embedder.width, self.columns)))
        try:
            table = np.lib.format.open_memmap(beside, "w+", np.float16, shape)
            _reserve(beside)
            for start in range(0, len(items), SEGMENT):
                rows = items[start : start + SEGMENT]
                table[start : start + len(rows)] = self._segment(rows, table, lambda done: progress(done, len(items)))
                progress(start + len(rows), len(items))
            if len(self.unreadable) == len(items):
                raise RetrievalError(_nothing_readable(list(self.unreadable.values())))
            table.flush()
            del table
            self._publish(beside, began)
        finally:
            beside.unlink(missing_ok=True)
        shutil.rmtree(self.segments, ignore_errors=True)

    def _segment(self, items: Sequence[Item], table: np.ndarray, progress: Callable[[int], None]) -> np.ndarray:
        """Embeddings of some items: (items, sum of widths), copied where known, else from the network."""
        start = len(self.images)
        images = [image_digest(self.catalog.path(item)) for item in items]
        vectors = np.zeros((len(items), table.shape[1]), np.float16)
        known = np.zeros((len(items), len(self.columns)), bool)
        for row, image in enumerate(images):
            self._copy(image, vectors[row], known[row], table)
        path = self.segments / self._segment_name(images)
        _restore(path, vectors, known, list(self.places.values()))
        todo: dict[tuple[int, ...], list[int]] = defaultdict(list)
        twins: dict[int, int] = {}
        for row, image in enumerate(images):
            missing = tuple(np.flatnonzero(~known[row]).tolist())
            twin = images.index(image)
            if missing and twin < row and image != MISSING:
                twins[row] = twin
            elif missing:
                todo[missing].append(row)
        done = start + len(items) - sum(map(len, todo.values()))
        for columns, wanted in todo.items():
            opened: list[int] = []
            found = self.embedder.embed(
                self._open(items, wanted, opened),
                [self.columns[column] for column in columns],
                partial(_shifted, progress, done),
            )
            numbers = np.concatenate([np.r_[self.places[self.columns[column]]] for column in columns])
            vectors[np.ix_(np.array(opened, np.int64), numbers)] = found
            known[np.ix_(opened, list(columns))] = True
            done += len(wanted)
        for row, twin in twins.items():
            vectors[row], known[row] = vectors[twin], known[twin]
            if items[twin].id in self.unreadable:
                list(self._open(items, [row], []))  # the same damage, under the name of its own file
        if todo:
            _seal(path, vectors, known)
        for row, image in enumerate(images):
            if known[row].all():
                self.first.setdefault(image, start + row)
        self.images += images
        return vectors

    def _copy(self, image: str, vectors: np.ndarray, known: np.ndarray, table: np.ndarray) -> None:
        if image in self.first:
            vectors[:] = table[self.first[image]]
            known[:] = True
        for source, rows in self.known:
            if image in rows:
                for place, column in enumerate(self.columns):
                    if not known[place] and column in source.places:
                        vectors[self.places[column]] = source.vectors[rows[image], source.places[column]]
                        known[place] = True

    def _open(self, items: Sequence[Item], rows: Sequence[int], opened: list[int]) -> Iterator[Image.Image]:
        """The images of `rows` that can be read; their rows are added to `opened`."""
        for row in rows:
            try:
                image = self.catalog.open(items[row])
            except (CatalogError, OSError) as error:
                self.unreadable[items[row].id] = str(error)
                continue
            opened.append(row)
            yield image

    def _segment_name(self, images: Sequence[str]) -> str:
        key = "\n".join((self.embedder.digest, PREPROCESSING, *map("/".join, self.columns), *images))
        return hashlib.sha256(key.encode()).hexdigest()[:32]

    def _publish(self, beside: Path, began: float) -> None:
        """Put the data file and then the manifest in place, and remove the data of the table before."""
        digest = sha256_of(beside)
        try:
            previous = read_manifest(self.folder).file
        except RetrievalError:
            previous = None
        file = f"embeddings-{digest[:12]}.npy"
        beside.replace(self.folder / file)
        manifest = Manifest(
            weights=self.embedder.digest,
            catalog=self.catalog.digest,
            columns=[(*column, self.embedder.width(column)) for column in self.columns],
            ids=[item.id for item in self.catalog.items],
            images=self.images,
            file=file,
            sha256=digest,
            unreadable=self.unreadable,
        )
        self.table = EmbeddingTable.read(self.folder, manifest)  # before another process can replace it
        write_manifest(self.folder, manifest, began)
        if previous not in (None, file):
            (self.folder / str(previous)).unlink(missing_ok=True)


def _nothing_readable(reasons: list[str], named: int = 3) -> str:
    more = f"; and {len(reasons) - named:,} more" if len(reasons) > named else ""
    return f"no image of the catalog can be read: {'; '.join(reasons[:named])}{more}"


def _reserve(path: Path) -> None:
    """Take the disk space of a sparse file now: OSError here, where writing to the map would kill the process."""
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)


def _shifted(progress: Callable[[int], None], before: int, done: int) -> None:
    progress(before + done)


def _seal(path: Path, vectors: np.ndarray, known: np.ndarray) -> None:
    """Keep a segment in one step, its digest in front."""
    payload = io.BytesIO()
    np.save(payload, known, allow_pickle=False)
    np.save(payload, vectors, allow_pickle=False)
    path.parent.mkdir(exist_ok=True)  # another process may have finished the same table
    write_in_one_step(path, hashlib.sha256(payload.getvalue()).digest() + payload.getvalue())


def _restore(path: Path, vectors: np.ndarray, known: np.ndarray, places: Sequence[slice]) -> None:
    """Fill in what a kept segment knows; one that is missing or damaged knows nothing."""
    try:
        stored = path.read_bytes()
    except OSError:
        return
    if hashlib.sha256(stored[32:]).digest() != stored[:32]:
        return
    payload = io.BytesIO(stored[32:])
    have, values = (np.load(payload, allow_pickle=False) for _ in range(2))
    if have.shape == known.shape and values.shape == vectors.shape and finite(values):
        for column, place in enumerate(places):
            vectors[have[:, column], place] = values[have[:, column], place]
        known |= have
