"""TIFF: the tags of the first page that say where and how its pixels are, and all the others."""

import struct

from catalog.metadata.bare import ORIENTATION, Bare

PROFILE = 34675
_PIXELS = frozenset(
    (
        *(256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 317, 320),
        *(292, 293, 322, 323, 324, 325, 332, 338, 339, 347),
        *(512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532),
        *(32995, 32996, 50674),
    )
)
"""Tags of TIFF 6.0 and of libtiff's compressions; Pillow and libtiff stumble on damaged ones of the
others.
"""
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def strip_tiff(content: bytes) -> Bare:
    """The first page alone, by a directory of its own behind the file. BigTIFF is handed on as it
    is.
    """
    order = _ORDERS.get(content[:4])
    if order is None:
        return Bare(content)
    (start,) = struct.unpack(f"{order}I", content[4:8])
    (count,) = struct.unpack(f"{order}H", content[start : start + 2])
    entries = [content[place : place + 12] for place in range(start + 2, start + 2 + 12 * count, 12)]
    tags = {struct.unpack(f"{order}H", entry[:2])[0]: entry for entry in entries if len(entry) == 12}
    kept = [tags[tag] for tag in sorted(tags) if tag in _PIXELS]
    turn = 1
    if ORIENTATION in tags:
        (turn,) = struct.unpack(f"{order}H", tags[ORIENTATION][8:10])
    directory = struct.pack(f"{order}H", len(kept)) + b"".join(kept) + b"\0\0\0\0"
    padding = b"\0" * (len(content) % 2)
    head = content[:4] + struct.pack(f"{order}I", len(content) + len(padding))
    return Bare(head + content[8:] + padding + directory, _profile(content, tags.get(PROFILE), order), turn)


def _profile(content: bytes, entry: bytes | None, order: str) -> bytes | None:
    if entry is None:
        return None
    length, place = struct.unpack(f"{order}II", entry[4:12])
    profile = content[place : place + length]
    return profile if len(profile) == length else None
