import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog
from retrieval import EmbeddingTable, EngineOptions, ItemSource, Query, RetrievalError, Term, build_table, open_engine
from retrieval.table import MANIFEST, read_manifest, sha256_of, write_manifest
from tests.retrieval.support import HashEmbedder, attributes_of, noise_catalog

QUERY = Query((Term("color", ItemSource("item-3")), Term("neck", ItemSource("item-5"))))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return noise_catalog(tmp_path / "catalog", 12)


def only_folder(home: Path) -> Path:
    (folder,) = (home / "tables").iterdir()
    return folder


def data_of(folder: Path) -> Path:
    return folder / read_manifest(folder).file


def rewrite(folder: Path, vectors: np.ndarray) -> None:
    """Replace the data and make the manifest vouch for it."""
    with data_of(folder).open("wb") as file:
        np.save(file, vectors)
    write_manifest(folder, replace(read_manifest(folder), sha256=sha256_of(data_of(folder))))


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


def other_preprocessing(folder: Path) -> None:
    write_manifest(folder, replace(read_manifest(folder), preprocessing="0"))


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
    other_preprocessing,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_table_is_refused_and_built_again(catalog: Catalog, tmp_path: Path, damage) -> None:
    embedder = HashEmbedder()
    home = tmp_path / "home"
    attributes = ["color", "neck"]
    before = open_engine(catalog, embedder, home, attributes)
    expected = before.search(QUERY, 12)
    vectors = before.table.vectors.copy()
    del before
    damage(only_folder(home))
    with pytest.raises(RetrievalError):
        EmbeddingTable.open(only_folder(home), embedder.digest, catalog.digest)
    after = open_engine(catalog, embedder, home, attributes)
    assert after.search(QUERY, 12) == expected
    assert np.array_equal(after.table.vectors, vectors)
    EmbeddingTable.open(only_folder(home), embedder.digest, catalog.digest)


def test_a_sound_table_is_opened_without_embedding(catalog: Catalog, tmp_path: Path) -> None:
    first, second = HashEmbedder(), HashEmbedder()
    built = build_table(catalog, first, tmp_path / "table", ["neck", "color"])
    opened = EmbeddingTable.open(tmp_path / "table", first.digest, catalog.digest)
    assert attributes_of(opened) == ["neck", "color"]
    assert opened.ids == [item.id for item in catalog.items]
    assert np.array_equal(opened.vectors, built.vectors)
    assert isinstance(opened.vectors, np.memmap)
    engine = open_engine(catalog, second, tmp_path / "home", ["color"], options=EngineOptions([tmp_path / "table"]))
    assert np.array_equal(engine.table.vectors, built.vectors)
    assert second.embedded == []
    assert not (tmp_path / "home" / "tables").exists()


def test_tables_of_other_weights_or_catalogs_do_not_match(catalog: Catalog, tmp_path: Path) -> None:
    embedder = HashEmbedder()
    build_table(catalog, embedder, tmp_path / "table")
    with pytest.raises(RetrievalError, match="other weights"):
        EmbeddingTable.open(tmp_path / "table", HashEmbedder(digest="v").digest, catalog.digest)
    with pytest.raises(RetrievalError, match="another catalog"):
        EmbeddingTable.open(tmp_path / "table", embedder.digest, "0" * 64)
    with pytest.raises(RetrievalError, match="no embedding table"):
        EmbeddingTable.open(tmp_path / "nothing")
