"""The metrics tab: figures of a report, shipped or opened, attribute by attribute."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from eval import Report, figures, same_queries
from library import Library, LibraryError
from ui import cards
from ui.catalogs.detail_cards import report_time
from ui.metrics import cards as report_cards
from ui.metrics.shelf import CatalogShelves, ReportShelf
from ui.names import attribute_name
from ui.visitors import visitor_of
from ui.words import language_of, word

Updates = dict[Any, Any]
METHOD = "RPF"


@dataclass(frozen=True)
class MetricsTab:
    """The components of the tab that events read or write."""

    choose: gr.Dropdown
    upload: gr.UploadButton
    download: gr.DownloadButton
    line: gr.HTML
    facts: gr.HTML
    headline: gr.HTML
    bars: gr.Plot
    curve: gr.Plot
    table: gr.HTML


def build_metrics_tab(say: Callable[[str], Any]) -> MetricsTab:
    """Lay the tab out, empty; `say` gives the text of a word key, in the language of the visitor."""
    gr.HTML(f"<p class='lapel-hint'>{say('metrics_hint')}</p>")
    with gr.Row(elem_classes="lapel-reports", equal_height=True):
        choose = gr.Dropdown([], label=say("report"), show_label=False, container=False, elem_id="report", scale=1)
        upload = gr.UploadButton(
            say("upload_report"), file_types=[".json"], size="sm", scale=0, elem_id="open-report", min_width=150
        )
        download = gr.DownloadButton(
            say("download_csv"), size="sm", scale=0, elem_id="csv", visible=False, min_width=150
        )
    line = gr.HTML(elem_id="metrics-line")
    facts = gr.HTML(elem_id="facts")
    headline = gr.HTML(elem_id="headline")
    table = gr.HTML(elem_id="table")
    with gr.Row(elem_classes="lapel-plots", equal_height=False):
        bars = gr.Plot(show_label=False, container=False, visible=False, elem_id="bars", min_width=320)
        curve = gr.Plot(show_label=False, container=False, visible=False, elem_id="curve", min_width=320)
    return MetricsTab(choose, upload, download, line, facts, headline, bars, curve, table)


class MetricsEvents:
    """Event handlers of the metrics tab. A report is chosen by its file name, one of a catalog by `catalog id/file name`."""

    def __init__(self, library: Library, tab: MetricsTab, shelves: CatalogShelves) -> None:
        self.library = library
        self.settings = library.settings
        self.tab = tab
        self.shelves = shelves
        self._shelf = ReportShelf(library.settings.reports)

    def connect(self, page: gr.Blocks, catalog: gr.State, report: gr.State, tabs: gr.Tabs) -> None:
        """catalog: the id of the catalog that is searched. report: changes when a report is to be shown."""
        tab = self.tab
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        shown = [tab.line, tab.facts, tab.headline, tab.bars, tab.curve, tab.table, tab.download]
        gr.on([page.load, catalog.change], self.begin, catalog, [tab.choose, *shown], **quiet)
        tab.choose.input(self.choose, tab.choose, shown, **quiet)
        tab.choose.focus(self.listed, [catalog, tab.choose], tab.choose, **quiet)
        tab.upload.upload(self.open, tab.upload, [tab.choose, *shown], **quiet)
        report.change(lambda: gr.Tabs(selected="metrics"), None, tabs, **quiet)
        report.change(self.show, [report, catalog], [tab.choose, *shown], **quiet)

    def begin(self, catalog: str, request: gr.Request) -> Updates:
        """List the reports, those of the catalog first, and show the first."""
        lang = self._lang(request)
        choices = self._choices(catalog, request)
        if not choices:
            empty = cards.notice(word("no_reports", lang), "notice")
            return {self.tab.line: empty, self.tab.choose: gr.Dropdown(visible=False)}
        first = choices[0][1]
        return {self.tab.choose: gr.Dropdown(choices, value=first, visible=True), **self.choose(first, request)}

    def listed(self, catalog: str, chosen: str | None, request: gr.Request) -> Updates:
        """The same list with what was measured meanwhile; what is shown stays."""
        return {self.tab.choose: gr.Dropdown(self._choices(catalog, request), value=chosen)}

    def choose(self, name: str, request: gr.Request) -> Updates:
        lang, visitor = self._lang(request), visitor_of(request)
        catalog, _, file = name.rpartition("/")
        try:
            shelf = self.shelves.of(catalog, visitor) if catalog else self._shelf
        except LibraryError as error:
            return {self.tab.line: cards.error_line(error, lang)}
        if file not in shelf.all():
            return {self.tab.line: cards.notice(word("no_reports", lang))}
        return self._show(shelf.folder / file, lang, shelf)

    def show(self, wanted: tuple[str, int], catalog: str, request: gr.Request) -> Updates:
        """A report that another tab wants."""
        name = wanted[0]
        choices = self._choices(name.rpartition("/")[0] or catalog, request)
        return {self.tab.choose: gr.Dropdown(choices, value=name, visible=True), **self.choose(name, request)}

    def open(self, path: str, request: gr.Request) -> Updates:
        """A report file of the visitor's; what was shown stays when it cannot be read."""
        updates = self._show(Path(path), self._lang(request))
        if self.tab.table in updates:
            updates[self.tab.choose] = gr.Dropdown(value=None)
        return updates

    def _choices(self, catalog: str, request: gr.Request) -> list[tuple[str, str]]:
        """Title and name of the reports of a catalog, then of the shipped ones."""
        lang, visitor = self._lang(request), visitor_of(request)
        own: list[tuple[str, str]] = []
        try:
            entry = self.library.entry(catalog, visitor)
            for name in self.shelves.own(entry.id, visitor):
                title = word("own_report", lang, name=entry.name, time=report_time(name))
                own.append((title, f"{entry.id}/{name}"))
        except LibraryError:  # it has gone meanwhile
            own = []
        return [*own, *((title, name) for name, title in self._shipped().items())]

    def _shipped(self) -> dict[str, str]:
        """File name → title, those of our own method first, of many images before few."""
        reports = self._shelf.all()

        def rank(name: str) -> tuple[bool, int, str]:
            report = reports[name]
            return report.method != METHOD, -report.catalog.get("items", 0), report.title

        return {name: reports[name].title or Path(name).stem for name in sorted(reports, key=rank)}

    def _baseline(self, report: Report, shelf: ReportShelf) -> Report | None:
        """The report of global similarity on the same queries on the same shelf, if there is one."""
        if report.method == report_cards.GLOBAL:
            return None
        others = shelf.all().values()
        same = (other for other in others if other.method == report_cards.GLOBAL and same_queries(other, report))
        return next(same, None)

    def _show(self, path: Path, lang: str, shelf: ReportShelf | None = None) -> Updates:
        tab, shelf = self.tab, shelf or self._shelf
        try:
            report = shelf.read(path)
            baseline = self._baseline(report, shelf)
            words = {key: word(f"figure_{key}", lang) for key in figures.WORDS}
            names = {name: attribute_name(name, lang) for name in report.attributes}
            return {
                tab.line: "",
                tab.facts: report_cards.facts(report, lang),
                tab.headline: report_cards.headline(report, lang, baseline),
                tab.bars: gr.Plot(figures.attribute_bars(report, words, names), visible=True),
                tab.curve: gr.Plot(figures.topk_curve(report, words=words), visible=True),
                tab.table: report_cards.figures_table(report, lang, baseline),
                tab.download: gr.DownloadButton(value=str(_csv_file(report, baseline)), visible=True),
            }
        except Exception as error:
            return {tab.line: cards.error_line(error, lang)}

    def _lang(self, request: gr.Request) -> str:
        return language_of(request.headers, request.query_params, self.settings.lang)


def _csv_file(report: Report, baseline: Report | None) -> Path:
    """The table as a file named after the report, for the download button."""
    name = re.sub(r"[^\w-]+", "-", report.title).strip("-") or "report"
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(dir=folder)) / f"{name[:60]}.csv"
    path.write_text(report_cards.to_csv(report, baseline), encoding="utf-8-sig")
    return path
