"""The ledger of a catalog: what was written is read again, by this process and by others."""

import json
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from catalog import Attribute, Catalog, Item
from library import Ledger, LibraryError
from library.given import UNSEEN, chosen, replaced, standing
from tests.ui.conftest import ROOT

ITEMS = (
    Item("a", "a.png", "train", {"color": "red", "Sleeve Length": "long"}, {"title": "first", "note": ""}),
    Item("b", "b.png", None, {"color": "blue"}, more=("b-back.png",)),
    Item("c", "c.png"),
)
ATTRIBUTES = (Attribute("Sleeve Length", ("short", "long")), Attribute("color", ("red", "blue", "green")))


def ledger(folder: Path) -> Ledger:
    return Ledger(folder / "ledger", folder / "images", "shop")


def filled(folder: Path) -> Ledger:
    made = ledger(folder)
    made.put(ITEMS, ATTRIBUTES)
    return made


def of(folder: Path, *items: Item, attributes: tuple[Attribute, ...] = ATTRIBUTES) -> Catalog:
    """A catalog as it would be read from files."""
    return Catalog(folder / "images", "shop", items, attributes)


def labels(made: Ledger) -> dict[str, dict[str, str]]:
    return {item.id: item.labels for item in made.catalog}


def test_a_ledger_that_nobody_wrote_is_an_empty_catalog(tmp_path: Path) -> None:
    assert len(ledger(tmp_path).catalog) == 0 and ledger(tmp_path).given == [] and not list(tmp_path.iterdir())


def test_what_was_put_is_read_again_as_it_was(tmp_path: Path) -> None:
    first = filled(tmp_path)
    again = ledger(tmp_path)
    for made in (first, again):
        assert made.catalog == Catalog(tmp_path / "images", "shop", ITEMS, ATTRIBUTES)
        assert made.catalog is made.catalog
    first.put([replace(ITEMS[1], image="new.png"), Item("d", "d.png", labels={"color": "mauve"})])
    first.remove(["a"])
    for made in (first, again, ledger(tmp_path)):
        assert [item.id for item in made.catalog] == ["b", "c", "d"]
        assert made.catalog.item("b").image == "new.png"
        assert made.catalog.attribute("color").values == ("red", "blue", "green", "mauve")
    with pytest.raises(LibraryError, match="the catalog 'shop' has no item 'a'"):
        first.remove(["b", "a"])
    assert "b" in labels(first), "a refused removal removes nothing"


@pytest.mark.parametrize("text", ["two\u2028lines", "next\x85line", "a\nb\r\nc", "\x1c\x0b", "袖丈 \udcff 🧥"])
def test_texts_of_any_letters_come_back(tmp_path: Path, text: str) -> None:
    item = Item(f"i{text}", "a.png", None, {"color": text}, {"title": text})
    ledger(tmp_path).put([item])
    ledger(tmp_path).label(item.id, "pattern", text)
    assert ledger(tmp_path).catalog.items == (replace(item, labels={"color": text, "pattern": text}),)


@pytest.mark.parametrize("torn", [b'{"put": {"id": "d", "ima', b"{", "袖".encode()[:2]])
def test_what_a_killed_process_had_begun_is_passed_over_and_written_over(tmp_path: Path, torn: bytes) -> None:
    open_all_along = filled(tmp_path)
    whole = open_all_along.path.read_bytes()
    with open_all_along.path.open("ab") as file:
        file.write(torn)
    other = ledger(tmp_path)
    assert labels(other) == labels(open_all_along) and list(labels(other)) == ["a", "b", "c"]
    other.label("c", "color", "green")
    lines = other.path.read_bytes().removeprefix(whole).splitlines()
    assert len(lines) == 1 and json.loads(lines[0])["label"]["item"] == "c"
    for made in (open_all_along, other, ledger(tmp_path)):
        assert made.catalog.item("c").labels == {"color": "green"}


