"""A catalog that changes while it is searched: what is embedded, what is not, and that every answer is that of a fresh opening."""

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from catalog import Attribute, Catalog, Item, load_catalog
from model import CROP, GENERAL, REGION
from retrieval import (
    EngineOptions,
    Hit,
    ItemSource,
    Query,
    RetrievalError,
    SearchEngine,
    Term,
    Tuning,
    Usage,
    ValueSource,
    open_engine,
    plan,
    prune_store,
    store_usage,
)
from tests.retrieval.flat_index import Flat
from tests.retrieval.support import HashEmbedder, noise_catalog, pairs_of
from tests.retrieval.test_derived import CalibratedEmbedder

PENDING = EngineOptions(pending=True, key="shop")
MIX = {REGION: 0.5, CROP: 0.3, GENERAL: 0.2}
WAYS = {"scan": Tuning(), "lists": Tuning(exact_below=0, first=4, backend=Flat(), sketched=10**9)}


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return noise_catalog(tmp_path / "catalog", 24)


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "SEGMENT", 8)
    monkeypatch.setattr(plan, "FIRST", 4)


def by(item: str, attribute: str = "color") -> Query:
    return Query((Term(attribute, ItemSource(item)),))


def asked(engine: SearchEngine, item: str = "item-3") -> list[list[Hit]]:
    """Answers to several queries."""
    both = Query((Term("color", ItemSource(item)), Term("neck", ItemSource("item-5"), 0.5)))
    queries = [by(item), both, Query((Term("color", ValueSource("red")),))]
    return [engine.search(query, 100) for query in queries] + [engine.search(both, 5, {"split": "test"}, ["item-4"])]


def scores(found: list[list[Hit]]) -> list[list[tuple[str, float]]]:
    return [[(hit.id, hit.score) for hit in hits] for hits in found]


def files(home: Path) -> dict[Path, int]:
    """Every file that vectors are in, and when it was written."""
    return {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.suffix in (".f16", ".sum", ".npz")}


def test_a_catalog_opens_at_once_and_each_part_is_found_when_it_is_done(catalog: Catalog, tmp_path: Path) -> None:
    embedder = HashEmbedder()
    engine = open_engine(catalog, embedder, tmp_path / "home", ["color"], options=PENDING)
    assert engine.pending == 24 and embedder.embedded == [] and engine.attributes == ["color"]
    assert not engine.readable.any() and engine.count({}) == 0 and engine.unreadable == {}
    with pytest.raises(RetrievalError, match="item 'item-0' is not embedded yet"):
        engine.search(by("item-0"))
    counts = []

    def look(done: int, total: int) -> None:
        found = engine.search(by("item-0"), 100) if engine.readable[0] else []
        counts.append((len(found), int(engine.readable.sum()), done))
        assert {hit.id for hit in found} == {f"item-{row}" for row in range(len(found))}

    assert engine.embed(look)
    assert engine.pending == 0 and {found for found, _, _ in counts} == {0, 4, 8, 16, 24}
    assert all(found == readable <= done for found, readable, done in counts)
    whole = open_engine(catalog, HashEmbedder(), tmp_path / "other", ["color"])
    assert engine.search(by("item-7"), 100) == whole.search(by("item-7"), 100)


def test_embedding_stops_between_batches_and_goes_on(catalog: Catalog, tmp_path: Path) -> None:
    stop, embedder = threading.Event(), HashEmbedder()
    engine = open_engine(catalog, embedder, tmp_path / "home", ["color"], options=PENDING)

    def halt(done: int, total: int) -> None:
        if done == 11:
            stop.set()

    assert not engine.embed(halt, stop.is_set)
    assert engine.pending == 16 and len(engine.search(by("item-0"), 100)) == 8
    assert not engine.embed(stop=stop.is_set) and engine.pending == 16
    embedder.embedded.clear()
    again = open_engine(catalog, embedder, tmp_path / "home", ["color"], options=PENDING)
    assert again.pending == 16 and again.embed() and len(embedder.embedded) == 16


