"""Which event of the Metrics tab calls which handler."""

from typing import Any

import gradio as gr

from ui.metrics.events import MetricsEvents
from ui.search_wiring import EVERY, QUIET


def connect_metrics(
    page: gr.Blocks, events: MetricsEvents, current: gr.State, report: gr.State, opened: gr.Tab
) -> None:
    """current: the id of the catalog that is searched. report: changes when a report is to be shown. opened: the tab."""
    tab = events.tab
    quick: dict[str, Any] = {"concurrency_limit": None, **QUIET}
    plots = [*tab.plots.values(), *tab.saves.values()]
    drawn = [
        tab.head,
        tab.body,
        tab.table,
        tab.one,
        tab.parts,
        tab.cases,
        tab.against,
        tab.compared,
        tab.source,
        *plots,
    ]
    measuring = [tab.job, tab.tick, tab.evaluate, tab.options]
    everything = [tab.reply, tab.looked, tab.line, tab.choose, *drawn, *measuring]
    gr.on([page.load, current.change], events.begin, [current, tab.looked], everything, **quick)
    opened.select(events.opened, [current, tab.looked], everything, **QUIET)
    tab.choose.input(None, None, None, js=_stale(True))
    chosen = tab.choose.input(events.choose, [tab.choose, current, tab.looked], everything, **quick)
    chosen.then(None, None, None, js=_stale(False))
    tab.upload.upload(events.open, [tab.upload, current, tab.looked], everything, **quick)
    report.change(lambda: gr.Tabs(selected="metrics"), None, events.tabs, **QUIET)
    report.change(events.show, [report, current, tab.looked], everything, **quick)
    choosing = [tab.attributes, tab.split, tab.share, tab.weights]
    for part in (tab.line, tab.job, tab.head, tab.table, tab.one, tab.parts, tab.cases):
        part.input(events.act, [tab.looked, current], [*everything, *choosing, events.go, events.tabs], **EVERY)
    tab.against.input(events.compare, [tab.against, tab.looked, current], everything, **EVERY)
    tab.evaluate.click(events.evaluate, [current, tab.looked], [tab.reply, tab.line, tab.options, *choosing], **QUIET)
    tab.split.input(events.of_split, [tab.split, current, tab.looked], [tab.line, tab.options, *choosing], **QUIET)
    tab.begin.click(events.measure, [*choosing, current, tab.looked], [tab.looked, tab.line, *measuring], **QUIET)
    tab.tick.tick(events.watch, [tab.looked, current], everything, **QUIET)
    tab.source.input(events.export, [tab.looked, current], [tab.line, tab.file], **EVERY).then(
        None,
        None,
        None,
        js="() => setTimeout(() => document.querySelector('#metrics-file').click(), 150)",
    )


def _stale(begins: bool) -> str:
    """What is shown is of another report than the list says, until that one has arrived."""
    return f"() => {{ document.querySelector('#metrics')?.classList.toggle('lapel-stale', {str(begins).lower()}); }}"
