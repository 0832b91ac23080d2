"""Where the figures of a report come from, down to the command that gives them. Everything from outside is escaped."""

import shlex
from collections.abc import Mapping
from html import escape

from eval import Report
from ui.metrics.asked import chosen
from ui.metrics.differing import comma
from ui.metrics.file_names import Saved
from ui.metrics.report_texts import method_name, title_of, warning
from ui.names import value_name
from ui.words import word

SHORT = 12
"""Letters of a digest that are shown; all of them are in the JSON."""


def source(report: Report, made: str, command: str, lang: str) -> str:
    """One click away: catalog, split, digest, queries, seed, weights, versions and command. made: when, '' where unknown."""
    facts = {
        "source_report": title_of(report, lang),
        "source_method": method_name(report.method, lang),
        "source_catalog": _catalog(report.catalog, lang),
        "source_split": comma(lang).join(value_name(name, lang) for name in report.catalog.get("splits") or []),
        "source_digest": str(report.catalog.get("digest", ""))[:SHORT],
        "source_queries": chosen(report, lang),
        "source_twins": str(report.protocol.get("twins_left_out", "")),
        "source_alike": ""
        if report.protocol.get("near_duplicates") is None
        else str(report.protocol["near_duplicates"]),
        "source_seed": "" if report.seed is None else str(report.seed),
        "source_weights": _weights(report.weights),
        "source_made": made,
        "source_versions": ", ".join(f"{name} {version}" for name, version in report.versions.items()),
    }
    rows = "".join(
        f"<div><dt>{escape(word(key, lang))}</dt><dd>{escape(text)}</dd></div>" for key, text in facts.items() if text
    )
    if command:
        rows += (
            f'<div class="wide"><dt>{escape(word("source_command", lang))}</dt>'
            f'<dd><code translate="no">{escape(command)}</code></dd></div>'
        )
    told = "".join(f"<li>{escape(warning(text, lang))}</li>" for text in report.warnings)
    notes = f'<h3>{escape(word("source_warnings", lang))}</h3><ul class="lapel-warnings">{told}</ul>' if told else ""
    return (
        f'<details class="lapel-source" data-key="source"><summary>{escape(word("source_title", lang))}</summary>'
        f"<dl>{rows}</dl>{notes}</details>"
    )


def _catalog(catalog: Mapping[str, object], lang: str) -> str:
    if "items" not in catalog:
        return str(catalog.get("name", ""))
    return word("report_items", lang, name=catalog.get("name", ""), count=f"{catalog['items']:,}")


def _weights(weights: Mapping[str, object]) -> str:
    parts = [str(weights.get("source") or ""), str(weights.get("digest") or "")[:SHORT]]
    return " ".join(part for part in parts if part)


def command_of(report: Report, place: str) -> str:
    """The command that measures the same; place: the catalog's folder or id, '' where it may not be told."""
    if not place:
        return ""
    protocol = report.protocol
    share, split = protocol.get("share", protocol.get("queries")), protocol.get("split") or "all"
    parts = ["python -m eval run", "--catalog", shlex.quote(place)]
    if isinstance(share, int | float):
        parts += ["--queries", f"{share:g}"]
    if protocol.get("leave_one_out_up_to"):
        parts += ["--alone", str(protocol["leave_one_out_up_to"])]
    if report.seed is not None:
        parts += ["--seed", str(report.seed)]
    return " ".join([*parts, "--split", shlex.quote(str(split))])


def figure_head(name: str, title: str, lang: str, file: Saved) -> str:
    """The title of a plot, and buttons that save it as a picture in the browser, with its title in it."""
    called, told = escape(file.name), f'data-title="{escape(title)}" data-of="{escape(file.of)}"'
    buttons = "".join(
        f'<button type="button" data-save="{kind}" data-plot="{name}" data-name="{called}" {told} data-key="{name}-{kind}" '
        f'aria-label="{escape(word("figure_save", lang, name=title, kind=kind.upper()))}">{kind.upper()}</button>'
        for kind in ("png", "svg")
    )
    return f'<div class="lapel-figure-head"><h3>{escape(title)}</h3><span class="acts">{buttons}</span></div>'


def takings(lang: str) -> str:
    """Buttons that make a file of everything."""
    buttons = "".join(
        f'<button type="button" data-act="export_{form}" data-key="export_{form}">{escape(word(f"act_export_{form}", lang))}</button>'
        for form in ("csv", "json", "page")
    )
    return (
        f'<section class="lapel-take"><h2>{escape(word("export_title", lang))}</h2>'
        f'<p>{escape(word("export_hint", lang))}</p><div class="acts">{buttons}</div></section>'
    )
