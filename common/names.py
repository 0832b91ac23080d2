"""Names that people write in different ways."""

import re
import unicodedata


def name_key(name: str) -> str:
    """What two spellings of one name have in common: case, width (NFKC), blanks, `_` and `-` do not matter."""
    return re.sub(r"[\s_\-]+", " ", unicodedata.normalize("NFKC", name)).strip().casefold()
