"""Global similarity: what a frozen network that knows nothing of attributes reaches on the same queries."""

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

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

BATCH = 16


class GlobalFeatures:
    """The CLS feature, after the final norm, of a ViT of timm; images are prepared as timm states for the weights."""

    def __init__(self, init: str | Path, device: str = "cpu") -> None:
        """init: a safetensors file named after its architecture in timm, or a folder with one that begins with vit.

        EvalError when there is no such file, timm does not know its name, or the weights do not fit.
        """
        path = _find(Path(init))
        self.name = path.stem
        self.device = torch.device(device)
        try:
            self.network = timm.create_model(self.name, pretrained=False)
            self.network.load_state_dict(load_file(path))
        except (RuntimeError, SafetensorError, OSError) as error:
            reason = str(error).partition("\n")[0]
            raise EvalError(f"'{path}' does not hold timm's {self.name} ({reason}); give other weights") from error
        self.network.eval().to(self.device)
        self.transform = create_transform(**resolve_model_data_config(self.network), is_training=False)
        self.digest = sha256_of(path)

    def embed(self, images: Iterable[Image.Image]) -> np.ndarray:
        """float32 (images, width)."""
        source = iter(images)
        parts = [np.zeros((0, self.network.num_features), np.float32)]
        while batch := [self.transform(image) for image in islice(source, BATCH)]:
            with torch.inference_mode():
                tokens = self.network.forward_features(torch.stack(batch).to(self.device))
            parts.append(tokens[:, 0].float().cpu().numpy())
        return np.concatenate(parts)


def embed_catalog(
    catalog: Catalog, features: GlobalFeatures, progress: Callable[[int], object] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Features float32 (items, width), zeros for images that cannot be read, and which can, bool (items,).

    progress: called with 1 after each image was opened.
    """
    usable = np.zeros(len(catalog), bool)

    def images() -> Iterable[Image.Image]:
        for position, item in enumerate(catalog.items):
            if progress is not None:
                progress(1)
            try:
                image = catalog.open(item)
            except CatalogError:
                continue
            usable[position] = True
            yield image

    found = features.embed(images())
    out = np.zeros((len(catalog), found.shape[1]), np.float32)
    out[usable] = found
    return out, usable


def _find(init: Path) -> Path:
    found = sorted(init.glob("vit*.safetensors")) if init.is_dir() else [init]
    if len(found) != 1 or not found[0].is_file():
        raise EvalError(f"'{init}' is not one vit*.safetensors file; give the pretrained ViT with --init FILE")
    if not timm.is_model(found[0].stem):
        raise EvalError(f"timm knows no network '{found[0].stem}'; name the file after its architecture")
    return found[0]
