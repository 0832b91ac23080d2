"""Parameters out of addresses and forms, where everything is text, into what a question expects."""

import re
from collections.abc import Collection, Sequence
from typing import Any, Protocol

import orjson

from retrieval import RetrievalError
from ui.questions import Question

LISTS, OBJECTS, FILTERS = ("attributes", "terms"), ("terms",), ("filters",)
NUMBERS = ("k", "beta", "gamma", "least", "level", "offset", "limit")


class Pairs(Protocol):
    """Names and values, a name perhaps several times: `QueryParams` or `FormData`."""

    def multi_items(self) -> Sequence[tuple[str, Any]]: ...


def from_query(pairs: Pairs, kind: type[Question]) -> dict[str, Any]:
    """`item=a1&attributes=color&attributes=pattern=0.5&filters=color=red&k=5` → parameters."""
    return from_form(pairs, kind)


def from_form(pairs: Pairs, kind: type[Question], without: Collection[str] = ()) -> dict[str, Any]:
    """Parameters of a form: lists by repeating a name (or as JSON), numbers as text, filters as COLUMN=VALUE or JSON.

    `without` names parameters that came as files. RetrievalError for a single-valued name that is given twice.
    """
    texts: dict[str, list[str]] = {}
    for name, value in pairs.multi_items():
        if name not in without:
            texts.setdefault(name, []).append(value)
    return {name: _value(name, values) for name, values in texts.items()}


def _value(name: str, values: list[str]) -> Any:
    if name in LISTS:
        return [part for text in values for part in _list(text, name in OBJECTS)]
    if name in FILTERS:
        return _filters(values)
    if len(values) > 1:
        raise RetrievalError(f"{name} is given {len(values)} times; give it once")
    return _number(values[0]) if name in NUMBERS else values[0]


def _list(text: str, objects: bool = False) -> list[Any]:
    """objects: whether a part may be a JSON object."""
    found = _loaded(text, "[")
    if isinstance(found, list):
        return found
    one = _loaded(text, "{") if objects else None
    return [text if one is None else one]


def _filters(values: list[str]) -> Any:
    filters: dict[str, Any] = {}
    for text in values:
        found = _loaded(text, "{")
        if isinstance(found, dict):
            filters.update(found)
            continue
        column, equals, value = text.partition("=")
        if not equals:
            raise RetrievalError(f"the filter '{text}' has no '='; write it like filters=color=red")
        filters.setdefault(column, []).append(value)
    return filters


def _number(text: str) -> Any:
    """The number that a text spells; the text itself, to be refused with its name, when it spells none."""
    text = text.strip()
    if not text:
        return None
    if re.fullmatch(r"[+-]?\d{1,18}", text):
        return int(text)
    return float(text) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", text, re.IGNORECASE) else text


def _loaded(text: str, opening: str) -> Any:
    if not text.lstrip().startswith(opening):
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
