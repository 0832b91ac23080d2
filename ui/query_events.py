"""What a visitor searches with: the picture or item, and how much each attribute counts."""

import time
from collections.abc import Sequence
from typing import Any

import gradio as gr

from catalog import CatalogError, ImageLimits
from ui import cards
from ui.dials import Dial, dials
from ui.names import attribute_name
from ui.picture_box import picture_box, uploaded
from ui.refusals import told
from ui.search_tab import SearchTab
from ui.searching import FEW_HITS, MOST_HITS, Answer, Choice, pickable, read_image
from ui.service import Service
from ui.words import language_of, word

STRIP = 12
Updates = dict[Any, Any]
Weights = dict[str, float]
Balance = dict[str, float]


class QueryEvents:
    """Event handlers of the query column. Each gives updates for the components that it changes."""

    def __init__(self, service: Service, tab: SearchTab) -> None:
        self.service = service
        self.tab = tab

    def take_image(self, event: gr.EventData, choice: Choice, ids: Sequence[str], request: gr.Request) -> Updates:
        """A new picture becomes the query; one that cannot be read is refused, and the earlier query stays."""
        lang = language(self.service, request)
        data = event._data or {}
        if "refused" in data:
            return self._refused(word(_refusal(data["refused"]), lang, most=ImageLimits().bytes >> 20), choice, lang)
        try:
            path = uploaded(data.get("path"))
            read_image(path)
        except CatalogError as error:
            return self._refused(word("bad_image", lang, error=told(error, lang)), choice, lang)
        return self.chosen(Choice(image=path), ids, lang)

    def clear_image(self, ids: Sequence[str], request: gr.Request) -> Updates:
        return self.chosen(Choice(), ids, language(self.service, request))

    def take_item(self, event: gr.EventData, choice: Choice, ids: Sequence[str], request: gr.Request) -> Updates:
        return self._taken(str(event.pick), choice, ids, language(self.service, request))

    def take_hit(
        self, found: Answer | None, rank: int, choice: Choice, ids: Sequence[str], request: gr.Request
    ) -> Updates:
        """The hit that is explained becomes the query; it leads the strip when it is not in it yet."""
        if found is None or not 0 <= rank < len(found.hits):
            return {self.tab.query_line: ""}
        id = found.hits[rank].id
        shown = ids if id in ids else self.strip_ids(0, id)
        return self._taken(id, choice, shown, language(self.service, request))

    def shuffle(self, page: int, choice: Choice, request: gr.Request) -> Updates:
        ids = self.strip_ids(page + 1)
        return {
            self.tab.page: page + 1,
            self.tab.strip: ids,
            self.tab.picker: self._strip(ids, choice, language(self.service, request)),
        }

    def arrange(self, names: Sequence[str], more: Sequence[str], weighed: Weights, request: gr.Request) -> Updates:
        """A weight for each attribute, when there are several."""
        lang, chosen = language(self.service, request), [*names, *more]
        several = len(chosen) > 1
        wanted = [_weight(name, weighed.get(name, 1.0), lang) for name in chosen] if several else []
        return {self.tab.weights_title: gr.HTML(visible=several), self.tab.weights: dials(wanted, lang)}

    def turn_weight(self, event: gr.EventData, weighed: Weights) -> Weights:
        """The weights with that of one attribute changed."""
        name = str(event.name)
        if name not in self.service.embedder.attributes:
            return weighed
        return {**weighed, name: _weight(name, weighed.get(name, 1.0), "en").inside(event.value)}

    def turn_k(self, event: gr.EventData, k: float) -> float:
        return round(self.k_dial(k, "en").inside(event.value))

    def turn_balance(self, event: gr.EventData, balance: Balance) -> Balance:
        """The shares of the views with one changed."""
        dial = next((dial for dial in balance_dials(balance, "en") if dial.name == event.name), None)
        return balance if dial is None else {**balance, dial.name: dial.inside(event.value)}

    def k_dial(self, k: float, lang: str) -> Dial:
        """How many results; never more than there are items."""
        most = max(1, min(MOST_HITS, len(self.service.readable)))
        return Dial("k", word("k", lang), min(k, most), 1, most, 1)

    def first_k(self) -> int:
        return round(self.k_dial(FEW_HITS, "en").value)

    def chosen(self, choice: Choice, ids: Sequence[str], lang: str) -> Updates:
        """The page with another query. CatalogError when its picture cannot be read."""
        return {
            self.tab.image: self._box(choice, lang),
            self.tab.choice: choice,
            self.tab.strip: list(ids),
            self.tab.picker: self._strip(ids, choice, lang),
            self.tab.query_line: "",
        }

    def strip_ids(self, page: int, first: str | None = None) -> list[str]:
        return [item.id for item in pickable(self.service, page, STRIP, first)]

    def _taken(self, id: str, choice: Choice, ids: Sequence[str], lang: str) -> Updates:
        try:
            return self.chosen(Choice(item=id), ids, lang)
        except CatalogError as error:
            return self._refused(word("refused", lang, error=told(error, lang)), choice, lang)

    def _refused(self, said: str, choice: Choice, lang: str) -> Updates:
        return {self.tab.query_line: cards.notice(said), self.tab.image: self._box(choice, lang)}

    def _box(self, choice: Choice, lang: str) -> str:
        return picture_box(self.service, choice, time.monotonic_ns(), lang)

    def _strip(self, ids: Sequence[str], choice: Choice, lang: str) -> str:
        items = [self.service.catalog.item(id) for id in ids]
        return cards.picker(self.service, items, choice.item, lang)


def balance_dials(balance: Balance, lang: str) -> list[Dial]:
    """One for each share: "beta" of the region view, and "gamma" of the general view where there is one."""
    return [
        Dial(name, word(name, lang), share, 0, 1, 0.05, word(f"{name}_info", lang)) for name, share in balance.items()
    ]


def first_balance(service: Service) -> Balance:
    """Shares to begin with, where a visitor wants other ones than the attributes' own: which of them there are."""
    mix = [service.embedder.derivation(name).mix for name in service.embedder.attributes]
    general = any("general" in own for own in mix)
    return {"beta": 0.3, **({"gamma": 0.3} if general else {})}


def language(service: Service, request: gr.Request) -> str:
    return language_of(request.headers, request.query_params, service.settings.lang)


def _weight(name: str, value: float, lang: str) -> Dial:
    return Dial(name, attribute_name(name, lang), value, 0, 2, 0.05)


def _refusal(reason: object) -> str:
    known = ("large", "upload", "clipboard", "camera")
    return f"refused_{reason if reason in known else 'upload'}"
