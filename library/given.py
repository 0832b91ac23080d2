"""What somebody said in the page of items: labels and verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass

UNSEEN = ""
"""What is given in the place of a value where an attribute cannot be seen."""
RANDOM, UNDO, TABLE = "random", "undo", "table"


@dataclass(frozen=True)
class Given:
    """A label that somebody gave in the page.

    value: None takes away what was there; `UNSEEN` says that the attribute cannot be seen on the picture. why: how its picture
    came to be shown ("random", "typical", "unsure", "different", "result" for one of a search, "item" for one of the list,
    "table" for a table of labels); "undo" takes the last one back. at: seconds since the epoch. before: what held until then.
    """

    item: str
    attribute: str
    value: str | None
    why: str
    at: float
    before: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What somebody said of two items: whether they are the same in an attribute; None takes back what was said."""

    query: str
    item: str
    attribute: str
    same: bool | None
    at: float


def standing(given: Iterable[Given]) -> list[Given]:
    """Labels given in the page without those that were taken back, oldest first."""
    kept: list[Given] = []
    for one in given:
        if one.why != UNDO:
            kept.append(one)
            continue
        last = next((other for other in reversed(kept) if _about(other) == _about(one)), None)
        if last is not None:
            kept.remove(last)
    return kept


def chosen(given: Iterable[Given]) -> set[tuple[str, str]]:
    """Item and attribute of the labels in force whose pictures somebody chose: figures on them would be biased. Those of a
    table count as those that the catalog came with."""
    last = {_about(one): one for one in standing(given)}
    return {about for about, one in last.items() if one.value and one.why not in (RANDOM, TABLE)}


def replaced(given: Iterable[Given]) -> dict[tuple[str, str], str | None]:
    """The same, labels that were taken away included → the label that held before; None where there was none."""
    found: dict[tuple[str, str], str | None] = {}
    for one in standing(given):
        if one.why in (RANDOM, TABLE):
            found.pop(_about(one), None)
        else:
            found.setdefault(_about(one), one.before)
    return found


def _about(given: Given) -> tuple[str, str]:
    return given.item, given.attribute
