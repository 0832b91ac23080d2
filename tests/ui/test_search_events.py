"""Handlers of the search tab, without a browser."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from catalog import Catalog
from tests.ui.conftest import COLORS, draw_garment
from ui.search_events import SearchEvents, weigh
from ui.search_tab import SearchTab, build_search_tab
from ui.searching import MOST_TERMS, Choice
from ui.service import Service, Settings

NO_WEIGHTS: dict[str, float] = {}


def request(lang: str = "en") -> gr.Request:
    return gr.Request(headers={"accept-language": lang}, query_params={})


def handlers(service: Service) -> SearchEvents:
    """Built inside an event loop: outside of one, gr.Blocks makes loops that nobody closes."""

    async def build() -> SearchEvents:
        with gr.Blocks(analytics_enabled=False):
            tab: SearchTab = build_search_tab(lambda key: key)
            return SearchEvents(service, tab, gr.HTML(), gr.Button())

    return asyncio.run(build())


@pytest.fixture(scope="module")
def events(service: Service) -> SearchEvents:
    return handlers(service)


def search(events: SearchEvents, choice: Choice, names: list[str], **changes: Any) -> list[dict[Any, Any]]:
    asked = {"more": [], "weighed": NO_WEIGHTS, "trained": True, "beta": 0.3, "k": 5, "filters": [], **changes}
    lang = asked.pop("lang", "en")
    return list(events.search(choice, names, request=request(lang), **asked))


def all_of(updates: AsyncIterator[dict[Any, Any]]) -> list[dict[Any, Any]]:
    async def collect() -> list[dict[Any, Any]]:
        return [update async for update in updates]

    return asyncio.run(collect())


def test_the_first_view_holds_a_query(events: SearchEvents) -> None:
    filled = all_of(events.begin(request("ja")))[-1]
    assert filled[events.tab.choice] == Choice(item="g0")
    assert filled[events.tab.attributes].value == ["color"]
    assert [choice[0] for choice in filled[events.tab.attributes].choices] == ["色", "柄"]
    assert Path(filled[events.tab.image]).exists()
    assert 'aria-pressed="true"' in filled[events.tab.picker]
    assert ("色: red".replace("red", "赤"), '["color", "red"]') in filled[events.tab.filters].choices


def test_results_name_rank_value_and_agreement(events: SearchEvents) -> None:
    (found,) = search(events, Choice(item="g0"), ["color"])
    html = found[events.tab.results]
    assert html.count('class="hit"') == 5
    assert "Ranked by color" in html and "Query: red" in html
    same = html.count('class="value same"')
    assert f"{same} of 5 labelled results" in html or f"{same} of 4 labelled results" in html
    assert len(found[events.tab.answer].hits) == 5
    assert found[events.tab.line] == ""


def test_zero_weight_takes_an_attribute_out(events: SearchEvents) -> None:
    (both,) = search(events, Choice(item="g0"), ["color", "pattern"], weighed={"pattern": 0.0})
    (alone,) = search(events, Choice(item="g0"), ["color"])
    assert [hit.id for hit in both[events.tab.answer].hits] == [hit.id for hit in alone[events.tab.answer].hits]
    assert [value for _, value in both[events.tab.which].choices] == ["color"]


def test_explanation_shows_both_sides(events: SearchEvents) -> None:
    (found,) = search(events, Choice(item="g0"), ["color", "pattern"])
    shown = events.explain(found[events.tab.answer], 1, "pattern", request())
    html = shown[events.tab.explanation]
    assert html.count("<img") == 4
    assert "pattern: stripe" in html and "Result 2" in html
    assert html.count("<li") == 3


@pytest.mark.parametrize(
    ("choice", "names", "changes", "said"),
    [
        (Choice(), ["color"], {}, "Add a picture"),
        (Choice(item="g0"), [], {}, "at least one attribute"),
        (Choice(item="g0"), [], {"lang": "ja"}, "属性を 1 つ以上"),
        (Choice(item="g0"), [str(n) for n in range(MOST_TERMS + 1)], {}, "at most"),
        (Choice(item="gone"), ["color"], {}, "gone"),
        (Choice(item="gone"), ["color"], {"lang": "ja"}, "処理できませんでした"),
        (Choice(item="g0"), ["color", "pattern"], {"weighed": {"color": 0, "pattern": 0}}, "every weight is 0"),
        (Choice(item="g0"), ["color"], {"filters": ['["size", "L"]']}, "size"),
    ],
)
def test_what_is_missing_or_wrong_is_one_line_and_results_stay(
    events: SearchEvents, choice: Choice, names: list[str], changes: dict[str, Any], said: str
) -> None:
    last = search(events, choice, names, **changes)[-1]
    assert said in last[events.tab.line]
    assert last[events.tab.line].count("<p") == 1
    assert events.tab.results not in last and events.tab.answer not in last


def test_filters_that_nothing_passes_say_so(events: SearchEvents) -> None:
    (found,) = search(events, Choice(item="g0"), ["color"], filters=['["title", "number 0"]'])
    assert "No item passes" in found[events.tab.results]
    assert found[events.tab.explained].visible is False


def test_an_attribute_without_embeddings_is_embedded_with_progress(small_catalog: Catalog, tmp_path: Path) -> None:
    service = Service(small_catalog, Settings(tmp_path, device="cpu"))
    service.open()
    events = handlers(service)
    steps = search(events, Choice(item="g0"), [], more=[service.unlabelled[0]])
    assert all("<progress" in step[events.banner] for step in steps[:-1])
    assert 'class="hit"' in steps[-1][events.tab.results]
    assert steps[-1][events.stop].visible is False


def test_a_picture_that_cannot_be_read_brings_the_earlier_query_back(events: SearchEvents, tmp_path: Path) -> None:
    fake, real = tmp_path / "fake.jpg", tmp_path / "real.png"
    fake.write_text("hello")
    draw_garment(COLORS["red"], stripes=False).save(real)
    refused = events.take_image(str(fake), Choice(item="g0"), request())
    assert "not a JPEG" in refused[events.tab.query_line]
    assert events.tab.choice not in refused
    assert Path(refused[events.tab.image]).exists()
    assert events.take_image(str(real), Choice(item="g0"), request())[events.tab.choice] == Choice(image=str(real))
    assert events.take_image(None, Choice(item="g0"), request())[events.tab.choice].empty


def test_a_failed_start_is_said_on_the_page(small_catalog: Catalog, tmp_path: Path) -> None:
    broken = Service(small_catalog, Settings(tmp_path, device="abacus"))
    broken.open()
    events = handlers(broken)
    (said,) = all_of(events.begin(request()))
    assert "could not start" in said[events.banner] and "abacus" in said[events.banner]


def test_weights_stay_with_their_attributes(events: SearchEvents) -> None:
    assert weigh(1, 0.4, ["color", "pattern"], {"color": 2.0}) == {"color": 2.0, "pattern": 0.4}
    shown = events.arrange(["color"], ["pattern"], {"pattern": 0.4}, request())
    sliders = [shown[slider] for slider in events.tab.weights]
    assert [slider.visible for slider in sliders[:3]] == [True, True, False]
    assert (sliders[0].value, sliders[1].value) == (1, 0.4)
    alone = events.arrange(["color"], [], {}, request())
    assert not any(alone[slider].visible for slider in events.tab.weights)
