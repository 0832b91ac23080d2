"""The parts of the tab, drawn for the report that a visitor looks at."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from catalog import Catalog, CatalogError
from eval import (
    Beside,
    Detail,
    Differences,
    EvalError,
    beside,
    confusion,
    differences,
    load_foreground,
    relabelled,
    worst,
)
from library import Library, Visitor, spelled
from ui import cards
from ui.label_choices import cannot_be_seen, last_given
from ui.metrics import (
    attribute_cards,
    case_cards,
    compare_cards,
    foreground_cards,
    plots,
    sentence,
    source_cards,
    table_cards,
    value_cards,
)
from ui.metrics.cases import cases
from ui.metrics.export_lines import Shown
from ui.metrics.file_names import Saved, saved
from ui.metrics.report_texts import refusal
from ui.metrics.reports import Chosen, Reports
from ui.metrics.rows import Row
from ui.metrics.slicing import Slicing
from ui.metrics.tab import Looked, MetricsTab
from ui.names import attribute_name, value_name
from ui.words import word

Updates = dict[Any, Any]
PAGE = 6
"""Queries that are shown at once."""
WHY = "report"
"""Why a label was given here: its item was in a report."""


class Drawing:
    """Gives updates for the components of the tab; what a report lacks is left out, and said where somebody would look."""

    def __init__(self, library: Library, tab: MetricsTab, reports: Reports) -> None:
        self.library = library
        self.tab = tab
        self.reports = reports
        self.slicing = Slicing()
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
        if len(chosen.report.attributes) == 1:  # a figure of one line says less than the table
            return {**self._plot("dots"), **self._plot("bars")}
        dots, title = plots.dots_figure(chosen, lang), word("dots_title", lang)
        views = plots.view_figure(chosen, lang) if chosen.report.has_branches or dots is None else None
        out = self._plot("dots", dots, title, lang, saved(chosen, "P12"))
        return {**out, **self._plot("bars", views, word("bars_title", lang), lang, saved(chosen, "MAP"))}

    def _plot(
        self,
        name: str,
        figure: Any = None,
        title: str = "",
        lang: str = "en",
        file: Saved | None = None,
        note: str = "",
    ) -> Updates:
        """file: a picture of it; note: what is to be known of it."""
        if figure is None or file is None:
            return {self.tab.plots[name]: gr.Plot(visible=False), self.tab.saves[name]: ""}
        saves = source_cards.figure_head(name, title, lang, file)
        if note:
            saves += f'<p class="lapel-figure-note">{escape(note)}</p>'
        return {self.tab.plots[name]: gr.Plot(figure, visible=True), self.tab.saves[name]: saves}

    def one(self, chosen: Chosen, looked: Looked, lang: str) -> Updates:
        """The attribute that is chosen."""
        report, name = chosen.report, looked.attribute
        row, own = chosen.measured.rows.of(name), report.attributes[name]
        assert row is not None
        title = attribute_name(name, lang)
        curve, file = plots.curve_figure(report, name, lang), saved(chosen, title, "top-k")
        return {
            self.tab.one: attribute_cards.head(row, own, lang, alone=len(report.attributes) == 1),
            self.tab.parts: self.parts(chosen, looked, lang),
            **self._plot("curve", curve, word("curve_title", lang, name=title), lang, file),
            **self._sweep("beta", chosen, name, lang),
            **self._sweep("gamma", chosen, name, lang),
        }

    def parts(self, chosen: Chosen, looked: Looked, lang: str) -> str:
        """What is found for what, value by value, by a column, and where the weights look."""
        own, name = chosen.report.attributes[looked.attribute], looked.attribute
        ranges = self.slicing.of(chosen, name).values
        parts = [value_cards.values(own, name, looked.value if not looked.hit else "", lang, ranges)]
        detail = chosen.measured.detail
        if detail is not None and name in detail.attributes:
            cell, file = (looked.value, looked.hit), saved(chosen, attribute_name(name, lang), "confusion")
            parts.insert(0, attribute_cards.confusions(confusion(detail, name), name, cell, lang, file))
            if chosen.catalog is not None:
                found = self.slicing.of(chosen, name).slices(looked.column)
                parts.append(value_cards.slices(found, name, looked.slice, lang))
        parts.append(self.foreground(chosen, name, lang))
        blocks = "".join(f'<section class="lapel-block">{part}</section>' for part in parts if part)
        return f'<div class="lapel-parts">{blocks}</div>'

    def foreground(self, chosen: Chosen, attribute: str, lang: str) -> str:
        """What was measured of the attention of the report's weights, where that was."""
        digest = str(chosen.report.weights.get("digest") or "")
        found = load_foreground(self.library.settings.reports / "foreground", digest).get(attribute)
        return "" if found is None else foreground_cards.foreground(found, attribute, digest, lang)

    def _sweep(self, kind: str, chosen: Chosen, attribute: str, lang: str) -> Updates:
        own, name = chosen.report.attributes[attribute], attribute_name(attribute, lang)
        points = own.sweeps.get(kind) if own.sweeps else None
        if not points:
            return self._plot(kind)
        figure, axis = plots.sweep_figure(kind, own, lang), word(f"sweep_{kind}", lang)
        title, file = f"{word('sweep_title', lang, name=name)} · {axis}", saved(chosen, name, kind)
        return self._plot(kind, figure, title, lang, file, attribute_cards.sweep_note(kind, own.mix, lang))

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
        grouped = self.slicing.of(chosen, looked.attribute)
        there = grouped.places(grouped.slices(looked.column).column, looked.slice)
        return [place for place in places if place in there]

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
        found, refused = self._differences(chosen, {key: others[key] for key in picked}, visitor, lang)
        shown = compare_cards.Compared(chosen.title, found, refused)
        said = compare_cards.compared(shown, lang) if picked else f"<p>{word('compare_hint', lang)}</p>"
        if not choices:
            said = f"<p>{word('compare_none', lang)}</p>"
        said += compare_cards.apart(self.reports.apart(chosen), lang)
        said += compare_cards.published(_published(chosen), chosen.report, lang)
        figure = plots.difference_figure(found, lang) if found else None
        return {
            self.tab.against: gr.Dropdown(choices, value=picked, multiselect=True, visible=bool(choices)),
            self.tab.compared: said,
            **self._plot("differences", figure, word("differences_title", lang), lang, saved(chosen, "compared")),
        }

    def _differences(
        self, chosen: Chosen, others: Mapping[str, tuple[str, Path]], visitor: Visitor, lang: str
    ) -> tuple[dict[str, Differences], dict[str, str]]:
        """Title → differences of that report to the one chosen, and why others cannot be compared."""
        found, refused = {}, {}
        for title, file in others.values():
            other = self.reports.measured(file, chosen, visitor).report
            try:
                found[title] = differences(chosen.report, other, compare_cards.FIGURE)
            except EvalError as error:
                refused[title] = refusal(str(error), lang)
        return found, refused

    def shown(self, chosen: Chosen, looked: Looked, visitor: Visitor, lang: str) -> Shown:
        """Everything that can be taken along, of all attributes."""
        others, names = self.reports.others(chosen, visitor, lang), list(chosen.report.attributes)
        picked = {key: others[key] for key in looked.against if key in others}
        values, slices = {}, {}
        for name in names:
            grouped = self.slicing.of(chosen, name)
            if grouped.values is not None:
                values[name] = grouped.values
            if (table := grouped.slices(looked.column).figures) is not None:
                slices[name] = table
        digest = str(chosen.report.weights.get("digest") or "")
        foreground = load_foreground(self.library.settings.reports / "foreground", digest)
        found, _ = self._differences(chosen, picked, visitor, lang)
        changed = changed_labels(chosen) if chosen.entry is not None else 0
        return Shown(chosen, values, slices, foreground, found, tuple(_published(chosen)), changed)

    def _source(self, chosen: Chosen, lang: str) -> str:
        place = ""
        if chosen.catalog is not None and not self.library.settings.public:
            place = str(chosen.catalog.root)
        command = source_cards.command_of(chosen.report, place)
        return source_cards.takings(lang) + source_cards.source(chosen.report, chosen.made, command, lang)


def _published(chosen: Chosen) -> list[Beside]:
    kind = str(chosen.entry.wish.get("preset") or "") if chosen.entry is not None else ""
    return beside(chosen.report, kind or None)


def changed_labels(chosen: Chosen) -> int:
    """Labels of the catalog that are others than those that the report was measured by; 0 where that is not known."""
    detail = chosen.measured.detail
    if detail is None or chosen.catalog is None:
        return 0
    return sum(len(ids) for ids in relabelled(detail, chosen.catalog).values())


def _gained(row: Row) -> float:
    """What an attribute gains over the baseline, or how good it is where there is none."""
    figure = row.decides
    return figure.value if figure.baseline is None else figure.value - figure.baseline


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
