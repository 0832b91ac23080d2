"""Why is this item not here: the part of the page that asks for an item and tells what keeps it out of the results."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from catalog import Catalog, CatalogError, Item
from library import Library
from ui.cards import error_line, notice
from ui.missing import missed, missing
from ui.scripts import script
from ui.searching import Answer
from ui.why_not_cards import field, offered, why_not_card
from ui.words import language_of, word

Updates = dict[Any, Any]
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
LATEST: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_limit": 4, **QUIET}
MOST_OFFERED = 12
"""Items that are offered at once."""


@dataclass(frozen=True)
class WhyNotPart:
    """The components. box: opened by who wants to ask. ask: the field. offered: items to choose from. shown: the answer, whose
    buttons send acts on the query. item: id of the one that is explained, "" for none yet, None while the part is shut."""

    box: gr.Accordion
    ask: gr.HTML
    offered: gr.HTML
    shown: gr.HTML
    item: gr.State


def build_why_not(say: Callable[[str], object]) -> WhyNotPart:
    """Lay the part out, shut and empty."""
    with gr.Accordion(say("whynot_title"), open=False, elem_id="why-not") as box:
        ask = gr.HTML(elem_id="why-not-ask", js_on_load=script("whynot"))
        choosing = script("whynot") + script("acts") + script("keep")
        choices = gr.HTML(elem_id="why-not-offered", js_on_load=choosing)
        shown = gr.HTML(elem_id="why-not-shown", js_on_load=script("acts") + script("keep"))
    return WhyNotPart(box, ask, choices, shown, gr.State(None))


class WhyNotEvents:
    """Event handlers of the part. Each gives updates for the components that it changes. found: what was searched last."""

    def __init__(self, library: Library, part: WhyNotPart) -> None:
        self.library = library
        self.part = part
        self._texts: tuple[Catalog | None, list[str]] = (None, [])

    def open(self, found: Answer | None, request: gr.Request) -> Updates:
        """The field, and items that one would expect among the results."""
        lang = self._language(request)
        if found is None:
            return {self.part.ask: notice(word("whynot_search_first", lang), "notice"), **self._cleared()}
        return {self.part.ask: field("", lang), **self._cleared(), self.part.offered: _expected(found, lang)}

    def again(self, found: Answer | None, item: str | None, request: gr.Request) -> Updates:
        """What is open, for what is searched now: the same item, or else what one would expect now."""
        if item is None:
            return {self.part.item: gr.skip()}
        if found is None or not item:
            return self.open(found, request)
        return self._told(found, item, self._language(request))

    def shut(self) -> Updates:
        return {**self._cleared(), self.part.item: None}

    def turn(self, event: gr.EventData, found: Answer | None, request: gr.Request) -> Updates:
        """What is written in the field is looked for in the catalog; what is chosen is explained."""
        data, lang = event._data or {}, self._language(request)
        text = " ".join(str(data.get("item", data.get("text", ""))).split())
        if found is None:
            return {self.part.ask: notice(word("whynot_search_first", lang), "notice"), **self._cleared()}
        if not text:
            return {self.part.offered: _expected(found, lang)}
        if data.get("act") == "find":
            return {self.part.offered: self._found(found, text, lang)}
        id = self._meant(found.catalog, text)
        if id is None:
            return {self.part.offered: self._found(found, text, lang)}
        chosen = {} if "item" in data else {self.part.offered: ""}
        return {**self._told(found, id, lang), **chosen}

    def _language(self, request: gr.Request) -> str:
        return language_of(request.headers, request.query_params, self.library.settings.lang)

    def named(self, catalog: Catalog, text: str) -> Sequence[Item]:
        """Items whose id or title holds a text, whatever its case: the id itself, what begins with it, then the others."""
        wanted = _folded(text)
        rows = [row for row, own in enumerate(self._folded_names(catalog)) if wanted in own]
        names = self._folded_names(catalog)
        rows.sort(key=lambda row: (names[row].split("\n", 1)[0] != wanted, not _begins(names[row], wanted), row))
        return [catalog.items[row] for row in rows]

    def _folded_names(self, catalog: Catalog) -> list[str]:
        """Id and title of each item, a line each, as they are compared; made once for each catalog."""
        known, texts = self._texts
        if known is not catalog:
            texts = [_folded(f"{item.id}\n{item.columns.get('title', '')}") for item in catalog.items]
            self._texts = catalog, texts
        return texts

    def _meant(self, catalog: Catalog, text: str) -> str | None:
        """The item that is written: by its id, or the only one whose name holds the text."""
        try:
            return catalog.item(text).id
        except CatalogError:
            named = self.named(catalog, text)
            exact = [item for item in named if _folded(item.id) == _folded(text)]
            one = exact if len(exact) == 1 else named
            return one[0].id if len(one) == 1 else None

    def _found(self, found: Answer, text: str, lang: str) -> str:
        items = self.named(found.catalog, text)
        said = word("whynot_nothing", lang, text=text)
        if items:
            key = "whynot_found" if len(items) <= MOST_OFFERED else "whynot_first"
            said = word(key, lang, count=f"{len(items):,}", shown=MOST_OFFERED)
        return offered(found.opened, items[:MOST_OFFERED], said, lang)

    def _told(self, found: Answer, id: str, lang: str) -> Updates:
        try:
            shown = why_not_card(found, missing(found, id), lang)
        except Exception as error:
            shown = error_line(error, lang)
        return {self.part.shown: shown, self.part.item: id}

    def _cleared(self) -> Updates:
        return {self.part.offered: "", self.part.shown: "", self.part.item: ""}


def connect_why_not(events: WhyNotEvents, answer: gr.State, results: gr.HTML) -> None:
    """answer: state of the last `Answer`. results: what changes when there is another one, so that an item that was asked for is
    explained anew. What `part.shown` sends is for who turns acts into another query."""
    part = events.part
    outputs = [part.ask, part.offered, part.shown, part.item]
    part.box.expand(events.open, answer, outputs, **QUIET)
    part.box.collapse(events.shut, None, outputs, **QUIET)
    gr.on([part.ask.input, part.offered.input], events.turn, answer, outputs, **LATEST)
    results.change(events.again, [answer, part.item], outputs, **LATEST)


def _expected(found: Answer, lang: str) -> str:
    items = missed(found, MOST_OFFERED)
    return offered(found.opened, items, word("whynot_missed", lang) if items else "", lang)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _begins(names: str, text: str) -> bool:
    return any(name.startswith(text) for name in names.split("\n"))
