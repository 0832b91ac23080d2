"""Match levels and what cannot be seen for programs that call Gradio's API or MCP tools of the running app."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from tests.ui.conftest import UNSEEN
from tests.ui.test_tools import call

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(params=["Gradio's API", "MCP"])
def ask(request: pytest.FixtureRequest, levelled_app: str) -> Iterator[Ask]:
    """Searches by an item and color; a refusal is a ValueError."""
    asked = {"item": "g0", "attributes": ["color"]}
    if request.param == "MCP":

        def by_tool(**parameters: Any) -> dict[str, Any]:
            result = call(levelled_app, "search", {**asked, **parameters})
            if result.isError:
                raise ValueError(result.content[0].text)
            return result.structuredContent or {}

        yield by_tool
        return
    client = Client(levelled_app, verbose=False)

    def by_client(**parameters: Any) -> dict[str, Any]:
        try:
            found: dict[str, Any] = client.predict(api_name="/search", **{**asked, **parameters})
            return found
        except AppError as error:
            raise ValueError(str(error)) from error

    yield by_client
    client.close()


def test_hits_have_levels_and_are_apart_where_nothing_can_be_seen(ask: Ask) -> None:
    hits = ask(k=100)["hits"]
    assert [hit["chances"] for hit in hits] == [{"color": round(0.95 - 0.09 * place, 4)} for place in range(11)]
    assert [hit["hidden"] for hit in hits] == [[]] * 8 + [["color"]] * 3
    assert {hit["id"] for hit in hits[8:]} == set(UNSEEN)
    assert [len(ask(k=100, least=least)["hits"]) for least in (0, 0.5, 0.8, 1)] == [11, 6, 2, 0]


def test_a_query_that_does_not_show_it_is_noted(ask: Ask) -> None:
    assert ask()["notes"] == []
    assert "'color' cannot be seen on the picture that is asked by" in ask(item=UNSEEN[0])["notes"][0]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"gamma": -0.1}, "gamma is -0.1; give a number from 0"),
        ({"least": 2}, "least is 2; give a number from 0"),
        ({"least": "likely"}, 'least is the text "likely"; give a number'),
    ],
)
def test_what_is_asked_wrongly_is_said(ask: Ask, parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ask(**parameters)


@pytest.mark.parametrize("gamma", [0, 0.5, 1])
def test_gamma_is_taken(ask: Ask, gamma: float) -> None:
    assert len(ask(gamma=gamma, k=3)["hits"]) == 3
