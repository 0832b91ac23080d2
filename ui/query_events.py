"""What a visitor searches with: the picture or item, and how much each attribute counts."""

import time
from collections.abc import Sequence
from typing import Any

import gradio as gr

from catalog import CatalogError, ImageLimits
from library import Library, LibraryError, Opened, Settings
from ui import cards
from ui.asked import Picture
from ui.dials import Dial, dials
from ui.names import attribute_name
from ui.picture_box import picture_box, uploaded
from ui.refusals import told
from ui.search_tab import SearchTab
from ui.searching import FEW_HITS, MOST_HITS, Answer, pickable, read_image
from ui.visitors import visitor_of
from ui.words import language_of, word

STRIP = 12
Updates = dict[Any, Any]
Weights = dict[str, float]
Balance = dict[str, float]


class QueryEvents:
    """Event handlers of the query column. Each gives updates for the components that it changes.

    catalog: the id of the catalog that the visitor searches.
    """

    def __init__(self, library: Library, tab: SearchTab, choose: gr.Dropdown) -> None:
        self.library = library
        self.tab = tab
        self.choose = choose

    def opened(self, catalog: str, request: gr.Request) -> Opened:
        """The catalog that a visitor searches; UnknownCatalog."""
        return self.library.opened(catalog, visitor_of(request))

    def there(self, catalog: str, request: gr.Request) -> Opened | None:
        """The catalog that a visitor searches; None where it has gone."""
        try:
            return self.opened(catalog, request)
        except LibraryError:
            return None

    @property
    def gone(self) -> Updates:
        """What makes the page go over to another catalog, since the one that was searched has gone."""
        return {self.choose: gr.Dropdown(value=None)}

    def language(self, request: gr.Request) -> str:
        return language(self.library.settings, request)

    def take_image(
        self, event: gr.EventData, catalog: str, choice: Picture, ids: Sequence[str], request: gr.Request
    ) -> Updates:
        """A new picture becomes the query; one that cannot be read is refused, and the earlier query stays."""
        lang, opened = self.language(request), self.there(catalog, request)
        if opened is None:
            return self.gone
        data = event._data or {}
        if "refused" in data:
            return self._refused(
                opened, word(_refusal(data["refused"]), lang, most=ImageLimits().bytes >> 20), choice, lang
            )
        try:
            path = uploaded(data.get("path"))
            read_image(path)
        except CatalogError as error:
            return self._refused(opened, word("bad_image", lang, error=told(error, lang)), choice, lang)
        return self.chosen(opened, Picture(image=path), ids, lang)

    def clear_image(self, catalog: str, ids: Sequence[str], request: gr.Request) -> Updates:
        opened = self.there(catalog, request)
        return self.gone if opened is None else self.chosen(opened, Picture(), ids, self.language(request))

    def take_item(
        self, event: gr.EventData, catalog: str, choice: Picture, ids: Sequence[str], request: gr.Request
    ) -> Updates:
        opened = self.there(catalog, request)
        return (
            self.gone if opened is None else self._taken(opened, str(event.pick), choice, ids, self.language(request))
        )

    def take_hit(
        self, found: Answer | None, rank: int, choice: Picture, ids: Sequence[str], request: gr.Request
    ) -> Updates:
        """The hit that is explained becomes the query, in the catalog that it is of; it leads the strip when it is not in it
        yet."""
        if found is None or not 0 <= rank < len(found.hits):
            return {self.tab.query_line: ""}
        return self._taken(found.opened, found.hits[rank].id, choice, ids, self.language(request))

    def shuffle(self, catalog: str, page: int, choice: Picture, request: gr.Request) -> Updates:
        opened = self.there(catalog, request)
        if opened is None:
            return self.gone
        ids = strip_ids(opened, page + 1)
        return {
            self.tab.page: page + 1,
            self.tab.strip: ids,
            self.tab.picker: strip(opened, ids, choice, self.language(request)),
        }

    def arrange(self, names: Sequence[str], more: Sequence[str], weighed: Weights, request: gr.Request) -> Updates:
        """A weight for each attribute, when there are several."""
        return self.weighing([*names, *more], weighed, self.language(request))

    def weighing(self, chosen: Sequence[str], weighed: Weights, lang: str) -> Updates:
        """The weights of what is chosen; nothing for one attribute alone."""
        several = len(chosen) > 1
        wanted = [_weight(name, weighed.get(name, 1.0), lang) for name in chosen] if several else []
        return {self.tab.weights_title: gr.HTML(visible=several), self.tab.weights: dials(wanted, lang)}

    def turn_weight(self, event: gr.EventData, catalog: str, weighed: Weights, request: gr.Request) -> Weights:
        """The weights with that of one attribute changed."""
        name = str(event.name)
        opened = self.there(catalog, request)
        if opened is None or name not in opened.embedder.attributes:
            return weighed
        return {**weighed, name: _weight(name, weighed.get(name, 1.0), "en").inside(event.value)}

    def turn_k(self, event: gr.EventData, catalog: str, k: float, request: gr.Request) -> float:
        opened = self.there(catalog, request)
        return k if opened is None else round(k_dial(opened, k, "en").inside(event.value))

    def turn_balance(self, event: gr.EventData, balance: Balance) -> Balance:
        """The shares of the views with one changed."""
        dial = next((dial for dial in balance_dials(balance, "en") if dial.name == event.name), None)
        return balance if dial is None else {**balance, dial.name: dial.inside(event.value)}

    def chosen(self, opened: Opened, choice: Picture, ids: Sequence[str], lang: str) -> Updates:
        """The page with another query. CatalogError when its picture cannot be read."""
        return {
            self.tab.image: _box(opened, choice, lang),
            self.tab.choice: choice,
            self.tab.strip: list(ids),
            self.tab.picker: strip(opened, ids, choice, lang),
            self.tab.query_line: "",
        }

    def _taken(self, opened: Opened, id: str, choice: Picture, ids: Sequence[str], lang: str) -> Updates:
        try:
            shown = ids if id in ids else strip_ids(opened, 0, id)
            return self.chosen(opened, Picture(item=id), shown, lang)
        except CatalogError as error:
            return self._refused(opened, word("refused", lang, error=told(error, lang)), choice, lang)

    def _refused(self, opened: Opened, said: str, choice: Picture, lang: str) -> Updates:
        return {self.tab.query_line: cards.notice(said), self.tab.image: _box(opened, choice, lang)}


