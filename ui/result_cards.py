"""HTML of the results of a search. Everything from outside is escaped."""

import json
from collections.abc import Mapping, Sequence
from html import escape

from catalog import Item
from library import Opened
from retrieval import Hit
from ui.cards import chance_line, names_line, notice, score_text
from ui.match_words import least_level
from ui.names import item_label, labelled, value_name, values_of
from ui.searching import Answer, as_labelled, query_labels
from ui.words import word


def waiting(count: int) -> str:
    """Places of results to come."""
    return f'<ol class="lapel-hits waiting" aria-hidden="true">{"<li><span class=frame></span></li>" * count}</ol>'


def results(answer: Answer, lang: str, chosen: int = 0) -> str:
    catalog = answer.catalog
    items = [catalog.item(hit.id) for hit in answer.hits]
    pictures = answer.opened.thumbnails
    urls = [pictures.picture(item, hit.picture) for item, hit in zip(items, answer.hits, strict=True)]
    wanted = query_labels(catalog, answer.asked.picture)
    cards = [
        _card(
            answer.opened,
            rank,
            item,
            as_labelled(answer, rank),
            url,
            _values(item, answer, wanted, lang),
            rank == chosen,
            lang,
        )
        for rank, (item, url) in enumerate(zip(items, urls, strict=True))
    ]
    none = "no_hits" if answer.asked.filters and not answer.passing else "no_others"
    if answer.asked.least is not None and answer.passing:
        none = "none_likely"
    listed = _lists(answer, cards, lang) if cards else notice(word(none, lang), "notice")
    return _heading(answer, items, wanted, lang) + _unseen(answer, lang) + listed


def _lists(answer: Answer, cards: Sequence[str], lang: str) -> str:
    """The hits, and below them those on which what was asked for cannot be seen."""
    first = sum(not hit.hidden for hit in answer.hits)
    found = f'<ol class="lapel-hits">{"".join(cards[:first])}</ol>' if first else ""
    if first == len(cards):
        return found
    names = names_line(list(dict.fromkeys(name for hit in answer.hits for name in hit.hidden)), lang)
    title = escape(word("hidden_hits", lang, names=names))
    return f'{found}<h3 class="lapel-apart">{title}</h3><ol class="lapel-hits" start="{first + 1}">{"".join(cards[first:])}</ol>'


def _unseen(answer: Answer, lang: str) -> str:
    if not answer.hidden:
        return ""
    return notice(word("hidden_query", lang, names=names_line(answer.hidden, lang)), "notice")


def _heading(answer: Answer, items: list[Item], wanted: Mapping[str, str], lang: str) -> str:
    names = names_line(list(answer.asked.weights), lang)
    counted = "among_filtered" if answer.asked.filters else "among"
    facts = [word(counted, lang, count=f"{len(items):,}", total=f"{answer.passing:,}")]
    if len(items) == answer.passing - 1 and answer.asked.picture.item is not None:
        facts.append(word("without_query", lang))
    facts.append(word("latency", lang, ms=f"{answer.milliseconds:.0f}" if answer.milliseconds >= 1 else "<1"))
    agreement = _agreement(answer, items, wanted, lang)
    asked = json.dumps(list(answer.asked.weights))
    return (
        f'<header class="lapel-ranked" data-search="{answer.number}" data-attributes="{escape(asked)}"'
        f' data-pill="{escape(word("see_results", lang))}"><h2>{escape(word("ranked_by", lang, names=names))}</h2>'
        f"<p>{''.join(f'<span>{escape(fact)}</span>' for fact in [*agreement, *facts])}</p></header>"
    )


def _agreement(answer: Answer, items: list[Item], wanted: Mapping[str, str], lang: str) -> list[str]:
    """For one attribute of a labelled query: its value, and how many of the labelled results share it."""
    weighed = list(answer.asked.weights)
    if len(weighed) != 1 or weighed[0] not in wanted:
        return []
    values = [item.labels[weighed[0]] for item in items if weighed[0] in item.labels]
    same = sum(value == wanted[weighed[0]] for value in values)
    among = values_of(answer.catalog, weighed[0])
    return [
        word("query_value", lang, value=value_name(wanted[weighed[0]], lang, among)),
        *([word("matches", lang, same=same, known=len(values))] if values else []),
    ]


def _values(item: Item, answer: Answer, wanted: Mapping[str, str], lang: str) -> str:
    """The values of a hit for the attributes asked; those that agree or differ with the query's are marked."""
    chips = []
    for name in answer.asked.weights:
        if name not in item.labels:
            continue
        value, mark, among = item.labels[name], "", values_of(answer.catalog, name)
        title = labelled(name, value, lang, among)
        if name in wanted:
            same = value == wanted[name]
            mark = "same" if same else "other"
            said = word("same_value" if same else "other_value", lang)
            title += f"（{said}）" if lang == "ja" else f" ({said})"
        text = escape(value_name(value, lang, among))
        chips.append(f'<span class="value {mark}" title="{escape(title)}">{text}</span>')
    many = "many" if len(chips) > 1 else ""
    return f'<span class="values {many}">{"".join(chips)}</span>' if chips else ""


def _card(opened: Opened, rank: int, item: Item, hit: Hit, url: str, values: str, chosen: bool, lang: str) -> str:
    alt = escape(item_label(item, lang))
    pressed = str(chosen).lower()
    return (
        f'<li><button type="button" class="hit" data-pick="{rank}" data-then="#explanation" aria-pressed="{pressed}">'
        f'<span class="frame"><img src="{escape(url)}" alt="{alt}" loading="lazy" width="256" height="320">'
        f'<b class="rank">{rank + 1}</b></span><span class="facts">{values}'
        f"{_level(opened, hit, lang)}</span></button></li>"
    )


def _level(opened: Opened, hit: Hit, lang: str) -> str:
    """How likely the value of each asked attribute is shared, as a word for the least likely one with the numbers behind;
    the score where that is not known."""
    said = f"{word('score', lang)} {score_text(hit.score)}"
    if not hit.chances or set(hit.chances) != set(hit.shares):
        return f'<span class="score" title="{escape(word("score", lang))}">{score_text(hit.score)}</span>'
    each = [chance_line(name, chance, lang) for name, chance in hit.chances.items()]
    least = least_level(opened, hit.chances)
    title = escape(" · ".join([*each, said]))
    return f'<span class="score level {least.name.lower()}" title="{title}">{escape(word(least.name.lower(), lang))}</span>'
