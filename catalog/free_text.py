"""Columns whose texts are written by hand, of which no query by attribute can be made although some repeat."""

import re
from collections.abc import Sequence

from catalog.notes import Note
from catalog.vocabulary import NOTE_COLUMNS, PRODUCT_COLUMNS, rank

MANY_VALUES = 20
WORDS = 5
LETTERS = 15
"""Letters of a Japanese text from which on it is more than a name."""
_LIST = re.compile(r"[>|;/&]")
_END = re.compile(r"[.!?。！？]$|(です|ます|した|せん|ください)。?$")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def free_text(name: str, labels: Sequence[str]) -> Note | None:
    """Why a column of no known attribute holds notes, names of products or sentences; None where it may be an attribute.

    labels: its cells that are not blank. That values repeat says little: a memo of four standing phrases is a memo.
    """
    found = set(labels)
    told = {"count": f"{len(found):,}", "labels": f"{len(labels):,}"}
    if any(rank(name, names) is not None for names in (NOTE_COLUMNS, PRODUCT_COLUMNS)):
        return Note("why-named", told)
    written = sum(map(is_sentence, found)) * 2 > len(found)
    mostly_unique = len(found) > MANY_VALUES and len(found) * 2 > len(labels)
    return Note("why-free-text", told) if written or mostly_unique else None


def is_sentence(text: str) -> bool:
    """Whether a text is written out, and no name of a value (`shirt collar`, `Apparel > Clothing > Dresses`)."""
    if _LIST.search(text):
        return False
    if _JAPANESE.search(text):
        return len(text) >= LETTERS or (len(text) > 6 and _END.search(text) is not None)
    words = len(text.split())
    return words >= WORDS or (words >= 3 and _END.search(text) is not None)
