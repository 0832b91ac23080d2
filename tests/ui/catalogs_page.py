"""The Catalogs tab with its handlers, without a browser."""

import asyncio
from dataclasses import dataclass
from typing import Any

import gradio as gr

from library import Library
from ui.catalogs import (
    CatalogsEvents,
    DetailEvents,
    HostEvents,
    JobEvents,
    build_catalogs_tab,
    build_detail,
    build_host,
)
from ui.metrics import CatalogShelves, MetricsEvents, build_metrics_tab


@dataclass(frozen=True)
class CatalogsPage:
    """All handlers of the tab, and those of Metrics."""

    catalogs: CatalogsEvents
    detail: DetailEvents
    jobs: JobEvents
    host: HostEvents
    metrics: MetricsEvents


def catalogs_page(library: Library) -> CatalogsPage:
    """Built inside an event loop: outside of one, gr.Blocks makes loops that nobody closes."""

    async def build() -> CatalogsPage:
        with gr.Blocks(analytics_enabled=False):
            tab, detail, host = build_catalogs_tab(str), build_detail(str), build_host(str)
            shelves = CatalogShelves(library)
            catalogs = CatalogsEvents(library, tab, gr.State(""), gr.Dropdown(), gr.Tabs())
            return CatalogsPage(
                catalogs,
                DetailEvents(library, detail, catalogs, shelves),
                JobEvents(library, catalogs, detail.report),
                HostEvents(library, host, catalogs),
                MetricsEvents(library, build_metrics_tab(str), shelves, tab.go, catalogs.tabs),
            )

    return asyncio.run(build())


def event(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def asking(lang: str = "en", **headers: str) -> gr.Request:
    return gr.Request(headers={"accept-language": lang, **headers}, query_params={})
