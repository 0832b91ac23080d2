"""A file without its metadata, and the two of them that bear on how it looks."""

import re
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image

ORIENTATION = 0x0112


@dataclass(frozen=True)
class Bare:
    """A file without its metadata, and what of them bears on how it looks.

    profile: ICC profile. turn: EXIF orientation, 1 to 8. Both None where the metadata are still in `content`, and
    Pillow has to be asked.
    """

    content: bytes
    profile: bytes | None = None
    turn: int | None = None


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
