"""A file without its metadata, and the two of them that bear on how it looks."""

import re
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image

ORIENTATION = 0x0112
MOST_PARTS = 100_000
_INTEROPERABILITY = 0xA005


class TooManyPartsError(Exception):
    """A file of more than `MOST_PARTS` chunks or segments: looking at each would take minutes."""


@dataclass(frozen=True)
class Bare:
    """A file without its metadata, and what of them bears on how it looks.

    profile: ICC profile. turn: EXIF orientation, 1 to 8; None where Pillow has to be asked for it,
    and for a profile, which then comes first.
    """

    content: bytes
    profile: bytes | None = None
    turn: int | None = None


def is_adobe_rgb(exif: bytes) -> bool:
    """Whether EXIF says, by the interoperability index R03 of DCF 2.0, that the colours are Adobe
    RGB.
    """
    with suppress(Exception):
        read = Image.Exif()
        read.load(exif)
        index = read.get_ifd(_INTEROPERABILITY).get(1, "")
        return str(index).startswith("R03")
    return False


def orientation(exif: bytes, xmp: bytes) -> int:
    """EXIF orientation, 1 to 8, of EXIF, or else of XMP; 1 where neither tells, or is damaged."""
    turn = None
    with suppress(Exception):  # Pillow raises whatever it stumbles on; the picture is sound
        read = Image.Exif()
        read.load(exif)
        turn = read.get(ORIENTATION)
    if turn is None:
        found = re.search(rb"tiff:Orientation(?:=[\"']|>)([1-8])", xmp)
        turn = int(found[1]) if found else 1
    return turn if turn in range(1, 9) else 1
