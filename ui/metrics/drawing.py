"""The parts of the tab, drawn for the report that a visitor looks at."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from catalog import Catalog, CatalogError, Columns
from eval import Detail, EvalError, beside, by_column, confusion, differences, figures, relabelled, worst
from library import Library, Visitor, spelled
from ui import cards
from ui.label_choices import cannot_be_seen, last_given
from ui.metrics import attribute_cards, case_cards, compare_cards, sentence, source_cards, table_cards
from ui.metrics.cases import cases
from ui.metrics.report_texts import refusal
from ui.metrics.reports import Chosen, Reports
from ui.metrics.rows import Row
from ui.metrics.tab import Looked, MetricsTab
from ui.names import attribute_name, value_name
from ui.words import word

Updates = dict[Any, Any]
PAGE = 6
"""Queries that are shown at once."""
FEW_VALUES = 30
"""Values up to which a column is offered for slices."""
WHY = "report"
"""Why a label was given here: its item was in a report."""


class Drawing:
    """Gives updates for the components of the tab; what a report lacks is left out, and said where somebody would look."""

    def __init__(self, library: Library, tab: MetricsTab, reports: Reports) -> None:
        self.library = library
        self.tab = tab
        self.reports = reports
        self._columns: Columns | None = None
        self._changed: tuple[Detail | None, Catalog | None, int] = (None, None, 0)

    def all(self, chosen: Chosen, looked: Looked, visitor: Visitor, lang: str) -> Updates:
        """Everything; `looked` as it should be for this report is among the updates."""
        looked = self._fitting(chosen, looked)
        return {
            self.tab.line: "",
            self.tab.body: gr.Column(visible=True),
            **self.table(chosen, looked, lang),
            **self._plots_of_all(chosen, lang),
            **self.one(chosen, looked, lang),
            **self.cases(chosen, looked, visitor, lang),
            **self.compare(chosen, looked, visitor, lang),
            self.tab.source: self._source(chosen, lang),
            self.tab.looked: looked,
        }

    def _fitting(self, chosen: Chosen, looked: Looked) -> Looked:
        """What is looked at, with an attribute that the report has: the one that falls shortest where none is asked for."""
        names = list(chosen.report.attributes)
        if looked.attribute in names:
            return looked
        rows = chosen.measured.rows.counted
        weakest = min(rows, key=_gained).attribute if rows else names[0]
        return Looked(looked.report, looked.path, weakest, against=looked.against, job=looked.job)

    def table(self, chosen: Chosen, looked: Looked, lang: str) -> Updates:
        """The sentence and the table."""
        rows, notes = chosen.measured.rows, self._notes(chosen, lang)
        head = sentence.head(rows, chosen.report, lang, notes)
        mark = f'<div data-report="{looked.report if looked.report != ":opened" else ""}" data-attribute="{looked.attribute}">'
        return {
            self.tab.head: f"{mark}{head}</div>",
            self.tab.table: table_cards.table(rows, looked.attribute, lang),
        }

    def _notes(self, chosen: Chosen, lang: str) -> list[str]:
        """That labels have changed since, and how many where that is known."""
        if chosen.entry is None or chosen.catalog is None:
            return []
        if self._changed[0] is not chosen.measured.detail or self._changed[1] is not chosen.catalog:
            self._changed = chosen.measured.detail, chosen.catalog, changed_labels(chosen)
        changed = self._changed[2]
        return [word("labels_changed_count", lang, count=f"{changed:,}")] if changed else []

    def _plots_of_all(self, chosen: Chosen, lang: str) -> Updates:
        report, words, names = chosen.report, figure_words(lang), _names(chosen, lang)
        dots = [_dot(row, lang) for row in chosen.measured.rows.attributes if "p12" in row.figures]
        if len(report.attributes) == 1:  # a figure of one line says less than the table
            return {**self._plot("dots", None, "", lang), **self._plot("bars", None, "", lang)}
        title = word("dots_title", lang)
        out = self._plot("dots", figures.interval_dots(dots, words) if dots else None, title, lang)
        views = figures.view_dots(report, words, names) if report.has_branches or not dots else None
        return {**out, **self._plot("bars", views, word("bars_title", lang), lang)}

    def _plot(self, name: str, figure: Any, title: str, lang: str) -> Updates:
        if figure is None:
            return {self.tab.plots[name]: gr.Plot(visible=False), self.tab.saves[name]: ""}
        saves = source_cards.figure_head(name, title, lang)
        return {self.tab.plots[name]: gr.Plot(figure, visible=True), self.tab.saves[name]: saves}

    def one(self, chosen: Chosen, looked: Looked, lang: str) -> Updates:
        """The attribute that is chosen."""
        report, name = chosen.report, looked.attribute
        row, own = chosen.measured.rows.of(name), report.attributes[name]
        assert row is not None
        parts = [attribute_cards.values(own, name, looked.value if not looked.hit else "", lang)]
        detail = chosen.measured.detail
        if detail is not None and name in detail.attributes:
            cell = (looked.value, looked.hit)
            parts.insert(0, attribute_cards.confusions(confusion(detail, name), name, cell, lang))
            if chosen.catalog is not None:
                found = self._slices(chosen, detail, looked)
                parts.append(attribute_cards.slices(found, name, looked.slice, lang))
        words, title = figure_words(lang), attribute_name(name, lang)
        curve = figures.topk_curve(report, name, words)
        return {
            self.tab.one: attribute_cards.head(row, own, lang, alone=len(report.attributes) == 1),
            self.tab.parts: "".join(f'<section class="lapel-block">{part}</section>' for part in parts),
            **self._plot("curve", curve, word("curve_title", lang, name=title), lang),
            **self._sweep("beta", own, title, lang),
            **self._sweep("gamma", own, title, lang),
        }

    def _sweep(self, kind: str, own: Any, title: str, lang: str) -> Updates:
        points = own.sweeps.get(kind) if own.sweeps else None
        if not points:
            return self._plot(kind, None, "", lang)
        axis, used = word(f"sweep_{kind}", lang), _used(kind, own.mix)
        figure = figures.sweep_curves(points, used, axis, figure_words(lang))
        return self._plot(kind, figure, f"{word('sweep_title', lang, name=title)} · {axis}", lang)

    def _slices(self, chosen: Chosen, detail: Detail, looked: Looked) -> attribute_cards.Slices:
        assert chosen.catalog is not None
        if self._columns is None or self._columns.catalog is not chosen.catalog:
            self._columns = Columns(chosen.catalog)
        columns = sliceable(self._columns, looked.attribute)
        column = looked.column if looked.column in columns else (columns[0] if columns else "")
        try:
            table = by_column(chosen.report, detail, chosen.catalog, column, looked.attribute) if column else None
        except EvalError:  # no query has a value there
            table = None
        return attribute_cards.Slices(columns, column, table)

    def cases(self, chosen: Chosen, looked: Looked, visitor: Visitor, lang: str, undone: bool = False) -> Updates:
        """The queries, worst first, as far as they are narrowed down."""
        detail, name = chosen.measured.detail, looked.attribute
        if detail is None or name not in detail.attributes:
            return {self.tab.cases: cards.notice(word("no_detail", lang), "notice")}
        if chosen.pictures is None:
            return {self.tab.cases: cards.notice(word("no_pictures", lang), "notice")}
        places = self._places(chosen, detail, looked)
        some = cases(detail, name, places[: PAGE * (looked.more + 1)])
        listed = case_cards.Listed(name, some, len(places), _chips(looked, lang))
        flagged = self._flagged(chosen, looked, undone)
        return {self.tab.cases: case_cards.listed(listed, chosen.pictures, flagged, lang)}

    def _places(self, chosen: Chosen, detail: Detail, looked: Looked) -> list[int]:
        asked = detail.of(looked.attribute)
        value, hit = (one if one in asked.names else None for one in (looked.value, looked.hit))
        places = worst(detail, looked.attribute, value, hit)
        if looked.slice is None or chosen.catalog is None:
            return places
        of = column_values(chosen, looked.column)
        return [place for place in places if of.get(detail.ids[asked.queries[place]], "") == looked.slice]

    def _flagged(self, chosen: Chosen, looked: Looked, undone: bool) -> case_cards.Flagged | None:
        if not looked.item or chosen.entry is None or chosen.pictures is None or not chosen.pictures.may_change:
            return None
        ledger = self.library.ledger(chosen.entry.id)
        try:
            item = ledger.catalog.item(looked.item)
        except CatalogError:  # it has gone meanwhile
            return None
        name = spelled(ledger.catalog, looked.attribute)
        values = next((tuple(one.values) for one in ledger.catalog.attributes if one.name == name), ())
        saved = last_given(ledger, item, name, WHY)
        return case_cards.Flagged(looked.query, item, values, cannot_be_seen(ledger, item, name), saved, undone)

    def compare(self, chosen: Chosen, looked: Looked, visitor: Visitor, lang: str) -> Updates:
        """Other reports on the same queries, as differences to this one."""
        others = self.reports.others(chosen, visitor, lang)
        choices = [(title, key) for key, (title, _) in others.items()]
        picked = [key for key in looked.against if key in others]
        found, refused = {}, {}
        for key in picked:
            title, file = others[key]
            other = self.reports.measured(file, chosen, visitor).report
            try:
                found[title] = differences(chosen.report, other, compare_cards.FIGURE)
            except EvalError as error:
                refused[title] = refusal(str(error), lang)
        shown = compare_cards.Compared(chosen.title, found, refused)
        said = compare_cards.compared(shown, lang) if picked else f"<p>{word('compare_hint', lang)}</p>"
        if not choices:
            said = f"<p>{word('compare_none', lang)}</p>"
        kind = str(chosen.entry.wish.get("preset") or "") if chosen.entry is not None else ""
        said += compare_cards.published(beside(chosen.report, kind or None), chosen.report, lang)
        rows = {title: _difference_dots(each, lang) for title, each in found.items()}
        figure = figures.difference_dots(rows, figure_words(lang)) if rows else None
        return {
            self.tab.against: gr.Dropdown(choices, value=picked, multiselect=True, visible=bool(choices)),
            self.tab.compared: said,
            **self._plot("differences", figure, word("differences_title", lang), lang),
        }

    def _source(self, chosen: Chosen, lang: str) -> str:
        place = ""
        if chosen.catalog is not None and not self.library.settings.public:
            place = str(chosen.catalog.root)
        command = source_cards.command_of(chosen.report, place)
        return source_cards.takings(lang) + source_cards.source(chosen.report, chosen.made, command, lang)


def changed_labels(chosen: Chosen) -> int:
    """Labels of the catalog that are others than those that the report was measured by; 0 where that is not known."""
    detail = chosen.measured.detail
    if detail is None or chosen.catalog is None:
        return 0
    return sum(len(ids) for ids in relabelled(detail, chosen.catalog).values())


def figure_words(lang: str) -> dict[str, str]:
    return {key: word(f"figure_{key}", lang) for key in figures.WORDS}


def sliceable(columns: Columns, attribute: str) -> list[str]:
    """Columns of the catalog with a few values, other than the attribute itself."""
    catalog = columns.catalog
    names = [name for name in catalog.columns if name != attribute]
    return [name for name in names if 1 < len([value for value in columns.counts(name) if value]) <= FEW_VALUES]


def column_values(chosen: Chosen, column: str) -> dict[str, str]:
    """Item → what it has in a column, '' for nothing."""
    catalog = chosen.catalog
    if catalog is None:
        return {}
    if column == "split":
        return {item.id: item.split or "" for item in catalog.items}
    return {item.id: item.labels.get(column) or item.columns.get(column) or "" for item in catalog.items}


def _gained(row: Row) -> float:
    """What an attribute gains over the baseline, or how good it is where there is none."""
    figure = row.decides
    return figure.value if figure.baseline is None else figure.value - figure.baseline


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


def _names(chosen: Chosen, lang: str) -> dict[str, str]:
    return {name: attribute_name(name, lang) for name in chosen.report.attributes}


def _used(kind: str, mix: dict[str, float] | None) -> float | None:
    """The share in use that a sweep is about: β of region beside the patch, γ of the general view."""
    if not mix:
        return None
    if kind == "gamma":
        return mix.get("general", 0.0)
    shared = sum(mix.get(view, 0.0) for view in ("region", "crop", "whole"))
    return mix.get("region", 0.0) / shared if shared else None


def _chips(looked: Looked, lang: str) -> Sequence[tuple[str, str]]:
    chips = []
    if looked.value:
        chips.append((word("cases_of_value", lang, value=value_name(looked.value, lang)), "any-value"))
    if looked.hit:
        chips.append((word("cases_of_hit", lang, hit=value_name(looked.hit, lang)), "any-hit"))
    if looked.slice is not None:
        value = value_name(looked.slice, lang) if looked.slice else word("slice_blank", lang)
        chips.append(
            (word("cases_of_slice", lang, column=attribute_name(looked.column, lang), value=value), "any-slice")
        )
    return chips
