"""Branches of their own for adapted attributes: what they learn cannot change what the others do."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn


class Branches(nn.Module):
    """A region and a patch branch beside the shared ones, of the same shape."""

    def __init__(self, region: nn.Module, patch: nn.Module) -> None:
        super().__init__()
        self.region, self.patch = region, patch


def routed(
    branches: Sequence[nn.Module],
    owners: Sequence[int],
    axis: int,
    run: Callable[[Any, Tensor], Sequence[Tensor]],
) -> list[Tensor]:
    """Results of several branches, put together in the order asked.

    owners: for each entry along `axis` of the results, which of `branches` it belongs to; run(branch, places) → results of
    one branch for the entries at `places`, int64 and ascending.
    """
    used = sorted(set(owners))
    every = torch.tensor(owners)
    places = [torch.nonzero(every == owner).flatten() for owner in used]
    parts = [run(branches[owner], place) for owner, place in zip(used, places, strict=True)]
    if len(parts) == 1:
        return list(parts[0])
    back = torch.cat(places).argsort()
    return [
        torch.cat(column, axis).index_select(axis, back.to(column[0].device)) for column in zip(*parts, strict=True)
    ]
