"""What a visitor says of a result: whether it has the same value as the query, and what its label should be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

import gradio as gr

from catalog import CatalogError, Item
from library import UNSEEN, Given, Ledger, Library, LibraryError, Verdict, Visitor, spelled
from ui import cards
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
from ui.query_events import Updates, language
from ui.search_tab import SearchTab
from ui.searching import Answer
from ui.visitors import visitor_of
from ui.words import word

SAID = ("same", "different", "unseen")
WHY = "result"
"""Why a label was given here: its item was a result."""


@dataclass(frozen=True)
class Pair:
    """A hit of a catalog and its query, None for a picture from outside, as they are labelled now, and the attribute asked, as
    that catalog spells it, with the values that it may have."""

    catalog: str
    ledger: Ledger
    attribute: str
    values: Sequence[str]
    query: Item | None
    hit: Item

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
        if self.query is None:
            return None
        given = self.saved
        if given is not None and given.value in (self.unseen, UNSEEN, self.query.labels.get(self.attribute)):
            return given
        about = (self.query.id, self.hit.id, self.attribute)
        return next((one for one in self.ledger.verdicts if (one.query, one.item, one.attribute) == about), None)


class Verdicts:
    """Event handlers of what is said of the hit that is explained.

    With a labelled query "same" gives the hit its value; otherwise what was said is kept of the pair. The hit's label can be
    chosen, whatever the query is.
    """

    def __init__(self, library: Library, tab: SearchTab) -> None:
        self.library = library
        self.tab = tab

    def show(
        self, found: Answer | None, rank: int, attribute: str | None, request: gr.Request, undone: bool = False
    ) -> str:
        """The questions for a hit; '' where the visitor may not change the catalog. undone: a label was just taken back."""
        pair = self._pair(found, rank, attribute, visitor_of(request))
        if pair is None:
            return ""
        lang = language(self.library.settings, request)
        return question(pair, lang) + correction(pair, lang, undone)

    def turn(
        self, event: gr.EventData, found: Answer | None, rank: int, attribute: str | None, request: gr.Request
    ) -> Updates:
        """Keep what was said in the place of what was said before, or take that back; or give the hit another label."""
        data, tab = event._data or {}, self.tab
        lang, visitor = language(self.library.settings, request), visitor_of(request)
        act, undone = str(data.get("act")), False
        try:
            pair = self._pair(found, rank, attribute, visitor)
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
                    self._keep(pair, act, visitor)
            found = self._relabelled(found, rank, attribute, visitor)
        except LibraryError as error:
            return {tab.line: cards.error_line(error, lang)}
        return {
            tab.line: "",
            tab.verdict: self.show(found, rank, attribute, request, undone),
            tab.answer: found,
            tab.results: cards.results(found, lang, rank),
        }

    def _relabelled(self, found: Answer, rank: int, attribute: str | None, visitor: Visitor) -> Answer:
        """What was found, with the labels as they are now; as it was where an item of it has gone meanwhile."""
        pair, corrected = self._pair(found, rank, attribute, visitor), found.corrected
        if pair is not None and attribute:
            one = frozenset({(pair.hit.id, attribute)})
            found = replace(found, corrected=corrected | one if pair.saved is not None else corrected - one)
        catalog = self.library.opened(found.opened.id, visitor).catalog
        there = {item.id for item in catalog.items}
        shown = [hit.id for hit in found.hits] + [found.asked.picture.item or found.hits[0].id]
        return replace(found, catalog=catalog) if there.issuperset(shown) else found

    def _pair(self, found: Answer | None, rank: int, attribute: str | None, visitor: Visitor) -> Pair | None:
        if found is None or not attribute or not 0 <= rank < len(found.hits):
            return None
        id, asked = found.opened.id, found.asked.picture.item
        try:
            ledger = self.library.ledger(self.library.own(id, visitor).id)
            catalog = ledger.catalog
            query = catalog.item(asked) if asked is not None else None
            name = spelled(catalog, attribute)
            own = next((one.values for one in catalog.attributes if one.name == name), ())
            known = found.opened.known_attributes.get(attribute, [])
            values = tuple(dict.fromkeys([*own, *without_invisible(known)]))
            return Pair(id, ledger, name, values, query, catalog.item(found.hits[rank].id))
        except (LibraryError, CatalogError):
            return None

    def _correct(self, pair: Pair, value: str | None, visitor: Visitor) -> None:
        self.library.label(pair.catalog, pair.hit.id, pair.attribute, value, WHY, visitor)

    def _keep(self, pair: Pair, said: str, visitor: Visitor) -> None:
        if pair.query is None:
            return
        value = pair.query.labels.get(pair.attribute)
        if said == "unseen":
            self._correct(pair, pair.unseen, visitor)
        elif said == "same" and value is not None:
            self._correct(pair, value, visitor)
        else:
            self.library.judge(pair.catalog, pair.query.id, pair.hit.id, pair.attribute, said == "same", visitor)

    def _take_back(self, pair: Pair, visitor: Visitor) -> None:
        before = pair.last
        if isinstance(before, Given):
            self.library.undo(pair.catalog, before, visitor)
        elif before is not None and pair.query is not None:
            self.library.judge(pair.catalog, pair.query.id, pair.hit.id, pair.attribute, None, visitor)


def question(pair: Pair, lang: str) -> str:
    """Same, different or cannot be seen, with what was said pressed and a way to take it back; '' for a picture from outside."""
    if pair.query is None:
        return ""
    last = pair.last
    said, told = _told(pair, last, lang)
    buttons = "".join(
        f'<button type="button" data-act="{one}" aria-pressed="{str(one == said).lower()}" data-key="{one}">'
        f"{escape(word(f'verdict_{one}', lang))}</button>"
        for one in SAID
    )
    undo = ""
    if isinstance(last, Verdict):
        undo = f'<button type="button" data-act="undo" data-key="undo">{escape(word("undo_label", lang))}</button>'
    title = escape(word("same_question", lang, name=attribute_name(pair.attribute, lang)))
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
        return ("unseen" if last.value in (UNSEEN, pair.unseen) else "same"), ""
    value = pair.hit.labels.get(pair.attribute)
    if last.same or value is None or pair.saved is not None:
        return ("same" if last.same else "different"), word("verdict_pair", lang)
    return "different", word("verdict_correct", lang, value=value_name(value, lang, pair.values))
