"""What stands beside the pixels of a file, taken off before they are decoded.

Pillow refuses a picture for metadata that are too long, truncated, or at odds with themselves.
Here they are read apart and left out of what Pillow decodes. A file whose structure is not
understood, and TIFF, whose tags are its structure, are handed on as they are.
"""

import re
import struct
import zlib
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image

ORIENTATION = 0x0112
MOST_PROFILE = 16 * 2**20
"""Bytes of an unpacked colour profile; larger ones are passed over."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PIXELS_OF_PNG = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
_PIXELS_OF_WEBP = (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF")
_BESIDE_IN_WEBP = 0x20 | 0x08 | 0x04  # flags of ICCP, EXIF, XMP
_BESIDE_IN_HEIF = re.compile(rb"(infe(?:\x02.{3}.{4}|\x03.{3}.{6}))(?:Exif|mime)", re.DOTALL)
_XMP = b"http://ns.adobe.com/xap/1.0/\0"


@dataclass(frozen=True)
class Bare:
    """A file without its metadata, and what of them bears on how it looks.

    profile: ICC profile. turn: EXIF orientation, 1 to 8. Both None where the metadata are still in `content`, and
    Pillow has to be asked.
    """

    content: bytes
    profile: bytes | None = None
    turn: int | None = None


def strip(content: bytes, kind: str) -> Bare:
    """Take off the metadata of a file; kind: as `kinds.image_kind` gives it."""
    strippers = {"JPEG": _strip_jpeg, "PNG": _strip_png, "WEBP": _strip_webp, "HEIF": _strip_heif, "AVIF": _strip_heif}
    if kind in strippers:
        with suppress(struct.error, IndexError, ValueError):
            return strippers[kind](content)
    return Bare(content)


def _strip_png(content: bytes) -> Bare:
    """Chunks that make the pixels stay; of the others the colour profile and the orientation are read.

    A damaged one of the others counts as not there, and so does all that follows complete pixels.
    """
    kept, profile, exif, xmp = [_SIGNATURE], None, b"", b""
    place, ended, pixels = 8, False, False
    while place + 8 <= len(content) and not ended:
        length, name = struct.unpack(">I4s", content[place : place + 8])
        data = content[place + 8 : place + 8 + length]
        whole = content[place : place + 12 + length]
        place += 12 + length
        if name in _PIXELS_OF_PNG:
            kept.append(whole)
            ended, pixels = name == b"IEND", pixels or name == b"IDAT"
        elif len(whole) < 12 + length or zlib.crc32(name + data) != int.from_bytes(whole[-4:], "big"):
            continue
        elif name == b"tRNS":
            kept.append(whole)
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
    return Bare(b"".join(kept), profile, orientation(exif, xmp))


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


def _strip_jpeg(content: bytes) -> Bare:
    """Of segments APPn and comments only those stay that say how colours are coded: JFIF and Adobe."""
    kept, exif, xmp = [content[:2]], b"", b""
    profile: dict[int, bytes] = {}
    parts = 0
    place = 2
    while True:
        place = _marker(content, place)
        name = content[place + 1]
        if name == 0xDA:
            kept.append(content[place:])
            break
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        data = content[place + 4 : place + 2 + length]
        if name == 0xE1 and data.startswith(b"Exif\0"):
            exif = exif or data
        elif name == 0xE1 and data.startswith(_XMP):
            xmp = xmp or data
        elif name == 0xE2 and data.startswith(b"ICC_PROFILE\0"):
            profile[data[12]], parts = data[14:], data[13]
        elif _is_coding(name, data):
            kept.append(content[place : place + 2 + length])
        place += 2 + length
    whole = set(profile) == set(range(1, parts + 1))
    joined = b"".join(profile[part] for part in sorted(profile)) if whole else b""
    return Bare(b"".join(kept), joined or None, orientation(exif, xmp))


def _marker(content: bytes, place: int) -> int:
    """Where the next segment starts; as libjpeg does, what stands between segments is skipped."""
    while content[place] != 0xFF or content[place + 1] in (0x00, 0x01, 0xFF, *range(0xD0, 0xD9)):
        place += 1
    if content[place + 1] == 0xD9:
        raise ValueError("the file ends before its picture")
    return place


def _is_coding(name: int, data: bytes) -> bool:
    if name == 0xE0:
        return data.startswith(b"JFIF\0") and len(data) >= 14
    if name == 0xEE:
        return data.startswith(b"Adobe") and len(data) >= 12
    return not (0xE0 <= name <= 0xEF or name == 0xFE)


def _strip_webp(content: bytes) -> Bare:
    """Chunks of pixels stay. A file whose last chunk of pixels is cut is left for Pillow to refuse."""
    kept, profile, exif, xmp = [], None, b"", b""
    place = 12
    while place + 8 <= len(content):
        name, length = struct.unpack("<4sI", content[place : place + 8])
        data = content[place + 8 : place + 8 + length]
        if name in _PIXELS_OF_WEBP:
            if name == b"VP8X":
                data = bytes((data[0] & ~_BESIDE_IN_WEBP,)) + data[1:]
            kept.append(struct.pack("<4sI", name, length) + data + b"\0" * (length & 1))
        elif name == b"ICCP":
            profile = data
        elif name == b"EXIF":
            exif = data
        elif name == b"XMP ":
            xmp = data
        place += 8 + length + (length & 1)
    body = b"WEBP" + b"".join(kept)
    return Bare(b"RIFF" + struct.pack("<I", len(body)) + body, profile, orientation(exif, xmp))


def _strip_heif(content: bytes) -> Bare:
    """The items of EXIF and XMP are renamed, so that nobody reads them: they turn no picture of this container (ISO/IEC
    23008-12 turns by properties of the picture, which decoders see to), but Pillow fails where they are damaged.
    """
    return Bare(_BESIDE_IN_HEIF.sub(rb"\1skip", content))


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
