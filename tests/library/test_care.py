"""Single items, labels from a table, folders that are watched, the disk: of a catalog that is in the library."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from catalog import look
from library import Library, LibraryError, Settings, Share, Visitor, result_file
from library.entries import Entry, new_id
from library.importing import import_look
from library.watching import Watcher
from model import GENERAL, Column, Reading
from retrieval import WEIGHTS, save_taught

COLORS = ("red", "blue", "green")


def draw(folder: Path, count: int = 6) -> Path:
    """A folder of pictures with a table: `g0`… with a color each; the last is the same picture as the first."""
    (folder / "images").mkdir(parents=True)
    with (folder / "catalog.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "image", "color", "price"])
        for number in range(count):
            Image.new("RGB", (40 + number, 50), COLORS[number % 3]).save(folder / "images" / f"{number}.png")
            table.writerow([f"g{number}", f"images/{number}.png", COLORS[number % 3], f"{number}.50"])
    shutil.copy(folder / "images" / "0.png", folder / "images" / f"{count - 1}.png")
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """With two catalogs: `demo` in a folder of the host's, and one whose pictures lie in the library."""
    library = Library(Settings(tmp_path / "home", str(draw(tmp_path / "shop"))))
    library.begin()
    return library


@pytest.fixture
def id(library: Library, tmp_path: Path) -> str:
    """The catalog whose pictures lie in the library."""
    home = library.settings.home
    found = look(draw(home / "brought"), home)
    return import_look(library.entries, found, Entry(new_id(), "Brought", 0.0), home, lambda done, total: None).id


def test_an_item_is_removed_and_put_back(library: Library, id: str) -> None:
    catalog = library.ledger(id).catalog
    items = [catalog.item("g1"), catalog.item("g2")]
    library.care.remove(id, ["g1", "g2"])
    assert len(library.ledger(id).catalog) == 4
    library.care.put_back(id, items)
    assert [item.id for item in library.ledger(id).catalog] == ["g0", "g1", "g2", "g3", "g4", "g5"]
    assert library.ledger(id).catalog.item("g2") == items[1]
    with pytest.raises(LibraryError, match="again"):
        library.care.put_back(id, items)


def test_what_was_removed_does_not_come_back_with_its_folder(library: Library) -> None:
    id = library.default
    item = library.ledger(id).catalog.item("g1")
    library.care.remove(id, ["g1"])
    assert library.care.reread(id) == 0 and len(library.ledger(id).catalog) == 5
    library.care.put_back(id, [item])
    assert library.care.reread(id) == 0 and len(library.ledger(id).catalog) == 6


def test_another_picture_keeps_the_labels(library: Library, id: str, tmp_path: Path) -> None:
    library.label(id, "g0", "color", "blue")
    Image.new("RGB", (90, 90), "white").save(tmp_path / "new.png")
    library.care.replace_picture(id, "g0", tmp_path / "new.png")
    catalog = library.ledger(id).catalog
    assert catalog.item("g0").labels == {"color": "blue"} and catalog.open(catalog.item("g0")).size == (90, 90)
    library.undo(id, library.ledger(id).given[0])
    assert library.ledger(id).catalog.item("g0").labels == {"color": "red"}
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(LibraryError):
        library.care.replace_picture(id, "g0", tmp_path / "text.png")
    with pytest.raises(LibraryError, match="folder of the server"):
        library.care.replace_picture(library.default, "g0", tmp_path / "new.png")


def test_twins_have_the_same_bytes(library: Library, id: str) -> None:
    assert [item.id for item in library.care.twins_of(id, "g0")] == ["g5"]
    assert library.care.twins_of(id, "g1") == []


