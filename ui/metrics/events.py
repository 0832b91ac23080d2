"""What the Metrics tab does: choose a report, measure anew, compare, take it away; `drilling` looks into it."""

from dataclasses import replace
from typing import Any

import gradio as gr

from library import Library, LibraryError, Visitor
from ui import cards
from ui.metrics import evaluating, exports
from ui.metrics.drawing import Drawing, Updates
from ui.metrics.drilling import Drilling
from ui.metrics.measuring import Measuring
from ui.metrics.reports import Chosen, Reports
from ui.metrics.shelf import CatalogShelves
from ui.metrics.tab import OPENED, Looked, MetricsTab
from ui.visiting import language
from ui.visitors import visitor_of
from ui.words import word


class MetricsEvents:
    """Event handlers of the tab. Each gives updates for the components that it changes.

    current: the id of the catalog that is searched.
    """

    def __init__(self, library: Library, tab: MetricsTab, shelves: CatalogShelves, go: gr.State, tabs: gr.Tabs) -> None:
        """go: a wish to search an item of a catalog. tabs: those of the page."""
        self.library = library
        self.tab = tab
        self.go = go
        self.tabs = tabs
        self.reports = Reports(library, shelves)
        self.drawing = Drawing(library, tab, self.reports)
        self.drilling = Drilling(library, tab, self.reports, self.drawing, go, tabs)
        self.measuring = Measuring(library, tab, self.reports)

    def begin(self, current: str, looked: Looked, request: gr.Request) -> Updates:
        """What the address asks for, or else the newest report of the catalog that is searched."""
        lang, visitor = self._who(request)
        params = request.query_params
        asked, of = str(params.get("report") or ""), str(params.get("of") or "")
        current = current or self._addressed(str(params.get("catalog") or ""), visitor)
        first = self.reports.first(current, visitor)
        if asked and not looked.report and asked != OPENED:
            shown = self._shown(Looked(asked, attribute=of), current, visitor, lang)
            if self.tab.looked in shown:
                return shown
        return self._shown(Looked(first, looked.path, of), current, visitor, lang)

    def _addressed(self, id: str, visitor: Visitor) -> str:
        """The catalog that the address names, while the search has not opened it yet; '' for none, or one that is not there."""
        try:
            return self.library.entry(id, visitor).id if id else ""
        except LibraryError:
            return ""

    def opened(self, current: str, looked: Looked, request: gr.Request) -> Updates:
        """The tab is opened: what was measured meanwhile is in the list, and what goes on is shown."""
        lang, visitor = self._who(request)
        if looked.report.endswith("/") or not looked.report:
            return self.begin(current, looked, request)
        updates = {
            self.tab.choose: self._choices(current, looked, visitor, lang),
            **self.measuring.job(looked, current, visitor, lang),
        }
        found = self._find(looked, current, visitor, lang)
        return {**updates, **(self.drawing.table(found, looked, lang) if found is not None else {})}

    def choose(self, name: str, current: str, looked: Looked, request: gr.Request) -> Updates:
        lang, visitor = self._who(request)
        return self._shown(Looked(name or "", looked.path, looked.attribute), current, visitor, lang)

    def show(self, wanted: tuple[str, int], current: str, looked: Looked, request: gr.Request) -> Updates:
        """A report that another tab wants."""
        lang, visitor = self._who(request)
        if not wanted[0]:
            return {self.tab.line: gr.skip()}
        return self._shown(Looked(wanted[0], looked.path), current, visitor, lang)

    def open(self, path: str, current: str, looked: Looked, request: gr.Request) -> Updates:
        """A report file of the visitor's; what was shown stays when it cannot be read."""
        lang, visitor = self._who(request)
        shown = self._shown(Looked(OPENED, path), current, visitor, lang)
        return shown if self.tab.looked in shown else {self.tab.line: shown.get(self.tab.line, "")}

    def act(self, event: gr.EventData, looked: Looked, current: str, request: gr.Request) -> Updates:
        """A button or a field of the tab."""
        data, (lang, visitor) = event._data or {}, self._who(request)
        name = str(data.get("act"))
        try:
            if name in self.drilling.acts:
                return {self.tab.line: "", **self.drilling.acts[name](data, looked, current, visitor, lang)}
            return {self.tab.line: "", **self._measuring(name, data, looked, current, visitor, lang)}
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def compare(self, keys: list[str], looked: Looked, current: str, request: gr.Request) -> Updates:
        lang, visitor = self._who(request)
        try:
            wanted = replace(looked, against=tuple(keys or ()))
            return self.drilling.again(wanted, current, visitor, lang, self.drawing.compare)
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def evaluate(self, current: str, looked: Looked, request: gr.Request) -> Updates:
        """The button above: what is measured can be chosen."""
        lang, visitor = self._who(request)
        try:
            return self.measuring.options(looked, current, visitor, lang)
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def of_split(self, split: str, current: str, looked: Looked, request: gr.Request) -> Updates:
        """Another split was chosen, which can be measured for other attributes."""
        lang, visitor = self._who(request)
        try:
            return self.measuring.of_split(split, looked, current, visitor, lang)
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def measure(
        self,
        names: list[str],
        split: str,
        share: str,
        weights: str | None,
        current: str,
        looked: Looked,
        request: gr.Request,
    ) -> Updates:
        """Measure what was chosen."""
        lang, visitor = self._who(request)
        try:
            return self.measuring.submit(
                list(names or []), float(share or evaluating.SHARE), split, looked, current, visitor, lang, weights
            )
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def watch(self, looked: Looked, current: str, request: gr.Request) -> Updates:
        """How far the measurement is; its report by itself when it is done."""
        lang, visitor = self._who(request)
        job = self.measuring.known(looked.job)
        if job is None or not job.over:
            return self.measuring.job(looked, current, visitor, lang)
        rest = replace(looked, job="")
        ended = {self.tab.tick: gr.Timer(active=False), self.tab.looked: rest}
        if job.state != "done":
            name = self.library.name_of(job)
            return {**ended, self.tab.job: evaluating.progress(job, name, False, lang)}
        new = Looked(f"{job.catalog}/{job.result['report']}", looked.path, looked.attribute)
        shown = self._shown(new, current, visitor, lang)
        return {**shown, self.tab.tick: gr.Timer(active=False), self.tab.job: ""}

    def export(self, event: gr.EventData, looked: Looked, current: str, request: gr.Request) -> Updates:
        """A file with everything that is shown."""
        data, (lang, visitor) = event._data or {}, self._who(request)
        form = str(data.get("act", "")).removeprefix("export_")
        found = self._find(looked, current, visitor, lang)
        if found is None or form not in exports.FORMS:
            return {self.tab.line: ""}
        shown = self.drawing.shown(found, looked, visitor, lang)
        return {self.tab.file: gr.DownloadButton(value=str(exports.write(form, shown, looked, lang)))}

    def _measuring(
        self, name: str, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str
    ) -> Updates:
        """Buttons about measuring."""
        if name == "evaluate":
            return self.measuring.submit([], evaluating.SHARE, None, looked, current, visitor, lang)
        if name == "options":
            return self.measuring.options(looked, current, visitor, lang)
        if name == "cancel":
            return self.measuring.cancel(str(data.get("id")), looked, current, visitor, lang)
        return {}

    def _shown(self, looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        """A report, or the invitation to make one; an error line where it cannot be shown."""
        looked = replace(looked, report=looked.report or self.reports.first(current, visitor))
        head = {self.tab.choose: self._choices(current, looked, visitor, lang)}
        try:
            if looked.report.endswith("/"):
                return {
                    **head,
                    **self.measuring.empty(looked, visitor, lang),
                    **self.measuring.job(looked, current, visitor, lang),
                }
            found = self.reports.find(looked, current, visitor, lang)
            if found is None:
                return {**head, self.tab.line: cards.notice(word("no_reports", lang))}
            drawn = self.drawing.all(found, looked, visitor, lang)
            job = self.measuring.job(drawn[self.tab.looked], current, visitor, lang)
            return {**head, **drawn, self.tab.options: gr.Column(visible=False), **job}
        except Exception as error:
            return {**head, self.tab.line: cards.error_line(error, lang)}

    def _choices(self, current: str, looked: Looked, visitor: Visitor, lang: str) -> gr.Dropdown:
        choices = self.reports.choices(current, looked, visitor, lang)
        there = any(key == looked.report for _, key in choices)
        return gr.Dropdown(choices, value=looked.report if there else None, visible=bool(choices))

    def _find(self, looked: Looked, current: str, visitor: Visitor, lang: str) -> Chosen | None:
        try:
            return self.reports.find(looked, current, visitor, lang) if looked.report else None
        except ValueError:
            return None

    def _who(self, request: gr.Request) -> tuple[str, Visitor]:
        return language(self.library.settings, request), visitor_of(request)
