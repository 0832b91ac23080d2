"""Looking into a report: an attribute, a value, a confusion, a slice, down to a picture whose label is put right."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr

from eval import Report
from library import Library, LibraryError, Visitor, spelled
from ui.label_choices import chosen_label, last_given
from ui.metrics.drawing import PAGE, WHY, Drawing, Updates
from ui.metrics.reports import Chosen, Reports
from ui.metrics.tab import Looked, MetricsTab
from ui.reply import reply

ONE, CASES = "#one-attribute", "#cases"
"""What answers the choice of an attribute, and of queries."""
Act = Callable[[dict[str, Any], Looked, str, Visitor, str], Updates]
"""What a button does: its data, what is looked at, the catalog that is searched, who asks, and in which language."""


class Drilling:
    """Buttons of the table, of an attribute and of its queries. Each gives updates for what it changes."""

    def __init__(
        self, library: Library, tab: MetricsTab, reports: Reports, drawing: Drawing, go: gr.State, tabs: gr.Tabs
    ) -> None:
        """go: a wish to search an item of a catalog. tabs: those of the page."""
        self.library = library
        self.tab = tab
        self.reports = reports
        self.drawing = drawing
        self.go = go
        self.tabs = tabs
        self.acts: dict[str, Act] = {
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
        }

    def again(
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
        return {self.tab.parts: self.drawing.parts(found, looked, lang)}

    def _cases(self, found: Chosen, looked: Looked, visitor: Visitor, lang: str) -> Updates:
        return self.drawing.cases(found, looked, visitor, lang)

    def _attribute(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        fresh = Looked(looked.report, looked.path, str(data.get("name")), against=looked.against, job=looked.job)
        drawn = self.again(fresh, current, visitor, lang, self._table, self._one, self._cases)
        return {**drawn, self.tab.reply: reply(ONE)}

    def _narrowed(self, looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        """The queries that are left, which answer the choice."""
        drawn = self.again(looked, current, visitor, lang, self._parts, self._cases)
        return {**drawn, self.tab.reply: reply(CASES)}

    def _value(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        fresh = replace(looked, value=str(data.get("value")), hit="", slice=None, more=0, query="", item="")
        return self._narrowed(fresh, current, visitor, lang)

    def _cell(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        value, hit = str(data.get("value")), str(data.get("hit"))
        fresh = replace(looked, value=value, hit=hit, slice=None, more=0, query="", item="")
        return self._narrowed(fresh, current, visitor, lang)

    def _column(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        fresh = replace(looked, column=str(data.get("value")), slice=None)
        return self.again(fresh, current, visitor, lang, self._parts, self._cases)

    def _slice(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        column = str(data.get("column") or looked.column)
        fresh = replace(
            looked, column=column, slice=str(data.get("value", "")), value="", hit="", more=0, query="", item=""
        )
        return self._narrowed(fresh, current, visitor, lang)

    def _any_value(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        return self._narrowed(replace(looked, value="", more=0), current, visitor, lang)

    def _any_hit(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        return self._narrowed(replace(looked, hit="", more=0), current, visitor, lang)

    def _any_slice(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        return self._narrowed(replace(looked, slice=None, more=0), current, visitor, lang)

    def _more(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        drawn = self.again(replace(looked, more=looked.more + 1), current, visitor, lang, self._cases)
        first = PAGE * (looked.more + 1) + 1
        return {**drawn, self.tab.reply: reply(f"{CASES} .lapel-cases > li:nth-child({first}) .asked .picture")}

    def _search(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        """The query in Search, by the same attribute, where the result that was chosen is explained, or the first one."""
        found = self.reports.find(looked, current, visitor, lang)
        if found is None or found.entry is None:
            raise LibraryError("the catalog of this report is not in this library; import it first")
        wish = (
            found.entry.id,
            time.monotonic_ns(),
            str(data.get("item")),
            str(data.get("attribute") or looked.attribute),
            str(data.get("hit") or ""),
            measured_split(found.report),
        )
        return {self.go: wish, self.tabs: gr.Tabs(selected="search")}

    def _flag(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        fresh = replace(looked, query=str(data.get("query")), item=str(data.get("item")))
        return self.again(fresh, current, visitor, lang, self._cases)

    def _unflag(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        drawn = self.again(replace(looked, query="", item=""), current, visitor, lang, self._cases)
        return {**drawn, self.tab.reply: reply(_keyed(f"flag-{looked.query}-{looked.item}"))}

    def _relabel(self, data: dict[str, Any], looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        """The picture that was flagged gets another label."""
        found = self.reports.find(looked, current, visitor, lang)
        if found is None or found.entry is None or found.catalog is None:
            raise LibraryError("the catalog of this report is not in this library; import it first")
        name = spelled(found.catalog, looked.attribute)
        value = chosen_label(str(data.get("value", "")))
        self.library.label(found.entry.id, looked.item, name, value, WHY, visitor)
        return self.again(looked, current, visitor, lang, self._table, self._cases)

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

        drawn = self.again(looked, current, visitor, lang, self._table, undone)
        return {**drawn, self.tab.reply: reply(f"{CASES} .lapel-flagged select")}


def measured_split(report: Report) -> str:
    """The one split whose pictures were asked and found; "" where there were several, or none."""
    if "split" in report.protocol:
        return str(report.protocol["split"] or "")
    splits = [str(name) for name in report.catalog.get("splits") or []]
    return splits[0] if len(splits) == 1 else ""


def _keyed(key: str) -> str:
    """The selector of the element with a `data-key`."""
    told = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'[data-key="{told}"]'
