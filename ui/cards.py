"""HTML of the search tab: status line, picker, hits and explanation. Everything from outside is escaped."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from catalog import Item, LeftOut
from common.jobs import Job
from library import Opened, Stage, Unreadable
from retrieval import Hit
from ui.catalog_notes import note_text, reason_text
from ui.heat import attention_picture, data_uri, patch_picture
from ui.match_words import least_level, level_of
from ui.names import attribute_name, item_label, labelled, value_name, values_of
from ui.pace import duration
from ui.refusals import told
from ui.searching import Answer, as_labelled, query_image, query_labels
from ui.words import word

AGAIN = ("twin", "repeated")
"""Reasons why a row was left out that say that it is there already."""
BROKEN = ("cells", "cells-mendable", "quotes", "json")
"""Those that say that the row itself cannot be read; all others are about its picture."""

_log = logging.getLogger("lapel.ui")


def notice(text: str, kind: str = "error", job: str = "") -> str:
    """One visible line; kind is `error` or `notice`. Nothing for an empty text. job: id of the one that it tells of; the
    browser takes the line away when that is over (`scripts/over.js`)."""
    role = "alert" if kind == "error" else "status"
    about = f' data-job="{escape(job)}"' if job else ""
    return f'<p class="lapel-line {kind}" role="{role}"{about}>{escape(text)}</p>' if text else ""


def no_picture(coming: bool = True) -> str:
    """The box of the query while a catalog is opened, or where it could not be."""
    return f'<div class="lapel-picture {"waiting" if coming else ""}"></div>'


def error_line(error: Exception, lang: str) -> str:
    """A line for the visitor; what is not one of our own errors is logged as well."""
    if isinstance(error, ValueError):
        return notice(word("refused", lang, error=told(error, lang)))
    _log.error("unexpected", exc_info=error)
    return notice(word("unexpected", lang, error=type(error).__name__))


def progress(stage: Stage, lang: str, attributes: Sequence[str] = ()) -> str:
    """A line with a bar and the time left for what the service is doing; an error line when it failed; nothing when it
    is ready. attributes: those that the catalog is being embedded for, when that is not the first time.
    """
    if stage.name == "ready":
        return ""
    if stage.name == "failed":
        return notice(word("stage_failed", lang, error=told(stage.error, lang)))
    counts = {"done": f"{stage.done:,}", "total": f"{stage.total:,}"}
    if attributes:
        text = escape(word("stage_more", lang, names=names_line(attributes, lang), **counts))
    else:
        text = escape(word(f"stage_{stage.name}", lang, **counts))
    value = f' value="{stage.done}" max="{stage.total}"' if stage.total else ""
    bar = f'<progress{value} aria-label="{text}"></progress>'
    left = "" if stage.left is None else escape(word("left", lang, time=duration(stage.left, lang)))
    return f'<div class="lapel-progress"><span>{text}</span>{bar}<span class="left">{left}</span></div>'


def pending(count: int, job: Job | None, lang: str) -> str:
    """A line for pictures that cannot be found yet, with the job that embeds them; nothing where there are none."""
    if not count:
        return ""
    text = escape(word("pending", lang, count=f"{count:,}"))
    known = job is not None and job.total > 0
    value = f' value="{job.done}" max="{job.total}"' if job is not None and known else ""
    left = word("left", lang, time=duration(job.left, lang)) if job is not None and job.left is not None else ""
    bar = f'<progress{value} aria-label="{text}"></progress>' if job is not None else ""
    return f'<div class="lapel-progress"><span>{text}</span>{bar}<span class="left">{escape(left)}</span></div>'


def picker(opened: Opened, items: Sequence[Item], chosen: str | None, lang: str) -> str:
    cards = []
    for item, url in zip(items, opened.thumbnails.urls(list(items)), strict=True):
        label = escape(item_label(item, lang))
        pressed = str(item.id == chosen).lower()
        cards.append(
            f'<button type="button" class="pick" data-pick="{escape(item.id)}" aria-pressed="{pressed}">'
            f'<img src="{escape(url)}" alt="{label}" loading="lazy" width="64" height="80"></button>'
        )
    return f'<div class="lapel-strip">{"".join(cards)}</div>'


def unknown_attributes(opened: Opened, lang: str) -> str:
    """Attributes that the catalog is labelled with and that cannot be searched by until they are taught; each leads there."""
    known = set(opened.embedder.attributes)
    lines = "".join(
        f"<li><b>{escape(attribute_name(name, lang))}</b>{escape(word('unknown_attribute', lang))} "
        f'<button type="button" data-act="label" data-id="{escape(opened.id)}" data-attribute="{escape(name)}">'
        f"{escape(word('teach_unknown', lang))}</button></li>"
        for name in (attribute.name for attribute in opened.catalog.attributes)
        if name not in known
    )
    return f'<ul class="lapel-unknown">{lines}</ul>' if lines else ""


def left_out(opened: Opened, lang: str, most: int = 200) -> str:
    """What of the catalog cannot be found, counted, with a list to open, and below it what was noted about its files;
    nothing when there is nothing to say.
    """
    rows = [_row(row, lang) for row in opened.catalog.left_out]
    items = [_unreadable(item, lang) for item in opened.unreadable]
    missing, total = [*rows, *items], len(opened.catalog) + len(rows)
    said = word("left_out", lang, count=f"{len(missing):,}", total=f"{total:,}", why=_why(opened, lang))
    notes = [f"<li>{escape(note_text(note, lang))}</li>" for note in opened.catalog.notes]
    return _details(said, missing, lang, most) + _details(word("noted", lang, count=len(notes)), notes, lang, most)


def _why(opened: Opened, lang: str) -> str:
    """How much was left out for which kind of reason."""
    reasons = [row.reason for row in opened.catalog.left_out]
    again, broken = (sum(reason in kinds for reason in reasons) for kinds in (AGAIN, BROKEN))
    pictures = len(reasons) - again - broken + len(opened.unreadable)
    counts = {"left_out_pictures": pictures, "left_out_again": again, "left_out_broken": broken}
    told = [word(key, lang, count=f"{count:,}") for key, count in counts.items() if count]
    return ("、" if lang == "ja" else ", ").join(told)


def _details(said: str, lines: Sequence[str], lang: str, most: int) -> str:
    if not lines:
        return ""
    more = word("left_out_more", lang, count=f"{len(lines) - most:,}")
    shown = [*lines[:most], *([f"<li>{escape(more)}</li>"] if len(lines) > most else [])]
    return f'<details class="lapel-left-out"><summary>{escape(said)}</summary><ul>{"".join(shown)}</ul></details>'


def _row(row: LeftOut, lang: str) -> str:
    place = word("left_out_line", lang, table=row.table, line=f"{row.line:,}")
    name = f"<b>{escape(row.image or row.id)}</b> " if row.image or row.id else ""
    return f"<li>{name}{escape(reason_text(row.reason, lang) + place)}</li>"


def _unreadable(item: Unreadable, lang: str) -> str:
    reason = told(item.reason, lang).removeprefix(f"'{item.file}' ")
    id = "" if item.id in item.file else f" ({item.id})"
    return f"<li><b>{escape(item.file + id)}</b> {escape(reason)}</li>"


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


def names_line(attributes: Sequence[str], lang: str) -> str:
    return ("・" if lang == "ja" else " + ").join(attribute_name(name, lang) for name in attributes)


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
    said = f"{word('score', lang)} {_score(hit.score)}"
    if not hit.chances or set(hit.chances) != set(hit.shares):
        return f'<span class="score" title="{escape(word("score", lang))}">{_score(hit.score)}</span>'
    each = [chance_line(name, chance, lang) for name, chance in hit.chances.items()]
    least = least_level(opened, hit.chances)
    title = escape(" · ".join([*each, said]))
    return f'<span class="score level {least.name.lower()}" title="{title}">{escape(word(least.name.lower(), lang))}</span>'


def chance_line(name: str, chance: float, lang: str) -> str:
    return word("chance_line", lang, name=attribute_name(name, lang), percent=f"{100 * chance:.0f}")


def _score(score: float) -> str:
    return f"{score:.2f}".replace("-0.00", "0.00")


def explanation(answer: Answer, rank: int, attribute: str, lang: str) -> str:
    """Query and hit side by side: heat and frame on the picture, patch attention in the frame, match levels and shares."""
    choice, hit, catalog = answer.asked.picture, as_labelled(answer, rank), answer.catalog
    item = catalog.item(hit.id)
    wanted = query_labels(catalog, choice)
    name = attribute_name(attribute, lang)
    sides = []
    asked = catalog.item(choice.item) if choice.item is not None else None
    for title, image, labels, of in (
        (word("query_side", lang), query_image(catalog, choice), wanted, asked),
        (
            word("hit_side", lang, rank=rank + 1),
            catalog.open(replace(item, image=hit.picture or item.image)),
            item.labels,
            item,
        ),
    ):
        explained = answer.opened.embedder.explain(image, attribute)
        chip = _chip(attribute, labels, values_of(catalog, attribute), lang)
        figures = [
            _figure(data_uri(attention_picture(image, explained)), "attention", title, name, lang),
            _figure(data_uri(patch_picture(image, explained)), "patch_attention", title, name, lang),
        ]
        sides.append(
            f'<section class="side"><h3>{escape(title)}{chip}</h3>{_named(of)}<div class="pair">{"".join(figures)}</div></section>'
        )
    hint = escape(word("explanation_hint", lang, name=name))
    return f'<p class="hint">{hint}</p><div class="sides">{"".join(sides)}</div>{_shares(answer.opened, hit, lang)}'


def _named(item: Item | None) -> str:
    """Id and title of an item, to find it again."""
    if item is None:
        return ""
    title = item.columns.get("title", "")
    beside = f" · {escape(title)}" if title and title != item.id else ""
    return f'<p class="id" translate="no"><b>{escape(item.id)}</b>{beside}</p>'


def _chip(attribute: str, labels: Mapping[str, str], among: tuple[str, ...], lang: str) -> str:
    if attribute in labels:
        return f'<span class="value known">{escape(labelled(attribute, labels[attribute], lang, among))}</span>'
    said = f"{attribute_name(attribute, lang)}{'：' if lang == 'ja' else ': '}{word('unlabelled', lang)}"
    return f'<span class="value">{escape(said)}</span>'


def _figure(uri: str, kind: str, side: str, name: str, lang: str) -> str:
    alt = word("attention_alt" if kind == "attention" else "patch_alt", lang, side=side, name=name)
    caption = escape(word(kind, lang))
    return f'<figure class="{kind}"><img src="{uri}" alt="{escape(alt)}"><figcaption>{caption}</figcaption></figure>'


def _shares(opened: Opened, hit: Hit, lang: str) -> str:
    """The match level of each attribute, and for several what each adds to the score, as bars."""
    shares, score = hit.shares, hit.score
    lines = [
        f"{chance_line(name, chance, lang)} ({word(level_of(opened, name, chance).name.lower(), lang)})"
        for name, chance in hit.chances.items()
    ]
    said = f'<p class="hint">{escape(" · ".join([*lines, word("score", lang) + f" {_score(score)}"]))}</p>'
    if len(shares) < 2:
        return said
    longest = max(abs(share) for share in shares.values()) or 1
    rows = "".join(
        f"<li><span>{escape(attribute_name(name, lang))}</span>"
        f'<i style="--part:{max(share, 0) / longest:.3f}"></i><b>{share:+.3f}</b></li>'
        for name, share in shares.items()
    )
    total = f'<li class="sum"><span>{escape(word("score", lang))}</span><i></i><b>{score:.3f}</b></li>'
    return f'{said}<ul class="lapel-shares">{rows}{total}</ul>'
