"""What similar designs do: offer what the catalog has, compare step by step, show, take away, lead to Search."""

import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder

from library import Library, LibraryError, Opened
from retrieval import Designs, groups_csv, pairs_csv
from ui import cards
from ui.designs import asking
from ui.designs import cards as design_cards
from ui.designs.tab import DesignsTab, Seen
from ui.dials import dials
from ui.narrowing import narrowing
from ui.query_events import language
from ui.reply import Updates, reply
from ui.visitors import visitor_of
from ui.words import word

PACE = 0.25
"""Seconds between two looks at how far it is."""


class DesignsEvents:
    """Event handlers of similar designs. Each gives updates for the components that it changes.

    catalog: the id of the catalog that the visitor searches.
    """

    def __init__(self, library: Library, tab: DesignsTab, catalog: gr.State, go: gr.State, tabs: gr.Tabs) -> None:
        """catalog: that state. go: a wish to search an item of a catalog. tabs: those of the page."""
        self.library = library
        self.tab = tab
        self.catalog = catalog
        self.go = go
        self.tabs = tabs

    def fill(self, catalog: str, seen: Seen, request: gr.Request) -> Updates:
        """Offer what another catalog has; what was found in the one before goes. The same catalog leaves all as it is, but for
        attributes that it was embedded for meanwhile."""
        opened, lang, tab = self._opened(catalog, request), self._lang(request), self.tab
        if opened is None or opened.stage.name != "ready":
            return {tab.line: gr.skip()}
        names = asking.offered(opened)
        if (seen.catalog, seen.offered) == (opened.id, tuple(names)):
            return {tab.line: gr.skip()}
        choices = asking.named(opened, names, lang)
        levelled = [choice for choice in choices if not asking.unlevelled(opened, [choice[1]])]
        if seen.catalog == opened.id:
            more = {tab.attributes: gr.CheckboxGroup(choices), tab.differ: gr.CheckboxGroup(levelled)}
            return {tab.seen: replace(seen, offered=tuple(names)), **more}
        first = names[: asking.FIRST]
        return {
            tab.seen: Seen(opened.id, offered=tuple(names)),
            tab.attributes: gr.CheckboxGroup(choices, value=first),
            tab.scores: self._scores(opened, first, {}, lang),
            tab.least: {},
            tab.differ: gr.CheckboxGroup(levelled, value=[]),
            tab.across: gr.Dropdown(asking.side_columns(narrowing(opened.columns), lang), value=""),
            tab.one: gr.Dropdown([], value=None, visible=False),
            tab.other: gr.Dropdown([], value=None, visible=False),
            tab.filters: asking.narrowed(opened, lang),
            tab.line: "",
            tab.results: "",
        }

    def choose(self, names: Sequence[str], least: Mapping[str, float], catalog: str, request: gr.Request) -> Updates:
        """Other attributes: scores can be set for those without a match level."""
        opened = self._opened(catalog, request)
        if opened is None:
            return {self.tab.scores: ""}
        return {self.tab.scores: self._scores(opened, names, least, self._lang(request))}

    def turn(
        self, event: gr.EventData, names: Sequence[str], least: Mapping[str, float], catalog: str, request: gr.Request
    ) -> dict[str, float]:
        """The least scores with one changed."""
        opened = self._opened(catalog, request)
        known = [] if opened is None else asking.score_dials(opened, names, least, "en")
        dial = next((dial for dial in known if dial.name == event.name), None)
        return {**least} if dial is None else {**least, dial.name: dial.inside(event.value)}

    def take_column(self, column: str, catalog: str, request: gr.Request) -> Updates:
        """The column that two sides are of: its values can be chosen."""
        opened, tab = self._opened(catalog, request), self.tab
        if opened is None or not column or column not in opened.catalog.columns:
            return {part: gr.Dropdown([], value=None, visible=False) for part in (tab.one, tab.other)}
        values = asking.side_values(opened, column, self._lang(request))
        first = [value for _, value in values[:2]]
        return {
            part: gr.Dropdown(values, value=first[place] if place < len(first) else None, visible=True)
            for place, part in enumerate((tab.one, tab.other))
        }

    def find(
        self,
        names: Sequence[str],
        level: float,
        least: Mapping[str, float],
        differ: Sequence[str],
        across: str,
        one: str,
        other: str,
        filters: Sequence[str] | None,
        once: bool,
        catalog: str,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Compare all with all; how far it is is told until the answer is there. Whoever stops listening stops the work."""
        lang, tab = self._lang(request), self.tab
        rest = {tab.stop: gr.Button(visible=False), tab.find: gr.Button(interactive=True)}
        try:
            if not names:
                yield {tab.line: cards.notice(word("designs_need", lang), "notice"), **rest}
                return
            if across and not (one and other):
                yield {tab.line: cards.notice(word("designs_need_sides", lang), "notice"), **rest}
                return
            opened = self.library.opened(catalog, visitor_of(request))
            query = asking.question(opened, names, level, least, differ, (across or "", one, other), filters, once)
            yield {
                tab.results: "",
                tab.stop: gr.Button(visible=True),
                tab.find: gr.Button(interactive=False),
                tab.line: design_cards.beginning(lang),
            }
            told = time.monotonic()
            for step in opened.engine.designs(query):
                if isinstance(step, Designs):
                    yield {
                        **self._shown(
                            opened, Seen(opened.id, step, not step.groups, offered=tuple(asking.offered(opened))), lang
                        ),
                        **rest,
                    }
                elif time.monotonic() - told > PACE:
                    told = time.monotonic()
                    yield {tab.line: design_cards.progress(step, lang)}
        except Exception as error:
            yield {tab.line: cards.error_line(error, lang), tab.reply: reply("#designs-line"), **rest}

    def stopped(self, request: gr.Request) -> Updates:
        """The visitor does not want to wait."""
        return {
            self.tab.line: cards.notice(word("designs_stopped", self._lang(request)), "notice"),
            self.tab.stop: gr.Button(visible=False),
            self.tab.find: gr.Button(interactive=True),
        }

    def act(self, event: gr.EventData, seen: Seen, request: gr.Request) -> Updates:
        """A button among the results."""
        data, lang = event._data or {}, self._lang(request)
        name, opened = str(data.get("act")), self._opened(seen.catalog, request)
        try:
            if opened is None or seen.found is None:
                raise LibraryError("there is no catalog of that name any more")
            if name == "search":
                return self._search(str(data.get("item")), seen)
            if name in ("groups", "pairs"):
                return self._shown(opened, replace(seen, pairs=name == "pairs", more=0), lang, "")
            if name == "more":
                size = design_cards.PAIRS if seen.pairs else design_cards.GROUPS
                first = size * (seen.more + 1)
                to = f"#designs-pair-{first + 1}" if seen.pairs else f"#designs-group-{first}"
                return self._shown(opened, replace(seen, more=seen.more + 1), lang, f"{to} .picture")
            if name == "all":
                number = int(data.get("group") or 0)
                wider = replace(seen, opened=(*seen.opened, number))
                last = f"#designs-group-{number} li:nth-child({design_cards.PICTURES + 1}) .picture"
                return self._shown(opened, wider, lang, last)
            if name.startswith("csv_"):
                return {self.tab.file: gr.DownloadButton(value=str(_written(opened, seen.found, name)))}
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang), self.tab.reply: reply("#designs-line")}
        return {self.tab.line: gr.skip()}

    def _search(self, item: str, seen: Seen) -> Updates:
        """An item in Search, by the first of the attributes."""
        assert seen.found is not None
        wish = (seen.catalog, time.monotonic_ns(), item, seen.found.query.attributes[0])
        return {self.go: wish, self.tabs: gr.Tabs(selected="search")}

    def _shown(self, opened: Opened, seen: Seen, lang: str, to: str = "#designs-results") -> Updates:
        assert seen.found is not None
        level = asking.level_of_least(seen.found.query.least)
        return {
            self.tab.seen: seen,
            self.tab.results: design_cards.results(opened, seen, level, lang),
            self.tab.line: "",
            **({self.tab.reply: reply(to)} if to else {}),
        }

    def _scores(self, opened: Opened, names: Sequence[str], least: Mapping[str, float], lang: str) -> str:
        lacking = asking.unlevelled(opened, names)
        if not lacking:
            return ""
        return design_cards.no_level(lacking, lang) + dials(asking.score_dials(opened, names, least, lang), lang)

    def _opened(self, catalog: str, request: gr.Request) -> Opened | None:
        try:
            return self.library.opened(catalog, visitor_of(request)) if catalog else None
        except LibraryError:
            return None

    def _lang(self, request: gr.Request) -> str:
        return language(self.library.settings, request)


def _written(opened: Opened, found: Designs, act: str) -> Path:
    """A new file named after the catalog, which Gradio deletes in time."""
    what, made = ("groups", groups_csv) if act == "csv_groups" else ("pairs", pairs_csv)
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w-]+", "-", opened.catalog.name).strip("-")[:60]
    path = Path(tempfile.mkdtemp(dir=folder)) / f"lapel-{name}-{what}.csv"
    path.write_text(made(found, opened.catalog), encoding="utf-8-sig")
    return path
