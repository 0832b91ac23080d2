"""What a program may ask, the same for REST, MCP and Gradio's API: parameters, limits, and one sentence for each fault."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from retrieval import RetrievalError

MOST_HITS = 200
"""Hits of one answer at most; who asks for more gets these and a note."""

MOST_ITEMS = 200
"""Items of one page of the item list at most; who asks for more gets these and a note."""

NOTHING_ASKED = "the query is empty; choose at least one attribute"

_SHOWN = 60
_FOLDERS = re.compile(r"(?<![\w:/.])(?:[A-Za-z]:\\|/)(?:[^\s'\"\\/,;:()]+[\\/])+")


def _whole(value: Any) -> Any:
    """12.0 is 12: JSON does not tell whole numbers apart from others."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _listed(value: Any) -> Any:
    """A column with one accepted value may be given without brackets."""
    if not isinstance(value, dict):
        return value
    return {name: [only] if isinstance(only, str) else only for name, only in value.items()}


Whole = Annotated[int, BeforeValidator(_whole)]
Filters = Annotated[dict[str, list[str]] | None, BeforeValidator(_listed)]

FILTERS = (
    "Catalog column to accepted values, all columns to be met, such as "
    '{"color": ["red", "blue"]}; null for no filter. `attributes` lists columns and values.'
)


class Question(BaseModel):
    """Parameters are exact: an unknown name or a wrong type is refused with a sentence."""

    model_config = ConfigDict(strict=True, extra="forbid")


class CatalogQuestion(Question):
    """A question about one catalog."""

    catalog: str | None = Field(
        None, description="Id of the catalog (`catalogs` lists them); null for the one that the page opens with."
    )


class AttributesQuestion(CatalogQuestion):
    """List the attributes that can be searched by, and the columns that can be filtered by, with their values."""


class ItemsQuestion(CatalogQuestion):
    """List the items of the catalog, in catalog order, a page at a time."""

    filters: Filters = Field(None, description=FILTERS)
    offset: Whole = Field(0, ge=0, description="How many items to pass over, from 0.")
    limit: Whole = Field(
        50, ge=1, description=f"How many items, from 1 to {MOST_ITEMS}; a larger number gives {MOST_ITEMS}."
    )


class CatalogsQuestion(Question):
    """List the catalogs that can be searched: those of the host, and the caller's own."""


class ReportsQuestion(CatalogQuestion):
    """List what was measured on the catalog, and on others with these weights; or give one of these reports whole."""

    report: str | None = Field(
        None, description="Id of the report that is given whole, as the list has it; null for the list alone."
    )


_WANTED = {
    "catalog": "give the id of a catalog as text, or null",
    "image": "send the picture itself, as base64 text or a data URL",
    "item": "give the id of a catalog item as text, or null",
    "attribute": "give the name of an attribute as text",
    "value": "give a value of the attribute as text, or null",
    "weight": "give a number, below 0 for what should not match",
    "box": "give [left, top, right, bottom] as fractions of the picture's sides, such as [0.2, 0, 0.8, 0.5]",
    "turn": "give a whole number of quarter turns clockwise, from 0 to 3",
    "attributes": 'give a list of texts, such as ["lapel design", "color=0.5"]',
    "terms": 'give a list of terms, such as ["color=navy", "-pattern=stripe"]',
    "words": 'give a text, such as "long sleeves, not navy"',
    "about": "give the id of the catalog item that is to be explained",
    "attention": "give the name of an attribute as text, or null for the one that weighs most",
    "report": "give the id of a report as text, or null",
    "k": f"give a whole number from 1 to {MOST_HITS}, such as 12",
    "beta": "give a number from 0 (patch only) to 1 (region only), or null for as trained",
    "gamma": "give a number from 0 (without the general view) to 1 (general view only), or null for as trained",
    "least": "give a number from 0 (every hit) to 1 (only what is certain), or null for all",
    "level": 'give "likely", "very likely", or a number from 0 (every hit) to 1 (only what is certain)',
    "filters": 'filters must map columns to lists of values, such as {"color": ["red"]}',
    "offset": "give a whole number from 0 up",
    "limit": f"give a whole number from 1 to {MOST_ITEMS}, such as 50",
}

Asked = TypeVar("Asked", bound=Question)


def question(kind: type[Asked], parameters: Mapping[str, Any]) -> Asked:
    """The question that some parameters make, null as good as missing; RetrievalError with a sentence for each fault."""
    if not isinstance(parameters, Mapping):
        raise RetrievalError(f"the parameters are {shown(parameters)}; give a JSON object such as {{}}")
    known = kind.model_fields
    given = {name: value for name, value in parameters.items() if value is not None or name not in known}
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise RetrievalError(_sentences(kind, error)) from None


def _sentences(kind: type[Question], error: ValidationError) -> str:
    said: dict[str, str] = {}
    for fault in error.errors(include_url=False, include_context=False):
        name = str(fault["loc"][0])
        if fault["type"] == "extra_forbidden":
            known = ", ".join(kind.model_fields) or "none"
            said[name] = f"there is no parameter '{name}'; there are: {known}"
        elif name == "attributes" and fault["type"] == "too_short":
            said[name] = NOTHING_ASKED
        elif fault["type"] == "missing":
            said[name] = f"{name} is missing; {_WANTED[name]}"
        else:
            verb = "is" if len(fault["loc"]) == 1 else "holds"
            said.setdefault(name, f"{name} {verb} {shown(fault['input'])}; {_WANTED[name]}")
    return ". ".join(said.values())


def shown(value: Any) -> str:
    """A value as a caller wrote it, shortened: 'the text "12"', '12.5', 'null', 'a list'."""
    if isinstance(value, str):
        text = value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
        return f'the text "{text}"'
    if isinstance(value, dict | list | tuple):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, float):
        return str(value)
    return json.dumps(value) if value is None or isinstance(value, bool | int) else type(value).__name__


def pathless(text: str) -> str:
    """A message without the folders of this machine: of each absolute path the last name is left."""
    return _FOLDERS.sub("", text)
