import json
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog
from retrieval import ItemSource, Query, SearchEngine, TableHolding, Term, Tuning
from retrieval.index import HnswIndex, HnswParameters
from retrieval.shelf import Shelf
from retrieval.table import EmbeddingTable
from tests.retrieval.flat_index import FlatIndex
from tests.retrieval.support import HashEmbedder, made_up_catalog, noise_catalog, pairs_of, table_of, unit_rows

ITEMS = 90


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return noise_catalog(tmp_path_factory.mktemp("catalog"), ITEMS)


@pytest.fixture
def table(catalog: Catalog) -> EmbeddingTable:
    vectors = unit_rows(np.random.default_rng(0).standard_normal((ITEMS, 2, 2, 8)))
    return table_of(catalog, HashEmbedder(), vectors, ["color", "neck"])


def vectors_of(table: EmbeddingTable, attribute: str) -> np.ndarray:
    """Region and crop embeddings side by side, which is what `HashEmbedder` derives."""
    return np.hstack([table.column(column) for column in pairs_of([attribute])])


def shelf_of(
    table: EmbeddingTable, folder: Path, parameters: HnswParameters | None = None, named: str = "as it is"
) -> Shelf:
    return Shelf(table, lambda attribute: (named, vectors_of(table, attribute)), folder, parameters)


def flat(table: EmbeddingTable, attribute: str) -> FlatIndex:
    positions = np.flatnonzero(table.readable)
    return FlatIndex(vectors_of(table, attribute)[positions], positions)


def same_answers(index: HnswIndex, exact: FlatIndex) -> bool:
    vectors = np.random.default_rng(1).standard_normal((10, 16))
    return all(np.array_equal(index.search(v, len(exact))[0], exact.search(v, len(exact))[0]) for v in vectors)


def prepared(table: EmbeddingTable, folder: Path) -> HnswIndex:
    index = shelf_of(table, folder).prepare("neck")
    assert index is not None
    return index


def test_an_index_ranks_as_the_scan_does(table: EmbeddingTable, tmp_path: Path) -> None:
    assert same_answers(prepared(table, tmp_path), flat(table, "neck"))


def test_scores_are_inner_products(table: EmbeddingTable, tmp_path: Path) -> None:
    vector = np.random.default_rng(2).standard_normal(16)
    positions, scores = prepared(table, tmp_path).search(vector, 7)
    assert scores == pytest.approx(vectors_of(table, "neck")[positions].astype(float) @ vector, abs=1e-5)
    assert list(scores) == sorted(scores, reverse=True)


def test_unreadable_items_are_not_in_an_index(table: EmbeddingTable, tmp_path: Path) -> None:
    table.readable[[3, 40]] = False
    index = prepared(table, tmp_path)
    assert len(index) == ITEMS - 2
    assert {3, 40}.isdisjoint(index.search(np.ones(16), ITEMS)[0])


