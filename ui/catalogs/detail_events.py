"""What is done with a catalog in detail: opened, renamed, its labels updated from a table, its disk pruned, a lesson forgotten."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from library import Entry, Library, LibraryError, Visitor
from retrieval import RetrievalError
from ui import cards
from ui.catalogs import detail_cards, list_cards
from ui.catalogs.detail_tab import DetailTab, Shown
from ui.catalogs.events import CatalogsEvents
from ui.catalogs.item_events import ItemEvents
from ui.catalogs.job_events import REPORT
from ui.metrics import evaluating
from ui.metrics.shelf import CatalogShelves
from ui.names import attribute_name
from ui.reply import reply
from ui.visiting import Updates, language
from ui.visitors import visitor_of
from ui.words import word

JOBS = ("measure", "export", "export_hub")
"""Buttons that begin a job."""
CHANGES = ("remove", "remove-all", "label-all", "set")
"""Buttons and fields that change what the head counts."""
LATELY = 3.0
"""Seconds for which a job counts as just ended."""


class DetailEvents:
    """Event handlers of the detail. Each gives updates for the components that it changes.

    catalogs: the list of catalogs, where the detail is opened.
    """

    def __init__(self, library: Library, tab: DetailTab, catalogs: CatalogsEvents, shelves: CatalogShelves) -> None:
        self.library = library
        self.tab = tab
        self.catalogs = catalogs
        self.shelves = shelves
        self.items = ItemEvents(library, tab, catalogs)
        self._acts: dict[str, Callable[[Shown, dict[str, Any], Visitor, str], Updates]] = {
            "open": self._open,
            "measure": self._measure,
            "export": self._export,
            "export_hub": self._export_hub,
            "report": self._report,
            "unlearn": self._forget,
            "prune": self._prune,
            "watch": self._watch,
            "apply": self._apply,
            "dismiss": self._dismiss,
            "undo": self._undo,
        }

    def open(self, event: gr.EventData, current: str, request: gr.Request) -> Updates:
        """The button "Details" of a catalog in the list."""
        data, lang, visitor = event._data or {}, self._lang(request), visitor_of(request)
        id = str(data.get("id"))
        if data.get("act") != "detail":
            return {self.tab.line: gr.skip()}
        try:
            entry = self.library.entry(id, visitor)
        except LibraryError as error:
            return {self.tab.part: gr.Column(visible=True), self.tab.line: cards.error_line(error, lang)}
        shown = Shown(entry.id)
        return {
            self.catalogs.tab.reply: reply("#detail-head"),
            self.tab.part: gr.Column(visible=True),
            self.tab.shown: shown,
            self.tab.line: "",
            self.tab.update: "",
            **self._drawn(entry, current, visitor, lang),
            **self.items.drawn(shown, visitor, lang),
        }

    def leave(self, current: str, request: gr.Request) -> Updates:
        """Back to the list, as it is now."""
        lang, visitor = self._lang(request), visitor_of(request)
        empty = dict.fromkeys([self.tab.head, self.tab.about, self.tab.items, self.tab.item, self.tab.update], "")
        return {
            **empty,
            self.catalogs.tab.reply: reply("#list-title"),
            self.tab.part: gr.Column(visible=False),
            self.tab.shown: Shown(),
            self.catalogs.tab.listed: list_cards.catalog_list(self.library, visitor, current, lang),
        }

    def act(self, event: gr.EventData, shown: Shown, current: str, request: gr.Request) -> Updates:
        """A button or a field of the detail."""
        data, lang, visitor = event._data or {}, self._lang(request), visitor_of(request)
        if data.get("act") == "back":
            return self.leave(current, request)
        act = self._acts.get(str(data.get("act")))
        if act is None:
            return {self.tab.line: ""}
        try:
            entry = self.library.entry(shown.catalog, visitor)
            done = {self.tab.line: "", **act(shown, data, visitor, lang)}
            again = {} if data.get("act") in ("open", "report") else self._drawn(entry, current, visitor, lang)
            begun = self.catalogs.shown(current, visitor, lang) if data.get("act") in JOBS else {}
            return {**again, **begun, **done}
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def item(self, event: gr.EventData, shown: Shown, current: str, request: gr.Request) -> Updates:
        """A button or a field of the items; where they have changed, the head counts them again."""
        done = self.items.act(event, shown, request)
        if (event._data or {}).get("act") not in CHANGES or self.tab.items not in done:
            return done
        lang, visitor = self._lang(request), visitor_of(request)
        return {**self._drawn(self.library.entry(shown.catalog, visitor), current, visitor, lang), **done}

    def again(self, shown: Shown, current: str, request: gr.Request) -> Updates:
        """All of it as it is now, after labelling has covered it."""
        lang, visitor = self._lang(request), visitor_of(request)
        if not shown.catalog:
            return {self.tab.about: gr.skip()}
        try:
            entry = self.library.entry(shown.catalog, visitor)
            return {**self._drawn(entry, current, visitor, lang), **self.items.drawn(shown, visitor, lang)}
        except LibraryError as error:  # it was deleted meanwhile
            return {self.tab.line: cards.error_line(error, lang)}

    def watch(self, shown: Shown, current: str, request: gr.Request) -> Updates:
        """The facts again when a job on the catalog has just ended."""
        lang, visitor = self._lang(request), visitor_of(request)
        jobs = self.library.jobs_of(visitor) if shown.catalog else []
        ended = [job.finished or 0.0 for job in jobs if job.over and job.catalog == shown.catalog]
        if time.time() - max(ended, default=0.0) > LATELY:
            return {self.tab.about: gr.skip()}
        try:
            return self._drawn(self.library.entry(shown.catalog, visitor), current, visitor, lang)
        except LibraryError as error:  # it was deleted meanwhile
            return {self.tab.line: cards.error_line(error, lang)}

    def rename(self, name: str, shown: Shown, current: str, request: gr.Request) -> Updates:
        lang, visitor = self._lang(request), visitor_of(request)
        try:
            entry = self.library.care.rename(shown.catalog, name or "", visitor)
            said = cards.notice(word("renamed", lang, name=entry.name), "notice")
            return {self.tab.line: said, **self._drawn(entry, current, visitor, lang)}
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def read_labels(self, path: str, shown: Shown, request: gr.Request) -> Updates:
        """A table of labels was uploaded: say what it would change."""
        lang, visitor = self._lang(request), visitor_of(request)
        try:
            found = self.library.care.read_update(shown.catalog, Path(path), visitor)
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang), self.tab.update: ""}
        return {
            self.catalogs.tab.reply: reply("#detail-update"),
            self.tab.line: "",
            self.tab.update: detail_cards.update(found, lang),
            self.tab.shown: replace(shown, update=found),
        }

    def _drawn(self, entry: Entry, current: str, visitor: Visitor, lang: str) -> Updates:
        entry = self.library.entry(entry.id, visitor)
        detail = self._detail(entry, visitor, lang)
        return {
            self.tab.head: detail_cards.head(detail, entry.id == current, lang),
            self.tab.about: detail_cards.about(detail, lang),
            self.tab.owner: gr.Row(visible=detail.may_change),
            self.tab.name: entry.name,
        }

    def _detail(self, entry: Entry, visitor: Visitor, lang: str) -> detail_cards.Detail:
        library = self.library
        opened = library.opened(entry.id, visitor)
        try:
            used = library.weights.embedder
            weights = used.weights_digest, used.digest
        except RetrievalError:  # still loading
            weights = "", ""
        return detail_cards.Detail(
            entry,
            library.catalog(entry),
            library.may_change(entry, visitor),
            library.settings.public,
            library.care.disk(entry.id, visitor),
            library.care.lessons(entry.id, visitor),
            self.shelves.own(entry.id, visitor),
            weights,
            library.care.can_watch(entry),
            cards.left_out(opened, lang) if opened.stage.name == "ready" else "",
            visitor.admin or not library.settings.public,
        )

    def _open(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        return self.catalogs.search(shown.catalog)

    def _measure(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        asked = evaluating.standard(self.library, self.library.entry(shown.catalog, visitor))
        return self._submitted("evaluate", asked, shown, visitor, lang)

    def _export(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        self.library.own(shown.catalog, visitor)
        return self._submitted("export", {"form": "zip"}, shown, visitor, lang)

    def _export_hub(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        self.library.own(shown.catalog, visitor)
        return self._submitted("export", {"form": "hub"}, shown, visitor, lang)

    def _submitted(self, kind: str, arguments: dict[str, Any], shown: Shown, visitor: Visitor, lang: str) -> Updates:
        job = self.library.submit(kind, arguments, self.library.entry(shown.catalog, visitor).id, visitor.mark)
        said = cards.notice(word("job_begun", lang), "notice", job.id)
        return {self.tab.line: said, self.catalogs.tab.reply: reply("#jobs")}

    def _report(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        return {self.tab.report: (str(data.get("name")), time.monotonic_ns()), self.catalogs.tab.reply: reply(REPORT)}

    def _forget(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        name = str(data.get("name"))
        self.library.care.forget_lesson(shown.catalog, name, visitor)
        return {self.tab.line: cards.notice(word("forgotten", lang, name=attribute_name(name, lang)), "notice")}

    def _prune(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        freed = detail_cards.size(self.library.care.prune(visitor))
        return {self.tab.line: cards.notice(word("pruned", lang, size=freed), "notice")}

    def _watch(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        entry = self.library.care.watch(shown.catalog, bool(data.get("value")), visitor)
        return {self.tab.line: cards.notice(word("watched" if entry.watched else "unwatched", lang), "notice")}

    def _apply(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        if shown.update is None:
            raise LibraryError("that table is no longer here; give it again")
        count = self.library.care.update_labels(shown.catalog, shown.update, visitor)
        shown = replace(shown, update=None)
        return {
            self.tab.line: cards.notice(word("updated", lang, count=f"{count:,}"), "notice"),
            self.tab.update: "",
            self.tab.shown: shown,
            **self.items.drawn(shown, visitor, lang),
        }

    def _dismiss(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        return {self.tab.update: "", self.tab.shown: replace(shown, update=None)}

    def _undo(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        self.library.care.put_back(shown.catalog, shown.removed, visitor)
        shown = replace(shown, removed=())
        return {self.tab.shown: shown, **self.items.drawn(shown, visitor, lang)}

    def _lang(self, request: gr.Request) -> str:
        return language(self.library.settings, request)
