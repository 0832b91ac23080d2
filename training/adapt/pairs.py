"""Verdicts on two items, the same in an attribute or different, and the labels that follow from them.

More than labels that follow is not taken from them: pairs of unlabelled images as constraints of the regression (a graph
Laplacian) or in the weights of the embeddings changed MAP by +0.1 ± 0.3 and -0.1 ± 0.2 points, with five labels a value and
a hundred pairs (six attributes, four draws).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SETTLED = 5
"""Labels that each of two values has to have before "different from the one" says "the other": a third may be to come."""


@dataclass(frozen=True)
class Pair:
    """Two items by their ids, and whether they are the same in the attribute that is meant."""

    left: str
    right: str
    same: bool


@dataclass(frozen=True)
class Implied:
    """labels: item → value, of items that had none. contradicting: verdicts of groups that labels or other verdicts speak
    against; nothing follows from those."""

    labels: dict[str, str]
    contradicting: tuple[Pair, ...] = ()


def implied(labels: Mapping[str, str], pairs: Iterable[Pair]) -> Implied:
    """What follows for items without a label.

    What is the same as a labelled item has its value, and so on along a chain. What is different from one of two settled
    values (`SETTLED`) has the other. Several items that are the same as each other, and of which a verdict says that they
    differ from every value and every such group, are a value of their own: "group 1", "group 2".
    """
    pairs = tuple(dict.fromkeys(pairs))
    group = _groups(pairs)
    found: dict[str, set[str]] = {}
    for item, label in labels.items():
        found.setdefault(group.get(item, item), set()).add(label)
    apart = {(one, other) for pair in pairs if not pair.same for one, other in _both(group, pair)}
    torn = {one for one, there in found.items() if len(there) > 1} | {one for one, other in apart if one == other}
    value = {one: next(iter(there)) for one, there in found.items() if one not in torn}
    torn |= {one for one, other in apart if one in value and value[one] == value.get(other)}
    value = {one: its for one, its in value.items() if one not in torn}
    apart = {(one, other) for one, other in apart if not {one, other} & torn}
    value |= _others(value, apart, Counter(labels.values()))
    value |= _unnamed(value, apart, group, torn)
    new = {item: value[its] for item, its in group.items() if its in value and item not in labels}
    return Implied(new, tuple(pair for pair in pairs if {group[pair.left], group[pair.right]} & torn))


def _groups(pairs: Sequence[Pair]) -> dict[str, str]:
    """Item → the item that its group goes by: those that are the same, along chains."""
    above: dict[str, str] = {item: item for pair in pairs for item in (pair.left, pair.right)}

    def top(item: str) -> str:
        while above[item] != item:
            above[item] = above[above[item]]
            item = above[item]
        return item

    for pair in pairs:
        if pair.same:
            above[top(pair.right)] = top(pair.left)
    return {item: top(item) for item in above}


def _both(group: Mapping[str, str], pair: Pair) -> list[tuple[str, str]]:
    left, right = group[pair.left], group[pair.right]
    return [(left, right), (right, left)]


def _others(value: Mapping[str, str], apart: set[tuple[str, str]], counts: Mapping[str, int]) -> dict[str, str]:
    """Groups that are different from one of two settled values, and not from both."""
    if len(counts) != 2 or min(counts.values()) < SETTLED:
        return {}
    first, second = counts
    against: dict[str, set[str]] = {}
    for one, other in apart:
        if one not in value and other in value:
            against.setdefault(one, set()).add(value[other])
    return {one: second if first in no else first for one, no in against.items() if len(no) == 1}


def _unnamed(
    value: Mapping[str, str], apart: set[tuple[str, str]], group: Mapping[str, str], torn: set[str]
) -> dict[str, str]:
    """Groups of several items that differ from all values and from each other, the largest first."""
    members, taken = Counter(group.values()), dict[str, str]()
    for one, count in members.most_common():
        against = {({**value, **taken}).get(other) for mine, other in apart if mine == one}
        if count > 1 and one not in value and one not in torn and {*value.values(), *taken.values()} <= against:
            taken[one] = f"group {len(taken) + 1}"
    return taken if value or len(taken) > 1 else {}
