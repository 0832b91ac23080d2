"""What an act on the page makes of a query: pure functions from one step to the next.

An act that names what is not there (a stale page) changes nothing.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from retrieval import NOT_WEIGHT
from ui.asked import Asked, AskedTerm, Box, Picture, like
from ui.facets import pressed

MOST_TERMS = 16
"""Terms of one query at most."""
MOST_HITS = 200
"""Results that the page offers at most."""
MORE, LESS = 0.5, 0.25
"""What a result that is said to be right or wrong counts beside a term of weight 1: Rocchio's feedback in the form of
Ide (1971), where each result counts by itself."""
LARGEST = 2.0
"""The largest weight of a term."""
LEAST_BOX = 0.02
"""The least side of a box, as a share of the picture's."""


@dataclass(frozen=True)
class Step:
    """A query of the page, and the picture in its box, which need not be asked by. example: whether the page has asked it by
    itself, so that an attribute, a value or words begin anew instead of joining it."""

    asked: Asked = field(default_factory=Asked)
    picture: Picture = field(default_factory=Picture)
    example: bool = False


@dataclass(frozen=True)
class Known:
    """What a catalog has: attributes that can be asked, their values, what is asked first; and whether an item is there."""

    attributes: Sequence[str]
    values: Mapping[str, Sequence[str]]
    first: str
    has: Callable[[str], bool]


class BadBox(ValueError):  # noqa: N818
    """A part of a picture that is too small to be looked at."""


class TooManyTerms(ValueError):  # noqa: N818 - reads as what it says
    """More than `MOST_TERMS`."""


