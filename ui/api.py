"""Gradio's API: `/search`, `/attributes`, `/items` and `/catalogs`, what `gradio_client` and the page's own API view show."""

import functools
from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio_client.utils import is_file_obj_with_meta

from catalog import CatalogError
from retrieval import RetrievalError
from ui.addresses import root_of
from ui.answers import AttributesAnswer, CatalogsAnswer, ItemsAnswer, SearchAnswer, flat_schema
from ui.components import raw_input, typed_json
from ui.programs import Found, Programs
from ui.questions import AttributesQuestion, CatalogsQuestion, ItemsQuestion, SearchQuestion, pathless, question
from ui.visitors import visitor_of

ENDPOINTS = ("search", "attributes", "items", "catalogs")


def add_endpoints(programs: Programs) -> None:
    """Put the endpoints into the page that is being built, without anything to see."""

    def search(
        catalog: Any = None,
        image: Any = None,
        item: Any = None,
        attributes: Any = None,
        k: Any = 12,
        beta: Any = None,
        gamma: Any = None,
        least: Any = None,
        filters: Any = None,
        request: gr.Request | None = None,
    ) -> Found:
        shares = {"beta": beta, "gamma": gamma, "least": least}
        parameters = {"catalog": catalog, "item": item, "attributes": attributes, "k": k, **shares, "filters": filters}
        picture, text = _picture(image)
        asked = question(SearchQuestion, {**parameters, "image": text})
        return programs.search(asked, picture, _root(request), visitor_of(request))

    def attributes(catalog: Any = None, request: gr.Request | None = None) -> Found:
        return programs.attributes(question(AttributesQuestion, {"catalog": catalog}), visitor_of(request))

    def items(
        catalog: Any = None, filters: Any = None, offset: Any = 0, limit: Any = 50, request: gr.Request | None = None
    ) -> Found:
        parameters = {"catalog": catalog, "filters": filters, "offset": offset, "limit": limit}
        return programs.items(question(ItemsQuestion, parameters), _root(request), visitor_of(request))

    def catalogs(request: gr.Request | None = None) -> Found:
        return programs.catalogs(CatalogsQuestion(), visitor_of(request))

    for function, asks, answers in (
        (search, SearchQuestion, SearchAnswer),
        (attributes, AttributesQuestion, AttributesAnswer),
        (items, ItemsQuestion, ItemsAnswer),
        (catalogs, CatalogsQuestion, CatalogsAnswer),
    ):
        described = flat_schema(asks)["properties"]
        gr.Button(visible=False).click(
            _said(function),
            [_parameter(name, schema) for name, schema in described.items()],
            typed_json(flat_schema(answers), {}, visible=False, label="answer"),
            api_name=function.__name__,
            api_description=asks.__doc__,
            concurrency_limit=4,
            show_progress="hidden",
        )


def _parameter(name: str, schema: dict[str, Any]) -> gr.components.Component:
    """An invisible component for one parameter, which hands over what the caller sent, whatever it is."""
    default = schema.get("default")
    if name == "image":
        return raw_input(gr.Image(visible=False, label=name, type="filepath"), about=_PICTURE)
    if name in ("k", "offset", "limit"):
        return raw_input(gr.Number(default, visible=False, label=name, precision=0), schema)
    return raw_input(gr.JSON(default, visible=False, label=name), schema, example=_EXAMPLES.get(name))


_PICTURE = (
    "Picture of the garment to search with: an uploaded file, base64 text or a data URL; null when `item` is given."
)
_EXAMPLES: dict[str, Any] = {"attributes": ["color"], "filters": {"color": ["red"]}}


def _said(function: Callable[..., Found]) -> Callable[..., Found]:
    """The function with its errors as sentences for the caller."""

    @functools.wraps(function)
    def ask(*values: Any, **named: Any) -> Found:
        try:
            return function(*values, **named)
        except (CatalogError, RetrievalError) as error:
            raise gr.Error(pathless(str(error)), print_exception=False) from error

    return ask


def _picture(image: Any) -> tuple[str | None, Any]:
    """An uploaded file, which Gradio has checked to be one, or else what the caller sent instead."""
    if is_file_obj_with_meta(image):
        return str(image["path"]), None
    if isinstance(image, dict):
        raise RetrievalError('image is an object that is no uploaded file; send it with handle_file("photo.jpg")')
    return None, image


def _root(request: gr.Request | None) -> str:
    asked = request.request if request is not None else None
    return root_of(asked) if asked is not None else ""
