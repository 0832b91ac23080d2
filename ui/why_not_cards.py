"""HTML of why an item is not among the results. Everything from outside is escaped."""

from collections.abc import Sequence
from html import escape

from catalog import Item
from library import Opened
from ui.missing import Cause, Kept, Missing, Way
from ui.names import attribute_name, item_label, labelled, value_name, values_of
from ui.searching import MOST_HITS, Answer, wanted
from ui.share_cards import Scale, bar, signed, view_name
from ui.term_names import term_name
from ui.words import word

MOST_NAMED = 3
"""Values of a filter that are named; more are counted."""


def why_not_card(found: Answer, missing: Missing, lang: str) -> str:
    """Where an item stands, what keeps it out, it beside the last result term by term, and what would bring it in."""
    said = "".join(f"<p>{escape(line)}</p>" for line in _reasons(found, missing, lang))
    table = _terms(found, missing, lang) if missing.cause in (Cause.HELD, Cause.ALIKE, Cause.HIDDEN) else ""
    return (
        f'<div class="lapel-missing" aria-live="polite">{_sides(found, missing, lang)}'
        f'<div class="told">{said}{_ways(found, missing, lang)}</div></div>{table}'
    )


def offered(opened: Opened, items: Sequence[Item], said: str, lang: str) -> str:
    """Items to choose from, each with its picture, below a line that says which they are; and the same for the field."""
    options = "".join(
        f'<option value="{escape(item.id)}">{escape(item.columns.get("title", ""))}</option>' for item in items
    )
    pictures = "".join(
        f'<li><button type="button" class="pick" aria-pressed="false" data-act="why_not" data-item="{escape(item.id)}" '
        f'data-key="why-not-{escape(item.id)}" title="{escape(_name(item))}"><img src="{escape(url)}" '
        f'alt="{escape(_name(item))}" loading="lazy" width="64" height="80"></button></li>'
        for item, url in zip(items, opened.thumbnails.urls(list(items)), strict=True)
    )
    line = f'<p class="caption" role="status">{escape(said)}</p>' if said else ""
    shown = f'<ul class="lapel-offered">{pictures}</ul>' if pictures else ""
    return f'<datalist id="lapel-why-items">{options}</datalist>{line}{shown}'


def field(text: str, lang: str) -> str:
    """The field in which an item is written; `scripts/whynot.js` sends what is written and chosen."""
    return (
        f'<div class="lapel-ask"><label><span>{escape(word("whynot_ask", lang))}</span>'
        f'<input type="search" list="lapel-why-items" autocomplete="off" spellcheck="false" maxlength="200" '
        f'value="{escape(text)}" data-find></label>'
        f'<button type="button" data-send>{escape(word("whynot_act", lang))}</button></div>'
    )


def _name(item: Item) -> str:
    title = item.columns.get("title", "")
    return f"{item.id} · {title}" if title and title != item.id else item.id


def _sides(found: Answer, missing: Missing, lang: str) -> str:
    standing = missing.standing
    place = word("whynot_no_place", lang)
    if standing.rank is not None:
        place = word("whynot_place", lang, rank=f"{standing.rank:,}", among=f"{standing.among:,}")
    alt = word("whynot_alt", lang, item=item_label(missing.item, lang))
    drawn = _side(found, missing.item, standing.picture, place, standing.score, alt, lang)
    last = standing.against
    if last is None or missing.cause in (Cause.HIT, Cause.QUERY, Cause.FILTERS):
        return drawn
    other = found.opened.catalog.item(last.id)
    title = word("whynot_last", lang, rank=f"{min(found.asked.k, standing.among):,}")
    alt = word("whynot_last_alt", lang, item=item_label(other, lang))
    return drawn + _side(found, other, last.picture, title, last.score, alt, lang)


def _side(found: Answer, item: Item, picture: str, title: str, score: float, alt: str, lang: str) -> str:
    url = found.opened.thumbnails.picture(item, picture)
    scored = f"{word('score', lang)} {score:.2f}".replace("-0.00", "0.00")
    return (
        f'<figure class="lapel-stand"><img src="{escape(url)}" alt="{escape(alt)}" width="256" height="320">'
        f"<figcaption><b>{escape(title)}</b><span>{escape(scored)}</span>"
        f'<span class="id" translate="no">{escape(_name(item))}</span>'
        f'<span class="values">{_labels(found, item, lang)}</span></figcaption></figure>'
    )


def _labels(found: Answer, item: Item, lang: str) -> str:
    """The item's labels of what is asked for, marked where they are as asked or are not."""
    asked, chips = wanted(found.catalog, found.asked), []
    for name in dict.fromkeys(term.attribute for term in found.asked.terms if term.weight):
        if name not in item.labels:
            continue
        own = asked.get(name)
        right = own.judge(item.labels[name]) if own is not None else None
        mark = {True: " same", False: " other", None: ""}[right]
        text = labelled(name, item.labels[name], lang, values_of(found.catalog, name))
        chips.append(f'<span class="value{mark}">{escape(text)}</span>')
    return "".join(chips)


