"""Pictures and catalogs written for a test."""

import csv
import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image


def picture(width: int = 12, height: int = 10, seed: int = 0) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A sound PNG header of any size, with hardly any pixels behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def write_catalog(folder: Path, rows: list[dict[str, str]], images: bool = True) -> Path:
    """`catalog.csv` with these rows, and a picture for each."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "catalog.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    for seed, row in enumerate(rows):
        if images:
            path = folder / row["image"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encoded(picture(seed=seed)))
    return folder


def chunk(kind: bytes, data: bytes, sound: bool = True) -> bytes:
    """A chunk of a PNG, with a false checksum where it is not sound."""
    checksum = zlib.crc32(kind + data) ^ (not sound)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    """A PNG with more chunks behind its header."""
    return png[:33] + b"".join(chunks) + png[33:]


def with_segment(jpeg: bytes, number: int, data: bytes) -> bytes:
    """A JPEG with one more APPn segment in front."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, 0xE0 + number, len(data) + 2) + data + jpeg[2:]


def gamma_profile(space: bytes, gamma: float = 1.0, swapped: bool = False) -> bytes:
    """An ICC profile (version 2) of sRGB's primaries, or of grey, with another gamma; swapped: red for blue."""
    curve = b"curv" + struct.pack(">2IH", 0, 1, round(gamma * 256))
    xyz = [(0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7139)]
    tags = {b"desc": b"desc" + struct.pack(">2I", 0, 5) + b"test\0" + b"\0" * 78, b"cprt": b"text\0\0\0\0test\0"}
    tags[b"wtpt"] = _xyz(0.9642, 1, 0.8249)
    if space == b"GRAY":
        tags[b"kTRC"] = curve
    else:
        for name, values in zip(b"bgr" if swapped else b"rgb", xyz, strict=True):
            tags[bytes((name,)) + b"XYZ"] = _xyz(*values)
            tags[bytes((name,)) + b"TRC"] = curve
    return _profile(b"mntr", space, b"XYZ ", tags)


def ink_profile() -> bytes:
    """An ICC profile of CMYK in which black ink alone counts: L* is 100 without it and 0 with all of it."""
    header = b"mft1" + struct.pack(">I4B", 0, 4, 3, 2, 0) + b"".join(_fixed(v) for v in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    ramp = bytes(range(256))
    grid = b"".join(bytes((0 if corner & 1 else 255, 128, 128)) for corner in range(16))  # black varies fastest
    return _profile(
        b"prtr", b"CMYK", b"Lab ", {b"A2B0": header + ramp * 4 + grid + ramp * 3, b"wtpt": _xyz(0.9642, 1, 0.8249)}
    )


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(map(_fixed, values))


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    place = 132 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for key, content in tags.items():
        table += struct.pack(">4s2I", key, place + len(data), len(content))
        data += content + b"\0" * (-len(content) % 4)
    start = struct.pack(">I4sI4s4s4s", place + len(data), b"", 0x02100000, kind, space, connection)
    start += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp").ljust(44, b"\0")
    return (start + b"".join(map(_fixed, (0.9642, 1, 0.8249)))).ljust(128, b"\0") + table + data
