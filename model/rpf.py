"""RPF: one trunk pass an image, attention for all attributes together, one ViT pass for each distinct crop."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

import torch
import torch.nn.functional as F
from huggingface_hub import PyTorchModelHubMixin
from torch import Tensor, nn

from model import crop
from model.applicability import Applicability
from model.baselines import REGION_BRANCHES
from model.calibration import Calibration
from model.config import CROP, GENERAL, GLOBAL, REGION, SUMMARY, WHOLE, Config
from model.digests import embedding_digest, weights_digest
from model.errors import WeightsError
from model.gate import Gate
from model.patch import PatchBranch
from model.readout import Readout
from model.region import RegionBranch
from model.trunks import class_token_trunk, general_trunk, patch_trunk, region_trunk

CROPS = 512
"""Crops that the ViT sees at once, so that those of many attributes fit into a GPU's memory."""


@dataclass(frozen=True)
class Output:
    """What a forward pass gives, for B images and A attributes; embeddings are not normalised.

    region, background: (B, A, D). attention: (B, A, 14, 14). boxes: int64 (B, A, 4) left, top, right, bottom in pixels of
    the original image. patch: (B, A, D) and patch_attention: (B, A, 14, 14), fewer cells of a smaller `patch_size`,
    over the crop; or None without patch branch.
    """

    region: Tensor
    background: Tensor
    attention: Tensor
    boxes: Tensor
    patch: Tensor | None
    patch_attention: Tensor | None


