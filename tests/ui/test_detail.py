"""A catalog in detail: its facts, its items, one item, labels from a table; handlers without a browser."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from catalog import look
from common.assets import EMBEDDED_WEIGHTS
from library import Entry, Library
from library.entries import new_id
from library.importing import import_look
from retrieval import ItemSource, Query, Term
from tests.ui.catalogs_page import CatalogsPage, asking, catalogs_page, event
from tests.ui.conftest import draw_catalog, library_of
from tests.ui.test_search_events import all_of, handlers
from tests.ui.test_search_events import page as page_of
from ui.asked import Asked, Picture, like
from ui.catalogs.detail_tab import Shown
from ui.catalogs.item_cards import PAGE
from ui.label_choices import NONE, UNSEEN, VALUE
from ui.metrics import Looked
from ui.steps import Steps


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Ready, on five items in a folder."""
    library = library_of(tmp_path_factory.mktemp("detail"), 5)
    yield library
    library.close()


@pytest.fixture(scope="module")
def page(library: Library) -> CatalogsPage:
    return catalogs_page(library)


@pytest.fixture
def id(library: Library, tmp_path: Path) -> str:
    """A catalog whose pictures lie in the library."""
    home = library.settings.home
    found = look(draw_catalog(home / tmp_path.name, 7), home)
    entry = import_look(library.entries, found, Entry(new_id(), "Brought", 0.0), home, lambda done, total: None)
    return entry.id


class Detail:
    """What a visitor has before him after he has opened a catalog, and what he does there."""

    def __init__(self, page: CatalogsPage, id: str, lang: str = "en") -> None:
        self.page, self.lang, self.seen = page, lang, dict[Any, Any]()
        self._take(page.detail.open(event(act="detail", id=id), "", asking(lang)))

    def _take(self, updates: dict[Any, Any]) -> dict[Any, Any]:
        self.seen |= updates
        return updates

    @property
    def shown(self) -> Shown:
        found: Shown = self.seen[self.page.detail.tab.shown]
        return found

    def __call__(self, act: str, **data: Any) -> dict[Any, Any]:
        return self._take(self.page.detail.act(event(act=act, **data), self.shown, "", asking(self.lang)))

    def items(self, act: str, **data: Any) -> dict[Any, Any]:
        return self._take(self.page.detail.item(event(act=act, **data), self.shown, "", asking(self.lang)))

    def html(self, name: str) -> str:
        return str(self.seen[getattr(self.page.detail.tab, name)])


def test_the_facts_of_a_catalog(page: CatalogsPage, library: Library) -> None:
    detail = Detail(page, library.default)
    about = detail.html("about")
    for fact in (
        "<dd>5</dd>",
        "this installation&#x27;s",
        "color",
        "5 labels",
        "Reports <i>0</i>",
        "in a folder of the server",
    ):
        assert fact in about, fact
    assert 'data-act="watch"' in about and detail.html("head").count("<button") == 6
    assert detail.seen[page.detail.tab.name] == library.entry("").name
    assert "アイテム" in Detail(page, library.default, "ja").html("about")


def test_what_is_not_there_is_a_line(page: CatalogsPage) -> None:
    opened = page.detail.open(event(act="detail", id="nobody"), "", asking())
    assert "there is no catalog" in opened[page.detail.tab.line]


def test_a_catalog_is_renamed(page: CatalogsPage, library: Library, id: str) -> None:
    detail = Detail(page, id)
    done = page.detail.rename(" Summer <b> ", detail.shown, "", asking())
    assert library.entry(id).name == "Summer <b>" and "Summer &lt;b&gt;" in done[page.detail.tab.head]
    assert "blank" in page.detail.rename(" ", detail.shown, "", asking())[page.detail.tab.line]


