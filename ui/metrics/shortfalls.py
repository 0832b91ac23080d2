"""What a report does not do better, said plainly: figures below ordinary similarity, and below chance."""

from collections.abc import Sequence

from ui.metrics.differing import bracketed, comma, in_points, points, verdict_word
from ui.metrics.rows import Figure, Row, Rows
from ui.names import attribute_name
from ui.words import word


def shortfalls(rows: Rows, lang: str) -> list[str]:
    """A sentence for each figure that is not above ordinary similarity, or below chance on an attribute."""
    said = [_shortfall(name, whole, rows.counted, lang) for name, whole in rows.whole.figures.items()]
    return [line for line in said if line]


def _shortfall(name: str, whole: Figure, counted: Sequence[Row], lang: str) -> str:
    colon, more, stop = ("：", "。", "。") if lang == "ja" else (": ", "; ", ".")
    parts = _below_baseline(name, whole, counted, lang)
    unlucky = [row for row in counted if _below(row.figures[name].value, row.figures[name].chance)]
    if unlucky:
        parts.append(word("short_of_chance", lang, names=_names(unlucky, lang)))
    if not parts:
        return ""
    measure = word(f"{name}_name", lang) + bracketed(word(name, lang), lang)
    return f"{measure}{colon}{more.join(parts)}{stop}"


def _below_baseline(name: str, whole: Figure, counted: Sequence[Row], lang: str) -> list[str]:
    """Whether it is below on the whole, and on how many attributes; else on which it is surely worse, but for the figure
    that the verdict above speaks of already."""
    kind = whole.difference.verdict if whole.difference is not None else ""
    if kind == "worse" or (kind in ("", "undecided") and _below(whole.value, whole.baseline)):
        if whole.difference is not None:
            by = word("short_by", lang, points=in_points(whole.difference, lang))
            if kind == "undecided":
                by = word("short_undecided", lang, by=by, verdict=verdict_word(whole.difference, lang))
        else:
            by = word("short_by", lang, points=points(whole.value - (whole.baseline or 0.0), lang))
        parts = [word("short_worse" if kind == "worse" else "short_no_better", lang, by=by)]
        below = [row for row in counted if _below(row.figures[name].value, row.figures[name].baseline)]
        if len(counted) > 1:
            parts.append(word("short_on_count", lang, count=len(below), all=len(counted)))
        return parts
    worse = [row for row in counted if _verdict(row.figures[name]) == "worse" and name != "p12"]
    return [word("short_on", lang, names=_names(worse, lang))] if worse else []


def _below(value: float, other: float | None) -> bool:
    """Whether it is also below in the digits that are shown."""
    return other is not None and round(value, 1) < round(other, 1)


def _verdict(figure: Figure) -> str:
    return figure.difference.verdict if figure.difference is not None else ""


def _names(rows: Sequence[Row], lang: str) -> str:
    return comma(lang).join(attribute_name(row.attribute, lang) for row in rows)
