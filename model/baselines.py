"""What RPF is compared with, on its trunks: published ways to embed (image, attribute) pairs, and RPF without region branch.

Each takes the place of `RegionBranch` and maps trunk features and attribute embeddings to the same triple.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model.config import GLOBAL, PATCH_ONLY
from model.region import RegionBranch


class Global(nn.Module):
    """Global similarity: the trunk's features, pooled, whatever the attribute; nothing is learnt."""

    def __init__(self, dim: int, attribute_dim: int, common_dim: int) -> None:
        super().__init__()

    def forward(self, features: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(batch, attribute, dim) embeddings, zeros in place of background embeddings, and even attention."""
        whole = features.mean((2, 3))[:, None].expand(-1, len(attributes), -1)
        return whole, torch.zeros_like(whole), _even(features, len(attributes))


class Triplet(nn.Module):
    """Attribute-blind: one embedding of the pooled features, whatever the attribute."""

    def __init__(self, dim: int, attribute_dim: int, common_dim: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.embed = nn.Linear(dim, dim)

    def forward(self, features: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(batch, attribute, dim) embeddings, zeros in place of background embeddings, and even attention."""
        pooled = self.embed(self.norm(features.mean((2, 3))))
        batch, count = len(features), len(attributes)
        whole = pooled[:, None].expand(batch, count, -1)
        return whole, torch.zeros_like(whole), _even(features, count)


class CSN(Triplet):
    """Conditional similarity network (Veit et al., CVPR 2017, arXiv:1603.07810): a learned mask of the embedding's
    dimensions for each attribute."""

    def __init__(self, dim: int, attribute_dim: int, common_dim: int) -> None:
        super().__init__(dim, attribute_dim, common_dim)
        self.mask = nn.Linear(attribute_dim, dim)
        nn.init.constant_(self.mask.bias, 0.9)  # all dimensions begin in use, as in the paper's initialisation

    def forward(self, features: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        whole, background, attention = super().forward(features, attributes)
        return whole * F.relu(self.mask(attributes)), background, attention


class ASEN(RegionBranch):
    """Attribute-specific embedding network (Ma et al., AAAI 2020, arXiv:2002.02814): the spatial attention of RPF.md §1.4,
    then a gate on the channels from the pooled features and the attribute."""

    def __init__(self, dim: int, attribute_dim: int, common_dim: int) -> None:
        super().__init__(dim, attribute_dim, common_dim)
        self.attribute_gate = nn.Linear(attribute_dim, dim)
        self.squeeze = nn.Linear(2 * dim, dim // 4)
        self.excite = nn.Linear(dim // 4, dim)

    def forward(self, features: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x, attention = self.attend(features, attributes)
        pooled = attention.to(x.dtype) @ x  # (batch, attribute, dim)
        told = F.relu(self.attribute_gate(attributes)).expand(len(x), -1, -1)
        gate = self.excite(F.relu(self.squeeze(torch.cat((pooled, told), -1)))).sigmoid()
        embedding = self.foreground(pooled * gate)
        return embedding, torch.zeros_like(embedding), attention.unflatten(-1, features.shape[-2:])


class NoRegion(nn.Module):
    """No region branch: even attention, so that the patch branch sees the whole centre square (RPF.md §2), and zeros."""

    def __init__(self, dim: int, attribute_dim: int, common_dim: int) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, features: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(batch, attribute, dim) zeros in place of region and background embeddings, and even attention."""
        nothing = features.new_zeros(len(features), len(attributes), self.dim)
        return nothing, nothing, _even(features, len(attributes))


def _even(features: Tensor, count: int) -> Tensor:
    """Attention (batch, count, height, width) that is the same everywhere."""
    batch, _, height, width = features.shape
    return features.new_full((batch, count, height, width), 1 / (height * width))


REGION_BRANCHES: dict[str, type[nn.Module]] = {
    "RPF": RegionBranch,
    "ASEN": ASEN,
    "CSN": CSN,
    GLOBAL: Global,
    "triplet network": Triplet,
    PATCH_ONLY: NoRegion,
}
"""By the name that stands in `Config.method` and in reports."""
