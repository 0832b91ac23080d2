"""The one decoder of every text that comes in: tables, JSON files, reports, names in zips.

Shops save text as their programs do: UTF-8 with or without a byte order mark, UTF-16, cp932
(Japanese Windows) or cp1252 (western Windows). Which one it was is always given back, so that the
reader can say so.
"""

import re
from pathlib import Path
from typing import NamedTuple

from catalog.errors import CatalogError

TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".xlsx", ".jsonl", ".ndjson", ".json", ".parquet"})
"""Suffixes, in lower case, of the files that may hold the labels of a catalog."""

DAMAGED = "UTF-8 with damaged bytes"
"""What `decode` calls UTF-8 in which single bytes are wrong; they become U+FFFD."""

MOST_BYTES = 512 * 2**20
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SAMPLE = 1 << 20
_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
_LETTER = re.compile(rb"[A-Za-z]")
# cp1252 above ASCII: letters, and the signs that western texts use beside them.
_LETTERS = frozenset({*range(0xC0, 0x100), 0x8A, 0x8C, 0x8E, 0x9A, 0x9C, 0x9E, 0x9F} - {0xD7, 0xF7})
_SIGNS = frozenset(b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa3\xa7\xa9\xab\xae\xb0\xb2\xb3\xb4")
_MORE_SIGNS = frozenset(b"\xa1\xb5\xb7\xb9\xba\xbb\xbc\xbd\xbe\xbf\xd7")
# Japanese as it is written: kana, punctuation, full-width forms, the kanji of daily use (JIS level
# 1 has the lead bytes 88 to 98), and half-width katakana where several stand together.
_COMMON = re.compile("[　-〿ぁ-ゟ゠-ヿ！-｠￠-￦]|[｡-ﾟ]{3,}")
_KANJI = re.compile("[㐀-鿿]")


class Decoded(NamedTuple):
    """A text, and the encoding that it was in (Python's name of it)."""

    text: str
    encoding: str

    @property
    def guessed(self) -> bool:
        """Whether the bytes do not say their encoding, so that a reader should be told of it."""
        return self.encoding not in ("utf-8", "utf-8-sig", "utf-16")


def decode(content: bytes, name: str = "the text") -> Decoded:
    """Decode bytes: a byte order mark decides; else UTF-16 by its zero bytes, UTF-8, cp932, cp1252.

    name: how the text is called in the error. CatalogError when the bytes are no text at all.
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return _strictly(content, encoding, name)
    if b"\0" in content:
        return _strictly(content, _without_mark(content, name), name)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _mostly_utf8(content) or _windows(content)


def whole_letters(text: str) -> str:
    """A text without halves of letters (lone surrogates), which JSON can spell and nothing can write; U+FFFD instead."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def read_text(path: Path) -> Decoded:
    """Decode a file. CatalogError when it cannot be read, is no text, or has more than 512 MB."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CatalogError(f"{path.name} is larger than {MOST_BYTES >> 20} MB; split it")
        content = path.read_bytes()
    except OSError as error:
        raise CatalogError(f"{path} cannot be read ({error.strerror or error})") from error
    return decode(content, path.name)


def _strictly(content: bytes, encoding: str, name: str) -> Decoded:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise CatalogError(f"{name} is damaged {encoding} text; save it as UTF-8") from error
    if "\0" in text:
        raise CatalogError(f"{name} is not text; save it as UTF-8 text")
    return Decoded(text, encoding)


def _without_mark(content: bytes, name: str) -> str:
    """UTF-16 has a zero byte in each ASCII letter: the second byte (little endian) or the first.

    So have its ends of lines, which tells it from other text with a stray zero byte.
    """
    sample = content[: _SAMPLE & ~1]
    zeros, ends = sample.count(0), sample.count(b"\n")
    for encoding, end, others in (("utf-16-le", b"\n\0", sample[::2]), ("utf-16-be", b"\0\n", sample[1::2])):
        lines = sample.count(end) * 2 >= ends if ends else zeros * 4 >= len(sample)
        if len(content) % 2 == 0 and lines and zeros > 20 * others.count(0):
            return encoding
    raise CatalogError(f"{name} is not text; save it as UTF-8 text")


def _mostly_utf8(content: bytes) -> Decoded | None:
    """UTF-8 in which single bytes went wrong: other encodings hardly ever make whole UTF-8 letters."""
    text = content.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    above = sum(not letter.isascii() for letter in text[:_SAMPLE]) - text[:_SAMPLE].count("\ufffd")
    return Decoded(text, DAMAGED) if above >= 4 * bad else None


def _windows(content: bytes) -> Decoded:
    """cp932 where the bytes are sound in it and look more Japanese than western; else cp1252."""
    try:
        japanese = content.decode("cp932")
    except UnicodeDecodeError:
        return Decoded(_western(content), "cp1252")
    sample = content[:_SAMPLE]
    if _looks_japanese(sample.decode("cp932", errors="ignore")) > _looks_western(sample):
        return Decoded(japanese, "cp932")
    return Decoded(_western(content), "cp1252")


def _western(content: bytes) -> str:
    """cp1252, with its five unassigned bytes as Latin-1 has them, as browsers do."""
    return content.decode("cp1252", errors="surrogateescape").translate(
        {0xDC00 + byte: byte for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
    )


def _looks_japanese(text: str) -> float:
    """Share (0 to 1) of the letters above ASCII that Japanese texts are made of."""
    above = sum(not letter.isascii() for letter in text)
    common = sum(len(found.group()) for found in _COMMON.finditer(text))
    for found in _KANJI.finditer(text):
        lead = found.group().encode("cp932", errors="replace")[0]
        before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
        alone = before.isascii() and before.isalpha() and after.isascii()
        common += 0x88 <= lead <= 0x98 and not alone
    return common / above if above else 0.0


def _looks_western(content: bytes) -> float:
    """Share (0 to 1) of the bytes above ASCII that are accented letters in or beside a word, or signs."""
    above = sound = 0
    for run in _HIGH_RUNS.finditer(content):
        letters = run.group()
        above += len(letters)
        before, after = content[max(0, run.start() - 1) : run.start()], content[run.end() : run.end() + 1]
        in_word = bool(_LETTER.match(before) or _LETTER.match(after))
        if len(letters) > 2 or not all(byte in _LETTERS | _SIGNS | _MORE_SIGNS for byte in letters):
            continue
        if in_word or all(byte in _SIGNS | _MORE_SIGNS for byte in letters):
            sound += len(letters)
    return sound / above if above else 0.0


def is_number(text: str) -> bool:
    """Whether a cell holds a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True