def kill_at(call: int, catalog: Catalog, home: Path) -> None:
    """A process that embeds, and is killed within a batch or while it writes."""
    process = os.fork()
    if not process:
        calls, write = 0, os.replace

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1
            if calls == call:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            from retrieval import store

            fill = store.fill
            store.fill = lambda *given: (count(), fill(*given), count())[1]  # type: ignore[assignment]
            open_engine(catalog, CalibratedEmbedder(), home, ["color", "neck"], count)
        finally:
            os._exit(write is None)
    os.waitpid(process, 0)


def test_killed_again_and_again_gives_the_same_vectors(catalog: Catalog, tmp_path: Path) -> None:
    home = tmp_path / "home"
    for call in (1, 3, 7, 9, 10, 13, 30, 33, 60):
        kill_at(call, catalog, home)
    engine = open_engine(catalog, CalibratedEmbedder(), home, ["color", "neck"])
    whole = open_engine(catalog, CalibratedEmbedder(), tmp_path / "whole", ["color", "neck"])
    for column in whole.table.columns:
        assert np.array_equal(engine.table.column(column), whole.table.column(column))
    assert asked(engine) == asked(whole)
    images = next(home.rglob("images"))
    assert images.stat().st_size == 24 * 16 == next((tmp_path / "whole").rglob("images")).stat().st_size


def relabelled(catalog: Catalog, row: int, value: str) -> Catalog:
    item = replace(catalog.items[row], labels={"color": value})
    return replace(catalog, items=(*catalog.items[:row], item, *catalog.items[row + 1 :]))


