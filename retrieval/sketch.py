"""Sketches: the vectors of an attribute in few dimensions of one byte each, and how far their scores may be off.

With P an orthonormal basis, an inner product <q, x> is <Pq, Px> and at most |q - PᵀPq| |x - PᵀPx| more
or less (Cauchy and Schwarz). Px is kept in whole numbers of one byte, and Pq rounded to such, which adds
their rounding to that error; so most vectors can be ruled out without being looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import torch
from torch import Tensor

DIM = 64
"""Dimensions of a sketch: more cost more to look at, fewer leave more to be scored in full."""
FITTED = 8192
"""Vectors that the dimensions are fitted on."""
GROWN = 4
"""Times as many vectors as a basis was fitted on, few then, that call for a new one."""
LEAST = 0.02
"""Least share that a section counts as there, since a query may ask for other shares than the attribute's own."""
LARGEST = 127
PARTS = ("rows", "steps", "off", "left", "done")
_AHEAD = 1.25


@dataclass(frozen=True, eq=False)
class Basis:
    """axes: float32 (width, dimensions), orthonormal columns. scale: float32 (width,), by which vectors are multiplied and
    queries divided before. fitted: how many vectors there were when it was fitted."""

    axes: np.ndarray
    scale: np.ndarray
    fitted: int = 0

    @classmethod
    def fit(cls, vectors: np.ndarray, shares: np.ndarray) -> "Basis":
        """The directions that hold most of vectors (n, width), n at least 1, as they count with `shares` (width,) of their
        sections: the first eigenvectors of the second moments."""
        scale: np.ndarray = np.sqrt(np.maximum(shares, LEAST)).astype(np.float32)
        some = vectors[np.linspace(0, len(vectors) - 1, min(len(vectors), FITTED)).astype(int)]
        wide = some.astype(np.float32) * scale
        _, axes = np.linalg.eigh(wide.T @ wide)
        return cls(np.ascontiguousarray(axes[:, ::-1][:, :DIM], np.float32), scale, len(vectors))

    def outgrown(self, count: int) -> bool:
        """Whether it was fitted on so few of `count` vectors that the others may lie elsewhere."""
        return self.fitted < FITTED and count > GROWN * self.fitted

    @cached_property
    def digest(self) -> str:
        return sha256(self.axes.tobytes() + self.scale.tobytes()).hexdigest()

    def of_vectors(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Vectors (n, width) in these dimensions, float32 (n, dimensions), and the lengths float32 (n,) of what is left out."""
        return self._parted(torch.from_numpy(np.array(vectors)).float().numpy() * self.scale)

    def of_query(self, vector: np.ndarray) -> tuple[np.ndarray, float]:
        """The same of what vectors are scored by, (width,)."""
        part, left = self._parted((vector / self.scale).astype(np.float32)[None])
        return part[0], float(left[0])

    def _parted(self, wide: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        part: np.ndarray = wide @ self.axes
        left: np.ndarray = np.linalg.norm(wide - part @ self.axes.T, axis=1)
        return part, left


@dataclass(frozen=True, eq=False)
class Sketch:
    """Of the slots of an attribute. rows: int8 (slots or more, dimensions), and what each has to be multiplied by, steps: float32;
    off, left: float32, how far rows are off by rounding, and the lengths of what their dimensions leave out; done: bool,
    which slots are sketched. longest: float32 (1,), the length that no row exceeds. Filled further while it is in use,
    what is there never changes."""

    basis: Basis
    rows: np.ndarray
    steps: np.ndarray
    off: np.ndarray
    left: np.ndarray
    done: np.ndarray
    longest: np.ndarray

    @classmethod
    def empty(cls, basis: Basis, slots: int) -> "Sketch":
        dim = basis.axes.shape[1]
        steps, off, left = (np.zeros(slots, np.float32) for _ in range(3))
        return cls(
            basis, np.zeros((slots, dim), np.int8), steps, off, left, np.zeros(slots, bool), np.zeros(1, np.float32)
        )

    @classmethod
    def of_arrays(cls, kept: Mapping[str, np.ndarray]) -> "Sketch":
        """What `arrays` gave. KeyError or ValueError where something is missing or of another size."""
        basis = Basis(kept["axes"], kept["scale"], int(kept["fitted"]))
        rows, steps, off, left, done = (kept[name] for name in PARTS)
        found = cls(basis, rows, steps, off, left, done, kept["longest"])
        slots, dim = len(found.done), found.basis.axes.shape[1]
        if found.rows.shape != (slots, dim) or not len(found.steps) == len(found.off) == len(found.left) == slots:
            raise ValueError("the parts of a sketch are of different lengths")
        return found

    def arrays(self) -> dict[str, Any]:
        """All of it, for `of_arrays`."""
        parts = {name: getattr(self, name) for name in PARTS}
        basis = {"axes": self.basis.axes, "scale": self.basis.scale, "fitted": self.basis.fitted}
        return {**basis, **parts, "longest": self.longest}

    def __len__(self) -> int:
        """Slots that there is room for."""
        return len(self.done)

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows.shape[0], self.rows.shape[1]

    def __getitem__(self, slots: np.ndarray | slice | int) -> np.ndarray:
        """The sketches of some slots, float32 (…, dimensions)."""
        found: np.ndarray = self.rows[slots].astype(np.float32)
        found *= np.asarray(self.steps[slots])[..., None]
        return found

    def fill(self, slots: np.ndarray, vectors: np.ndarray) -> None:
        """Sketch vectors (n, width) of slots int64 (n,)."""
        part, self.left[slots] = self.basis.of_vectors(vectors)
        rows, steps = _rounded(part)
        kept = rows * steps[:, None]
        self.rows[slots], self.steps[slots], self.off[slots] = rows, steps, np.linalg.norm(part - kept, axis=1)
        self.longest[0] = max(self.longest[0], np.linalg.norm(kept, axis=1).max(initial=0))
        self.done[slots] = True

    def scores(self, vector: np.ndarray, slots: int | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """About how slots score by a vector (width,), and how far that may be off, float32 (slots,) each. slots: the first so
        many, or int64 (n,), which."""
        query, left = self.basis.of_query(vector)
        own = slice(slots) if isinstance(slots, int) else slots
        whole, step = _rounded(query[None])
        rest = float(np.linalg.norm(query - whole[0] * step[0]) * self.longest[0])
        # torch shares out among threads what numpy does not
        steps, off, outside = (torch.from_numpy(part[own]) for part in (self.steps, self.off, self.left))
        about = products(self.rows[own], whole[0]).float().mul_(steps).mul_(float(step[0]))
        error = outside.mul(left).add_(off, alpha=float(np.linalg.norm(query))).add_(rest)
        return about.numpy(), error.numpy()

    def grown(self, slots: int) -> "Sketch":
        """With room for so many slots."""
        if slots <= len(self):
            return self
        found = Sketch.empty(self.basis, int(slots * _AHEAD))
        for name in PARTS:
            getattr(found, name)[: len(self)] = getattr(self, name)
        found.longest[:] = self.longest
        return found


def products(rows: np.ndarray, query: np.ndarray) -> Tensor:
    """Inner products int32 (n,) of int8 rows (n, dimensions) and an int8 query (dimensions,)."""
    if not len(rows):
        return torch.empty(0, dtype=torch.int32)
    column = torch.from_numpy(np.ascontiguousarray(query))[:, None]
    return torch._int_mm(torch.from_numpy(np.ascontiguousarray(rows)), column)[:, 0]


def _rounded(part: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows float32 (n, dimensions) as int8 and the step float32 (n,) of each."""
    steps: np.ndarray = np.abs(part).max(1) / LARGEST
    whole = np.rint(part / np.maximum(steps, np.float32(1e-30))[:, None])
    return whole.astype(np.int8), steps.astype(np.float32)
