"""ICC profiles of the colour spaces that files name by number instead of bringing a profile."""

import struct
from functools import cache

import numpy as np

_D65 = (0.3127, 0.3290)
_PRIMARIES = {
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),  # BT.2020
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),  # Display P3
}
_LIKE_SRGB = frozenset((1, 2, 6, 13, 14, 15))
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_D50 = np.array((0.9642, 1.0, 0.8249))
_BRADFORD = np.array(((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296)))


@cache
def coded_profile(primaries: int, transfer: int) -> bytes | None:
    """ICC profile of the code points of ITU-T H.273, as in PNG's cICP and the nclx of HEIC and
    AVIF.

    None for colours that are sRGB, nearly so, unknown, or of high dynamic range: they are taken as
    they are.
    """
    if primaries not in _PRIMARIES or transfer not in _LIKE_SRGB:
        return None
    return matrix_profile(_PRIMARIES[primaries], _SRGB_CURVE)


@cache
def adobe_rgb() -> bytes:
    """ICC profile of Adobe RGB (1998), which cameras name in EXIF alone."""
    return matrix_profile(((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), (2.19921875,))


def matrix_profile(
    primaries: tuple[tuple[float, float], ...],
    curve: tuple[float, ...],
    white: tuple[float, float] = _D65,
) -> bytes:
    """ICC profile (version 4, ICC.1:2010) of an RGB space.

    primaries: chromaticities x, y of red, green, blue. curve: g, or g, a, b, c, d of (a v + b)^g
    where v ≥ d, c v below.
    """
    tone = b"para" + struct.pack(">I2H", 0, 0 if len(curve) == 1 else 3, 0)
    tone += b"".join(_fixed(value) for value in curve)
    text = "lapel".encode("utf-16-be")
    name = b"mluc" + struct.pack(">3I4s2I", 0, 1, 12, b"enUS", len(text), 28) + text
    columns = _adapted(primaries, white).T
    tags = {
        b"desc": name,
        b"cprt": name,
        b"wtpt": _xyz(_D50),
        **{key: _xyz(column) for key, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), tone),
    }
    return _assembled(tags)


def _adapted(primaries: tuple[tuple[float, float], ...], white: tuple[float, float]) -> np.ndarray:
    """(3, 3): from linear RGB to XYZ, white adapted to D50 by Bradford's matrix."""
    unscaled = np.array([_of_chromaticity(point) for point in primaries]).T
    seen = _of_chromaticity(white)
    matrix = unscaled * np.linalg.solve(unscaled, seen)
    gain = (_BRADFORD @ _D50) / (_BRADFORD @ seen)
    return np.linalg.inv(_BRADFORD) @ np.diag(gain) @ _BRADFORD @ matrix


def _of_chromaticity(point: tuple[float, float]) -> np.ndarray:
    x, y = point
    return np.array((x / y, 1.0, (1 - x - y) / y))


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(values: np.ndarray) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_fixed(float(value)) for value in values)


def _assembled(tags: dict[bytes, bytes]) -> bytes:
    place = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for key, content in tags.items():
        padded = content + b"\0" * (-len(content) % 4)
        table += struct.pack(">4s2I", key, place + len(data), len(content))
        data += padded
    header = struct.pack(">I4sI4s4s4s", place + len(data), b"\0\0\0\0", 0x04200000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp").ljust(44, b"\0")
    header += b"".join(_fixed(float(value)) for value in _D50)
    return header.ljust(128, b"\0") + table + data
