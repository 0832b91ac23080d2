"""The attributes of a report as a table that can be sorted, each column explained. Everything from outside is escaped."""

from html import escape

from eval import FEW
from ui.metrics.differing import MARKS, between, comma, points, signed, verdict, verdict_word
from ui.metrics.rows import SHOWN, Figure, Row, Rows
from ui.metrics.sentence import bar, beside, rounded
from ui.names import attribute_name
from ui.words import word

IN_SIGHT = 3
"""Columns that a telephone shows before the table is scrolled."""


def table(rows: Rows, chosen: str, lang: str) -> str:
    """Sortable in the browser; an attribute is a button that shows its queries. chosen: the one that is shown below."""
    shown = [name for name in SHOWN if name in rows.whole.figures]
    gains = any(row.decides.baseline is not None for row in rows.attributes)
    columns = ["attribute", *shown[:1], *(["gain"] if gains else []), *shown[1:], "queries"]
    head = "".join(_heading(name, lang) for name in columns)
    body = "".join(_row(row, columns, row.attribute == chosen, lang) for row in rows.attributes)
    foot = _foot(rows, columns, lang) if len(rows.attributes) > 1 else ""
    told = "".join(f"<dt>{_title(name, lang)}</dt><dd>{_about(name, lang)}</dd>" for name in columns)
    beyond = comma(lang).join(word(name, lang) for name in columns[IN_SIGHT:])
    return (
        f'<header class="lapel-part"><h2>{escape(word("table_title", lang))}</h2>'
        f'<p>{escape(word("table_hint", lang))}</p><p class="lapel-sideways">'
        f'{escape(word("table_scrolls", lang, names=beyond))}</p><p class="about" aria-live="polite"></p></header>'
        f'<div class="lapel-scroll" tabindex="0" role="region" aria-label="{escape(word("table_title", lang))}">'
        f'<table class="lapel-measures"><thead><tr>{head}</tr></thead><tbody>{body}</tbody><tfoot>{foot}</tfoot></table></div>'
        f'<div class="lapel-key">{_key(lang)}<details data-key="columns"><summary>{escape(word("about_columns", lang))}</summary>'
        f"<dl>{told}</dl></details></div>"
    )


def _key(lang: str) -> str:
    marks = "".join(
        f'<span class="{kind}"><u></u>{escape(word(f"mark_{name}", lang))}</span>'
        for kind, name in (("chance", "chance"), ("ordinary", "baseline"), ("range", "interval"))
    )
    return f'<p class="marks">{marks}</p>'


def _title(name: str, lang: str) -> str:
    return escape(word("gain_title" if name == "gain" else name, lang))


def _about(name: str, lang: str) -> str:
    return escape(word(f"about_{name}", lang, **({"few": FEW} if name == "queries" else {})))


def _heading(name: str, lang: str) -> str:
    order = "ascending" if name == "attribute" else "descending"
    said = _about(name, lang)
    return (
        f'<th scope="col" data-column="{name}"><button type="button" data-sort="{name}" data-first="{order}" '
        f'data-key="sort-{name}" aria-describedby="about-{name}" data-about="{said}">{_title(name, lang)}</button>'
        f'<span class="lapel-hidden" id="about-{name}">{said}</span></th>'
    )


def _foot(rows: Rows, columns: list[str], lang: str) -> str:
    cells = "".join(_cell(name, rows.whole, lang) for name in columns[1:])
    few = [row.few for row in rows.attributes]
    title = "all_but_few" if any(few) and not all(few) else "all_queries"
    return f'<tr><th scope="row">{escape(word(title, lang))}</th>{cells}</tr>'


def _row(row: Row, columns: list[str], chosen: bool, lang: str) -> str:
    cells = "".join(_cell(name, row, lang) for name in columns[1:])
    name = attribute_name(row.attribute, lang)
    button = (
        f'<button type="button" data-act="attribute" data-name="{escape(row.attribute)}" data-key="at-{escape(row.attribute)}"'
        f' aria-pressed="{str(chosen).lower()}">{escape(name)}</button>'
    )
    mark = ' class="few"' if row.few else ""
    return f'<tr{mark}><th scope="row" data-value="{escape(name.casefold())}">{button}</th>{cells}</tr>'


def _cell(name: str, row: Row, lang: str) -> str:
    if name == "queries":
        few = f' <small class="few">{escape(word("few_queries", lang))}</small>' if row.few else ""
        if row.more:
            few += f'<span class="beside">{escape(word("more_labels_would_do", lang, more=f"{row.more:,}"))}</span>'
        return f'<td data-value="{row.queries}">{row.queries:,}{few}</td>'
    if name == "gain":
        return _gain(row, lang)
    figure = row.figures.get(name)
    if figure is None:
        return '<td data-value="-1">–</td>'
    known = figure.interval is not None and figure.interval.known
    small = f" <small>{figure.interval.low:.0f}–{figure.interval.high:.0f}</small>" if figure.interval and known else ""
    gain = _gain_beside(figure, lang) if figure is not row.decides else ""
    more = f'{_unlucky(figure, lang)}<span class="beside">{escape(beside(figure, lang))}</span>'
    return f'<td data-value="{figure.value:.4f}"><b>{figure.value:.1f}</b>{small}{bar(figure)}{gain}{more}</td>'


def _gain_beside(figure: Figure, lang: str) -> str:
    """The difference in a figure that the verdict does not rest on, with what it decides."""
    each = figure.difference
    if each is None:
        return ""
    told = f"{MARKS[each.verdict]} {signed(each.points)} {verdict_word(each, lang)}"
    return f'<span class="lapel-verdict-of {each.verdict}">{escape(told)}</span>'


def _unlucky(figure: Figure, lang: str) -> str:
    """That a figure is no better than a ranking by lot."""
    if figure.chance is None or round(figure.value, 1) >= round(figure.chance, 1):
        return ""
    return f'<span class="lapel-verdict-of worse">{escape(word("below_chance", lang))}</span>'


def _gain(row: Row, lang: str) -> str:
    """What decides against the baseline, with the interval of the difference and the verdict."""
    figure = row.decides
    if figure.baseline is None:
        return '<td data-value="-999">–</td>'
    value, each = figure.value - figure.baseline, figure.difference
    if each is None:
        return f'<td data-value="{value:.4f}"><b class="lapel-gain">{escape(points(value, lang))}</b></td>'
    needed = ""
    if each.needed is not None:
        text = word("needs_queries", lang, count=f"{rounded(each.needed):,}")
        needed = f'<span class="beside">{escape(text)}</span>'
    return (
        f'<td data-value="{value:.4f}" class="gain"><b class="lapel-gain {each.verdict}">{signed(each.points)}</b> '
        f"<small>{escape(between(each.interval, lang))}</small>{verdict(each, lang)}{needed}</td>"
    )
