"""What a network is made of: everything `config.json` holds."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from model.errors import WeightsError

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
HALF = (0.5, 0.5, 0.5)
GLOBAL, PATCH_ONLY = "global similarity", "RPF, patch only"
"""Values of `Config.method`."""
REGION, CROP, WHOLE, GENERAL = VIEWS = ("region", "crop", "whole", "general")
"""What an image is compared by: region branch; patch branch on the attention's crop and on the
whole centre square; frozen general trunk on that square."""
SUMMARY = "summary"
"""No view to compare by: the mean of the unit whole embeddings of all attributes."""
OF_IMAGE = (GENERAL, SUMMARY)
"""What is embedded once an image, for no attribute."""


class Column(NamedTuple):
    """A raw embedding of an image: of an attribute in one view, or of the image itself, attribute ""
    (`OF_IMAGE`)."""

    attribute: str
    view: str


@dataclass(frozen=True)
class Config:
    """Shape of an RPF network (RPF.md §1-4). The defaults are the paper's.

    `attributes` maps each attribute name, in index order, to its values. `beta` is the share of the region cosine in the
    score (§4); `betas` overrides it for single attributes. `method` names the region branch (`model.baselines`); without a
    `patch_trunk` there is no patch branch, and the region embedding is all. `patch_options` goes to `timm.create_model`.
    `input_size`: side of the square that the region branch sees, in pixels; `patch_size`: of the crop that the patch branch
    sees (None: the same). `threshold` is the level of the attention map, 0 to 1, above which a pixel belongs to the crop (§2).
    `share_crops`: overlap (intersection over union) from which an image's attributes share the larger crop and with it a pass
    of the ViT (`model.crop.shared`); 1: each has its own, as in the paper.
    `calibration_axes`: how many axes an attribute's calibration has at most (`model.calibration`), None without calibration.
    `gate`: the power of the foreground's probability that every attention map is multiplied with (`model.gate`), None without.
    `views`: those of the region and patch branch that are compared and calibrated, in this order; `mixes` name no others.
    `mix`: shares of the four `VIEWS` in the score, for attributes without their own in `mixes`; None: β region, 1 - β crop.
    `reading`: share of the attributes' readings (`model.readout`) in the score, 0 without; the mix has the rest.
    `matches`: match maps of attributes (`model.match.MatchMap.to_json`). `applicability`: the chance below which an attribute
    is said not to be seen (`model.applicability`), None without.
    `general_trunk`: the timm network whose frozen, pooled features of the centre square at `general_size` pixels are the
    general view; None without.
    """

    attributes: dict[str, list[str]] = field(default_factory=dict)
    region_trunk: str = "resnet50"
    patch_trunk: str | None = "vit_base_patch16_224"
    patch_options: dict[str, Any] = field(default_factory=dict)
    dim: int = 1024
    attribute_dim: int = 512
    common_dim: int = 512
    heads: int = 12
    input_size: int = 224
    patch_size: int | None = None
    threshold: float = 0.1
    share_crops: float = 1.0
    beta: float = 0.3
    betas: dict[str, float] = field(default_factory=dict)
    region_mean: tuple[float, ...] = IMAGENET_MEAN
    region_std: tuple[float, ...] = IMAGENET_STD
    patch_mean: tuple[float, ...] = IMAGENET_MEAN
    patch_std: tuple[float, ...] = IMAGENET_STD
    method: str = "RPF"
    calibration_axes: int | None = None
    gate: float | None = None
    views: tuple[str, ...] = (REGION, CROP)
    mix: tuple[float, ...] | None = None
    mixes: dict[str, tuple[float, ...]] = field(default_factory=dict)
    reading: float = 0.0
    matches: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    applicability: float | None = None
    general_trunk: str | None = None
    general_size: int = 224
    general_mean: tuple[float, ...] = HALF
    general_std: tuple[float, ...] = HALF

    def __post_init__(self) -> None:
        for name, shares in [("mix", self.mix), *self.mixes.items()]:
            if shares is not None:
                self._check_mix(name, tuple(shares))

    def _check_mix(self, name: str, shares: tuple[float, ...]) -> None:
        """WeightsError for shares that do not sum to 1 or need a view that the network lacks."""
        if len(shares) != len(VIEWS) or min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
            raise WeightsError(f"the mix of '{name}' is {shares}; give four shares, 0 to 1, that sum to 1")
        there = [*self.views, *([GENERAL] if self.general_trunk else [])]
        lacking = [view for view, share in zip(VIEWS, shares, strict=True) if share and view not in there]
        if lacking:
            raise WeightsError(
                f"the mix of '{name}' has a share of the {lacking[0]} view; the network has no such view"
            )
        if self.only is not None:
            raise WeightsError(f"the mix of '{name}' cannot be used: {self.method} has one embedding alone")

    @property
    def crop_size(self) -> int:
        return self.patch_size or self.input_size

    @property
    def only(self) -> int | None:
        """Which embedding of the pair, 0 region or 1 patch, is the only one that the method gives; None for both."""
        if self.patch_trunk is None:
            return 0
        return 1 if self.method == PATCH_ONLY else None

    def beta_of(self, attribute: str) -> float:
        return self.betas.get(attribute, self.beta) if self.only is None else 1.0 - self.only

    def mix_of(self, attribute: str) -> dict[str, float]:
        """Share of each view that the score of an attribute is made of; they sum to 1.

        The region view is named even where its share is 0, since attention is there and β can ask for it.
        """
        shares = self.mixes.get(attribute, self.mix)
        if shares is not None:
            return {view: float(share) for view, share in zip(VIEWS, shares, strict=True) if share or view == REGION}
        beta = self.beta_of(attribute)
        both = {REGION: beta, CROP: 1 - beta}
        return both if self.only is None else {(REGION, CROP)[self.only]: 1.0}

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


def tiny_patch(attributes: dict[str, list[str]]) -> Config:
    """The patch branch of `tiny` alone, on the whole centre square."""
    return replace(tiny(attributes), method=PATCH_ONLY, beta=0.0)


def tiny_global(attributes: dict[str, list[str]]) -> Config:
    """The class token of the ViT of `tiny`."""
    config = replace(tiny(attributes), method=GLOBAL, patch_trunk=None)
    return replace(config, region_trunk="vit_tiny_patch16_224", dim=192, region_mean=HALF, region_std=HALF)


def region_only(method: str) -> Callable[[dict[str, list[str]]], Config]:
    """The region side of `tiny`, with the region branch of a method."""
    return lambda attributes: replace(tiny(attributes), method=method, patch_trunk=None)


CONFIGS: dict[str, Callable[[dict[str, list[str]]], Config]] = {
    "paper": paper,
    "tiny": tiny,
    "tiny-region": region_only("RPF"),
    "tiny-patch": tiny_patch,
    "tiny-global": tiny_global,
    "tiny-asen": region_only("ASEN"),
    "tiny-csn": region_only("CSN"),
    "tiny-triplet": region_only("triplet network"),
}
