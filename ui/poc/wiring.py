"""Which event of the PoC tab calls which handler."""

from functools import partial
from typing import Any

import gradio as gr

from ui.poc.events import PocEvents
from ui.search_wiring import EVERY, QUIET


def connect_poc(events: PocEvents, kept: gr.BrowserState) -> None:
    """kept: what the visitor's browser keeps of assumptions and prices."""
    tab, current = events.tab, events.current
    quick: dict[str, Any] = {"concurrency_limit": None, **QUIET}
    told = [
        *[
            tab.catalog,
            tab.head,
            tab.make,
            tab.images,
            tab.gain_line,
            tab.gain,
            tab.gain_table,
            tab.which,
            tab.labels_line,
            tab.curve,
        ],
        *[tab.labels_table, tab.running, tab.decision, tab.bars_line, tab.bars, tab.bars_told, tab.files, tab.line],
    ]
    shown = [*told, tab.prices, tab.stated, tab.job, tab.tick, tab.job_id, tab.walk, tab.split, tab.seen]
    gr.on([tab.tab.select, current.change], events.show, [current, kept, tab.seen], shown, **quick)
    tab.make.click(events.make, [tab.split, current], [tab.job, tab.tick, tab.job_id], **QUIET)
    tab.job.input(events.cancel, [tab.job_id, current, kept, tab.seen], shown, **EVERY)
    tab.tick.tick(events.watch, [tab.job_id, current, kept, tab.seen], shown, **QUIET)
    tab.which.input(events.choose, [tab.which, current, kept], [tab.labels_line, tab.curve, tab.labels_table], **EVERY)
    for button, step in tab.going:
        button.click(partial(events.go, step), None, tab.walk, **quick)
    tab.head.input(events.step, None, tab.walk, **quick)
    tab.catalog.input(events.other, None, events.tabs, **QUIET)
    tab.bring.click(events.bring, None, events.tabs, **QUIET)
    changed = [kept, *told, tab.prices, tab.stated]
    for part in (tab.stated, tab.prices):
        part.input(events.state, [current, kept, tab.which], changed, **EVERY)
