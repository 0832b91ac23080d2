"""HTML of the Compare tab: what is asked, the ready examples, and the two sides. Everything from outside is escaped."""

from collections.abc import Sequence
from html import escape

from PIL import Image

from catalog import CatalogError
from library import LARGE, Opened
from ui.asked import Picture
from ui.cards import notice
from ui.compare.beside import Preparing
from ui.compare.comparing import Agreement, Move
from ui.compare.examples import DONORS, Example
from ui.compare.montages import Montage
from ui.compare.naming import filter_texts, term_text, way_text
from ui.compare.ordinary import NoOrdinary
from ui.compare.sentence import sentence, what_is_asked
from ui.compare.sides import DEEP, Comparison, Side
from ui.compare.ways import ORDINARY, SIDES, Way
from ui.heat import data_uri
from ui.names import attribute_name, item_label, labelled, values_of
from ui.query_pictures import cut_image
from ui.refusals import told
from ui.words import word

MARKS = {True: ("right", "✓"), False: ("wrong", "✗"), None: ("unknown", "–")}
"""Whether a hit is right → the class of its mark and its sign."""
BACKGROUND, YOURS = "background", ""
"""What the example with another background, and the visitor's own search, are called in the address."""


def ask_row(
    opened: Opened,
    ready: Sequence[Example],
    made: bool,
    montage: Montage | None,
    chosen: str | None,
    own: bool,
    lang: str,
) -> str:
    """The ready examples and the visitor's own search, to choose from, and the rule by which the examples were taken. made:
    whether it is known yet if there is a montage. own: whether something is asked in Search."""
    urls = opened.thumbnails.urls([opened.catalog.item(one.item) for one in ready])
    cards = [
        _choice(str(place), url, _example_text(opened, one, lang), chosen)
        for place, (one, url) in enumerate(zip(ready, urls, strict=True), 1)
    ]
    if montage is not None or not made:
        name = word("versus_background", lang)
        text = name if montage is None else f"{name} · {_example_text(opened, montage.example, lang)}"
        url = "" if montage is None else _source(opened, montage.picture)
        cards.append(_choice(BACKGROUND, url, text, chosen))
    if own:
        cards.append(_choice(YOURS, "", word("versus_yours", lang), chosen))
    return (
        f'<header class="lapel-versus-head"><h2>{escape(word("versus_title", lang))}</h2>'
        f"<p>{escape(word('versus_about', lang))}</p></header>"
        f'<div class="lapel-ready" role="group" aria-label="{escape(word("versus_ready", lang))}">{"".join(cards)}</div>'
        f'<details class="lapel-rule" data-key="rule"><summary>{escape(word("versus_how", lang))}</summary>'
        f"<p>{escape(_rule(ready, made, montage, lang))}</p></details>"
    )


def _choice(value: str, url: str, text: str, chosen: str | None) -> str:
    image = f'<img src="{escape(url)}" alt="" width="48" height="60">' if url else ""
    return (
        f'<button type="button" data-act="example" data-value="{value}" data-key="example-{value or "yours"}" '
        f'aria-pressed="{str(value == chosen).lower()}">{image}<span>{escape(text)}</span></button>'
    )


def _example_text(opened: Opened, example: Example, lang: str) -> str:
    value = opened.catalog.item(example.item).labels.get(example.attribute)
    if value is None:
        return attribute_name(example.attribute, lang)
    return labelled(example.attribute, value, lang, values_of(opened.catalog, example.attribute))


def _rule(ready: Sequence[Example], made: bool, montage: Montage | None, lang: str) -> str:
    kind = "none" if not ready or not ready[0].labelled else "test" if all(one.split for one in ready) else "all"
    said = [word(f"versus_rule_{kind}", lang), word("versus_rule_not_picked", lang)]
    if made and montage is None:
        said.append(word("versus_no_montage", lang))
    elif montage is not None:
        said.append(word("versus_rule_background" if montage.donor else "versus_rule_plain", lang, count=DONORS))
    return ("" if lang == "ja" else " ").join(said)


