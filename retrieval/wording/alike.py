"""Words that look like others: what was misspelled, and what to suggest for a word that nobody knows (rapidfuzz)."""

from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.wording.text import read, sound
from retrieval.wording.vocabulary import VARIANT, Vocabulary

SHORTEST = 4
"""A word of fewer characters is not taken for a misspelled one: too many real words are that near to each other."""
LONG = 8
"""From so many characters two slips are allowed, else one."""
ALIKE = 0.45
"""Similarity (1 − slips / letters of the longer word) from which a word is suggested for one that nobody knows."""


@dataclass(frozen=True)
class Suggestion:
    """A value to offer for words that were not understood.

    why: it is written alike, it is near in meaning by the vocabulary file, it is a value of the attribute that was
    named, or just an example of what can be asked here.
    """

    attribute: str
    value: str
    why: Literal["alike", "near", "named", "example"]


def closest(word: str, words: Vocabulary) -> str:
    """The word of this catalog that a misspelled one (in the form of `text.key`) stands for, '' where there is none.

    A slip is a letter left out, put in, changed, or two changed about (optimal string alignment). The first letter must
    be right, unless it changed places. Of words with four letters only the places may change.
    """
    latin = read(word).is_latin
    if not latin and len(word) > 2 and (same := words.sounds.get(sound(word))):
        return same
    if len(word) < SHORTEST or word in words.names or word in words.ordinary:
        return ""
    most = 2 if latin and len(word) >= LONG else 1
    found = process.extract(
        word, words.latin if latin else words.other, scorer=OSA.distance, score_cutoff=most, limit=8
    )
    fitting = [(slips, one not in words.claims, one) for one, slips, _ in found if _fits(word, one, slips, words)]
    return min(fitting)[2] if fitting else ""


def suggest(word: str, words: Vocabulary, most: int = 3) -> tuple[Suggestion, ...]:
    """Values written most like a word (in the form of `text.key`); examples of the catalog where none is at all."""
    found = process.extract(word, words.values, scorer=OSA.normalized_similarity, score_cutoff=ALIKE, limit=3 * most)
    alike = [
        Suggestion(claim.attribute, claim.value, "alike")
        for one, _, _ in found
        for claim in words.claims[one]
        if claim.value is not None
    ]
    return tuple(dict.fromkeys(alike))[:most] or examples(words, most)


def examples(words: Vocabulary, most: int = 3) -> tuple[Suggestion, ...]:
    """The first value of each of the first attributes that have one."""
    first = [Suggestion(one.name, one.values[0], "example") for one in words.attributes if one.values]
    return tuple(first[:most])


def _fits(word: str, one: str, slips: float, words: Vocabulary) -> bool:
    """Two slips are too many for a plural that the vocabulary only guesses."""
    if slips > 1 and one in words.claims and all(claim.rank == VARIANT for claim in words.claims[one]):
        return False
    moved = sorted(word) == sorted(one)
    return moved or (word[0] == one[0] and min(len(word), len(one)) > SHORTEST)
