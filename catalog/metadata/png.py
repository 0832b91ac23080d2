"""PNG: chunks of pixels, and all the others."""

import struct
import zlib
from contextlib import suppress

from catalog.metadata.bare import MOST_PARTS, Bare, TooManyPartsError, orientation
from catalog.profiles import coded_profile

MOST_PROFILE = 16 * 2**20
"""Bytes of an unpacked colour profile; larger ones are passed over."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PIXELS = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
_TRANSPARENCY = {0: range(2, 3), 2: range(6, 7), 3: range(1, 257)}
"""Color type → lengths that its tRNS chunk may have."""


def strip_png(content: bytes) -> Bare:
    """Chunks that make the pixels stay; of the others the colour profile and the orientation are
    read.

    A damaged one of the others counts as not there, and so does all that follows complete pixels.
    """
    kept, profile, coded, exif, xmp = [_SIGNATURE], None, None, b"", b""
    place, parts, ended, pixels = 8, 0, False, False
    while place + 8 <= len(content) and not ended:
        length, name = struct.unpack(">I4s", content[place : place + 8])
        data = content[place + 8 : place + 8 + length]
        whole = content[place : place + 12 + length]
        place += 12 + length
        parts += 1
        if parts > MOST_PARTS:
            raise TooManyPartsError
        if name in _PIXELS:
            kept.append(whole)
            ended, pixels = name == b"IEND", pixels or name == b"IDAT"
        elif len(whole) < 12 + length or zlib.crc32(name + data) != int.from_bytes(whole[-4:], "big"):
            continue
        elif name == b"tRNS" and length in _TRANSPARENCY.get(content[25], ()):
            kept.append(whole)
        elif name == b"cICP" and length == 4:
            coded = coded_profile(data[0], data[1])
        elif name == b"iCCP":
            profile = _inflated(data.partition(b"\0")[2][1:])
        elif name == b"eXIf":
            exif = data
        elif name == b"iTXt" and data.startswith(b"XML:com.adobe.xmp\0\0"):
            xmp = data
        elif name == b"zTXt" and data.startswith(b"Raw profile type exif\0"):
            exif = exif or _raw_profile(_inflated(data.partition(b"\0")[2][1:]) or b"")
    if pixels and not ended:
        kept.append(struct.pack(">I4sI", 0, b"IEND", zlib.crc32(b"IEND")))
    return Bare(b"".join(kept), coded or profile, orientation(exif, xmp))


def _inflated(packed: bytes) -> bytes | None:
    """None where it is damaged or unpacks to more than a profile can have."""
    inflate = zlib.decompressobj()
    try:
        unpacked = inflate.decompress(packed, MOST_PROFILE)
    except zlib.error:
        return None
    return None if inflate.unconsumed_tail else unpacked


def _raw_profile(text: bytes) -> bytes:
    """EXIF as ImageMagick writes it into PNG: a name, a length, hexadecimal digits."""
    with suppress(ValueError):
        return bytes.fromhex(b"".join(text.split()[2:]).decode("ascii"))
    return b""
