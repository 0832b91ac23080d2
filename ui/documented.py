"""Questions in the words of OpenAPI: as query parameters, and as a body of JSON or of a form."""

from collections.abc import Collection, Sequence
from typing import Any

from ui.answers import flat_schema
from ui.program_examples import Example, texts_of
from ui.questions import Question

_REPEATED = {
    "attributes": "Repeat it for several.",
    "terms": "Repeat it for several; an object is written as JSON.",
    "filters": "COLUMN=VALUE; repeat it for several.",
}
_PICTURE = {"type": "string", "format": "binary", "description": "Picture of the garment, as an uploaded file."}


def question_as_query(
    kind: type[Question], examples: Sequence[Example] = (), without: Collection[str] = ()
) -> dict[str, Any]:
    """`openapi_extra` of a GET endpoint that takes a question; each parameter with what the examples say for it."""
    schema = flat_schema(kind)
    needed = schema.get("required", ())
    told = [
        _parameter(
            name, said, name in needed, [one for one in examples if name in one.question and one.picture is None]
        )
        for name, said in schema["properties"].items()
        if name not in without
    ]
    return {"parameters": told}


def question_as_body(kind: type[Question], examples: Sequence[Example] = ()) -> dict[str, Any]:
    """`openapi_extra` of a POST endpoint that takes a question as JSON, or as a form with the picture as a file."""
    schema = flat_schema(kind)
    shown = {one.title: {"value": one.question} for one in examples if one.picture is None}
    form = {**schema["properties"], "image": _PICTURE}
    for name in _REPEATED.keys() & form.keys():
        form[name] = {"type": "array", "items": {"type": "string"}, "description": _told(name, form[name])}
    content = {
        "application/json": {"schema": schema, **({"examples": shown} if shown else {})},
        "multipart/form-data": {"schema": {**schema, "properties": form}},
    }
    return {"requestBody": {"required": True, "content": content}}


def _parameter(name: str, told: dict[str, Any], required: bool, examples: Sequence[Example]) -> dict[str, Any]:
    schema = {key: value for key, value in told.items() if key != "description"}
    if name in _REPEATED:
        schema = {"type": "array", "items": {"type": "string"}}
    shown = {one.title: {"value": texts_of(name, one.question[name])} for one in examples}
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": _told(name, told),
        "schema": schema,
        **({"examples": shown} if shown else {}),
    }


def _told(name: str, told: dict[str, Any]) -> str:
    return f"{told['description']} {_REPEATED.get(name, '')}".strip()
