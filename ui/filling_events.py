"""Fills the page for a catalog: what can be chosen, a first query, and what the address or another tab asks for."""

import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import anyio
import gradio as gr

from library import HOST, Library, LibraryError, Opened
from ui import cards
from ui.arrivals import narrowed
from ui.asked import Arrival, Picture
from ui.dials import dials
from ui.names import attribute_name
from ui.narrowing import narrowing
from ui.query_events import (
    STRIP,
    QueryEvents,
    Updates,
    balance_dials,
    first_balance,
    first_k,
    k_dial,
    strip_ids,
)
from ui.refusals import told
from ui.search_tab import SearchTab
from ui.searching import MOST_TERMS
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

    async def begin(self, request: gr.Request) -> AsyncIterator[Updates]:
        """Fill the page for the catalog that the address names."""
        params = request.query_params
        wanted = dict(params)
        names = params.getlist("attribute") if hasattr(params, "getlist") else [wanted.get("attribute")]
        attributes = [name for name in names if name]
        async for updates in self._filled(wanted.get("catalog", ""), request, wanted.get("item"), attributes, True):
            yield updates

    async def switch(self, catalog: str, request: gr.Request) -> AsyncIterator[Updates]:
        """Fill the page for another catalog."""
        async for updates in self._filled(catalog, request):
            yield updates

    def still_there(self, catalog: str, request: gr.Request) -> Any:
        """A wish to go over to the first catalog, where the one that is searched has gone; else nothing."""
        try:
            self.library.entry(catalog, visitor_of(request))
        except LibraryError:
            return catalog, time.monotonic_ns(), ""
        return gr.skip()

    async def go(
        self, wanted: tuple[Any, ...], chosen: Sequence[str], more: Sequence[str], request: gr.Request
    ) -> AsyncIterator[Updates]:
        """Fill the page for what another tab wants: the id of a catalog, a time, an item of it or '' for a first query, and
        maybe an attribute; from Metrics also a result to be explained and the split that was measured, each or ''. An item is
        searched with by the attributes that are chosen, where the catalog has them."""
        catalog, turn, item, attribute, *rest = (*wanted, "")[: max(4, len(wanted))]
        if not turn:  # Gradio tells of a change when the wish is first written, though nothing is wished
            yield {self.tab.line: gr.skip()}
            return
        asked = [attribute] if attribute else [*chosen, *more] if item else []
        arrival = Arrival(*rest) if rest else None
        async for updates in self._filled(catalog, request, item or None, asked, arrival=arrival):
            yield updates

    async def _filled(
        self,
        catalog: str,
        request: gr.Request,
        item: str | None = None,
        attributes: Sequence[str] = (),
        addressed: bool = False,
        arrival: Arrival | None = None,
    ) -> AsyncIterator[Updates]:
        """Show how far the catalog is until it is ready, then fill the page with a first query.

        item, attributes: what to ask with. addressed: whether the address asks for all that. arrival: where Metrics does.
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
            before = {self.tab.image: cards.no_picture(), self.tab.picker: "", self.tab.query_line: ""}
            yield {**begun, **empty, **before, self.tab.line: "", self.tab.results: cards.waiting(STRIP)}
        while not opened.wait(0):
            yield {self.banner: cards.progress(opened.stage, lang)}
            await anyio.sleep(0.4)
        if opened.stage.name == "failed":
            bare = {self.tab.image: cards.no_picture(coming=False), self.tab.picker: "", self.tab.results: ""}
            yield {**begun, **empty, **bare, self.banner: cards.progress(opened.stage, lang)}
            return
        filled = await anyio.to_thread.run_sync(self._first_query, opened, lang, item, attributes, arrival)
        yield {**begun, **filled, self.tab.query_line: said + str(filled[self.tab.query_line])}

    def _first_query(
        self, opened: Opened, lang: str, item: str | None, attributes: Sequence[str], arrival: Arrival | None = None
    ) -> Updates:
        tab = self.tab
        choice, names, said = self._asked_for(opened, item, attributes, lang)
        k, balance = first_k(opened), first_balance(opened)
        return {
            **self.query.chosen(opened, choice, strip_ids(opened, 0, choice.item), lang),
            self.banner: self._notice(opened, lang),
            tab.query_line: said,
            tab.shuffle: gr.Button(visible=opened.searchable > STRIP),
            **self._attributes(opened, names, lang),
            tab.weighed: {},
            **self.query.weighing(names, {}, lang),
            tab.more_info: "",
            tab.filters: _filters(opened, lang, arrival),
            tab.k_value: k,
            tab.k: gr.HTML(dials([k_dial(opened, k, lang)], lang), visible=opened.searchable > 1),
            tab.balance: dials(balance_dials(balance, lang), lang),
            tab.balance_value: balance,
            tab.left_out: cards.left_out(opened, lang),
        }

    def _attributes(self, opened: Opened, chosen: Sequence[str], lang: str) -> Updates:
        """The attributes to choose from; those that the catalog has no labels for stand apart, and so do those with labels
        that the weights do not know yet."""
        names, others = opened.labelled, opened.unlabelled
        if not names:
            names, others = others, []
        return {
            self.tab.attributes: gr.CheckboxGroup(
                self._named(opened, names, lang), value=[name for name in chosen if name in names]
            ),
            self.tab.more_box: gr.Accordion(visible=bool(others)),
            self.tab.more: gr.CheckboxGroup(
                self._named(opened, others, lang), value=[name for name in chosen if name in others]
            ),
            self.tab.unknown: cards.unknown_attributes(opened, lang),
        }

    async def renew(
        self, catalog: str, chosen: Sequence[str], more: Sequence[str], ready: int, request: gr.Request
    ) -> Updates:
        """The attributes as they are now, with one that was taught meanwhile; what is chosen stays, and is searched again."""
        opened = self.query.opened(catalog, request)
        await anyio.to_thread.run_sync(opened.wait, RENEWAL)
        if opened.stage.name != "ready":
            return {self.tab.ready: ready}
        lang = self.query.language(request)
        return {**self._attributes(opened, [*chosen, *more], lang), self.tab.ready: ready + 1}

    def _asked_for(
        self, opened: Opened, id: str | None, names: Sequence[str], lang: str
    ) -> tuple[Picture, list[str], str]:
        """The first query, as the address asks for it; a line about what it asks for that is not there."""
        item, attribute = opened.example()
        choice, said = Picture(item.id if item is not None else None), []
        if id is not None and id in {item.id for item in opened.readable}:
            choice = Picture(id)
        elif id is not None:
            said.append(cards.notice(word("asked_item", lang, id=id)))
        known = opened.embedder.attributes
        chosen = [name for name in dict.fromkeys(names) if name in known][:MOST_TERMS]
        for name in [name for name in names if name not in known][:1]:
            listed = ("、" if lang == "ja" else ", ").join(attribute_name(other, lang) for other in known[:MOST_NAMED])
            said.append(cards.notice(word("asked_attribute", lang, name=name, known=listed)))
        return choice, chosen or [attribute], "".join(said)

    def _named(self, opened: Opened, names: Sequence[str], lang: str) -> list[tuple[str, str]]:
        """Pictures of attributes, those that were taught marked."""
        taught = opened.taught
        among = [*opened.labelled, *opened.unlabelled]
        shown = {name: attribute_name(name, lang, among) for name in names}
        return [(word("taught", lang, name=shown[name]) if name in taught else shown[name], name) for name in names]

    def _notice(self, opened: Opened, lang: str) -> str:
        fallback = self.library.weights.fallback
        if fallback is None:
            return cards.pending(opened.pending, self.library.going_on(opened.id, "embed"), lang)
        said = word("fallback", lang, weights=fallback.weights, error=told(fallback.error, lang))
        return cards.notice(said, "notice")


def _filters(opened: Opened, lang: str, arrival: Arrival | None = None) -> gr.Dropdown:
    """What a search can be narrowed by, nothing chosen but the split that Metrics has measured, and below the title what cannot
    be chosen from."""
    found = narrowing(opened.columns)
    choices, unlisted = found.choices(lang), found.unlisted_line(lang)
    info = word("filters_info", lang) + (("。" if lang == "ja" else " ") + unlisted if unlisted else "")
    chosen = narrowed(opened, arrival.split) if arrival is not None else []
    return gr.Dropdown(choices, value=chosen, multiselect=True, info=info, visible=bool(choices))
