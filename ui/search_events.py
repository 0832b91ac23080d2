"""What the search tab finds: every act searches again, every error becomes one line, nothing is lost."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import anyio
import gradio as gr

from catalog import CatalogError
from library import Library, LibraryError, Opened, UnknownCatalog
from retrieval import RetrievalError
from ui import arrivals, cards, explanation_cards, result_cards
from ui.asked import Arrival
from ui.attribute_rows import attribute_rows
from ui.embedding import Embedding
from ui.facets import facets
from ui.filling_events import Asks, FillingEvents, Wish
from ui.match_words import cut_off
from ui.pace import duration
from ui.picture_box import crop_beside, picture_box
from ui.query_bar import Said
from ui.query_events import strip
from ui.search_tab import SearchTab
from ui.searching import Answer, answer_with
from ui.steps import Steps
from ui.turning import MOST_HITS, Step
from ui.verdicts import Verdicts
from ui.visiting import Updates
from ui.words import word


class SearchEvents(FillingEvents):
    """Event handlers of query, results, explanation and progress. Each gives updates for the components that it changes.

    catalog: the id of the catalog that the visitor searches. steps: the queries of the page, changed in place.
    """

    def __init__(self, library: Library, tab: SearchTab, choose: gr.Dropdown, banner: gr.HTML, stop: gr.Button) -> None:
        super().__init__(library, tab, choose, banner)
        self.stop = stop
        self.verdicts = Verdicts(library, tab)
        self._embeddings: WeakKeyDictionary[Opened, Embedding] = WeakKeyDictionary()

    def embedding(self, opened: Opened) -> Embedding:
        """What is embedded of a catalog for those who wait for it."""
        return self._embeddings.setdefault(opened, Embedding(opened))

    async def begin(self, steps: Steps, request: gr.Request) -> AsyncIterator[Updates]:
        """Fill the page for what the address asks for."""
        params = request.query_params
        pairs = list(params.multi_items() if hasattr(params, "multi_items") else dict(params).items())
        async for updates in self._opening(dict(params).get("catalog", ""), steps, request, Asks(pairs), True):
            yield updates

    async def switch(self, catalog: str, steps: Steps, request: gr.Request) -> AsyncIterator[Updates]:
        """Fill the page for another catalog."""
        async for updates in self._opening(catalog, steps, request, Asks()):
            yield updates

    async def go(self, wanted: tuple[Any, ...], steps: Steps, request: gr.Request) -> AsyncIterator[Updates]:
        """Fill the page for what another tab wants: the id of a catalog, a time, an item of it or '' for a first query, and
        maybe an attribute; from Metrics also a result to be explained and the split that was measured, each or ''. An item is
        searched with by the attributes that are asked, where the catalog has them."""
        catalog, turn, item, attribute, *rest = (*wanted, "")[: max(4, len(wanted))]
        if not turn:  # Gradio tells of a change when the wish is first written, though nothing is wished
            yield {self.tab.line: gr.skip()}
            return
        names = [attribute] if attribute else list(steps.now.asked.weights) if item else []
        wish = Wish(item, names, Arrival(*rest) if rest else None)
        async for updates in self._opening(catalog, steps, request, wish):
            yield updates

    async def _opening(
        self, catalog: str, steps: Steps, request: gr.Request, asks: Asks, addressed: bool = False
    ) -> AsyncIterator[Updates]:
        async for updates, opened in self._filled(catalog, steps, request, asks, addressed):
            if opened is None:
                yield updates
                continue
            found = await anyio.to_thread.run_sync(self._searched, opened, steps, request, None, None)
            yield {**found, **updates}

    def act(self, event: gr.EventData, catalog: str, steps: Steps, request: gr.Request) -> Updates:
        """Anything that changes the query."""
        data = dict(event._data or {}) or {"act": "clear_picture"}
        return self._acted(catalog, steps, data, request)

    def pick(self, event: gr.EventData, catalog: str, steps: Steps, request: gr.Request) -> Updates:
        """A picture of the strip becomes the query's."""
        return self._acted(catalog, steps, {"act": "take", "item": str(event.pick)}, request)

    def ask_hit(self, catalog: str, steps: Steps, found: Answer | None, rank: int, request: gr.Request) -> Updates:
        """The hit that is explained becomes the query's picture."""
        if found is None or found.opened.id != catalog or not 0 <= rank < len(found.hits):
            return {self.tab.query_line: ""}
        return self._acted(catalog, steps, {"act": "ask", "item": found.hits[rank].id}, request)

    def again(self, catalog: str, steps: Steps, request: gr.Request) -> Updates:
        """The same search, of what can be found now."""
        opened = self.query.there(catalog, request)
        return self.query.gone if opened is None else self._searched(opened, steps, request, steps.now, None)

    def stopped(self, catalog: str, steps: Steps, request: gr.Request) -> Updates:
        """The visitor does not want to wait for an embedding: the terms that wait are removed; what was shown stays."""
        lang, opened = self.query.language(request), self.query.there(catalog, request)
        if opened is None:
            return self.query.gone
        missing, before = _missing(opened, steps.now), steps.now
        self.embedding(opened).want(_session(request), [])
        steps.waits = False
        steps.turn(lambda step: without(step, missing))
        said = {self.tab.line: cards.notice(word("stopped", lang), "notice")}
        return {**self._at_rest(opened, lang), **self.query.drawn(opened, steps, lang, before), **said}

    def _acted(self, catalog: str, steps: Steps, act: Mapping[str, Any], request: gr.Request) -> Updates:
        lang, opened = self.query.language(request), self.query.there(catalog, request)
        if opened is None:
            return self.query.gone
        if opened.stage.name != "ready":  # the banner says so
            return {self.tab.line: ""}
        if act.get("act") == "foretell":
            return {self.tab.rows: self._foretold(opened, steps, lang)}
        if act.get("act") == "open_box":
            return {self.tab.term_box: self.query.term_box(opened, steps, act, lang)}
        before = steps.now
        said, line = self.query.turn(opened, steps, act, lang)
        if steps.now is before and said is None:
            drawn = self.query.drawn(opened, steps, lang, before)
            if {"path", "refused"} & set(act):  # the box waits for an answer
                drawn[self.tab.image] = picture_box(opened, before.picture, time.monotonic_ns(), lang)
            return {self.tab.query_line: line, **drawn}
        updates = self._searched(opened, steps, request, before, said)
        updates[self.tab.term_box] = (
            self.query.term_box(opened, steps, act, lang) if act.get("act") == "box_for" else ""
        )
        return {self.tab.query_line: line, **updates}

    def _foretold(self, opened: Opened, steps: Steps, lang: str) -> str:
        """The rows with how long it takes to embed the catalog for one more attribute."""
        missing = [name for name in opened.unlabelled if name not in opened.engine.attributes]
        if missing:
            opened.seconds_to_embed(missing[:1])  # measured once, and remembered
        return attribute_rows(opened, steps.now.asked, steps.now.picture, lang)

    def _searched(
        self, opened: Opened, steps: Steps, request: gr.Request, before: Step | None, said: Said | None
    ) -> Updates:
        """The query drawn, and what it finds. For attributes that the catalog is not embedded for, the catalog is embedded in
        the background; meanwhile the others are searched by. before: what was drawn last."""
        lang, tab, now = self.query.language(request), self.tab, steps.now
        try:
            missing = _missing(opened, now)
            steps.waits = bool(missing)
            self.embedding(opened).want(_session(request), missing)
            updates = {
                **self._at_rest(opened, lang),
                tab.line: "",
                **self.query.drawn(opened, steps, lang, before, said, missing),
                **(self._begun(opened, missing, lang) if missing else {}),
            }
            asked = without(now, missing).asked
            if not now.asked.terms:
                return {**updates, **self._nothing()}
            if not asked.terms:
                return updates
            hit = asked.arrival.hit if asked.arrival is not None else ""
            found = cut_off(answer_with(opened, asked, hit, MOST_HITS))
            if steps.now != now:  # another act has come meanwhile, and answers
                return {tab.line: gr.skip()}
            return {**updates, **self._found(found, lang)}
        except UnknownCatalog:
            return self.query.gone
        except Exception as error:
            return {**self._drawn_anyway(opened, steps, lang, before, said), tab.line: cards.error_line(error, lang)}

    def _drawn_anyway(self, opened: Opened, steps: Steps, lang: str, before: Step | None, said: Said | None) -> Updates:
        """The query that could not be asked, as far as it can be drawn; earlier results stay."""
        try:
            return self.query.drawn(opened, steps, lang, before, said)
        except Exception:
            return {}

    def beside(self, catalog: str, steps: Steps, request: gr.Request) -> Updates:
        """What is drawn once the results are there: what they can be narrowed by, and what the network looks at."""
        opened, lang = self.query.there(catalog, request), self.query.language(request)
        if opened is None or opened.stage.name != "ready":
            return {self.tab.facets: gr.skip()}
        now = steps.now
        by_picture = [term.attribute for term in now.asked.terms if term.source == now.picture]
        try:
            beside = crop_beside(opened, now.picture, next(iter(by_picture), None), lang)
        except (CatalogError, RetrievalError):  # said of the search already
            beside = ""
        return {self.tab.facets: facets(opened, now.asked.filters, lang), self.tab.beside: beside}

    def shuffle(self, catalog: str, steps: Steps, request: gr.Request) -> Updates:
        """Other pictures to pick from."""
        opened = self.query.there(catalog, request)
        if opened is None:
            return self.query.gone
        steps.strip += 1
        return {self.tab.picker: strip(opened, steps.strip, None, self.query.language(request))}

    def tick(self, catalog: str, steps: Steps, ready: int, found: Answer | None, request: gr.Request) -> Updates:
        """How far the embedding in the background is; when it is done, or there is twice as much to find as when `found` was,
        `ready` changes, which searches again."""
        lang = self.query.language(request)
        try:
            opened = self.query.opened(catalog, request)
        except LibraryError:
            at_rest = {self.banner: "", self.stop: gr.Button(visible=False), self.tab.timer: gr.Timer(active=False)}
            return {**at_rest, **self.query.gone}
        try:
            stage = self.embedding(opened).stage(_session(request))
            missing = _missing(opened, steps.now)
        except Exception as error:
            return {**self._at_rest(opened, lang), self.tab.line: cards.error_line(error, lang)}
        if (stage is None or not missing) and opened.pending:
            doubled = found is not None and found.opened is opened and opened.engine.count({}) >= 2 * found.searched
            return {self.banner: self._notice(opened, lang), **({self.tab.ready: ready + 1} if doubled else {})}
        if stage is None or not missing:
            more = found is not None and found.opened is opened and opened.engine.count({}) != found.searched
            return {**self._at_rest(opened, lang), **({self.tab.ready: ready + 1} if steps.waits or more else {})}
        if not steps.waits:  # an act that has come meanwhile has said how it is
            return {self.banner: gr.skip()}
        return {self.banner: cards.progress(stage, lang, missing)}

    def explain(self, found: Answer | None, rank: int, term: int | None, request: gr.Request) -> Updates:
        """Attention of query and chosen hit for one term, by its place in the query."""
        lang = self.query.language(request)
        if found is None or term is None or not 0 <= rank < len(found.hits):
            return {self.tab.explanation: "", self.tab.verdict: ""}
        try:
            return {
                self.tab.explanation: explanation_cards.explanation(found, rank, term, lang),
                self.tab.verdict: self.verdicts.show(found, rank, term, request),
            }
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def explain_again(self, found: Answer | None, rank: int, term: int | None, request: gr.Request) -> Updates:
        """The explanation alone, after a label of it was changed; what was just said stays."""
        drawn = self.explain(found, rank, term, request)
        return {component: update for component, update in drawn.items() if component is not self.tab.verdict}

    def take_rank(self, event: gr.EventData) -> int:
        return int(event.pick)

    def _found(self, found: Answer, lang: str) -> Updates:
        tab, terms = self.tab, explanation_cards.explained_terms(found, lang)
        rank = arrivals.first_explained(found)
        return {
            tab.arrived: arrivals.note(found, lang),
            tab.results: result_cards.results(found, lang, rank),
            tab.answer: found,
            tab.rank: rank,
            tab.which: gr.Radio(terms, value=terms[0][1], visible=len(terms) > 1),
            tab.explained: gr.Column(visible=bool(found.hits)),
        }

    def _nothing(self) -> Updates:
        """The page without a query; the bar says what to do."""
        tab = self.tab
        hidden = gr.Column(visible=False)
        return {tab.arrived: "", tab.results: "", tab.answer: None, tab.rank: 0, tab.explained: hidden}

    def _begun(self, opened: Opened, missing: Sequence[str], lang: str) -> Updates:
        """An embedding has begun: what for, and how long it will take."""
        seconds = opened.seconds_to_embed(missing)
        if seconds is None:
            return {}
        said = word(
            "embedding_first",
            lang,
            names=cards.names_line(missing, lang),
            time=duration(seconds, lang),
            count=f"{len(opened.catalog):,}",
        )
        return {
            self.tab.line: cards.notice(said, "notice"),
            self.stop: gr.Button(visible=True),
            self.tab.timer: gr.Timer(active=True),
        }

    def _at_rest(self, opened: Opened, lang: str) -> Updates:
        return {
            self.banner: self._notice(opened, lang),
            self.stop: gr.Button(visible=False),
            self.tab.timer: gr.Timer(active=opened.pending > 0),
        }


def without(step: Step, attributes: Sequence[str]) -> Step:
    """A query without the terms of some attributes."""
    terms = tuple(term for term in step.asked.terms if term.attribute not in attributes)
    return replace(step, asked=replace(step.asked, terms=terms))


def _missing(opened: Opened, step: Step) -> list[str]:
    present = opened.engine.attributes
    names = dict.fromkeys(term.attribute for term in step.asked.terms)
    return [name for name in names if name not in present]


def _session(request: gr.Request) -> str:
    return str(getattr(request, "session_hash", None) or "")