def test_a_label_is_given_taken_away_and_undone(tmp_path: Path) -> None:
    made = filled(tmp_path)
    before = made.catalog
    given = made.label("a", "color", "green", "random")
    assert (given.before, given.value, given.why) == ("red", "green", "random") and given.at > 0
    assert made.catalog.item("a").labels == {"color": "green", "Sleeve Length": "long"}
    assert before.item("a").labels["color"] == "red", "who holds the catalog as it was keeps it"
    gone = made.label("a", "color", None)
    assert (gone.before, gone.value) == ("green", None) and made.catalog.item("a").labels == {"Sleeve Length": "long"}
    unseen = made.label("b", "color", UNSEEN)
    assert unseen.before == "blue" and "color" not in made.catalog.item("b").labels
    assert UNSEEN not in made.catalog.attribute("color").values
    made.undo(unseen)
    assert made.catalog.item("b").labels["color"] == "blue"
    made.undo(gone)
    made.undo(given)
    assert made.catalog.item("a").labels == {"color": "red", "Sleeve Length": "long"}
    assert [(one.value, one.why) for one in ledger(tmp_path).given if one.item == "a"] == [
        ("green", "random"),
        (None, "result"),
        ("green", "undo"),
        ("red", "undo"),
    ]
    with pytest.raises(LibraryError, match="no item 'z'"):
        made.label("z", "color", "red")


def test_a_new_value_and_a_new_attribute_are_known_after_those_that_are_there(tmp_path: Path) -> None:
    made = filled(tmp_path)
    made.label("c", "color", "mauve")
    made.label("c", "hem", "frayed")
    for one in (made, ledger(tmp_path)):
        assert one.catalog.attribute("color").values == ("red", "blue", "green", "mauve")
        assert [attribute.name for attribute in one.catalog.attributes] == ["Sleeve Length", "color", "hem"]
        assert one.catalog.item("c").labels == {"color": "mauve", "hem": "frayed"}


def test_an_attribute_is_spelled_as_the_catalog_has_it(tmp_path: Path) -> None:
    made = filled(tmp_path)
    for spelling in ("sleeve_length", "SLEEVE-LENGTH", "Sleeve Length"):
        assert made.label("b", spelling, "short").attribute == "Sleeve Length"
    assert made.judge("a", "b", "sleeve length", False).attribute == "Sleeve Length"
    assert made.catalog.item("b").labels == {"color": "blue", "Sleeve Length": "short"}
    assert len(made.catalog.attributes) == 2


def test_verdicts_are_kept_and_change_no_label(tmp_path: Path) -> None:
    made = filled(tmp_path)
    catalog = made.catalog
    for query, item, same in (("a", "b", True), ("b", "c", True), ("a", "b", False), ("b", "c", None)):
        made.judge(query, item, "color", same)
    for one in (made, ledger(tmp_path)):
        last = [(said.query, said.item, said.attribute, said.same) for said in one.verdicts]
        assert last == [("a", "b", "color", False)], "the last one holds, unless it was taken back"
    assert made.catalog is catalog and made.given == []
    with pytest.raises(LibraryError, match="no item 'z'"):
        made.judge("a", "z", "color", True)


def test_a_catalog_that_was_read_again_is_followed_and_given_labels_stay(tmp_path: Path) -> None:
    made = ledger(tmp_path)
    assert made.sync(of(tmp_path, *ITEMS)) == 3
    size = made.path.stat().st_size
    assert made.sync(of(tmp_path, *ITEMS)) == 0 and made.path.stat().st_size == size
    made.label("a", "color", "green")
    made.label("b", "hem", "frayed")
    size = made.path.stat().st_size
    assert made.sync(of(tmp_path, *ITEMS)) == 0 and made.path.stat().st_size == size, "a given label is no change"
    changed = replace(ITEMS[0], labels={"color": "blue", "Sleeve Length": "short"}, columns={"title": "anew"})
    assert made.sync(of(tmp_path, changed, ITEMS[1], Item("d", "d.png"))) == 3
    for one in (made, ledger(tmp_path)):
        assert labels(one) == {
            "a": {"color": "green", "Sleeve Length": "short"},
            "b": {"color": "blue", "hem": "frayed"},
            "d": {},
        }
        assert one.catalog.item("a").columns == {"title": "anew"}


