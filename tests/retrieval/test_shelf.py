import json
import threading
from pathlib import Path

import numpy as np
import pytest

from retrieval import ItemSource, Query, SearchEngine, TableHolding, Term, Tuning, shelf
from retrieval.backend import Abilities, Backend, Index
from retrieval.errors import RetrievalError
from retrieval.index import Hnsw
from retrieval.shelf import Rows, Shelf
from tests.retrieval.flat_index import Flat, FlatIndex
from tests.retrieval.support import HashEmbedder, made_up_catalog, table_of, unit_rows

ITEMS, WIDTH = 90, 16
VECTORS = unit_rows(np.random.default_rng(0).standard_normal((2000, WIDTH))).astype(np.float16)


def rows_of(count: int = ITEMS, dead: tuple[int, ...] = (), named: str = "as it is", sign: int = 1) -> Rows:
    """The first `count` vectors, without the dead ones."""
    alive = ~np.isin(np.arange(count), dead)
    return Rows(lambda attribute: alive, lambda attribute: (named, sign * VECTORS[:count]))


def shelf_of(folder: Path, rows: Rows | None = None, backend: Backend | None = None) -> Shelf:
    return Shelf(folder, rows or rows_of(), backend or Hnsw())


def prepared(folder: Path, rows: Rows | None = None, backend: Backend | None = None) -> Index:
    index = shelf_of(folder, rows, backend).prepare("neck")
    assert index is not None
    return index


def same_answers(index: Index, rows: Rows) -> bool:
    """Whether all that is alive is ranked as it has to be, and nothing else is."""
    positions = np.flatnonzero(rows.alive("neck"))
    exact = FlatIndex(rows.vectors("neck")[1][positions], positions)
    asked = np.random.default_rng(1).standard_normal((10, WIDTH))
    return all(np.array_equal(index.search(v, 10**4)[0], exact.search(v, 10**4)[0]) for v in asked)


@pytest.fixture
def no_building(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hnsw, "build", lambda *args: pytest.fail("built again"))


@pytest.mark.parametrize("backend", [Hnsw(), Flat()], ids=["hnsw", "flat"])
def test_an_index_ranks_as_the_scan_does(backend: Backend, tmp_path: Path) -> None:
    for _ in ("built", "loaded"):
        assert same_answers(prepared(tmp_path, rows_of(dead=(3, 40)), backend), rows_of(dead=(3, 40)))


def test_a_kept_index_is_loaded_and_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(tmp_path)
    monkeypatch.setattr(Hnsw, "build", lambda *args: pytest.fail("built again"))
    assert same_answers(prepared(tmp_path), rows_of())


def kept(folder: Path) -> tuple[Path, dict]:
    """The folder of the index that is kept, and what is said about it."""
    entry = json.loads((folder / "indexes.json").read_text())["neck"]
    return folder / entry["folder"], entry


