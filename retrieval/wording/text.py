"""A text as it is compared: one width, one case, one kana, blanks and hyphens inside words left out."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LATIN, HIRAGANA, KATAKANA, KANJI, BLANK, MARK = "lhkcsp"
"""Kinds of characters. Latin: letters and digits of every script but kana and kanji. Mark: what is none of the others."""

_HALF_WIDTH_MARKS = "ﾞﾟ"
_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_SOUND = str.maketrans({"ヂ": "ジ", "ヅ": "ズ", "ヴ": "ブ", "ー": None})
_ALIKE = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-", "−": "-", "〜": "~", "×": "*", "⁄": "/"})


@dataclass(frozen=True)
class Text:
    """A text, character by character, without its blanks; all three have one entry a character.

    plain: in one width and case. folded: hiragana as katakana, small kana as large, as words are compared. kinds: what
    each is. spans: where each stands in the text as it was given (start, end). joined: whether a character follows the
    one before without a blank or a hyphen between them.
    """

    given: str
    plain: str
    folded: str
    kinds: str
    spans: tuple[tuple[int, int], ...]
    joined: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.plain)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters from start to end (not included) stand in the text as it was given."""
        return self.spans[start][0], self.spans[end - 1][1]

    def words(self, start: int, end: int) -> str:
        first, last = self.span(start, end)
        return self.given[first:last]

    @property
    def is_latin(self) -> bool:
        return set(self.kinds) == {LATIN}

    def is_whole(self, start: int, end: int) -> bool:
        """Whether no Latin word is cut at either end."""
        return not (self._inside(start) or self._inside(end))

    def _inside(self, place: int) -> bool:
        return 0 < place < len(self) and self.joined[place] and self.kinds[place - 1] == self.kinds[place] == LATIN


def read(given: str) -> Text:
    """Any text. Full-width and half-width forms are one (NFKC), so are cases; a hyphen, `_` or apostrophe inside a word
    is left out, a hyphen before a word stays, since it can say "not"."""
    plain: list[str] = []
    spans: list[tuple[int, int]] = []
    for start, end in _groups(given):
        for char in unicodedata.normalize("NFKC", given[start:end]).translate(_ALIKE).casefold():
            plain.append(char)
            spans.append((start, end))
    kinds = [_kind(char) for char in plain]
    kept: list[int] = []
    joined: list[bool] = []
    blank = True
    for place in range(len(plain)):
        if kinds[place] == BLANK or _is_inside(plain, kinds, place):
            blank = blank or plain[place] != "'"
            continue
        kept.append(place)
        joined.append(not blank)
        blank = False
    text = "".join(plain[place] for place in kept)
    return Text(
        given,
        text,
        fold(text),
        "".join(kinds[place] for place in kept),
        tuple(spans[place] for place in kept),
        tuple(joined),
    )


@lru_cache(maxsize=16384)
def read_word(word: str) -> Text:
    """`read` of a word of a vocabulary, kept since every catalog asks for the same ones."""
    return read(word)


def key(words: str) -> str:
    """The form in which a word of the vocabulary is compared: `Text.folded` of it."""
    return read_word(words).folded


def fold(plain: str) -> str:
    """Hiragana as katakana, small kana as large; as many characters as before."""
    return "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in plain).translate(_LARGE)


def sound(folded: str) -> str:
    """What Japanese spellings of one sound have in common: no long vowels, ヂ as ジ."""
    return folded.translate(_SOUND)


def _groups(given: str) -> list[tuple[int, int]]:
    """A character with the marks that are written after it and belong to it."""
    groups: list[tuple[int, int]] = []
    for place, char in enumerate(given):
        if groups and (char in _HALF_WIDTH_MARKS or unicodedata.combining(char)):
            groups[-1] = (groups[-1][0], place + 1)
        else:
            groups.append((place, place + 1))
    return groups


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    if char in "\n\r":
        return MARK
    if char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Cs"):
        return BLANK
    if "ぁ" <= char <= "ゟ":
        return HIRAGANA
    if "ァ" <= char <= "ヺ" or char in "ーヽヾ":
        return KATAKANA
    if "CJK" in unicodedata.name(char, "") or char in "々〆":
        return KANJI if char.isalpha() else MARK
    return LATIN if char.isalnum() else MARK


def _is_inside(plain: list[str], kinds: list[str], place: int) -> bool:
    """Whether a hyphen, underscore or apostrophe stands between two letters."""
    if plain[place] not in "-_'" or not 0 < place < len(plain) - 1:
        return False
    return kinds[place - 1] not in (BLANK, MARK) and kinds[place + 1] not in (BLANK, MARK)
