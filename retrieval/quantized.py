"""Vectors of 8 bits a number: half the bytes of float16, scored by products of whole numbers.

A number x of a vector is kept as c, a whole number from -127 to 127, so that x is about scale · c / stretch. The scale, one for
each vector, is as small as its largest number allows; the stretch, one for each number and the same for all vectors, brings the
sections of a vector to about the same size first, so that a chance near 1 does not leave a unit section of 256 numbers, each
about 1/16, eight steps of the 127.

What a score may be off by. Let a vector x be scored by v; u = v / stretch, y = x · stretch, so that the score is Σ u y.
 1. c is y / scale rounded to the nearest whole number, so that |y - scale c| <= scale / 2 in each number: Σ |u| scale / 2 in all.
 2. u is kept in two rows of whole numbers, u = coarse high + fine low + rest with |high|, |low| <= 127; |c| <= 127: Σ |rest| 127
    scale in all. fine is 1/254 of coarse: that is less than a hundredth of the first.
 3. What float32 adds: the quotient y / scale is off by at most 3 · 2⁻²⁴ of 127, and a sum of `width` products, in whatever order
    they are added, by (width + 3) 2⁻²⁴ of Σ |u| 127 scale: less than Σ |u| 127 scale (width + 8) 2⁻²³ together.
`Quantized.error` is the sum of the three. Errors of rounding have either sign, so that they are far smaller as a rule: about
0.3 scale |u|, with |u| the Euclidean length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from model import Section

STEPS = 127
"""Largest whole number."""
LEAST = np.float32(1e-30)
"""Least scale: that of a vector of zeros."""
PEAK = 4.0
"""How many times the mean size of the numbers of a unit section the largest of them is, about."""
CHUNK = 4096
"""Vectors that are scored, or made, at once: so many fit into a core's cache."""

Rows = slice | np.ndarray
"""Which vectors: a slice, or their places int64 (n,)."""


def stretch_of(sections: Sequence[Section]) -> np.ndarray:
    """What the numbers of derived vectors are multiplied by first, float32 (sum of widths,): those of each section are about
    `PEAK` at most afterwards. Depends on nothing else, so that several processes write the same bytes."""
    by = [np.sqrt(section.width) if section.unit else PEAK for section in sections]
    return np.repeat(by, [section.width for section in sections]).astype(np.float32)


def record(width: int) -> np.dtype:
    """How a vector is kept: its scale, and its whole numbers."""
    return np.dtype([("scale", "<f4"), ("codes", "i1", (width,))])


def packed(vectors: np.ndarray, stretch: np.ndarray) -> np.ndarray:
    """Records (n,) of finite vectors (n, width), float16 or float32."""
    out = np.empty(len(vectors), record(len(stretch)))
    for start in range(0, len(vectors), CHUNK):
        some = slice(start, start + CHUNK)
        wide: np.ndarray = np.asarray(vectors[some], np.float32) * stretch
        scale: np.ndarray = np.maximum(np.abs(wide).max(1, initial=0) / np.float32(STEPS), LEAST)
        wide /= scale[:, None]
        out["scale"][some] = scale
        out["codes"][some] = np.clip(np.rint(wide, out=wide), -STEPS, STEPS)
    return out


