"""HTML and CSV of the metrics tab."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from eval import GAINED, AttributeReport, Report, Shortfall, as_csv, columns_of, gains, shortfalls
from ui.names import attribute_name, value_name
from ui.words import WORDS, word

BASELINE = "map_baseline"
TITLES = {"chance_map": "chance"}
COUNTS = ("queries", "candidates")
GLOBAL = "global similarity"
"""The method of the baseline, as reports name it."""
TOLD = {
    "report_unreadable": r"images that cannot be read, and are left out: (?P<count>\d+)",
    "report_twins": r"(?P<split>.+) images that have a byte-identical twin in (?P<others>.+), and are left out: (?P<count>.+)",
    "report_derived": r"attributes read off pixel masks: (?P<counts>.+)",
    "report_asked": r"(?P<name>.+) is asked by the weights' (?P<by>.+)",
}
"""Word → the warning of a report that it says; others are the catalog's own words."""


def facts(report: Report, lang: str) -> str:
    """What was measured, on what, with which split and seed; warnings of the report as lines below."""
    catalog = report.catalog
    parts = [method_name(report.method, lang)] if report.method else []
    if "items" in catalog:
        parts.append(word("report_items", lang, name=catalog.get("name", ""), count=f"{catalog['items']:,}"))
    if catalog.get("splits"):
        names = [value_name(name, lang) for name in catalog["splits"]]
        parts.append(word("report_splits", lang, names=("、" if lang == "ja" else ", ").join(names)))
    if report.seed is not None:
        parts.append(word("report_seed", lang, seed=report.seed))
    told = "".join(f"<li>{escape(warning(text, lang))}</li>" for text in report.warnings)
    warnings = f'<ul class="lapel-warnings">{told}</ul>' if told else ""
    spans = "".join(f"<span>{escape(part)}</span>" for part in parts)
    return f'<p class="lapel-facts"><b>{escape(report.title)}</b>{spans}</p>{warnings}'


def method_name(name: str, lang: str) -> str:
    return word("global_similarity", lang) if name == GLOBAL else name


def warning(text: str, lang: str) -> str:
    """A warning of a report, in the language of the page where `eval` wrote it."""
    for key, pattern in TOLD.items():
        if found := re.fullmatch(pattern, text):
            facts = found.groupdict()
            if lang == "ja" and "others" in facts:
                facts["others"] = facts["others"].replace(" or ", "または")
            return word(key, lang, **facts)
    return text


def headline(report: Report, lang: str, baseline: Report | None = None) -> str:
    """The overall figures, saying of each which mean it is, with chance and ceiling beside it, and the gain over a
    baseline; below them, which attributes fall short of the baseline or of one view alone."""
    more = {"": gains(report.overall, baseline.overall if baseline else None)}
    more["_plain"] = gains(report.overall, baseline.overall if baseline else None, "_plain")
    cards = [
        _card("MAP", "map", word("mean_weighted", lang), report, lang, more[""]),
        _card("MAP", "map_plain", word("mean_plain", lang), report, lang, {"map_plain": more["_plain"]["map"]}),
        *(
            _card(word(name, lang), name, word(f"{name}_means", lang), report, lang, more[""])
            for name in ("p8", "p12", "top1", "top8")
        ),
    ]
    shown = [card for card in cards if card]
    heading = f'<h2 class="lapel-hidden">{escape(word("overall", lang))}</h2>'
    figures = f'<div class="lapel-figures of-{len(shown)}">{"".join(shown)}</div>'
    return heading + figures + _shortfalls(shortfalls(report, baseline), lang)


def _card(name: str, column: str, meaning: str, report: Report, lang: str, more: Mapping[str, float | None]) -> str:
    figure, gained = report.overall.get(column), more.get(column)
    if figure is None:
        return ""
    chance, ceiling = report.overall.get(f"chance_{column}"), report.overall.get(f"ceiling_{column}")
    gain = "" if gained is None else f"<b>{escape(_gain(gained, lang))}</b>"
    beside = [] if chance is None else [f"{word('chance', lang)} {chance:.1f}"]
    beside += [] if ceiling is None else [word("ceiling", lang, figure=f"{ceiling:.1f}")]
    told = f'<span class="chance">{escape(("、" if lang == "ja" else ", ").join(beside))}</span>' if beside else ""
    bar = f'<span class="bar"><i style="width:{_width(figure)}"></i>{_tick(chance)}</span>'
    return (
        f'<section><h3>{escape(name)}</h3><p class="figure">{figure:.1f}<small>%</small>{gain}</p>{bar}'
        f"<p><span>{escape(meaning)}</span>{told}</p></section>"
    )


def _gain(points: float, lang: str) -> str:
    told = f"{abs(points):.1f}"
    if float(told) == 0:
        return word("gain_none", lang)
    return word("gain", lang, points=f"+{told}") if points > 0 else word("loss", lang, points=told)


def _shortfalls(told: Sequence[Shortfall], lang: str) -> str:
    """A line for what lies below the baseline, and one for what lies below a view, of each attribute the worst."""
    worst: dict[tuple[str, str], Shortfall] = {}
    for each in told:  # the largest comes first
        worst.setdefault(("short_baseline" if each.view is None else "short_view", each.attribute), each)
    lines = []
    for key in dict.fromkeys(key for key, _ in worst):
        names = [_shortfall(each, lang) for (of, _), each in worst.items() if of == key]
        lines.append(f"<li>{escape(word(key, lang, names=('、' if lang == 'ja' else ', ').join(names)))}</li>")
    return f'<ul class="lapel-warnings">{"".join(lines)}</ul>' if lines else ""


