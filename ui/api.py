"""Gradio's API: an endpoint for each of `ui.operations`, what `gradio_client` and the page's own API view show."""

import inspect
import json
from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio_client.utils import is_file_obj_with_meta

from catalog import CatalogError
from retrieval import RetrievalError
from ui.addresses import root_of
from ui.answers import flat_schema
from ui.components import raw_input, typed_json
from ui.operations import OPERATIONS, Asking, Operation
from ui.programs import Found, Programs
from ui.questions import pathless, question
from ui.visitors import visitor_of

ENDPOINTS = tuple(OPERATIONS)


def add_endpoints(programs: Programs) -> None:
    """Put the endpoints into the page that is being built, without anything to see."""
    for operation in OPERATIONS.values():
        described = _readable(flat_schema(operation.asks))["properties"]
        gr.Button(visible=False).click(
            _endpoint(programs, operation),
            [_parameter(name, schema) for name, schema in described.items()],
            typed_json(_readable(flat_schema(operation.answers)), {}, visible=False, label="answer"),
            api_name=operation.name,
            api_description=operation.description,
            concurrency_limit=4,
            show_progress="hidden",
        )


def _endpoint(programs: Programs, operation: Operation) -> Callable[..., Found]:
    """A function with the parameters of a question, and the request behind them, as Gradio reads its signature."""
    fields = operation.asks.model_fields

    def ask(*values: Any) -> Found:
        *given, request = values
        parameters = dict(zip(fields, given, strict=True))
        try:
            picture = None
            if "image" in parameters:
                picture, parameters["image"] = _picture(parameters["image"])
            asking = Asking(question(operation.asks, parameters), visitor_of(request), _root(request), picture)
            return operation.answer(programs, asking)
        except (CatalogError, RetrievalError) as error:
            raise gr.Error(pathless(str(error)), print_exception=False) from error

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    told = [
        inspect.Parameter(name, kind, default=None if field.is_required() else field.default)
        for name, field in fields.items()
    ]
    asking = inspect.Parameter("request", kind, default=None, annotation=gr.Request)
    ask.__name__, ask.__annotations__ = operation.name, {"request": gr.Request}
    ask.__signature__ = inspect.Signature([*told, asking])  # type: ignore[attr-defined]
    return ask


def _readable(schema: Any) -> Any:
    """A schema as Gradio can read it: it fails on an `additionalProperties` that is true or false."""
    if isinstance(schema, list):
        return [_readable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: part for name, part in schema.items() if name != "additionalProperties" or isinstance(part, dict)}
    return {name: _readable(part) for name, part in kept.items()}


def _parameter(name: str, schema: dict[str, Any]) -> gr.components.Component:
    """An invisible component for one parameter, which hands over what the caller sent, whatever it is."""
    default = schema.get("default")
    if name == "image":
        return raw_input(gr.Image(visible=False, label=name, type="filepath"), about=_PICTURE)
    if name in ("k", "offset", "limit"):
        return raw_input(gr.Number(default, visible=False, label=name, precision=0), schema)
    written = json.dumps(default) if isinstance(default, str) else default  # it takes a text for JSON
    return raw_input(gr.JSON(written, visible=False, label=name), schema, example=_EXAMPLES.get(name))


_PICTURE = (
    "Picture of the garment to search with: an uploaded file, base64 text or a data URL; null when `item` is given."
)
_EXAMPLES: dict[str, Any] = {
    "attributes": ["color"],
    "filters": {"color": ["red"]},
    "terms": ["color=navy", "-pattern=stripe*0.5"],
}


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
