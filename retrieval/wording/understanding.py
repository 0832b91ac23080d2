"""From what people write to terms of a query, and to what was not understood."""

from dataclasses import dataclass

from retrieval.query import NOT_WEIGHT
from retrieval.wording.alike import Suggestion, suggest
from retrieval.wording.meaning import Word, meanings
from retrieval.wording.mend import mended
from retrieval.wording.parts import UNKNOWN, WORD, Part
from retrieval.wording.scan import scan
from retrieval.wording.signs import set_signs, set_weights
from retrieval.wording.text import Text, read
from retrieval.wording.vocabulary import Vocabulary

LONGEST = 200
"""Characters that are read; what is longer is no search."""
NAMED = 8
"""Values that are offered for an attribute that was named without one."""

Span = tuple[int, int]
"""Where something stands in a text: from its first character to the one after its last."""


@dataclass(frozen=True)
class ValueTerm:
    """A value that was asked for, of which a `Term` with a `ValueSource` can be made.

    sign: 1, or -1 for what is not wanted. weight: above 0; 1 unless a word or number says otherwise. words, span: what
    was written for it, as it was written. others: what these words can mean as well, as (attribute, value); empty where
    the text leaves no doubt. misspelled: whether the words were read as others that they look like.
    """

    attribute: str
    value: str
    sign: int
    weight: float
    words: str
    span: Span
    others: tuple[tuple[str, str], ...] = ()
    misspelled: bool = False

    @property
    def signed(self) -> float:
        """The weight of a `Term`: below 0 for what is not wanted, which counts `NOT_WEIGHT` unless it is weighed."""
        return self.weight if self.sign > 0 else -NOT_WEIGHT * self.weight


@dataclass(frozen=True)
class Unknown:
    """Words that were not understood, as they were written, with what they may have been meant for. sign: -1 where that is
    not wanted."""

    words: str
    span: Span
    suggestions: tuple[Suggestion, ...]
    sign: int = 1


@dataclass(frozen=True)
class Understood:
    """What a text asks for. used: where the words stand that are in no term but helped to understand the others, or
    mean nothing for a search: of grammar, and names of attributes whose value is in a term."""

    terms: tuple[ValueTerm, ...]
    unknown: tuple[Unknown, ...]
    used: tuple[Span, ...]
    cut: bool = False
    """Whether the text was longer than `LONGEST` and its end was not read."""


def understand(text: str, vocabulary: Vocabulary) -> Understood:
    """The terms that a text asks for, in English, Japanese or both at once.

    Every character that is no blank is in a term, in something unknown or in `used`. No text raises an error. A word
    with several meanings takes the attribute that is named in the same clause ("long sleeves", 袖が長い); where none is,
    the first meaning, and the term carries the others.
    """
    given = read(text[:LONGEST])
    parts = mended(scan(given, vocabulary), given, vocabulary)
    found = meanings(parts, given, vocabulary)
    set_signs(found, parts, vocabulary)
    set_weights(found, parts)
    asked = {word.attribute for word in found if word.chosen}
    terms: dict[tuple[str, str, int], ValueTerm] = {}
    used: list[Span] = []
    for word in found:
        if word.is_value:
            term = _term(word, given)
            if (term.attribute, term.value, term.sign) in terms:
                used.append(term.span)
            else:
                terms[term.attribute, term.value, term.sign] = term
    unknown: list[Unknown] = []
    at = {word.place: word for word in found}
    for place, part in enumerate(parts):
        helps = part.role == WORD and not at[place].chosen and bool(at[place].names & asked)
        if helps or part.role not in (WORD, UNKNOWN):
            used.append(given.span(part.start, part.end))
        elif part.role == UNKNOWN or not at[place].is_value:
            unknown.append(_unknown(part, at.get(place), given, vocabulary))
    said = {one.span: one for one in unknown}
    taken = [*said, *(term.span for term in terms.values())]
    helped = tuple(
        (start, end)
        for start, end in dict.fromkeys(used)
        if not any(one[0] <= start and end <= one[1] for one in taken)
    )
    return Understood(tuple(terms.values()), tuple(said.values()), helped, len(text) > LONGEST)


def _term(word: Word, text: Text) -> ValueTerm:
    means = [(claim.attribute, claim.value) for claim in word.chosen if claim.value is not None]
    (attribute, value), *others = dict.fromkeys(means)
    part = word.part
    return ValueTerm(
        attribute,
        value,
        word.sign,
        word.weight,
        text.words(part.start, part.end),
        text.span(part.start, part.end),
        tuple(others),
        part.is_misspelled(text),
    )


def _unknown(part: Part, word: Word | None, text: Text, vocabulary: Vocabulary) -> Unknown:
    return Unknown(
        text.words(part.start, part.end),
        text.span(part.start, part.end),
        _near(word, vocabulary) or _named(word, vocabulary) or suggest(text.folded[part.start : part.end], vocabulary),
        word.sign if word is not None else 1,
    )


def _near(word: Word | None, vocabulary: Vocabulary) -> tuple[Suggestion, ...]:
    offers = (offer for claim in (word.claims if word else ()) for offer in claim.offers)
    return tuple(Suggestion(attribute, value, "near") for attribute, value in dict.fromkeys(offers))


def _named(word: Word | None, vocabulary: Vocabulary) -> tuple[Suggestion, ...]:
    """The values of the first attribute of the catalog that a word names."""
    if not word:
        return ()
    named = [one for one in vocabulary.attributes if one.name in word.names]
    return tuple(Suggestion(one.name, value, "named") for one in named[:1] for value in one.values[:NAMED])
