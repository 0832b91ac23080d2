"""Misspelled words in Latin letters: one written wrong, or one of two words that belong together."""

from retrieval.wording.alike import closest
from retrieval.wording.parts import UNKNOWN, WORD, Part
from retrieval.wording.text import LATIN, Text
from retrieval.wording.vocabulary import Vocabulary

SHORTEST_PAIR = 7
"""Characters that two words need to be tried as one."""


def mended(parts: list[Part], text: Text, words: Vocabulary) -> list[Part]:
    """The parts, with unknown words read as the words of the vocabulary that they are a slip away from."""
    done: list[Part] = []
    place = 0
    while place < len(parts):
        part, after = parts[place], parts[place + 1 : place + 2]
        place += 1
        if not _is_latin(part, text):
            done.append(part)
        elif meant := closest(text.folded[part.start : part.end], words):
            done.append(Part(part.start, part.end, WORD, meant))
        elif after and (pair := _pair(part, after[0], text, words)):
            done.append(pair)
            place += 1
        elif done and (pair := _pair(done[-1], part, text, words)):
            done[-1] = pair
        else:
            done.append(part)
    return done


def _is_latin(part: Part, text: Text) -> bool:
    return part.role == UNKNOWN and set(text.kinds[part.start : part.end]) == {LATIN}


def _pair(first: Part, second: Part, text: Text, words: Vocabulary) -> Part | None:
    """Two words as one that is a slip away, neither of them a value by itself."""
    if second.end - first.start < SHORTEST_PAIR or not all(
        one.role == UNKNOWN or (one.role == WORD and one.key not in words.claims) for one in (first, second)
    ):
        return None
    meant = closest(text.folded[first.start : second.end], words)
    return Part(first.start, second.end, WORD, meant) if meant in words.claims else None