def _reasons(found: Answer, missing: Missing, lang: str) -> list[str]:
    standing, cause = missing.standing, missing.cause
    if cause is Cause.HIT:
        place = next(place for place, hit in enumerate(found.hits, 1) if hit.id == missing.item.id)
        return [word("whynot_hit", lang, rank=place)]
    if cause is Cause.QUERY:
        return [word("whynot_query", lang)]
    if cause is Cause.FILTERS:
        return [_filtered(found, kept, lang) for kept in missing.filters]
    if cause is Cause.LEAST and missing.chance is not None:
        return [word("whynot_least", lang, rank=standing.rank, percent=f"{100 * missing.chance:.0f}")]
    if cause is Cause.LEAST:
        return [word("whynot_least_unknown", lang, rank=standing.rank)]
    if cause is Cause.HIDDEN:
        names = ("・" if lang == "ja" else " + ").join(attribute_name(name, lang) for name in standing.hidden)
        return [word("whynot_hidden", lang, names=names)]
    if cause is Cause.ALIKE or standing.held_back_by is None:
        return [word("whynot_alike", lang)]
    held = standing.held_back_by
    term = term_name(found.catalog, found.asked.terms[held], lang)
    said = [word("whynot_held", lang, term=term, gap=f"{standing.gaps[held]:.3f}")]
    if missing.views and (worst := max(missing.views, key=lambda view: missing.views[view])):
        told = {"view": view_name(worst, lang), "gap": f"{missing.views[worst]:.3f}"}
        said.append(word("whynot_view", lang, **told))
    return said


def _filtered(found: Answer, kept: Kept, lang: str) -> str:
    among = values_of(found.catalog, kept.column)
    if len(kept.accepted) > MOST_NAMED:
        asked = word("whynot_several", lang, count=f"{len(kept.accepted):,}")
    else:
        asked = (" / " if lang == "en" else "・").join(value_name(value, lang, among) for value in kept.accepted)
    told = {"column": attribute_name(kept.column, lang), "wanted": asked}
    if not kept.value:
        return word("whynot_filter_blank", lang, **told)
    return word("whynot_filter", lang, value=value_name(kept.value, lang, among), **told)


def _ways(found: Answer, missing: Missing, lang: str) -> str:
    """What would bring it in, each as a button that does it; or that no other weight does, and which brings it nearest."""
    sure = [*_let_through(found, missing, lang), *(_way(found, way, lang) for way in missing.ways)]
    rank = missing.standing.rank
    if missing.cause is Cause.LEAST:
        sure.append(_button("least", word("whynot_any_level", lang), value="0"))
    elif missing.cause is not Cause.HIT and rank is not None and rank <= MOST_HITS:
        sure.append(_button("k", word("whynot_more", lang, count=rank), value=str(rank)))
    drawn = ""
    if sure:
        drawn = f'<h3>{escape(word("whynot_would", lang))}</h3><div class="acts">{"".join(sure)}</div>'
    if missing.cause is not Cause.HELD or missing.ways:
        return drawn
    if missing.nearest is not None:
        button = _way(found, missing.nearest, lang)
        return f'{drawn}<p class="far">{escape(word("whynot_further", lang))}</p><div class="acts">{button}</div>'
    several = sum(1 for term in found.asked.terms if term.weight) > 1
    key = "whynot_no_way" if several else "whynot_one_term"
    return f"<p>{escape(word(key, lang))}</p>{drawn}"


def _let_through(found: Answer, missing: Missing, lang: str) -> list[str]:
    buttons = []
    for kept in missing.filters:
        if kept.value:
            value = value_name(kept.value, lang, values_of(found.catalog, kept.column))
            text = word("whynot_let_value", lang, column=attribute_name(kept.column, lang), value=value)
            buttons.append(_button("filter", text, column=kept.column, value=kept.value, on="true"))
    if missing.filters:
        buttons.append(_button("clear_filters", word("whynot_clear", lang)))
    return buttons


def _way(found: Answer, way: Way, lang: str) -> str:
    term = found.asked.terms[way.term]
    told = {"term": term_name(found.catalog, term, lang), "rank": f"{way.rank:,}"}
    if not way.weight:
        return _button("remove", word("whynot_without", lang, **told), term=str(way.term))
    weights = {"weight": f"{abs(way.weight):g}", "before": f"{abs(term.weight):g}"}
    text = word("whynot_weigh", lang, **told, **weights)
    return _button("weigh", text, term=str(way.term), value=f"{way.weight:g}")


def _button(act: str, text: str, **data: str) -> str:
    sent = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    key = escape("-".join([act, *data.values()]))
    return f'<button type="button" data-act="{act}"{sent} data-key="{key}">{escape(text)}</button>'


def _terms(found: Answer, missing: Missing, lang: str) -> str:
    """What each term adds to the item and to the last result, and the difference; the one that holds it back stands out."""
    standing, last = missing.standing, missing.standing.against
    if last is None:
        return f'<p class="hint">{escape(word("whynot_alone", lang))}</p>'
    scale = Scale.over([*standing.term_shares, *last.term_shares])
    heads = "".join(
        f'<th scope="col">{escape(word(f"whynot_column_{key}", lang))}</th>' for key in ("term", "item", "hit", "gap")
    )
    rows = ""
    for place, term in enumerate(found.asked.terms):
        if not term.weight:
            continue
        held = ' class="held"' if place == standing.held_back_by else ""
        shares = "".join(
            f'<td><div class="share">{bar(share, scale)}<b>{signed(share)}</b></div></td>'
            for share in (standing.term_shares[place], last.term_shares[place])
        )
        name = escape(term_name(found.catalog, term, lang))
        rows += f'<tr{held}><th scope="row">{name}</th>{shares}<td>{signed(-standing.gaps[place])}</td></tr>'
    return f'<table class="lapel-gaps"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
