"""Colours: fashion shades per colour label, curated combinations, skins, hair. RGB 0..255."""

from __future__ import annotations

import numpy as np
import skia

RGB = tuple[int, int, int]


def _hex(text: str) -> list[RGB]:
    return [(int(c[0:2], 16), int(c[2:4], 16), int(c[4:6], 16)) for c in text.split()]


SHADES: dict[str, list[RGB]] = {
    "black": _hex("26262b 2b2a2e 222429 2d2b2b"),
    "white": _hex("f4f2ee f7f6f4 efeee9 f6f3f0"),
    "gray": _hex("8b8d92 9b9a99 74777d a7a8ab 6a6c70"),
    "beige": _hex("d9c6a5 d2bb97 e0cfb2 cdb796"),
    "brown": _hex("6f4a33 7d5436 5b3d2c 865d41"),
    "red": _hex("b02a30 a3202c c23b3a 93202b"),
    "orange": _hex("d9772f cf6a2a e08a45 d8702a"),
    "yellow": _hex("e3bd4a e8c85c dcb03a edd27a"),
    "green": _hex("3f6b4a 4f7d5b 2f5a44 6d8a4e 55774f"),
    "cyan": _hex("4fb3bd 62c0c4 3fa5b2 7accce"),
    "blue": _hex("2f4f8f 3b62a8 27406f 4a76b8 1f3a68"),
    "purple": _hex("6b4a8c 7d5aa0 5c3f7a 8a6cae"),
    "pink": _hex("e0a0ae e6b0ba d88ba0 e9bcc6"),
}
MULTI: list[list[RGB]] = [
    _hex("e07a5f 3d6a8a f2cc8f 81b29a f4f1de"),
    _hex("2a6f97 f4a259 bc4b51 f2e8cf 5b8e7d"),
    _hex("6d597a e88c7d eaac8b 355070 f1e3d3"),
    _hex("d1495b edae49 00798c f3ead7 30638e"),
    _hex("8ab17d e9c46a e76f51 287271 f6ead2"),
    _hex("b56576 6fa8a6 f0c987 4a5a8a f7efe5"),
]
CREAM: list[RGB] = _hex("f3ead9 f6f2ea ece2cc")
DEEP: list[RGB] = _hex("232a3f 2e2a2b 3a2430 20352f 3d2c22")
SKINS: list[RGB] = _hex("f1d3bd e8bf9f d9a983 c58f68 a87049 7d4f34 5b3a29")
HAIRS: list[RGB] = _hex("2a211d 3b2a20 5a3b26 7a5433 b08a55 8c4a2c 1e1c1f 9a9590")
DOLLS: list[RGB] = _hex("e9e6e1 d4d1cc b9b6b3 e3d3bf 4a4a4d f0eee9")
WOODS: list[RGB] = _hex("b98b5e a87648 8a5d3b c9a377 6e4b33")


def pick(rng: np.random.Generator, colours: list[RGB]) -> RGB:
    return colours[int(rng.integers(len(colours)))]


def mix(a: RGB, b: RGB, share: float) -> RGB:
    """`a` with `share` (0..1) of `b`."""
    r, g, c = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return r, g, c


def darker(colour: RGB, share: float) -> RGB:
    """Towards a cool near-black, which reads as shadow and not as dirt."""
    return mix(colour, (18, 16, 28), share)


def lighter(colour: RGB, share: float) -> RGB:
    return mix(colour, (255, 252, 245), share)


def luminance(colour: RGB) -> float:
    """0 (black) .. 1 (white)."""
    r, g, b = colour
    return (0.299 * r + 0.587 * g + 0.114 * b) / 255


def ink(colour: RGB, alpha: float = 1.0) -> int:
    """The colour as skia takes it; alpha 0..1."""
    return int(skia.ColorSetARGB(round(255 * min(max(alpha, 0.0), 1.0)), *colour))


def jitter(rng: np.random.Generator, colour: RGB, amount: float = 6) -> RGB:
    shift = rng.normal(0, amount / 2, 3) + rng.normal(0, amount / 2)
    r, g, b = (int(np.clip(c + s, 8, 250)) for c, s in zip(colour, shift, strict=True))
    return r, g, b
