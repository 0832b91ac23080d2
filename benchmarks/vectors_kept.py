"""The ways to keep vectors that `benchmarks.vectors` compares."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

import numpy as np

from benchmarks.general_once import GeneralOnce
from eval import Compared
from model import Calibrated, Derivation, Section, repeated
from retrieval import Quantized, RetrievalError, stretch_of

FLOAT16, INT8, SCALE = 2, 1, 4
"""Bytes of a number, and of the scale of a vector."""
EIGHT = 8
"""Attributes that share what is kept once an item."""
CHUNK = 8192
"""Vectors that dimensions are fitted on."""


@dataclass(frozen=True, eq=False)
class Own:
    """One attribute of a catalog. general: raw vectors of the general view (items, width), None where it has none; fitting: vectors
    (n, width) that dimensions are fitted on."""

    compared: Compared
    derivation: Derivation
    general: np.ndarray | None
    fitting: np.ndarray

    @cached_property
    def scale(self) -> np.ndarray:
        """What numbers are multiplied by, so that inner products are scores, (width,)."""
        return np.sqrt(repeated(self.compared.sections, self.compared.mix))

    @cached_property
    def turned(self) -> np.ndarray:
        """Vectors (items, width) in the directions that are fitted, those first that hold most."""
        turned: np.ndarray = self.compared.vectors * self.scale @ basis(self.fitting * self.scale)
        return turned


Made = tuple[Compared, float]
"""What items are compared by, and bytes of an item."""
Way = Callable[[Own], Made]


def ways(dims: tuple[int, ...]) -> dict[str, Way]:
    """float16 first, which the others are compared with."""
    found: dict[str, Way] = {
        "float16": lambda own: (own.compared, FLOAT16 * own.compared.vectors.shape[1]),
        "int8": lambda own: _in_eight(own.compared, stretch_of(own.compared.sections)),
        "int8, sections not stretched": lambda own: _in_eight(own.compared, np.ones(own.compared.vectors.shape[1])),
        "int8 after a random rotation": lambda own: _rotated(own.compared),
        "int8, general view once": _general_once,
    }
    for dim in dims:
        found[f"{dim} dimensions"] = partial(_projected, dim, False)
        found[f"{dim} dimensions, int8"] = partial(_projected, dim, True)
    return found


def _in_eight(own: Compared, stretch: np.ndarray) -> Made:
    kept = Quantized.of(own.vectors, stretch.astype(np.float32))
    return _as_kept(own, np.asarray(kept)), kept.nbytes / len(kept)


def _as_kept(own: Compared, vectors: np.ndarray) -> Compared:
    """Scored as a search does, by inner products of what is kept."""
    return replace(own, vectors=vectors, sections=[section._replace(unit=False) for section in own.sections])


def _rotated(own: Compared, seed: int = 0) -> Made:
    stretch, width = stretch_of(own.sections), own.vectors.shape[1]
    turn = _turn(width, seed)
    kept = Quantized.of((own.vectors * stretch @ turn).astype(np.float32))
    return _as_kept(own, np.asarray(kept).astype(np.float32) @ turn.T / stretch), kept.nbytes / len(kept)


@cache
def _turn(width: int, seed: int) -> np.ndarray:
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((width, width)))[0]


def _general_once(own: Own) -> Made:
    """RetrievalError where this is not how a search would derive the vectors."""
    vectors, derivation = own.compared.vectors, own.derivation
    kept = None
    if own.general is not None and isinstance(derivation, Calibrated):
        kept = GeneralOnce.of(derivation, vectors, own.general)
    if kept is None:
        return _in_eight(own.compared, stretch_of(own.compared.sections))
    shown = kept[:]
    if np.abs(shown.astype(np.float32) - vectors).max() > 0.05:
        raise RetrievalError("the catalog is not centred as its searches are; its general view cannot be kept once")
    shared = kept.general.nbytes / EIGHT
    return _as_kept(own.compared, shown), (kept.rest.nbytes + kept.inverse.nbytes + shared) / len(kept)


def _projected(dim: int, eight: bool, own: Own) -> Made:
    vectors = own.turned[:, :dim]
    kept = Quantized.of(vectors.astype(np.float32)) if eight else None
    shown: np.ndarray = vectors if kept is None else np.asarray(kept)
    size = dim * INT8 + SCALE if eight else dim * FLOAT16
    return Compared(shown, [Section("sketch", shown.shape[1], False)], {"sketch": 1.0}), size


def basis(vectors: np.ndarray) -> np.ndarray:
    """Orthonormal directions (width, width), those first that hold most of the second moments of vectors (n, width)."""
    wide = vectors[np.linspace(0, len(vectors) - 1, min(len(vectors), CHUNK)).astype(int)].astype(np.float64)
    return np.linalg.eigh(wide.T @ wide)[1][:, ::-1]
