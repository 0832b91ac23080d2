"""What a search needs from an index, and a shelf from the library that makes indexes."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np


@dataclass(frozen=True)
class Abilities:
    """What the indexes of a backend can do; whoever uses them asks.

    whole: whether they are made of an attribute's whole vectors, otherwise of its sketches
    (`retrieval.sketch`), of which the best are scored in full afterwards. largest_k: most rows that
    one search gives; None: as many as there are. add, remove: whether an index goes over to other
    rows without being built again. None is asked for what is least similar: their recall is poor there.
    """

    whole: bool = False
    largest_k: int | None = None
    add: bool = True
    remove: bool = True

    def can(self, depth: int) -> bool:
        """Whether it can give the best `depth` rows."""
        return self.largest_k is None or depth <= self.largest_k


class Vectors(Protocol):
    """Vectors (rows, width) of which some are read at once, by rows int64 (n,)."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, rows: np.ndarray, /) -> np.ndarray: ...


class Index(Protocol):
    """Vectors of one attribute, each kept under a row number of the catalog. Thread-safe."""

    @property
    def worn(self) -> bool:
        """Whether additions and removals have made it so much worse that it should be built again."""
        ...

    def __len__(self) -> int:
        """How many rows it holds."""
        ...

    def held(self, count: int) -> np.ndarray:
        """Which of the first `count` rows it holds, bool (count,)."""
        ...

    def add(self, vectors: np.ndarray, rows: np.ndarray) -> None:
        """Take in vectors (n, width) as `rows` int64 (n,), which it does not hold yet."""
        ...

    def remove(self, rows: np.ndarray) -> None:
        """Forget `rows` int64 (n,), whether it holds them or not."""
        ...

    def search(self, vector: np.ndarray, depth: int, live: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Rows int64 (m,) and their inner products with `vector` (width,), descending, m <= depth.

        live: bool (rows,), which may be returned, rows beyond its end may not; None: all. m < depth
        where no more are held, or where the index cannot go on. OSError where it cannot be reached.
        """
        ...

    def get(self, row: int) -> np.ndarray:
        """The vector float32 (width,) of a row; KeyError when it is not held."""
        ...

    def save(self, folder: Path) -> None:
        """Write all that `Backend.load` needs as files in `folder`, which is there and empty."""
        ...


class Backend(Protocol):
    """Makes indexes. It is given to an engine (`Tuning.backend`)."""

    @property
    def name(self) -> str: ...

    @property
    def abilities(self) -> Abilities: ...

    @property
    def parameters(self) -> dict[str, Any]:
        """All that its indexes depend on beside vectors, as JSON has it: others are not loaded."""
        ...

    def build(
        self, vectors: Vectors, rows: np.ndarray, threads: int = 1, stop: threading.Event | None = None
    ) -> Index | None:
        """An index of the rows int64 (n,) of vectors (rows, width); None when `stop` was set.

        threads: -1 means all.
        """
        ...

    def load(self, folder: Path, width: int) -> Index:
        """Read what `Index.save` wrote. Only for files whose digests were checked. ValueError, OSError
        or RuntimeError when it cannot be read."""
        ...
