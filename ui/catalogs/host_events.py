"""The weights of the host, and what is a visitor's own on a public one."""

from typing import Any

import gradio as gr

from common import environment
from library import Library
from ui import cards
from ui.catalogs import host_cards
from ui.catalogs.events import CatalogsEvents
from ui.catalogs.host_tab import HostTab
from ui.query_events import Updates, language
from ui.search_wiring import QUIET
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
        jobs = [catalogs.tab.line, catalogs.tab.listed, catalogs.tab.jobs, catalogs.tab.tick, catalogs.choose]
        catalogs.tab.jobs.change(self.begin, None, shown, **QUIET)
        catalogs.tab.listed.change(self.begin, None, shown, **QUIET)
        tried: dict[str, Any] = {"outputs": [*jobs, tab.place], **QUIET}
        gr.on([tab.load.click, tab.place.submit], self.load, [tab.place, catalogs.current], **tried)
        tab.tried.input(self.back, catalogs.current, **tried)

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
        return {**self.catalogs.begin(current, request), self.tab.place: ""}