@pytest.mark.parametrize("way", WAYS)
def test_edits_of_labels_write_no_vector(
    catalog: Catalog, tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.derived.KEPT", 0)
    embedder, options = CalibratedEmbedder(), EngineOptions(tuning=WAYS[way])
    engine = open_engine(catalog, embedder, tmp_path / "home", ["color", "neck"], options=options)
    engine.prepare()
    asked(engine)
    embedder.embedded.clear()
    before, vectors = files(tmp_path / "home"), engine.vectors("color")
    assert len(before) > 8
    for row in range(5):
        catalog = relabelled(catalog, row, "blue")
        engine.update(catalog)
        asked(engine)
        assert engine.vectors("color") is vectors or np.shares_memory(engine.vectors("color"), vectors)
    assert files(tmp_path / "home") == before and embedder.embedded == [] and engine.pending == 0
    fresh = open_engine(catalog, CalibratedEmbedder(), tmp_path / "fresh", ["color", "neck"])
    assert asked(engine) == asked(fresh)
    engine.close()


def write_image(catalog: Catalog, name: str, seed: int) -> None:
    noise = noise_catalog(catalog.root.parent / f"noise-{seed}", 1, seed)
    (catalog.root / name).write_bytes((noise.root / "0.png").read_bytes())


def changed(catalog: Catalog) -> Catalog:
    """Two items go, one moves to the end, one gets another picture in its file, one another file, and three are new."""
    items = list(catalog.items)
    write_image(catalog, "6.png", 106)
    write_image(catalog, "other.png", 107)
    items[8] = replace(items[8], image="other.png")
    for row in range(3):
        write_image(catalog, f"new-{row}.png", 200 + row)
    new = [Item(f"new-{row}", f"new-{row}.png", "test", {"color": "red"}, {"title": "new"}) for row in range(3)]
    kept = [item for row, item in enumerate(items) if row not in (1, 11, 2)]
    return replace(catalog, items=(*kept[:10], new[0], *kept[10:], items[2], *new[1:]))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("large", [False, True])
def test_a_changed_catalog_is_searched_as_a_fresh_one(
    catalog: Catalog, tmp_path: Path, way: str, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.derived.KEPT", 0 if large else 10**6)
    embedder, options = CalibratedEmbedder(mixes={"color": MIX}), EngineOptions(tuning=WAYS[way])
    engine = open_engine(catalog, embedder, tmp_path / "home", ["color", "neck"], options=options)
    engine.prepare()
    asked(engine)
    embedder.embedded.clear()
    after = changed(catalog)
    engine.update(after, look=True)
    assert engine.pending == 5 and len(engine.search(by("item-3"), 100)) == 20
    assert "item-1" not in {hit.id for hit in engine.search(by("item-3"), 100)}
    assert engine.embed() and len({pixels for pixels, _ in embedder.embedded}) == 5
    fresh = open_engine(after, CalibratedEmbedder(mixes={"color": MIX}), tmp_path / "fresh", ["color", "neck"])
    reopened = open_engine(after, embedder, tmp_path / "home", ["color", "neck"], options=options)
    reopened.prepare()
    for now in (engine, reopened):
        assert scores(asked(now)) == scores(asked(fresh))
        assert np.array_equal(now.vectors("color"), fresh.vectors("color"))
        assert now.table.ids == fresh.table.ids and now.readable.all()
    engine.update(catalog)  # back: nothing is embedded but what another file had
    assert engine.pending == 0
    engine.close()
    reopened.close()


def test_a_file_that_is_replaced_under_its_name_is_noticed_when_it_is_looked_at(
    catalog: Catalog, tmp_path: Path
) -> None:
    engine = open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color"])
    write_image(catalog, "6.png", 106)
    engine.update(catalog)
    assert engine.pending == 0
    engine.update(catalog, look=True)
    assert engine.pending == 1


def test_changes_are_taken_in_while_the_catalog_is_embedded(catalog: Catalog, tmp_path: Path) -> None:
    engine = open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color", "neck"], options=PENDING)
    after = relabelled(changed(catalog), 5, "red")
    done_at = []

    def change(done: int, total: int) -> None:
        if done == 10 and engine.catalog is catalog:
            engine.update(after, look=True)
        done_at.append((done, total))

    engine.embed(change)
    fresh = open_engine(after, HashEmbedder(), tmp_path / "fresh", ["color", "neck"])
    assert engine.pending == 0 and scores(asked(engine)) == scores(asked(fresh))
    assert done_at[-1] == (25, 25)


def test_a_damaged_vector_is_embedded_again_and_no_other(catalog: Catalog, tmp_path: Path) -> None:
    before = open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color", "neck"])
    (path,) = (tmp_path / "home").rglob("neck_crop-*.f16")
    stored = bytearray(path.read_bytes())
    stored[8 * 9 + 3] ^= 64
    path.write_bytes(stored)
    embedder = HashEmbedder()
    after = open_engine(catalog, embedder, tmp_path / "home", ["color", "neck"])
    assert embedder.embedded == [(catalog.open(catalog.items[9]).tobytes(), "neck")]
    assert asked(after) == asked(before)


def test_a_large_catalog_keeps_its_centre_when_items_go_or_come(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.pictures.CENTRED", 10)
    engine = open_engine(catalog, CalibratedEmbedder(), tmp_path / "home", ["color"])
    named = engine._view.derivation("color").digest
    engine.update(replace(catalog, items=catalog.items[3:20]))
    assert engine._view.derivation("color").digest == named
    engine.update(catalog)
    assert engine._view.derivation("color").digest == named
    engine.update(replace(catalog, items=catalog.items[15:]))
    assert engine._view.derivation("color").digest != named  # so few are derived again at once


def pictured(catalog: Catalog, pictures: int = 3) -> Catalog:
    """Every third picture begins an item that has the two after it as well."""
    items = catalog.items
    grouped = [
        replace(items[row], more=tuple(item.image for item in items[row + 1 : row + pictures]))
        for row in range(0, len(items), pictures)
    ]
    return replace(catalog, items=tuple(grouped), attributes=(Attribute("color", ("blue", "green", "red")),))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("k", [1, 3, 8, 50])
def test_an_item_is_found_by_its_best_picture_and_shown_once(
    catalog: Catalog, tmp_path: Path, way: str, k: int
) -> None:
    several, options = pictured(catalog), EngineOptions(tuning=WAYS[way])
    engine = open_engine(several, HashEmbedder(), tmp_path / "home", ["color", "neck"], options=options)
    engine.prepare()
    single = open_engine(catalog, HashEmbedder(), tmp_path / "single", ["color", "neck"])
    query = Query((Term("color", ItemSource("item-3")), Term("neck", ItemSource("item-6"))))
    owner = {picture: item.id for item in several for picture in item.pictures}
    best: dict[str, Hit] = {}
    for hit in single.search(query, 100):
        best.setdefault(owner[hit.picture], hit)
    found = engine.search(query, k)
    expected = [(id, hit.score, hit.picture) for id, hit in best.items()][:k]
    assert [(hit.id, hit.score, hit.picture) for hit in found] == expected
    without = engine.search(query, k, exclude=[expected[0][0]])
    assert [hit.id for hit in without] == [id for id in best if id != expected[0][0]][:k]
    assert engine.count({}) == 8 and len(engine.vectors("color")) == 8
    assert np.array_equal(engine.vectors("color"), single.vectors("color")[::3])
    engine.close()


def test_an_item_with_an_unreadable_picture_is_found_by_the_others(catalog: Catalog, tmp_path: Path) -> None:
    (catalog.root / "3.png").write_text("no image")
    (catalog.root / "4.png").unlink()
    for row in (9, 10, 11):
        (catalog.root / f"{row}.png").write_text(f"no image {row}")
    engine = open_engine(pictured(catalog), HashEmbedder(), tmp_path / "home", ["color"])
    assert list(engine.unreadable) == ["item-9"] and engine.unreadable["item-9"].startswith("'9.png' ")
    (hit,) = engine.search(by("item-3"), 1)
    assert (hit.id, hit.picture) == ("item-3", "5.png") and hit.score == pytest.approx(1, abs=1e-3)
    assert np.flatnonzero(~engine.readable).tolist() == [3]


def test_two_engines_embed_one_catalog_together(catalog: Catalog, tmp_path: Path) -> None:
    engines = [
        open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color", "neck"], options=PENDING) for _ in range(2)
    ]
    threads = [threading.Thread(target=engine.embed) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    whole = open_engine(catalog, HashEmbedder(), tmp_path / "whole", ["color", "neck"])
    for engine in engines:
        assert engine.pending == 0 and asked(engine) == asked(whole)
    assert next((tmp_path / "home").rglob("images")).stat().st_size == 24 * 16


def test_a_catalog_may_begin_empty(tmp_path: Path, catalog: Catalog) -> None:
    empty = replace(catalog, items=())
    engine = open_engine(empty, HashEmbedder(), tmp_path / "home", ["color"], options=PENDING)
    assert engine.pending == 0 and engine.count({}) == 0 and engine.embed()
    engine.update(catalog)
    assert engine.embed() and len(engine.search(by("item-1"), 100)) == 24
    engine.update(empty)
    assert engine.count({}) == 0 and engine.table.column(pairs_of(["color"])[0]).shape == (0, 4)


def test_slots_stay_under_their_key_when_the_folder_moves(catalog: Catalog, tmp_path: Path) -> None:
    open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color"], options=PENDING).embed()
    catalog.root.rename(tmp_path / "moved")
    engine = open_engine(
        load_catalog(tmp_path / "moved"), HashEmbedder(), tmp_path / "home", ["color"], options=PENDING
    )
    assert engine.pending == 0 and engine._view.layout.slots == 24
    assert [path.name for path in (tmp_path / "home").glob("store/*/catalogs/*")] == ["shop"]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_gone_is_pruned_where_it_is_asked_for(catalog: Catalog, tmp_path: Path, way: str) -> None:
    home, options = tmp_path / "home", EngineOptions(key="shop", tuning=WAYS[way])
    engine = open_engine(catalog, CalibratedEmbedder(), home, ["color", "neck"], options=options)
    part = noise_catalog(tmp_path / "part", 3)
    open_engine(part, CalibratedEmbedder(), home, ["color"])
    engine.prepare()
    left = replace(catalog, items=catalog.items[3:20])
    engine.update(left)
    before = store_usage(home, "shop")
    answers = scores(asked(engine, "item-9"))
    engine.prune()
    engine.prepare()
    assert engine._view.layout.slots == 17 and engine.pending == 0 and scores(asked(engine, "item-9")) == answers
    assert prune_store(home, {"shop": left}, lambda key: False) > 0  # the other catalog keeps its three pictures
    after = store_usage(home, "shop")
    assert 0 < after.vectors < before.vectors
    assert prune_store(home, {"shop": left}, lambda key: False) == 0
    assert scores(asked(engine, "item-9")) == answers
    engine.update(catalog)
    assert engine.pending == 4
    engine.embed()
    fresh = open_engine(catalog, CalibratedEmbedder(), tmp_path / "fresh", ["color", "neck"])
    assert dict(scores(asked(engine))[0]) == dict(scores(asked(fresh))[0])
    engine.close()
    assert prune_store(home, {}, lambda key: key == "shop") > 0
    assert store_usage(home, "shop") == Usage()


def test_a_part_that_somebody_waits_for_is_embedded_first_and_the_rest_goes_on(
    catalog: Catalog, tmp_path: Path
) -> None:
    embedder = CalibratedEmbedder()
    engine = open_engine(catalog, embedder, tmp_path / "home", ["color", "neck"], options=PENDING)
    tested = catalog.split("test")
    begun, let_go, seen, order = threading.Event(), threading.Event(), [], []

    def slowly(done: int, total: int) -> None:
        order.append(("rest", done, total))
        if not begun.is_set():
            begun.set()
            assert let_go.wait(10)

    rest = threading.Thread(target=lambda: seen.append(engine.embed(slowly)))
    rest.start()
    assert begun.wait(10)

    def in_a_hurry() -> None:
        seen.append(engine.embed(lambda done, total: order.append(("part", done, total)), part=tested))
        order.append(("part", -1, 0))

    hurried = threading.Thread(target=in_a_hurry)
    hurried.start()
    while not engine._keeper._embedding._hurried:  # it waits for the four pictures that are being embedded
        pass
    let_go.set()
    hurried.join(10)
    part = engine.part(tested)
    assert part.readable.all() and part.ids == [item.id for item in tested]
    rest.join(10)
    assert seen == [True, True] and engine.pending == 0 and len(embedder.embedded) == 2 * 24
    own = [(done, total) for who, done, total in order if who == "part"]
    assert own[0] == (3, 12) and own[-2:] == [(12, 12), (-1, 0)], "two of the first four are of the part"
    between = order[order.index(("part", 3, 12)) : order.index(("part", -1, 0))]
    assert all(who == "part" or done == 4 for who, done, _ in between), "nobody else goes on meanwhile"
    alone = open_engine(tested, CalibratedEmbedder(), tmp_path / "alone", ["color", "neck"])
    for name in ("color", "neck"):
        assert np.array_equal(part.vectors(name), alone.vectors(name))
        assert np.array_equal(engine.part(tested).vectors(name), alone.vectors(name))
        assert not np.array_equal(engine.vectors(name)[::2], alone.vectors(name)), "the whole has another centre"
        assert np.array_equal(engine.part(catalog).vectors(name), engine.vectors(name))
    assert np.array_equal(part.column(pairs_of(["color"])[0]), alone.table.column(pairs_of(["color"])[0]))


def test_a_part_that_was_removed_meanwhile_is_said(catalog: Catalog, tmp_path: Path) -> None:
    engine = open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color"])
    engine.update(replace(catalog, items=catalog.items[4:]))
    with pytest.raises(RetrievalError, match=r"the catalog was changed meanwhile: .*item-0.*; try again"):
        engine.part(catalog.split("test"))
    rest = engine.catalog.split("test")
    alone = open_engine(rest, HashEmbedder(), tmp_path / "alone", ["color"])
    assert np.array_equal(engine.part(rest).vectors("color"), alone.vectors("color"))


def test_a_part_that_nobody_wants_any_more_stops_waiting(catalog: Catalog, tmp_path: Path) -> None:
    engine = open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color"], options=PENDING)
    with engine._keeper._embedding.turn():  # somebody embeds
        stop = iter([False, False, True, True])
        assert not engine.embed(stop=lambda: next(stop), part=catalog.split("test"))
    assert engine.pending == 24 and engine.embed() and engine.pending == 0