def test_a_table_updates_labels(library: Library, id: str, tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("SKU,Color,price,season\ng0,blue,1,summer\ng1,,2,winter\ng2,green,3,\nx9,red,4,summer\n")
    update = library.care.read_update(id, table)
    counted = {one.attribute: (one.new, one.changes, one.same, one.blank) for one in update.columns}
    assert counted == {"color": (False, 1, 1, 1), "season": (True, 2, 0, 1)}
    assert (update.passed, update.unknown, update.rows) == (("price",), ("x9",), 4)
    assert "season" not in library.ledger(id).catalog.columns
    assert library.care.update_labels(id, update) == 3
    catalog = library.ledger(id).catalog
    assert catalog.item("g0").labels == {"color": "blue", "season": "summer"}
    assert catalog.item("g1").labels["color"] == "blue"
    table.write_text("name,color\nnobody,red\n")
    with pytest.raises(LibraryError, match="names no item"):
        library.care.read_update(id, table)


def test_a_watched_folder_is_read_again_once_it_rests(library: Library, tmp_path: Path) -> None:
    read: list[str] = []
    watcher = Watcher(library.entries, read.append)
    assert watcher.look() == []
    library.care.watch(library.default, True)
    assert [watcher.look(), watcher.look(), watcher.look()] == [[], [library.default], []]
    (tmp_path / "shop" / "images" / "7.png").write_bytes(b"half")
    assert watcher.look() == []
    (tmp_path / "shop" / "images" / "7.png").write_bytes(b"whole")
    assert [watcher.look(), watcher.look()] == [[], [library.default]]
    library.care.watch(library.default, False)
    (tmp_path / "shop" / "images" / "7.png").unlink()
    assert [watcher.look(), watcher.look()] == [[], []] and len(read) == 2


def test_only_folders_of_the_server_are_watched(library: Library, id: str) -> None:
    with pytest.raises(LibraryError, match="nothing can be watched"):
        library.care.watch(id, True)


def test_pruning_removes_what_nothing_uses(library: Library, id: str) -> None:
    before = library.care.disk(id)
    assert before.pictures > 0 and before.vectors == 0
    library.care.remove(id, ["g1"])
    gone = library.settings.home / "thumbnails" / "0123456789abcdef"
    gone.mkdir(parents=True)
    (gone / "a.webp").write_bytes(b"small")
    freed = library.care.prune()
    assert freed == before.pictures - library.care.disk(id).pictures + 5 and not gone.exists()
    catalog = library.ledger(id).catalog
    assert all(catalog.path(item).exists() for item in catalog)
    assert library.care.prune() == 0


def test_only_the_host_prunes_and_changes_what_is_his(library: Library, id: str) -> None:
    library.settings = replace(library.settings, public=True)
    stranger = Visitor("k" * 32)
    with pytest.raises(LibraryError, match="host"):
        library.care.prune(stranger)
    with pytest.raises(LibraryError, match="host"):
        library.care.put_back(id, [], stranger)


def test_visitors_have_their_share_and_no_more(library: Library, id: str, tmp_path: Path) -> None:
    library.settings, visitor = replace(library.settings, public=True), Visitor("k" * 32)
    library.entries.change(id, owner=visitor.mark)
    held, pictures = library.entries.size(library.entry(id, visitor)), 6
    Image.new("RGB", (90, 90)).save(tmp_path / "new.png")
    for share, said in (
        (Share(held, 99, 9), "MB"),
        (Share(held * 9, pictures, 9), "files"),
        (Share(held * 9, 99, 1), "delete one"),
    ):
        library.uploads.limits = replace(library.uploads.limits, visitor=share)
        with pytest.raises(LibraryError, match=said):
            library.care.replace_picture(id, "g0", tmp_path / "new.png", visitor)
    with pytest.raises(LibraryError, match="delete one"):
        library.keeping.duplicate(id, "", visitor)
    library.uploads.limits = replace(library.uploads.limits, visitor=Share(held * 9, 99, 9))
    library.care.replace_picture(id, "g0", tmp_path / "new.png", visitor)


def teach(library: Library, id: str, name: str, record: dict[str, object]) -> None:
    """Keep a taught attribute that reads two numbers of the general view."""
    ones = np.ones((2, 2), np.float16)
    reading = Reading(
        name, ("calm", "loud"), (Column("", GENERAL),), (ones[0],), (ones,), {"posterior": 1.0}, record=record
    )
    save_taught(reading, library.catalog(library.entry(id)), library.settings.home)


def test_taught_attributes_are_listed_and_deleted(library: Library, id: str) -> None:
    assert library.care.lessons(id) == []
    measured = {"queries": 30, "map": 71.0, "map_interval": {"low": 60.0, "high": 80.0}, "chance_map": 50.0}
    teach(library, id, "mood", {WEIGHTS: "digest of these", **measured})
    teach(library, id, "fit", {WEIGHTS: "digest of others", "queries": 3, "map": 99.0})
    fit, mood = library.care.lessons(id)
    assert (fit.name, fit.weights, fit.quality) == ("fit", "digest of others", {})
    assert mood.values == ("calm", "loud") and mood.quality == {
        "map": 71.0,
        "chance_map": 50.0,
        "low": 60.0,
        "high": 80.0,
    }
    library.care.rename(id, "Another name")
    assert [one.name for one in library.care.lessons(id)] == ["fit", "mood"]
    library.care.forget_lesson(id, "fit")
    assert [one.name for one in library.care.lessons(id)] == ["mood"]
    with pytest.raises(LibraryError, match="no attribute 'fit'"):
        library.care.forget_lesson(id, "fit")


def test_a_file_that_a_job_made_lies_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    for place in (tmp_path / "files" / "a.zip", tmp_path / "secret"):
        place.write_text("x")
    assert result_file(tmp_path / "files", {"file": "a.zip"}) == tmp_path / "files" / "a.zip"
    for name in ("../secret", str(tmp_path / "secret"), "b.zip", ".", ""):
        assert result_file(tmp_path / "files", {"file": name}) is None
    assert result_file(tmp_path / "files", {}) is None