def sides(found: Comparison, ways: Sequence[Way], example: str, before: Picture | None, lang: str) -> str:
    """What is asked, what came of it in a sentence, and both sides. before: the picture that was changed."""
    outcome = f'<p class="lapel-outcome" role="status">{escape(sentence(found, lang))}</p>'
    columns = "".join(_side(found, side, ways, lang) for side in SIDES)
    data = {
        "number": found.number,
        "left": found.left.way.written,
        "right": found.right.way.written,
        "example": example,
    }
    named = "".join(f' data-{name}="{escape(str(text))}"' for name, text in data.items())
    return (
        f'<div class="lapel-versus"{named}><div class="lapel-asking">{_pictures(found, before, lang)}'
        f'<div class="lapel-outcomes">{_terms(found, lang)}{outcome}{_notes(found, lang)}</div></div>{columns}</div>'
    )


def _notes(found: Comparison, lang: str) -> str:
    """What both sides have in common, and that one query proves little."""
    count = len(found.right.hits)
    shared = word("versus_shared", lang, shared=found.shared, count=count) if count and found.left.ids else ""
    metrics = f'<button type="button" data-act="metrics" data-key="metrics">{escape(word("versus_to_metrics", lang))}</button>'
    return (
        f'<p class="lapel-common"><span>{escape(shared)}</span> <span>{escape(word("said_one_query", lang))} {metrics}'
        "</span></p>"
    )


def _pictures(found: Comparison, before: Picture | None, lang: str) -> str:
    """The picture that asks, beside the one that it was where it was changed."""
    opened, picture = found.opened, found.asked.picture
    pictures = [(before, "versus_original")] if before is not None else []
    if not picture.empty:
        pictures.append((picture, "versus_montage" if before is not None else "query_image"))
    return "".join(
        f'<figure><img src="{escape(_source(opened, one))}" alt="{escape(_alt(opened, one, lang))}">'
        f"<figcaption>{escape(word(key, lang))}</figcaption></figure>"
        for one, key in pictures
    )


def _terms(found: Comparison, lang: str) -> str:
    """What is asked, in words."""
    asked = found.asked
    terms = [*(term_text(term, asked, found.catalog, lang) for term in asked.terms), *filter_texts(asked, lang)]
    listed = "".join(f"<li>{escape(text)}</li>" for text in terms)
    return f'<ul aria-label="{escape(word("versus_asked", lang))}">{listed}</ul>'


def _side(found: Comparison, name: str, ways: Sequence[Way], lang: str) -> str:
    side, other = (found.left, found.right) if name == "left" else (found.right, found.left)
    options = "".join(
        f'<option value="{escape(way.written)}"{" selected" if way == side.way else ""}>'
        f"{escape(way_text(way, found.asked, found.catalog, lang))}</option>"
        for way in ways
    )
    label = escape(word(f"versus_{name}", lang))
    choose = f'<select data-act="{name}" data-key="{name}" aria-label="{label}">{options}</select>'
    agrees = found.left_agrees if name == "left" else found.right_agrees
    return (
        f'<section class="lapel-way" aria-label="{label}">{choose}{_figure(found, side, agrees, lang)}'
        f"{_about(found, side, lang)}{_hits(found, side, other, name, lang)}</section>"
    )


def _figure(found: Comparison, side: Side, agrees: Agreement | None, lang: str) -> str:
    """How many hits are right, beside how many would be by chance."""
    if not side.ids:
        return '<p class="lapel-agrees"></p>'
    if agrees is None or not agrees.known:
        return f'<p class="lapel-agrees"><small>{escape(word("versus_not_judged", lang))}</small></p>'
    count = word("versus_right_of", lang, right=agrees.right, known=agrees.known)
    facts = [("", word("versus_have", lang, what=what_is_asked(found, lang)))]
    if agrees.by_lot is not None:
        facts.append(("", word("versus_by_lot", lang, lot=f"{agrees.by_lot:.1f}")))
    if agrees.known < agrees.shown:
        facts.append(("", word("versus_unlabelled", lang, count=agrees.shown - agrees.known)))
    if found.changed:
        facts.append(("kept", word("versus_kept", lang, kept=side.kept, count=len(side.before))))
        if side.reach is not None:
            facts.append(("", word("versus_reach", lang, place=f"{side.reach:,}")))
    small = "".join(f'<small class="{kind}">{escape(fact)}</small>' for kind, fact in facts)
    return f'<p class="lapel-agrees"><b>{escape(count)}</b>{small}</p>'


