"""Tells the usage log of an installation what visitors of the page do; nothing is even listened to where it is off.

A search counts when another picture or item, or other attributes are asked for, not for each turn of a dial; the query that the
page itself begins with does not count. A hit is taken when it is said to be the same as the query, or is searched with next.
Who asks is known for as long as the page is open, and is not written.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

import gradio as gr

from library import Library
from ui.search_events import SearchEvents
from ui.search_wiring import QUIET
from ui.searching import Answer

MOST_OPEN = 2000
"""Pages whose search is remembered; the one that was longest idle is forgotten."""


@dataclass
class _Asking:
    """What is searched for in one page. picture: item or file; since: when it was first searched with, on a clock that only goes
    forward; taken: whether a hit was taken since."""

    catalogs: set[str] = field(default_factory=set)
    picture: tuple[str, str] = ("", "")
    asked: tuple[str, ...] = ()
    since: float = 0.0
    taken: bool = False


class UsageEvents:
    """Event handlers that only write down. They change nothing on the page."""

    def __init__(self, library: Library) -> None:
        self.log = library.usage
        self._pages: OrderedDict[str, _Asking] = OrderedDict()
        self._lock = Lock()

    def searched(self, found: Answer | None, request: gr.Request) -> None:
        """Results have appeared."""
        if found is None:
            return
        asked, catalog = found.asked, found.opened.id
        names = tuple(sorted(asked.weights))
        picture = (catalog, asked.picture.item or asked.picture.image or "")
        with self._lock:
            page = self._page(request)
            first = catalog not in page.catalogs and asked.picture.item is not None
            page.catalogs.add(catalog)
            same = page.picture == picture
            if not same or page.taken:
                page.since, page.taken = time.monotonic(), False
            known = same and page.asked == names
            page.picture, page.asked = picture, names
        if not (first or known):
            source = "item" if asked.picture.item is not None else "image"
            self.log.record("search", catalog, source=source, attributes=len(names), filters=len(asked.filters))

    def clicked(self, event: gr.EventData, found: Answer | None) -> None:
        """A hit is looked at."""
        rank = int((event._data or {}).get("pick", -1))
        if found is not None and 0 <= rank < len(found.hits):
            self.log.record("click", found.opened.id, source=_source(found), rank=rank + 1)

    def judged(self, event: gr.EventData, found: Answer | None, rank: int, request: gr.Request) -> None:
        """Something is said of a hit."""
        if (event._data or {}).get("act") == "same":
            self.taken(found, rank, request)

    def taken(self, found: Answer | None, rank: int, request: gr.Request) -> None:
        """A hit is what was looked for."""
        if found is None or not 0 <= rank < len(found.hits):
            return
        with self._lock:
            page = self._page(request)
            seconds = time.monotonic() - page.since if page.since and not page.taken else 0.0
            page.taken = True
        self.log.record("accepted", found.opened.id, source=_source(found), rank=rank + 1, seconds=seconds)

    def _page(self, request: gr.Request) -> _Asking:
        key = str(getattr(request, "session_hash", None) or "")
        page = self._pages.setdefault(key, _Asking())
        self._pages.move_to_end(key)
        while len(self._pages) > MOST_OPEN:
            self._pages.popitem(last=False)
        return page


def connect_usage(search: SearchEvents, events: UsageEvents) -> None:
    if not events.log.on:
        return
    tab = search.tab
    tab.results.change(events.searched, tab.answer, None, **QUIET)
    tab.results.select(events.clicked, tab.answer, None, **QUIET)
    tab.verdict.input(events.judged, [tab.answer, tab.rank], None, **QUIET)
    tab.search_hit.click(events.taken, [tab.answer, tab.rank], None, **QUIET)


def _source(found: Answer) -> str:
    return "item" if found.asked.picture.item is not None else "image"
