"""A drawn catalog that was measured, and the Metrics tab with its handlers, without a browser."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
import pytest

from eval import save_report
from library import Library
from library.measuring import measure
from tests.ui.catalogs_page import event
from tests.ui.conftest import draw_distinct, library_on, ready
from ui.metrics import CatalogShelves, Looked, MetricsEvents, build_metrics_tab

STEM = "20261126-070000"


def metrics_page(library: Library) -> MetricsEvents:
    """Built inside an event loop: outside of one, gr.Blocks makes loops that nobody closes."""

    async def build() -> MetricsEvents:
        with gr.Blocks(analytics_enabled=False):
            tab = build_metrics_tab(str)
            return MetricsEvents(library, tab, CatalogShelves(library), gr.State(), gr.Tabs())

    return asyncio.run(build())


def measured(library: Library, stem: str = STEM, **how: Any) -> str:
    """Measure the first catalog as a job does; gives the name of the report."""
    opened = library.opened("")
    report, baseline = measure(opened, library.ledger(opened.id).given, **how)
    folder = library.reports(opened.id)
    save_report(report, folder / f"{stem}.json")
    save_report(baseline, folder / f"{stem}-global.json")
    return f"{stem}.json"


@dataclass
class Visit:
    """What a visitor has before him, and what he does."""

    events: MetricsEvents
    lang: str = "en"
    query: dict[str, str] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    current: str = ""

    @property
    def request(self) -> gr.Request:
        return gr.Request(headers={"accept-language": self.lang}, query_params=self.query)

    @property
    def looked(self) -> Looked:
        return self.seen.get("looked", Looked())

    def take(self, updates: dict[Any, Any]) -> "Visit":
        names = {id(part): name for name, part in vars(self.events.tab).items()}
        names |= {id(self.events.go): "go", id(self.events.tabs): "tabs"}
        names |= {id(part): f"plot_{name}" for name, part in self.events.tab.plots.items()}
        names |= {id(part): f"save_{name}" for name, part in self.events.tab.saves.items()}
        for part, update in updates.items():
            self.seen[names[id(part)]] = update
        return self

    def begin(self) -> "Visit":
        self.current = self.events.library.default
        return self.take(self.events.begin(self.current, self.looked, self.request))

    def act(self, act: str, **data: Any) -> "Visit":
        return self.take(self.events.act(event(act=act, **data), self.looked, self.current, self.request))

    def choose(self, name: str) -> "Visit":
        return self.take(self.events.choose(name, self.current, self.looked, self.request))

    def __getitem__(self, name: str) -> Any:
        return self.seen[name]


@pytest.fixture(scope="module")
def metrics_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """36 drawn items, measured once."""
    folder = tmp_path_factory.mktemp("metrics")
    library = ready(library_on(draw_distinct(folder / "catalog", 36), folder / "home"))
    measured(library)
    yield library
    library.close()


@pytest.fixture(scope="module")
def events(metrics_library: Library) -> MetricsEvents:
    return metrics_page(metrics_library)


@pytest.fixture
def visit(events: MetricsEvents) -> Visit:
    return Visit(events).begin()