def _about(found: Comparison, side: Side, lang: str) -> str:
    """What a side goes by."""
    said = [word("versus_ordinary_about" if side.way.kind == ORDINARY else "versus_lapel_about", lang)]
    plain = len(found.asked.terms) == 1 and isinstance(found.asked.terms[0].source, Picture)
    if side.way.kind == ORDINARY and not plain:
        said.append(word("versus_ordinary_ignores", lang))
    return f'<p class="caption">{escape(("" if lang == "ja" else " ").join(said))}</p>'


def _hits(found: Comparison, side: Side, other: Side, name: str, lang: str) -> str:
    if side.reason is not None:
        return _reason(side.reason, lang)
    if not side.ids:
        return notice(word("versus_none", lang), "notice")
    items = [found.catalog.item(id) for id in side.hits]
    pictures = found.opened.thumbnails
    urls = pictures.urls(items)
    cards = []
    for place, (item, url) in enumerate(zip(items, urls, strict=True), 1):
        if item.id in side.pictures:
            url = pictures.picture(item, side.pictures[item.id])
        kind, sign = MARKS[found.judge(item.id)] if found.wanted else ("", "")
        mark = f'<b class="mark {kind}" aria-hidden="true">{sign}</b>' if kind else ""
        move, stands = _move(found, found.moves[item.id], other, name, lang)
        said = [f"{place}. {item_label(item, lang)}", *([word(f"mark_{kind}", lang)] if kind else []), stands]
        kept = " kept" if item.id in side.before else ""
        cards.append(
            f'<li><button type="button" class="lapel-twin{kept}" data-twin="{escape(item.id)}" aria-pressed="false" '
            f'title="{escape(stands)}" aria-label="{escape(("、" if lang == "ja" else ", ").join(said))}">'
            f'<span class="frame"><img src="{escape(url)}" alt="" loading="lazy" width="128" height="160">'
            f'<b class="rank" aria-hidden="true">{place}</b>{mark}</span>'
            f'<span class="move" aria-hidden="true">{escape(move)}</span></button></li>'
        )
    return f'<ol class="lapel-twins">{"".join(cards)}</ol>'


def _reason(reason: ValueError, lang: str) -> str:
    """Why a side has nothing to show."""
    if isinstance(reason, NoOrdinary):
        return notice(word(reason.key, lang), "notice")
    if isinstance(reason, Preparing):
        stage = reason.stage
        if not stage.total:
            return notice(word("versus_loading", lang), "notice")
        return notice(word("versus_embedding", lang, done=f"{stage.done:,}", total=f"{stage.total:,}"), "notice")
    return notice(word("refused", lang, error=told(reason, lang)))


def _move(found: Comparison, move: Move, other: Side, name: str, lang: str) -> tuple[str, str]:
    """Where a hit stands on the other side, as an arrow from left to right, and in words."""
    if other.reason is not None:
        return "", ""
    beyond = word("place_beyond", lang, deep=f"{DEEP:,}") if len(other.ids) >= DEEP else word("place_not", lang)
    left, right = (str(place) if place is not None else "" for place in (move.left, move.right))
    there = right if name == "left" else left
    way = way_text(other.way, found.asked, found.catalog, lang)
    key, place = ("place_of", there) if there else ("place_nowhere", beyond)
    far = f">{DEEP:,}" if len(other.ids) >= DEEP else "–"
    shown = "=" if left == right else f"{left or far} → {right or far}"
    return shown, word(key, lang, way=way, place=place)


def _source(opened: Opened, picture: Picture) -> str:
    """Address of a picture that is asked by; as it is turned and cut."""
    if picture.item is not None and not picture.altered:
        return opened.thumbnails.urls([opened.catalog.item(picture.item)])[0]
    try:
        image = cut_image(opened.catalog, picture)
    except CatalogError:
        return ""
    image.thumbnail(LARGE, Image.Resampling.LANCZOS)
    return data_uri(image)


def _alt(opened: Opened, picture: Picture, lang: str) -> str:
    if picture.item is None:
        return word("query_alt", lang)
    return item_label(opened.catalog.item(picture.item), lang)
