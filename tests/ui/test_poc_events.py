"""Handlers of the PoC tab, without a browser: the last sheet, one that is made, and other assumptions."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from starlette.requests import Request

from common.jobs import Job
from library import Library, Visitor, new_key
from library.measuring import honest
from library.poc import ASSUMED, keep_sheet
from library.poc.measuring import USUAL
from tests.library.poc.support import curve, gain, sheet
from tests.ui.catalogs_page import asking, event
from tests.ui.conftest import add_catalog, draw_catalog, library_on, ready
from ui.poc import PocEvents, build_poc_tab
from ui.poc.progress import going_on, progress, whole_left
from ui.poc.stated import groups, keep, stated


@dataclass(frozen=True)
class Poc:
    """The tab of a library, with what is asked of it most."""

    events: PocEvents
    library: Library

    def show(self, id: str = "", kept: object = None, lang: str = "en") -> dict[Any, Any]:
        return self.events.show(id, kept or {}, "", asking(lang))

    def state(self, form: str, kept: object = None, id: str = "", **data: Any) -> dict[Any, Any]:
        return self.events.state(event(form=form, **data), id, kept or {}, 0, asking())


@pytest.fixture(scope="module")
def poc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Poc]:
    """On a drawn catalog with labels enough for a sheet of its own."""
    folder = tmp_path_factory.mktemp("poc")
    library = ready(library_on(draw_catalog(folder / "shop", 36), folder / "home"))

    async def build() -> PocEvents:
        with gr.Blocks(analytics_enabled=False):
            with gr.Tabs() as tabs, gr.Tab() as tab:
                part = build_poc_tab(tab, str)
            return PocEvents(library, part, gr.State(""), gr.BrowserState({}), tabs)

    yield Poc(asyncio.run(build()), library)
    library.close()


@pytest.fixture
def shop(poc: Poc, tmp_path: Path) -> str:
    """A catalog with a sheet of round figures that fits it."""
    entry = add_catalog(poc.library, tmp_path / "shop", 12)
    ledger = poc.library.ledger(entry.id)
    digest = honest(ledger.catalog, ledger.given).digest
    used = replace(sheet().licence, digest=poc.library.weights.embedder.weights_digest)
    keep_sheet(poc.library.entries.folder / entry.id, sheet(digest=digest, licence=used))
    return entry.id


def test_before_there_is_a_sheet_the_tab_says_what_one_is(poc: Poc, tmp_path: Path) -> None:
    entry = add_catalog(poc.library, tmp_path / "bare", 3)
    shown, tab = poc.show(entry.id), poc.events.tab
    assert "Is Lapel worth it on these images?" in shown[tab.head] and "bare" in shown[tab.head]
    assert shown[tab.files] == shown[tab.stated] == shown[tab.prices] == ""
    assert "once the sheet is made" in shown[tab.decision] and shown[tab.walk].selected == 1
    assert "data-done" not in shown[tab.head]
    assert "bare: 3 items" in shown[tab.images] and "color" in shown[tab.images]


def test_what_is_labelled_and_what_is_missing(poc: Poc) -> None:
    images = re.sub(r"<[^>]+>", " ", poc.show()[poc.events.tab.images])
    assert re.search(r"color\s+3\s+35\s+1\s+green \(11\)\s+will be tried", images), images


def test_the_last_sheet_is_shown_at_once(poc: Poc, shop: str) -> None:
    shown, tab = poc.show(shop), poc.events.tab
    assert "<h2>" in shown[tab.head] and "lapel-poc-verdict" in shown[tab.head] and "95 % interval" in shown[tab.head]
    assert "lapel-line" not in shown[tab.head], "it fits the catalog and the weights"
    assert shown[tab.walk].selected == 5 and shown[tab.gain].visible and shown[tab.curve].visible
    assert "data-done" in shown[tab.head], "every step can be gone to"
    assert poc.events.step(event(act="step", step="4")).selected == 4
    assert not hasattr(poc.events.step(event(act="step", step="9")), "selected")
    assert "Labels to give" in shown[tab.labels_line] and "Spaces T4 small" in shown[tab.running]
    assert shown[tab.which].choices == [("collar", 0), ("fit", 1)]
    assert "Use in production" in shown[tab.decision] and "Now: " in shown[tab.line]
    again = poc.events.show(shop, {}, shop, asking())
    assert tab.walk not in again, "who is on another step stays there"


def test_another_attribute_shows_its_curve(poc: Poc, shop: str) -> None:
    tab = poc.events.tab
    drawn = poc.events.choose(1, shop, {}, asking())
    assert "<b>fit</b>: Not decided" in drawn[tab.labels_line]
    assert "Not decided" not in poc.events.choose(0, shop, {}, asking())[tab.labels_line]


def test_a_sheet_of_a_catalog_that_has_changed_says_so(poc: Poc, shop: str) -> None:
    poc.library.label(shop, "g0", "color", "blue", why="random")
    head = poc.show(shop)[poc.events.tab.head]
    assert "The catalog has changed since this was measured" in head


def test_a_sheet_is_made_as_a_job_and_appears_by_itself(poc: Poc) -> None:
    tab, events = poc.events.tab, poc.events
    begun = events.make(None, "", asking())
    assert 'data-act="cancel"' in begun[tab.job] and begun[tab.tick].active
    job = begun[tab.job_id]
    told: list[str] = []
    done = poc.library.jobs.run_here(
        job, lambda now: told.append(events.watch(job, "", {}, "", asking())[tab.job] if not now.over else "")
    )
    assert done.state == "done", done.error
    assert any('aria-current="step">3 trying numbers of labels' in one and "Step 3 of 4" in one for one in told)
    shown = events.watch(job, "", {}, "", asking())
    assert "Proof of concept: " in shown[tab.head] and not shown[tab.tick].active and shown[tab.job] == ""
    assert "lapel-line" not in shown[tab.head] and "color" in shown[tab.gain_table]
    assert shown[tab.curve].visible and "labels a value" in shown[tab.labels_table]
    measured = re.sub(r"<[^>]+>", " ", shown[tab.images])
    assert re.search(r"color\s+3\s+35\s+1\s+green \(11\)\s+measured", measured), measured


def test_the_time_left_is_that_of_all_steps_and_a_job_that_waits_says_for_what(poc: Poc, tmp_path: Path) -> None:
    entry = add_catalog(poc.library, tmp_path / "patience", 12)
    attributes = 2.0
    running = Job("a", "poc", entry.id, state="running", stage="gain", done=1, total=2, left=30.0)
    after = sum(USUAL[step] * (attributes if step == "labels" else 1) for step in ("labels", "running"))
    assert whole_left(poc.library, running) == 30 + after
    last = sheet(seconds={"embed": 1.0, "gain": 2.0, "labels": 40.0, "running": 5.0})
    keep_sheet(poc.library.entries.folder / entry.id, last)
    assert whole_left(poc.library, running) == 30 + 45, "as they took last time"
    assert whole_left(poc.library, replace(running, left=None)) is None

    told: list[str] = []
    first = poc.library.submit("poc", {"split": ""}, poc.library.default, "")
    second = poc.library.submit("poc", {"split": ""}, entry.id, "")

    def heard(now: Job) -> None:
        if now.stage == "gain" and not told:
            waits = poc.library.jobs.get(second.id)
            told.extend(progress(going_on(poc.library, waits, Visitor(), lang), lang) for lang in ("en", "ja"))

    poc.library.jobs.run_here(first.id, heard)
    poc.library.jobs.cancel(second.id)
    assert "Waits for: PoC sheet of" in told[0] and "aria-current" not in told[0] and 'class="done"' not in told[0]
    assert "先に実行" in told[1] and "まだ始まっていません" in told[1]


def test_a_sheet_is_made_of_the_split_that_is_chosen(poc: Poc) -> None:
    tab, library = poc.events.tab, poc.library
    shown = poc.show()
    names = [value for _, value in shown[tab.split].choices]
    assert names[0] == "" and "train" in names and shown[tab.split].visible
    for asked, measured in (("train", "train"), ("", ""), ("nowhere", shown[tab.split].value)):
        job = poc.events.make(asked, "", asking())[tab.job_id]
        assert library.jobs.get(job).arguments == {"split": measured}
        library.jobs.cancel(job)


def test_a_sheet_that_cannot_be_made_says_why(poc: Poc, tmp_path: Path) -> None:
    entry = add_catalog(poc.library, tmp_path / "few", 3)
    job = poc.events.make(None, entry.id, asking())[poc.events.tab.job_id]
    poc.library.jobs.run_here(job, lambda now: None)
    shown = poc.events.watch(job, entry.id, {}, "", asking())
    assert "too few labels" in shown[poc.events.tab.job]
    assert "ラベルが少なすぎて" in poc.events.watch(job, entry.id, {}, "", asking("ja"))[poc.events.tab.job]


def test_one_that_is_cancelled_leaves_the_tab_as_it_was(poc: Poc, shop: str) -> None:
    tab, job = poc.events.tab, poc.events.make(None, shop, asking())[poc.events.tab.job_id]
    shown = poc.events.cancel(event(act="cancel"), job, shop, {}, shop, asking())
    assert "Cancelled" in shown[tab.job] and poc.library.jobs.get(job).state == "cancelled"
    assert "lapel-poc-verdict" in shown[tab.head]


def test_another_assumption_decides_at_once_and_is_kept_and_printed(poc: Poc, shop: str) -> None:
    tab = poc.events.tab
    before = poc.show(shop)
    values = {key: str(getattr(stated({}).assumptions, key)) for key in ASSUMED}
    drawn = poc.state("assumed", id=shop, values={**values, "wage": "50"})
    kept = drawn[poc.events.kept]
    assert kept == {"assumed": {"wage": "50"}}
    assert drawn[tab.line] != before[tab.line] and drawn[tab.decision] != before[tab.decision]
    assert tab.stated not in drawn, "somebody may be typing in the next field"
    page = files(drawn[tab.files])
    assert page["json"]["assumed"]["wage"] == 50 and re.search(r"wage an hour</dt><dd>50", page["html"])
    assert poc.show(shop, kept)[tab.line] == drawn[tab.line]
    assert "was 25" in poc.show(shop, kept)[tab.stated]
    back = poc.state("assumed", kept, shop, act="reset")
    assert back[poc.events.kept] == {"assumed": {}} and back[tab.line] == before[tab.line] and tab.stated in back


@pytest.mark.parametrize("wage", ["", "much", "-1", "nan", "1e99"])
def test_a_number_that_makes_no_sense_is_refused_and_nothing_is_kept(poc: Poc, shop: str, wage: str) -> None:
    drawn = poc.state("assumed", id=shop, values={"wage": wage})
    assert list(drawn) == [poc.events.tab.line] and "wage an hour: " in drawn[poc.events.tab.line]


def test_the_price_of_a_machine_can_be_changed(poc: Poc, shop: str) -> None:
    tab = poc.events.tab
    drawn = poc.state("prices", id=shop, values={"cpu-upgrade hourly": "3", "t4-small hourly": "0.4"})
    assert drawn[poc.events.kept] == {"prices": {"cpu-upgrade hourly": "3"}}
    assert "$2,190" in drawn[tab.running] and "$2,190" not in poc.show(shop)[tab.running]
    assert "you, in this page" in files(drawn[tab.files])["html"]
    refused = poc.state("prices", id=shop, values={"t4-small speed_low": "30"})
    assert "Spaces T4 small: Speed, least: &#x27;30&#x27; makes no sense" in refused[tab.line]
    assert "you, in this page" in poc.show(shop, drawn[poc.events.kept])[tab.prices]


def test_what_a_browser_has_kept_is_not_trusted() -> None:
    first = stated(None)
    for nonsense in (
        "text",
        [1],
        {"assumed": 3},
        {"assumed": {"wage": "x", "no": "1"}, "prices": {"gone hourly": "1"}},
    ):
        assert stated(nonsense) == first
    assert stated({"assumed": {"wage": "7", "items": "none"}}).assumptions == replace(first.assumptions, wage=7)
    assert keep({"prices": {"t4-small hourly": "1"}}, "assumed", {"currency": "jpy"}) == {
        "prices": {"t4-small hourly": "1"},
        "assumed": {"currency": "jpy"},
    }
    assert stated({"assumed": {"currency": "jpy"}}).assumptions.currency == "JPY"


def test_every_assumption_has_its_place() -> None:
    placed = [key for keys in groups().values() for key in keys]
    assert sorted(placed) == sorted(ASSUMED)


def test_the_tab_speaks_japanese(poc: Poc, tmp_path: Path) -> None:
    entry = add_catalog(poc.library, tmp_path / "店", 12)
    found = sheet(gains=(gain("collar design"),), curves=(curve("collar design"),))
    keep_sheet(poc.library.entries.folder / entry.id, found)
    shown, tab = poc.show(entry.id, lang="ja"), poc.events.tab
    assert "襟の形" in shown[tab.gain_table] and "襟の形" in shown[tab.labels_line] and "前提" in shown[tab.stated]
    assert "collar" not in shown[tab.gain_table] + files(shown[tab.files])["html"]
    assert files(shown[tab.files])["json"]["measured"]["gains"][0]["attribute"] == "collar design"


def test_strangers_see_sheets_of_the_host_and_their_own_alone(poc: Poc, shop: str, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAPEL_PUBLIC", "1")
        poc.library.settings = replace(poc.library.settings, public=True)
        try:
            one, other = Visitor(new_key()), Visitor(new_key())
            own = add_catalog(poc.library, tmp_path / "own", 12, owner=one.mark)
            keep_sheet(poc.library.entries.folder / own.id, sheet(catalog="mauve"))
            tab, events = poc.events.tab, poc.events
            assert "mauve" in events.show(own.id, {}, "", _from(one))[tab.head]
            hidden = events.show(own.id, {}, "", _from(other))
            assert tab.head not in hidden and "mauve" not in str(hidden)
            assert "mauve" not in str(events.state(event(form="assumed", values={}), own.id, {}, 0, _from(other)))
            assert "there is no catalog" in events.make(None, own.id, _from(other))[tab.job]
            assert "lapel-poc-verdict" in events.show(shop, {}, "", _from(other))[tab.head]
            job = events.make(None, shop, _from(one))[tab.job_id]
            seen = events.watch(job, shop, {}, shop, _from(other))[tab.job]
            assert "Somebody else" in seen and 'data-act="cancel"' not in seen
            refused = events.cancel(event(act="cancel"), job, shop, {}, shop, _from(other))
            assert 'role="alert"' in refused[tab.job] and not poc.library.jobs.get(job).over
            poc.library.jobs.cancel(job)
        finally:
            poc.library.settings = replace(poc.library.settings, public=False)


def files(html: str) -> dict[str, Any]:
    """What can be printed and downloaded."""
    found = {kind: unescape(text) for kind, text in re.findall(r'data-(html|json)="([^"]*)"', html)}
    return {"html": found["html"], "json": json.loads(found["json"])}


def _from(visitor: Visitor) -> gr.Request:
    scope = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"",
        "headers": [(b"x-lapel-visitor", visitor.key.encode())],
    }  # fmt: skip
    return gr.Request(Request(scope), query_params={})
