"""Global similarity: what a frozen network that knows nothing of attributes reaches on the same queries."""

import hashlib
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import timm
import torch
from PIL import Image
from safetensors import SafetensorError
from safetensors.torch import load_file
from timm.data import create_transform, resolve_model_data_config

from catalog import Catalog, CatalogError
from common.files import sha256_of
from eval.errors import EvalError
from model import LONGEST, TIMM, download_trunk

BATCH = 16
DOWNLOADED = "vit_tiny_patch16_224"
"""The ViT of global similarity where none is given, that of `model.config.tiny`."""


class GlobalFeatures:
    """The CLS feature, after the final norm, of a ViT of timm; images are prepared as timm
    states for the weights."""

    def __init__(self, init: str | Path, device: str = "cpu") -> None:
        """init: a safetensors file named after its architecture in timm, a folder with one that
        begins with vit, or `model.pretrained.TIMM`, which downloads `DOWNLOADED`.

        EvalError when there is no such file, timm does not know its name, or the weights do not
        fit; WeightsError when they cannot be downloaded.
        """
        self.device = torch.device(device)
        if str(init) == TIMM:
            self.name, self.network = DOWNLOADED, download_trunk(DOWNLOADED)
            self.digest = _digest(self.network)
        else:
            path = _find(Path(init))
            self.name, self.network, self.digest = path.stem, _read(path), sha256_of(path)
        self.network.eval().to(self.device)
        self.transform = create_transform(**resolve_model_data_config(self.network), is_training=False)

    def embed(self, images: Iterable[Image.Image]) -> np.ndarray:
        """float32 (images, width)."""
        source = iter(images)
        parts = [np.zeros((0, self.network.num_features), np.float32)]
        while batch := [self.transform(_shortened(image)) for image in islice(source, BATCH)]:
            with torch.inference_mode():
                tokens = self.network.forward_features(torch.stack(batch).to(self.device))
            parts.append(tokens[:, 0].float().cpu().numpy())
        return np.concatenate(parts)


def embed_catalog(
    catalog: Catalog, features: GlobalFeatures, progress: Callable[[int], object] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Features float32 (items, width), zeros for images that cannot be read, and which can, bool
    (items,).

    progress: called with 1 after each image was opened.
    """
    usable = np.zeros(len(catalog), bool)

    def images() -> Iterable[Image.Image]:
        for position, item in enumerate(catalog.items):
            if progress is not None:
                progress(1)
            try:
                image = catalog.open(item)
            except (CatalogError, OSError):
                continue
            usable[position] = True
            yield image

    found = features.embed(images())
    out = np.zeros((len(catalog), found.shape[1]), np.float32)
    out[usable] = found
    return out, usable


def _read(path: Path) -> Any:
    try:
        network = timm.create_model(path.stem, pretrained=False)
        network.load_state_dict(load_file(path))
    except (RuntimeError, SafetensorError, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise EvalError(f"'{path}' does not hold timm's {path.stem} ({reason}); give other weights") from error
    return network


def _digest(network: Any) -> str:
    """SHA-256 (hex) over the weights as they are in memory."""
    sha = hashlib.sha256()
    for name, value in sorted(network.state_dict().items()):
        sha.update(name.encode() + value.detach().cpu().contiguous().numpy().tobytes())
    return sha.hexdigest()


def _shortened(image: Image.Image) -> Image.Image:
    """The middle of an image that is far longer than wide: the transform cuts the rest off, at a
    price in memory."""
    width, height = image.size
    across, down = (max(0, (side - LONGEST * min(image.size)) // 2) for side in (width, height))
    return image.crop((across, down, width - across, height - down)) if across or down else image


def _find(init: Path) -> Path:
    found = sorted(init.glob("vit*.safetensors")) if init.is_dir() else [init]
    if len(found) != 1 or not found[0].is_file():
        raise EvalError(f"'{init}' is not one vit*.safetensors file; give the pretrained ViT with --init FILE")
    if not timm.is_model(found[0].stem):
        raise EvalError(f"timm knows no network '{found[0].stem}'; name the file after its architecture")
    return found[0]
