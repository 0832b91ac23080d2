"""Values of a column in groups: by the paths that they are written as, or by another column that sums them up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from catalog import Columns

SEPARATORS = (" > ", " / ", " » ", " › ", "::", ">", "|")
"""What stands between the steps of a path, in the order in which they are looked for."""
FEWEST = 50
"""Items from which on one column is believed to sum up another."""


@dataclass(frozen=True)
class Group:
    """name: the first step of the paths, or the value of the column that sums up. between: what stands between steps, '' for
    none."""

    name: str
    values: tuple[str, ...]
    between: str = ""

    def rest(self, value: str) -> str:
        """A value without the step that its group is named after."""
        if not self.between:
            return value
        steps = [step.strip() for step in value.split(self.between)]
        return " › ".join(steps[1:]) or value


def grouped(columns: Columns, names: Sequence[str]) -> dict[str, list[Group]]:
    """Column → groups of its values, for those of `names` that have any: written as paths ("Tops > Shirts"), or summed up by
    another of them, whose value each of theirs has alone (`Tops` of `Shirts`)."""
    found: dict[str, list[Group]] = {}
    for name in names:
        values = list(columns.counts(name))
        if groups := by_path(values) or _by_parent(columns, name, names):
            found[name] = groups
    return found


def by_path(values: Sequence[str]) -> list[Group]:
    """Groups of values by their first steps; none unless nearly all are paths and some share a step."""
    for between in SEPARATORS:
        if sum(between in value for value in values) * 10 < len(values) * 9:
            continue
        groups: dict[str, list[str]] = {}
        for value in values:
            groups.setdefault(value.split(between)[0].strip(), []).append(value)
        if 1 < len(groups) < len(values):
            return [Group(name, tuple(own), between) for name, own in groups.items()]
    return []


def _by_parent(columns: Columns, name: str, names: Sequence[str]) -> list[Group]:
    """Groups by the column with most values that sums a column up."""
    values, codes = columns.coded(name)
    best: list[Group] = []
    for other in names:
        if other == name or not len(best) < len(columns.counts(other)) < len(columns.counts(name)):
            continue
        above, over = columns.coded(other)
        place = _parents(codes, over, len(values), "" not in values, above)
        if place is None:
            continue
        groups: dict[str, list[str]] = {}
        for value, parent in zip(values, place.tolist(), strict=True):
            if value:
                groups.setdefault(above[parent], []).append(value)
        if "" not in groups and 1 < len(groups) * 3 <= 2 * sum(map(len, groups.values())):
            best = [Group(parent, tuple(own)) for parent, own in groups.items()]
    return best


def _parents(codes: np.ndarray, over: np.ndarray, count: int, whole: bool, above: Sequence[str]) -> np.ndarray | None:
    """The value of the other column, int64 (count,), that goes with each value; None where one goes with several. whole:
    whether no item is without a value."""
    if len(codes) < FEWEST or len(above) < 2:
        return None
    place: np.ndarray = np.zeros(count, np.int64)
    place[codes] = over
    alone = place[codes] == over
    return place if bool(alone.all()) or (not whole and _only_blank(codes, alone)) else None


def _only_blank(codes: np.ndarray, alone: np.ndarray) -> bool:
    """Whether those that go with several values are all of one code, that of blank ones."""
    return len(np.unique(codes[~alone])) == 1