class RPF(nn.Module, PyTorchModelHubMixin, library_name="lapel", license="apache-2.0", tags=["fashion-retrieval"]):
    """From Region to Patch (SIGIR 2023, arXiv:2305.10260)."""

    region_mean: Tensor
    region_std: Tensor
    patch_mean: Tensor
    patch_std: Tensor
    general_mean: Tensor
    general_std: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        if config.method == GLOBAL:
            self.trunk, channels = class_token_trunk(config.region_trunk, config.input_size)
        else:
            self.trunk, channels = region_trunk(config.region_trunk)
        if channels != config.dim:
            raise WeightsError(f"{config.region_trunk} has {channels} channels; dim must equal it")
        if config.method not in REGION_BRANCHES:
            raise WeightsError(f"no method '{config.method}'; there are: {', '.join(REGION_BRANCHES)}")
        if config.patch_trunk is not None:
            self.vit = patch_trunk(config.patch_trunk, config.input_size, config.patch_options)
        self.attributes = nn.Embedding(len(config.attributes), config.attribute_dim)
        self.region = REGION_BRANCHES[config.method](config.dim, config.attribute_dim, config.common_dim)
        if config.gate is not None:
            if not isinstance(self.region, RegionBranch):
                raise WeightsError(f"the {config.method} has no attention to gate; give a configuration without gate")
            self.region.gate = Gate(config.dim, config.gate)
        if config.patch_trunk is not None:
            self.patch = PatchBranch(self.vit.embed_dim, config.dim, config.attribute_dim, config.heads)
        if config.general_trunk is not None:
            self.general, self.general_width = general_trunk(config.general_trunk)
        if config.calibration_axes is not None:
            sizes = len(config.attributes), config.calibration_axes
            self.calibration = Calibration(sizes[0], len(config.views), config.dim, sizes[1])
            if config.general_trunk is not None:
                self.general_calibration = Calibration(sizes[0], 1, self.general_width, sizes[1])
        if config.reading:
            widths = [*([config.dim] * len(config.views)), *([self.general_width] if config.general_trunk else [])]
            most = max((len(values) for values in config.attributes.values()), default=0)
            self.readout = Readout(len(config.attributes), widths, most)
        if config.applicability is not None:
            self.applicability = Applicability(len(config.attributes), self.general_width + config.dim)
        for name in ("region_mean", "region_std", "patch_mean", "patch_std", "general_mean", "general_std"):
            stats = torch.tensor(getattr(config, name)).view(3, 1, 1) * 255
            self.register_buffer(name, stats, persistent=False)

    def forward(
        self, images: Sequence[Tensor], attributes: Tensor, patch: bool = True, cropping: ModuleType = crop
    ) -> Output:
        """Embed every image for every wanted attribute.

        images: B uint8 tensors (3, height, width), any sizes, on the network's device; attributes: int64 (A,).
        `patch=False` stops after the region branch, and so does a network without a patch branch.
        `cropping` is `model.crop` or, for parity, `tests.model.crop_reference`.
        """
        frames = self.frames(images, cropping)
        region, background, attention = self.regions(self.features(frames), attributes)
        boxes = self.boxes(images, attention)
        if not patch or self.config.patch_trunk is None:
            return Output(region, background, attention, boxes, None, None)
        patches, seen = self.cropped(images, boxes, attributes, cropping)
        return Output(region, background, attention, boxes, patches, seen)

    def views(self, images: Sequence[Tensor], wanted: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Embeddings of images in the wanted views, as the branches give them, not normalised: view → (B, A, D); of the general
        view (B, 1, width), of the summary (B, 1, D). Only what is wanted is computed.

        images: as for `forward`; wanted: view → attributes int64 (A,), of general and summary any tensor. Views that are given the
        same tensor share what both need.
        """
        found = {}
        frames = self.frames(images)
        attended = [wanted[view] for view in (REGION, CROP) if view in wanted]
        if attended:
            features = self.features(frames)
        attention = None
        if REGION in wanted:
            found[REGION], _, attention = self.regions(features, wanted[REGION])
        if CROP in wanted:
            own = attention if wanted[CROP] is wanted.get(REGION) else None
            boxes = self.compared_boxes(images, features, wanted[CROP], own)
            found[CROP] = self.cropped(images, boxes, wanted[CROP])[0]
        if SUMMARY in wanted:
            every = self.squares(frames, torch.arange(len(self.config.attributes), device=frames.device))[0]
            found[SUMMARY] = F.normalize(every.float(), dim=-1).mean(1, keepdim=True)
            if WHOLE in wanted:
                found[WHOLE] = every[:, wanted[WHOLE]]
        elif WHOLE in wanted:
            found[WHOLE] = self.squares(frames, wanted[WHOLE])[0]
        if GENERAL in wanted:
            size = self.config.general_size
            alike = size == self.config.input_size
            seen = frames if alike else crop.frames(images, size)
            found[GENERAL] = self.overall(seen)[:, None]
        return found

    def frames(self, images: Sequence[Tensor], cropping: ModuleType = crop) -> Tensor:
        """The centre squares, uint8 (B, 3, input_size, input_size)."""
        found: Tensor = cropping.frames(images, self.config.input_size)
        return found

    def boxes(self, images: Sequence[Tensor], attention: Tensor) -> Tensor:
        """Crop boxes int64 (B, A, 4) of attention maps (B, A, 14, 14), in pixels of the images."""
        batch, count = attention.shape[:2]
        sizes = torch.tensor([(image.shape[2], image.shape[1]) for image in images])
        boxes = crop.crop_boxes(
            attention.detach().flatten(0, 1),
            sizes.repeat_interleave(count, 0),
            self.config.input_size,
            self.config.threshold,
        )
        return boxes.unflatten(0, (batch, count))

    def cropped(
        self, images: Sequence[Tensor], boxes: Tensor, attributes: Tensor, cropping: ModuleType = crop
    ) -> tuple[Tensor, Tensor]:
        """Patch embeddings (B, A, D) and attention (B, A, S/16, S/16) over the crops in `boxes` (B, A, 4): one pass of the ViT for
        each distinct crop."""
        batch, count = boxes.shape[:2]
        cut, pair_crop = self.cuts(images, boxes, cropping)
        patches, seen = self.patches(self.tokens(cut), pair_crop, attributes.repeat(batch))
        grid = (self.config.crop_size // 16, self.config.crop_size // 16)
        return patches.unflatten(0, (batch, count)), seen.unflatten(-1, grid).unflatten(0, (batch, count))

    def cuts(self, images: Sequence[Tensor], boxes: Tensor, cropping: ModuleType = crop) -> tuple[Tensor, Tensor]:
        """The distinct crops of `boxes` (B, A, 4), float (crop, 3, S, S), and which of them each of the B · A pairs has."""
        batch, count = boxes.shape[:2]
        owners = torch.arange(batch).repeat_interleave(count)
        # on the CPU, where cropping needs them: mps has no `unique` of rows
        distinct, pair_crop = torch.cat((owners[:, None], boxes.flatten(0, 1).cpu()), 1).unique(
            dim=0, return_inverse=True
        )
        cut: Tensor = cropping.crops(images, distinct[:, 0], distinct[:, 1:], self.config.crop_size)
        return cut, pair_crop.to(cut.device)

    def compared_boxes(
        self, images: Sequence[Tensor], features: Tensor, attributes: Tensor, attention: Tensor | None = None
    ) -> Tensor:
        """Boxes (B, A, 4) of the crops that attributes int64 (A,) are compared by: their own, or with `share_crops` below 1 those
        that they share. Which ones are shared hangs on all attributes of the weights, not on those that are asked for.
        attention: of those attributes (`regions`), where it is known."""
        share = self.config.share_crops
        if share >= 1:
            return self.boxes(images, self.regions(features, attributes)[2] if attention is None else attention)
        every = torch.arange(len(self.config.attributes), device=features.device)
        boxes = crop.shared(self.boxes(images, self.regions(features, every)[2]).cpu(), share)
        return boxes[:, attributes.cpu()]

    def squares(self, frames: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor]:
        """Patch embeddings (B, A, D) and attention (B, A, 14, 14) over whole centre squares: one pass of the ViT an image."""
        tokens, embedded = self.tokens(frames.float()), self.attributes(attributes)
        embeddings, seen = self.patch.every(tokens, embedded)
        grid = (frames.shape[-2] // 16, frames.shape[-1] // 16)
        return embeddings, seen.unflatten(-1, grid)

    def overall(self, frames: Tensor) -> Tensor:
        """The general view (batch, width) of frames (batch, 3, general_size, general_size), values 0 to 255."""
        features: Tensor = self.general((frames - self.general_mean) / self.general_std)
        return features

    def features(self, frames: Tensor) -> Tensor:
        """Trunk features (batch, dim, 14, 14) of frames (batch, 3, 224, 224) with values 0 to 255; one location for a class token."""
        found = self.trunk(
            ((frames - self.region_mean) / self.region_std).contiguous(memory_format=torch.channels_last)
        )
        return found[0] if isinstance(found, list) else found[..., None, None]

    def foreground(self, features: Tensor) -> Tensor | None:
        """How likely each location of trunk features (batch, dim, height, width) shows a garment or who wears it, float32 (batch,
        height, width), 0 to 1; None for weights without a gate."""
        region = self.region
        if not isinstance(region, RegionBranch) or region.gate is None:
            return None
        normal = region.feature_norm(features.flatten(2).transpose(1, 2))
        return region.gate.logits(normal).sigmoid().unflatten(-1, features.shape[-2:])

    def tokens(self, crops: Tensor) -> Tensor:
        """Patch tokens (batch, S/16 · S/16, width) of crops (batch, 3, S, S), values 0 to 255; no CLS, no final norm."""
        found = [
            self.vit.forward_features((some - self.patch_mean) / self.patch_std)[:, self.vit.num_prefix_tokens :]
            for some in crops.split(CROPS)
        ]
        return found[0] if len(found) == 1 else torch.cat(found)

    def regions(self, features: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What `RegionBranch` gives for attributes int64 (A,)."""
        found: tuple[Tensor, Tensor, Tensor] = self.region(features, self.attributes(attributes))
        return found

    def patches(self, tokens: Tensor, crops: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor]:
        """What `PatchBranch` gives for pairs of crop and attribute, int64 (pair,) both."""
        found: tuple[Tensor, Tensor] = self.patch(tokens, crops, self.attributes(attributes))
        return found

    def sharing(self, overlap: float) -> "RPF":
        """The same network, on the same weights, whose attributes share crops (`Config.share_crops`). WeightsError for an
        overlap that is not above 0 and at most 1."""
        if not 0 < overlap <= 1:
            raise WeightsError(f"crops cannot be shared from an overlap of {overlap} on; give one above 0, at most 1")
        twin = copy.copy(self)
        twin.config = replace(self.config, share_crops=overlap)
        return twin

    def attribute_index(self, name: str) -> int:
        return self.config.attribute_index(name)

    @property
    def digest(self) -> str:
        """What names these weights in reports and cards; see `model.digests`."""
        return weights_digest(self.config, self.state_dict())

    @property
    def embedding_digest(self) -> str:
        """What names the embeddings that these weights give; see `model.digests`."""
        return embedding_digest(self.config, self.state_dict())
