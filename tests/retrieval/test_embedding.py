"""What is embedded, and what is not embedded again."""

import os
import time
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from PIL import Image

from catalog import Catalog, CatalogError, load_catalog
from model import Column
from retrieval import EngineOptions, ItemSource, Query, RetrievalError, SearchEngine, Term, open_engine, plan
from tests.retrieval.support import HashEmbedder, noise_catalog, pairs_of, ship


class CancelledError(Exception):
    pass


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return noise_catalog(tmp_path / "catalog", 30)


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "SEGMENT", 8)
    monkeypatch.setattr(plan, "FIRST", 4)


def raw(engine: SearchEngine, columns: list[Column]) -> np.ndarray:
    return np.hstack([engine.table.column(column) for column in columns])


def embedded(catalog: Catalog, columns: list[Column]) -> np.ndarray:
    return HashEmbedder().embed([catalog.open(item) for item in catalog.items], columns)


def cancel(done: int, total: int) -> None:
    if done >= 20:
        raise CancelledError


def test_rows_are_what_the_embedder_gives_in_catalog_order(catalog: Catalog, tmp_path: Path) -> None:
    engine = open_engine(catalog, HashEmbedder(), tmp_path / "home", ["neck", "color"])
    columns = pairs_of(["color", "neck"])
    assert np.array_equal(raw(engine, columns), embedded(catalog, columns))
    assert engine.readable.all() and engine.pending == 0


