import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog
from common.files import sha256_of
from retrieval import (
    EmbeddingTable,
    EngineOptions,
    ItemSource,
    Manifest,
    Query,
    RetrievalError,
    Term,
    export_table,
    open_engine,
)
from retrieval.table import MANIFEST, read_manifest
from tests.retrieval.support import HashEmbedder, attributes_of, noise_catalog, pairs_of, ship

QUERY = Query((Term("color", ItemSource("item-3")), Term("neck", ItemSource("item-5"))))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return noise_catalog(tmp_path / "catalog", 12)


def data_of(folder: Path) -> Path:
    return folder / read_manifest(folder).file


def vouch(folder: Path, manifest: Manifest) -> None:
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest)))


def rewrite(folder: Path, vectors: np.ndarray) -> None:
    """Replace the data and make the manifest vouch for it."""
    with data_of(folder).open("wb") as file:
        np.save(file, vectors)
    vouch(folder, replace(read_manifest(folder), sha256=sha256_of(data_of(folder))))


def truncate(folder: Path) -> None:
    data_of(folder).write_bytes(data_of(folder).read_bytes()[:-7])


def empty(folder: Path) -> None:
    data_of(folder).write_bytes(b"")


def flip_a_bit(folder: Path) -> None:
    stored = bytearray(data_of(folder).read_bytes())
    stored[-100] ^= 1
    data_of(folder).write_bytes(stored)


def remove_data(folder: Path) -> None:
    data_of(folder).unlink()


def another_shape(folder: Path) -> None:
    rewrite(folder, np.load(data_of(folder))[:-1])


def another_type(folder: Path) -> None:
    rewrite(folder, np.load(data_of(folder)).astype(np.float32))


def not_a_number(folder: Path) -> None:
    vectors = np.load(data_of(folder))
    vectors[4, 6] = np.nan
    rewrite(folder, vectors)


def infinity(folder: Path) -> None:
    vectors = np.load(data_of(folder))
    vectors[-1, -1] = -np.inf
    rewrite(folder, vectors)


def no_json(folder: Path) -> None:
    (folder / MANIFEST).write_text("{")


def json_of_something_else(folder: Path) -> None:
    (folder / MANIFEST).write_text("[1, 2]")


def manifest_without_ids(folder: Path) -> None:
    entries = asdict(read_manifest(folder))
    del entries["ids"]
    (folder / MANIFEST).write_text(json.dumps(entries))


def data_outside_the_folder(folder: Path) -> None:
    outside = folder.parent.parent / "outside.npy"
    outside.write_bytes(data_of(folder).read_bytes())
    (folder / MANIFEST).write_text(json.dumps(asdict(read_manifest(folder)) | {"file": str(outside)}))


def another_format(folder: Path) -> None:
    old = asdict(read_manifest(folder))
    del old["columns"]
    old |= {"format": "lapel-table/1", "attributes": ["color", "neck"], "dim": 4}
    (folder / MANIFEST).write_text(json.dumps(old))


def other_preprocessing(folder: Path) -> None:
    vouch(folder, replace(read_manifest(folder), preprocessing="0"))


DAMAGES = [
    truncate,
    empty,
    flip_a_bit,
    remove_data,
    another_shape,
    another_type,
    not_a_number,
    infinity,
    no_json,
    json_of_something_else,
    manifest_without_ids,
    data_outside_the_folder,
    another_format,
    other_preprocessing,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_table_is_refused_and_the_images_embedded(catalog: Catalog, tmp_path: Path, damage) -> None:
    embedder, attributes = HashEmbedder(), ["color", "neck"]
    ship(catalog, embedder, tmp_path / "table", attributes)
    options = EngineOptions([tmp_path / "table"])
    expected = open_engine(catalog, embedder, tmp_path / "before", attributes, options=options).search(QUERY, 12)
    damage(tmp_path / "table")
    with pytest.raises(RetrievalError):
        EmbeddingTable.open(tmp_path / "table", embedder.digest)
    embedder.embedded.clear()
    after = open_engine(catalog, embedder, tmp_path / "home", attributes, options=options)
    assert len(embedder.embedded) == 24 and after.search(QUERY, 12) == expected


def test_a_table_is_written_and_opened_without_embedding(catalog: Catalog, tmp_path: Path) -> None:
    first, second = HashEmbedder(), HashEmbedder()
    written = ship(catalog, first, tmp_path / "table", ["neck", "color"])
    opened = EmbeddingTable.open(tmp_path / "table", first.digest)
    assert attributes_of(opened) == ["neck", "color"] and isinstance(opened.vectors, np.memmap)
    assert opened.ids == [item.id for item in catalog.items] and np.array_equal(opened.vectors, written.vectors)
    images = [catalog.open(item) for item in catalog]
    assert np.array_equal(opened.vectors, HashEmbedder().embed(images, pairs_of(["neck", "color"])))
    engine = open_engine(catalog, second, tmp_path / "home", ["color"], options=EngineOptions([tmp_path / "table"]))
    for column in pairs_of(["color"]):
        assert np.array_equal(engine.table.column(column), opened.column(column))
    assert second.embedded == []


def test_another_table_takes_the_place_of_the_one_before(catalog: Catalog, tmp_path: Path) -> None:
    ship(catalog, HashEmbedder(), tmp_path / "table", ["color"])
    ship(catalog, HashEmbedder(), tmp_path / "table", ["neck"])
    assert attributes_of(EmbeddingTable.open(tmp_path / "table")) == ["neck"]
    assert len(list((tmp_path / "table").iterdir())) == 2  # the manifest and one data file


def test_tables_of_other_weights_do_not_match(catalog: Catalog, tmp_path: Path) -> None:
    ship(catalog, HashEmbedder(), tmp_path / "table")
    with pytest.raises(RetrievalError, match="other weights"):
        EmbeddingTable.open(tmp_path / "table", HashEmbedder(digest="v").digest)
    with pytest.raises(RetrievalError, match="no embedding table"):
        EmbeddingTable.open(tmp_path / "nothing")


def test_unfinished_work_is_not_shipped(catalog: Catalog, tmp_path: Path) -> None:
    engine = open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color"], options=EngineOptions(pending=True))
    with pytest.raises(RetrievalError, match="12 pictures are not embedded yet"):
        export_table(engine, tmp_path / "table")
