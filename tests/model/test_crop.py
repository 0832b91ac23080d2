"""Crop boxes in whole numbers, frames as torchvision sizes them, pictures of every shape."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils._python_dispatch import TorchDispatchMode
from torchvision.transforms.v2 import functional as tv

from model import RPF, Column, Config, crop
from retrieval import Embedder

SIZE = 224


@pytest.fixture(scope="module")
def network() -> RPF:
    torch.manual_seed(0)
    options = {"embed_dim": 48, "depth": 1, "num_heads": 3}
    names: dict[str, list[str]] = {"a": [], "b": []}
    return RPF(Config(names, "resnet18", patch_options=options, dim=256, attribute_dim=32, common_dim=32, heads=3))


def hot(left: int, top: int, side: int) -> torch.Tensor:
    """A map of SIZE x SIZE that is high in one square, whose box is that square."""
    found = torch.zeros(1, SIZE, SIZE)
    found[0, top : top + side, left : left + side] = 1
    return found


def cases() -> list[tuple[int, int]]:
    """Places on the canvas and short sides for which the product in floats, truncated, is too small."""
    found = [
        (place, short)
        for short in range(225, 1600)
        for place in range(1, 200)
        if int(place * (short / SIZE)) != place * short // SIZE
    ]
    return [found[i] for i in np.random.default_rng(0).permutation(len(found))[:40]]


def test_boxes_are_those_of_exact_arithmetic_where_floats_fall_short() -> None:
    assert int(84 * (1200 / SIZE)) == 449
    for place, short in [(84, 1200), *cases()]:
        side = SIZE - place if place > 20 else 20
        box = crop.crop_boxes(hot(place, place, side), torch.tensor([[short, short + 301]]), SIZE, 0.1)[0].tolist()
        left, top = (int(Fraction(place * short, SIZE)) for _ in range(2))
        wide = int(Fraction(side * short, SIZE))
        assert box == [left, top + 150, left + wide, top + 150 + wide], (place, short)


def test_a_box_holds_a_pixel_at_least() -> None:
    boxes = crop.crop_boxes(hot(84, 84, 20).repeat(2, 1, 1), torch.tensor([[1, 1], [10, 300]]), SIZE, 0.1)
    assert boxes.tolist() == [[0, 0, 1, 1], [3, 148, 4, 149]]
    images = [torch.full((3, 1, 1), 9, dtype=torch.uint8), torch.full((3, 300, 10), 9, dtype=torch.uint8)]
    assert (crop.crops(images, torch.arange(2), boxes, SIZE) - 9).abs().max() < 1e-4


class Kinds(TorchDispatchMode):
    """Which types of numbers the operations inside give."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[torch.dtype] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        self.seen |= {
            part.dtype for part in (out if isinstance(out, tuple) else (out,)) if isinstance(part, torch.Tensor)
        }
        return out


def test_boxes_need_no_float64_which_mps_lacks() -> None:
    with Kinds() as kinds:
        crop.crop_boxes(torch.rand(2, 14, 14), torch.tensor([[300, 400], [500, 200]]), SIZE, 0.1)
    assert torch.float32 in kinds.seen and torch.float64 not in kinds.seen


