"""A run's state on disk: written atomically, read without executing anything."""

from pathlib import Path
from typing import Any

import torch
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from common.files import replacing
from model import RPF
from training.errors import TrainingError

NAME = "checkpoint.pt"


def keep(
    folder: Path,
    network: RPF,
    optimizer: Optimizer,
    schedule: LRScheduler,
    stage: int,
    step: int,
    run: dict[str, Any],
    seconds: float = 0.0,
) -> None:
    """Write the checkpoint beside the old one, then swap. `run` describes the run: a resumed one must be the same.

    seconds: how long it took to come here, all resumptions together.
    """
    state = {
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "stage": stage,
        "step": step,
        "run": run,
        "seconds": seconds,
    }
    with replacing(folder / NAME) as new:
        torch.save(state, new)


def find(folder: Path, run: dict[str, Any]) -> dict[str, Any] | None:
    """The checkpoint of a folder, or None; TrainingError when it is damaged or belongs to another run."""
    path = folder / NAME
    if not path.exists():
        return None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # what torch raises depends on where the damage is
        raise TrainingError(f"{path} is damaged; remove it to start again") from error
    keys = dict.fromkeys((*run, "processes"))  # of which a run in one process says nothing
    different = [key for key in keys if state["run"].get(key) != run.get(key)]
    if different:
        raise TrainingError(
            f"{folder} holds a run with other {', '.join(different)}; choose another --out or remove it"
        )
    return dict(state)
