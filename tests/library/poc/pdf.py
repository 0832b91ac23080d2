"""Reads the text of a PDF as Chromium writes it: flate streams, fonts with a map to Unicode, one `Tj` after another."""

import re
import zlib
from pathlib import Path

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj|(ET)\b")
Glyphs = tuple[int, dict[int, str]]
"""Hex digits a glyph, and the text of each."""


def pages_of(path: Path) -> list[str]:
    """The text of each page, without blanks and line ends, since these are places and no text."""
    objects = {int(found[1]): found[2] for found in _OBJECT.finditer(path.read_bytes())}
    pages = [body for body in objects.values() if re.search(rb"/Type /Page\b(?!s)", body)]
    glyphs: dict[int, Glyphs] = {}
    return ["".join(_text(objects, page, glyphs).split()) for page in pages]


def _text(objects: dict[int, bytes], page: bytes, known: dict[int, Glyphs]) -> str:
    names = {name: int(number) for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", page)}
    contents = re.search(rb"/Contents (\d+) 0 R", page)
    assert contents is not None
    text, digits, of = "", 4, dict[int, str]()
    for font, shown, _ in _SHOWN.findall(_stream(objects[int(contents[1])])):
        if font:
            number = names[font]
            if number not in known:
                known[number] = _glyphs(objects, objects[number])
            digits, of = known[number]
        elif shown:
            text += "".join(of.get(int(shown[at : at + digits], 16), "") for at in range(0, len(shown), digits))
    return text


def _glyphs(objects: dict[int, bytes], font: bytes) -> Glyphs:
    found = re.search(rb"/ToUnicode (\d+) 0 R", font)
    digits = 4 if b"/Type0" in font else 2
    if found is None:
        return digits, {}
    table, of = _stream(objects[int(found[1])]), {}
    for block in re.findall(rb"beginbfchar\n(.*?)endbfchar", table, re.DOTALL):
        for code, value in re.findall(rb"<(\w+)> <(\w+)>", block):
            of[int(code, 16)] = bytes.fromhex(value.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange\n(.*?)endbfrange", table, re.DOTALL):
        for first, last, value in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", block):
            for code in range(int(first, 16), int(last, 16) + 1):
                of[code] = chr(int(value, 16) + code - int(first, 16))
    return digits, of


def _stream(body: bytes) -> bytes:
    head, _, rest = body.partition(b"stream\n")
    data = rest[: rest.rindex(b"\nendstream")]
    return zlib.decompress(data) if b"FlateDecode" in head else data
