"""Which event of the detail and of the jobs calls which handler."""

from typing import Any

import gradio as gr

from ui.catalogs.detail_events import DetailEvents
from ui.catalogs.job_events import JobEvents
from ui.search_wiring import EVERY, QUIET


def connect_detail(events: DetailEvents, labelling: gr.HTML) -> None:
    """labelling: the head of labelling, which is heard from when it is left."""
    tab, items, catalogs = events.tab, events.items, events.catalogs
    shown, current = tab.shown, catalogs.current
    quick: dict[str, Any] = {"concurrency_limit": None, **QUIET}
    head = [tab.head, tab.about, tab.owner, tab.name]
    listed = [tab.items, tab.panel, tab.item, tab.picture, shown]
    jobs = [catalogs.tab.listed, catalogs.tab.jobs, catalogs.tab.tick, catalogs.choose]
    go = [catalogs.tab.go, catalogs.tabs]
    all_of_it = [tab.part, tab.line, tab.update, *head, *listed]
    catalogs.tab.go.change(None, None, None, js="() => { scrollTo(0, 0) }")
    catalogs.tab.listed.input(events.open, current, all_of_it, **quick)
    for part in (tab.head, tab.about, tab.update, tab.line):
        part.input(events.act, [shown, current], [*all_of_it, *go, tab.report, *jobs], **EVERY)
    labelling.input(events.again, [shown, current], all_of_it, **quick)
    catalogs.tab.tick.tick(events.watch, [shown, current], [tab.line, *head], **QUIET)
    gr.on([tab.rename.click, tab.name.submit], events.rename, [tab.name, shown, current], [tab.line, *head], **QUIET)
    tab.labels.upload(events.read_labels, [tab.labels, shown], [tab.line, tab.update, shown], **QUIET)
    for part in (tab.items, tab.item):
        part.input(events.item, [shown, current], [tab.line, *head, *listed, *go], **EVERY)
    tab.picture.upload(items.take_picture, [tab.picture, shown, current], [tab.line, *listed, *jobs], **QUIET)


def connect_jobs(events: JobEvents) -> None:
    tab, catalogs = events.tab, events.catalogs
    shown = [tab.line, tab.listed, tab.jobs, tab.tick, catalogs.choose]
    opened = [tab.logged, tab.log, tab.go, catalogs.tabs, events.report]
    tab.jobs.input(events.act, catalogs.current, [*shown, *opened], **EVERY)
    tab.log.input(events.shut_log, None, [tab.logged, tab.log], **QUIET)
    tab.tick.tick(events.follow_log, tab.logged, tab.log, **QUIET)
