"""The general view kept once an item, in 8 bits a number, instead of once an attribute.

Let g be an item's raw general vector, of length 1, and c, R, A the centre, reads and axes that an attribute calibrates it by
(`model.calibration`). Its derived section is y / |y| with y = (g - c) M and M = 1 + R Aᵀ, so that a vector v scores it

    v · y / |y| = (g · Mv - c · Mv) / |y|.

g is the same for all attributes; of the attribute there is 1 / |y| of each item; M and c are on the side of what asks. What g
loses to 8 bits grows by |Mv| / |v| and by 1 / |y|, about threefold with calibrations that draw out few directions.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model import GENERAL, Calibrated, CalibrationRow
from retrieval.quantized import Quantized, Rows, stretch_of

_HALF, _SINGLE = 2.0**-11, 2.0**-21
"""What float16 leaves out of a number near 1, and, amply, what a few operations in float32 do."""


@dataclass(frozen=True, eq=False)
class Once:
    """How the general section of an attribute comes about. place: where it lies in derived vectors; row: what calibrates it; rest:
    the stretch of the other sections, float32."""

    place: slice
    row: CalibrationRow
    rest: np.ndarray

    @classmethod
    def of(cls, derivation: Calibrated) -> "Once | None":
        """None where an attribute has no calibrated general section."""
        names = [section.name for section in derivation.sections]
        if derivation.rows is None or GENERAL not in names:
            return None
        which = names.index(GENERAL)
        start = sum(section.width for section in derivation.sections[:which])
        place = slice(start, start + derivation.sections[which].width)
        return cls(place, derivation.rows[which], np.delete(stretch_of(derivation.sections), place))

    def shortened(self, vectors: np.ndarray) -> np.ndarray:
        """Derived vectors (n, width) without the section."""
        return np.delete(vectors, self.place, 1)

    def inverse(self, raw: np.ndarray) -> np.ndarray:
        """1 / |y| of raw general vectors (n, D), float16 (n, 1); 0 for zeros, of an image that cannot be read."""
        length: np.ndarray = np.linalg.norm((unit_rows(raw) - self.centre) @ self.matrix, axis=1, keepdims=True)
        return np.where(raw.any(1, keepdims=True), 1 / np.maximum(length, 1e-3), 0).astype(np.float16)

    @cached_property
    def centre(self) -> np.ndarray:
        """c, float64 (D,)."""
        return np.asarray(self.row.centre, np.float64)

    @cached_property
    def matrix(self) -> np.ndarray:
        """M, float64 (D, D)."""
        reads, axes = (np.asarray(part, np.float64) for part in (self.row.reads, self.row.axes))
        return np.eye(len(reads)) + reads @ axes.T


@dataclass(frozen=True, eq=False)
class GeneralOnce:
    """Derived vectors (n, width) of an attribute that are read as float16. rest: the other sections; general: the raw general
    vectors, which several attributes share; inverse: float16 (n,), of `Once.inverse`."""

    once: Once
    rest: Quantized
    general: Quantized
    inverse: np.ndarray

    @classmethod
    def of(cls, derivation: Calibrated, vectors: np.ndarray, raw: np.ndarray) -> "GeneralOnce | None":
        """Of derived vectors (n, width) and the raw general ones (n, D); None where an attribute has no calibrated general section."""
        once = Once.of(derivation)
        if once is None:
            return None
        rest = Quantized.of(once.shortened(vectors), once.rest)
        return cls(once, rest, Quantized.of(unit_rows(raw)), once.inverse(raw)[:, 0])

    def __len__(self) -> int:
        return len(self.rest)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self), self.rest.shape[1] + self.general.shape[1]

    def __getitem__(self, rows: int | np.integer | Rows) -> np.ndarray:
        """Vectors float16 (n, width), or (width,) of one place: what is kept of them."""
        moved = (self.general[rows].astype(np.float64) - self.once.centre) @ self.once.matrix
        section = moved * np.asarray(self.inverse[rows], np.float64)[..., None]
        start, rest = self.once.place.start, self.rest[rows]
        return np.concatenate([rest[..., :start], section.astype(np.float16), rest[..., start:]], -1)

    def scores(self, vector: np.ndarray, rows: Rows = slice(None)) -> np.ndarray:
        """Inner products float32 (n,) of `rows` with a vector (width,), right to within `error`."""
        beside, asked = self._asking(vector)
        general = self.general.scores(asked, rows) - np.float32(self.once.centre @ asked)
        return self.rest.scores(beside, rows) + general * self.inverse[rows]

    def error(self, vector: np.ndarray, rows: Rows = slice(None)) -> np.ndarray:
        """How far each of `scores` may be off that of the vector that was given, float32 (n,): by what the 8 bits leave out of the
        rest and of g, by the rounding of 1 / |y|, which a section of length 1 feels in proportion, and of float32."""
        beside, asked = self._asking(vector)
        size = float(np.linalg.norm(asked)) * (1 + float(np.linalg.norm(self.once.centre)))
        general = (self.general.error(asked, rows) + np.float32(size * _SINGLE)) * self.inverse[rows]
        near = float(np.linalg.norm(vector[self.once.place])) * 1.01 * _HALF
        own: np.ndarray = self.rest.error(beside, rows) + general * np.float32(1 + 2 * _HALF) + np.float32(near)
        return own

    def _asking(self, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the other sections are scored by, and the raw general vectors, float64."""
        wide = np.asarray(vector, np.float64)
        return np.delete(wide, self.once.place), self.once.matrix @ wide[self.once.place]


def unit_rows(raw: np.ndarray) -> np.ndarray:
    """Raw vectors (n, D) of length 1 in float32, zeros as they are: what is to be kept as `GeneralOnce.general`."""
    wide = np.asarray(raw, np.float32)
    found: np.ndarray = wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-12)
    return found
