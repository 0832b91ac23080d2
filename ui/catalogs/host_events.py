"""The weights of the host, and what is a visitor's own on a public one."""

import time
from typing import Any

import gradio as gr

from common import environment
from library import Library
from retrieval import RetrievalError
from ui import cards
from ui.catalogs import host_cards
from ui.catalogs.events import CatalogsEvents
from ui.catalogs.host_tab import HostTab
from ui.catalogs.wiring import LINE
from ui.reply import reply, replying
from ui.search_wiring import QUIET
from ui.visiting import Updates, language
from ui.visitors import visitor_of
from ui.words import word


class HostEvents:
    """Event handlers of both parts. Each gives updates for the components that it changes."""

    def __init__(self, library: Library, tab: HostTab, catalogs: CatalogsEvents) -> None:
        self.library = library
        self.tab = tab
        self.catalogs = catalogs

    def connect(self) -> None:
        tab, catalogs = self.tab, self.catalogs
        shown = [tab.weights, tab.tried, tab.mine, tab.own]
        jobs = [
            catalogs.tab.reply,
            catalogs.tab.line,
            catalogs.tab.listed,
            catalogs.tab.jobs,
            catalogs.tab.tick,
            catalogs.choose,
        ]
        catalogs.tab.jobs.change(self.begin, None, shown, **QUIET)
        catalogs.tab.listed.change(self.begin, None, shown, **QUIET)
        tried: dict[str, Any] = {"outputs": [*jobs, tab.place, tab.before], **QUIET}
        load, back = (
            replying(handler, catalogs.tab.reply, {catalogs.tab.line: LINE}) for handler in (self.load, self.back)
        )
        gr.on([tab.load.click, tab.place.submit], load, [tab.place, catalogs.current], **tried)
        tab.tried.input(back, catalogs.current, **tried)
        catalogs.tab.tick.tick(self.renew, [tab.before, catalogs.current], [tab.before, catalogs.tab.go], **QUIET)

    def begin(self, request: gr.Request) -> Updates:
        """Both parts as they are now, each for those whom it concerns."""
        library, tab = self.library, self.tab
        lang, visitor = language(library.settings, request), visitor_of(request)
        public = library.settings.public
        host = visitor.admin or not public
        own = [entry for entry in library.all(visitor) if entry.owner and entry.owner == visitor.mark]
        login = environment.admin_token() is not None
        share = library.uploads.share(visitor)
        return {
            tab.weights: gr.Column(visible=host),
            tab.tried: host_cards.weights(library.weights, lang) if host else "",
            tab.mine: gr.Column(visible=public),
            tab.own: host_cards.own(own, share, visitor.admin, login, lang) if public else "",
        }

    def load(self, place: str, current: str, request: gr.Request) -> Updates:
        """Try other weights, as a job."""
        lang = language(self.library.settings, request)
        if not (place or "").strip():
            return {self.catalogs.tab.line: cards.notice(word("need_weights", lang), "notice")}
        return self._use(place.strip(), current, request)

    def back(self, event: gr.EventData, current: str, request: gr.Request) -> Updates:
        """Go back to weights that were tried."""
        return self._use(str((event._data or {}).get("source", "")), current, request)

    def _use(self, source: str, current: str, request: gr.Request) -> Updates:
        lang = language(self.library.settings, request)
        try:
            self.library.try_weights(source, visitor_of(request))
        except Exception as error:
            return {self.catalogs.tab.line: cards.error_line(error, lang)}
        begun = {self.tab.place: "", self.tab.before: self._digest(), self.catalogs.tab.reply: reply("#jobs")}
        return {**self.catalogs.begin(current, request), **begun}

    def renew(self, before: str, current: str) -> Updates:
        """Search with the other weights, once they are there."""
        if before in ("", self._digest()):
            return {self.tab.before: before}
        return {self.tab.before: "", self.catalogs.tab.go: (current, time.monotonic_ns(), "")}

    def _digest(self) -> str:
        try:
            return self.library.weights.embedder.weights_digest
        except RetrievalError:  # still loading
            return ""
