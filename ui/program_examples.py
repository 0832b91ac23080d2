"""Examples of questions on the drawn demo, one place for all: OpenAPI and the MCP tools show them, docs/programs.md is made of
them, and a test asks each of REST, MCP and gradio_client."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

PHOTO = "assets/catalog/images/a0007.webp"
"""A picture, from the folder of the project."""


@dataclass(frozen=True)
class Example:
    """operation: which of `ui.operations` is asked. title: what it shows. question: its parameters. picture: file of the
    picture that is sent as `image`; None for none."""

    operation: str
    title: str
    question: Mapping[str, Any] = field(default_factory=dict)
    picture: str | None = None


EXAMPLES = (
    Example(
        "search",
        "Some attributes of one item",
        {"item": "a0000", "attributes": ["lapel design", "color=0.5"], "k": 3},
    ),
    Example("search", "Values, without any picture", {"terms": ["collar_design=shirt collar", "color=blue"], "k": 3}),
    Example(
        "search",
        "Each attribute from its own source, one that should not match, one that counts half",
        {"terms": ["lapel_design@a0000", "sleeve_length@a0004*0.5", "-color=pink"], "k": 3},
    ),
    Example(
        "search",
        "The same lapel in another colour",
        {"item": "a0000", "attributes": ["lapel design"], "terms": ["-color@a0000"], "k": 3},
    ),
    Example("search", "Words", {"words": "V-neck, long sleeves, not blue", "k": 3}),
    Example(
        "search",
        "Words in Japanese, and some that are not understood",
        {"words": "Vネック 長袖 青以外 ぱたぽん", "k": 3},
    ),
    Example(
        "search",
        "One item, a part of another, and a filter",
        {
            "item": "a0000",
            "attributes": ["pattern"],
            "terms": [{"attribute": "color", "item": "a0003", "box": [0.25, 0.2, 0.75, 0.6], "weight": 0.5}],
            "filters": {"split": ["test"]},
            "k": 3,
        },
    ),
    Example("search", "A picture", {"attributes": ["color", "pattern=0.5"], "k": 3}, PHOTO),
    Example(
        "search",
        "A part of a picture, and words",
        {"terms": [{"attribute": "pattern", "box": [0.2, 0.1, 0.8, 0.7]}], "words": "long sleeves", "k": 3},
        PHOTO,
    ),
    Example(
        "explain",
        "Why an item is where it is",
        {"item": "a0000", "attributes": ["lapel design", "color=0.5"], "about": "a0523"},
    ),
    Example(
        "explain",
        "Where the network looked for one of the attributes",
        {"terms": ["lapel_design=shawl", "-color=black"], "about": "a0013", "attention": "lapel design"},
    ),
    Example(
        "similar",
        "Items that very likely share lapel and pattern",
        {"item": "a0000", "attributes": ["lapel design", "pattern"], "level": "very likely", "k": 5},
    ),
    Example("attributes", "What can be asked, with counts, and a term for each value"),
    Example("items", "Red items, a page at a time", {"filters": {"color": ["red"]}, "limit": 2}),
    Example("catalogs", "The catalogs"),
    Example("reports", "What was measured"),
    Example("reports", "One report whole", {"report": "demo.json"}),
)


def examples_of(operation: str) -> list[Example]:
    return [example for example in EXAMPLES if example.operation == operation]


def texts_of(name: str, value: Any) -> Any:
    """A parameter as an address or a form has it: a list of texts for one that is repeated, else the value itself."""
    if name == "filters":
        return [f"{column}={one}" for column, values in value.items() for one in values]
    if isinstance(value, list):
        return [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in value]
    return value


def pairs_of(example: Example) -> Iterator[tuple[str, str]]:
    """Its parameters as names and texts, a name perhaps several times."""
    for name, value in example.question.items():
        texts = texts_of(name, value)
        yield from ((name, str(text)) for text in (texts if isinstance(texts, list) else [texts]))


def address_of(example: Example) -> str:
    """Where REST answers it by GET, from the root of the app."""
    asked = urlencode(list(pairs_of(example)), quote_via=quote)
    return f"v1/{example.operation}" + (f"?{asked}" if asked else "")


def python_of(example: Example) -> str:
    """How gradio_client asks it, `lapel` being its `Client`."""
    given = {name: repr(value) for name, value in example.question.items()}
    if example.picture is not None:
        given = {"image": f"handle_file({example.picture!r})", **given}
    told = ", ".join([*(f"{name}={text}" for name, text in given.items()), f'api_name="/{example.operation}"'])
    return f"lapel.predict({told})"
