"""The same views cut by Pillow, one image at a time: what the released implementation sees. Slow; for parity."""

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor


def frame(image: Tensor, size: int) -> Tensor:
    """As `model.crop.frame`, with Pillow's 8-bit resize."""
    picture = _picture(image)
    width, height = picture.size
    short = min(width, height)
    new = (int(size * width / short), int(size * height / short))
    picture = picture.resize(new, Image.Resampling.BILINEAR)
    left, top = (round((side - size) / 2) for side in new)
    return _tensor(picture.crop((left, top, left + size, top + size))).to(image.device)


def frames(images: Sequence[Tensor], size: int) -> Tensor:
    return torch.stack([frame(image, size) for image in images])


def crops(images: Sequence[Tensor], owners: Tensor, boxes: Tensor, size: int) -> Tensor:
    """As `model.crop.crops`, with Pillow's 8-bit resize."""
    cut = [
        _picture(images[owner]).crop(tuple(box)).resize((size, size), Image.Resampling.BILINEAR)
        for owner, box in zip(owners.tolist(), boxes.tolist(), strict=True)
    ]
    return torch.stack([_tensor(picture) for picture in cut]).float().to(images[0].device)


def _picture(image: Tensor) -> Image.Image:
    return Image.fromarray(image.permute(1, 2, 0).cpu().numpy())


def _tensor(picture: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)