def test_items_are_found_by_text_and_value(page: CatalogsPage, id: str) -> None:
    detail = Detail(page, id)
    assert detail.html("items").count('class="card"') == 7 and "7 of 7 items" in detail.html("items")
    detail.items("find", value="NUMBER 3")
    assert detail.html("items").count('class="card"') == 1 and "number 3" in detail.html("items")
    detail.items("find", value="")
    detail.items("column", value="color")
    assert detail.shown.value == "red" and detail.html("items").count('class="card"') == 3
    detail.items("value", value="green")
    assert detail.html("items").count('class="card"') == 2
    detail.items("find", value="zebra")
    assert "No item matches" in detail.html("items")


def test_items_come_in_pages(page: CatalogsPage, library: Library, tmp_path: Path) -> None:
    entry = library.entries.add("many", root=str(tmp_path))
    drawn = library.ledger(library.default).catalog.items[0]
    library.ledger(entry.id).put([replace(drawn, id=f"i{place}") for place in range(PAGE + 2)])
    detail = Detail(page, entry.id)
    assert detail.html("items").count('class="card"') == PAGE and "Page 1 of 2" in detail.html("items")
    detail.items("page", turn="1")
    assert detail.html("items").count('class="card"') == 2 and detail.shown.page == 1
    detail.items("page", turn="1")
    assert detail.shown.page == 1
    detail.items("page", turn="-1")
    assert detail.shown.page == 0


def test_several_items_are_removed_and_put_back(page: CatalogsPage, library: Library, id: str) -> None:
    detail = Detail(page, id)
    done = detail.items("remove-all", items=["g1", "g2"])
    assert "Items removed: 2." in done[page.detail.tab.line] and 'data-act="undo"' in done[page.detail.tab.line]
    assert "5 of 5 items" in detail.html("items") and "<dd>5</dd>" in detail.html("about")
    detail("undo")
    assert "<dd>7</dd>" in detail.html("about")
    assert len(library.ledger(id).catalog) == 7 and detail.shown.removed == ()
    assert "has no item" in detail.items("remove-all", items=["zz"])[page.detail.tab.line]


def test_several_items_get_a_label(page: CatalogsPage, library: Library, id: str) -> None:
    detail = Detail(page, id)
    detail.items("label-all", items=["g0", "g1"], label=json.dumps(["pattern", "solid"]))
    assert [library.ledger(id).catalog.item(one).labels["pattern"] for one in ("g0", "g1")] == ["solid", "solid"]
    assert "choose a label" in detail.items("label-all", items=["g0"], label="")[page.detail.tab.line]


def test_the_labels_of_an_item_are_changed(page: CatalogsPage, library: Library, id: str) -> None:
    detail = Detail(page, id)
    detail.items("item", id="g0")
    assert "number 0" in detail.html("item") and "-640.webp" in detail.html("item")
    for chosen, label in ((VALUE + "green", "green"), (NONE, None), (UNSEEN, None), ("sea  foam", "sea foam")):
        detail.items("set", attribute="color", value=chosen)
        assert library.ledger(id).catalog.item("g0").labels.get("color") == label
    assert library.ledger(id).given[-1].why == "item"
    assert "no attribute" in detail.items("set", attribute="zebra", value="x")[page.detail.tab.line]
    detail.items("shut")
    assert detail.seen[page.detail.tab.panel].visible is False


def test_twins_are_shown(page: CatalogsPage, id: str) -> None:
    detail = Detail(page, id)
    detail.items("item", id="g0")
    assert 'data-key="twin-g6"' in detail.html("item")


def test_another_picture(page: CatalogsPage, library: Library, id: str, tmp_path: Path) -> None:
    detail = Detail(page, id)
    detail.items("item", id="g0")
    assert detail.seen[page.detail.tab.picture].visible is True
    Image.new("RGB", (99, 99)).save(tmp_path / "new.png")
    done = page.detail.items.take_picture(str(tmp_path / "new.png"), detail.shown, library.default, asking())
    assert "replaced" in done[page.detail.tab.line]
    assert library.ledger(id).catalog.open(library.ledger(id).catalog.item("g0")).size == (99, 99)
    (tmp_path / "no.png").write_text("no picture")
    refused = page.detail.items.take_picture(str(tmp_path / "no.png"), detail.shown, library.default, asking())
    assert "error" in refused[page.detail.tab.line]


