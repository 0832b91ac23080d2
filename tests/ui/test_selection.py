"""What is done with selected results: a table, pictures, a contact sheet, and sets of a visitor's own."""

import asyncio
import csv
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from PIL import Image

from library import Library, Opened, new_key
from retrieval import Hit
from tests.ui.catalogs_page import asking, event
from tests.ui.test_result_cards import found_of, hit
from ui.contact_sheet import CELL, GAP, MARGIN, Frame, contact_sheet
from ui.searching import Answer
from ui.selection_events import SelectionEvents, build_selection
from ui.selection_files import MOST_PICTURES, Selected, as_csv, as_sheet, selected, write_zip


@pytest.fixture
def events(library: Library, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SelectionEvents:
    async def build() -> SelectionEvents:
        with gr.Blocks(analytics_enabled=False):
            return SelectionEvents(library, build_selection(lambda key: key))

    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "files"))
    monkeypatch.setattr(library.sets, "folder", tmp_path / "sets")
    return asyncio.run(build())


@pytest.fixture
def found(opened: Opened) -> Answer:
    return found_of(opened, hit(3, {"color": 0.9}), hit(1, {"color": 0.2}), hit(11, {"color": 0.1}))


def act(
    events: SelectionEvents, found: Answer | None, deleted: Any = None, key: str = "", **data: Any
) -> dict[Any, Any]:
    headers = {"x-lapel-visitor": key} if key else {}
    return events.act(event(**data), events.library.default, found, deleted, asking(**headers))


def file_of(events: SelectionEvents, updates: dict[Any, Any]) -> Path:
    return Path(updates[events.part.file].value["path"])


def test_a_table_has_ranks_levels_labels_and_no_formula(opened: Opened, found: Answer) -> None:
    table = list(csv.DictReader(io.StringIO(as_csv(selected(opened, ["g1", "g5", "g3"], found), "en"))))
    assert [(row["id"], row["rank"], row["level"], row["chance color"]) for row in table] == [
        ("g3", "1", "very likely", "0.9000"),
        ("g1", "2", "unlikely", "0.2000"),
        ("g5", "", "", ""),
    ], "hits by rank, then what was chosen in an earlier search"
    assert (table[0]["color"], table[0]["pattern"], table[0]["title"]) == ("red", "solid", "number 3")
    plain = list(csv.DictReader(io.StringIO(as_csv(selected(opened, ["g5", "g1"]), "en"))))
    assert [row["id"] for row in plain] == ["g5", "g1"] and "rank" not in plain[0]
    item = replace(opened.catalog.item("g1"), labels={"color": "=1+1", "pattern": "-4"})
    risky = as_csv(Selected(opened, (item,)), "en")
    assert "'=1+1" in risky and ",-4," in risky


def test_pictures_are_the_files_as_they_are_or_small_ones(opened: Opened, tmp_path: Path) -> None:
    chosen = selected(opened, ["g1", "g3", "nobody"])
    for originals in (True, False):
        assert write_zip(replace(chosen, originals=originals), tmp_path / "a.zip") == 2
        with zipfile.ZipFile(tmp_path / "a.zip") as archive:
            assert archive.namelist() == (["g1.png", "g3.png"] if originals else ["g1.webp", "g3.webp"])
            own = (opened.catalog.root / "images" / "1.png").read_bytes()
            assert (archive.read(archive.namelist()[0]) == own) == originals


def test_names_in_a_zip_are_safe_and_each_its_own(opened: Opened, tmp_path: Path) -> None:
    items = tuple(replace(opened.catalog.item("g1"), id=id) for id in ("../a/b", "A", "a", "..", "袖", "x" * 300))
    assert write_zip(Selected(opened, items, originals=True), tmp_path / "a.zip") == 6
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["a_b.png", "A.png", "a-2.png", "item.png", "袖.png", f"{'x' * 100}.png"]
    many = Selected(opened, tuple(replace(items[0], id=f"i{n}") for n in range(MOST_PICTURES + 5)), originals=True)
    assert write_zip(many, tmp_path / "b.zip") == MOST_PICTURES


def test_nothing_of_the_pictures_is_there_any_more(opened: Opened, tmp_path: Path) -> None:
    gone = replace(opened.catalog.item("g1"), image="images/none.png")
    with pytest.raises(ValueError, match="no picture"):
        write_zip(Selected(opened, (gone,), originals=True), tmp_path / "a.zip")