def _shortfall(each: Shortfall, lang: str) -> str:
    name = f"{attribute_name(each.attribute, lang)} −{each.points:.1f}"
    if each.view is None:
        return name
    view = word(f"view_{each.view}", lang) if f"view_{each.view}" in WORDS else each.view
    return f"{name}（{view}）" if lang == "ja" else f"{name} ({view})"


@dataclass(frozen=True)
class _Row:
    """A row of the table: column → figure, and the gain over the baseline of those that have one."""

    name: str
    figures: Mapping[str, float | None]
    gains: Mapping[str, float | None] = field(default_factory=dict)


def figures_table(report: Report, lang: str, baseline: Report | None = None) -> str:
    """MAP, that of each view, chance, P@8 and P@12 of their ceilings, Top-1, Top-8 and counts for each attribute, both
    means at the foot; with a baseline, its MAP beside and the gain below each figure."""
    columns = [name for name in columns_of(report) if not name.startswith("ceiling_") and name != "chance_p12"]
    if baseline is not None:
        columns.insert(columns.index("chance_map"), BASELINE)
    keys = {**TITLES, "map": "map_fused"} if report.has_branches else TITLES
    titles = "".join(f'<th scope="col">{escape(_title(keys.get(name, name), lang))}</th>' for name in columns)
    head = f'<thead><tr><th scope="col">{escape(word("attribute", lang))}</th>{titles}</tr></thead>'
    below = baseline.attributes if baseline else {}
    body = "".join(
        _row(_attribute(attribute_name(name, lang), figures, below.get(name)), columns)
        for name, figures in report.attributes.items()
    )
    means = [(word("all_attributes", lang), ""), (word("all_plain", lang), "_plain")]
    foot = "".join(_row(_mean(label, report, baseline, suffix), columns) for label, suffix in means)
    said = word("percent_gain" if baseline else "percent", lang)
    heading = f"<h2>{escape(word('per_attribute', lang))}</h2><p>{escape(said)}</p>"
    return (
        f'<header class="lapel-ranked">{heading}</header><div class="lapel-scroll" tabindex="0">'
        f'<table class="lapel-table">{head}<tbody>{body}</tbody><tfoot>{foot}</tfoot></table></div>'
    )


def _title(key: str, lang: str) -> str:
    """The title of a column; a view that has no words is called what the report calls it."""
    return word(key, lang) if key in WORDS else key.replace("map_", "MAP, ").replace("_", " ")


def _attribute(name: str, figures: AttributeReport, below: AttributeReport | None) -> _Row:
    held: dict[str, Any] = {key: value for key, value in vars(figures).items() if isinstance(value, int | float)}
    held |= {f"map_{view}": figure for view, figure in figures.map_by_view.items()}
    return _Row(name, {**held, BASELINE: below.map if below else None}, gains(figures, below))


def _mean(name: str, report: Report, baseline: Report | None, suffix: str) -> _Row:
    overall, below = report.overall, baseline.overall if baseline else None
    held = {key.removesuffix(suffix): value for key, value in overall.items() if key.endswith(suffix)}
    held |= {f"map_{view}": figure for view, figure in overall.get(f"map_by_view{suffix}", {}).items()}
    return _Row(name, {**held, BASELINE: below.get(f"map{suffix}") if below else None}, gains(overall, below, suffix))


def _row(row: _Row, columns: Sequence[str]) -> str:
    cells = "".join(_cell(column, row) for column in columns)
    return f'<tr><th scope="row">{escape(row.name)}</th>{cells}</tr>'


def _cell(column: str, row: _Row) -> str:
    figure, ceiling = row.figures.get(column), row.figures.get(f"ceiling_{column}")
    if figure is None:
        return "<td>–</td>" if column not in COUNTS else "<td></td>"
    if column in COUNTS:
        return f"<td>{figure:,.0f}</td>"
    gained = row.gains.get(column) if column in GAINED else None
    gain = "" if gained is None else _points(gained)
    if column != "map":
        most = "" if ceiling is None else f" <small>/ {ceiling:.1f}</small>"
        return f"<td>{figure:.1f}{most}{gain}</td>"
    bar = f'<span class="bar"><i style="width:{_width(figure)}"></i>{_tick(row.figures.get("chance_map"))}</span>'
    return f'<td class="main"><b>{figure:.1f}</b>{gain}{bar}</td>'


def _points(gained: float) -> str:
    """A gain in points, with its sign."""
    told = f"{abs(gained):.1f}"
    sign = "±" if float(told) == 0 else "+" if gained > 0 else "−"
    return f'<small class="gain{" loss" if sign == "−" else ""}">{sign}{told}</small>'


def _width(figure: float) -> str:
    return f"{min(max(figure, 0), 100):.1f}%"


def _tick(chance: float | None) -> str:
    """The mark of chance on a bar."""
    return "" if chance is None else f'<u style="left:{_width(chance)}"></u>'


def to_csv(report: Report, baseline: Report | None = None) -> str:
    """One line an attribute and one for each mean; figures in percent, with all their decimals."""
    return as_csv(report, baseline)