def test_a_table_is_told_before_it_changes_labels(
    page: CatalogsPage, library: Library, id: str, tmp_path: Path
) -> None:
    detail = Detail(page, id)
    (tmp_path / "labels.csv").write_text("id,color,season\ng0,blue,<i>\nzz,red,winter\n")
    read = page.detail.read_labels(str(tmp_path / "labels.csv"), detail.shown, asking())
    detail.seen |= read
    told = read[page.detail.tab.update]
    assert "Labels that would change: 2" in told and "zz" in told and "<i>" not in told
    assert library.ledger(id).catalog.item("g0").labels["color"] == "red"
    detail("apply")
    assert library.ledger(id).catalog.item("g0").labels == {"color": "blue", "pattern": "stripe", "season": "<i>"}
    assert "no longer here" in detail("apply")[page.detail.tab.line]
    (tmp_path / "labels.csv").write_text("a,b\n1,2\n")
    refused = page.detail.read_labels(str(tmp_path / "labels.csv"), detail.shown, asking())
    assert "names no item" in refused[page.detail.tab.line]


def test_a_folder_is_watched_on_request(page: CatalogsPage, library: Library) -> None:
    detail = Detail(page, library.default)
    detail("watch", value=True)
    assert library.entry("").watched and 'data-key="watch" checked' in detail.html("about")
    detail("watch", value=False)
    assert not library.entry("").watched


def test_searching_with_an_item_goes_to_search(page: CatalogsPage, library: Library) -> None:
    detail = Detail(page, library.default)
    detail.items("item", id="g3")
    done = detail.items("search", id="g3")
    wanted = done[page.catalogs.tab.go]
    assert (wanted[0], wanted[2]) == (library.default, "g3") and done[page.catalogs.tabs].selected == "search"
    events = handlers(library)
    pattern = Asked(like(Picture(item="g0"), {"pattern": 1.0}))
    steps = page_of(library, pattern)
    all_of(events.go(wanted, steps, asking()))
    assert steps.now.asked.terms == like(Picture(item="g3"), {"pattern": 1.0})
    steps = page_of(library, Asked(like(Picture(item="g0"), {"color": 1.0})))
    all_of(events.go((*wanted, "pattern"), steps, asking()))
    assert list(steps.now.asked.weights) == ["pattern"], "what another tab asks for stands above what is asked"
    all_of(events.go(wanted, steps := Steps(), asking()))
    assert list(steps.now.asked.weights) == ["color"]


def test_the_disk_is_pruned(page: CatalogsPage, library: Library, id: str) -> None:
    detail = Detail(page, id)
    detail.items("remove-all", items=["g1"])
    assert "were freed" in detail("prune")[page.detail.tab.line]
    engine = library.opened("").engine
    assert engine.pending == 0
    assert len(engine.search(Query((Term("color", ItemSource("g0")),)), 4)) == 4
    opened = library.opened(id)
    assert opened.wait(60) and len(opened.engine.search(Query((Term("color", ItemSource("g0")),)), 9)) > 0


