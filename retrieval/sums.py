"""A checksum for each row of an array: what tells a whole row from one that a kill or a bad disk left."""

import numpy as np

_BLOCK = 1 << 22
"""Bytes that are summed at once."""
_START = np.uint64(0x9E3779B97F4A7C15)


def row_sums(vectors: np.ndarray, names: np.ndarray) -> np.ndarray:
    """uint64 (n,), never 0, of rows float16 (n, width) and what they are of, uint64 (n, 2).

    A row at the place of another has another sum, since its name enters. Each word is mixed before it is multiplied by an odd
    number of its own and added, so that no single change and no pair of equal ones goes unnoticed (multilinear hashing,
    Lemire and Kaser 2014). Meant for damage, not against an adversary.
    """
    words = _words(np.ascontiguousarray(vectors))
    factors = _factors(words.shape[1] + names.shape[1])
    sums = np.full(len(words), _START)
    step = max(1, _BLOCK // max(1, 8 * words.shape[1]))
    for start in range(0, len(words), step):
        part = slice(start, start + step)
        sums[part] += _mixed(words[part], factors[names.shape[1] :]) + _mixed(names[part], factors[: names.shape[1]])
    sums ^= sums >> np.uint64(31)
    return np.where(sums == 0, np.uint64(1), sums)


def _mixed(words: np.ndarray, factors: np.ndarray) -> np.ndarray:
    products = (words ^ (words >> np.uint64(32))) * factors
    total: np.ndarray = (products ^ (products >> np.uint64(29))).sum(1, dtype=np.uint64)
    return total


def _words(vectors: np.ndarray) -> np.ndarray:
    """The bytes of each row as uint64, filled up with zeros."""
    stored: np.ndarray = vectors.view(np.uint8).reshape(len(vectors), 2 * vectors.shape[1])
    missing = -stored.shape[1] % 8
    if missing:
        stored = np.pad(stored, ((0, 0), (0, missing)))
    return np.ascontiguousarray(stored).view("<u8")


def _factors(count: int) -> np.ndarray:
    """Odd numbers, the same ones in every process: part of the format of the store."""
    state = np.arange(1, count + 1, dtype=np.uint64) * _START
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):  # SplitMix64
        state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
    return (state ^ (state >> np.uint64(31))) | np.uint64(1)