def test_progress_counts_up_to_all_pictures(catalog: Catalog, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color"], lambda *step: seen.append(step))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert set(range(1, 31)) == {done for done, _ in seen}
    assert {total for _, total in seen} == {30}


def test_a_cancelled_opening_goes_on_where_it_stopped(catalog: Catalog, tmp_path: Path) -> None:
    first, second = HashEmbedder(), HashEmbedder()
    with pytest.raises(CancelledError):
        open_engine(catalog, first, tmp_path / "home", ["color"], cancel)
    engine = open_engine(catalog, second, tmp_path / "home", ["color"])
    assert len(second.embedded) == 30 - 16  # parts of 4, 4 and 8 had been kept
    assert np.array_equal(raw(engine, pairs_of(["color"])), embedded(catalog, pairs_of(["color"])))


def test_the_parts_of_the_work_do_not_depend_on_where_it_begins() -> None:
    images = [str(slot % 37) for slot in range(40)]
    columns = (Column("color", "region"), Column("neck", "region"))
    lacks = np.ones((40, 2), bool)
    lacks[5, 0] = False
    whole = list(plan.EmbeddingPlan(columns, images, lacks).segments())
    assert [sum(len(part.slots) for part in parts) for parts in whole] == [4, 4, 8, 8, 8, 5]
    assert plan.Part(columns[1:], (5,)) in whole[1]
    lacks[:8] = False
    rest = list(plan.EmbeddingPlan(columns, images, lacks).segments())
    assert rest[:3] == whole[2:5] and rest[3][0].slots[:5] == whole[5][0].slots


def test_a_part_has_four_batches_at_least() -> None:
    lacks = np.ones((100, 1), bool)
    parts = list(
        plan.EmbeddingPlan((Column("color", "region"),), [str(slot) for slot in range(100)], lacks).segments(10)
    )
    assert [len(part.slots) for (part,) in parts] == [4, 36, 40, 20]


def test_as_many_pictures_are_opened_at_once_as_the_embedder_has_readers(catalog: Catalog) -> None:
    embedder, together = HashEmbedder(), Barrier(3)
    assert embedder.readers == together.parties

    def open_third(slot: int) -> Image.Image:
        together.wait(10)  # breaks unless three are here at once
        if slot == 4:
            raise CatalogError("no picture")
        return catalog.open(catalog.items[slot])

    columns = (Column("color", "region"),)
    done: list[int] = []
    (outcome,) = plan.LocalExecutor(embedder).run([plan.Part(columns, (7, 4, 1, 0, 2, 9))], open_third, done.append)
    ((slots, vectors),) = outcome.vectors
    assert slots == [7, 1, 0, 2, 9] and outcome.unreadable == {4: "no picture"}
    expected = HashEmbedder().embed([catalog.open(catalog.items[slot]) for slot in slots], columns)
    assert np.array_equal(vectors[columns[0]], expected)


def test_what_is_searched_by_stays_until_an_attribute_is_whole(catalog: Catalog, tmp_path: Path) -> None:
    engine = open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color"])
    query = Query((Term("color", ItemSource("item-3")),))
    expected = engine.search(query, 30)

    def look(done: int, total: int) -> None:
        assert engine.attributes == ["color"] and engine.search(query, 30) == expected

    engine.ensure(["neck"], look)
    assert engine.attributes == ["color", "neck"] and engine.search(query, 30) == expected


def test_known_images_and_attributes_are_copied_from_tables(catalog: Catalog, tmp_path: Path) -> None:
    ship(catalog, HashEmbedder(), tmp_path / "shipped", ["color"])
    embedder = HashEmbedder()
    options = EngineOptions([tmp_path / "shipped"])
    engine = open_engine(catalog, embedder, tmp_path / "home", ["color", "neck"], options=options)
    assert {name for _, name in embedder.embedded} == {"neck"} and len(embedder.embedded) == 30
    columns = pairs_of(["color", "neck"])
    assert np.array_equal(raw(engine, columns), embedded(catalog, columns))


def test_a_table_of_a_version_without_a_store_is_copied_from(catalog: Catalog, tmp_path: Path) -> None:
    embedder = HashEmbedder()
    ship(catalog, embedder, tmp_path / "home" / "tables" / f"{embedder.digest[:12]}-0123", ["color"])
    embedder.embedded.clear()
    assert open_engine(catalog, embedder, tmp_path / "home", ["color"]).readable.all()
    assert embedder.embedded == []


def test_another_catalog_with_the_same_images_costs_nothing(catalog: Catalog, tmp_path: Path) -> None:
    open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color"])
    (tmp_path / "copy").mkdir()
    for row in (20, 3, 11):
        (tmp_path / "copy" / f"{row}.png").write_bytes((catalog.root / f"{row}.png").read_bytes())
    embedder, copy = HashEmbedder(), load_catalog(tmp_path / "copy")
    engine = open_engine(copy, embedder, tmp_path / "home", ["color"])
    assert embedder.embedded == [] and engine.readable.all()
    assert np.array_equal(raw(engine, pairs_of(["color"])), embedded(copy, pairs_of(["color"])))


@pytest.mark.parametrize(("same_size", "same_time"), [(True, False), (True, True), (False, False)])
def test_a_changed_catalog_costs_only_its_new_images(
    catalog: Catalog, tmp_path: Path, same_size: bool, same_time: bool
) -> None:
    """An edit is noticed where neither the size nor the time of the file tells of it."""
    hours_ago = time.time() - 10_000
    for item in catalog.items:
        os.utime(catalog.path(item), (hours_ago, hours_ago))
    open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color"])
    noise_catalog(tmp_path / "new", 1, seed=9)
    changed_image = (tmp_path / "new" / "0.png").read_bytes() + (b"" if same_size else b" ")
    assert (len(changed_image) == (catalog.root / "7.png").stat().st_size) == same_size
    (catalog.root / "7.png").write_bytes(changed_image)
    if same_time:
        os.utime(catalog.root / "7.png", (hours_ago, hours_ago))
    changed = load_catalog(catalog.root)
    embedder = HashEmbedder()
    engine = open_engine(changed, embedder, tmp_path / "home", ["color"])
    assert [pixels for pixels, _ in embedder.embedded] == [changed.open(changed.items[7]).tobytes()]
    expected = HashEmbedder().embed([changed.open(item) for item in changed.items], pairs_of(["color"]))
    assert np.array_equal(raw(engine, pairs_of(["color"])), expected)


def test_vectors_of_other_weights_are_not_used(catalog: Catalog, tmp_path: Path) -> None:
    ship(catalog, HashEmbedder(), tmp_path / "shipped")
    embedder = HashEmbedder(digest="others")
    open_engine(catalog, embedder, tmp_path / "shipped-home", ["color"], options=EngineOptions([tmp_path / "shipped"]))
    assert len(embedder.embedded) == 30


def test_equal_images_get_equal_rows_and_one_pass(tmp_path: Path) -> None:
    catalog = noise_catalog(tmp_path / "catalog", 20)
    for row in (3, 19):  # one in the same part as item 1, one in a later one
        (catalog.root / f"{row}.png").write_bytes((catalog.root / "1.png").read_bytes())
    embedder = HashEmbedder()
    vectors = raw(open_engine(load_catalog(catalog.root), embedder, tmp_path / "home", ["neck"]), pairs_of(["neck"]))
    assert len(embedder.embedded) == 18
    assert np.array_equal(vectors[3], vectors[1]) and np.array_equal(vectors[19], vectors[1])


def test_unreadable_images_are_left_out_and_named(tmp_path: Path) -> None:
    catalog = noise_catalog(tmp_path / "catalog", 20)
    (catalog.root / "2.png").write_text("not an image")
    (catalog.root / "5.png").write_text("not an image")
    stored = (catalog.root / "9.png").read_bytes()
    (catalog.root / "9.png").write_bytes(stored[: len(stored) // 2])
    engine = open_engine(load_catalog(catalog.root), HashEmbedder(), tmp_path / "home", ["color"])
    assert list(engine.unreadable) == ["item-2", "item-5", "item-9"]
    assert np.flatnonzero(~engine.readable).tolist() == [2, 5, 9]
    assert np.flatnonzero(~engine.vectors("color").any(1)).tolist() == [2, 5, 9]
    hits = engine.search(Query((Term("color", ItemSource("item-0")),)), 100)
    assert {hit.id for hit in hits} == {f"item-{row}" for row in range(20)} - {"item-2", "item-5", "item-9"}
    with pytest.raises(RetrievalError, match="item-5"):
        engine.search(Query((Term("color", ItemSource("item-5")),)), 3)
    for row in (2, 5, 9):
        assert engine.unreadable[f"item-{row}"].startswith(f"'{row}.png' ")
    again = HashEmbedder()
    reopened = open_engine(load_catalog(catalog.root), again, tmp_path / "home", ["color"])
    assert np.array_equal(reopened.readable, engine.readable) and reopened.unreadable == engine.unreadable
    assert again.embedded == [] and reopened.pending == 0


def test_a_missing_file_is_named_and_found_again_when_it_is_there(catalog: Catalog, tmp_path: Path) -> None:
    stored = (catalog.root / "4.png").read_bytes()
    (catalog.root / "4.png").unlink()
    engine = open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color"])
    assert list(engine.unreadable) == ["item-4"] and "4.png" in engine.unreadable["item-4"]
    (catalog.root / "4.png").write_bytes(stored)
    engine.update(catalog, look=True)
    engine.embed()
    assert engine.unreadable == {} and engine.readable.all()


def test_a_catalog_without_a_readable_image_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    for item in catalog.items:
        catalog.path(item).write_bytes(b"<html>404 " + item.id.encode())
    damaged = load_catalog(catalog.root)
    with pytest.raises(RetrievalError, match=r"^no image of the catalog can be read: '0\.png'") as caught:
        open_engine(damaged, HashEmbedder(), tmp_path / "home", ["color"])
    assert all(words in str(caught.value) for words in ("a web page", "'1.png'", "'2.png'", "and 27 more"))


def test_what_cannot_be_embedded_is_said(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(RetrievalError, match="'heel'"):
        open_engine(catalog, HashEmbedder(), tmp_path / "home", ["heel"])
    with pytest.raises(RetrievalError, match="nothing to embed"):
        open_engine(catalog, HashEmbedder(), tmp_path / "home", [])
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RetrievalError, match="cannot write"):
        open_engine(catalog, HashEmbedder(), tmp_path / "file", ["color"])