def test_a_deleted_catalog_is_had_back_from_the_notice_or_erased(page: CatalogsPage, library: Library, id: str) -> None:
    tab, restore = page.catalogs.tab, f'data-act="restore" data-key="restore-{id}"'
    done = page.catalogs.act(event(act="delete", id=id), "", asking())
    assert restore in done[tab.line] and restore in done[tab.listed] and 'data-act="erase_one"' in done[tab.listed]
    assert "Erase &#x27;Brought&#x27; for good? Its pictures" in done[tab.listed]
    back = page.catalogs.act(event(act="restore", id=id), "", asking())
    assert restore not in back[tab.listed] and library.entry(id).deleted is None
    assert "delete it first" in page.catalogs.act(event(act="erase_one", id=id), "", asking())[tab.line]
    page.catalogs.act(event(act="delete", id=id), "", asking())
    gone = page.catalogs.act(event(act="erase_one", id=id), "", asking())
    assert gone[tab.line] == "" and id not in gone[tab.listed]
    assert "is erased" in gone[tab.listed].partition("lapel-gone")[2], "where it was pressed"
    assert "#catalog-list .lapel-line" in gone[tab.reply]
    assert not (library.entries.folder / id).exists()


def test_a_card_names_attributes_as_people_do_and_says_how_many_more_there_are(
    page: CatalogsPage, library: Library, id: str
) -> None:
    for number in range(6):
        library.label(id, "g0", f"mark {number}", "x")
    library.label(id, "g0", "sleeve_length", "long")
    listed = page.catalogs.begin("", asking())[page.catalogs.tab.listed]
    assert "color, pattern, mark 0, mark 1, mark 2, mark 3, and 3 more" in listed and "sleeve_length" not in listed


def test_the_list_comes_back(page: CatalogsPage, library: Library) -> None:
    detail = Detail(page, library.default)
    back = detail("back")
    assert back[page.detail.tab.part].visible is False and 'data-act="detail"' in back[page.catalogs.tab.listed]


def test_what_was_measured_is_listed_and_shown_in_metrics(page: CatalogsPage, library: Library) -> None:
    job = library.submit("evaluate", {"split": ""}, library.default)
    done = library.jobs.run_here(job.id)
    assert done.state == "done", done.error
    detail = Detail(page, library.default)
    name = f"{library.default}/{done.result['report']}"
    assert f'data-name="{name}"' in detail.html("about") and "(the weights in use)" in detail.html("about")
    wanted = detail("report", name=name)[page.detail.tab.report]
    metrics = page.metrics
    shown = metrics.show(wanted, library.default, Looked(), asking())
    assert shown[metrics.tab.choose].value == name and "ordinary" in shown[metrics.tab.table]
    begun = metrics.begin(library.default, Looked(), asking())
    assert begun[metrics.tab.choose].value == name and len(begun[metrics.tab.choose].choices) > 1
    assert "MAP" in page.catalogs.begin(library.default, asking())[page.catalogs.tab.jobs]


def test_other_weights_are_tried_and_gone_back_from(page: CatalogsPage, library: Library, tmp_path: Path) -> None:
    shutil.copytree(EMBEDDED_WEIGHTS, tmp_path / "others")
    host, current = page.host, library.default
    asked = host.load(str(tmp_path / "others"), current, asking())
    (job,) = [job for job in library.jobs_of() if job.kind == "weights"]
    assert library.jobs.run_here(job.id).state == "done"
    assert library.weights.source == str(tmp_path / "others")
    drawn = host.begin(asking())[host.tab.tried]
    assert drawn.count("<tr>") == 2 and 'data-act="use_weights" data-key="use_weights-" data-source=""' in drawn
    assert host.renew(asked[host.tab.before], current)[host.tab.before] == asked[host.tab.before]  # they are the same
    assert host.renew("of others", current)[page.catalogs.tab.go][0] == current
    host.back(event(source=""), current, asking())
    (back,) = [job for job in library.jobs_of() if job.kind == "weights" and not job.over]
    assert library.jobs.run_here(back.id).state == "done" and library.weights.source == ""
    assert "path of a folder" in host.load(" ", current, asking())[page.catalogs.tab.line]
    host.load("/nowhere", current, asking())
    (wrong,) = [job for job in library.jobs_of() if job.kind == "weights" and not job.over]
    assert library.jobs.run_here(wrong.id).state == "failed" and library.weights.source == ""
