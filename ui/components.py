"""Gradio components with one behaviour exchanged. Instances, because Gradio writes a .pyi beside each subclass."""

from typing import Any

import gradio as gr
from gradio.data_classes import ImageData


def raw_image(**options: Any) -> gr.Image:
    """An image input that hands over the file as it came, by its path: `catalog.open_image` is the only door.

    Update its value only: an update with other properties makes Gradio build a plain gr.Image in its place.
    """
    image = gr.Image(type="filepath", **options)
    image.preprocess = _path
    return image


def typed_json(schema: dict[str, Any], example: Any, **options: Any) -> gr.JSON:
    """A JSON parameter whose JSON schema and example callers can read."""
    component = gr.JSON(**options)
    component.api_info = lambda: schema
    component.example_payload = lambda: example
    return component


def _path(payload: ImageData | None) -> str | None:
    return payload.path if payload is not None else None
