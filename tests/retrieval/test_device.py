"""The embedder on the device that `LAPEL_TEST_DEVICE` names, with several batches at once."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from model import CROP, REGION, RPF, WHOLE, Column
from model.config import tiny
from retrieval import Embedder

pytestmark = pytest.mark.device

SIZES = [(224, 224), (300, 170), (120, 331), (64, 64), (500, 400), (1100, 1400), (90, 91)]


@pytest.mark.parametrize("precision", ["float32", "auto"])
def test_a_stream_of_images_is_embedded_as_each_alone(precision: str, device: torch.device) -> None:
    torch.manual_seed(0)
    options = {"embed_dim": 48, "depth": 1, "num_heads": 3}
    network = RPF(replace(tiny({"color": [], "neck": []}), patch_options=options, threshold=0.6))
    embedder = Embedder(network, device.type, 2, precision)
    columns = [Column(name, view) for name in ("neck", "color") for view in (REGION, CROP, WHOLE)]
    rng = np.random.default_rng(0)
    images = [Image.fromarray(rng.integers(0, 256, (6, 5, 3), np.uint8)).resize(size) for size in SIZES * 3]
    done: list[int] = []
    found = embedder.embed(iter(images), columns, done.append).astype(np.float32)
    alone = np.concatenate([embedder.embed([image], columns) for image in images]).astype(np.float32)
    cosines = (found * alone).reshape(len(images), len(columns), -1).sum(-1)
    assert cosines[:, [0, 3]].min() > 0.999  # region
    assert cosines.min() > 0.98  # a rounding can move an edge of a crop
    assert done == [*range(2, 21, 2), 21]
