"""What is not wanted, and how much each word counts."""

from collections.abc import Iterator

from retrieval.wording import grammar
from retrieval.wording.meaning import Word
from retrieval.wording.parts import UNKNOWN, Part
from retrieval.wording.vocabulary import Claim, Vocabulary

_STOPS = {UNKNOWN, grammar.WALL, grammar.TOO, grammar.NOT_AFTER}
"""Roles that a negation does not reach across to its first word."""


def set_signs(found: list[Word], parts: list[Part], words: Vocabulary) -> None:
    """Negates the words that a negation reaches. Where the catalog has a value for that ("no collar"), it is asked for
    instead of the other one being unwanted."""
    at = {word.place: word for word in found}
    reached: dict[int, Word] = {}
    twice: dict[int, Word] = {}
    for place, part in enumerate(parts):
        if part.role in (grammar.NOT, grammar.EXCEPT):
            after = list(_forward(place, at, parts, words))
            answered = not after and place and parts[place - 1].role == grammar.LINK
            reached.update((word.place, word) for word in (_backward(place, at, parts) if answered else after))
        elif part.role == grammar.NOT_AFTER and place and parts[place - 1].role == grammar.NOT_AFTER:
            twice.update((word.place, word) for word in _backward(place - 1, at, parts))
        elif part.role == grammar.NOT_AFTER:
            reached.update((word.place, word) for word in _backward(place, at, parts))
    for word in reached.values():
        _negate(word, words)
    for word in twice.values():
        word.sign = -word.sign


def set_weights(found: list[Word], parts: list[Part]) -> None:
    """Gives each weight to the next value, or to the last one, as it is written; the other way where there is none."""
    at = {word.place: word for word in found if word.is_value}
    for place, part in enumerate(parts):
        if part.role in (grammar.WEIGHT, grammar.WEIGHT_AFTER):
            ways = [_reach(place, step, at, parts) for step in (1, -1)]
            word = next((one for one in (ways if part.role == grammar.WEIGHT else ways[::-1]) if one), None)
            if word:
                word.weight = part.weight


def _reach(place: int, step: int, at: dict[int, Word], parts: list[Part]) -> Word | None:
    """The next value in a direction, before anything new begins."""
    place += step
    while 0 <= place < len(parts) and parts[place].role not in (*_STOPS, grammar.AND, grammar.OR):
        if place in at:
            return at[place]
        place += step
    return None


def _can_be_negated(word: Word) -> bool:
    return bool(word.chosen or word.without)


def _first(places: range, at: dict[int, Word], parts: list[Part]) -> Word | None:
    for place in places:
        if parts[place].role in _STOPS:
            return None
        if place in at and _can_be_negated(at[place]):
            return at[place]
    return None


def _forward(place: int, at: dict[int, Word], parts: list[Part], words: Vocabulary) -> Iterator[Word]:
    """What "not" says of the words after it: the first; those joined to it by "or"; by "and" those of the same
    attribute, and those of which there can be none; by a comma those of the same attribute in a list with "or"."""
    word = _first(range(place + 1, len(parts)), at, parts)
    lists = parts[place].role == grammar.EXCEPT
    while word:
        yield word
        joint, after = _next(word, 1, at, parts)
        same = after is not None and after.attribute == word.attribute
        both = after is not None and _can_be_none(word, words) and _can_be_none(after, words)
        goes_on = (
            joint == grammar.OR
            or (joint == grammar.AND and (same or both))
            or (joint == grammar.TOO and same and (lists or _ends_with_or(after, at, parts)))
        )
        word = after if goes_on else None


def _ends_with_or(word: Word | None, at: dict[int, Word], parts: list[Part]) -> bool:
    while word:
        joint, after = _next(word, 1, at, parts)
        if joint != grammar.TOO or after is None or after.attribute != word.attribute:
            return joint == grammar.OR
        word = after
    return False


def _backward(place: int, at: dict[int, Word], parts: list[Part]) -> Iterator[Word]:
    """What 以外 and its like say of the words before them: the last; those joined to it by や, か, と; by a comma those
    of the same attribute."""
    word = _first(range(place - 1, -1, -1), at, parts)
    while word:
        yield word
        joint, before = _next(word, -1, at, parts)
        same = before is not None and before.attribute == word.attribute
        goes_on = joint in (grammar.OR, grammar.AND) or (joint == grammar.TOO and same)
        word = before if goes_on else None


def _next(word: Word, step: int, at: dict[int, Word], parts: list[Part]) -> tuple[str, Word | None]:
    """The next word in a direction and the role of the one thing that joins the two, '' where more or less does."""
    joints: list[str] = []
    place = word.place + step
    while 0 <= place < len(parts):
        role = parts[place].role
        if place in at and _can_be_negated(at[place]):
            return (joints[0] if len(joints) == 1 else ""), at[place]
        if role not in (grammar.PASS, grammar.LINK) and place not in at:
            joints.append(role)
        place += step
    return "", None


def _can_be_none(word: Word, words: Vocabulary) -> bool:
    return bool(_none_of(word, words))


def _none_of(word: Word, words: Vocabulary) -> list[Claim]:
    """The values for "no" of what a word means."""
    here = [claim for claim in word.without if claim.value is not None]
    opposite = [
        Claim(claim.attribute, words.opposites[claim.attribute, claim.value], claim.rank)
        for claim in word.chosen
        if claim.value is not None and (claim.attribute, claim.value) in words.opposites
    ]
    return here or opposite


def _negate(word: Word, words: Vocabulary) -> None:
    if none := _none_of(word, words):
        word.chosen = none
    else:
        word.sign = -1
