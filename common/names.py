"""Names that people write in different ways."""

import re
import unicodedata
from collections.abc import Iterable


def name_key(name: str) -> str:
    """What two spellings of one name have in common: case, width (NFKC), blanks, `_` and `-` do not matter."""
    return re.sub(r"[\s_\-]+", " ", unicodedata.normalize("NFKC", name)).strip().casefold()


def find_name(asked: str, known: Iterable[str]) -> str | None:
    """The one of `known` that a person means: the same text, or else the one with the same key; None without any.

    ValueError when two of them have that key and neither is the same text.
    """
    names = list(dict.fromkeys(known))
    if asked in names:
        return asked
    key = name_key(asked)
    found = [name for name in names if name_key(name) == key]
    if len(found) > 1:
        raise ValueError(
            f"'{asked}' can be {' or '.join(repr(name) for name in found)}; write it as it is spelled there"
        )
    return found[0] if found else None
