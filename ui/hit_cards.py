"""HTML of one hit: its picture, whether it is right, how likely it matches, and its twins behind it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from catalog import Item
from retrieval import Hit
from ui.cards import score_text
from ui.match_words import least_level
from ui.names import INVISIBLE, attribute_name, labelled, value_name, values_of
from ui.searching import Answer, as_labelled, has_level, wanted
from ui.words import word

_HERE = "\0"
"""Stands for a number in a text that is made once for all cards."""


@dataclass(frozen=True)
class Judged:
    """How many of the labels of a hit say whether it is right, and how many of those say that it is."""

    known: int = 0
    right: int = 0


class Cards:
    """The cards of one answer. What all cards share is looked up once. chosen: rank, from 0, of the hit that is explained."""

    def __init__(self, found: Answer, chosen: int, lang: str) -> None:
        self.found = found
        self.chosen = chosen
        self.lang = lang
        self.items = [found.catalog.item(hit.id) for hit in found.hits]
        self.wanted = wanted(found.catalog, found.asked)
        self.asked = list(dict.fromkeys(term.attribute for term in found.asked.terms if term.weight))
        self.values = {name: values_of(found.catalog, name) for name in self.asked}
        self.judged = [self._judge(item) for item in self.items]
        self._labels: dict[tuple[str, str], str] = {}
        places = {key: escape(word(key, lang, rank=_HERE)) for key in ("tick_result", "enlarge_result", "menu_result")}
        self._places = tuple(places.values())
        self._chances: dict[str, str] = {}
        self._percent = word("percent", lang, percent=_HERE)
        self._score = word("score", lang)

    def group(self, lead: int, others: Sequence[int]) -> str:
        """A card with its twins behind it."""
        if not others:
            return self._card(lead, "")
        said = escape(word("same_again", self.lang, count=len(others)))
        inside = "".join(self._card(rank, "") for rank in others)
        id = escape(self.items[lead].id)
        twins = f'<details class="lapel-twins" data-twins="{id}"><summary>{said}</summary><ol>{inside}</ol></details>'
        return self._card(lead, twins)

    def _card(self, rank: int, twins: str) -> str:
        item, place = self.items[rank], rank + 1
        hit = as_labelled(self.found, rank)
        labels = [self._label(name, value) for name, value in item.labels.items() if value.lower() != INVISIBLE]
        alt = escape(("、" if self.lang == "ja" else ", ").join(labels) or item.id)
        url = escape(self.found.opened.thumbnails.picture(item, hit.picture))
        id, title = escape(item.id), item.columns.get("title", "")
        named = f' data-title="{escape(title)}"' if title and title != item.id else ""
        tick, enlarge, menu = (said.replace(_HERE, str(place)) for said in self._places)
        return (
            f'<li class="lapel-card" data-item="{id}" data-rank="{rank}"{named}'
            f' data-labels="{escape(json.dumps(labels, ensure_ascii=False))}">'
            f'<button type="button" class="hit" data-pick="{rank}" data-then="#explanation" data-key="hit-{id}"'
            f' aria-pressed="{str(rank == self.chosen).lower()}">'
            f'<span class="frame"><img src="{url}" alt="{alt}" loading="lazy" decoding="async" width="256" height="320">'
            f'<b class="rank">{place}</b>{self._badge(rank)}</span>'
            f'<span class="facts">{self._level(hit)}{self._chips(item, hit)}</span></button>'
            f'<label class="lapel-tick"><input type="checkbox" data-tick="{id}" aria-label="{tick}"></label>'
            f'<span class="lapel-on-card"><button type="button" data-large="{rank}" data-key="large-{id}"'
            f' title="{enlarge}" aria-label="{enlarge}">⤢</button><button type="button" data-menu="{rank}"'
            f' data-key="menu-{id}" aria-haspopup="menu" title="{menu}" aria-label="{menu}">…</button></span>{twins}</li>'
        )

    def _label(self, name: str, value: str) -> str:
        if (name, value) not in self._labels:
            self._labels[name, value] = labelled(name, value, self.lang)
        return self._labels[name, value]

    def _judge(self, item: Item) -> Judged:
        said = [self._right(name, item) for name in self.asked]
        return Judged(sum(one is not None for one in said), sum(one is True for one in said))

    def _right(self, name: str, item: Item) -> bool | None:
        """Whether the label of an item is as asked; None where that is not known."""
        if name not in item.labels or name not in self.wanted:
            return None
        return self.wanted[name].judge(item.labels[name])

    def _badge(self, rank: int) -> str:
        """Right, wrong, or partly right, told by sign and shape as well as by colour; nothing where the labels do not tell."""
        own = self.judged[rank]
        if not own.known:
            return ""
        if 0 < own.right < own.known:
            kind, sign = "part", f"{own.right}/{own.known}"
            said = word("judged_part", self.lang, same=own.right, known=own.known)
        else:
            kind, sign = ("right", "✓") if own.right else ("wrong", "✕")
            said = word(f"judged_{kind}", self.lang)
        return (
            f'<b class="lapel-judged {kind}" role="img" aria-label="{escape(said)}" title="{escape(said)}">{sign}</b>'
        )

    def _chips(self, item: Item, hit: Hit) -> str:
        """The values of a hit for the attributes asked, each marked right or wrong where that is known, and what cannot be
        seen."""
        chips = []
        for name in self.asked:
            if name in hit.hidden:
                said = escape(word("cannot_see", self.lang, name=attribute_name(name, self.lang)))
                chips.append(f'<span class="value unseen" title="{said}">{said}</span>')
            if name in item.labels:
                chips.append(self._chip(name, item))
        many = "many" if len(chips) > 1 else ""
        return f'<span class="values {many}">{"".join(chips)}</span>' if chips else ""

    def _chip(self, name: str, item: Item) -> str:
        value, among, right = item.labels[name], self.values[name], self._right(name, item)
        title = labelled(name, value, self.lang, among)
        mark = "" if right is None else "same" if right else "other"
        if right is not None:
            said = word("value_right" if right else "value_wrong", self.lang)
            title += f"（{said}）" if self.lang == "ja" else f" ({said})"
        text = escape(value_name(value, self.lang, among))
        return f'<span class="value {mark}" title="{escape(title)}">{text}</span>'

    def _level(self, hit: Hit) -> str:
        """How likely the value of each asked attribute is shared, as a word for the least likely one and its number; the
        score where that is not known."""
        lang = self.lang
        if not has_level(self.found, hit):
            return f'<span class="score" title="{escape(self._score)}">{score_text(hit.score)}</span>'
        each = [_filled(self._chance(name), chance) for name, chance in hit.chances.items()]
        level = least_level(self.found.opened, hit.chances).name.lower()
        title = escape(" · ".join([*each, f"{self._score} {score_text(hit.score)}"]))
        percent = escape(_filled(self._percent, min(hit.chances.values())))
        return (
            f'<span class="score level {level}" title="{title}">{escape(word(level, lang))}</span>'
            f'<span class="lapel-percent">{percent}</span>'
        )

    def _chance(self, name: str) -> str:
        """What is said of the chance of an attribute, with a place for the number."""
        if name not in self._chances:
            self._chances[name] = word("chance_line", self.lang, name=attribute_name(name, self.lang), percent=_HERE)
        return self._chances[name]


def _filled(said: str, chance: float) -> str:
    return said.replace(_HERE, f"{100 * chance:.0f}")