@pytest.mark.parametrize("shape", [(501, 333), (224, 300), (225, 225), (97, 1024), (640, 427), (1200, 1600), (7, 5)])
def test_a_frame_is_that_of_torchvision(shape: tuple[int, int]) -> None:
    image = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (3, *shape), np.uint8))
    expected = tv.center_crop(tv.resize(image, [SIZE], antialias=True), [SIZE, SIZE])
    assert torch.equal(crop.frame(image, SIZE).to(torch.uint8), expected)


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (20, 3000), (3000, 20), (1, 40_000), (40_000, 1)])
def test_pictures_of_any_shape_are_embedded(network: RPF, shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    usual = Image.fromarray(np.random.default_rng(1).integers(0, 256, (90, 70, 3), np.uint8))
    embedder = Embedder(network, "cpu", precision="float32")
    columns = [Column(name, view) for name in embedder.attributes for view in ("region", "crop", "whole")]
    found = embedder.embed([Image.fromarray(pixels), usual], columns).astype(np.float32)  # in one batch
    parts = found.reshape(2, len(columns), -1)
    assert np.linalg.norm(parts, axis=-1) == pytest.approx(1, abs=1e-2)
    left, top, right, bottom = embedder.explain(Image.fromarray(pixels), "a").box
    assert 0 <= left < right <= shape[1] and 0 <= top < bottom <= shape[0]


def test_the_middle_of_a_long_picture_is_seen() -> None:
    strip = torch.zeros(3, 20, 3000, dtype=torch.uint8)
    strip[:, :, 1490:1510] = 200
    whole = tv.center_crop(tv.resize(strip, [SIZE], antialias=True), [SIZE, SIZE])
    assert (crop.frame(strip, SIZE).int() - whole.int()).abs().float().mean() < 1


def test_what_a_gpu_gathers_is_what_the_cpu_cuts() -> None:
    rng = torch.Generator().manual_seed(0)
    images = [
        torch.randint(0, 256, (3, *size), dtype=torch.uint8, generator=rng) for size in [(40, 30), (25, 60), (9, 8)]
    ]
    images[1] = images[1].permute(1, 2, 0).contiguous().permute(2, 0, 1)  # as Pillow has it
    boxes = [(0, 3, 5, 20, 22), (1, 59, 0, 60, 1), (1, 36, 1, 61, 26), (2, 0, 1, 8, 9), (0, 0, 0, 30, 30)]
    rows = np.array([(1, 0, 0, 2, 2), *boxes])
    cut = crop._cutter(images, rows)(1, 6, 31)
    assert torch.equal(crop._gatherer(images, rows)(1, 6, 31), cut)
    assert torch.equal(cut[2, :, :24, :24], images[1][:, 1:, 36:].float()) and not cut[2, :, 24:].any()


def test_pixels_that_lie_one_after_the_other_are_not_copied() -> None:
    whole = torch.randint(0, 256, (3 * (40 * 30 + 25 * 60) + 9,), dtype=torch.uint8)
    images = [whole.as_strided((3, 40, 30), (1, 90, 3), 9), whole.as_strided((3, 25, 60), (1, 180, 3), 9 + 3 * 40 * 30)]
    alike = crop._pixels(images)
    assert alike.data_ptr() == whole.data_ptr() + 9
    for others in (images[::-1], [images[0], images[1].clone()], [images[0], images[1][:, 1:]]):
        expected = torch.cat([image.permute(1, 2, 0).reshape(-1, 3) for image in others])
        assert torch.equal(crop._pixels(others), expected)
    assert torch.equal(alike, crop._pixels([image.clone() for image in images]))


@pytest.mark.parametrize("few", [True, False])
def test_crops_are_cut_in_groups_that_a_processor_or_a_gpu_does_at_once(
    few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crop, "CUT", 5000)
    sides = [*range(1, 40), 90]
    groups = list(crop._groups(sides, few))
    assert [start for start, _, _ in groups] == [0, *(end for _, end, _ in groups[:-1])] and groups[-1][1] == 40
    for start, end, widest in groups:
        assert widest == sides[end - 1]
        assert end - start <= 32 if few else (end - start) * widest**2 <= 5000 or end - start == 1
    assert list(crop._groups([], few)) == []


def test_of_no_boxes_there_are_no_crops() -> None:
    images = [torch.zeros(3, 9, 8, dtype=torch.uint8)]
    assert crop.crops(images, torch.zeros(0, dtype=torch.int64), torch.zeros(0, 4, dtype=torch.int64), 32).shape == (
        0,
        3,
        32,
        32,
    )
