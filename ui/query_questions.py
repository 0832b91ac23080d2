"""What a program may ask of pictures, items and values: search, explain, similar; each from any terms."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from model import AT_LEAST, Level
from ui.questions import FILTERS, MOST_HITS, CatalogQuestion, Filters, Question, Whole

MOST_TERMS = 32
"""Terms of one query at most."""

LEVELS = {level.value: chance for level, chance in AT_LEAST.items() if level is not Level.UNLIKELY}
"""Levels that a search for similar items can ask for → their least chance."""

_K = f"How many hits, from 1 to {MOST_HITS}; a larger number gives {MOST_HITS}."
_ATTRIBUTES = (
    'such as ["lapel design"] or, weighted, ["lapel design", "color=0.5"]. Case, blanks, _ and - in names do not matter; '
    "`attributes` lists the names."
)


class TermQuestion(Question):
    """One term: an attribute, and either one of its values, an item or a picture that it should be like."""

    attribute: str = Field(description="Name of the attribute.")
    value: str | None = Field(None, description="A value of the attribute: what most items labelled with it look like.")
    item: str | None = Field(None, description="Id of a catalog item.")
    image: str | None = Field(None, description="A picture, as base64 text or a data URL.")
    box: list[float] | None = Field(
        None,
        description="Part of the item's or the picture's image that is looked at: left, top, right, bottom as fractions "
        "of its sides, 0 to 1. Null: all of it.",
        min_length=4,
        max_length=4,
    )
    turn: Whole = Field(0, ge=0, le=3, description="Quarter turns clockwise, before `box` is cut.")
    weight: float = Field(
        1.0,
        allow_inf_nan=False,
        description="How much it counts against the other terms; below 0: it should not match.",
    )


_TERM = TermQuestion.model_json_schema()
Terms = Annotated[
    list[str | dict[str, Any]] | None,
    WithJsonSchema({"anyOf": [{"type": "array", "items": {"anyOf": [{"type": "string"}, _TERM]}}, {"type": "null"}]}),
]


class SearchQuestion(CatalogQuestion):
    """Search the catalog by attributes of garments, each from its own source: one picture or item, values, or words."""

    image: str | None = Field(
        None,
        description="Picture of the garment that `attributes` are taken from, as base64 text or a data URL; null when "
        "`item` is given, or only `terms` and `words`.",
    )
    item: str | None = Field(
        None,
        description="Id of the catalog item that `attributes` are taken from (`items` lists them); null when `image` is "
        "given, or only `terms` and `words`.",
    )
    attributes: list[str] | None = Field(
        None, description=f"What should match that picture or item, {_ATTRIBUTES}", min_length=1
    )
    k: Whole = Field(12, ge=1, description=_K)
    beta: float | None = Field(
        None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="Share of the region view in what the general view leaves of the score, 0 to 1; the rest is the "
        "patch view. Null: as trained.",
    )
    gamma: float | None = Field(
        None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="Share of the general view (overall look, the same for all attributes) in the score, 0 to 1. "
        "Null: as trained.",
    )
    least: float | None = Field(
        None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="Match level (chance that the value is shared) that hits must reach for each attribute, 0 to 1. "
        "Null: all. Only for attributes that are each asked for by one picture or item.",
    )
    filters: Filters = Field(None, description=FILTERS)
    terms: Terms = Field(
        None,
        description='Terms with sources of their own, such as ["color=navy", "-pattern=stripe*0.5", "sleeve_length@a0007"]: '
        "ATTRIBUTE=VALUE or ATTRIBUTE@ITEM, with - before it for what should not match and *WEIGHT behind it; or objects, "
        f"which also take pictures. They come beside `attributes` and `words`; {MOST_TERMS} at most in all.",
    )
    words: str | None = Field(
        None,
        description='Terms in words, English or Japanese, such as "V-neck, long sleeves, not navy" or "Vネック 長袖 紺以外". '
        "The answer says how they were understood, and which were not.",
    )


class ExplainQuestion(SearchQuestion):
    """Say where one item stands for a query, and why: share of each term, what holds it back, where the network looked."""

    about: str = Field(description="Id of the item that is explained, a hit or any other.")
    attention: str | None = Field(
        None, description="Attribute whose attention and crop box are given; null for the one that weighs most."
    )


def _level(value: Any) -> Any:
    """A level that was given in words as its least chance."""
    return LEVELS.get(value.strip().lower().replace("_", " "), value) if isinstance(value, str) else value


class SimilarQuestion(CatalogQuestion):
    """Find the items that agree with one item or picture on chosen attributes, as far as the match levels know."""

    item: str | None = Field(None, description="Id of the catalog item; null when `image` is given.")
    image: str | None = Field(
        None, description="Picture of a garment, as base64 text or a data URL; null when `item` is given."
    )
    attributes: list[str] | None = Field(None, description=f"On what they should agree, {_ATTRIBUTES}", min_length=1)
    level: Annotated[
        float,
        BeforeValidator(_level),
        WithJsonSchema({"anyOf": [{"enum": list(LEVELS)}, {"type": "number", "minimum": 0, "maximum": 1}]}),
    ] = Field(
        "likely",
        validate_default=True,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="How sure it has to be of each attribute that the value is shared: "
        + ", ".join(f'"{name}" ({chance:g})' for name, chance in reversed(LEVELS.items()))
        + ", or a chance from 0 to 1.",
    )
    k: Whole = Field(MOST_HITS, ge=1, description=_K)
    filters: Filters = Field(None, description=FILTERS)
