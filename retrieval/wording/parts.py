"""What a text is made of, before its meaning: known words, words of grammar, marks, and what nobody knows."""

from dataclasses import dataclass

from retrieval.wording.text import Text

WORD, UNKNOWN = "word", "unknown"
"""Roles of parts beside those of `grammar`: a word of the vocabulary; what is none of anything."""


@dataclass(frozen=True)
class Part:
    """Characters of a text from start to end (not included).

    role: WORD, UNKNOWN, or a role of `grammar`. key: what the vocabulary is asked for; another word than the one
    written where it was misspelled. weight: of a word of grammar that gives one.
    """

    start: int
    end: int
    role: str
    key: str = ""
    weight: float = 1.0

    def is_misspelled(self, text: Text) -> bool:
        return self.role == WORD and self.key != text.folded[self.start : self.end]
