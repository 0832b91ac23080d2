"""What the Compare tab does: it takes over the query of the Search tab, or a ready one, and asks it in two ways."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gradio as gr

from library import Library, LibraryError, Opened, Visitor
from ui import cards as common
from ui.asked import Asked
from ui.compare import cards
from ui.compare.beside import OtherWeights, Preparing
from ui.compare.examples import Example, examples
from ui.compare.montages import Montage, Montages
from ui.compare.sides import Sides
from ui.compare.tab import CompareTab, Looked
from ui.compare.ways import SIDES, chosen, ways
from ui.metrics.evaluating import weights_choices
from ui.visiting import language
from ui.visitors import visitor_of

Updates = dict[Any, Any]
FIRST = "1"
"""The example that is shown where nothing is asked in Search."""
ASKING = ("item", "attribute", "term")
"""Names in the address that ask something in Search."""


class CompareEvents:
    """Event handlers of the tab. Each gives updates for the components that it changes.

    catalog: the id of the catalog that is searched. search: the query of the Search tab.
    """

    def __init__(self, library: Library, tab: CompareTab, tabs: gr.Tabs) -> None:
        """tabs: those of the page."""
        self.library = library
        self.tab = tab
        self.tabs = tabs
        self.sides = Sides(OtherWeights(library))
        self.montages = Montages()

    def opened(self, catalog: str, search: Asked, looked: Looked, request: gr.Request) -> Updates:
        """The tab is opened: with what the address says the first time, and then with what was chosen, on the query as it
        stands."""
        first, params = not looked.opened, dict(request.query_params)
        looked = _addressed(params, looked) if first else looked
        asks = first and any(name in params for name in ASKING) and not search.terms
        looked = replace(looked, opened=True, waits=asks)
        if not catalog:  # Search is about to say which: `follow`
            return {self.tab.looked: looked}
        return self._shown(catalog, search, looked, request)

    def follow(self, catalog: str, search: Asked, looked: Looked, request: gr.Request) -> Updates:
        """Another catalog is searched, or the first one is known; nothing where the tab was not opened yet."""
        if not looked.opened or looked.catalog == catalog:
            return {self.tab.line: gr.skip()}
        example = "" if looked.catalog else looked.example
        return self._shown(catalog, search, replace(looked, example=example, waits=True), request)

    def arrived(self, catalog: str, search: Asked, looked: Looked, request: gr.Request) -> Updates:
        """Search has another query; nothing where none is waited for."""
        other = looked.catalog != catalog
        if not search.terms or not looked.opened or not (looked.waits or other):
            return {self.tab.line: gr.skip()}
        example = "" if other and looked.catalog else looked.example
        return self._shown(catalog, search, replace(looked, example=example, waits=False), request)

    def again(self, catalog: str, search: Asked, looked: Looked, request: gr.Request) -> Updates:
        """Look once more at what is being made ready."""
        return self._shown(catalog, search, looked, request)

    def act(self, event: gr.EventData, catalog: str, search: Asked, looked: Looked, request: gr.Request) -> Updates:
        """What was chosen in the tab."""
        data = event._data or {}
        act, value = str(data.get("act", "")), str(data.get("value", ""))
        if act == "metrics":
            return {self.tabs: gr.Tabs(selected="metrics")}
        if act == "left":
            looked = replace(looked, left=value)
        elif act == "right":
            looked = replace(looked, right=value)
        elif act == "example":
            looked = replace(looked, example=value, waits=False)
        elif act == "address":
            looked = _addressed(data, looked)
        return self._shown(catalog, search, looked, request)

    def _shown(self, catalog: str, search: Asked, looked: Looked, request: gr.Request) -> Updates:
        lang, visitor, tab = language(self.library.settings, request), visitor_of(request), self.tab
        at_rest = {tab.line: "", tab.tick: gr.Timer(active=False)}
        try:
            opened = self.library.opened(catalog, visitor)
            if opened.stage.name != "ready":
                waits = opened.stage.name != "failed"
                empty = {tab.ask: "", tab.found: "", tab.looked: replace(looked, catalog=catalog)}
                return {**empty, tab.line: common.progress(opened.stage, lang), tab.tick: gr.Timer(active=waits)}
            return {**at_rest, **self._drawn(opened, search, replace(looked, catalog=catalog), visitor, lang)}
        except LibraryError as error:
            return {**at_rest, tab.ask: "", tab.found: "", tab.line: common.error_line(error, lang)}
        except Exception as error:
            return {**at_rest, tab.line: common.error_line(error, lang)}

    def _drawn(self, opened: Opened, search: Asked, looked: Looked, visitor: Visitor, lang: str) -> Updates:
        own = search if _fits(opened, search) else Asked()
        ready = examples(opened)
        if looked.example == cards.BACKGROUND:
            made, montage = True, self.montages.of(opened, ready)
        else:
            made, montage = self.montages.known(opened, ready)
        asked, example = _query(own, ready, montage, looked)
        changed = montage if example == cards.BACKGROUND else None
        if not asked.terms:
            row = cards.ask_row(opened, ready, made, montage, None, False, lang)
            return {self.tab.ask: row, self.tab.found: "", self.tab.looked: looked}
        known = ways(opened, asked, self._other_weights(visitor, lang))
        pair = (chosen(looked.left, "left", known), chosen(looked.right, "right", known))
        found = self.sides.compare(opened, asked, pair, changed.asked if changed is not None else None)
        before = asked.picture if changed is not None else None
        waits = any(isinstance(side.reason, Preparing) for side in (found.left, found.right))
        return {
            self.tab.ask: cards.ask_row(opened, ready, made, montage, example, bool(own.terms), lang),
            self.tab.found: cards.sides(found, known, looked.example, before, lang),
            self.tab.looked: replace(looked, left=pair[0].written, right=pair[1].written),
            self.tab.tick: gr.Timer(active=waits),
        }

    def _other_weights(self, visitor: Visitor, lang: str) -> list[str]:
        """Sources of weights of the library that are not in use, for those who may have them loaded."""
        now = self.library.weights.source
        return [source for _, source in weights_choices(self.library, visitor, lang) if source != now]


def _fits(opened: Opened, asked: Asked) -> bool:
    """Whether a query can be asked in a catalog, and is not one of the catalog that was searched before."""
    known, items = opened.embedder.attributes, {item.id for item in opened.catalog.items}
    return all(term.attribute in known and (term.item is None or term.item in items) for term in asked.terms)


def _query(own: Asked, ready: list[Example], montage: Montage | None, looked: Looked) -> tuple[Asked, str]:
    """What is asked, and which example that is: the one that is named, where it is there, else the visitor's own query, else
    the first example."""
    example = looked.example
    numbered = {str(place): one for place, one in enumerate(ready, 1)}
    if example == cards.BACKGROUND and montage is not None:
        return montage.example.asked, example
    if example in numbered:
        return numbered[example].asked, example
    if own.terms or not ready or looked.waits:
        return own, cards.YOURS
    return numbered[FIRST].asked, FIRST


def _addressed(params: Mapping[str, Any], looked: Looked) -> Looked:
    """What an address names."""
    left, right, example = (str(params.get(name) or "") for name in (*SIDES, "example"))
    return replace(looked, left=left, right=right, example=example)
