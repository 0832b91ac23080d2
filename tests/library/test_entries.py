"""The folders of the library's catalogs."""

from pathlib import Path

import pytest

from catalog import Item, LeftOut, Note
from library import Entry, LibraryError, UnknownCatalog
from library.entries import Entries


@pytest.fixture
def entries(tmp_path: Path) -> Entries:
    return Entries(tmp_path)


def test_an_entry_is_kept_as_it_was_given(entries: Entries, tmp_path: Path) -> None:
    made = entries.add("Shop 袖", source="shop.zip", wish={"columns": {"colour": "color"}}, owner="o", watched=True)
    shop = entries.add("Shop 袖", root=str(tmp_path / "there"))
    assert entries.get(made.id) == made and made.made > 0 and made.deleted is None
    assert [entry.id for entry in Entries(tmp_path)] == [made.id, shop.id], "the oldest first"
    changed = entries.change(made.id, name="Store", deleted=5.0)
    assert Entries(tmp_path).get(made.id) == changed == Entry(**{**vars(made), "name": "Store", "deleted": 5.0})
    assert entries.root(shop) == tmp_path / "there"
    assert entries.root(made).is_relative_to(tmp_path / "library" / "catalogs" / made.id)


def test_ids_and_doors_cannot_be_guessed_and_are_safe_in_addresses(entries: Entries) -> None:
    made = [entries.add("shop") for _ in range(20)]
    assert len({entry.id for entry in made} | {entry.door for entry in made}) == 40
    assert all(len(entry.id) >= 16 and entry.id.isalnum() for entry in made)
    assert all(len(entry.door) >= 20 for entry in made)


@pytest.mark.parametrize(
    "id", ["", "nobody", ".", "..", "../catalogs/demo", "demo/", "/demo", "a\0b", "x" * 5000, "袖"]
)
def test_what_is_no_id_of_a_catalog_is_unknown(entries: Entries, id: str) -> None:
    entries.add("demo", "demo")
    with pytest.raises(UnknownCatalog, match="there is no catalog"):
        entries.get(id)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": "a"}', '{"id": "a", "name": "b", "made": 1, "colour": "red"}'])
def test_a_damaged_entry_is_named_and_hides_no_other(entries: Entries, text: str) -> None:
    damaged, sound = entries.add("one", "one"), entries.add("two", "two")
    (entries.folder / damaged.id / "entry.json").write_text(text)
    assert list(entries) == [sound]
    with pytest.raises(LibraryError, match="the entry of catalog 'one' is damaged") as caught:
        entries.get("one")
    assert not isinstance(caught.value, UnknownCatalog)


def test_all_who_ask_for_a_ledger_get_the_same_one_under_the_name_of_the_catalog(entries: Entries) -> None:
    made = entries.add("shop")
    ledger = entries.ledger(made)
    ledger.put([Item("a", "a.png")])
    assert entries.ledger(entries.get(made.id)) is ledger
    assert ledger.catalog.root == entries.root(made) and ledger.catalog.name == "shop"
    renamed = entries.change(made.id, name="store")
    assert entries.ledger(renamed).catalog.name == "store"
    assert [item.id for item in entries.ledger(renamed).catalog] == ["a"]


def test_a_catalog_that_has_moved_is_read_where_it_is_now(entries: Entries, tmp_path: Path) -> None:
    made = entries.add("shop", root=str(tmp_path / "before"))
    entries.ledger(made).put([Item("a", "a.png")])
    moved = entries.change(made.id, root=str(tmp_path / "after"))
    assert entries.ledger(moved).catalog.root == tmp_path / "after"


def test_what_was_noted_about_the_files_is_kept(entries: Entries) -> None:
    made = entries.add("shop")
    assert entries.noted(made) == ((), ())
    notes = (Note("missing", {"table": "a.csv", "examples": "a.jpg"}, (2, 3)), Note("no-labels", {"columns": "title"}))
    left_out = (LeftOut("a.csv", 2, "missing", "a", "a.jpg"),)
    entries.note(made, notes, left_out)
    assert entries.noted(made) == (notes, left_out)
    (entries.folder / made.id / "notes.json").write_text("{}")
    assert entries.noted(made) == ((), ())


def test_an_erased_catalog_leaves_nothing_in_the_library_and_its_own_folder_alone(
    entries: Entries, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.png").write_bytes(b"picture")
    inside, elsewhere = entries.add("inside"), entries.add("elsewhere", root=str(outside))
    entries.root(inside).mkdir()
    (entries.root(inside) / "a.png").write_bytes(bytes(5000))
    assert entries.size(inside) > 5000 > entries.size(elsewhere) > 0
    for entry in (inside, elsewhere):
        entries.ledger(entry).put([Item("a", "a.png")])
        entries.erase(entry.id)
    assert list(entries) == [] and list(entries.folder.iterdir()) == []
    assert (outside / "a.png").exists()
    again = entries.add("inside", inside.id)
    assert len(entries.ledger(again).catalog) == 0