def k_dial(opened: Opened, k: float, lang: str) -> Dial:
    """How many results; never more than there are items."""
    most = max(1, min(MOST_HITS, opened.searchable))
    return Dial("k", word("k", lang), min(k, most), 1, most, 1)


def first_k(opened: Opened) -> int:
    return round(k_dial(opened, FEW_HITS, "en").value)


def strip_ids(opened: Opened, page: int, first: str | None = None) -> list[str]:
    return [item.id for item in pickable(opened, page, STRIP, first)]


def strip(opened: Opened, ids: Sequence[str], choice: Picture, lang: str) -> str:
    """The strip of pictures to pick from; those that have gone meanwhile are left out."""
    there = {item.id for item in opened.catalog.items} if ids else set()
    items = [opened.catalog.item(id) for id in ids if id in there]
    return cards.picker(opened, items, choice.item, lang)


def _box(opened: Opened, choice: Picture, lang: str) -> str:
    return picture_box(opened, choice, time.monotonic_ns(), lang)


def balance_dials(balance: Balance, lang: str) -> list[Dial]:
    """One for each share: "beta" of the region view, and "gamma" of the general view where there is one."""
    return [
        Dial(name, word(name, lang), share, 0, 1, 0.05, word(f"{name}_info", lang)) for name, share in balance.items()
    ]


def first_balance(opened: Opened) -> Balance:
    """Shares to begin with, where a visitor wants other ones than the attributes' own: which of them there are."""
    mix = [opened.embedder.derivation(name).mix for name in opened.embedder.attributes]
    general = any("general" in own for own in mix)
    return {"beta": 0.3, **({"gamma": 0.3} if general else {})}


def language(settings: Settings, request: gr.Request) -> str:
    return language_of(request.headers, request.query_params, settings.lang)


def _weight(name: str, value: float, lang: str) -> Dial:
    return Dial(name, attribute_name(name, lang), value, 0, 2, 0.05)


def _refusal(reason: object) -> str:
    known = ("large", "upload", "clipboard", "camera")
    return f"refused_{reason if reason in known else 'upload'}"
