"""Which value each known word means: by the words of attributes beside it, by what it is listed with."""

from dataclasses import dataclass, field
from itertools import pairwise

from retrieval.wording import grammar
from retrieval.wording.parts import WORD, Part
from retrieval.wording.text import Text
from retrieval.wording.vocabulary import Claim, Vocabulary

WALLS = {grammar.WALL, grammar.AND, grammar.OR, grammar.TOO, grammar.EXCEPT, grammar.NOT_AFTER}
"""Roles that part one clause from the next: a word of an attribute tells of values in its own clause."""
LISTS = {grammar.AND, grammar.OR, grammar.TOO}


@dataclass
class Word:
    """A known word on its way to a term.

    place: of its part. claims: what it may mean. names: the attributes that it names. chosen: what it means; empty for a
    word that only names an attribute. told: whether a word of the attribute has told which. sign, weight: as of a term.
    """

    place: int
    part: Part
    claims: tuple[Claim, ...]
    names: frozenset[str]
    without: tuple[Claim, ...]
    chosen: list[Claim] = field(default_factory=list)
    told: bool = False
    sign: int = 1
    weight: float = 1.0

    @property
    def attribute(self) -> str:
        return self.chosen[0].attribute if self.chosen else ""

    @property
    def is_value(self) -> bool:
        """Whether it means a value of the catalog."""
        return bool(self.chosen) and self.chosen[0].value is not None


def meanings(parts: list[Part], text: Text, words: Vocabulary) -> list[Word]:
    """The known words of a text with what each means."""
    order = {one.name: place for place, one in enumerate(words.attributes)}
    found = [
        Word(
            place,
            part,
            tuple(sorted(words.claims.get(part.key, ()), key=lambda claim: order.get(claim.attribute, len(order)))),
            words.names.get(part.key, frozenset()),
            words.without.get(part.key, ()),
        )
        for place, part in enumerate(parts)
        if part.role == WORD
    ]
    for word in found:
        _choose(word, _beside(word, found, parts, text))
    for first, second in pairwise(found):
        _choose_as_listed(first, second, parts)
    for second, first in pairwise(found[::-1]):
        _choose_as_listed(second, first, parts)
    for word in found:
        if _only_names(word, found, parts, words):
            word.chosen = []
    return found


def between(first: Word, second: Word, parts: list[Part]) -> set[str]:
    """The roles of what stands between two words, in whichever order they are."""
    start, end = sorted((first.place, second.place))
    return {part.role for part in parts[start + 1 : end]}


def same_clause(first: Word, second: Word, parts: list[Part]) -> bool:
    return not between(first, second, parts) & WALLS


def _beside(word: Word, found: list[Word], parts: list[Part], text: Text) -> list[Word]:
    """The words of attributes in the clause of a word: those tied to it first, then the nearest, then those after."""

    def rank(other: Word) -> tuple[bool, int, bool]:
        before = other.place < word.place
        gap = word.part.start - other.part.end if before else other.part.start - word.part.end
        return not (before and _is_tied(other, word, parts, text)), gap, before

    return sorted((one for one in found if one is not word and one.names and same_clause(one, word, parts)), key=rank)


def _is_tied(name: Word, value: Word, parts: list[Part], text: Text) -> bool:
    """Sleeves are long, color: red, 袖が長い, 袖の長い."""
    inside = parts[name.place + 1 : value.place]
    if any(part.role not in (grammar.LINK, grammar.PASS) for part in inside):
        return False
    adjective = text.plain[value.part.start : value.part.end].endswith(("い", "め"))
    of = any(text.plain[part.start : part.end] == "の" for part in inside)
    return any(part.role == grammar.LINK for part in inside) or (of and adjective)


def _choose(word: Word, names: list[Word]) -> None:
    """Takes the attributes named nearest, and of several those that the next ones leave (コートの丈が膝まで)."""
    claims = word.claims
    for name in names:
        told = tuple(claim for claim in claims if claim.attribute in name.names)
        if told:
            claims, word.told = told, True
    word.chosen = _best([claim for claim in claims if word.told or not claim.beside])


def _best(claims: list[Claim]) -> list[Claim]:
    """Those of the catalog before those that it has not; of these the ones by the best right."""
    here = [claim for claim in claims if claim.value is not None] or claims
    return [claim for claim in here if claim.rank == min(one.rank for one in here)]


def _choose_as_listed(word: Word, other: Word, parts: list[Part]) -> None:
    """Long or short sleeves: what is listed with a value of an attribute is one of the same."""
    roles = between(word, other, parts) - {grammar.PASS}
    sure = other.told or len({claim.attribute for claim in other.chosen}) == 1
    if word.told or not sure or not other.is_value or len(roles) != 1 or not roles <= LISTS:
        return
    if same := [claim for claim in word.claims if claim.attribute == other.attribute]:
        word.chosen, word.told = _best(same), True


def _only_names(word: Word, found: list[Word], parts: list[Part], words: Vocabulary) -> bool:
    """Whether a word of a value is only the name of an attribute whose value stands beside it ("striped print"), or
    names one of this catalog but means a value that the catalog has not ("a coat")."""
    if not word.names or not word.chosen:
        return False
    if not word.is_value:
        return bool(word.names & words.has)
    loose = {grammar.PASS, grammar.LINK, grammar.NOT}
    return any(
        other is not word
        and other.is_value
        and other.attribute == word.attribute
        and word.attribute in word.names
        and not (other.names and other.place > word.place)
        and between(word, other, parts) <= loose
        for other in found
    )
