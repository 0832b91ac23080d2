"""Patch branch: what does the attribute look like? (RPF.md §3)"""

import torch
from torch import Tensor, nn

from model.region import MLP


class PatchBranch(nn.Module):
    """Attribute-aware cross-attention over the tokens of a crop: one query an attribute."""

    def __init__(self, width: int, dim: int, attribute_dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query_of_attribute = nn.Linear(attribute_dim, width)
        self.types = nn.Parameter(0.02 * torch.randn(2, width))  # 0: attribute, 1: token
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.project = nn.Linear(width, dim)
        self.mlp_norm = nn.LayerNorm(dim, eps=1e-6)
        self.mlp = MLP(dim, nn.GELU())
        self.out_norm = nn.LayerNorm(dim, eps=1e-6)

    def forward(self, tokens: Tensor, crops: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor]:
        """Patch embedding and patch attention of each wanted pair of crop and attribute.

        tokens: (crop, location, width) of the distinct crops; crops: (pair,) index into them; attributes: (pair,
        attribute_dim) raw embeddings. Returns (pair, dim) and the head-mean attention (pair, location), summing to 1.
        """
        x = self.norm(tokens + self.types[1])
        q = self.query(self.norm(self.query_of_attribute(attributes) + self.types[0]))
        q = q.unflatten(-1, (self.heads, -1))  # (pair, head, channel)
        k = self.key(x).unflatten(-1, (self.heads, -1))[crops]  # (pair, location, head, channel)
        v = self.value(x).unflatten(-1, (self.heads, -1))[crops]
        logits = torch.einsum("phc,plhc->phl", q, k) / q.shape[-1] ** 0.5
        attention = logits.float().softmax(-1)  # (pair, head, location)
        pooled = torch.einsum("phl,plhc->phc", attention.to(v.dtype), v).flatten(1)
        y = self.project(self.out(pooled))
        return self.out_norm(y + self.mlp(self.mlp_norm(y))), attention.mean(1)
