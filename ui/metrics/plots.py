"""The plots of the tab, as it and the page that is taken along show them."""

from collections.abc import Mapping
from typing import Any

from eval import AttributeReport, Differences, Report, figures
from ui.metrics.attribute_cards import used_share
from ui.metrics.reports import Chosen
from ui.metrics.rows import Row
from ui.names import attribute_name
from ui.words import word


def dots_figure(chosen: Chosen, lang: str) -> Any:
    """P@12 of each attribute; None where the report has none."""
    dots = [_dot(row, lang) for row in chosen.measured.rows.attributes if "p12" in row.figures]
    return figures.interval_dots(dots, figure_words(lang)) if dots else None


def difference_figure(found: Mapping[str, Differences], lang: str) -> Any:
    """Differences of other reports to the one shown."""
    rows = {title: _difference_dots(each, lang) for title, each in found.items()}
    return figures.difference_dots(rows, figure_words(lang))


def figure_words(lang: str) -> dict[str, str]:
    return {key: word(f"figure_{key}", lang) for key in figures.WORDS}


def _dot(row: Row, lang: str) -> figures.Dot:
    figure = row.figures["p12"]
    known = figure.interval is not None and figure.interval.known
    low, high = (figure.interval.low, figure.interval.high) if figure.interval is not None and known else (None, None)
    name = attribute_name(row.attribute, lang)
    return figures.Dot(name, figure.value, low, high, figure.baseline, figure.chance, figure.ceiling)


def _difference_dots(each: Any, lang: str) -> list[figures.Dot]:
    dots = []
    for name, one in each.attributes.items():
        known = one.interval.known
        low, high = (one.interval.low, one.interval.high) if known else (None, None)
        dots.append(figures.Dot(attribute_name(name, lang), one.points, low, high))
    return dots


def view_figure(chosen: Chosen, lang: str) -> Any:
    """MAP of each attribute and view."""
    names = {name: attribute_name(name, lang) for name in chosen.report.attributes}
    return figures.view_dots(chosen.report, figure_words(lang), names)


def curve_figure(report: Report, attribute: str, lang: str) -> Any:
    """Top-k over k."""
    return figures.topk_curve(report, attribute, figure_words(lang))


def sweep_figure(kind: str, own: AttributeReport, lang: str) -> Any:
    """MAP and P@12 over β or γ."""
    return figures.sweep_curves(
        own.sweeps[kind], used_share(kind, own.mix), word(f"sweep_{kind}", lang), figure_words(lang)
    )
