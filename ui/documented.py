"""Questions in the words of OpenAPI: as query parameters, and as a body of JSON or of a form."""

from collections.abc import Collection
from typing import Any

from ui.answers import flat_schema
from ui.questions import Question

_REPEATED = {"attributes": "Repeat it for several.", "filters": "COLUMN=VALUE; repeat it for several."}
_PICTURE = {"type": "string", "format": "binary", "description": "Picture of the garment, as an uploaded file."}


def question_as_query(kind: type[Question], without: Collection[str] = ()) -> dict[str, Any]:
    """`openapi_extra` of a GET endpoint that takes a question."""
    described = flat_schema(kind)["properties"]
    return {"parameters": [_parameter(name, told) for name, told in described.items() if name not in without]}


def question_as_body(kind: type[Question]) -> dict[str, Any]:
    """`openapi_extra` of a POST endpoint that takes a question as JSON, or as a form with the picture as a file."""
    schema = flat_schema(kind)
    form = {**schema["properties"], "image": _PICTURE}
    for name in _REPEATED.keys() & form.keys():
        form[name] = {"type": "array", "items": {"type": "string"}, "description": _told(name, form[name])}
    content = {
        "application/json": {"schema": schema},
        "multipart/form-data": {"schema": {**schema, "properties": form}},
    }
    return {"requestBody": {"required": True, "content": content}}


def _parameter(name: str, told: dict[str, Any]) -> dict[str, Any]:
    schema = {key: value for key, value in told.items() if key != "description"}
    if name in _REPEATED:
        schema = {"type": "array", "items": {"type": "string"}}
    return {"name": name, "in": "query", "required": False, "description": _told(name, told), "schema": schema}


def _told(name: str, told: dict[str, Any]) -> str:
    return f"{told['description']} {_REPEATED.get(name, '')}".strip()
