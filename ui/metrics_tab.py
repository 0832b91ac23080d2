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
from library import Settings
from ui import cards, report_cards
from ui.names import attribute_name
from ui.report_shelf import ReportShelf
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
    """Event handlers of the metrics tab."""

    def __init__(self, settings: Settings, tab: MetricsTab) -> None:
        self.settings = settings
        self.tab = tab
        self._shelf = ReportShelf(settings.reports)

    def connect(self, page: gr.Blocks) -> None:
        tab = self.tab
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        shown = [tab.line, tab.facts, tab.headline, tab.bars, tab.curve, tab.table, tab.download]
        page.load(self.begin, None, [tab.choose, *shown], **quiet)
        tab.choose.input(self.choose, tab.choose, shown, **quiet)
        tab.upload.upload(self.open, tab.upload, [tab.choose, *shown], **quiet)

    def begin(self, request: gr.Request) -> Updates:
        """List the shipped reports and show the first."""
        lang = self._lang(request)
        titles = self._shipped()
        if not titles:
            empty = cards.notice(word("no_reports", lang), "notice")
            return {self.tab.line: empty, self.tab.choose: gr.Dropdown(visible=False)}
        names = list(titles)
        dropdown = gr.Dropdown([(titles[name], name) for name in names], value=names[0])
        return {self.tab.choose: dropdown, **self._show(self.settings.reports / names[0], lang)}

    def choose(self, name: str, request: gr.Request) -> Updates:
        lang = self._lang(request)
        if name not in self._shipped():
            return {self.tab.line: cards.notice(word("no_reports", lang))}
        return self._show(self.settings.reports / name, lang)

    def open(self, path: str, request: gr.Request) -> Updates:
        """A report file of the visitor's; what was shown stays when it cannot be read."""
        updates = self._show(Path(path), self._lang(request))
        if self.tab.table in updates:
            updates[self.tab.choose] = gr.Dropdown(value=None)
        return updates

    def _shipped(self) -> dict[str, str]:
        """File name → title, those of our own method first, of many images before few."""
        reports = self._shelf.all()

        def rank(name: str) -> tuple[bool, int, str]:
            report = reports[name]
            return report.method != METHOD, -report.catalog.get("items", 0), report.title

        return {name: reports[name].title or Path(name).stem for name in sorted(reports, key=rank)}

    def _baseline(self, report: Report) -> Report | None:
        """The shipped report of global similarity on the same queries, if there is one."""
        if report.method == report_cards.GLOBAL:
            return None
        others = self._shelf.all().values()
        same = (other for other in others if other.method == report_cards.GLOBAL and same_queries(other, report))
        return next(same, None)

    def _show(self, path: Path, lang: str) -> Updates:
        tab = self.tab
        try:
            report = self._shelf.read(path)
            baseline = self._baseline(report)
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