def flip(folder: Path) -> None:
    file = kept(folder)[0] / "graph.hnsw"
    stored = bytearray(file.read_bytes())
    stored[len(stored) // 2] ^= 1
    file.write_bytes(stored)


def truncate(folder: Path) -> None:
    file = kept(folder)[0] / "graph.hnsw"
    file.write_bytes(file.read_bytes()[:100])


def flip_rows(folder: Path) -> None:
    file = kept(folder)[0] / "rows.npz"
    file.write_bytes(file.read_bytes()[:-1] + b"x")


def remove(folder: Path) -> None:
    (kept(folder)[0] / "graph.hnsw").unlink()


def spoil_manifest(folder: Path) -> None:
    (folder / "indexes.json").write_text("nonsense")


def empty_entry(folder: Path) -> None:
    (folder / "indexes.json").write_text('{"neck": {}}')


def forget_the_files(folder: Path) -> None:
    entry = kept(folder)[1] | {"files": {}}
    (folder / "indexes.json").write_text(json.dumps({"neck": entry}))


@pytest.mark.parametrize("damage", [flip, truncate, flip_rows, remove, spoil_manifest, empty_entry, forget_the_files])
def test_a_damaged_index_is_never_loaded(damage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(tmp_path)
    damage(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Hnsw, "load", lambda *args: pytest.fail("loaded what was not vouched for"))
        assert same_answers(prepared(tmp_path), rows_of())
    monkeypatch.setattr(Hnsw, "build", lambda *args: pytest.fail("not kept again"))
    prepared(tmp_path)


@pytest.mark.parametrize(
    ("rows", "backend"),
    [
        (rows_of(named="new calibration", sign=-1), Hnsw()),
        (rows_of(sign=-1), Hnsw()),  # rows numbered otherwise, under the same name
        (rows_of(), Hnsw(links=32)),
        (rows_of(), Flat()),
    ],
    ids=["other vectors", "other rows", "other parameters", "other backend"],
)
def test_an_index_of_something_else_is_built_again_in_its_place(rows: Rows, backend: Backend, tmp_path: Path) -> None:
    prepared(tmp_path)
    old = kept(tmp_path)[0]
    assert same_answers(prepared(tmp_path, rows, backend), rows)
    assert not old.exists() and kept(tmp_path)[0].exists()
    assert kept(tmp_path)[1]["parameters"] == backend.parameters


def test_a_shelf_follows_its_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are added and removed without building or writing an index; old views go on."""
    shelf = shelf_of(tmp_path)
    index = shelf.prepare("neck")
    assert index is not None
    monkeypatch.setattr(Hnsw, "build", lambda *args: pytest.fail("built again"))
    written = kept(tmp_path)
    grown = rows_of(140, dead=(5, 100))
    shelf.follow(grown)
    assert shelf.get("neck") is index and same_answers(index, grown)
    live = np.arange(140) < ITEMS
    assert {*index.search(np.ones(WIDTH), 140, live)[0]} == {*range(ITEMS)} - {5}
    shelf.follow(rows_of(140, dead=(100,)))  # row 5 is there again
    assert same_answers(index, rows_of(140, dead=(100,)))
    shelf.close()
    assert kept(tmp_path) == written


def test_a_kept_index_of_fewer_rows_is_led_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(tmp_path)
    monkeypatch.setattr(Hnsw, "build", lambda *args: pytest.fail("built again"))
    grown = rows_of(150, dead=(0, 120))
    assert same_answers(prepared(tmp_path, grown), grown)


def wait_for(shelf: Shelf) -> None:
    thread = shelf._thread
    if thread is not None:
        thread.join(30)
        assert not thread.is_alive()


def test_much_growth_is_saved_while_running_and_some_when_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = shelf_of(tmp_path)
    assert own.prepare("neck") is not None
    monkeypatch.setattr(Hnsw, "build", lambda *args: pytest.fail("built again"))
    own.follow(rows_of(ITEMS + shelf.LATE + 1))
    wait_for(own)
    assert kept(tmp_path)[1]["rows"] == ITEMS + shelf.LATE + 1
    own.follow(rows_of(ITEMS + 2 * shelf.LATE + 1))
    wait_for(own)
    assert kept(tmp_path)[1]["rows"] == ITEMS + shelf.LATE + 1
    own.close()
    assert kept(tmp_path)[1]["rows"] == ITEMS + 2 * shelf.LATE + 1
    assert len(list(tmp_path.iterdir())) == 2  # what was replaced is gone
    assert same_answers(prepared(tmp_path, rows_of(700)), rows_of(700))


def test_other_vectors_under_another_name_are_not_answered_by_the_old_index(tmp_path: Path) -> None:
    own = shelf_of(tmp_path)
    assert own.prepare("neck") is not None
    assert own.ready("neck", "as it is") is not None and own.ready("neck", "taught anew") is None
    taught = rows_of(named="taught anew", sign=-1)
    own.follow(taught)
    assert own.ready("neck") is None
    index = own.prepare("neck")
    assert index is not None and same_answers(index, taught)
    assert own.ready("neck", "taught anew") is index and own.get("neck", "as it is") is None


def test_a_worn_index_is_built_again_while_it_serves(tmp_path: Path) -> None:
    rows = rows_of(400)
    own = shelf_of(tmp_path, rows)
    index = own.prepare("neck")
    left = rows_of(400, dead=tuple(range(0, 400, 2)))
    own.follow(left)
    assert own.ready("neck") is not None
    wait_for(own)
    assert own.ready("neck") is not index and same_answers(own.prepare("neck"), left)
    assert kept(tmp_path)[1]["rows"] == 200


class Fixed(Flat):
    """A backend whose indexes cannot be changed."""

    abilities = Abilities(add=False, remove=False)


def test_an_index_that_cannot_change_is_made_again(tmp_path: Path) -> None:
    own = shelf_of(tmp_path, backend=Fixed())
    assert own.prepare("neck") is not None
    own.follow(rows_of(100, dead=(3,)))
    assert own.ready("neck") is None
    assert same_answers(own.prepare("neck"), rows_of(100, dead=(3,)))


class Slow(Flat):
    """Its indexes are done when they are let."""

    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self, "begun", threading.Event())
        object.__setattr__(self, "let", threading.Event())

    def build(self, *args) -> FlatIndex | None:
        index = super().build(*args)
        self.begun.set()
        assert self.let.wait(30)
        return index


def test_what_is_added_during_a_build_is_in_the_index(tmp_path: Path) -> None:
    backend = Slow()
    own = shelf_of(tmp_path, backend=backend)
    assert own.get("neck") is None
    assert backend.begun.wait(30)
    own.follow(rows_of(120, dead=(1,)))
    backend.let.set()
    wait_for(own)
    index = own.get("neck")
    assert index is not None and same_answers(index, rows_of(120, dead=(1,)))


def test_an_index_that_cannot_be_built_is_left(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Flat):
        def build(self, *args):
            raise MemoryError("too large")

    own = shelf_of(tmp_path, backend=Failing())
    for _ in range(2):
        assert own.get("neck") is None
        wait_for(own)
    assert caplog.text.count("cannot be built") == 1


def test_an_index_whose_server_is_away_is_tried_again_later(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    asked = []

    class Away(Flat):
        def build(self, *args):
            asked.append(1)
            if len(asked) == 1:
                raise RetrievalError("the server does not answer")
            return super().build(*args)

    own = shelf_of(tmp_path, backend=Away())
    for _ in range(3):  # only the first time is anybody asked
        assert own.get("neck") is None
        wait_for(own)
    assert len(asked) == 1
    assert caplog.messages == [
        "the index of 'neck' cannot be made now; searching without it: the server does not answer"
    ]
    own._later["neck"] -= shelf.AGAIN
    own.get("neck")
    wait_for(own)
    assert own.get("neck") is not None


def test_an_index_that_cannot_be_kept_serves(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "indexes").write_text("a file in the way")
    assert same_answers(prepared(tmp_path / "indexes"), rows_of())
    assert "cannot be kept" in caplog.text


def test_a_closed_shelf_builds_nothing(tmp_path: Path) -> None:
    own = shelf_of(tmp_path)
    own.close()
    assert own.get("neck") is None
    assert own.prepare("neck") is None
    assert not list(tmp_path.iterdir())


def test_a_catalog_of_equal_items_is_searched_by_its_index(tmp_path: Path) -> None:
    items = 2000
    equal = unit_rows(np.ones((items, 1, 2, 8)))
    catalog, embedder = made_up_catalog(items), HashEmbedder(dim=8)
    table = table_of(catalog, embedder, equal, ["color"])
    engine = SearchEngine(catalog, TableHolding(table, tmp_path), embedder, Tuning(exact_below=0))
    engine.prepare()
    assert engine.found(Query((Term("color", ItemSource("item-0")),)), 5).ways[0].by == "index"
    hits = engine.search(Query((Term("color", ItemSource("item-7")),)), items)
    assert [hit.id for hit in hits] == [item.id for item in catalog.items]
