"""HEIC and AVIF: the items of EXIF and XMP are renamed, so that nobody reads them.

They turn no picture of this container: ISO/IEC 23008-12 turns by properties of the picture, which
decoders see to. But Pillow fails where they are damaged.
"""

import re
import struct

from catalog.metadata.bare import Bare
from catalog.profiles import coded_profile

_BESIDE = re.compile(rb"(infe(?:\x02.{3}.{4}|\x03.{3}.{6}))(?:Exif|mime)", re.DOTALL)
_MAJOR = slice(8, 12)


def strip_heif(content: bytes) -> Bare:
    """For pillow-heif, which knows a file by its major brand."""
    return Bare(_without(content, b"heic"), _coded(content))


def strip_avif(content: bytes) -> Bare:
    """For Pillow, which knows a file by its major brand."""
    return Bare(_without(content, b"avif"), _coded(content))


def _without(content: bytes, brand: bytes) -> bytes:
    major = content[_MAJOR]
    known = major[:3] in (b"hei", b"hev", b"avi") or major in (b"mif1", b"msf1")
    return content[:8] + (major if known else brand) + _BESIDE.sub(rb"\1skip", content[12:])


def _coded(content: bytes) -> bytes | None:
    """A profile of the first colour space that is given by number; the picture's own stands before
    its companions'.
    """
    place = content.find(b"colrnclx")
    if place < 0:
        return None
    primaries, transfer = struct.unpack(">HH", content[place + 8 : place + 12])
    return coded_profile(primaries, transfer)
