"""WebP: chunks of pixels, and all the others."""

import struct

from catalog.metadata.bare import MOST_PARTS, Bare, TooManyPartsError, orientation

_PIXELS = (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF")
_BESIDE = 0x20 | 0x08 | 0x04  # flags of ICCP, EXIF, XMP


def strip_webp(content: bytes) -> Bare:
    """Chunks of pixels stay. A file whose last chunk of pixels is cut is left for Pillow to refuse."""
    kept, profile, exif, xmp = [], None, b"", b""
    place, parts = 12, 0
    while place + 8 <= len(content):
        name, length = struct.unpack("<4sI", content[place : place + 8])
        data = content[place + 8 : place + 8 + length]
        if name in _PIXELS:
            if name == b"VP8X":
                data = bytes((data[0] & ~_BESIDE,)) + data[1:]
            kept.append(struct.pack("<4sI", name, length) + data + b"\0" * (length & 1))
        elif name == b"ICCP":
            profile = data
        elif name == b"EXIF":
            exif = data
        elif name == b"XMP ":
            xmp = data
        place += 8 + length + (length & 1)
        parts += 1
        if parts > MOST_PARTS:
            raise TooManyPartsError
    body = b"WEBP" + b"".join(kept)
    return Bare(b"RIFF" + struct.pack("<I", len(body)) + body, profile, orientation(exif, xmp))
