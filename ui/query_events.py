"""What a visitor searches with: acts on the query, and how the query is drawn."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import parse_qsl

import gradio as gr

from catalog import CatalogError, ImageLimits
from library import Library, LibraryError, Opened
from retrieval import Understood, understand
from ui import cards
from ui.address_query import read_address
from ui.asked import AskedTerm, Picture
from ui.attribute_rows import attribute_rows
from ui.examples import example_buttons, examples
from ui.picture_box import picture_box, term_box, uploaded
from ui.program_words import vocabulary_of
from ui.query_bar import Said, chip_text, query_bar
from ui.query_pictures import read_image
from ui.refusals import told
from ui.search_tab import SearchTab
from ui.searching import pickable
from ui.settings_cards import settings
from ui.steps import Steps
from ui.turning import MOST_TERMS, BadBox, Known, Step, TooManyTerms, over_to, turned
from ui.visiting import Updates, language
from ui.visitors import visitor_of
from ui.words import word

STRIP = 12


class QueryEvents:
    """Turns the query of a page by its acts, and draws it. `turn` changes the steps in place and says what is to be said."""

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

    def turn(self, opened: Opened, steps: Steps, act: Mapping[str, Any], lang: str) -> tuple[Said | None, str]:
        """Do an act. What is to be said of typed words, and a line where it was refused; refused, the query stays."""
        known, name = known_of(opened), str(act.get("act", ""))
        if name in ("like", "unlike") and steps.now.picture.empty:
            return None, cards.notice(word("need_query", lang), "notice")
        try:
            if "item" in act:
                opened.catalog.position(str(act["item"]))
        except CatalogError as error:
            return None, cards.notice(word("refused", lang, error=told(error, lang)))
        try:
            if name == "words":
                return self._turn_words(opened, steps, str(act.get("text", "")), known), ""
            if name == "undo":
                steps.undo()
            elif name == "redo":
                steps.redo()
            elif name == "visit":
                self._visit(steps, act.get("at"))
            elif name == "query":
                pairs = parse_qsl(str(act.get("address", "")), keep_blank_values=True)
                read = read_address(pairs, known, opened.columns)
                steps.go_to(read.step)
            elif "refused" in act:
                reason = _refusal(act["refused"])
                return None, cards.notice(word(reason, lang, most=ImageLimits().bytes >> 20))
            elif "path" in act:
                self._take_image(steps, act["path"], known)
            else:
                steps.turn(lambda step: turned(step, act, known))
        except TooManyTerms:
            return None, cards.notice(word("too_many_terms", lang, most=MOST_TERMS))
        except BadBox:
            return None, cards.notice(word("box_too_small", lang))
        except CatalogError as error:
            return None, cards.notice(word("bad_image", lang, error=told(error, lang)))
        now = steps.now
        if (
            name in ("take", "")
            and not now.picture.empty
            and all(term.source != now.picture for term in now.asked.terms)
        ):
            return None, cards.notice(word("choose_of_picture", lang), "notice")
        return None, ""

    def _take_image(self, steps: Steps, path: Any, known: Known) -> None:
        """A new picture goes into the box; CatalogError for one that cannot be read."""
        file = uploaded(path)
        read_image(file)
        steps.turn(lambda step: over_to(step, Picture(image=file), known))

    def _visit(self, steps: Steps, place: Any) -> None:
        kept = steps.kept
        if str(place).isdigit() and int(place) < len(kept):
            steps.turn(lambda step: kept[int(place)])

    def _turn_words(self, opened: Opened, steps: Steps, text: str, known: Known) -> Said:
        found = understand(text, vocabulary_of(opened))
        if found.terms:
            steps.turn(lambda step: with_words(step, found))
        return Said("" if found.terms and not found.unknown else text, found)

    def term_box(self, opened: Opened, steps: Steps, act: Mapping[str, Any], lang: str) -> str:
        """HTML of the editor of the box of a term; nothing for a term that has no picture."""
        place, terms = str(act.get("term", "")), steps.now.asked.terms
        source = terms[int(place)].source if place.isdigit() and int(place) < len(terms) else ""
        if isinstance(source, str):
            return ""
        title = escape(word("box_of_term", lang, chip=chip_text(opened, terms[int(place)], lang)))
        shut = escape(word("box_done", lang))
        return (
            f'<section class="lapel-chip-part"><h2>{title}</h2>{term_box(opened, source, lang, int(place))}'
            f'<button type="button" data-act="shut_box">{shut}</button></section>'
        )

    def drawn(
        self,
        opened: Opened,
        steps: Steps,
        lang: str,
        before: Step | None = None,
        said: Said | None = None,
        waiting: Sequence[str] = (),
    ) -> Updates:
        """The query as the page shows it. before: what was drawn last, of which what is the same is left."""
        now = steps.now
        offered = ""
        if now.example or not now.asked.terms:
            others = examples(opened, lang)[1 if now.example else 0 :]
            offered = example_buttons(opened, others, lang)
        updates: Updates = {
            self.tab.bar: query_bar(opened, steps, lang, said, offered, waiting),
            self.tab.query: now.asked,
        }
        if before is None or before.picture != now.picture:
            updates[self.tab.picker] = strip(opened, steps.strip, now.picture.item, lang)
            updates[self.tab.image] = picture_box(opened, now.picture, time.monotonic_ns(), lang)
        if before is None or before.asked.terms != now.asked.terms or before.picture != now.picture:
            updates[self.tab.rows] = attribute_rows(opened, now.asked, now.picture, lang)
        if before is None or _settings_of(before) != _settings_of(now):
            updates[self.tab.settings] = settings(opened, now.asked, lang)
        return updates


def with_words(step: Step, found: Understood) -> Step:
    """A query with the values that words ask for; those that the page has asked by itself give way to them."""
    new = [AskedTerm(term.attribute, term.value, term.signed) for term in found.terms]
    named = {term.attribute for term in new if term.weight > 0}
    same = {(term.attribute, term.source) for term in new}
    old = () if step.example else step.asked.terms
    kept = [
        term
        for term in old
        if (term.attribute, term.source) not in same and not (term.weight > 0 and term.attribute in named)
    ]
    if len(kept) + len(new) > MOST_TERMS:
        raise TooManyTerms
    return Step(replace(step.asked, terms=(*kept, *new), arrival=None), Picture() if step.example else step.picture)


def known_of(opened: Opened) -> Known:
    """What can be asked of a catalog."""
    catalog, embedder = opened.catalog, opened.embedder
    values = {name: list(reading.values) for name, reading in embedder.readings.items()}
    values |= {one.name: list(dict.fromkeys([*one.values, *values.get(one.name, [])])) for one in catalog.attributes}

    def has(id: str) -> bool:
        try:
            catalog.position(id)
        except CatalogError:
            return False
        return id not in opened.engine.unreadable

    return Known(embedder.attributes, values, opened.first_attribute, has)


def strip(opened: Opened, page: int, chosen: str | None, lang: str) -> str:
    """The strip of pictures to pick from; the chosen one leads where it is not among them."""
    items = pickable(opened, page, STRIP)
    if chosen is not None and all(item.id != chosen for item in items):
        items = pickable(opened, page, STRIP, chosen)
    return cards.picker(opened, items, chosen, lang)


def _settings_of(step: Step) -> tuple[float | None, ...]:
    return step.asked.least, step.asked.beta, step.asked.gamma


def _refusal(reason: object) -> str:
    known = ("large", "upload", "clipboard", "camera")
    return f"refused_{reason if reason in known else 'upload'}"
