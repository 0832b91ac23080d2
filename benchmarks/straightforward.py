"""RPF as a plain implementation runs it, to hold Lapel's embedding against: nothing is shared between attributes.

For each pair of image and attribute, in float32: the region trunk on the centre square, attention, the crop box, the crop
cut from the original and brought to size by Pillow, and the ViT on that crop (RPF.md §1 to §3). There is no general view,
which is no part of RPF.
"""

import copy
import math
from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from model import RPF

_Box = tuple[int, int, int, int]


class Straightforward:
    """One pass of each trunk a pair, with the weights of a network that has both branches."""

    def __init__(self, model: RPF) -> None:
        self.model = copy.deepcopy(model).cpu().float().to(memory_format=torch.contiguous_format).eval()

    def vectors(self, images: Sequence[Image.Image], attributes: Sequence[str], batch: int) -> np.ndarray:
        """Unit region and patch embeddings side by side, float32 (images, attributes, 2 · dim); `batch` pairs at once."""
        pairs = [(image, self.model.attribute_index(name)) for image in images for name in attributes]
        with torch.inference_mode():
            rows = [self._pairs(pairs[start : start + batch]) for start in range(0, len(pairs), batch)]
        found: np.ndarray = torch.cat(rows).unflatten(0, (len(images), len(attributes))).numpy()
        return found

    def _pairs(self, pairs: Sequence[tuple[Image.Image, int]]) -> Tensor:
        model, size = self.model, self.model.config.input_size
        squares = torch.stack([pixels(square(image, size)) for image, _ in pairs])
        features = model.trunk((squares - model.region_mean) / model.region_std)[0]
        embedded = model.attributes(torch.tensor([attribute for _, attribute in pairs]))
        each = [model.region(features[row, None], embedded[row, None]) for row in range(len(pairs))]
        region = torch.cat([found[0][0] for found in each])
        cut = []
        for (image, _), (_, _, attention) in zip(pairs, each, strict=True):
            box = crop_box(attention[0, 0], image.size, size, model.config.threshold)
            crop_size = (model.config.crop_size, model.config.crop_size)
            cut.append(pixels(image.crop(box).resize(crop_size, Image.Resampling.BILINEAR)))
        tokens = model.vit.forward_features((torch.stack(cut) - model.patch_mean) / model.patch_std)
        patch, _ = model.patch(tokens[:, model.vit.num_prefix_tokens :], torch.arange(len(pairs)), embedded)
        return torch.cat((F.normalize(region, dim=-1), F.normalize(patch, dim=-1)), 1)


def square(image: Image.Image, size: int) -> Image.Image:
    """The short side to `size` pixels, then the centre square (RPF.md §1.1)."""
    short = min(image.size)
    width, height = (size * side // short for side in image.size)
    left, top = round((width - size) / 2), round((height - size) / 2)
    return image.resize((width, height), Image.Resampling.BILINEAR).crop((left, top, left + size, top + size))


def pixels(image: Image.Image) -> Tensor:
    """float32 (3, height, width), 0 to 255."""
    return torch.from_numpy(np.array(image)).permute(2, 0, 1).float()


def crop_box(attention: Tensor, picture: tuple[int, int], size: int, threshold: float) -> _Box:
    """(left, top, right, bottom) in pixels of a picture of this width and height (RPF.md §2.1 to §2.3).

    attention: (14, 14).
    """
    levels = F.interpolate(attention[None, None].float(), (size, size), mode="bilinear")[0, 0]
    levels = levels - levels.min()
    levels = (levels / levels.max().clamp_min(torch.finfo().tiny) * 255).to(torch.uint8)
    rows, columns = torch.nonzero(levels > math.floor(255 * threshold), as_tuple=True)
    if not len(rows):
        rows = columns = torch.tensor([0, size - 1])
    (x, width), (y, height) = ((int(kept.min()), int(kept.max() - kept.min()) + 1) for kept in (columns, rows))
    side = max(width, height)
    x, y = (_pushed(centre, side, size) for centre in (x + width // 2, y + height // 2))
    short = min(picture)
    x, y, side = (value * short // size for value in (x, y, side))
    x, y = x + (picture[0] - short) // 2, y + (picture[1] - short) // 2
    return x, y, x + max(side, 1), y + max(side, 1)


def _pushed(centre: int, side: int, size: int) -> int:
    return size - side if centre + side // 2 > size else max(0, centre - side // 2)
