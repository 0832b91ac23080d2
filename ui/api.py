"""The endpoint `/search`: what programs and MCP clients call."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.route_utils import get_root_url

from catalog import CatalogError
from retrieval import RetrievalError
from ui.components import raw_image, typed_json
from ui.searching import Asked, Choice, answer, parse_attributes
from ui.service import Service

PATIENCE = 300
"""Seconds that a call waits for the app to become ready."""


TEXTS = {"type": "array", "items": {"type": "string"}}
NAMES = {**TEXTS, "description": "attribute names, each with an optional =weight"}
FILTERS = {"type": "object", "additionalProperties": TEXTS, "description": "column to accepted values, or null"}
HIT = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "score": {"type": "number"},
        "shares": {"type": "object", "additionalProperties": {"type": "number"}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "image": {"type": "string"},
    },
}
HITS = {"type": "array", "items": HIT, "description": "hits, best first"}


def add_search_endpoint(service: Service) -> None:
    """Put `/search` into the page that is being built, without anything to see."""
    gr.Button(visible=False).click(
        _search(service),
        [
            raw_image(visible=False, label="image"),
            gr.Textbox(visible=False, label="item"),
            typed_json(NAMES, ["color"], visible=False, label="attributes"),
            gr.Number(12, visible=False, label="k", precision=0),
            gr.Number(visible=False, label="beta"),
            typed_json(FILTERS, None, visible=False, label="filters"),
        ],
        typed_json(HITS, [], visible=False, label="hits"),
        api_name="search",
        concurrency_limit=4,
    )


def _search(service: Service) -> Callable[..., list[dict[str, Any]]]:
    def search(
        image: str | None = None,
        item: str | None = None,
        attributes: list[str] | None = None,
        k: int = 12,
        beta: float | None = None,
        filters: dict[str, list[str]] | None = None,
        request: gr.Request | None = None,
    ) -> list[dict[str, Any]]:
        """Search the fashion catalog by one or several attributes of a garment, whatever the rest of it looks like.

        Give either `image` or `item`. A hit is {"id", "score" (at most 1), "shares" (what each attribute adds to the
        score), "labels" (attribute: value, where known), "image" (address of a thumbnail)}. The query item itself is
        left out.

        Args:
            image: picture of the garment to search with (JPEG, PNG, WebP, BMP, GIF or TIFF), or null.
            item: id of a catalog item to search with, or null.
            attributes: what should match, such as ["lapel design"] or, weighted, ["lapel design", "color=0.5"].
            k: how many hits, from 1; not more come than the catalog has.
            beta: share of the region (whole garment) in the score, 0 to 1; the rest is the patch. Null: as trained.
            filters: catalog column to the values accepted, such as {"color": ["red", "blue"]}, or null for no filter.

        Returns:
            The hits, best first.
        """
        try:
            service.wait(PATIENCE)
            if bool(image) == bool(item):
                raise RetrievalError("give either an image or the id of an item, not both and not neither")
            weights = parse_attributes(_strings(attributes, "attributes"))
            missing = [name for name in weights if name not in service.engine.attributes]
            for _ in service.embed(missing) if missing else ():
                pass
            asked = Asked(Choice(item or None, image or None), weights, k, beta, _checked(filters))
            return [_described(service, hit, request) for hit in answer(service, asked).hits]
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return search


def _described(service: Service, hit: Any, request: gr.Request | None) -> dict[str, Any]:
    item = service.catalog.item(hit.id)
    return {
        "id": hit.id,
        "score": hit.score,
        "shares": hit.shares,
        "labels": item.labels,
        "image": _root(request) + service.thumbnails.url(item),
    }


def _root(request: gr.Request | None) -> str:
    """Address of the app as the caller sees it, through whatever proxy."""
    asked = request.request if request is not None else None
    return get_root_url(asked, asked.url.path, asked.scope.get("root_path")) + "/" if asked is not None else ""


def _strings(value: Any, name: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise RetrievalError(f'{name} must be a list of texts, such as ["color"]')
    return value


def _checked(filters: Any) -> dict[str, list[str]]:
    if filters is None:
        return {}
    if not isinstance(filters, dict):
        raise CatalogError('filters must map columns to lists of values, such as {"color": ["red"]}')
    return {str(name): _strings(values, f"the filter '{name}'") for name, values in filters.items()}
