"""What happens in the search tab: every change searches again, every error becomes one line, nothing is lost."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import anyio
import gradio as gr

from ui import cards
from ui.names import attribute_name, value_name
from ui.search_tab import SearchTab
from ui.searching import MOST_TERMS, Answer, Asked, Choice, answer, filter_choices, pickable, read_image
from ui.service import Service
from ui.thumbnails import LARGE
from ui.words import language_of, word

STRIP = 12
Updates = dict[Any, Any]


class SearchEvents:
    """Event handlers of the search tab for one service. Each gives updates for the components that it changes."""

    def __init__(self, service: Service, tab: SearchTab, banner: gr.HTML, stop: gr.Button) -> None:
        self.service = service
        self.tab = tab
        self.banner = banner
        self.stop = stop

    async def begin(self, request: gr.Request) -> AsyncIterator[Updates]:
        """Show how far the service is until it is ready, then fill the page with a first query."""
        lang = self._lang(request)
        if not self.service.wait(0):
            strip = await anyio.to_thread.run_sync(self._strip, 0, Choice(), lang)
            yield {self.tab.picker: strip, self.tab.results: cards.waiting(STRIP)}
        while not self.service.wait(0):
            yield {self.banner: cards.progress(self.service.stage, lang)}
            await anyio.sleep(0.4)
        if self.service.stage.name == "failed":
            yield {self.banner: cards.progress(self.service.stage, lang), self.tab.results: ""}
            return
        yield await anyio.to_thread.run_sync(self._first_query, lang, dict(request.query_params))

    def _first_query(self, lang: str, wanted: dict[str, str]) -> Updates:
        tab, service = self.tab, self.service
        item, attribute = service.example()
        if wanted.get("item") in {item.id for item in service.catalog.items}:
            item = service.catalog.item(wanted["item"])
        names, others = service.labelled, service.unlabelled
        if wanted.get("attribute") in [*names, *others]:
            attribute = wanted["attribute"]
        if not names:
            names, others = others, []
        choices = [
            (f"{attribute_name(name, lang)}: {value_name(value, lang)}", json.dumps([name, value]))
            for name, value in filter_choices(service)
        ]
        choice = Choice(item=item.id)
        return {
            self.banner: self._notice(lang),
            tab.choice: choice,
            tab.image: self._picture(choice),
            tab.picker: self._strip(0, choice, lang),
            tab.attributes: gr.CheckboxGroup(_named(names, lang), value=[attribute] if attribute in names else []),
            tab.more_box: gr.Accordion(visible=bool(others)),
            tab.more: gr.CheckboxGroup(_named(others, lang), value=[attribute] if attribute in others else []),
            tab.filters: gr.Dropdown(choices, multiselect=True, visible=bool(choices)),
            tab.k: gr.Slider(maximum=max(5, min(60, len(service.catalog)))),
        }

    def take_image(self, path: str | None, choice: Choice, request: gr.Request) -> Updates:
        """A new picture becomes the query; one that cannot be read is refused and the earlier query comes back."""
        lang = self._lang(request)
        try:
            if path is not None:
                read_image(path)
        except ValueError as error:
            line = cards.notice(word("bad_image", lang, error=error))
            return {self.tab.query_line: line, self.tab.image: self._picture(choice)}
        chosen = Choice(image=path)
        return {self.tab.choice: chosen, self.tab.picker: self._strip(0, chosen, lang), self.tab.query_line: ""}

    def take_item(self, event: gr.EventData, request: gr.Request) -> Updates:
        return self._taken(str(event.pick), self._lang(request))

    def take_hit(self, found: Answer | None, rank: int, request: gr.Request) -> Updates:
        if found is None or not 0 <= rank < len(found.hits):
            return {self.tab.query_line: ""}
        updates = self._taken(found.hits[rank].id, self._lang(request))
        if self.tab.choice in updates:
            updates[self.tab.picker] = self._strip(0, updates[self.tab.choice], self._lang(request))
        return updates

    def _taken(self, id: str, lang: str) -> Updates:
        choice = Choice(item=id)
        try:
            return {self.tab.choice: choice, self.tab.image: self._picture(choice), self.tab.query_line: ""}
        except ValueError as error:
            return {self.tab.query_line: cards.error_line(error, lang)}

    def shuffle(self, page: int, choice: Choice, request: gr.Request) -> Updates:
        return {self.tab.page: page + 1, self.tab.picker: self._strip(page + 1, choice, self._lang(request))}

    def take_rank(self, event: gr.EventData) -> int:
        return int(event.pick)

    def arrange(
        self, chosen: Sequence[str], more: Sequence[str], weighed: dict[str, float], request: gr.Request
    ) -> Updates:
        """A weight slider for each attribute, when there are several."""
        lang, names = self._lang(request), [*chosen, *more]
        updates: Updates = {self.tab.weights_title: gr.HTML(visible=len(names) > 1)}
        for slot, slider in enumerate(self.tab.weights):
            if len(names) > 1 and slot < len(names):
                name = names[slot]
                updates[slider] = gr.Slider(label=attribute_name(name, lang), value=weighed.get(name, 1), visible=True)
            else:
                updates[slider] = gr.Slider(visible=False)
        return updates

    def search(
        self,
        choice: Choice,
        chosen: Sequence[str],
        more: Sequence[str],
        weighed: dict[str, float],
        trained: bool,
        beta: float,
        k: int,
        filters: Sequence[str],
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Results for what is chosen; attributes that the table lacks are embedded first, with their progress shown."""
        lang, names, tab = self._lang(request), [*chosen, *more], self.tab
        lacking = word("need_query", lang) if choice.empty else "" if names else word("need_attribute", lang)
        if self.service.stage.name == "failed":  # the banner says so
            yield {tab.line: ""}
            return
        if lacking:
            yield {tab.line: cards.notice(lacking, "notice")}
            return
        if len(names) > MOST_TERMS:
            yield {tab.line: cards.notice(word("too_many", lang, most=MOST_TERMS))}
            return
        weights = {name: weighed.get(name, 1.0) if len(names) > 1 else 1.0 for name in names}
        try:
            missing = [name for name in names if name not in self.service.engine.attributes]
            if missing:
                for stage in self.service.embed(missing):
                    yield {self.banner: cards.progress(stage, lang), self.stop: gr.Button(visible=True)}
            asked = Asked(choice, weights, int(k), None if trained else float(beta), _filters(filters))
            found = answer(self.service, asked)
            shown = cards.results(self.service, found, lang)
        except Exception as error:
            yield {**self._at_rest(lang), tab.line: cards.error_line(error, lang)}
            return
        asked_names = [name for name in names if weights[name] > 0]
        yield {
            **self._at_rest(lang),
            tab.line: "",
            tab.results: shown,
            tab.answer: found,
            tab.rank: 0,
            tab.which: gr.Radio(_named(asked_names, lang), value=asked_names[0], visible=len(asked_names) > 1),
            tab.explained: gr.Column(visible=bool(found.hits)),
        }

    def stopped(self, request: gr.Request) -> Updates:
        """The visitor does not want to wait for an embedding; what was shown stays."""
        lang = self._lang(request)
        return {**self._at_rest(lang), self.tab.line: cards.notice(word("stopped", lang), "notice")}

    def _at_rest(self, lang: str) -> Updates:
        return {self.banner: self._notice(lang), self.stop: gr.Button(visible=False)}

    def explain(self, found: Answer | None, rank: int, attribute: str | None, request: gr.Request) -> Updates:
        """Attention of query and chosen hit for one attribute."""
        lang = self._lang(request)
        if found is None or attribute is None or not 0 <= rank < len(found.hits):
            return {self.tab.explanation: ""}
        try:
            return {self.tab.explanation: cards.explanation(self.service, found, rank, attribute, lang)}
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def _picture(self, choice: Choice) -> str | None:
        """File of the query's picture, as the image box shows it; CatalogError when it cannot be read."""
        if choice.item is None:
            return choice.image
        return str(self.service.thumbnails.file(self.service.catalog.item(choice.item), LARGE))

    def _strip(self, page: int, choice: Choice, lang: str) -> str:
        lead = choice.item if page == 0 else None
        return cards.picker(self.service, pickable(self.service, page, STRIP, lead), choice.item, lang)

    def _notice(self, lang: str) -> str:
        fallback = self.service.fallback
        if fallback is None:
            return ""
        return cards.notice(word("fallback", lang, weights=fallback.weights, error=fallback.error), "notice")

    def _lang(self, request: gr.Request) -> str:
        return language_of(request.headers, request.query_params, self.service.settings.lang)


def weigh(slot: int, value: float, names: Sequence[str], weighed: dict[str, float]) -> dict[str, float]:
    """The weights with that of the attribute in a slot changed."""
    return {**weighed, names[slot]: value} if slot < len(names) else weighed


def _named(names: Sequence[str], lang: str) -> list[tuple[str, str]]:
    return [(attribute_name(name, lang), name) for name in names]


def _filters(chosen: Sequence[str]) -> dict[str, list[str]]:
    filters: dict[str, list[str]] = {}
    for text in chosen or []:
        name, value = json.loads(text)
        filters.setdefault(name, []).append(value)
    return filters
