"""Region branch: where is the attribute? (RPF.md §1)"""

import torch
from torch import Tensor, nn

from model.gate import Gate


class MLP(nn.Module):
    """Two linear layers with dropout after each, hidden width half of the outer one."""

    def __init__(self, dim: int, activation: nn.Module) -> None:
        super().__init__()
        self.fc1 = nn.Linear(dim, dim // 2)
        self.fc2 = nn.Linear(dim // 2, dim)
        self.activation = activation
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.dropout(self.activation(self.fc1(x)))
        return self.dropout(self.fc2(x))


class RegionBranch(nn.Module):
    """Attribute-aware attention over trunk features, pooling of foreground and background; `gate` where it is given one."""

    gate: Gate | None

    def __init__(self, dim: int, attribute_dim: int, common_dim: int) -> None:
        super().__init__()
        self.gate = None
        self.feature_norm = nn.LayerNorm(dim, eps=1e-6)
        self.attribute_norm = nn.LayerNorm(attribute_dim, eps=1e-6)
        self.feature_key = nn.Linear(dim, common_dim)
        self.attribute_key = nn.Linear(attribute_dim, common_dim)
        self.foreground = nn.Linear(dim, dim)
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.mlp = MLP(dim, nn.ReLU())

    def forward(self, features: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Region and background embeddings and the foreground map of every attribute of every image.

        features: (batch, dim, height, width) from the trunk; attributes: (attribute, attribute_dim) raw embeddings.
        Returns region (batch, attribute, dim), background (batch, attribute, dim), attention (batch, attribute, height,
        width), each map summing to 1.
        """
        x, attention = self.attend(features, attributes)
        rest = 1 - attention
        rest = rest / rest.sum(-1, keepdim=True)
        region = self._embed(self.foreground(attention.to(x.dtype) @ x))  # (batch, attribute, dim)
        background = self._embed(rest.to(x.dtype) @ x)
        return region, background, attention.unflatten(-1, features.shape[-2:])

    def attend(self, features: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor]:
        """Normalised features (batch, location, dim) and the foreground map (batch, attribute, location), float32."""
        x = self.feature_norm(features.flatten(2).transpose(1, 2))  # (batch, location, dim)
        keys = torch.tanh(self.feature_key(x))  # (batch, location, common)
        queries = torch.tanh(self.attribute_key(self.attribute_norm(attributes)))  # (attribute, common)
        logits = queries @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5  # (batch, attribute, location)
        logits = logits.float() if self.gate is None else logits.float() + self.gate(x.detach())
        return x, logits.softmax(-1)

    def _embed(self, pooled: Tensor) -> Tensor:
        return self.norm(pooled + self.mlp(self.norm(pooled)))
