"""JPEG: segments that say how the pixels are coded, and all the others."""

import re

from catalog.metadata.bare import MOST_PARTS, Bare, TooManyPartsError, is_adobe_rgb, orientation
from catalog.profiles import adobe_rgb

_SEGMENT = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
_END = 0xD9
_XMP = b"http://ns.adobe.com/xap/1.0/\0"


def strip_jpeg(content: bytes) -> Bare:
    """Of segments APPn and comments only those stay that say how colours are coded: JFIF and Adobe."""
    kept, exif, xmp = [content[:2]], b"", b""
    profile: dict[int, bytes] = {}
    parts = 0
    place = 2
    for _ in range(MOST_PARTS):
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
        elif name == 0xE2 and data.startswith(b"ICC_PROFILE\0") and len(data) > 14:
            profile[data[12]], parts = data[14:], data[13]
        elif _is_coding(name, data):
            kept.append(content[place : place + 2 + length])
        place += 2 + length
    else:
        raise TooManyPartsError
    whole = len(profile) == parts  # numbered from 1, by some programs from 0
    joined = b"".join(profile[part] for part in sorted(profile)) if whole else b""
    if not joined and is_adobe_rgb(exif):
        joined = adobe_rgb()
    return Bare(b"".join(kept), joined or None, orientation(exif, xmp))


def _marker(content: bytes, place: int) -> int:
    """Where the next segment starts; as libjpeg does, what stands between segments is skipped."""
    found = _SEGMENT.search(content, place)
    if found is None or found[0][1] == _END:
        raise ValueError("the file ends before its picture")
    return found.start()


def _is_coding(name: int, data: bytes) -> bool:
    if name == 0xE0:
        return data.startswith(b"JFIF\0") and len(data) >= 14
    if name == 0xEE:
        return data.startswith(b"Adobe") and len(data) >= 12
    return not (0xE0 <= name <= 0xEF or name == 0xFE)
