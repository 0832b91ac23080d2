import math

import torch
import torch.nn.functional as F
from torch import Tensor

from model.losses.precision import in_float32


@in_float32
def e_infonce(
    region: Tensor,
    patch: Tensor,
    background: Tensor,
    attributes: Tensor,
    values: Tensor,
    tau: float = 0.07,
    alpha: float = 12,
) -> Tensor:
    """Enhanced InfoNCE: region anchors against patches, backgrounds as extra negatives (RPF.md §5).

    region, patch, background: (N, D), normalised here; attributes, values: (N,) of each row. Returns the mean over rows.
    """
    r, p, b = (F.normalize(rows, dim=-1) for rows in (region, patch, background))
    same_attribute = attributes[:, None] == attributes[None]
    same_value = same_attribute & (values[:, None] == values[None])
    to_patch, to_background = r @ p.T / tau, r @ b.T / tau
    hidden = torch.full_like(to_patch, -torch.inf)
    everything = torch.cat((to_patch, torch.where(same_attribute, to_background, hidden) + math.log(alpha)), 1)
    return (everything.logsumexp(1) - torch.where(same_value, to_patch, hidden).logsumexp(1)).mean()
