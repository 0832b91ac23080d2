"""The two recipes: what a batch is, and what is lost on it.

A batch depends only on the seed, the stage and the number of the step, so that a resumed run sees the same batches.
"""

from training.recipes.lapel import Lapel
from training.recipes.paper import Paper

RECIPES: dict[str, type[Lapel] | type[Paper]] = {"lapel": Lapel, "paper": Paper}

__all__ = ["RECIPES", "Lapel", "Paper"]
