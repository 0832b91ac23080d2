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
        q, k, v = self._attended(tokens, attributes)
        k, v = k[crops], v[crops]  # (pair, location, head, channel)
        logits = torch.einsum("phc,plhc->phl", q, k) / q.shape[-1] ** 0.5
        attention = logits.float().softmax(-1)  # (pair, head, location)
        pooled = torch.einsum("phl,plhc->phc", attention.to(v.dtype), v).flatten(1)
        return self._embed(pooled), attention.mean(1)

    def every(self, tokens: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor]:
        """The same for every attribute on every crop, without a copy of the tokens for each pair.

        tokens: (crop, location, width); attributes: (attribute, attribute_dim). Returns (crop, attribute, dim) and (crop,
        attribute, location).
        """
        q, k, v = self._attended(tokens, attributes)
        logits = torch.einsum("ahc,blhc->bahl", q, k) / q.shape[-1] ** 0.5
        attention = logits.float().softmax(-1)  # (crop, attribute, head, location)
        pooled = torch.einsum("bahl,blhc->bahc", attention.to(v.dtype), v).flatten(2)
        return self._embed(pooled), attention.mean(2)

    def _attended(self, tokens: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries (attribute, head, channel), keys and values (crop, location, head, channel)."""
        x = self.norm(tokens + self.types[1])
        q = self.query(self.norm(self.query_of_attribute(attributes) + self.types[0]))
        return tuple(part.unflatten(-1, (self.heads, -1)) for part in (q, self.key(x), self.value(x)))

    def _embed(self, pooled: Tensor) -> Tensor:
        y = self.project(self.out(pooled))
        embedded: Tensor = self.out_norm(y + self.mlp(self.mlp_norm(y)))
        return embedded
