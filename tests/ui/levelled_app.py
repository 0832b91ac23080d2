"""`app.py` with levels and unseen items that are given instead of learnt: what the page does with them is looked at.

The k hits of a search have levels from 0.95 down to 0.05, and color cannot be seen on `UNSEEN`.
"""

import sys

import numpy as np
import tyro

from app import Options, main
from retrieval import levels
from retrieval.view import View

UNSEEN = ("g2", "g5", "g7")


def _chances(view: View, attribute: str, asked: levels.Asked, rows: np.ndarray) -> np.ndarray:
    return np.linspace(0.95, 0.05, len(rows))


def _hidden(view: View, attribute: str) -> np.ndarray | None:
    return np.isin([item.id for item in view.catalog], UNSEEN) if attribute == "color" else None


if __name__ == "__main__":
    setattr(levels, "chances", _chances)  # noqa: B010
    setattr(View, "hidden", _hidden)  # noqa: B010
    sys.exit(main(tyro.cli(Options)))
