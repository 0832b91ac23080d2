"""HEIC and AVIF: the items of EXIF and XMP are renamed, so that nobody reads them.

They turn no picture of this container: ISO/IEC 23008-12 turns by properties of the picture, which
decoders see to. But Pillow fails where they are damaged.
"""

import re

from catalog.metadata.bare import Bare

_BESIDE = re.compile(rb"(infe(?:\x02.{3}.{4}|\x03.{3}.{6}))(?:Exif|mime)", re.DOTALL)
_MAJOR = slice(8, 12)


def strip_heif(content: bytes) -> Bare:
    """For pillow-heif, which knows a file by its major brand."""
    return Bare(_without(content, b"heic"))


def strip_avif(content: bytes) -> Bare:
    """For Pillow, which knows a file by its major brand."""
    return Bare(_without(content, b"avif"))


def _without(content: bytes, brand: bytes) -> bytes:
    major = content[_MAJOR]
    known = major[:3] in (b"hei", b"hev", b"avi") or major in (b"mif1", b"msf1")
    return content[:8] + (major if known else brand) + _BESIDE.sub(rb"\1skip", content[12:])
