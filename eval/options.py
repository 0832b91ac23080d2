"""Flags that several commands of `python -m eval` have in common."""

from pathlib import Path

import tyro

Names = tyro.conf.UseAppendAction[tuple[tuple[str, ...], ...]]
Flag = tyro.conf.FlagCreatePairsOff


def source(weights: str) -> str:
    """A Hub name as it is; of a folder, its name only."""
    return Path(weights).resolve().name if Path(weights).exists() else weights
