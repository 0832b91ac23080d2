"""What a visitor says of a result: whether it has the same value as the query, a different one, or cannot be seen."""

from dataclasses import dataclass
from html import escape

import gradio as gr

from catalog import CatalogError, Item
from library import UNSEEN, Given, Ledger, Library, LibraryError, Verdict, Visitor, spelled, standing
from ui import cards
from ui.names import attribute_name, labelled
from ui.query_events import Updates, language
from ui.search_tab import SearchTab
from ui.searching import Answer
from ui.visitors import visitor_of
from ui.words import word

SAID = ("same", "different", "unseen")


@dataclass(frozen=True)
class Pair:
    """A query item and a hit of a catalog, as they are labelled now, and the attribute asked, as that catalog spells it."""

    catalog: str
    ledger: Ledger
    attribute: str
    query: Item
    hit: Item

    @property
    def last(self) -> Given | Verdict | None:
        """What was said last, as far as it holds: a label of the hit given in search, or a verdict on the two."""
        given = [
            one for one in standing(self.ledger.given) if (one.item, one.attribute) == (self.hit.id, self.attribute)
        ]
        if given and given[-1].why == "result" and given[-1].value in (UNSEEN, self.query.labels.get(self.attribute)):
            return given[-1]
        about = (self.query.id, self.hit.id, self.attribute)
        return next((one for one in self.ledger.verdicts if (one.query, one.item, one.attribute) == about), None)


class Verdicts:
    """Event handlers of what is said of the hit that is explained.

    With a labelled query "same" gives the hit its value; otherwise what was said is kept of the pair.
    """

    def __init__(self, library: Library, tab: SearchTab) -> None:
        self.library = library
        self.tab = tab

    def show(self, found: Answer | None, rank: int, attribute: str | None, request: gr.Request) -> str:
        """The question for a hit; '' where the visitor may not change the catalog, and for pictures from outside."""
        pair = self._pair(found, rank, attribute, visitor_of(request))
        return "" if pair is None else question(pair, language(self.library.settings, request))

    def turn(
        self, event: gr.EventData, found: Answer | None, rank: int, attribute: str | None, request: gr.Request
    ) -> Updates:
        """Keep what was said in the place of what was said before, or take that back."""
        lang, visitor = language(self.library.settings, request), visitor_of(request)
        said = str((event._data or {}).get("act"))
        try:
            pair = self._pair(found, rank, attribute, visitor)
            if pair is not None:
                self._take_back(pair, visitor)
                if said in SAID:
                    self._keep(pair, said, visitor)
        except LibraryError as error:
            return {self.tab.line: cards.error_line(error, lang)}
        return {self.tab.line: "", self.tab.verdict: self.show(found, rank, attribute, request)}

    def _pair(self, found: Answer | None, rank: int, attribute: str | None, visitor: Visitor) -> Pair | None:
        if found is None or not attribute or not 0 <= rank < len(found.hits) or found.asked.choice.item is None:
            return None
        id = found.opened.id
        try:
            ledger = self.library.ledger(self.library.own(id, visitor).id)
            catalog = ledger.catalog
            query, hit = catalog.item(found.asked.choice.item), catalog.item(found.hits[rank].id)
            return Pair(id, ledger, spelled(catalog, attribute), query, hit)
        except (LibraryError, CatalogError):
            return None

    def _keep(self, pair: Pair, said: str, visitor: Visitor) -> None:
        value = pair.query.labels.get(pair.attribute)
        if said == "unseen":
            self.library.label(pair.catalog, pair.hit.id, pair.attribute, UNSEEN, visitor=visitor)
        elif said == "same" and value is not None:
            self.library.label(pair.catalog, pair.hit.id, pair.attribute, value, visitor=visitor)
        else:
            self.library.judge(pair.catalog, pair.query.id, pair.hit.id, pair.attribute, said == "same", visitor)

    def _take_back(self, pair: Pair, visitor: Visitor) -> None:
        before = pair.last
        if isinstance(before, Given):
            self.library.undo(pair.catalog, before, visitor)
        elif before is not None:
            self.library.judge(pair.catalog, pair.query.id, pair.hit.id, pair.attribute, None, visitor)


def question(pair: Pair, lang: str) -> str:
    """Same, different or cannot be seen, with what was said pressed and a way to take it back."""
    last = pair.last
    said, told = _told(last, lang)
    buttons = "".join(
        f'<button type="button" data-act="{one}" aria-pressed="{str(one == said).lower()}">'
        f"{escape(word(f'verdict_{one}', lang))}</button>"
        for one in SAID
    )
    undo = f'<button type="button" data-act="undo">{escape(word("undo_label", lang))}</button>' if last else ""
    title = escape(word("same_question", lang, name=attribute_name(pair.attribute, lang)))
    return (
        f'<div class="lapel-verdict" role="group" aria-label="{title}"><span>{title}</span>'
        f'<span class="acts">{buttons}{undo}</span><small aria-live="polite">{escape(told)}</small></div>'
    )


def _told(last: Given | Verdict | None, lang: str) -> tuple[str, str]:
    """Which of `SAID` it was, and what became of it."""
    if last is None:
        return "", ""
    if isinstance(last, Verdict):
        return ("same" if last.same else "different"), word("verdict_pair", lang)
    if last.value == UNSEEN:
        return "unseen", word("verdict_not_seen", lang)
    return "same", word("verdict_value", lang, label=labelled(last.attribute, str(last.value), lang))