@dataclass(frozen=True, eq=False)
class Quantized:
    """Vectors (n, width) that are read as float16. codes: int8 (n, width); scales: float32 (n,); stretch: float32 (width,)."""

    codes: np.ndarray
    scales: np.ndarray
    stretch: np.ndarray

    @classmethod
    def of(cls, vectors: np.ndarray, stretch: np.ndarray | None = None) -> "Quantized":
        """Of finite vectors (n, width), float16 or float32; stretch: None is that of one section."""
        by: np.ndarray = np.ones(vectors.shape[1], np.float32) if stretch is None else stretch
        return cls.of_records(packed(vectors, by), by)

    @classmethod
    def of_records(cls, records: np.ndarray, stretch: np.ndarray) -> "Quantized":
        """Of what `packed` gave, in memory or in a file; nothing is copied."""
        return cls(records["codes"], records["scale"], stretch)

    ndim = 2
    dtype = np.dtype(np.float16)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.codes), len(self.stretch)

    @property
    def size(self) -> int:
        return self.codes.size

    @property
    def itemsize(self) -> int:
        """Bytes of a number."""
        return self.codes.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes that the vectors take."""
        return self.codes.nbytes + self.scales.nbytes

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: int | np.integer | Rows) -> np.ndarray:
        """Vectors float16 (n, width), or (width,) of one place: what is kept of them."""
        wide: np.ndarray = self.codes[rows].astype(np.float32)
        wide *= self._undo
        wide *= np.asarray(self.scales[rows])[..., None]
        return wide.astype(np.float16)

    def __array__(self, dtype: np.dtype | None = None, copy: bool | None = None) -> np.ndarray:
        return self[:] if dtype is None else self[:].astype(dtype)

    def head(self, count: int) -> "Quantized":
        """The first of them, not copied."""
        return Quantized(self.codes[:count], self.scales[:count], self.stretch)

    def scores(self, vector: np.ndarray, rows: Rows = slice(None)) -> np.ndarray:
        """Inner products float32 (n,) of `rows` with a vector (width,), right to within `error`."""
        by = self._asking(vector)
        out = np.empty(len(self.scales[rows]), np.float32)
        start, _, step = rows.indices(len(self)) if isinstance(rows, slice) else (0, 0, 0)
        for first in range(0, len(out), CHUNK):
            last = min(first + CHUNK, len(out))
            some = slice(start + first, start + last) if step == 1 else _places(rows, len(self))[first:last]
            block = torch.from_numpy(np.ascontiguousarray(self.codes[some]))
            out[first:last] = by.products(block) * self.scales[some]
        return out

    def error(self, vector: np.ndarray, rows: Rows = slice(None)) -> np.ndarray:
        """How far each of `scores` may be off that of the vector that was given, float32 (n,); proven above."""
        return (self.scales[rows] * self._asking(vector).error).astype(np.float32)

    def _asking(self, vector: np.ndarray) -> "_Asking":
        return _Asking.of(np.asarray(vector, np.float64) / self.stretch)

    @cached_property
    def _undo(self) -> np.ndarray:
        return np.float32(1) / self.stretch


@dataclass(frozen=True, eq=False)
class _Asking:
    """What stretched vectors are scored by. wide: float32 (width,); halves: int8 (width, 2), high and low; coarse, fine: what they
    count. error: times a vector's scale, how far its score may be off."""

    wide: torch.Tensor
    halves: torch.Tensor
    coarse: float
    fine: float
    error: float

    @classmethod
    def of(cls, exact: np.ndarray) -> "_Asking":
        """exact: float64 (width,)."""
        coarse = max(float(np.abs(exact).max(initial=0)) / STEPS, float(LEAST))
        fine = coarse / (2 * STEPS)
        high: np.ndarray = np.rint(exact / coarse)
        low: np.ndarray = np.clip(np.rint((exact - coarse * high) / fine), -STEPS, STEPS)
        rest = float(np.abs(exact - coarse * high - fine * low).sum())
        rounded = STEPS * (len(exact) + 8) * 2.0**-23
        error = float(np.abs(exact).sum()) * (0.5 + rounded) + STEPS * rest
        halves = torch.from_numpy(np.stack([high, low], 1).astype(np.int8))
        return cls(torch.from_numpy(exact.astype(np.float32)), halves, coarse, fine, error)

    def products(self, codes: torch.Tensor) -> np.ndarray:
        """float32 (n,) of int8 (n, width)."""
        if not _WHOLE:
            return (codes.float() @ self.wide).numpy()
        found = torch._int_mm(codes, self.halves).numpy()
        return found[:, 0] * np.float32(self.coarse) + found[:, 1] * np.float32(self.fine)


def _places(rows: Rows, count: int) -> np.ndarray:
    return np.arange(count)[rows] if isinstance(rows, slice) else rows


def _whole() -> bool:
    """Whether products of whole numbers are faster here than of floats: where the processor has instructions for them."""
    known = getattr(torch.cpu, "_is_vnni_supported", None)
    return hasattr(torch, "_int_mm") and known is not None and bool(known())


_WHOLE = _whole()
