"""HTML and CSV of the metrics tab."""

import re
from collections.abc import Sequence
from html import escape

from eval import AttributeReport, Report, as_csv
from ui.names import attribute_name, value_name
from ui.words import word

COLUMNS = ("map", "map_region", "map_patch", "chance_map", "top1", "top8", "queries", "candidates")
BRANCHES = ("map_region", "map_patch")
BASELINE = "map_baseline"
TITLES = {"chance_map": "chance"}
GLOBAL = "global similarity"
"""The method of the baseline, as reports name it."""


def facts(report: Report, lang: str) -> str:
    """What was measured, on what, with which split and seed; warnings of the report as lines below."""
    catalog = report.catalog
    parts = [_method(report.method, lang)] if report.method else []
    if "items" in catalog:
        parts.append(word("report_items", lang, name=catalog.get("name", ""), count=f"{catalog['items']:,}"))
    if catalog.get("splits"):
        names = [value_name(name, lang) for name in catalog["splits"]]
        parts.append(word("report_splits", lang, names=("、" if lang == "ja" else ", ").join(names)))
    if report.seed is not None:
        parts.append(word("report_seed", lang, seed=report.seed))
    told = "".join(f"<li>{escape(_warning(text, lang))}</li>" for text in report.warnings)
    warnings = f'<ul class="lapel-warnings">{told}</ul>' if told else ""
    spans = "".join(f"<span>{escape(part)}</span>" for part in parts)
    return f'<p class="lapel-facts"><b>{escape(report.title)}</b>{spans}</p>{warnings}'


def _method(name: str, lang: str) -> str:
    return word("global_similarity", lang) if name == GLOBAL else name


def _warning(text: str, lang: str) -> str:
    """A warning of a report. In Japanese, the one that `eval` writes itself; others are the catalog's own words."""
    found = re.fullmatch(r"images that cannot be read, and are left out: (\d+)", text)
    return word("report_unreadable", lang, count=found[1]) if found else text


def headline(report: Report, lang: str, baseline: Report | None = None) -> str:
    """The overall figures, saying of each which mean it is, with chance beside it, and the gain over a baseline."""
    overall, below = report.overall, baseline.overall if baseline else {}
    cards = [
        _card("MAP", overall["map"], word("mean_weighted", lang), overall.get("chance_map"), lang, below.get("map")),
        _card(
            "MAP",
            overall["map_plain"],
            word("mean_plain", lang),
            overall.get("chance_map_plain"),
            lang,
            below.get("map_plain"),
        ),
        _card("Top-1", overall.get("top1"), word("top1_means", lang), overall.get("chance_top1"), lang),
        _card("Top-8", overall.get("top8"), word("top8_means", lang), overall.get("chance_top8"), lang),
    ]
    heading = f'<h2 class="lapel-hidden">{escape(word("overall", lang))}</h2>'
    return f'{heading}<div class="lapel-figures">{"".join(cards)}</div>'


def _card(
    name: str, figure: float | None, meaning: str, chance: float | None, lang: str, below: float | None = None
) -> str:
    if figure is None:
        return ""
    gain = "" if below is None else f"<b>{escape(_gain(figure - below, lang))}</b>"
    beside = "" if chance is None else f'<span class="chance">{escape(word("chance", lang))} {chance:.1f}</span>'
    bar = f'<span class="bar"><i style="width:{_width(figure)}"></i>{_tick(chance)}</span>'
    return (
        f'<section><h3>{escape(name)}</h3><p class="figure">{figure:.1f}<small>%</small>{gain}</p>{bar}'
        f"<p><span>{escape(meaning)}</span>{beside}</p></section>"
    )


def _gain(points: float, lang: str) -> str:
    told = f"{abs(points):.1f}"
    if float(told) == 0:
        return word("gain_none", lang)
    return word("gain", lang, points=f"+{told}") if points > 0 else word("loss", lang, points=told)


def figures_table(report: Report, lang: str, baseline: Report | None = None) -> str:
    """MAP of each branch, chance, Top-1, Top-8 and counts for each attribute, both means at the foot; with a baseline,
    its MAP beside."""
    columns = [name for name in COLUMNS if name not in BRANCHES or report.overall.get(name) is not None]
    if baseline is not None:
        columns.insert(columns.index("chance_map"), BASELINE)
    keys = {**TITLES, "map": "map_fused"} if report.has_branches else TITLES
    titles = "".join(f'<th scope="col">{escape(word(keys.get(name, name), lang))}</th>' for name in columns)
    head = f'<thead><tr><th scope="col">{escape(word("attribute", lang))}</th>{titles}</tr></thead>'
    below = baseline.attributes if baseline else {}
    body = "".join(
        _row(attribute_name(name, lang), columns, _of(figures) | {BASELINE: below[name].map if name in below else None})
        for name, figures in report.attributes.items()
    )
    means = [(word("all_attributes", lang), ""), (word("all_plain", lang), "_plain")]
    foot = "".join(
        _row(
            label,
            columns,
            {name: report.overall.get(f"{name}{suffix}") for name in COLUMNS}
            | {BASELINE: baseline.overall.get(f"map{suffix}") if baseline else None},
        )
        for label, suffix in means
    )
    heading = f"<h2>{escape(word('per_attribute', lang))}</h2><p>{escape(word('percent', lang))}</p>"
    return (
        f'<header class="lapel-ranked">{heading}</header><div class="lapel-scroll" tabindex="0">'
        f'<table class="lapel-table">{head}<tbody>{body}</tbody><tfoot>{foot}</tfoot></table></div>'
    )


def _of(figures: AttributeReport) -> dict[str, float | None]:
    return {name: getattr(figures, name) for name in COLUMNS}


def _row(name: str, columns: Sequence[str], figures: dict[str, float | None]) -> str:
    cells = "".join(_cell(column, figures.get(column), figures) for column in columns)
    return f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'


def _cell(column: str, figure: float | None, figures: dict[str, float | None]) -> str:
    if figure is None:
        return "<td>–</td>" if column not in ("queries", "candidates") else "<td></td>"
    if column in ("queries", "candidates"):
        return f"<td>{figure:,.0f}</td>"
    if column != "map":
        return f"<td>{figure:.1f}</td>"
    bar = f'<span class="bar"><i style="width:{_width(figure)}"></i>{_tick(figures.get("chance_map"))}</span>'
    return f'<td class="main"><b>{figure:.1f}</b>{bar}</td>'


def _width(figure: float) -> str:
    return f"{min(max(figure, 0), 100):.1f}%"


def _tick(chance: float | None) -> str:
    """The mark of chance on a bar."""
    return "" if chance is None else f'<u style="left:{_width(chance)}"></u>'


def to_csv(report: Report) -> str:
    """One line an attribute and one for each mean; figures in percent, with all their decimals."""
    return as_csv(report, COLUMNS)
