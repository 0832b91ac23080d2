import os
import time
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog, load_catalog
from retrieval import EmbeddingTable, ItemSource, Query, RetrievalError, Term, build, build_table, open_engine
from tests.retrieval.support import HashEmbedder, attributes_of, noise_catalog, pairs_of


class CancelledError(Exception):
    pass


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return noise_catalog(tmp_path / "catalog", 30)


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "SEGMENT", 8)


def test_rows_are_what_the_embedder_gives_in_catalog_order(catalog: Catalog, tmp_path: Path) -> None:
    table = build_table(catalog, HashEmbedder(), tmp_path / "table", ["neck", "color"])
    expected = HashEmbedder().embed([catalog.open(item) for item in catalog.items], pairs_of(["neck", "color"]))
    assert table.vectors.shape == (30, 16)
    assert np.array_equal(table.vectors, expected)
    assert table.readable.all()


def test_progress_counts_up_to_all_items(catalog: Catalog, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    build_table(catalog, HashEmbedder(), tmp_path / "table", progress=lambda *step: seen.append(step))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert set(range(1, 31)) == {done for done, _ in seen}
    assert {total for _, total in seen} == {30}


def test_a_cancelled_build_goes_on_where_it_stopped(catalog: Catalog, tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        if done >= 20:
            raise CancelledError

    first, second = HashEmbedder(), HashEmbedder()
    with pytest.raises(CancelledError):
        build_table(catalog, first, tmp_path / "table", progress=cancel)
    assert [entry.name for entry in (tmp_path / "table").iterdir()] == ["segments"]
    table = build_table(catalog, second, tmp_path / "table")
    assert len(second.embedded) == (30 - 16) * 3  # two segments of eight had been kept
    assert np.array_equal(table.vectors, build_table(catalog, HashEmbedder(), tmp_path / "whole").vectors)
    assert not (tmp_path / "table" / "segments").exists()


def test_a_damaged_segment_is_embedded_again(catalog: Catalog, tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        if done >= 20:
            raise CancelledError

    with pytest.raises(CancelledError):
        build_table(catalog, HashEmbedder(), tmp_path / "table", progress=cancel)
    first, _ = sorted((tmp_path / "table" / "segments").iterdir())
    stored = bytearray(first.read_bytes())
    stored[-1] ^= 4
    first.write_bytes(stored)
    again = HashEmbedder()
    table = build_table(catalog, again, tmp_path / "table")
    assert len(again.embedded) == (30 - 8) * 3
    assert np.array_equal(table.vectors, build_table(catalog, HashEmbedder(), tmp_path / "whole").vectors)


def test_the_old_table_serves_until_the_new_one_is_whole(catalog: Catalog, tmp_path: Path) -> None:
    embedder = HashEmbedder()
    old = build_table(catalog, embedder, tmp_path / "table", ["color"])

    def look(done: int, total: int) -> None:
        now = EmbeddingTable.open(tmp_path / "table", embedder.digest, catalog.digest)
        assert attributes_of(now) == ["color"]
        assert np.array_equal(now.vectors, old.vectors)

    build_table(catalog, embedder, tmp_path / "table", ["color", "neck"], look)
    assert attributes_of(EmbeddingTable.open(tmp_path / "table")) == ["color", "neck"]
    assert len(list((tmp_path / "table").iterdir())) == 2  # the manifest and one data file


def test_a_build_gives_its_own_table_whatever_another_process_publishes(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes embed one catalog for different attributes: the folder holds one table, each has its own."""
    publish, others = build.write_manifest, []

    def then_another(*given) -> None:
        publish(*given)
        if not others:
            others.append(None)
            others[0] = build_table(catalog, HashEmbedder(), tmp_path / "table", ["neck", "pattern"])

    monkeypatch.setattr(build, "write_manifest", then_another)
    table = build_table(catalog, HashEmbedder(), tmp_path / "table", ["color"])
    images = [catalog.open(item) for item in catalog.items]
    assert (attributes_of(table), attributes_of(others[0])) == (["color"], ["neck", "pattern"])
    assert np.array_equal(table.vectors, HashEmbedder().embed(images, pairs_of(["color"])))
    assert np.array_equal(EmbeddingTable.open(tmp_path / "table").vectors, others[0].vectors)


def test_known_images_and_attributes_are_copied(catalog: Catalog, tmp_path: Path) -> None:
    source = build_table(catalog, HashEmbedder(), tmp_path / "one", ["color"])
    embedder = HashEmbedder()
    table = build_table(catalog, embedder, tmp_path / "two", ["color", "neck"], sources=[source])
    assert {name for _, name in embedder.embedded} == {"neck"}
    assert len(embedder.embedded) == 30
    assert np.array_equal(
        table.vectors, build_table(catalog, HashEmbedder(), tmp_path / "c", ["color", "neck"]).vectors
    )


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
    assert np.array_equal(engine.table.vectors, expected)


def test_tables_of_other_weights_are_not_copied_from(catalog: Catalog, tmp_path: Path) -> None:
    source = build_table(catalog, HashEmbedder(), tmp_path / "one")
    embedder = HashEmbedder(digest="others")
    build_table(catalog, embedder, tmp_path / "two", sources=[source])
    assert len(embedder.embedded) == 30 * 3


def test_equal_images_get_equal_rows_and_one_pass(tmp_path: Path) -> None:
    catalog = noise_catalog(tmp_path / "catalog", 20)
    for row in (3, 19):  # one in the same segment as item 1, one in a later segment
        (catalog.root / f"{row}.png").write_bytes((catalog.root / "1.png").read_bytes())
    embedder = HashEmbedder()
    table = build_table(load_catalog(catalog.root), embedder, tmp_path / "table", ["neck"])
    assert len(embedder.embedded) == 18
    assert np.array_equal(table.vectors[3], table.vectors[1])
    assert np.array_equal(table.vectors[19], table.vectors[1])


def test_unreadable_images_are_left_out_and_named(tmp_path: Path) -> None:
    catalog = noise_catalog(tmp_path / "catalog", 20)
    (catalog.root / "2.png").write_text("not an image")
    (catalog.root / "5.png").write_text("not an image")
    stored = (catalog.root / "9.png").read_bytes()
    (catalog.root / "9.png").write_bytes(stored[: len(stored) // 2])
    engine = open_engine(load_catalog(catalog.root), HashEmbedder(), tmp_path / "home", ["color"])
    assert set(engine.table.manifest.unreadable) == {"item-2", "item-5", "item-9"}
    assert np.flatnonzero(~engine.table.readable).tolist() == [2, 5, 9]
    assert np.flatnonzero(~engine.table.vectors.any(1)).tolist() == [2, 5, 9]
    hits = engine.search(Query((Term("color", ItemSource("item-0")),)), 100)
    assert {hit.id for hit in hits} == {f"item-{row}" for row in range(20)} - {"item-2", "item-5", "item-9"}
    with pytest.raises(RetrievalError, match="item-5"):
        engine.search(Query((Term("color", ItemSource("item-5")),)), 3)
    for row in (2, 5, 9):
        assert engine.table.manifest.unreadable[f"item-{row}"].startswith(f"'{row}.png' ")
    reopened = open_engine(load_catalog(catalog.root), HashEmbedder(), tmp_path / "home", ["color"])
    assert np.array_equal(reopened.table.readable, engine.table.readable)


def test_a_catalog_without_a_readable_image_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    for item in catalog.items:
        catalog.path(item).write_bytes(b"<html>404</html>")
    damaged = load_catalog(catalog.root)
    with pytest.raises(RetrievalError, match=r"^no image of the catalog can be read: '0\.png'") as caught:
        build_table(damaged, HashEmbedder(), tmp_path / "table", ["color"])
    assert all(words in str(caught.value) for words in ("a web page", "'1.png'", "'2.png'", "and 27 more"))
    assert not (tmp_path / "table/manifest.json").exists()


def test_what_cannot_be_built_is_said(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(RetrievalError, match="'heel'"):
        build_table(catalog, HashEmbedder(), tmp_path / "table", ["heel"])
    with pytest.raises(RetrievalError, match="nothing to embed"):
        build_table(catalog, HashEmbedder(), tmp_path / "table", [])
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RetrievalError, match="cannot write"):
        build_table(catalog, HashEmbedder(), tmp_path / "file", ["color"])
