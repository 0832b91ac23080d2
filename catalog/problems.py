"""What is wrong with files that become a catalog: how often, where, and which mend is offered for it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.assembly import Gathered
from catalog.labelling import Labels
from catalog.loading import Reading
from catalog.mending import Mending, key_of
from catalog.notes import LeftOut, Note, few
from catalog.picking import Picked
from catalog.roles import Given
from catalog.wish import Wish

EXAMPLES = 5
SAFE = frozenset(("unreadable", "cells", "near-equal", "markers"))
"""Kinds of mends that lose nothing that could be used: no label that says something, no picture of an item of its own."""
_LOST = {
    **{kind: kind for kind in ("missing", "blank-image", "address", "outside", "repeated", "quotes", "json")},
    "cells": "cells-lost",
}
"""Reason of a row that is left out → kind of the problem."""
_CHOICES = {"several": ("blank", "first", "commonest"), "twins": ("first", "group")}


@dataclass(frozen=True)
class Problem:
    """Something that is wrong. kind: `note` has its sentence. column: '' where it is of none. count: of rows, pictures,
    labels or values, as the sentence says. examples: at most five. mend: the key that switches its mend, None where
    there is none. on: whether that is on now. choices, choice: what the mend can do, and does (`Wish.several`, `Wish.twins`).
    """

    kind: str
    count: int
    examples: tuple[str, ...] = ()
    column: str = ""
    mend: str | None = None
    on: bool = False
    choice: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        return _CHOICES.get(self.kind, ())

    @property
    def note(self) -> Note:
        """What is wrong."""
        facts = {"count": f"{self.count:,}", "column": self.column, "examples": few(self.examples)}
        return Note(f"problem-{self.kind}", facts)

    @property
    def remedy(self) -> Note | None:
        """What the mend does."""
        return Note(f"mend-{self.kind}{self.choice and '-'}{self.choice}") if self.mend else None

    @property
    def safe(self) -> bool:
        """Whether the mend loses nothing that could be used."""
        return self.mend is not None and self.kind in SAFE

    def to_dict(self) -> dict[str, Any]:
        """What JSON has of it."""
        remedy = self.remedy
        own = {"kind": self.kind, "column": self.column, "count": self.count, "examples": list(self.examples)}
        mend = {"mend": self.mend, "on": self.on, "choices": list(self.choices), "choice": self.choice}
        return {**own, **mend, "safe": self.safe, "text": self.note.text, "remedy": remedy.text if remedy else None}


def find_problems(
    reading: Reading, picked: Picked, unused: Sequence[str], given: Sequence[Given], wish: Wish
) -> tuple[Problem, ...]:
    """All that is wrong, what concerns whole rows and pictures first. unused: images that no row names."""
    mending = Mending(wish.mends, wish.several, wish.twins)
    found = [*_of_rows(reading.gathered), *_of_pictures(picked, unused)]
    for one in given:
        found += _of_roles(one)
        if labels := reading.labelled.found.get(one.attribute) if one.role == "attribute" else None:
            found += _of_labels(one.column.name, labels)
    if reading.catalog.items and not reading.catalog.attributes:
        found.append(Problem("unlabelled", len(reading.catalog.items)))
    return tuple(_offered(problem, mending) for problem in found)


def _offered(problem: Problem, mending: Mending) -> Problem:
    """With its mend, and whether that is on."""
    if problem.kind in (*_LOST.values(), "unlabelled"):
        return problem
    choice = {"several": mending.several, "twins": mending.twins}.get(problem.kind, "")
    key, on = key_of(problem.kind, problem.column), mending.on(problem.kind, problem.column)
    return Problem(problem.kind, problem.count, problem.examples, problem.column, key, on, choice)


def _problem(kind: str, examples: Sequence[str], column: str = "", count: int | None = None) -> Iterator[Problem]:
    if examples:
        yield Problem(kind, len(examples) if count is None else count, tuple(examples[:EXAMPLES]), column)


def _of_rows(gathered: Gathered) -> Iterator[Problem]:
    joined = [
        f"{note.facts['table']}:{line}" for note in gathered.notes if note.kind == "cells-mended" for line in note.lines
    ]
    yield from _problem("cells", joined or [_at(row) for row in gathered.left_out if row.reason == "cells-mendable"])
    for reason, kind in _LOST.items():
        rows = [row for row in gathered.left_out if row.reason == reason]
        yield from _problem(kind, [row.image or _at(row) for row in rows])


def _at(row: LeftOut) -> str:
    return f"{row.table}:{row.line}"


def _of_pictures(picked: Picked, unused: Sequence[str]) -> Iterator[Problem]:
    yield from _problem("unreadable", picked.unreadable)
    yield from _problem("twins", [f"{path} = {other}" for path, other in picked.twins])
    yield from _problem("id-twice", list(dict.fromkeys(picked.again)), count=len(picked.again))
    yield from _problem("sides", picked.sides)
    yield from _problem("unused-images", unused)


def _of_roles(one: Given) -> Iterator[Problem]:
    if one.doubt is None:
        return
    values = [value for value, _ in Counter(cell for cell in one.column.cells if cell).most_common()]
    kind = "one-value" if one.doubt.kind == "why-one-value" else "many-values"
    yield from _problem(kind, values, one.column.name)


def _of_labels(column: str, labels: Labels) -> Iterator[Problem]:
    counts, faults = Counter(labels.written), labels.faults

    def counted(values: Iterable[str]) -> int:
        return sum(counts[value] for value in values)

    spelled = sorted(faults.spellings.items(), key=lambda pair: -counts[pair[0]])
    yield from _problem("near-equal", [f"{old} → {new}" for old, new in spelled], column, counted(faults.spellings))
    for kind, values in (("markers", faults.markers), ("doubtful", faults.doubtful), ("several", faults.several)):
        yield from _problem(kind, sorted(values, key=lambda value: (-counts[value], value)), column, counted(values))
    yield from _problem("single-images", labels.single, column)
    yield from _problem("group-differs", [" / ".join(values) for values in labels.differing], column)
