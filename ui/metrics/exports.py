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

from eval import confusion, figures, to_json
from ui.metrics import attribute_cards, sentence, source_cards, table_cards
from ui.metrics.drawing import figure_words
from ui.metrics.reports import Chosen
from ui.metrics.rows import Figure, Row
from ui.metrics.tab import Looked
from ui.names import attribute_name

FORMS = ("csv", "json", "page")
COLUMNS = (
    *("part", "attribute", "key", "hit", "figure", "percent", "low", "high", "chance", "ceiling"),
    *("ordinary", "gain", "gain_low", "gain_high", "verdict", "queries_needed", "queries", "candidates"),
)
STYLE = Path(__file__).parents[1] / "metrics.css"


def write(form: str, chosen: Chosen, looked: Looked, lang: str) -> Path:
    """A new file named after the report, which Gradio deletes in time."""
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w-]+", "-", chosen.title).strip("-")[:60] or "report"
    path = Path(tempfile.mkdtemp(dir=folder)) / f"{name}.{'html' if form == 'page' else form}"
    if form == "csv":
        path.write_text(as_csv(chosen), encoding="utf-8-sig")
    elif form == "json":
        path.write_text(json.dumps(as_json(chosen), indent=1, ensure_ascii=False), encoding="utf-8")
    else:
        path.write_text(as_page(chosen, lang), encoding="utf-8")
    return path


def as_csv(chosen: Chosen) -> str:
    """A line for each figure, in percent and points; part: attribute, overall, view, value, found, topk, or the share that a
    sweep is about."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(_lines(chosen))
    return out.getvalue()


def _lines(chosen: Chosen) -> Iterator[dict[str, Any]]:
    measured = chosen.measured
    for row in [measured.rows.whole, *measured.rows.attributes]:
        yield from (_line(row, name, figure) for name, figure in row.figures.items())
    for name, own in measured.report.attributes.items():
        base = {"attribute": name}
        for view, percent in own.map_by_view.items():
            yield {**base, "part": "view", "key": view, "figure": "map", "percent": percent}
        for value, figures_ in own.by_value.items():
            for figure in ("p12", "map"):
                if figure in figures_:
                    counts = {key: figures_.get(key) for key in ("queries", "candidates")}
                    ceiling = figures_.get("ceiling_p12") if figure == "p12" else None
                    more = {"percent": figures_[figure], "ceiling": ceiling, **counts}
                    yield {**base, "part": "value", "key": value, "figure": figure, **more}
        for view, curve in own.topk.items():
            for k, percent in curve.items():
                yield {**base, "part": "topk", "key": view, "figure": f"top{k}", "percent": percent}
        for which, points in own.sweeps.items():
            for share, *reached in points:
                for figure, percent in zip(("map", "p12"), reached, strict=False):
                    yield {**base, "part": which, "key": f"{share:g}", "figure": figure, "percent": percent}
        if measured.detail is not None and name in measured.detail.attributes:
            found = confusion(measured.detail, name).dropna(how="all")
            for value in found.index:
                for hit, percent in found.loc[value].items():
                    told: dict[str, Any] = {
                        "key": value,
                        "hit": hit,
                        "figure": "p12",
                        "percent": round(float(percent), 4),
                    }
                    yield {**base, "part": "found", **told}


def _line(row: Row, name: str, figure: Figure) -> dict[str, Any]:
    out: dict[str, Any] = {
        "part": "attribute" if row.attribute else "overall",
        "attribute": row.attribute,
        "figure": name,
        "percent": figure.value,
        "chance": figure.chance,
        "ceiling": figure.ceiling,
        "ordinary": figure.baseline,
        "queries": row.queries,
        "candidates": row.candidates,
    }
    if figure.interval is not None and figure.interval.known:
        out |= {"low": round(figure.interval.low, 4), "high": round(figure.interval.high, 4)}
    if figure.difference is not None:
        each = figure.difference
        out |= {"gain": round(each.points, 4), "verdict": each.verdict, "queries_needed": each.needed}
        if each.interval.known:
            out |= {"gain_low": round(each.interval.low, 4), "gain_high": round(each.interval.high, 4)}
    return out


def as_json(chosen: Chosen) -> dict[str, Any]:
    """The report as it is kept, that of ordinary similarity, and each figure of the page with its interval."""
    measured = chosen.measured
    return {
        "title": chosen.title,
        "report": to_json(measured.report),
        "ordinary": to_json(measured.baseline) if measured.baseline is not None else None,
        "shown": [{key: value for key, value in line.items() if value is not None} for line in _lines(chosen)],
    }


def as_page(chosen: Chosen, lang: str) -> str:
    """One file that opens anywhere: the sentence, the table, every figure, every attribute, and the source."""
    measured, words = chosen.measured, figure_words(lang)
    rows, report = measured.rows, measured.report
    parts = [sentence.head(rows, report, lang), table_cards.table(rows, "", lang)]
    names = {name: attribute_name(name, lang) for name in report.attributes}
    parts.append(_plot(figures.view_dots(report, words, names), True))
    for row in rows.attributes:
        own = report.attributes[row.attribute]
        parts.append(attribute_cards.head(row, own, lang))
        if measured.detail is not None and row.attribute in measured.detail.attributes:
            frame = confusion(measured.detail, row.attribute)
            parts.append(attribute_cards.confusions(frame, row.attribute, ("", ""), lang))
        parts.append(attribute_cards.values(own, row.attribute, "", lang))
        parts.append(_plot(figures.topk_curve(report, row.attribute, words), False))
    parts.append(source_cards.source(report, chosen.made, "", lang).replace("<details", "<details open", 1))
    body = re.sub(r"</?button[^>]*>", "", "".join(parts))
    title = escape(chosen.title)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{PAGE_STYLE}{STYLE.read_text("utf-8")}</style>'
        f'</head><body><main class="lapel-page"><h1>{title}</h1>{body}</main></body></html>'
    )


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
