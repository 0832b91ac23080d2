"""The whole page: header, tabs, look and language."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder
from starlette.middleware import Middleware

from catalog import ImageLimits
from library import Library
from ui.api import ENDPOINTS, add_endpoints
from ui.bodies import LARGEST_BODY
from ui.catalogs import (
    CatalogsEvents,
    DetailEvents,
    HostEvents,
    JobEvents,
    build_catalogs_tab,
    build_detail,
    build_host,
    connect_catalogs,
    connect_detail,
    connect_jobs,
)
from ui.catalogs.labelling_events import LabellingEvents
from ui.catalogs.labelling_tab import build_labelling
from ui.catalogs.labelling_wiring import connect_labelling
from ui.compare import CompareEvents, build_compare_tab, connect_compare
from ui.designs import DesignsEvents, build_designs, connect_designs
from ui.doors import Doors
from ui.guard import guard
from ui.language import LanguageMiddleware
from ui.metrics import CatalogShelves, MetricsEvents, build_metrics_tab, connect_metrics
from ui.poc import PocEvents, build_poc_tab, connect_poc
from ui.programs import Programs
from ui.rest import rest_app
from ui.scripts import script
from ui.search_events import SearchEvents
from ui.search_tab import build_search_tab
from ui.search_wiring import connect_search
from ui.selection_events import SelectionEvents, connect_selection
from ui.theme import theme
from ui.tools import tools_in
from ui.usage import UsageEvents, connect_usage
from ui.veil import Veil
from ui.visitors import VisitorMiddleware
from ui.why_events import WhyNotEvents, connect_why_not
from ui.words import GRADIO, GRADIO_COUNTS, LANGUAGES, dictionary

STYLES = [
    Path(__file__).with_name(f"{name}.css")
    for name in (
        "style",
        "bar",
        "picture",
        "attribute_rows",
        "results",
        "why",
        "compare",
        "designs",
        "catalogs",
        "metrics",
        "poc",
        "touch",
    )
]
PREFIX = "lapel_"
SESSIONS = 500
"""Visitors whose page Gradio remembers, each in 0.15 MB; who comes back after so many others begins anew."""

PATIENCE = 300.0
"""Seconds that a program's question waits for its catalog to be opened."""

MARK = (
    '<svg class="mark" viewBox="0 0 40 40" aria-hidden="true"><path d="M20 37 4 11 13 3l7 12 7-12 9 8z"/>'
    '<path class="line" d="M20 37V15M13 3l-3 13 5 1-2 5M27 3l3 13-5 1 2 5"/></svg>'
)


def build_page(library: Library) -> gr.Blocks:
    """The app for a library, started or not; `launch_options` are for its `launch`."""
    with gr.Blocks(title="Lapel", analytics_enabled=False, fill_width=True, delete_cache=(3600, 86400)) as page:
        gr.HTML(f'<a class="skip" href="#results">{_say("skip")}</a>', elem_id="skip")
        with gr.Row(elem_id="top"):
            gr.HTML(_header(_say), js_on_load=_script(), elem_id="header")
            choose = gr.Dropdown([], label=_say("catalog"), show_label=False, container=False, elem_id="catalog")
        with gr.Row(elem_id="status", equal_height=True):
            banner = gr.HTML(elem_id="banner")
            stop = gr.Button(_say("stop"), visible=False, size="sm", scale=0, min_width=90, elem_id="stop")
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab(_say("tab_search"), id="search"):
                search = build_search_tab(_say)
            with gr.Tab(_say("tab_compare"), id="compare", elem_id="compare") as comparing:
                compare = build_compare_tab(_say)
                designs = build_designs(_say)
            with gr.Tab(_say("tab_metrics"), id="metrics", elem_id="metrics") as measured:
                metrics = build_metrics_tab(_say)
            with gr.Tab(_say("tab_catalogs"), id="catalogs", elem_id="catalogs"):
                catalogs = build_catalogs_tab(_say)
                detail, host = build_detail(_say), build_host(_say)
                labelling = build_labelling(_say)
            with gr.Tab(_say("tab_poc"), id="poc", elem_id="poc") as poc_tab:
                poc = build_poc_tab(poc_tab, _say)
        kept = gr.BrowserState({}, storage_key="lapel-poc", secret="lapel")
        add_endpoints(Programs(library, PATIENCE))  # first: events without a name of their own would take its name
        searching = SearchEvents(library, search, choose, banner, stop)
        connect_search(page, searching, catalogs.go)
        connect_why_not(WhyNotEvents(library, search.why_not), search.answer, search.results)
        connect_selection(page, SelectionEvents(library, search.selection), search.catalog, search.answer)
        shelves = CatalogShelves(library)
        listed = CatalogsEvents(library, catalogs, search.catalog, choose, tabs)
        connect_catalogs(page, listed)
        connect_detail(DetailEvents(library, detail, listed, shelves), labelling.head)
        label = LabellingEvents(library, labelling, catalogs.listed, search.ready, catalogs.go, tabs)
        connect_labelling(label, searching, detail.head)
        connect_jobs(JobEvents(library, listed, detail.report))
        HostEvents(library, host, listed).connect()
        measuring = MetricsEvents(library, metrics, shelves, catalogs.go, tabs)
        connect_metrics(page, measuring, search.catalog, detail.report, measured)
        connect_compare(CompareEvents(library, compare, tabs), search.catalog, search.query, comparing)
        connect_poc(PocEvents(library, poc, search.catalog, kept, tabs), kept)
        connect_designs(DesignsEvents(library, designs, search.catalog, catalogs.go, tabs), comparing)
        connect_usage(searching, UsageEvents(library))
    guard(page, ENDPOINTS)
    return page


def launch_options(page: gr.Blocks, library: Library) -> dict[str, Any]:
    """How the page is served: our look, our words, REST and MCP beside it, nothing sent anywhere."""
    lang = library.settings.lang
    return {
        "theme": theme(),
        "css_paths": STYLES,
        "i18n": gr.I18n(**{tag: {PREFIX + key: text for key, text in dictionary(tag).items()} for tag in LANGUAGES}),
        "app_kwargs": {
            "middleware": [
                Middleware(Doors, rest=rest_app(Programs(library)), largest=LARGEST_BODY),
                Middleware(Veil, folders={"/-/uploads": Path(get_upload_folder())}),
                Middleware(LanguageMiddleware, default=lang),
                Middleware(VisitorMiddleware),
            ],
            "lifespan": tools_in(page, Programs(library, PATIENCE)),
        },
        "state_session_capacity": SESSIONS,
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "max_file_size": ImageLimits().bytes,
        "mcp_server": True,
        "ssr_mode": False,
        "pwa": False,
        "share": False,
        "quiet": True,
    }


def _script() -> str:
    said = {"WORDS_OF_GRADIO": GRADIO, "COUNTS_OF_GRADIO": GRADIO_COUNTS}
    words = "".join(f"const {name} = {json.dumps(known, ensure_ascii=False)};\n" for name, known in said.items())
    return words + script("page") + script("tabs")


def _say(key: str) -> Any:
    """The text of a word, chosen in the browser."""
    return gr.i18n.I18nData(PREFIX + key)


def _header(say: Callable[[str], Any]) -> str:
    links = "".join(
        f'<a data-lang="{tag}" lang="{tag}" href="?lang={tag}">{name}</a>' for tag, name in LANGUAGES.items()
    )
    return (
        f'<div class="lapel-header">{MARK}<div class="title"><h1>Lapel</h1><p>{say("tagline")}</p></div>'
        f'<nav class="languages">{links}</nav></div>'
    )
