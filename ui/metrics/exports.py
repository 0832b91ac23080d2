"""Everything that is shown, as a file to take along: CSV, JSON, or one page of HTML."""

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

from eval import confusion, to_json
from ui.metrics import (
    attribute_cards,
    compare_cards,
    foreground_cards,
    plots,
    sentence,
    source_cards,
    table_cards,
    value_cards,
)
from ui.metrics.export_lines import COLUMNS, Shown, lines
from ui.metrics.file_names import file_name
from ui.metrics.tab import Looked
from ui.names import attribute_name
from ui.words import word

FORMS = ("csv", "json", "page")
STYLE = Path(__file__).parents[1] / "metrics.css"


def write(form: str, shown: Shown, looked: Looked, lang: str) -> Path:
    """A new file named after the catalog and the date, which Gradio deletes in time."""
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(dir=folder)) / f"{file_name(shown.chosen)}.{'html' if form == 'page' else form}"
    if form == "csv":
        path.write_text(as_csv(shown), encoding="utf-8-sig")
    elif form == "json":
        path.write_text(json.dumps(as_json(shown), indent=1, ensure_ascii=False), encoding="utf-8")
    else:
        path.write_text(as_page(shown, lang), encoding="utf-8")
    return path


def as_csv(shown: Shown) -> str:
    """A line for each figure, as `export_lines.lines` names them."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(lines(shown))
    return out.getvalue()


def as_json(shown: Shown) -> dict[str, Any]:
    """The report as it is kept, that of ordinary similarity, and each figure of the page with its interval."""
    measured = shown.chosen.measured
    return {
        "title": shown.chosen.title,
        "labels_changed_since": shown.changed,
        "report": to_json(measured.report),
        "ordinary": to_json(measured.baseline) if measured.baseline is not None else None,
        "shown": [{key: _plain(value) for key, value in line.items() if value is not None} for line in lines(shown)],
    }


def _plain(value: Any) -> Any:
    """A number of numpy's as one of Python's."""
    return value.item() if hasattr(value, "item") else value


def as_page(shown: Shown, lang: str) -> str:
    """One file that opens anywhere: the sentence, the table, every figure, every attribute, and the source."""
    chosen = shown.chosen
    notes = [word("labels_changed_count", lang, count=f"{shown.changed:,}")] if shown.changed else []
    parts = [sentence.head(chosen.measured.rows, chosen.report, lang, notes)]
    parts.append(table_cards.table(chosen.measured.rows, "", lang))
    drawn = _Plots()
    for key, figure in (
        ("dots_title", plots.dots_figure(chosen, lang)),
        ("bars_title", plots.view_figure(chosen, lang)),
    ):
        parts += drawn.titled(word(key, lang), figure)
    for row in chosen.measured.rows.attributes:
        parts += _attribute(shown, row.attribute, drawn, lang)
    parts += _compared(shown, drawn, lang)
    source = source_cards.source(chosen.report, chosen.made, "", lang)
    parts.append(source.replace("<details", "<details open", 1))
    body = _still("".join(parts))
    title = escape(chosen.title)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{PAGE_STYLE}{STYLE.read_text("utf-8")}</style>'
        f'</head><body><main class="lapel-page"><h1>{title}</h1>{body}</main></body></html>'
    )


def _attribute(shown: Shown, name: str, drawn: "_Plots", lang: str) -> Iterator[str]:
    """Everything of one attribute."""
    chosen, measured = shown.chosen, shown.chosen.measured
    row, own = measured.rows.of(name), measured.report.attributes[name]
    assert row is not None
    yield attribute_cards.head(row, own, lang)
    if measured.detail is not None and name in measured.detail.attributes:
        yield attribute_cards.confusions(confusion(measured.detail, name), name, ("", ""), lang)
    yield value_cards.values(own, name, "", lang, shown.values.get(name))
    if name in shown.slices:
        frame = shown.slices[name]
        column = attribute_name(str(frame.index.name), lang)
        yield f"<h3>{escape(word('slices_title', lang, name=attribute_name(name, lang)))} · {escape(column)}</h3>"
        yield value_cards.slice_table(frame, None, lang)
    if name in shown.foreground:
        digest = str(chosen.report.weights.get("digest") or "")
        yield foreground_cards.foreground(shown.foreground[name], name, digest, lang)
    title = attribute_name(name, lang)
    yield from drawn.titled(word("curve_title", lang, name=title), plots.curve_figure(chosen.report, name, lang))
    for kind in own.sweeps:
        axis, figure = word(f"sweep_{kind}", lang), plots.sweep_figure(kind, own, lang)
        note = attribute_cards.sweep_note(kind, own.mix, lang)
        yield from drawn.titled(f"{word('sweep_title', lang, name=title)} · {axis}", figure, note)


def _compared(shown: Shown, drawn: "_Plots", lang: str) -> Iterator[str]:
    """Other reports and papers, as far as they were compared with."""
    if not shown.compared and not shown.published:
        return
    compared = compare_cards.compared(compare_cards.Compared(shown.chosen.title, shown.compared, {}), lang)
    yield f'<section id="compared"><h2>{escape(word("compare_title", lang))}</h2>{compared}'
    yield f"{compare_cards.published(shown.published, shown.chosen.report, lang)}</section>"
    if shown.compared:
        yield from drawn.titled("", plots.difference_figure(shown.compared, lang))


def _still(html: str) -> str:
    """Without what only the tab can do."""
    html = re.sub(r'<span class="acts">.*?</span>', "", html, flags=re.S)
    html = re.sub(r"<button[^>]*data-save=.*?</button>", "", html, flags=re.S)
    html = re.sub(r'<button[^>]*class="(cell[^"]*)"[^>]*style="([^"]*)"[^>]*>', r'<b class="\1" style="\2">', html)
    html = re.sub(r'(<b class="cell[^>]*>[^<]*)</button>', r"\1</b>", html)
    return re.sub(r"</?button[^>]*>", "", html)


class _Plots:
    """Plots of one page, which shares the script that draws them."""

    def __init__(self) -> None:
        self.first = True

    def titled(self, title: str, figure: Any, note: str = "") -> Iterator[str]:
        """Nothing where there is no figure."""
        if figure is None:
            return
        head = f"<h3>{escape(title)}</h3>" if title else ""
        said = f'<p class="lapel-figure-note">{escape(note)}</p>' if note else ""
        yield f'<section class="plot">{head}{said}{_plot(figure, self.first)}</section>'
        self.first = False


def _plot(figure: Any, first: bool) -> str:
    options = {"displaylogo": False, "responsive": True}
    return str(figure.to_html(full_html=False, include_plotlyjs="inline" if first else False, config=options))


PAGE_STYLE = """
:root { color-scheme: light dark; --body-text-color: light-dark(#292725, #f3f1ed);
  --body-text-color-subdued: light-dark(#6b645b, #a49d92); --body-background-fill: light-dark(#faf9f7, #131212);
  --background-fill-primary: light-dark(#fff, #1c1b1a); --border-color-primary: light-dark(#e6e2db, #292725);
  --neutral-200: light-dark(#e6e2db, #413d38); --neutral-800: #292725; --primary-400: #7489b8; --primary-500: #52699d;
  --primary-600: light-dark(#3e5284, #a2b1d2); --primary-700: #33436c; --link-text-color: light-dark(#3e5284, #a2b1d2);
  --chalk: light-dark(#c2603c, #e58a63); --chalk-text: light-dark(#9c4526, #e9a080); --good: light-dark(#1f6446, #7fcaa6);
  --good-soft: light-dark(#e3f1ea, #1d3329); }
body { margin: 0; font: 15px/1.5 system-ui, "Hiragino Sans", "Noto Sans JP", sans-serif; color: var(--body-text-color);
  background: var(--body-background-fill); }
.lapel-page { max-width: 1100px; margin: 0 auto; padding: 24px 16px 60px; }
.lapel-hidden { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
.lapel-scroll { overflow-x: auto; }
"""
