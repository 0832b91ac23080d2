"""Which event of the detail and of the jobs calls which handler."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from ui.catalogs.detail_events import DetailEvents
from ui.catalogs.job_events import JobEvents
from ui.catalogs.wiring import LINE
from ui.reply import replying
from ui.search_wiring import EVERY, QUIET


def connect_detail(events: DetailEvents, labelling: gr.HTML) -> None:
    """labelling: the head of labelling, which is heard from when it is left."""
    tab, items, catalogs = events.tab, events.items, events.catalogs
    shown, current = tab.shown, catalogs.current
    quick: dict[str, Any] = {"concurrency_limit": None, **QUIET}
    answer = catalogs.tab.reply

    def told(handler: Callable[..., Any]) -> Callable[..., Any]:
        return replying(handler, answer, {tab.line: "#detail-line .lapel-line"})

    head = [tab.head, tab.about, tab.owner, tab.name]
    listed = [tab.items, tab.panel, tab.item, tab.picture, shown]
    jobs = [catalogs.tab.listed, catalogs.tab.jobs, catalogs.tab.tick, catalogs.choose]
    go = [catalogs.tab.go, catalogs.tabs]
    all_of_it = [answer, tab.part, tab.line, tab.update, *head, *listed]
    catalogs.tab.go.change(None, None, None, js="() => { scrollTo(0, 0) }")
    catalogs.tab.listed.input(told(events.open), current, all_of_it, **quick)
    for part in (tab.head, tab.about, tab.update, tab.line):
        part.input(told(events.act), [shown, current], [*all_of_it, *go, tab.report, *jobs], **EVERY)
    labelling.input(events.again, [shown, current], all_of_it, **quick)
    catalogs.tab.tick.tick(events.watch, [shown, current], [tab.line, *head], **QUIET)
    renamed = [answer, tab.line, *head]
    gr.on([tab.rename.click, tab.name.submit], told(events.rename), [tab.name, shown, current], renamed, **QUIET)
    tab.labels.upload(told(events.read_labels), [tab.labels, shown], [answer, tab.line, tab.update, shown], **QUIET)
    for part in (tab.items, tab.item):
        part.input(told(events.item), [shown, current], [answer, tab.line, *head, *listed, *go], **EVERY)
    pictured = [answer, tab.line, *listed, *jobs]
    tab.picture.upload(told(items.take_picture), [tab.picture, shown, current], pictured, **QUIET)


def connect_jobs(events: JobEvents) -> None:
    tab, catalogs = events.tab, events.catalogs
    shown = [tab.line, tab.listed, tab.jobs, tab.tick, catalogs.choose]
    opened = [tab.logged, tab.log, tab.go, catalogs.tabs, events.report]
    act = replying(events.act, tab.reply, {tab.line: LINE})
    tab.jobs.input(act, catalogs.current, [tab.reply, *shown, *opened], **EVERY)
    tab.log.input(events.shut_log, None, [tab.logged, tab.log], **QUIET)
    tab.tick.tick(events.follow_log, tab.logged, tab.log, **QUIET)
