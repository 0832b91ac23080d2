"""The processes of one run: one alone as ever, or several that average their gradients through accelerate.

Several are started by `accelerate launch --multi_gpu --num_processes N -m training fit …`, or by
`torchrun --nproc_per_node N -m training fit …`, one a GPU, or N on the CPU.

Each process draws a whole batch of its own at every step and contrasts only within it, and the
gradients are averaged: a step sees N batches, the global batch is N times that of one process, and
the loss is the mean of N independent losses. The same batch split in N would contrast each image
with fewer others, which is another loss. The first process draws what a process alone draws.

Learning rates, clipping (of the averaged gradient) and number of steps are those of one process:
the plan's steps then see N times as many images, with a gradient whose variance is 1/N. Who wants
as many images as before divides `--steps` by N.

Gradients are averaged after the backward pass, not by hooks on it: a recipe's loss calls the parts
of the network, and what wraps a network (`Accelerator.prepare`) hears of its `forward` alone.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

import torch
from torch import Tensor
from torch.nn import Parameter

from common import environment
from model import RPF, choose_device
from training.errors import TrainingError

PATIENCE = timedelta(hours=12)
"""How long a process waits for the first one, which validates and writes alone: calibration and
validation of large catalogs outlast the ten minutes that are usual."""

LEARNING_RATE = "that of one process"
"""For the record: it is not scaled with the number of processes."""


class Team:
    """One process of a run, and how it keeps in step with the others; alone, nothing is asked of
    anybody and accelerate is not imported."""

    def __init__(self, device: torch.device, accelerator: Any = None) -> None:
        """device: where this process computes; accelerator: an `accelerate.Accelerator`, None for a
        process alone."""
        self.device, self.accelerator = device, accelerator
        self.processes: int = accelerator.num_processes if accelerator else 1
        self.rank: int = accelerator.process_index if accelerator else 0

    @property
    def first(self) -> bool:
        """Whether this is the process that validates, speaks and writes."""
        return self.rank == 0

    @property
    def described(self) -> dict[str, Any]:
        """What a checkpoint must share to go on from it; nothing for a process alone."""
        return {} if self.accelerator is None else {"processes": self.processes}

    def record(self, batch: int) -> dict[str, Any]:
        """Entries of the record; batch: images or triplets that each process sees in a step."""
        if self.accelerator is None:
            return {}
        parallel = {**self.described, "global_batch": self.processes * batch, "learning_rate": LEARNING_RATE}
        return {"parallel": parallel}

    def lot(self, *numbers: int) -> tuple[int, ...]:
        """Seeds of what this process draws, from those of the step."""
        return (*numbers, self.rank) if self.rank else numbers

    def share(self, network: RPF) -> None:
        """Give every process the parameters and buffers of the first."""
        if self.accelerator is None:
            return
        from accelerate.utils import broadcast

        with torch.no_grad():
            for value in network.state_dict().values():
                value.copy_(broadcast(value.contiguous()))

    def average(self, network: RPF) -> None:
        """Replace each gradient by its mean over the processes, of which those that have none for a
        parameter count as zero; a parameter without a gradient in any process stays without."""
        if self.accelerator is None:
            return
        learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
        parts = [_flat_gradient(parameter) for parameter in learning]
        there = torch.tensor([float(p.grad is not None) for p in learning], device=self.device)
        mean = self.accelerator.reduce(torch.cat([*parts, there]), reduction="mean")
        *parts, there = mean.split([*(parameter.numel() for parameter in learning), len(learning)])
        for parameter, gradient, anywhere in zip(learning, parts, there.tolist(), strict=True):
            if not anywhere:
                continue
            if parameter.grad is None:
                parameter.grad = torch.empty_like(parameter)
            parameter.grad.copy_(gradient.view_as(parameter))  # in the layout that the optimizer is fast with

    def check_equal(self, network: RPF) -> None:
        """TrainingError unless the weights of all processes are the same, to the bit."""
        if self.accelerator is not None and len(set(self._gathered(digest(network)))) > 1:
            raise TrainingError(
                "the weights of the processes have come apart; start again, with processors or GPUs of one kind"
            )

    def check_same_start(self, place: Sequence[int] | None) -> None:
        """TrainingError unless all processes found the same checkpoint; place: its stage and step."""
        if self.accelerator is not None and len(set(self._gathered(None if place is None else tuple(place)))) > 1:
            raise TrainingError(
                "the processes found different checkpoints; --out must be a folder that all of them share"
            )

    def wait(self) -> None:
        """Until every process has come here."""
        if self.accelerator is not None:
            self.accelerator.wait_for_everyone()

    def told(self, found: Any) -> Any:
        """What the first process found; the others give None, and wait."""
        if self.accelerator is None:
            return found
        from accelerate.utils import broadcast_object_list

        return broadcast_object_list([found])[0]

    def _gathered(self, own: object) -> list[Any]:
        from accelerate.utils import gather_object

        return list(gather_object([own]))


def gather(device: str) -> Team:
    """This process, and the others that were started with it; `device` as for `choose_device`: of
    several processes each has a GPU of its own, or all compute on the CPU.

    TrainingError where accelerate is missing, the processes do not find each other, or a process
    has no GPU.
    """
    where, wanted = choose_device(device), environment.processes()
    if wanted == 1:
        return Team(where)
    if find_spec("accelerate") is None:
        raise TrainingError(
            "training in several processes needs accelerate; `make scale`, or "
            "`pip install -r requirements-scale.txt`, installs it"
        )
    if where.type == "cuda" and environment.local_rank() >= torch.cuda.device_count():
        raise TrainingError(
            f"more processes than the {torch.cuda.device_count()} GPUs of this machine; start as many as there are GPUs"
        )
    from accelerate import Accelerator
    from accelerate.utils import InitProcessGroupKwargs

    patience = InitProcessGroupKwargs(timeout=PATIENCE)
    accelerator = Accelerator(cpu=where.type != "cuda", mixed_precision="no", kwargs_handlers=[patience])
    if accelerator.num_processes != wanted:
        raise TrainingError(
            f"WORLD_SIZE says {wanted} processes, and {accelerator.num_processes} found each other; start with "
            "`accelerate launch --multi_gpu --num_processes N -m training fit …`, or unset WORLD_SIZE"
        )
    return Team(accelerator.device, accelerator)


def leave() -> None:
    """The last word to the other processes, if there are any; nothing can be asked of them afterwards."""
    if environment.processes() > 1:
        from accelerate import PartialState

        PartialState().destroy_process_group()


def digest(network: RPF) -> str:
    """SHA-256 of all parameters and buffers, in order."""
    found = hashlib.sha256()
    for value in network.state_dict().values():
        found.update(value.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().data)
    return found.hexdigest()


def _flat_gradient(parameter: Parameter) -> Tensor:
    """Its gradient as a vector, zeros where it has none."""
    if parameter.grad is None:
        return torch.zeros(parameter.numel(), dtype=parameter.dtype, device=parameter.device)
    return parameter.grad.reshape(-1)
