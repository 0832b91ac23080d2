"""The pipeline that Lapel's embedding is held against gives what Lapel gives, one pass a pair."""

from dataclasses import replace

import numpy as np
import torch
from torchvision.transforms.functional import to_pil_image

from benchmarks.straightforward import Straightforward, crop_box
from model import CROP, REGION, RPF, Column, crop
from retrieval import Embedder
from tests.model.test_derivation import config_of
from tests.model.test_device import blobs


def test_its_boxes_are_those_of_the_network() -> None:
    rng = torch.Generator().manual_seed(0)
    maps = torch.rand(24, 14, 14, generator=rng) ** 6
    maps[0] = 1 / 196  # nothing stands out
    sizes = [(224, 224), (170, 300), (331, 120), (64, 64)] * 6
    expected = crop.crop_boxes(maps, torch.tensor(sizes), 224, 0.3)
    assert [list(crop_box(one, size, 224, 0.3)) for one, size in zip(maps, sizes, strict=True)] == expected.tolist()


def test_its_vectors_are_those_of_the_network_for_a_pass_of_each_trunk_a_pair() -> None:
    torch.manual_seed(0)
    model = RPF(replace(config_of(), threshold=0.6)).eval()
    names = list(model.config.attributes)[:2]
    images = [to_pil_image(image) for image in blobs()[:3]]
    plain, passes = Straightforward(model), []
    plain.model.trunk.register_forward_pre_hook(lambda _, given: passes.append(len(given[0])))
    plain.model.vit.patch_embed.register_forward_pre_hook(lambda _, given: passes.append(len(given[0])))
    found = plain.vectors(images, names, 4)
    assert passes == [4, 4, 2, 2]
    columns = [Column(name, view) for name in names for view in (REGION, CROP)]
    embedded = Embedder(model, "cpu", precision="float32").embed(images, columns).astype(np.float32)
    cosines = (found.reshape(3, 4, -1) * embedded.reshape(3, 4, -1)).sum(-1)
    assert cosines.min() > 0.99  # Pillow resizes crops to whole numbers
