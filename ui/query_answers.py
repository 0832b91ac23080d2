"""What programs get back from a search, similar items or an explanation, with the descriptions of all fields.

As in `ui.answers`, these models describe; answers are plain dictionaries.
"""

from typing import Literal

from pydantic import BaseModel, Field

from ui.answers import NOTES


class TermEntry(BaseModel):
    text: str | None = Field(description="The term as `terms` reads it; null for a picture, or a part of an item's.")
    attribute: str = Field(description="Name of the attribute as the weights spell it.")
    value: str | None = Field(description="The value that is asked for, as the catalog spells it.")
    item: str | None = Field(description="The item that is asked by.")
    image: bool = Field(description="Whether it is asked by a picture that came with the question.")
    box: list[float] | None = Field(description="Part of the image that is looked at, as fractions of its sides.")
    turn: int = Field(description="Quarter turns clockwise.")
    weight: float = Field(description="How much it counts; below 0: it should not match.")
    given: Literal["attributes", "terms", "words"] = Field(description="Which parameter it came from.")


class Meaning(BaseModel):
    attribute: str = Field(description="Name of the attribute.")
    value: str = Field(description="The value.")


class Understood(Meaning):
    words: str = Field(description="The words as they were written.")
    weight: float = Field(description="How much it counts; below 0: it should not match.")
    misspelled: bool = Field(description="Whether the words were read as others that they look like.")
    others: list[Meaning] = Field(description="What the words can mean as well.")


class UnknownWords(BaseModel):
    words: str = Field(description="The words as they were written.")
    suggestions: list[Meaning] = Field(description="What they may have been meant for.")


class Words(BaseModel):
    understood: list[Understood] = Field(description="What the words were taken for.")
    unknown: list[UnknownWords] = Field(description="Words that were not understood; they change nothing.")


class Hit(BaseModel):
    id: str = Field(description="Id of the item.")
    score: float = Field(description="How well it matches, at most 1; hits come best first.")
    shares: dict[str, float] = Field(description="What each attribute adds to the score; they sum to it.")
    term_shares: list[float] = Field(description="What each of `terms` adds to the score, in their order.")
    chances: dict[str, float] = Field(
        description="Match level: the chance that query and hit share an attribute's value, 0 to 1, where it is known."
    )
    hidden: list[str] = Field(description="Attributes asked for that cannot be seen on the item; such hits come last.")
    labels: dict[str, str] = Field(description="Attribute to value, where the item is labelled.")
    image: str = Field(description="Address of a thumbnail (WebP).")


class SearchAnswer(BaseModel):
    hits: list[Hit] = Field(description="Hits, best first, without the items that are asked by.")
    terms: list[TermEntry] = Field(description="What was asked, term by term, as it was understood.")
    words: Words | None = Field(description="What was made of `words`; null where there are none.")
    notes: list[str] = Field(description=NOTES)


class Standing(BaseModel):
    id: str = Field(description="Id of the item.")
    rank: int | None = Field(
        description="Its place, 1 for the best; null where the filters, or being asked by, keep it out."
    )
    among: int = Field(description="How many items may be found.")
    found: bool = Field(description="Whether it is among the first `k`, and reaches `least`.")
    score: float = Field(description="How well it matches, at most 1.")
    chances: dict[str, float] = Field(description="Match level of each attribute, where it is known.")
    levels: dict[str, str] = Field(description="The same in words: very likely, likely or unlikely to share the value.")
    hidden: list[str] = Field(description="Attributes asked for that cannot be seen on it, for which it comes last.")
    labels: dict[str, str] = Field(description="Attribute to value, where the item is labelled.")
    image: str = Field(description="Address of a thumbnail (WebP).")


class Against(BaseModel):
    id: str = Field(description="Id of the hit.")
    rank: int = Field(description="Its place.")
    score: float = Field(description="Its score.")
    term_shares: list[float] = Field(description="What each term adds to it.")


class TermShare(TermEntry):
    share: float = Field(description="What the term adds to the score of the item.")
    gap: float | None = Field(description="What it adds to the hit in `against`, less that; null without such a hit.")


class LabelSaid(BaseModel):
    attribute: str = Field(description="An attribute that is asked for.")
    wanted: list[str] = Field(
        description="Labels that a hit should have: values asked for, and those of items asked by."
    )
    unwanted: list[str] = Field(description="Labels that it should not have.")
    label: str | None = Field(description="The label of the item; null where it has none.")
    agrees: bool | None = Field(description="Whether it is as wanted; null where labels do not say.")


class Look(BaseModel):
    box: list[float] = Field(
        description="The crop that the network chose: left, top, right, bottom as fractions of the picture's sides."
    )
    frame: list[float] = Field(description="The square that `grid` covers, likewise.")
    grid: list[list[float]] = Field(description="Attention of the region branch, rows from the top; it sums to 1.")
    patch_frame: list[float] | None = Field(description="The part that `patch_grid` covers, likewise.")
    patch_grid: list[list[float]] | None = Field(description="Attention of the patch branch; null without one.")


class Attention(BaseModel):
    attribute: str = Field(description="The attribute that was looked for.")
    item: Look = Field(description="Where on the item's picture.")
    query: Look | None = Field(
        description="Where on the picture that the attribute is asked by, turned and cut as asked; null for a value."
    )


class ExplainAnswer(BaseModel):
    item: Standing = Field(description="Where the item stands.")
    terms: list[TermShare] = Field(description="What was asked, and what each term adds; the shares sum to the score.")
    held_back_by: int | None = Field(
        description="Place in `terms`, from 0, of the one that costs it most against `against`; null where it is found."
    )
    against: Against | None = Field(description="The hit that it is compared with: the last of the first `k`.")
    labels: list[LabelSaid] = Field(description="Labels that agree with what is asked, and those that do not.")
    attention: Attention | None = Field(
        description="Where the network looked for one attribute; null where it cannot say."
    )
    words: Words | None = Field(description="What was made of `words`; null where there are none.")
    notes: list[str] = Field(description=NOTES)
