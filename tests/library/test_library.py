"""Which catalogs there are, for whom, and which of them are open."""

import csv
import threading
from pathlib import Path
from typing import Any

import pytest

from library import HOST, Library, LibraryError, Opened, Settings, UnknownCatalog, Visitor
from tests.ui.conftest import add_catalog, draw_catalog, library_of, library_on, ready
from ui import explanation_cards, result_cards
from ui.asked import Asked, Picture, like
from ui.searching import answer

BY_COLOR = Asked(like(Picture(item="g0"), {"color": 1.0}))


def rewrite(folder: Path, change: Any) -> None:
    """Rewrite the table of a catalog by what `change` makes of its rows."""
    with (folder / "catalog.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    with (folder / "catalog.csv").open("w", newline="") as file:
        csv.writer(file).writerows(change(rows))


def wait(opened: Opened) -> Opened:
    assert opened.wait(60) and opened.stage.name == "ready", opened.stage.error
    return opened


def test_a_folder_that_is_adopted_twice_is_one_entry_and_its_changes_follow(tmp_path: Path) -> None:
    folder = draw_catalog(tmp_path / "shop", 5)
    library = library_on(folder, tmp_path / "home")
    (entry,) = library.entries
    assert entry.name == "shop" and entry.id == library.default and library.all() == [entry]
    library.label("", "g1", "pattern", "dotted")
    ledger = tmp_path / "home" / "library" / "catalogs" / entry.id / "items.jsonl"
    size = ledger.stat().st_size
    again = library_on(folder, tmp_path / "home")
    assert list(again.entries) == [entry] and ledger.stat().st_size == size
    rewrite(folder, lambda rows: [[*row[:4], "blue" if row[0] == "g2" else row[4], row[5]] for row in rows[:-1]])
    later = Library(Settings(tmp_path / "home", str(folder), device="cpu")).begin()
    assert [item.id for item in later] == ["g0", "g1", "g2", "g3"]
    assert later.item("g2").labels["color"] == "blue" and later.item("g1").labels["pattern"] == "dotted"
    assert "dotted" in later.attribute("pattern").values and "green" not in later.attribute("color").values
    assert again.entries.ledger(entry).catalog.items == later.items, "an app that runs sees what another has written"


def test_the_first_catalog_and_its_notes_are_those_of_the_settings(tmp_path: Path) -> None:
    folder = draw_catalog(tmp_path / "shop", 3)
    (folder / "images" / "2.png").unlink()
    library = Library(Settings(tmp_path / "home", str(folder), device="cpu"))
    begun = library.begin()
    assert "missing" in [note.kind for note in begun.notes] and [row.id for row in begun.left_out] == ["g2"]
    assert ready(library).opened("").catalog.left_out == begun.left_out
    assert library.entry("") == library.entry(library.default)
    for id in ("nobody", "../home"):
        with pytest.raises(UnknownCatalog, match="there is no catalog"):
            library.opened(id)


def test_what_is_in_use_stays_open_and_of_the_others_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("library.opening.MOST_OPEN", 2)
    library = library_of(tmp_path, 2)
    first = library.opened("")
    used, idle, last = (add_catalog(library, tmp_path / name).id for name in ("used", "idle", "last"))
    closed = wait(library.opened(idle))
    found = answer(closed, BY_COLOR)
    with library.use(used) as held, library.use(used):
        wait(held)
        wait(library.opened(last))
        assert library.opened(used) is held and library.opened("") is first
        assert [hit.id for hit in answer(held, BY_COLOR).hits] == ["g1"]
        assert library.opened(last) is library.opened(last)
        assert library.opened(idle) is not closed, "it had been closed, and is opened again when asked for"
    assert "g1" in [hit.id for hit in found.hits]
    assert explanation_cards.explanation(found, 0, 0, "en").count("<img") == 4, (
        "what was found before is still explained"
    )
    library.opened(last)
    library.opened(idle)
    assert library.opened(used) is not held, "nobody uses it any more"
    assert library.opened("") is first


def test_pictures_are_served_by_their_door_whether_the_catalog_is_open_or_not(tmp_path: Path) -> None:
    folder = draw_catalog(tmp_path / "shop", 2)
    library = library_on(folder, tmp_path / "home")
    entry = add_catalog(library, tmp_path / "own")
    first = library.entries.ledger(entry).catalog.items[0]
    name = library.thumbnails(entry).url(first).removeprefix(f"thumbnails/{entry.door}/")
    for one in (library, library_on(folder, tmp_path / "home")):
        found = one.by_door(entry.door)
        assert found is not None and found.find(name) is not None
        assert one.by_door("nobodys") is None and one.by_door("") is None and one.by_door(entry.id) is None


def test_labels_given_at_the_same_time_are_all_seen(tmp_path: Path) -> None:
    library = library_of(tmp_path, 3)

    def give(item: str) -> None:
        for number in range(4):
            library.label("", item, "color", f"{item} {number}")

    threads = [threading.Thread(target=give, args=(f"g{number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen = {item.id: item.labels["color"] for item in library.opened("").catalog}
    assert seen == {f"g{number}": f"g{number} 3" for number in range(3)}


def test_visitors_of_a_public_host_see_its_catalogs_and_their_own(tmp_path: Path) -> None:
    library = library_on(draw_catalog(tmp_path / "shop", 2), tmp_path / "home", public=True, device="abacus")
    one, other, nobody, host = Visitor("one's key"), Visitor("other's key"), Visitor(), Visitor(admin=True)
    shop = library.entry("")
    own = add_catalog(library, tmp_path / "own", owner=one.mark)
    assert one.key not in (tmp_path / "home" / "library" / "catalogs" / own.id / "entry.json").read_text()
    assert library.all(one) == [shop, own]
    assert library.entry(own.id, one) == library.own(own.id, one) == own
    assert library.opened(own.id, one).id == own.id
    for visitor in (other, nobody, host):
        assert library.all(visitor) == [shop]
        for ask in (library.entry, library.own, library.opened):
            with pytest.raises(UnknownCatalog, match=f"there is no catalog '{own.id}'"):
                ask(own.id, visitor)
        with pytest.raises(UnknownCatalog):
            library.label(own.id, "g0", "color", "blue", visitor=visitor)
    for visitor in (one, other, nobody):
        with pytest.raises(LibraryError, match="'shop' belongs to the host; duplicate it to change it"):
            library.label("", "g0", "color", "blue", visitor=visitor)
    assert library.label(own.id, "g0", "color", "blue", visitor=one).value == "blue"
    assert library.label("", "g0", "color", "blue", visitor=host).value == "blue"
    library.entries.change(own.id, deleted=1.0)
    assert library.all(one) == [shop]
    with pytest.raises(UnknownCatalog):
        library.opened(own.id, one)


def test_on_ones_own_machine_all_is_the_hosts(tmp_path: Path) -> None:
    library = library_on(draw_catalog(tmp_path / "shop", 2), tmp_path / "home")
    own = add_catalog(library, tmp_path / "own", owner=Visitor("a key").mark)
    assert library.all() == library.all(HOST) == [library.entry(""), own]
    assert library.own(own.id) == own and library.own("") == library.entry("")


def test_a_label_is_seen_by_the_next_search_and_not_by_answers_before(tmp_path: Path) -> None:
    library = library_of(tmp_path, 3)
    opened = library.opened("")
    before = answer(opened, BY_COLOR)
    columns = opened.columns
    given = library.label("", "g1", "Color", "mauve", "random")
    assert (given.attribute, given.before) == ("color", "blue")
    found = answer(opened, BY_COLOR)
    assert found.catalog.item("g1").labels["color"] == "mauve" and "mauve" in result_cards.results(found, "en")
    assert before.catalog.item("g1").labels["color"] == "blue" and "mauve" not in result_cards.results(before, "en")
    assert opened.columns is not columns and opened.columns.resolve({"color": ["Mauve"]}) == {"color": ["mauve"]}
    filtered = answer(opened, Asked(like(Picture(item="g0"), {"color": 1.0}), filters={"color": ["mauve"]}))
    assert [hit.id for hit in filtered.hits] == ["g1"]
    library.entries.ledger(library.entry("")).undo(given)
    library.refresh(library.default)
    assert opened.catalog.item("g1").labels["color"] == "blue"
    with pytest.raises(LibraryError, match="no item 'g99'"):
        library.label("", "g99", "color", "red")
