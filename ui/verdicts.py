"""What a visitor says of a result: whether it has the same value as the query, and what its label should be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

import gradio as gr

from catalog import CatalogError, Item
from library import UNSEEN, Given, Ledger, Library, LibraryError, Verdict, Visitor, spelled
from ui import cards, result_cards
from ui.asked import Picture
from ui.label_choices import (
    cannot_be_seen,
    chosen_label,
    invisible,
    label_list,
    last_given,
    saved_line,
    without_invisible,
)
from ui.names import attribute_name, value_name
from ui.search_tab import SearchTab
from ui.searching import Answer
from ui.visiting import Updates, language
from ui.visitors import visitor_of
from ui.words import word

SAID = ("same", "different", "unseen")
WHY = "result"
"""Why a label was given here: its item was a result."""


@dataclass(frozen=True)
class Pair:
    """A hit of a catalog and the item that a term asks by, None for a value, a picture from outside or a part of one, as they are
    labelled now, and the attribute asked, as that catalog spells it, with the values that it may have. asked: the value that
    the term asks for, "" for a picture."""

    catalog: str
    ledger: Ledger
    attribute: str
    values: Sequence[str]
    query: Item | None
    hit: Item
    asked: str = ""

    @property
    def value(self) -> str | None:
        """The label that a hit has that is as the term asks, as far as it is known."""
        return self.asked or (self.query.labels.get(self.attribute) if self.query is not None else None)

    @property
    def unseen(self) -> str:
        """What "cannot be seen" labels the hit with: the catalog's own value for it, where it has one."""
        return invisible(self.values) or UNSEEN

    @property
    def saved(self) -> Given | None:
        """The label that the hit was given in search, if it was the last one and holds."""
        return last_given(self.ledger, self.hit, self.attribute, WHY)

    @property
    def last(self) -> Given | Verdict | None:
        """What was said last, as far as it holds: a label of the hit given in search, or a verdict on the two."""
        given, said = self.saved, (self.unseen, UNSEEN, self.value)
        if given is not None and (self.query or self.asked) and given.value in said:
            return given
        if self.asked:
            return given if given is not None and given.value is None else None
        if self.query is None:
            return None
        about = (self.query.id, self.hit.id, self.attribute)
        return next((one for one in self.ledger.verdicts if (one.query, one.item, one.attribute) == about), None)


class Verdicts:
    """Event handlers of what is said of the hit that is explained.

    With a labelled query "same" gives the hit its value; otherwise what was said is kept of the pair. Of a value the hit has it,
    which gives it that label, or not, which takes it away. The hit's label can be chosen, whatever the query is. term: the
    place of the one that is explained in the query.
    """

    def __init__(self, library: Library, tab: SearchTab) -> None:
        self.library = library
        self.tab = tab

    def show(
        self,
        found: Answer | None,
        rank: int,
        term: int | None,
        request: gr.Request,
        undone: bool = False,
        denied: bool = False,
    ) -> str:
        """The questions for a hit; '' where the visitor may not change the catalog. undone: a label was just taken back. denied: it
        was just said that it does not have the value."""
        pair = self._pair(found, rank, term, visitor_of(request))
        if pair is None:
            return ""
        lang = language(self.library.settings, request)
        return question(pair, lang, denied) + correction(pair, lang, undone)

    def turn(
        self, event: gr.EventData, found: Answer | None, rank: int, term: int | None, request: gr.Request
    ) -> Updates:
        """Keep what was said in the place of what was said before, or take that back; or give the hit another label."""
        data, tab = event._data or {}, self.tab
        lang, visitor = language(self.library.settings, request), visitor_of(request)
        act, undone, denied = str(data.get("act")), False, False
        try:
            pair = self._pair(found, rank, term, visitor)
            if pair is None or found is None:
                return {tab.line: ""}
            if act == "correct":
                self._correct(pair, chosen_label(str(data.get("value", ""))), visitor)
            elif act == "undo_label":
                undone = pair.saved is not None
                if pair.saved is not None:
                    self.library.undo(pair.catalog, pair.saved, visitor)
            else:
                self._take_back(pair, visitor)
                if act in SAID:
                    self._keep(self._pair(found, rank, term, visitor) or pair, act, visitor)
                denied = act == "different" and bool(pair.asked)
            found = self._relabelled(found, rank, term, visitor)
        except LibraryError as error:
            return {tab.line: cards.error_line(error, lang)}
        return {
            tab.line: "",
            tab.verdict: self.show(found, rank, term, request, undone, denied),
            tab.answer: found,
            tab.results: result_cards.results(found, lang, rank),
        }

    def _relabelled(self, found: Answer, rank: int, term: int | None, visitor: Visitor) -> Answer:
        """What was found, with the labels as they are now; as it was where an item of it has gone meanwhile."""
        pair, corrected = self._pair(found, rank, term, visitor), found.corrected
        if pair is not None and term is not None:
            one = frozenset({(pair.hit.id, found.asked.terms[term].attribute)})
            found = replace(found, corrected=corrected | one if pair.saved is not None else corrected - one)
        catalog = self.library.opened(found.opened.id, visitor).catalog
        there = {item.id for item in catalog.items}
        shown = [hit.id for hit in found.hits] + [term.item for term in found.asked.terms if term.item is not None]
        return replace(found, catalog=catalog) if there.issuperset(shown) else found

    def _pair(self, found: Answer | None, rank: int, term: int | None, visitor: Visitor) -> Pair | None:
        if found is None or term is None or not 0 <= term < len(found.asked.terms) or not 0 <= rank < len(found.hits):
            return None
        id, asked = found.opened.id, found.asked.terms[term]
        picture = asked.source if isinstance(asked.source, Picture) else Picture()
        try:
            ledger = self.library.ledger(self.library.own(id, visitor).id)
            catalog = ledger.catalog
            whole = picture.item is not None and picture.box is None
            query = catalog.item(picture.item) if picture.item is not None and whole else None
            name = spelled(catalog, asked.attribute)
            own = next((one.values for one in catalog.attributes if one.name == name), ())
            known = found.opened.known_attributes.get(asked.attribute, [])
            values = tuple(dict.fromkeys([*own, *without_invisible(known)]))
            value = asked.source if isinstance(asked.source, str) else ""
            return Pair(id, ledger, name, values, query, catalog.item(found.hits[rank].id), value)
        except (LibraryError, CatalogError):
            return None

    def _correct(self, pair: Pair, value: str | None, visitor: Visitor) -> None:
        self.library.label(pair.catalog, pair.hit.id, pair.attribute, value, WHY, visitor)

    def _keep(self, pair: Pair, said: str, visitor: Visitor) -> None:
        if said == "unseen":
            self._correct(pair, pair.unseen, visitor)
        elif said == "same" and pair.value is not None:
            self._correct(pair, pair.value, visitor)
        elif pair.asked and pair.hit.labels.get(pair.attribute) == pair.asked:
            self._correct(pair, None, visitor)
        elif pair.query is not None:
            self.library.judge(pair.catalog, pair.query.id, pair.hit.id, pair.attribute, said == "same", visitor)

    def _take_back(self, pair: Pair, visitor: Visitor) -> None:
        before = pair.last
        if isinstance(before, Given):
            self.library.undo(pair.catalog, before, visitor)
        elif before is not None and pair.query is not None:
            self.library.judge(pair.catalog, pair.query.id, pair.hit.id, pair.attribute, None, visitor)


