"""HTML of the results of a search: the list, what stands above and below it. Everything from outside is escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from model import AT_LEAST, Level
from ui.cards import names_line, notice
from ui.hit_cards import Cards, Judged
from ui.hit_menus import density, large_parts, menu_parts, selection_bar
from ui.match_words import least_level
from ui.scripts import script
from ui.searching import Answer, has_level
from ui.twins import twins
from ui.words import word

MOST_SHOWN = 200
"""Results that are shown at most."""
STEP = 24
"""Results that are added at a time."""
FEW_TO_JUDGE = 3
"""Hits from which on it is said that none of them is likely."""


def scripts() -> str:
    """What the component of the results does in the browser."""
    return script("pick") + script("acts") + script("keep") + script("results") + script("large")


def waiting(count: int) -> str:
    """Places of results to come."""
    return f'<ol class="lapel-hits waiting" aria-hidden="true">{"<li><span class=frame></span></li>" * count}</ol>'


def results(found: Answer, lang: str, chosen: int = 0) -> str:
    """Heading, hits and what goes on from them. chosen: rank, from 0, of the hit that is explained."""
    cards = Cards(found, chosen, lang)
    leads = twins(found)
    if not found.hits:
        return _heading(found, cards, 0, lang) + _unseen(found, lang) + _none(found, lang)
    folded = sum(lead != rank for rank, lead in enumerate(leads))
    return "".join(
        [
            _heading(found, cards, folded, lang),
            _unseen(found, lang),
            _doubt(found, lang),
            _lists(found, cards, leads, lang),
            _end(found, lang),
            selection_bar(lang),
            menu_parts(found, lang),
            large_parts(found, lang),
        ]
    )


@dataclass(frozen=True)
class _Part:
    """Hits of one list, by their ranks."""

    ranks: Sequence[int]
    leads: Sequence[int]

    def html(self, cards: Cards) -> str:
        """A card for each group of twins, the best of them first."""
        groups: dict[int, list[int]] = {}
        for rank in self.ranks:
            groups.setdefault(self.leads[rank], []).append(rank)
        return "".join(cards.group(lead, ranks[1:]) for lead, ranks in groups.items())


def _lists(found: Answer, cards: Cards, leads: Sequence[int], lang: str) -> str:
    """The hits, and below them those on which what was asked for cannot be seen."""
    first = sum(not hit.hidden for hit in found.hits)
    seen = _Part(range(first), leads).html(cards)
    listed = f'<ol class="lapel-hits">{seen}</ol>' if first else ""
    if first == len(found.hits):
        return listed
    names = names_line(list(dict.fromkeys(name for hit in found.hits for name in hit.hidden)), lang)
    title = escape(word("hidden_hits", lang, names=names))
    apart = _Part(range(first, len(found.hits)), leads).html(cards)
    return f'{listed}<h3 class="lapel-apart">{title}</h3><ol class="lapel-hits" start="{first + 1}">{apart}</ol>'


def _unseen(found: Answer, lang: str) -> str:
    if not found.hidden:
        return ""
    return notice(word("hidden_query", lang, names=names_line(found.hidden, lang)), "notice")


def _doubt(found: Answer, lang: str) -> str:
    """That nothing of what is shown is likely to match, where that is known of all."""
    levelled = [hit for hit in found.hits if has_level(found, hit)]
    if len(levelled) < max(FEW_TO_JUDGE, len(found.hits)):
        return ""
    likely = any(least_level(found.opened, hit.chances) is not Level.UNLIKELY for hit in levelled)
    return "" if likely else notice(word("all_unlikely", lang), "notice")


def _heading(found: Answer, cards: Cards, folded: int, lang: str) -> str:
    """How many of how many, how many of them are right, the time; density and selection."""
    shown = len(found.hits)
    counted = "among_filtered" if found.asked.filters else "among"
    title = word(counted, lang, count=f"{shown:,}", total=f"{found.passing:,}")
    facts = _right(cards.judged, lang)
    if shown and shown == found.passing - len(found.asked.items) and found.asked.items:
        facts.append(word("without_query", lang))
    if folded:
        facts.append(word("grouped", lang, count=folded))
    facts.append(_took(found, lang))
    said = "".join(f"<span>{escape(fact)}</span>" for fact in facts)
    return (
        f'<header class="lapel-ranked" data-search="{found.number}" data-k="{found.asked.k}"'
        f' data-catalog="{escape(found.opened.id)}" data-pill="{escape(word("see_results", lang))}">'
        f"<h2>{escape(title)}</h2><p>{said}</p>{density(lang) if shown else ''}</header>"
    )


def _took(found: Answer, lang: str) -> str:
    """The time, and which way answered."""
    time = word("latency", lang, ms=f"{found.milliseconds:.0f}" if found.milliseconds >= 1 else "<1")
    if not found.ways:
        return time
    way, scored = found.ways[0], sum(way.scored for way in found.ways)
    key = f"way_{way.by}" if way.by != "sketches" or not way.exact else "way_proven"
    return word(key, lang, time=time, count=f"{scored:,}")


def _right(judged: Sequence[Judged], lang: str) -> list[str]:
    """How many of the labelled hits are right."""
    known = [one for one in judged if one.known]
    if not known:
        return []
    right = sum(one.right == one.known for one in known)
    return [word("right_of", lang, same=right, known=len(known))]


def _none(found: Answer, lang: str) -> str:
    """Why there is nothing, and what to do about it."""
    key, act = "no_others", ""
    if found.asked.filters and not found.passing:
        key, act = "no_hits", _button("clear_filters", word("clear_filters", lang))
    elif found.asked.least is not None and found.passing:
        said = word("none_enough", lang, level=_level_asked(found.asked.least, lang))
        return _line(said, _button("least", word("show_anyway", lang), value=""))
    return _line(word(key, lang), act)


def _end(found: Answer, lang: str) -> str:
    """What comes after the last hit: more of them, or why there are none."""
    shown, k = len(found.hits), found.asked.k
    if found.asked.least is not None and shown < k:
        said = word("end_likely", lang, level=_level_asked(found.asked.least, lang))
        return _line(said, _button("least", word("show_anyway", lang), value=""))
    left = found.passing - len(found.asked.items) - shown
    if left <= 0 or shown < k:
        return ""
    if k >= MOST_SHOWN:
        return notice(word("most_shown", lang, count=MOST_SHOWN), "notice")
    more = min(STEP, left, MOST_SHOWN - k)
    most = min(MOST_SHOWN, shown + left)
    acts = _button("k", word("show_more", lang, count=more), value=str(k + more), endless="")
    if most > k + more:
        acts += _button("k", word("show_most", lang, count=f"{most:,}"), value=str(most))
    return f'<div class="lapel-end acts">{acts}</div>'


def _level_asked(least: float, lang: str) -> str:
    level = next((one for one, chance in AT_LEAST.items() if least >= chance), Level.UNLIKELY)
    return word("level_very_likely" if level is Level.VERY_LIKELY else "level_likely", lang)


def _line(text: str, act: str) -> str:
    return f'<p class="lapel-line notice lapel-answer" role="status"><span>{escape(text)}</span> {act}</p>'


def _button(act: str, text: str, **data: str) -> str:
    about = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    key = f"{act}-{data['value']}" if "value" in data else act
    return f'<button type="button" data-act="{act}" data-key="{escape(key)}"{about}>{escape(text)}</button>'
