"""What a report says in words: one sentence for who decides, and how sure it is."""

import math
from collections.abc import Sequence
from html import escape

from eval import Report
from ui.metrics.cards import GLOBAL
from ui.metrics.rows import FEW, Figure, Row, Rows
from ui.names import attribute_name
from ui.words import word

FIRST = 12
"""Results that the sentence speaks of."""
MOST_TIMES = 20
"""A difference that would need more than so many times the queries counts as none."""
VISIBLE = 0.05
"""Hits of `FIRST` by which a ceiling has to be lower to be spoken of."""


def comma(lang: str) -> str:
    return "、" if lang == "ja" else ", "


def sentence(rows: Rows, lang: str) -> str:
    """Of the first 12 results so many are right; over all attributes, or of the only one."""
    counted = rows.counted
    if len(counted) == 1:
        row, name = counted[0], attribute_name(counted[0].attribute, lang)
    else:
        row, name = rows.whole, word("one_of_many", lang, count=len(counted))
    return sentence_of(row, name, lang)


def sentence_of(row: Row, name: str, lang: str) -> str:
    """The same for one row, whose attribute is called `name`."""
    figure, places = row.figures.get("p12"), FIRST
    key = "sentence_p12"
    if figure is None:
        figure, places, key = row.figures["map"], 100, "sentence_map"
    found = {"right": _of(figure.value, places), "chance": _of(figure.chance or 0.0, places)}
    if figure.baseline is None:
        said = word(f"{key}_alone", lang, name=name, **found)
    else:
        said = word(key, lang, name=name, baseline=_of(figure.baseline, places), **found)
    if figure.ceiling is not None and places - figure.ceiling * places / 100 > VISIBLE * places:
        most = word("sentence_at_most", lang, most=_of(figure.ceiling, places))
        said += most if lang == "ja" else f" {most}"
    return said


def _of(percent: float, places: int) -> str:
    return f"{percent * places / 100:.1f}"


def verdict_of(row: Row) -> str:
    """better, worse or open: whether the difference to the baseline is on one side of zero; "" where it is not known."""
    figure = row.decides
    if figure is None or figure.gain is None:
        return ""
    if not figure.gain.known or not figure.gain.excludes():
        return "open"
    return "better" if figure.gain.mean > 0 else "worse"


def would_decide(figure: Figure, queries: int) -> int | None:
    """Queries that would decide if the difference is what it seems, two figures of it: an interval is as wide as the root of
    its queries is small. None where there is next to no difference."""
    gain = figure.gain
    if gain is None or not gain.known or not gain.mean:
        return None
    needed = queries * ((gain.high - gain.low) / 2 / abs(gain.mean)) ** 2
    if needed > MOST_TIMES * queries:
        return None
    step = 10 ** max(0, math.floor(math.log10(max(needed, 1))) - 1)
    return int(max(math.ceil(needed / step) * step, queries + 1))


def verdict(rows: Rows, report: Report, lang: str) -> list[str]:
    """On how many attributes it is better, which are worse or not decided and what would decide; the most important first."""
    if report.method == GLOBAL:
        return [word("is_baseline", lang)]
    counted = rows.counted
    found = {row.attribute: verdict_of(row) for row in counted}
    said = []
    if not any(found.values()):
        whole = rows.whole.decides
        missing = "no_baseline" if whole is None or whole.baseline is None else "no_intervals"
        said.append(word(missing, lang))
    else:
        said.append(_counts(counted, found, lang))
    few = [attribute_name(row.attribute, lang) for row in rows.attributes if row not in counted]
    if few:
        said.append(word("left_out_few", lang, few=FEW, names=comma(lang).join(few)))
    return said


