"""What other devices compute is what the CPU has; the CPU stands in for them where the arithmetic is looked at."""

import pytest
import torch
import torch.nn.functional as F

from model.resize import _matrix, _rounded, resized

SIZES = [((320, 256), (280, 224)), ((224, 224), (224, 224)), ((60, 900), (224, 3360)), ((31, 17), (40, 22))]
LARGER = [((1024, 1365), (224, 298)), ((700, 500), (313, 224))]


def noise(size: tuple[int, int]) -> torch.Tensor:
    rng = torch.Generator().manual_seed(sum(size))
    return torch.randint(0, 256, (2, 3, *size), dtype=torch.uint8, generator=rng)


def exact(images: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    return F.interpolate(images, size, mode="bilinear", antialias=True, align_corners=False)


@pytest.mark.parametrize(("old", "new"), SIZES + LARGER, ids=str)
def test_two_products_of_whole_numbers_give_the_resize_of_the_cpu(old: tuple[int, int], new: tuple[int, int]) -> None:
    images, cpu = noise(old), torch.device("cpu")
    across, bits = _matrix(old[1], new[1], cpu)
    found = _rounded(images.double() @ across.double().T, bits)
    down, bits = _matrix(old[0], new[0], cpu)
    assert torch.equal(_rounded(down.double() @ found, bits).to(torch.uint8), exact(images, new))


@pytest.mark.device
@pytest.mark.parametrize(("old", "new"), SIZES + LARGER, ids=str)
def test_a_device_resizes_as_the_cpu(old: tuple[int, int], new: tuple[int, int], device: torch.device) -> None:
    images = noise(old)
    with torch.autocast(device.type, torch.bfloat16):
        found = resized(images.to(device), new)
    difference = (found.cpu().int() - exact(images, new).int()).abs()
    assert found.dtype == torch.uint8 and difference.max() <= 1
    assert difference.float().mean() < (1e-4 if (old, new) in LARGER else 1e-9)
