"""Global similarity as a search: the ranking that `evaluate_global` measures, for a picture of the catalog or any other."""

import numpy as np

from eval.metrics import DECIMALS
from eval.products import Products, mean_of


class GlobalSimilarity:
    """Cosine of one vector an image, the same whatever the attribute, after the mean of the usable items is taken off."""

    def __init__(self, vectors: np.ndarray, usable: np.ndarray) -> None:
        """vectors: (items, D), of any kind of number. usable: bool (items,), which of them can be found."""
        self._vectors, self._usable = vectors, np.flatnonzero(usable)
        self._products = Products(vectors, True, mean_of(vectors, usable))

    def vector(self, position: int) -> np.ndarray:
        """The vector (D,) of an item, as it was given."""
        return self._vectors[position]

    def ranked(self, asking: np.ndarray) -> np.ndarray:
        """Positions of all usable items, int64, best first, ties in their order: by their mean cosine with the vectors that
        ask, (n, D)."""
        scores: np.ndarray = self._products.by(asking, self._usable).mean(0)
        return self._usable[np.argsort(-scores.round(DECIMALS), kind="stable")]
