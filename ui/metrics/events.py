"""What the Metrics tab does: choose a report, look into it, measure anew, put a label right, take it away."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr

from common.jobs import Job, JobError
from library import Entry, Library, LibraryError, Visitor, spelled
from ui import cards
from ui.label_choices import chosen_label, last_given
from ui.metrics import evaluating, exports
from ui.metrics.drawing import WHY, Drawing, Updates
from ui.metrics.reports import Chosen, Reports
from ui.metrics.shelf import CatalogShelves
from ui.metrics.tab import OPENED, Looked, MetricsTab
from ui.names import attribute_name
from ui.query_events import language
from ui.visitors import visitor_of
from ui.words import word

ALL = "all"
DEFAULT = 0.2


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
        self._acts: dict[str, Callable[[dict[str, Any], Looked, str, Visitor, str], Updates]] = {
            "attribute": self._attribute,
            "value": self._value,
            "cell": self._cell,
            "column": self._column,
            "slice": self._slice,
            "any-value": self._any_value,
            "any-hit": self._any_hit,
            "any-slice": self._any_slice,
            "more": self._more,
            "search": self._search,
            "flag": self._flag,
            "unflag": self._unflag,
            "relabel": self._relabel,
            "unrelabel": self._unrelabel,
            "evaluate": self._evaluate,
            "options": self._options,
            "cancel": self._cancel,
        }

    def begin(self, current: str, looked: Looked, request: gr.Request) -> Updates:
        """What the address asks for, or else the newest report of the catalog that is searched."""
        lang, visitor = self._who(request)
        params = request.query_params
        asked, of = str(params.get("report") or ""), str(params.get("of") or "")
        first = self.reports.first(current, visitor)
        if asked and not looked.report and asked != OPENED:
            shown = self._shown(Looked(asked, attribute=of), current, visitor, lang)
            if self.tab.looked in shown:
                return shown
        return self._shown(Looked(first, looked.path, of), current, visitor, lang)

    def opened(self, current: str, looked: Looked, request: gr.Request) -> Updates:
        """The tab is opened: what was measured meanwhile is in the list, and what goes on is shown."""
        lang, visitor = self._who(request)
        if looked.report.endswith("/") or not looked.report:
            return self.begin(current, looked, request)
        updates = {
            self.tab.choose: self._choices(current, looked, visitor, lang),
            **self._job(looked, current, visitor, lang),
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
        act = self._acts.get(str(data.get("act")))
        if act is None:
            return {self.tab.line: ""}
        try:
            return {self.tab.line: "", **act(data, looked, current, visitor, lang)}
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def compare(self, keys: list[str], looked: Looked, current: str, request: gr.Request) -> Updates:
        lang, visitor = self._who(request)
        return self._again(replace(looked, against=tuple(keys or ())), current, visitor, lang, self._compared)

    def evaluate(self, current: str, looked: Looked, request: gr.Request) -> Updates:
        """The button above: what is measured can be chosen."""
        lang, visitor = self._who(request)
        return self._options({}, looked, current, visitor, lang)

    def measure(
        self, names: list[str], split: str, share: str, current: str, looked: Looked, request: gr.Request
    ) -> Updates:
        """Measure what was chosen."""
        lang, visitor = self._who(request)
        try:
            return self._submit(list(names or []), float(share or DEFAULT), split, looked, current, visitor, lang)
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def watch(self, looked: Looked, current: str, request: gr.Request) -> Updates:
        """How far the measurement is; its report by itself when it is done."""
        lang, visitor = self._who(request)
        job = self._known(looked.job)
        if job is None or not job.over:
            return self._job(looked, current, visitor, lang)
        rest = replace(looked, job="")
        ended = {self.tab.tick: gr.Timer(active=False), self.tab.looked: rest}
        if job.state != "done":
            name = self.library.name_of(job)
            return {**ended, self.tab.job: evaluating.progress(job, name, False, lang)}
        shown = self._shown(Looked(f"{job.catalog}/{job.result['report']}", looked.path), current, visitor, lang)
        return {**shown, self.tab.tick: gr.Timer(active=False), self.tab.job: ""}

    def export(self, event: gr.EventData, looked: Looked, current: str, request: gr.Request) -> Updates:
        """A file with everything that is shown."""
        data, (lang, visitor) = event._data or {}, self._who(request)
        form = str(data.get("act", "")).removeprefix("export_")
        found = self._find(looked, current, visitor, lang)
        if found is None or form not in exports.FORMS:
            return {self.tab.line: ""}
        return {self.tab.file: gr.DownloadButton(value=str(exports.write(form, found, looked, lang)))}

    def _shown(self, looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        """A report, or the invitation to make one; an error line where it cannot be shown."""
        looked = replace(looked, report=looked.report or self.reports.first(current, visitor))
        head = {self.tab.choose: self._choices(current, looked, visitor, lang)}
        try:
            if looked.report.endswith("/"):
                return {**head, **self._empty(looked, visitor, lang), **self._job(looked, current, visitor, lang)}
            found = self.reports.find(looked, current, visitor, lang)
            if found is None:
                return {**head, self.tab.line: cards.notice(word("no_reports", lang))}
            drawn = self.drawing.all(found, looked, visitor, lang)
            job = self._job(drawn[self.tab.looked], current, visitor, lang)
            return {**head, **drawn, self.tab.options: gr.Column(visible=False), **job}
        except Exception as error:
            return {**head, self.tab.line: cards.error_line(error, lang)}

    def _empty(self, looked: Looked, visitor: Visitor, lang: str) -> Updates:
        """A catalog that was not measured yet."""
        entry = self.library.entry(looked.report.rstrip("/"), visitor)
        mark = f'<div data-report="{looked.report}" data-attribute=""></div>'
        return {
            self.tab.line: "",
            self.tab.head: mark + evaluating.invitation(entry, self._measurable(entry)[1], lang),
            self.tab.body: gr.Column(visible=False),
            self.tab.options: gr.Column(visible=False),
            self.tab.looked: looked,
        }

    def _choices(self, current: str, looked: Looked, visitor: Visitor, lang: str) -> gr.Dropdown:
        choices = self.reports.choices(current, looked, visitor, lang)
        there = any(key == looked.report for _, key in choices)
        return gr.Dropdown(choices, value=looked.report if there else None, visible=bool(choices))

    def _find(self, looked: Looked, current: str, visitor: Visitor, lang: str) -> Chosen | None:
        try:
            return self.reports.find(looked, current, visitor, lang) if looked.report else None
        except ValueError:
            return None

    def _again(
        self,
        looked: Looked,
        current: str,
        visitor: Visitor,
        lang: str,
        *draw: Callable[[Chosen, Looked, Visitor, str], Updates],
    ) -> Updates:
        """Some parts drawn anew for what is looked at now."""
        found = self.reports.find(looked, current, visitor, lang)
        if found is None:
            raise LibraryError("that report is no longer here; choose another")
        updates: Updates = {self.tab.looked: looked}
        for part in draw:
            updates |= part(found, looked, visitor, lang)
        return updates

    def _table(self, found: Chosen, looked: Looked, visitor: Visitor, lang: str) -> Updates:
        return self.drawing.table(found, looked, lang)

    def _one(self, found: Chosen, looked: Looked, visitor: Visitor, lang: str) -> Updates:
        return self.drawing.one(found, looked, lang)

    def _parts(self, found: Chosen, looked: Looked, visitor: Visitor, lang: str) -> Updates:
        return {self.tab.parts: self.drawing.one(found, looked, lang)[self.tab.parts]}

    def _cases(self, found: Chosen, looked: Looked, visitor: Visitor, lang: str) -> Updates:
        return self.drawing.cases(found, looked, visitor, lang)

    def _compared(self, found: Chosen, looked: Looked, visitor: Visitor, lang: str) -> Updates:
        return self.drawing.compare(found, looked, visitor, lang)

    def _attribute(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        fresh = Looked(looked.report, looked.path, str(data.get("name")), against=looked.against, job=looked.job)
        return self._again(fresh, current, visitor, lang, self._table, self._one, self._cases)

    def _value(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        fresh = replace(looked, value=str(data.get("value")), hit="", slice=None, more=0, query="", item="")
        return self._again(fresh, current, visitor, lang, self._parts, self._cases)

    def _cell(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        value, hit = str(data.get("value")), str(data.get("hit"))
        fresh = replace(looked, value=value, hit=hit, slice=None, more=0, query="", item="")
        return self._again(fresh, current, visitor, lang, self._parts, self._cases)

    def _column(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        fresh = replace(looked, column=str(data.get("value")), slice=None)
        return self._again(fresh, current, visitor, lang, self._parts, self._cases)

    def _slice(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        column = str(data.get("column") or looked.column)
        fresh = replace(
            looked, column=column, slice=str(data.get("value", "")), value="", hit="", more=0, query="", item=""
        )
        return self._again(fresh, current, visitor, lang, self._parts, self._cases)

    def _any_value(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        return self._again(replace(looked, value="", more=0), current, visitor, lang, self._parts, self._cases)

    def _any_hit(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        return self._again(replace(looked, hit="", more=0), current, visitor, lang, self._parts, self._cases)

    def _any_slice(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        return self._again(replace(looked, slice=None, more=0), current, visitor, lang, self._parts, self._cases)

    def _more(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        return self._again(replace(looked, more=looked.more + 1), current, visitor, lang, self._cases)

    def _search(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        """The query in Search, by the same attribute; its first result is explained there."""
        found = self.reports.find(looked, current, visitor, lang)
        if found is None or found.entry is None:
            raise LibraryError("the catalog of this report is not in this library; import it first")
        wish = (
            found.entry.id,
            time.monotonic_ns(),
            str(data.get("item")),
            str(data.get("attribute") or looked.attribute),
        )
        return {self.go: wish, self.tabs: gr.Tabs(selected="search")}

    def _flag(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        fresh = replace(looked, query=str(data.get("query")), item=str(data.get("item")))
        return self._again(fresh, current, visitor, lang, self._cases)

    def _unflag(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        return self._again(replace(looked, query="", item=""), current, visitor, lang, self._cases)

    def _relabel(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        """The picture that was flagged gets another label."""
        found = self.reports.find(looked, current, visitor, lang)
        if found is None or found.entry is None or found.catalog is None:
            raise LibraryError("the catalog of this report is not in this library; import it first")
        name = spelled(found.catalog, looked.attribute)
        value = chosen_label(str(data.get("value", "")))
        self.library.label(found.entry.id, looked.item, name, value, WHY, visitor)
        return self._again(looked, current, visitor, lang, self._table, self._cases)

    def _unrelabel(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        found = self.reports.find(looked, current, visitor, lang)
        if found is None or found.entry is None:
            raise LibraryError("the catalog of this report is not in this library; import it first")
        ledger = self.library.ledger(self.library.own(found.entry.id, visitor).id)
        item = ledger.catalog.item(looked.item)
        given = last_given(ledger, item, spelled(ledger.catalog, looked.attribute), WHY)
        if given is not None:
            self.library.undo(found.entry.id, given, visitor)

        def undone(found: Chosen, looked: Looked, visitor: Visitor, lang: str) -> Updates:
            return self.drawing.cases(found, looked, visitor, lang, undone=True)

        return self._again(looked, current, visitor, lang, self._table, undone)

    def _evaluate(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        return self._submit([], DEFAULT, None, looked, current, visitor, lang)

    def _options(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        entry = self.library.entry(self._catalog_of(looked, current), visitor)
        split, found = self._measurable(entry)
        if not found.ready:
            return {self.tab.line: cards.notice(word("measure_too_few", lang, worth=evaluating.WORTH))}
        names = [(f"{attribute_name(name, lang)} ({count:,})", name) for name, count in found.ready.items()]
        splits = [(word("split_test", lang), evaluating.TEST)] if split else []
        splits.append((word("split_all", lang), ""))
        shares = [
            (word("share_percent", lang, percent=f"{share * 100:g}"), f"{share:g}") for share in evaluating.SHARES
        ]
        return {
            self.tab.options: gr.Column(visible=True),
            self.tab.attributes: gr.CheckboxGroup(names, value=list(found.ready)),
            self.tab.split: gr.Radio(splits, value=splits[0][1], visible=len(splits) > 1),
            self.tab.share: gr.Radio(shares, value=f"{DEFAULT:g}", info=word("share_info", lang)),
        }

    def _measurable(self, entry: Entry) -> tuple[str, evaluating.Labelled]:
        """The split of a catalog that is measured by default, and what of it can be."""
        known, catalog = evaluating.known_attributes(self.library), self.library.ledger(entry.id).catalog
        return evaluating.measurable(catalog, [one.name for one in catalog.attributes] if known is None else known)

    def _submit(
        self,
        names: list[str],
        share: float,
        split: str | None,
        looked: Looked,
        current: str,
        visitor: Visitor,
        lang: str,
    ) -> Updates:
        """split: None for the one that is measured by default."""
        entry = self.library.entry(self._catalog_of(looked, current), visitor)
        if split is None:
            split, _ = self._measurable(entry)
        arguments: dict[str, Any] = {"split": split, "share": share, **({"attributes": names} if names else {})}
        job = self.library.submit("evaluate", arguments, entry.id, visitor.mark)
        looked = replace(looked, job=job.id)
        return {self.tab.options: gr.Column(visible=False), **self._job(looked, current, visitor, lang)}

    def _cancel(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        self.library.jobs.cancel(self.library.job(str(data.get("id")), visitor).id)
        return self._job(looked, current, visitor, lang)

    def _catalog_of(self, looked: Looked, current: str) -> str:
        """The catalog that is measured: that of the report that is shown, or the one that is searched."""
        return looked.report.rpartition("/")[0] or current

    def _job(self, looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        """How far the measurement of the catalog is, one that another tab has begun too."""
        entry = self._entry(self._catalog_of(looked, current), visitor)
        job = self._known(looked.job)
        if (job is None or job.over) and entry is not None:
            job = self.library.going_on(entry.id, "evaluate") or job
        label = word("measure_again" if not looked.report.endswith("/") else "measure_now", lang)
        going = job is not None and not job.over
        drawn = evaluating.progress(job, self.library.name_of(job), self._is_of(job, visitor), lang) if job else ""
        return {
            self.tab.job: drawn,
            self.tab.tick: gr.Timer(active=going),
            self.tab.evaluate: gr.Button(
                label, visible=entry is not None and not going and not looked.report.endswith("/")
            ),
            self.tab.looked: replace(looked, job=job.id if job is not None and going else looked.job),
        }

    def _entry(self, id: str, visitor: Visitor) -> Any:
        try:
            return self.library.entry(id, visitor)
        except LibraryError:
            return None

    def _known(self, id: str) -> Job | None:
        try:
            return self.library.jobs.get(id) if id else None
        except JobError:
            return None

    def _is_of(self, job: Job, visitor: Visitor) -> bool:
        return job.owner == visitor.mark

    def _who(self, request: gr.Request) -> tuple[str, Visitor]:
        return language(self.library.settings, request), visitor_of(request)
