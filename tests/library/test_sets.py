"""Saved sets: named, listed, deleted, and each visitor's own."""

from dataclasses import replace
from pathlib import Path

import pytest

from library import HOST, Library, LibraryError, SavedSet, Visitor, new_key
from library.sets import LONGEST_NAME, MOST_SETS, Sets
from tests.ui.conftest import library_of

ANNA, BEN = Visitor(new_key()), Visitor(new_key())


@pytest.fixture
def sets(tmp_path: Path) -> Sets:
    return Sets(tmp_path)


def test_a_set_is_kept_as_it_was_chosen_and_read_by_another_process(sets: Sets, tmp_path: Path) -> None:
    made = sets.save("  Notched  lapels 襟 ", "shop", ["b", "a", "b"], HOST, "lapel: notched")
    assert (made.name, made.items, made.asked) == ("Notched lapels 襟", ("b", "a"), "lapel: notched")
    assert Sets(tmp_path).all("shop") == [made] and Sets(tmp_path).get(made.id) == made
    assert sets.all("another") == []
    later = sets.save("Stripes", "shop", ["c"])
    assert [one.name for one in sets.all("shop")] == ["Stripes", "Notched lapels 襟"], "the newest first"
    assert later.id != made.id


def test_a_set_of_the_same_name_takes_the_place_of_the_older_one(sets: Sets) -> None:
    first, second = sets.save("mine", "shop", ["a"]), sets.save("mine", "shop", ["b", "c"])
    assert first.id == second.id and [one.items for one in sets.all("shop")] == [("b", "c")]
    assert sets.save("mine", "another", ["a"]).id != first.id, "a set is of one catalog"


def test_a_visitor_sees_only_what_is_his(sets: Sets) -> None:
    hers, his, hosts = (sets.save("mine", "shop", [who], of) for who, of in (("a", ANNA), ("b", BEN), ("h", HOST)))
    assert [sets.all("shop", of) for of in (ANNA, BEN, HOST)] == [[hers], [his], [hosts]]
    assert ANNA.key not in f"{sorted(sets.folder.rglob('*'))}{hers}", "the key is not given away"
    for of in (BEN, HOST, Visitor(new_key())):
        with pytest.raises(LibraryError, match="no longer here"):
            sets.get(hers.id, of)
        with pytest.raises(LibraryError):
            sets.delete(hers.id, of)
    sets.erase(ANNA)
    assert [sets.all("shop", of) for of in (ANNA, BEN, HOST)] == [[], [his], [hosts]]
    sets.erase(HOST)
    assert sets.all("shop") == [hosts]


def test_a_deleted_set_can_be_had_back(sets: Sets) -> None:
    made = sets.save("mine", "shop", ["a", "b"], ANNA)
    assert sets.delete(made.id, ANNA) == made and sets.all("shop", ANNA) == []
    with pytest.raises(LibraryError):
        sets.delete(made.id, ANNA)
    assert sets.restore(made, ANNA).items == made.items


@pytest.mark.parametrize("id", ["", "..", "../host/a", "a" * 24 + "/", "A" * 24])
def test_what_is_no_id_of_a_set_is_refused(sets: Sets, id: str) -> None:
    with pytest.raises(LibraryError, match="no longer here"):
        sets.get(id)


def test_what_cannot_be_a_set_is_told(sets: Sets) -> None:
    for name, items, said in [
        (" ", ["a"], "name"),
        ("mine", [], "no item"),
        ("mine", map(str, range(10_001)), "10,001"),
    ]:
        with pytest.raises(LibraryError, match=said):
            sets.save(name, "shop", list(items))
    assert len(sets.save("x" * 500, "shop", ["a"]).name) == LONGEST_NAME
    for number in range(MOST_SETS - 1):
        sets.save(f"set {number}", "shop", ["a"])
    with pytest.raises(LibraryError, match="delete one"):
        sets.save("one more", "shop", ["a"])
    assert sets.save("set 1", "shop", ["b"]).items == ("b",), "one that is there already may change"


def test_a_damaged_file_is_passed_over(sets: Sets) -> None:
    made = sets.save("mine", "shop", ["a"])
    for number, text in enumerate(["", "{", "[]", "{}", '{"items": 3}', '{"id": "x", "items": [], "more": 1}']):
        (sets.folder / "host" / f"{number:024x}.json").write_text(text)
    assert sets.all("shop") == [made]


def test_visitors_sets_lapse_and_the_hosts_stay(sets: Sets) -> None:
    old, new, hosts = (
        sets.save("old", "shop", ["a"], ANNA),
        sets.save("new", "shop", ["b"], ANNA),
        sets.save("h", "s", ["a"]),
    )
    _age(sets, old, 7200)
    _age(sets, hosts, 7200)
    sets.sweep(3600)
    assert sets.all("shop", ANNA) == [new] and len(sets.all("s")) == 1


def test_sets_go_with_their_catalog_and_with_all_that_is_a_visitors(tmp_path: Path) -> None:
    library: Library = library_of(tmp_path, 2)
    try:
        entry = library.keeping.duplicate(library.default, "copy")
        kept = library.sets.save("kept", library.default, ["g1"])
        library.sets.save("gone", entry.id, ["g1"])
        hers = library.sets.save("hers", library.default, ["g0"], ANNA)
        library.keeping.delete(entry.id)
        library.keeping.erase_deleted(entry.id)
        assert library.sets.all(entry.id) == [] and library.sets.all(library.default) == [kept]
        assert library.sets.all(library.default, ANNA) == [hers]
        library.keeping.erase(ANNA)
        assert library.sets.all(library.default, ANNA) == [] and library.sets.all(library.default) == [kept]
    finally:
        library.close()


def _age(sets: Sets, one: SavedSet, seconds: float) -> None:
    path = next(sets.folder.rglob(f"{one.id}.json"))
    path.write_text(path.read_text().replace(str(one.made), str(replace(one, made=one.made - seconds).made)))