def turned(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    """The step that an act leads to; the same one where it changes nothing. TooManyTerms, BadBox."""
    turn = ACTS.get(str(act.get("act")))
    found = turn(step, act, known) if turn is not None else step
    if len(found.asked.terms) > MOST_TERMS:
        raise TooManyTerms
    return step if found == step else replace(found, example=False)


def _like(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    name = _attribute(act, known)
    if name is None or step.picture.empty:
        return step
    there = [term for term in step.asked.terms if _about(term, name, step.picture) and term.weight > 0]
    if there:
        return _with(step, [term for term in step.asked.terms if term not in there])
    others = [term for term in step.asked.terms if not _about(term, name, step.picture) and not step.example]
    return _with(step, _instead(others, AskedTerm(name, step.picture)))


def _unlike(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    name = _attribute(act, known)
    if name is None or step.picture.empty:
        return step
    others = [term for term in step.asked.terms if not _about(term, name, step.picture)]
    already = any(_about(term, name, step.picture) and term.weight < 0 for term in step.asked.terms)
    return _with(step, others if already else [*others, AskedTerm(name, step.picture, -NOT_WEIGHT)])


def _value(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    name, value = _attribute(act, known), str(act.get("value"))
    if name is None or value not in known.values.get(name, ()):
        return step
    there = [term for term in step.asked.terms if (term.attribute, term.source) == (name, value)]
    terms = [term for term in step.asked.terms if term not in there]
    if any(term.weight > 0 for term in there):
        return _with(step, terms)
    return _with(step, _instead([] if step.example else terms, AskedTerm(name, value)))


def _not_value(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    name, value = _attribute(act, known), str(act.get("value"))
    if name is None or value not in known.values.get(name, ()):
        return step
    there = [term for term in step.asked.terms if (term.attribute, term.source) == (name, value)]
    terms = [term for term in step.asked.terms if term not in there]
    if any(term.weight < 0 for term in there):
        return _with(step, terms)
    return _with(step, [*terms, AskedTerm(name, value, -NOT_WEIGHT)])


def _from_item(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    name, item = _attribute(act, known), str(act.get("item", ""))
    if name is None or not known.has(item):
        return step
    return _with(step, _instead(step.asked.terms, AskedTerm(name, Picture(item=item))))


def _ask(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    """A result to search on with: where no term is by a picture, the attributes whose values are asked are asked by it."""
    found, picture = _take(step, act, known), Picture(item=str(act.get("item", "")))
    if found is step or any(isinstance(term.source, Picture) for term in found.asked.terms):
        return found
    terms = [replace(term, source=picture) if term.weight > 0 else term for term in found.asked.terms]
    return replace(found, asked=replace(found.asked, terms=tuple(dict.fromkeys(terms))))


def _take(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    """A picture into the box."""
    item = str(act.get("item", ""))
    return over_to(step, Picture(item=item), known) if known.has(item) else step


def over_to(step: Step, picture: Picture, known: Known) -> Step:
    """The query with another picture in its box: the terms of the one before go over to it; where there are no terms at all,
    what is asked first is asked."""
    asked, before = replace(step.asked, arrival=None), step.picture
    terms = tuple(_moved(asked.terms, before, picture))
    if not terms and not picture.empty:
        terms = like(picture, {known.first: 1.0})
    return Step(replace(asked, terms=terms), picture)


def _clear_picture(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    left = [term for term in step.asked.terms if term.source != step.picture]
    return replace(_with(step, left), picture=Picture())


def _box(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    box = read_box(act.get("box"))
    return step if step.picture.empty else _altered(step, replace(step.picture, box=box))


def _turn(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    by = 1 if act.get("by") in (1, "1") else -1
    if step.picture.empty:
        return step
    box = step.picture.box
    if box is not None:
        left, top, right, bottom = box
        box = (1 - bottom, left, 1 - top, right) if by == 1 else (top, 1 - right, bottom, 1 - left)
    return _altered(step, replace(step.picture, turn=(step.picture.turn + by) % 4, box=box))


def _box_for(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    place, box = _place(step, act), read_box(act.get("box"))
    source = step.asked.terms[place].source if place is not None else ""
    if place is None or isinstance(source, str):
        return step
    return _replaced(step, place, source=replace(source, box=box))


def _altered(step: Step, picture: Picture) -> Step:
    """The picture in the box looked at in another way."""
    terms = _moved(step.asked.terms, step.picture, picture)
    return replace(step, asked=replace(step.asked, terms=tuple(terms)), picture=picture)


def _more(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    return _feedback(step, act, known, MORE)


def _less(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    return _feedback(step, act, known, -LESS)


def _feedback(step: Step, act: Mapping[str, Any], known: Known, part: float) -> Step:
    item, weights = str(act.get("item", "")), step.asked.weights
    if not known.has(item):
        return step
    source = Picture(item=item)
    there = {(term.attribute, term.weight) for term in step.asked.terms if term.source == source}
    new = [AskedTerm(name, source, part * weight) for name, weight in weights.items()]
    new = [term for term in new if (term.attribute, term.weight) not in there]
    others = [term for term in step.asked.terms if term.source != source or term.attribute not in weights]
    return _with(step, [*others, *new]) if new else step


def _weigh(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    place, value = _place(step, act), _number(act.get("value"))
    if place is None or value is None:
        return step
    size = min(max(abs(value), 0.0), LARGEST)
    before = step.asked.terms[place].weight
    return _replaced(step, place, weight=math.copysign(size, value if value < 0 else before))


def _negate(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    place = _place(step, act)
    if place is None:
        return step
    weight = -step.asked.terms[place].weight
    ordinary = {-1.0: -NOT_WEIGHT, NOT_WEIGHT: 1.0}
    return _replaced(step, place, weight=ordinary.get(weight, weight))


def _remove(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    place = _place(step, act)
    if place is None:
        return step
    return _with(step, [term for number, term in enumerate(step.asked.terms) if number != place])


def _source(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    """Another source for a term: an item, a value of its attribute, or the picture in the box."""
    place = _place(step, act)
    if place is None:
        return step
    name = step.asked.terms[place].attribute
    item, value = act.get("item"), act.get("value")
    if item is not None and known.has(str(item)):
        return _replaced(step, place, source=Picture(item=str(item)))
    if value is not None and value in known.values.get(name, ()):
        return _replaced(step, place, source=str(value))
    if act.get("box") and not step.picture.empty:
        return _replaced(step, place, source=step.picture)
    return step


def _set(name: str, read: Callable[[Any], Any]) -> Callable[..., Step]:
    def turn(step: Step, act: Mapping[str, Any], known: Known) -> Step:
        value = read(act.get("value"))
        return step if value is False else replace(step, asked=replace(step.asked, **{name: value}))

    return turn


def _k(value: Any) -> int | bool:
    number = _number(value)
    return False if number is None else int(min(max(number, 1), MOST_HITS))


def _share(value: Any) -> float | bool | None:
    """None: as trained."""
    if value in (None, "", "null"):
        return None
    number = _number(value)
    return False if number is None else min(max(number, 0.0), 1.0)


def _filters(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    found = {column: tuple(values) for column, values in pressed(step.asked.filters, act).items()}
    return replace(step, asked=replace(step.asked, filters=found))


def _anew(step: Step, act: Mapping[str, Any], known: Known) -> Step:
    return Step(Asked(k=step.asked.k, beta=step.asked.beta, gamma=step.asked.gamma))


def _with(step: Step, terms: Sequence[AskedTerm]) -> Step:
    return replace(step, asked=replace(step.asked, terms=tuple(dict.fromkeys(terms)), arrival=None))


def _replaced(step: Step, place: int, **changes: Any) -> Step:
    terms = list(step.asked.terms)
    terms[place] = replace(terms[place], **changes)
    return _with(step, terms)


def _instead(terms: Sequence[AskedTerm], new: AskedTerm) -> list[AskedTerm]:
    """A term in the place of those of positive weight of its attribute; at the end where there are none."""
    found: list[AskedTerm] = []
    for term in terms:
        if term.attribute == new.attribute and term.weight > 0:
            if new not in found:
                found.append(new)
        else:
            found.append(term)
    return found if new in found else [*found, new]


def _moved(terms: Sequence[AskedTerm], before: Picture, after: Picture) -> list[AskedTerm]:
    return [replace(term, source=after) if term.source == before else term for term in terms]


def _about(term: AskedTerm, attribute: str, picture: Picture) -> bool:
    return term.attribute == attribute and term.source == picture


def _attribute(act: Mapping[str, Any], known: Known) -> str | None:
    name = act.get("attribute")
    return name if name in known.attributes else None


def _place(step: Step, act: Mapping[str, Any]) -> int | None:
    number = _number(act.get("term"))
    return int(number) if number is not None and 0 <= number < len(step.asked.terms) else None


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def read_box(value: Any) -> Box | None:
    """A box that a page has sent; None for none. BadBox for what is no box, or a tiny one."""
    if value in (None, "", "null"):
        return None
    try:
        left, top, right, bottom = (min(max(float(edge), 0.0), 1.0) for edge in value)
    except (TypeError, ValueError) as error:
        raise BadBox from error
    if not right - left >= LEAST_BOX or not bottom - top >= LEAST_BOX:
        raise BadBox
    return round(left, 4), round(top, 4), round(right, 4), round(bottom, 4)


ACTS: dict[str, Callable[[Step, Mapping[str, Any], Known], Step]] = {
    "like": _like,
    "unlike": _unlike,
    "value": _value,
    "not_value": _not_value,
    "from_item": _from_item,
    "ask": _ask,
    "take": _take,
    "clear_picture": _clear_picture,
    "box": _box,
    "turn": _turn,
    "box_for": _box_for,
    "more": _more,
    "less": _less,
    "weigh": _weigh,
    "negate": _negate,
    "remove": _remove,
    "source": _source,
    "k": _set("k", _k),
    "least": _set("least", lambda value: _share(value) or None),
    "beta": _set("beta", _share),
    "gamma": _set("gamma", _share),
    "filter": _filters,
    "filters": _filters,
    "clear_filters": _filters,
    "anew": _anew,
}
