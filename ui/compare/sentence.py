"""One sentence that says how a comparison came out, also where it is not in Lapel's favour."""

from ui.compare.comparing import Agreement, better
from ui.compare.naming import way_text
from ui.compare.sides import Comparison
from ui.compare.ways import ORDINARY, Way
from ui.names import labelled, values_of
from ui.words import word


def what_is_asked(found: Comparison, lang: str) -> str:
    """What a right hit has: the one value that is asked for, or else all of them."""
    if len(found.wanted) == 1:
        ((name, wish),) = found.wanted.items()
        if len(wish.values) == 1 and not wish.unwanted:
            (value,) = wish.values
            return labelled(name, value, lang, values_of(found.catalog, name))
    return word("versus_all_asked", lang)


def sentence(found: Comparison, lang: str) -> str:
    """What is said above the two sides; "" where one of them has nothing to show."""
    left, right = found.left, found.right
    if not left.ids or not right.ids:
        return ""
    if left.way == right.way:
        return word("said_same_way", lang)
    names = {side: _named(one.way, found, lang) for side, one in (("left", left), ("right", right))}
    parts = [_kept(found, names, lang)] if found.changed else []
    if found.left_agrees and found.right_agrees and found.left_agrees.known and found.right_agrees.known:
        parts += _counts(found, found.left_agrees, found.right_agrees, names, lang)
    elif not found.changed:
        parts.append(word("said_unjudged", lang, shared=found.shared, count=len(right.hits)))
    return ("" if lang == "ja" else " ").join(part[:1].upper() + part[1:] for part in parts)


def _named(way: Way, found: Comparison, lang: str) -> str:
    """What a way is called within a sentence."""
    if way.kind == ORDINARY:
        return word("way_ordinary_within", lang)
    return way_text(way, found.asked, found.catalog, lang)


def _kept(found: Comparison, names: dict[str, str], lang: str) -> str:
    left, right = found.left, found.right
    return word(
        "said_kept",
        lang,
        **names,
        left_kept=left.kept,
        left_of=len(left.before),
        right_kept=right.kept,
        right_of=len(right.before),
    )


def _counts(found: Comparison, left: Agreement, right: Agreement, names: dict[str, str], lang: str) -> list[str]:
    """How many are right on either side, and which of them does better."""
    counted = word(
        "said_counts",
        lang,
        **names,
        what=what_is_asked(found, lang),
        left_count=left.right,
        left_known=left.known,
        right_count=right.right,
        right_known=right.known,
    )
    ahead = better(left, right)
    if not ahead:
        return [counted, word("said_even", lang)]
    winner = "right" if ahead > 0 else "left"
    loser = found.left if ahead > 0 else found.right
    won = found.right if ahead > 0 else found.left
    against_lapel = won.way.kind == ORDINARY and loser.way.kind != ORDINARY
    values = {"better": names[winner], "other": names[winner], "count": abs(right.right - left.right)}
    key = "worse" if against_lapel else ""
    if left.known == right.known:
        return [counted, word(f"said_{key or 'more'}", lang, **values)]
    return [counted, word("said_worse_share" if key else "said_larger", lang, **values)]
