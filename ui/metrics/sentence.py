"""What a report says first: one sentence for who decides, on how many attributes it is better, and the few figures."""

import math
from collections.abc import Sequence
from html import escape

from eval import FEW, Report
from ui.metrics.asked import asked
from ui.metrics.differing import between, bracketed, comma, points
from ui.metrics.differing import verdict as decided
from ui.metrics.report_texts import GLOBAL
from ui.metrics.rows import Figure, Row, Rows
from ui.metrics.shortfalls import shortfalls
from ui.names import attribute_name
from ui.words import word

FIRST = 12
"""Results that the sentence speaks of."""
VISIBLE = 4.0
"""Percentage points below 100 from which a ceiling is spoken of: half a hit of 12."""
MOST_NAMED = 2
"""Attributes that are not decided of which it is said what would decide; of more the table says it."""


def sentence(rows: Rows, lang: str) -> str:
    """Of the first 12 results so many are right; over all attributes, or of the only one."""
    counted = rows.counted
    if len(counted) == 1:
        return sentence_of(counted[0], attribute_name(counted[0].attribute, lang), lang)
    return sentence_of(rows.whole, word("many_attributes", lang, count=len(counted)), lang, "_mean")


def sentence_of(row: Row, name: str, lang: str, kind: str = "") -> str:
    """The same for one row. name: of its attribute; kind "_mean" where it is of several."""
    figure, places, key = row.decides, FIRST, "sentence_p12"
    if "p12" not in row.figures:
        places, key = 100, "sentence_map"
    found = {"name": name, "right": _of(figure.value, places), "chance": _of(figure.chance or 0.0, places)}
    if figure.baseline is None:
        said = word(f"{key}{kind}_alone", lang, **found)
    else:
        said = word(f"{key}{kind}", lang, baseline=_of(figure.baseline, places), **found)
    if figure.ceiling is not None and 100 - figure.ceiling > VISIBLE:
        most = word("sentence_at_most", lang, most=_of(figure.ceiling, places))
        said += most if lang == "ja" else f" {most}"
    return said


def _of(percent: float, places: int) -> str:
    return f"{percent * places / 100:.1f}"


def verdict(rows: Rows, report: Report, lang: str) -> list[str]:
    """On how many attributes it is better, which are not and what would decide; the most important first."""
    if report.method == GLOBAL:
        return [word("is_baseline", lang)]
    counted, said = rows.counted, []
    if not any(row.verdict for row in counted):
        said.append(word("no_baseline" if rows.whole.decides.baseline is None else "no_intervals", lang))
    else:
        said.append(_counts(counted, lang))
    few = [attribute_name(row.attribute, lang) for row in rows.attributes if row not in counted]
    if few:
        said.append(word("left_out_few", lang, few=FEW, names=comma(lang).join(few)))
    missing = [one for one in report.shortages if not one["queries"]]
    if missing:
        names = [_missing(str(one["attribute"]), int(one["more"]), lang) for one in missing]
        said.append(word("not_measured_at_all", lang, names=comma(lang).join(names)))
    return said


def _missing(attribute: str, more: int, lang: str) -> str:
    return word("more_labels", lang, name=attribute_name(attribute, lang), more=f"{more:,}")


def _counts(counted: Sequence[Row], lang: str) -> str:
    by = {verdict: [row for row in counted if row.verdict == verdict] for verdict in ("better", "worse", "level")}
    undecided = [row for row in counted if row.verdict not in by]
    if len(counted) == 1:
        return only(counted[0], lang)
    if len(by["better"]) == len(counted):
        return word("better_all", lang, all=len(counted))
    said = [word("better_some", lang, better=len(by["better"]), all=len(counted))]
    for verdict in ("worse", "level"):
        if by[verdict]:
            names = [attribute_name(row.attribute, lang) for row in by[verdict]]
            said.append(word(f"{verdict}_on", lang, names=comma(lang).join(names)))
    if undecided:
        few = len(undecided) <= MOST_NAMED
        names = [_undecided(row, lang) if few else attribute_name(row.attribute, lang) for row in undecided]
        said.append(word("undecided_on", lang, names=comma(lang).join(names)))
    return f"{'。'.join(said)}。" if lang == "ja" else f"{'; '.join(said)}."


def only(row: Row, lang: str) -> str:
    name, difference = attribute_name(row.attribute, lang), row.decides.difference
    if row.verdict != "undecided" or difference is None:
        return word(f"{row.verdict}_one", lang, name=name)
    said = word("not_decided", lang, name=name, queries=f"{row.queries:,}")
    if difference.needed is None:
        return f"{said}。" if lang == "ja" else f"{said}."
    more = word("needs_more_queries", lang, count=f"{rounded(difference.needed):,}")
    return f"{said}。{more}。" if lang == "ja" else f"{said}; {more}."