def test_attributes_and_values_that_left_the_files_are_gone_unless_they_were_given(tmp_path: Path) -> None:
    made = ledger(tmp_path)
    made.sync(of(tmp_path, *ITEMS))
    made.label("c", "color", "mauve")
    item = Item("c", "c.png", None, {"hem": "raw"})
    found = of(tmp_path, item, attributes=(Attribute("hem", ("cut", "raw")), Attribute("color", ("blue", "red"))))
    made.sync(found)
    for one in (made, ledger(tmp_path)):
        assert one.catalog.attributes == (
            Attribute("hem", ("cut", "raw")),
            Attribute("color", ("blue", "red", "mauve")),
        )
    size = made.path.stat().st_size
    assert made.sync(found) == 0 and made.path.stat().st_size == size


WRITER = """
import sys
from pathlib import Path
from types import ModuleType
sys.modules["library"] = ModuleType("library")  # the whole room loads torch, which takes seconds
sys.modules["library"].__path__ = ["library"]
from library.ledger import Ledger
folder = Path(sys.argv[1])
made = Ledger(folder / "ledger", folder / "images", "shop")
for number in range(60):
    made.label("a", "color", f"theirs {number}")
"""


def test_two_processes_lose_nothing_of_each_other(tmp_path: Path) -> None:
    made = filled(tmp_path)
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT)
    try:
        while not made.given and writer.poll() is None:
            time.sleep(0.01)
        for number in range(60):
            made.label("b", "color", f"mine {number}")
        assert writer.wait(60) == 0
    finally:
        writer.kill()
        writer.wait()
    told = [given.value for given in ledger(tmp_path).given]
    assert [value for value in told if value and value.startswith("theirs")] == [f"theirs {n}" for n in range(60)]
    assert [value for value in told if value and value.startswith("mine")] == [f"mine {n}" for n in range(60)]
    assert labels(made) == labels(ledger(tmp_path))
    assert labels(made)["a"]["color"] == "theirs 59"


def test_threads_of_one_process_lose_nothing_of_each_other(tmp_path: Path) -> None:
    made = filled(tmp_path)

    def write(item: str) -> None:
        for number in range(25):
            made.label(item, "color", str(number))

    threads = [threading.Thread(target=write, args=(item.id,)) for item in ITEMS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger(tmp_path).given) == 75
    assert {own["color"] for own in labels(made).values()} == {"24"}


def test_what_was_begun_in_the_page_stays_when_the_files_are_read_again(tmp_path: Path) -> None:
    made = filled(tmp_path)
    made.begin(Attribute("fit", ("slim", "wide")))
    made.label("a", "fit", "wide")
    made.sync(of(tmp_path, *ITEMS))
    for one in (made, ledger(tmp_path)):
        assert one.catalog.attribute("fit").values == ("slim", "wide")


def test_labels_that_are_taken_back_count_no_more(tmp_path: Path) -> None:
    made = filled(tmp_path)
    made.label("a", "color", "green", "random")
    wrong = made.label("a", "color", "blue", "unsure")
    assert chosen(made.given) == {("a", "color")}
    made.undo(wrong)
    made.label("b", "color", "green", "typical")
    made.label("c", "color", None, "unsure")
    assert [(one.item, one.value) for one in standing(made.given)] == [("a", "green"), ("b", "green"), ("c", None)]
    assert chosen(made.given) == {("b", "color")}
    assert replaced(made.given) == {("b", "color"): "blue", ("c", "color"): None}
