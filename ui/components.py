"""Gradio components with one behaviour exchanged. Instances, because Gradio writes a .pyi beside each subclass."""

from typing import Any, TypeVar

import gradio as gr

Part = TypeVar("Part", bound=gr.components.Component)


def raw_input(component: Part, schema: dict[str, Any] | None = None, about: str = "", example: Any = None) -> Part:
    """An API parameter that hands over what the caller sent, for us to refuse in words; its JSON schema is `schema`.

    Without a schema it is that of the component, with a description: what tells `gradio_client` of a file.
    """
    told = schema or {**component.api_info(), "description": about}
    told = {**told, "additional_description": told["description"]}
    component.data_model = None
    component.preprocess = lambda payload: payload
    component.api_info = lambda: told
    component.async_move_resource_to_block_cache = _without_the_web(component.async_move_resource_to_block_cache)
    if example is not None:
        component.example_payload = lambda: example
    return component


def typed_json(schema: dict[str, Any], example: Any, **options: Any) -> gr.JSON:
    """A JSON value whose JSON schema and example callers can read."""
    component = gr.JSON(**options)
    component.api_info = lambda: schema
    component.example_payload = lambda: example
    return component


def _without_the_web(move: Any) -> Any:
    """Gradio would fetch a web address that a caller names as the place of a file; it is refused instead."""

    async def moved(place: Any) -> Any:
        if str(place).lower().startswith(("http:", "https:")):
            raise gr.Error("web addresses are not fetched; send the picture itself", print_exception=False)
        return await move(place)

    return moved
