"""What a network is made of: everything `config.json` holds."""

from dataclasses import dataclass, field
from typing import Any

from model.errors import WeightsError

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
HALF = (0.5, 0.5, 0.5)


@dataclass(frozen=True)
class Config:
    """Shape of an RPF network (RPF.md §1-4). The defaults are the paper's.

    `attributes` maps each attribute name, in index order, to its values. `beta` is the share of the region cosine in the
    score (§4); `betas` overrides it for single attributes. `patch_options` goes to `timm.create_model`.
    `threshold` is the level of the attention map, 0 to 1, above which a pixel belongs to the crop (§2).
    """

    attributes: dict[str, list[str]] = field(default_factory=dict)
    region_trunk: str = "resnet50"
    patch_trunk: str = "vit_base_patch16_224"
    patch_options: dict[str, Any] = field(default_factory=dict)
    dim: int = 1024
    attribute_dim: int = 512
    common_dim: int = 512
    heads: int = 12
    input_size: int = 224
    threshold: float = 0.1
    beta: float = 0.3
    betas: dict[str, float] = field(default_factory=dict)
    region_mean: tuple[float, ...] = IMAGENET_MEAN
    region_std: tuple[float, ...] = IMAGENET_STD
    patch_mean: tuple[float, ...] = IMAGENET_MEAN
    patch_std: tuple[float, ...] = IMAGENET_STD

    def beta_of(self, attribute: str) -> float:
        return self.betas.get(attribute, self.beta)

    def attribute_index(self, name: str) -> int:
        """Index of an attribute; WeightsError, naming the known ones, when the weights do not know it."""
        names = list(self.attributes)
        if name not in self.attributes:
            known = ", ".join(names) or "none"
            raise WeightsError(f"these weights do not know the attribute '{name}'; they know: {known}")
        return names.index(name)


def paper(attributes: dict[str, list[str]]) -> Config:
    """The configuration of the paper: ResNet-50 and ViT-B/16, D 1024."""
    return Config(attributes=attributes)


def tiny(attributes: dict[str, list[str]]) -> Config:
    """ResNet-18 to layer3 and ViT-Ti/16, D 256: small enough for a CPU."""
    return Config(
        attributes=attributes,
        region_trunk="resnet18",
        patch_trunk="vit_tiny_patch16_224",
        dim=256,
        heads=3,
        patch_mean=HALF,
        patch_std=HALF,
    )


CONFIGS = {"paper": paper, "tiny": tiny}
