import torch
import torch.nn.functional as F
from torch import Tensor

from model.losses.precision import in_float32

ABSENT = -2
"""The value of an item on which the attribute cannot be seen."""


@in_float32
def supcon(embeddings: Tensor, values: Tensor, temperature: float = 0.1) -> Tensor:
    """Supervised contrastive loss of one attribute (Khosla 2020, arXiv:2004.11362, eq. 2), mean over usable anchors.

    embeddings: (N, D), normalised here; values: (N,), equal means positive, -1 means unlabelled (left out), ABSENT
    means different from every other, also from each other: such items repel, and are no anchors, since as one large class they
    would draw all embeddings together. Anchors without a positive do not count; 0 when there is none.
    """
    known = values != -1
    z, v = F.normalize(embeddings[known], dim=-1), values[known]
    logits = z @ z.T / temperature
    itself = torch.eye(len(v), dtype=torch.bool, device=v.device)
    log_share = logits - logits.masked_fill(itself, -torch.inf).logsumexp(1, keepdim=True)
    positive = (v[:, None] == v[None]) & (v >= 0) & ~itself
    count = positive.sum(1)
    usable = count > 0
    if not usable.any():
        return embeddings.sum() * 0
    return -(log_share.masked_fill(~positive, 0).sum(1)[usable] / count[usable]).mean()