def _counts(counted: Sequence[Row], found: dict[str, str], lang: str) -> str:
    better = [row for row in counted if found[row.attribute] == "better"]
    if len(better) == len(counted):
        if len(counted) == 1:
            return word("better_one", lang, name=attribute_name(counted[0].attribute, lang))
        return word("better_all", lang, all=len(counted))
    said = [word("better_some", lang, better=len(better), all=len(counted))]
    worse = [attribute_name(row.attribute, lang) for row in counted if found[row.attribute] == "worse"]
    if worse:
        said.append(word("worse_on", lang, names=comma(lang).join(worse)))
    undecided = [row for row in counted if found[row.attribute] == "open"]
    if undecided:
        said.append(word("undecided_on", lang, names=comma(lang).join(_undecided(row, lang) for row in undecided)))
    told = comma(lang).join(said)
    if len(undecided) == 1 and undecided[0].decides is not None:
        needed = would_decide(undecided[0].decides, undecided[0].queries)
        more = word("would_not_decide", lang) if needed is None else word("would_decide", lang, count=f"{needed:,}")
        told += f"。{more}" if lang == "ja" else f"; {more}"
    return f"{told}。" if lang == "ja" else f"{told}."


def _undecided(row: Row, lang: str) -> str:
    return word("undecided_one", lang, name=attribute_name(row.attribute, lang), queries=f"{row.queries:,}")


def head(rows: Rows, report: Report, lang: str, notes: Sequence[str] = ()) -> str:
    """What stands above everything: the sentence, the verdict, and the few figures. notes: what is to be known of it."""
    told = verdict(rows, report, lang)
    lines = "".join(f'<p class="more">{escape(line)}</p>' for line in [*told[1:], *notes])
    return (
        f'<div class="lapel-said"><h2>{escape(sentence(rows, lang))}</h2>'
        f'<p class="decided">{escape(told[0])}</p>{lines}</div>{_figures(rows.whole, lang)}'
    )


def _figures(row: Row, lang: str) -> str:
    cards = "".join(_card(name, figure, lang) for name, figure in row.figures.items())
    return f'<div class="lapel-big">{cards}</div>'


def _card(name: str, figure: Figure, lang: str) -> str:
    parts = []
    if figure.known:
        parts.append(word("sure", lang, low=f"{figure.low:.1f}", high=f"{figure.high:.1f}"))
    beside = []
    if figure.baseline is not None:
        beside.append(word("against", lang, baseline=f"{figure.baseline:.1f}"))
    if figure.chance is not None:
        beside.append(word("by_chance", lang, chance=f"{figure.chance:.1f}"))
    if figure.ceiling is not None and figure.ceiling < 99.95:
        beside.append(word("at_most", lang, ceiling=f"{figure.ceiling:.1f}"))
    small = "".join(f"<span>{escape(part)}</span>" for part in [*parts, " · ".join(beside)] if part)
    return (
        f"<section><h3>{escape(word(f'{name}_name', lang))} <i>{escape(word(name, lang))}</i></h3>"
        f'<p class="number">{figure.value:.1f}<small>%</small>{gain_mark(figure, lang)}</p>'
        f"{bar(figure)}<p>{small}</p></section>"
    )


def gain_mark(figure: Figure, lang: str) -> str:
    """The difference to the baseline with its sign, and whether it is decided, not by colour alone."""
    if figure.baseline is None:
        return ""
    points = figure.value - figure.baseline
    kind = ""
    if figure.gain is not None:
        kind = "open" if not figure.gain.known or not figure.gain.excludes() else "better" if points > 0 else "worse"
    sign = signed(points)
    title = word(f"verdict_{kind}", lang) if kind else ""
    return f'<b class="lapel-gain {kind}">{sign}{f" <i>{escape(title)}</i>" if title else ""}</b>'


def signed(points: float, decimals: int = 1) -> str:
    """A number of points with its sign; ±0.0 for none."""
    told = f"{abs(points):.{decimals}f}"
    return f"{'±' if not float(told) else '+' if points > 0 else '−'}{told}"


def bar(figure: Figure) -> str:
    """The figure as a bar, with its interval, and marks at chance, baseline and ceiling."""
    marks = ""
    if figure.known:
        assert figure.low is not None and figure.high is not None
        marks += f'<em style="left:{_at(figure.low)};width:{_at(figure.high - figure.low)}"></em>'
    for kind, at in (("chance", figure.chance), ("ordinary", figure.baseline), ("most", figure.ceiling)):
        if at is not None and not (kind == "most" and at > 99.5):
            marks += f'<u class="{kind}" style="left:{_at(at)}"></u>'
    return f'<span class="lapel-bar" aria-hidden="true"><i style="width:{_at(figure.value)}"></i>{marks}</span>'


def _at(percent: float) -> str:
    return f"{min(max(percent, 0), 100):.1f}%"
