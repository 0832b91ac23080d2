"""Fills the page for a catalog: what can be chosen, a first query, and what the address or another tab asks for."""

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import anyio
import gradio as gr

from library import HOST, Library, LibraryError, Opened
from ui import cards, result_cards
from ui.address_query import Read, read_address
from ui.arrivals import narrowed
from ui.asked import Arrival, Asked, Picture, like
from ui.attribute_rows import attribute_rows
from ui.examples import examples
from ui.names import attribute_name
from ui.query_events import STRIP, QueryEvents, known_of
from ui.refusals import told
from ui.search_tab import SearchTab
from ui.steps import Steps
from ui.turning import Step
from ui.visiting import Updates
from ui.visitors import visitor_of
from ui.words import word

RENEWAL = 60.0
"""Seconds that a catalog may take to be opened anew."""
MOST_NAMED = 20
"""Attributes that a message names at most."""


class FillingEvents:
    """Event handlers that fill the page for a catalog. Each gives updates for the components that it changes."""

    def __init__(self, library: Library, tab: SearchTab, choose: gr.Dropdown, banner: gr.HTML) -> None:
        self.library = library
        self.tab = tab
        self.choose = choose
        self.banner = banner
        self.query = QueryEvents(library, tab, choose)

    def still_there(self, catalog: str, request: gr.Request) -> Any:
        """A wish to go over to the first catalog, where the one that is searched has gone; else nothing."""
        try:
            self.library.entry(catalog, visitor_of(request))
        except LibraryError:
            return catalog, time.monotonic_ns(), ""
        return gr.skip()

    async def _filled(
        self, catalog: str, steps: Steps, request: gr.Request, asks: "Asks", addressed: bool = False
    ) -> AsyncIterator[tuple[Updates, Opened | None]]:
        """Show how far the catalog is until it is ready, then what does not change with the query; with the last of it comes
        the catalog, whose first query then stands in `steps`.

        addressed: whether the address asks for all that.
        """
        lang, said = self.query.language(request), ""
        try:
            opened = self.query.opened(catalog, request)
        except LibraryError:
            opened = self.library.opened("", HOST)
            first = self.library.entry(opened.id).name
            said = cards.notice(word("gone_catalog", lang, name=first), "notice")
            if addressed:
                said = cards.notice(word("asked_catalog", lang, id=catalog))
        entries = self.library.all(visitor_of(request))
        choices = [(entry.name, entry.id) for entry in entries]
        dropdown = gr.Dropdown(choices, value=opened.id, visible=len(choices) > 1)
        begun: Updates = {self.tab.catalog: opened.id, self.choose: dropdown}
        empty: Updates = {self.tab.answer: None, self.tab.explained: gr.Column(visible=False)}
        if not opened.wait(0) or opened.stage.name != "failed":
            before = {
                self.tab.image: cards.no_picture(),
                self.tab.picker: "",
                self.tab.query_line: "",
                self.tab.bar: "",
            }
            before |= {self.tab.rows: "", self.tab.facets: "", self.tab.settings: ""}
            yield {**begun, **empty, **before, self.tab.line: "", self.tab.results: result_cards.waiting(STRIP)}, None
        while not opened.wait(0):
            yield {self.banner: cards.progress(opened.stage, lang)}, None
            await anyio.sleep(0.4)
        if opened.stage.name == "failed":
            bare = {self.tab.image: cards.no_picture(coming=False), self.tab.picker: "", self.tab.results: ""}
            yield {**begun, **empty, **bare, self.banner: cards.progress(opened.stage, lang)}, None
            return
        read = await anyio.to_thread.run_sync(asks.of, opened)
        steps.begin(opened.id, read.step)
        said += self._missing_lines(opened, read, lang)
        yield {**begun, **self._around(opened, lang), self.tab.query_line: said}, opened

    def _around(self, opened: Opened, lang: str) -> Updates:
        """What stands round the query."""
        return {
            self.tab.shuffle: gr.Button(visible=opened.searchable > STRIP),
            self.tab.left_out: cards.left_out(opened, lang),
        }

    def _missing_lines(self, opened: Opened, read: Read, lang: str) -> str:
        """A line for the first thing of each kind that was asked for and is not there."""
        lines, kinds = [], set()
        for kind, text in read.missing:
            if kind in kinds:
                continue
            kinds.add(kind)
            if kind == "attribute":
                names = [attribute_name(name, lang) for name in opened.embedder.attributes[:MOST_NAMED]]
                said = word("asked_attribute", lang, name=text, known=("、" if lang == "ja" else ", ").join(names))
            elif kind == "item":
                said = word("asked_item", lang, id=text)
            else:
                said = word(f"asked_{kind}", lang, text=text)
            lines.append(cards.notice(said))
        return "".join(lines)

    async def renew(self, catalog: str, steps: Steps, ready: int, request: gr.Request) -> Updates:
        """The attributes as they are now, with one that was taught meanwhile; the query stays, and is searched again."""
        opened = self.query.opened(catalog, request)
        await anyio.to_thread.run_sync(opened.wait, RENEWAL)
        if opened.stage.name != "ready":
            return {self.tab.ready: ready}
        lang, now = self.query.language(request), steps.now
        return {
            self.tab.rows: attribute_rows(opened, now.asked, now.picture, lang),
            self.tab.ready: ready + 1,
        }

    def _notice(self, opened: Opened, lang: str) -> str:
        fallback = self.library.weights.fallback
        if fallback is None:
            return cards.pending(opened.pending, self.library.going_on(opened.id, "embed"), lang)
        said = word("fallback", lang, weights=fallback.weights, error=told(fallback.error, lang))
        return cards.notice(said, "notice")


class Asks:
    """What a page or another tab asks a catalog for, before it is known what the catalog has."""

    def __init__(self, parameters: Sequence[tuple[str, str]] = ()) -> None:
        """parameters: of an address."""
        self.parameters = parameters

    def of(self, opened: Opened) -> Read:
        """The query for a catalog that is open; its example where nothing is asked for that is there."""
        read = read_address(self.parameters, known_of(opened), opened.columns)
        return read if not read.empty else replace(read, step=first_step(opened))


class Wish(Asks):
    """What another tab wants asked: an item, '' for a first query, by some attributes; from Metrics also the result that is to
    be explained and the split that was measured."""

    def __init__(self, item: str, attributes: Sequence[str], arrival: Arrival | None) -> None:
        super().__init__([("item", item), *(("attribute", name) for name in attributes)] if item else [])
        self.attributes = attributes
        self.arrival = arrival

    def of(self, opened: Opened) -> Read:
        known = known_of(opened)
        there = [name for name in self.attributes if name in known.attributes]
        if not self.parameters and there:  # an attribute alone: the example, by that one
            picture = first_step(opened).picture
            return Read(Step(Asked(like(picture, dict.fromkeys(there, 1.0))), picture))
        read = super().of(opened)
        if self.arrival is None or read.step.example:
            return read
        filters = narrowed(opened, self.arrival.split)
        asked = replace(read.step.asked, arrival=self.arrival, filters=filters)
        return replace(read, step=replace(read.step, asked=asked))


def first_step(opened: Opened) -> Step:
    """The query that the page asks by itself."""
    found = examples(opened, "en")
    if found:
        return Step(found[0].asked, found[0].asked.picture, example=True)
    item = next(iter(opened.readable), None)
    picture = Picture(item=item.id) if item is not None else Picture()
    terms = like(picture, {opened.first_attribute: 1.0}) if item is not None else ()
    return Step(Asked(terms), picture, example=True)