def question(pair: Pair, lang: str, denied: bool = False) -> str:
    """Same, different or cannot be seen, of a value yes or no, with what was said pressed and a way to take it back; '' for a
    picture from outside. denied: the answer was no, and no label had to go for it."""
    if pair.query is None and not pair.asked:
        return ""
    last, name = pair.last, attribute_name(pair.attribute, lang)
    said, told = (
        _told(pair, last, lang) if last is not None or not denied else ("different", word("verdict_has_not", lang))
    )
    key, title = "verdict", escape(word("same_question", lang, name=name))
    if pair.asked:
        key, asked = "verdict_value", value_name(pair.asked, lang, pair.values)
        title = escape(word("verdict_value_question", lang, name=name, value=asked))
    buttons = "".join(
        f'<button type="button" data-act="{one}" aria-pressed="{str(one == said).lower()}" data-key="{one}">'
        f"{escape(word(f'{key}_{one}', lang))}</button>"
        for one in SAID
    )
    undo = ""
    if isinstance(last, Verdict):
        undo = f'<button type="button" data-act="undo" data-key="undo">{escape(word("undo_label", lang))}</button>'
    return (
        f'<div class="lapel-verdict" role="group" aria-label="{title}"><span>{title}</span>'
        f'<span class="acts">{buttons}{undo}</span><small aria-live="polite">{escape(told)}</small></div>'
    )


def correction(pair: Pair, lang: str, undone: bool = False) -> str:
    """The hit's label, to be chosen, and what was saved of it; it stands out where the hit was said to be different."""
    value = pair.hit.labels.get(pair.attribute)
    title = word("correct_label" if value else "give_label", lang, name=attribute_name(pair.attribute, lang))
    unseen = cannot_be_seen(pair.ledger, pair.hit, pair.attribute)
    chosen = label_list("correct", pair.attribute, pair.values, value, unseen, lang, title)
    last = pair.last
    doubted = value and pair.saved is None and isinstance(last, Verdict) and not last.same
    return (
        f'<div class="lapel-verdict correct{" doubted" if doubted else ""}"><span>{escape(title)}</span>{chosen}'
        f"{saved_line(pair.saved, 'undo_label', lang, undone, pair.values)}</div>"
    )


def _told(pair: Pair, last: Given | Verdict | None, lang: str) -> tuple[str, str]:
    """Which of `SAID` it was, and what became of it; of a label it is said beside it."""
    if last is None:
        return "", ""
    if isinstance(last, Given):
        return ("unseen" if last.value in (UNSEEN, pair.unseen) else "same" if last.value else "different"), ""
    value = pair.hit.labels.get(pair.attribute)
    if last.same or value is None or pair.saved is not None:
        return ("same" if last.same else "different"), word("verdict_pair", lang)
    return "different", word("verdict_correct", lang, value=value_name(value, lang, pair.values))