def _undecided(row: Row, lang: str) -> str:
    """An attribute with its queries, and how many would decide."""
    name, difference = attribute_name(row.attribute, lang), row.decides.difference
    if difference is None or difference.needed is None:
        return word("undecided_one", lang, name=name, queries=f"{row.queries:,}")
    return word(
        "undecided_needs", lang, name=name, queries=f"{row.queries:,}", needed=f"{rounded(difference.needed):,}"
    )


def rounded(count: int) -> int:
    """A number that is known about, with two figures."""
    step = int(10 ** max(0, math.floor(math.log10(max(count, 1))) - 1))
    return math.ceil(count / step) * step


def head(rows: Rows, report: Report, lang: str, notes: Sequence[str] = ()) -> str:
    """The sentence and the verdict, the figures, and below them what is no better, what is left out and who asked. notes:
    what else is to be known of it."""
    told = verdict(rows, report, lang)
    short = "".join(f'<p class="short">{escape(line)}</p>' for line in shortfalls(rows, lang))
    more = "".join(f'<p class="more">{escape(line)}</p>' for line in [*told[1:], *notes])
    small = [asked(report, lang), word("what_is_ordinary", lang) if report.method != GLOBAL else ""]
    below = "".join(f'<p class="small">{escape(line)}</p>' for line in small if line)
    return (
        f'<div class="lapel-said"><h2>{escape(sentence(rows, lang))}</h2>'
        f'<p class="decided">{escape(told[0])}</p></div>{_figures(rows.whole, lang)}'
        f'<div class="lapel-said lapel-below">{short}{more}{below}</div>'
    )


def _figures(row: Row, lang: str) -> str:
    cards = "".join(_card(name, figure, lang) for name, figure in row.figures.items())
    return f'<div class="lapel-big">{cards}</div>'


def _card(name: str, figure: Figure, lang: str) -> str:
    """The figure, what it has over ordinary similarity and how sure that is, and last its own interval."""
    parts = [beside(figure, lang, True)]
    if figure.interval is not None and figure.interval.known:
        bounds = {"low": f"{figure.interval.low:.1f}", "high": f"{figure.interval.high:.1f}"}
        parts.append(word("sure", lang, **bounds))
    else:
        parts.append(word("sure_unknown", lang))
    small = "".join(f"<span>{escape(part)}</span>" for part in parts if part)
    return (
        f"<section><h3>{escape(word(f'{name}_name', lang))} <i>{escape(word(name, lang))}</i></h3>"
        f'<p class="number">{figure.value:.1f}<small>%</small></p>{_gain(figure, lang)}'
        f'{bar(figure)}<p class="few">{small}</p></section>'
    )


def _gain(figure: Figure, lang: str) -> str:
    """Points over the baseline with the interval of the difference, and the verdict."""
    if figure.baseline is None:
        return ""
    each = figure.difference
    if each is None:
        return f'<p class="gain"><b class="lapel-gain">{escape(points(figure.value - figure.baseline, lang))}</b></p>'
    bounds = bracketed(between(each.interval, lang), lang).strip()
    told = f" <span>{escape(bounds)}</span>" if bounds else ""
    number = f'<b class="lapel-gain {each.verdict}">{escape(points(each.points, lang))}</b>'
    return f'<p class="gain">{number}{told} {decided(each, lang)}</p>'


def beside(figure: Figure, lang: str, in_full: bool = False) -> str:
    """Baseline, chance and ceiling of a figure in one line. in_full: with the whole name of ordinary similarity."""
    parts = []
    if figure.baseline is not None:
        key = "against_in_full" if in_full else "against"
        parts.append(word(key, lang, baseline=f"{figure.baseline:.1f}"))
    if figure.chance is not None:
        parts.append(word("by_chance", lang, chance=f"{figure.chance:.1f}"))
    if figure.cut:
        most = 100.0 if figure.ceiling is None else figure.ceiling
        parts.append(word("at_most_cut", lang, ceiling=f"{most:.1f}"))
    elif figure.capped:
        parts.append(word("at_most", lang, ceiling=f"{figure.ceiling:.1f}"))
    return " · ".join(parts)


def bar(figure: Figure) -> str:
    """The figure as a bar, with its interval, and marks at chance, baseline and ceiling."""
    marks = ""
    if figure.interval is not None and figure.interval.known:
        low, high = figure.interval.low, figure.interval.high
        marks += f'<em style="left:{_at(low)};width:{_at(high - low)}"></em>'
    for kind, at in (("chance", figure.chance), ("ordinary", figure.baseline), ("most", figure.ceiling)):
        if at is not None and not (kind == "most" and at > 99.5):
            marks += f'<u class="{kind}" style="left:{_at(at)}"></u>'
    return f'<span class="lapel-bar" aria-hidden="true"><i style="width:{_at(figure.value)}"></i>{marks}</span>'


def _at(percent: float) -> str:
    return f"{min(max(percent, 0), 100):.1f}%"
