"""What the search tab finds: every change searches again, every error becomes one line, nothing is lost."""

from collections.abc import Sequence
from html import escape
from weakref import WeakKeyDictionary

import gradio as gr

from library import Library, LibraryError, Opened, UnknownCatalog
from ui import arrivals, cards
from ui.asked import Asked, Picture, like
from ui.embedding import Embedding
from ui.filling_events import MOST_NAMED, FillingEvents
from ui.match_words import cut_off
from ui.names import attribute_name
from ui.narrowing import filters_of, narrowing
from ui.pace import duration
from ui.query_events import Updates
from ui.search_tab import SearchTab
from ui.searching import MOST_TERMS, Answer, answer_with
from ui.verdicts import Verdicts
from ui.words import word


class SearchEvents(FillingEvents):
    """Event handlers of results, explanation and progress, and those that fill the page. Each gives updates for the components
    that it changes.

    catalog: the id of the catalog that the visitor searches.
    """

    def __init__(self, library: Library, tab: SearchTab, choose: gr.Dropdown, banner: gr.HTML, stop: gr.Button) -> None:
        super().__init__(library, tab, choose, banner)
        self.stop = stop
        self.verdicts = Verdicts(library, tab)
        self._embeddings: WeakKeyDictionary[Opened, Embedding] = WeakKeyDictionary()

    def embedding(self, opened: Opened) -> Embedding:
        """What is embedded of a catalog for those who wait for it."""
        return self._embeddings.setdefault(opened, Embedding(opened))

    def search(
        self,
        catalog: str,
        choice: Picture,
        chosen: Sequence[str],
        more: Sequence[str],
        weighed: dict[str, float],
        least: float | None,
        trained: bool,
        balance: dict[str, float],
        k: int,
        filters: Sequence[str] | None,
        request: gr.Request,
    ) -> Updates:
        """Results for what is chosen. For attributes that the catalog is not embedded for, the catalog is embedded in the background;
        meanwhile the others are searched by.
        """
        lang, names, tab = self.query.language(request), [*chosen, *more], self.tab
        if len(names) > MOST_TERMS:
            return {tab.line: cards.notice(word("too_many", lang, most=MOST_TERMS))}
        try:
            opened = self.query.opened(catalog, request)
            if opened.stage.name != "ready":  # the banner says so
                return {tab.line: ""}
            opened.embedder.check(names)
            missing = _missing(opened, names)
            self.embedding(opened).want(_session(request), missing)
            updates = {
                **self._at_rest(opened, lang),
                tab.line: "",
                **(self._begun(opened, missing, lang) if missing else {}),
            }
            if choice.empty:
                return {**updates, **self._nothing(word("need_query", lang))}
            if not names:
                return {**updates, tab.line: cards.notice(word("need_attribute", lang), "notice")}
            names = [name for name in names if name not in missing]
            if not names:
                return updates
            weights = {name: weighed.get(name, 1.0) if len(names) > 1 else 1.0 for name in names}
            beta, gamma = (None, None) if trained else (balance.get("beta"), balance.get("gamma"))
            accepted = filters_of(filters, opened.columns)
            asked = Asked(like(choice, weights), int(k), beta, gamma, least or None, accepted)
            return {**updates, **self._found(cut_off(answer_with(opened, asked, "")), lang)}
        except UnknownCatalog:
            return self.query.gone
        except Exception as error:
            return {tab.line: cards.error_line(error, lang)}

    def tick(
        self,
        catalog: str,
        chosen: Sequence[str],
        more: Sequence[str],
        ready: int,
        found: Answer | None,
        request: gr.Request,
    ) -> Updates:
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
            missing = _missing(opened, [*chosen, *more])
        except Exception as error:
            return {**self._at_rest(opened, lang), self.tab.line: cards.error_line(error, lang)}
        if (stage is None or not missing) and opened.pending:
            doubled = found is not None and found.opened is opened and opened.engine.count({}) >= 2 * found.searched
            return {self.banner: self._notice(opened, lang), **({self.tab.ready: ready + 1} if doubled else {})}
        if stage is None or not missing:
            return {**self._at_rest(opened, lang), self.tab.ready: ready + 1}
        return {self.banner: cards.progress(stage, lang, missing)}

    def stopped(self, catalog: str, chosen: Sequence[str], more: Sequence[str], request: gr.Request) -> Updates:
        """The visitor does not want to wait for an embedding: its attributes are unticked; what was shown stays."""
        lang, opened = self.query.language(request), self.query.there(catalog, request)
        if opened is None:
            return self.query.gone
        missing = _missing(opened, [*chosen, *more])
        self.embedding(opened).want(_session(request), [])
        return {
            **self._at_rest(opened, lang),
            self.tab.attributes: gr.CheckboxGroup(value=[name for name in chosen if name not in missing]),
            self.tab.more: gr.CheckboxGroup(value=[name for name in more if name not in missing]),
            self.tab.line: cards.notice(word("stopped", lang), "notice"),
        }

    def foretell(self, catalog: str, request: gr.Request) -> Updates:
        """How long it takes to embed the catalog for one more attribute, said before one is chosen, and which need none."""
        lang = self.query.language(request)
        try:
            opened = self.query.opened(catalog, request)
            missing = _missing(opened, opened.unlabelled)
            seconds = opened.seconds_to_embed(missing[:1]) if missing else None
        except UnknownCatalog:
            return self.query.gone
        except ValueError as error:
            return {self.tab.more_info: cards.error_line(error, lang)}
        if seconds is None:
            return {self.tab.more_info: ""}
        said = word("more_info", lang, time=duration(seconds, lang))
        if present := [name for name in opened.unlabelled if name not in missing]:
            names = ("、" if lang == "ja" else ", ").join(attribute_name(name, lang) for name in present[:MOST_NAMED])
            said += ("" if lang == "ja" else " ") + word("more_ready", lang, names=names)
        return {self.tab.more_info: f'<p class="caption">{escape(said)}</p>'}

    def explain(self, found: Answer | None, rank: int, attribute: str | None, request: gr.Request) -> Updates:
        """Attention of query and chosen hit for one attribute."""
        lang = self.query.language(request)
        if found is None or attribute is None or not 0 <= rank < len(found.hits):
            return {self.tab.explanation: "", self.tab.verdict: ""}
        try:
            return {
                self.tab.explanation: cards.explanation(found, rank, attribute, lang),
                self.tab.verdict: self.verdicts.show(found, rank, attribute, request),
            }
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def explain_again(self, found: Answer | None, rank: int, attribute: str | None, request: gr.Request) -> Updates:
        """The explanation alone, after a label of it was changed; what was just said stays."""
        drawn = self.explain(found, rank, attribute, request)
        return {component: update for component, update in drawn.items() if component is not self.tab.verdict}

    def arrive(self, event: gr.EventData, catalog: str, filters: Sequence[str] | None, request: gr.Request) -> Updates:
        """What Metrics measured is searched alone, or all again."""
        opened, split = self.query.there(catalog, request), str((event._data or {}).get("split", ""))
        if opened is None:
            return self.query.gone
        choices = narrowing(opened.columns).choices(self.query.language(request))
        chosen = arrivals.narrowed(opened, split, filters or ())
        return {self.tab.filters: gr.Dropdown(choices, value=chosen, multiselect=True)}

    def take_rank(self, event: gr.EventData) -> int:
        return int(event.pick)

    def _found(self, found: Answer, lang: str) -> Updates:
        tab = self.tab
        names = list(found.asked.weights)
        rank = arrivals.first_explained(found)
        return {
            tab.arrived: arrivals.note(found, lang),
            tab.results: cards.results(found, lang, rank),
            tab.answer: found,
            tab.rank: rank,
            tab.which: gr.Radio(self._named(found.opened, names, lang), value=names[0], visible=len(names) > 1),
            tab.explained: gr.Column(visible=bool(found.hits)),
        }

    def _nothing(self, said: str) -> Updates:
        """The page without a query."""
        tab = self.tab
        return {
            tab.line: cards.notice(said, "notice"),
            tab.arrived: "",
            tab.results: "",
            tab.answer: None,
            tab.rank: 0,
            tab.explained: gr.Column(visible=False),
        }

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


def _missing(opened: Opened, names: Sequence[str]) -> list[str]:
    present = opened.engine.attributes
    return [name for name in names if name not in present]


def _session(request: gr.Request) -> str:
    return str(getattr(request, "session_hash", None) or "")