def test_a_kept_index_is_loaded_and_not_built(
    table: EmbeddingTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(table, tmp_path)
    monkeypatch.setattr(HnswIndex, "build", lambda *args: pytest.fail("built again"))
    assert same_answers(prepared(table, tmp_path), flat(table, "neck"))


def kept(folder: Path) -> tuple[Path, dict]:
    (manifest,) = folder.glob("*/indexes.json")
    return manifest, json.loads(manifest.read_text())


def flip(folder: Path) -> None:
    manifest, entries = kept(folder)
    file = manifest.parent / entries["neck"]["file"]
    stored = bytearray(file.read_bytes())
    stored[len(stored) // 2] ^= 1
    file.write_bytes(stored)


def truncate(folder: Path) -> None:
    manifest, entries = kept(folder)
    file = manifest.parent / entries["neck"]["file"]
    file.write_bytes(file.read_bytes()[:100])


def remove(folder: Path) -> None:
    manifest, entries = kept(folder)
    (manifest.parent / entries["neck"]["file"]).unlink()


def spoil_manifest(folder: Path) -> None:
    kept(folder)[0].write_text("nonsense")


def empty_entry(folder: Path) -> None:
    kept(folder)[0].write_text('{"neck": {}}')


@pytest.mark.parametrize("damage", [flip, truncate, remove, spoil_manifest, empty_entry])
def test_a_damaged_index_is_never_loaded(
    table: EmbeddingTable, tmp_path: Path, damage, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(table, tmp_path)
    damage(tmp_path)
    monkeypatch.setattr(HnswIndex, "load", lambda *args: pytest.fail("loaded what was not vouched for"))
    assert same_answers(prepared(table, tmp_path), flat(table, "neck"))
    monkeypatch.undo()
    monkeypatch.setattr(HnswIndex, "build", lambda *args: pytest.fail("not kept again"))
    prepared(table, tmp_path)


def test_an_index_of_another_table_or_other_parameters_is_not_used(
    catalog: Catalog, table: EmbeddingTable, tmp_path: Path
) -> None:
    prepared(table, tmp_path)
    other = table_of(
        catalog, HashEmbedder(), -table.vectors[::-1].astype(float).reshape(ITEMS, 2, 2, 8), ["color", "neck"]
    )
    assert same_answers(prepared(other, tmp_path), flat(other, "neck"))
    wide = shelf_of(table, tmp_path, HnswParameters(links=32))
    assert wide.prepare("neck") is not None
    assert kept_parameters(tmp_path) == {16, 32}


def test_an_index_of_an_old_derivation_is_not_loaded(
    table: EmbeddingTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shelf_of(table, tmp_path, named="old calibration").prepare("neck") is not None
    with monkeypatch.context() as patch:
        patch.setattr(HnswIndex, "load", lambda *args: pytest.fail("loaded an index of other vectors"))
        assert shelf_of(table, tmp_path, named="new calibration").prepare("neck") is not None
    monkeypatch.setattr(HnswIndex, "build", lambda *args: pytest.fail("built again"))
    assert shelf_of(table, tmp_path, named="new calibration").prepare("neck") is not None


def kept_parameters(folder: Path) -> set[int]:
    entries = [json.loads(manifest.read_text()) for manifest in folder.glob("*/indexes.json")]
    return {entry["neck"]["parameters"]["links"] for entry in entries}


def test_a_graph_in_pieces_is_not_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Of 2000 equal items, each links its first equals only, and hnswlib finds but some of them."""
    items = 2000
    equal = unit_rows(np.ones((items, 1, 2, 8)))
    catalog, embedder = made_up_catalog(items), HashEmbedder(dim=8)
    table = table_of(catalog, embedder, equal, ["color"])
    index = HnswIndex.build(table.vectors, np.arange(items))
    assert index is not None and not index.complete()
    assert len(index.search(np.ones(16), items)[0]) == 0
    shelf = shelf_of(table, tmp_path / "indexes", named="color")
    assert shelf.prepare("color", threads=1) is None  # several threads build another graph each time
    assert shelf.get("color") is None
    assert "does not reach every item" in caplog.text
    engine = SearchEngine(catalog, TableHolding(table, tmp_path), embedder, Tuning(exact_below=0, deepest=1.0))
    engine.prepare()  # loads the graph that the shelf kept
    hits = engine.search(Query((Term("color", ItemSource("item-7")),)), items)
    assert [hit.id for hit in hits] == [item.id for item in catalog.items]


def test_a_graph_of_distinct_items_is_whole(table: EmbeddingTable, tmp_path: Path) -> None:
    assert prepared(table, tmp_path).complete()


def test_indexes_are_made_in_the_background(table: EmbeddingTable, tmp_path: Path) -> None:
    shelf = shelf_of(table, tmp_path)
    assert shelf.get("neck") is None
    thread = shelf._thread
    if thread is not None:
        thread.join(30)
    index = shelf.get("neck")
    assert index is not None
    assert same_answers(index, flat(table, "neck"))


def test_a_closed_shelf_builds_nothing(table: EmbeddingTable, tmp_path: Path) -> None:
    shelf = shelf_of(table, tmp_path)
    shelf.close()
    assert shelf.get("neck") is None
    assert shelf.prepare("neck") is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("values, sharpness", [(4, 1.0), (10, 3.0)])
def test_vectors_of_different_lengths_are_reached_and_ranked(values: int, sharpness: float, tmp_path: Path) -> None:
    """As posteriors of taught attributes are, between 1 / √values and 1 long."""
    logits = sharpness * np.random.default_rng(0).standard_normal((4000, values))
    chances = (np.exp(logits) / np.exp(logits).sum(1, keepdims=True)).astype(np.float16)
    positions = np.arange(10, 4000)
    index, exact = HnswIndex.build(chances, positions), FlatIndex(chances[positions], positions)
    assert index is not None and index.padded and index.complete()
    index.save(tmp_path / "index")
    again = HnswIndex.load(tmp_path / "index", values, padded=True)
    for asked in chances[:20].astype(np.float32):
        found, scores = again.search(asked, 50)
        assert len(set(found) & set(exact.search(asked, 50)[0])) >= 48
        assert scores == pytest.approx(chances[found].astype(np.float32) @ asked, abs=1e-5)


def test_vectors_of_equal_length_are_indexed_as_they_are(table: EmbeddingTable, tmp_path: Path) -> None:
    assert not prepared(table, tmp_path).padded


def test_an_index_of_posteriors_is_kept(catalog: Catalog, table: EmbeddingTable, tmp_path: Path) -> None:
    chances = np.random.default_rng(0).dirichlet([0.3] * 5, ITEMS).astype(np.float16)
    shelves = [Shelf(table, lambda attribute: ("chances", chances), tmp_path) for _ in range(2)]
    first, again = (shelf.prepare("neck") for shelf in shelves)
    assert first is not None and again is not None and again.padded
    assert len(list(tmp_path.rglob("*.hnsw"))) == 1
    assert np.array_equal(first.search(chances[0], 20)[0], again.search(chances[0], 20)[0])