def test_a_contact_sheet_is_large_enough_for_all_that_it_says() -> None:
    red = Image.new("RGB", (300, 300), (200, 0, 0))
    one = contact_sheet("collar: notched", "shop", [Frame(red, ("1   a", "likely"))])
    seven = contact_sheet("collar: notched", "shop", [Frame(red, ("1   a", "likely")), *[Frame(None, ("2",))] * 6])
    long = contact_sheet("襟がとても長い条件に近い、" * 30, "shop", [Frame(red, ("1   a", "likely"))])
    assert seven.width == 2 * MARGIN + 6 * CELL[0] + 5 * GAP and one.width < seven.width
    assert seven.height > one.height + CELL[1] and long.height > one.height + 60
    assert (200, 0, 0) in {color for _, color in one.getcolors(1 << 20) or []}


def test_a_sheet_of_results_is_drawn_in_both_languages(opened: Opened, found: Answer) -> None:
    for lang in ("en", "ja"):
        sheet = as_sheet(selected(opened, ["g1", "g3", "g5"], found), lang)
        colors = {color for _, color in sheet.getcolors(1 << 20) or []}
        assert sheet.mode == "RGB" and len(colors) > 50, "there are pictures and letters on it"


@pytest.mark.parametrize("form", ["csv", "zip", "sheet"])
def test_a_press_gives_a_file_and_a_fault_gives_none(events: SelectionEvents, found: Answer, form: str) -> None:
    path = file_of(events, act(events, found, act=form, items=["g3", "g1"]))
    assert path.stat().st_size > 100 and re.match(r"lapel-\w+-\d{4}-\d\d-\d\d\.(csv|zip|png)", path.name)
    for items in ([], ["nobody"], None):
        updates = act(events, found, act=form, items=items)
        assert "no item is selected" in updates[events.part.line]
        assert updates[events.part.file].value is None, "the file of before is not given once more"


def test_a_set_is_saved_listed_exported_deleted_and_had_back(events: SelectionEvents, found: Answer) -> None:
    part, sets = events.part, events.library.sets
    updates = act(events, found, act="save", items=["g1", "g3", "nobody"], name="Reds <b>")
    (saved,) = sets.all(events.library.default)
    assert (saved.items, saved.asked) == (("g3", "g1"), "color like g0"), "in the order of their ranks"
    assert "Reds &lt;b&gt;" in updates[part.sets] and "<b>Reds <b>" not in updates[part.sets]
    assert "2 items" in updates[part.sets] and "Saved" in updates[part.line]
    assert 'data-values="[&quot;g3&quot;, &quot;g1&quot;]"' in updates[part.sets], "what it is opened by"
    table = file_of(events, act(events, None, act="csv", set=saved.id)).read_text("utf-8-sig")
    assert [line.split(",")[0] for line in table.splitlines()] == ["id", "g3", "g1"]
    updates = act(events, found, act="delete", set=saved.id)
    assert updates[part.sets] == "" and updates[part.deleted] == saved and 'data-does="undo"' in updates[part.line]
    back = act(events, found, saved, act="undo", set=saved.id)
    assert "Reds" in back[part.sets] and sets.all(events.library.default)[0].items == saved.items
    for name, said in ((" ", "needs a name"), ("x", "no item is selected")):
        assert said in act(events, found, act="save", items=["g1"] if name == " " else [], name=name)[part.line]


def test_strangers_have_sets_of_their_own_and_small_pictures(
    events: SelectionEvents, found: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, (anna, ben) = events.library, (new_key(), new_key())
    monkeypatch.setenv("LAPEL_PUBLIC", "1")
    monkeypatch.setattr(library, "settings", replace(library.settings, public=True))
    act(events, found, key=anna, act="save", items=["g1"], name="Anna's")
    id = re.search(
        r'data-set="(\w+)"', events.show(library.default, asking(**{"x-lapel-visitor": anna}))[events.part.sets]
    )
    assert id is not None
    assert events.show(library.default, asking(**{"x-lapel-visitor": ben}))[events.part.sets] == ""
    for form in ("csv", "zip", "sheet", "delete"):
        refused = act(events, found, key=ben, act=form, set=id[1])
        assert "no longer here" in refused[events.part.line] and refused[events.part.file].value is None
    with zipfile.ZipFile(file_of(events, act(events, found, key=anna, act="zip", items=["g1"]))) as archive:
        assert archive.namelist() == ["g1.webp"], "the host's files are not handed out"


def test_what_is_selected_of_another_catalog_has_no_ranks(opened: Opened, found: Answer) -> None:
    class Other:
        id = "another"

    other = replace(found, opened=Other())  # type: ignore[arg-type]
    assert selected(opened, ["g1"], other).found is None
    assert selected(opened, ["g1"], found).hit(opened.catalog.item("g5")) is None
    rank, own = selected(opened, ["g1"], found).hit(opened.catalog.item("g1")) or (-1, Hit("", 0.0))
    assert (rank, own.id) == (1, "g1")
