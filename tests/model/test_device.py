"""The network on a device: the real one that `LAPEL_TEST_DEVICE` names, and a pretended GPU, whose kernels are checked."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from model import RPF, Config, crop
from model.losses import e_infonce, supcon, triplet
from tests.model.kernels import WrongKernelError, moved, pretended_cuda

NAMES: dict[str, list[str]] = {"color": [], "neck": [], "lapel design": []}
SIZES = [(224, 224), (300, 170), (120, 331), (64, 64), (500, 400), (60, 900)]


def small(**changes: object) -> RPF:
    torch.manual_seed(0)
    options = {"embed_dim": 48, "depth": 1, "num_heads": 3}
    config = Config(NAMES, "resnet18", patch_options=options, dim=256, attribute_dim=32, common_dim=32, heads=3)
    return RPF(replace(config, threshold=0.6, **changes))  # type: ignore[arg-type]


def blobs(sizes: list[tuple[int, int]] = SIZES) -> list[Tensor]:
    """uint8 images (3, height, width) of low frequencies, so that attention differs from place to place."""
    rng = torch.Generator().manual_seed(0)
    coarse = [torch.rand(1, 3, 6, 5, generator=rng) * 255 for _ in sizes]
    return [
        F.interpolate(image, size, mode="bicubic").clamp(0, 255).to(torch.uint8)[0]
        for image, size in zip(coarse, sizes, strict=True)
    ]


@pytest.mark.device
def test_a_frame_on_a_device_is_that_of_the_cpu_within_a_level(device: torch.device) -> None:
    for image in blobs():
        there, here = crop.frame(image.to(device), 224), crop.frame(image, 224)
        assert there.device.type == device.type and there.dtype == here.dtype == torch.uint8
        assert (there.cpu().int() - here.int()).abs().max() <= 1


@pytest.mark.device
def test_frames_are_those_of_each_image(device: torch.device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crop, "TOGETHER", 130_000)  # two of 300 x 170
    sizes = [(300, 170)] * 5 + [(64, 64), (300, 170), (60, 900), (60, 900)]
    images = [image.to(device) for image in blobs(sizes)]
    expected = torch.stack([crop.frame(image, 224) for image in images])
    assert (crop.frames(images, 224).int() - expected.int()).abs().max() <= (device.type != "cpu")


@pytest.mark.device
@pytest.mark.parametrize("changes", [{}, {"gate": 1.0}, {"calibration_axes": 4}], ids=str)
def test_a_device_gives_what_the_cpu_gives(device: torch.device, changes: dict[str, object]) -> None:
    network, images, wanted = small(**changes).eval(), blobs(), torch.arange(3)
    with torch.inference_mode():
        here = network(images, wanted)
        there = network.to(device)([image.to(device) for image in images], wanted.to(device))
    assert there.region.device.type == device.type and here.patch is not None and there.patch is not None
    assert torch.allclose(there.attention.cpu(), here.attention, atol=2e-3)
    assert F.cosine_similarity(there.region.cpu(), here.region, dim=-1).min() > 0.999
    same = (there.boxes.cpu() == here.boxes).all(-1)
    assert same.float().mean() > 0.8  # a level of a frame can move an edge of a box
    assert F.cosine_similarity(there.patch.cpu(), here.patch, dim=-1)[same].min() > 0.99


@pytest.mark.device
def test_gradients_on_a_device(device: torch.device) -> None:
    network, wanted = small().train(), torch.arange(3)
    network.to(device)
    output = network([image.to(device) for image in blobs()], wanted.to(device))
    assert output.patch is not None
    labels = torch.tensor([0, 1, 0, 1, 0, 1]).to(device)
    loss = supcon(output.region[:, 0], labels) + supcon(output.patch[:, 1], labels)
    loss.backward()
    assert loss.isfinite()
    gradients = [p.grad for part in (network.trunk, network.vit, network.patch) for p in part.parameters()]
    assert all(g is not None and g.device.type == device.type and g.isfinite().all() for g in gradients)


def test_a_pretended_gpu_takes_the_network_up_to_the_boxes() -> None:
    network = small(gate=1.0).eval()
    with pretended_cuda() as cuda:
        moved(network, cuda)
        images = [torch.empty(3, *size, dtype=torch.uint8, device=cuda) for size in SIZES]
        wanted = torch.arange(2, device=cuda)
        frames = crop.frames(images, 224)
        features = network.features(frames)
        region, background, attention = network.region(features, network.attributes(wanted))
        boxes = crop.crop_boxes(attention.flatten(0, 1), torch.ones(12, 2, dtype=torch.int64), 224, 0.6)
    assert frames.shape == (6, 3, 224, 224) and frames.dtype == torch.uint8
    assert region.shape == background.shape == (6, 2, 256)
    assert boxes.shape == (12, 4) and {t.device.type for t in (region, background, boxes)} == {"cuda"}


def test_a_pretended_gpu_takes_the_network_after_the_boxes() -> None:
    owners, boxes = torch.tensor([0, 1, 1]), torch.tensor([[0, 0, 64, 64], [5, 0, 120, 115], [1, 1, 34, 34]])
    network = small(calibration_axes=4).eval()
    with pretended_cuda() as cuda:
        moved(network, cuda)
        images = [torch.empty(3, *size, dtype=torch.uint8, device=cuda) for size in SIZES[2:4]]
        cut = crop.crops(images, owners, boxes, 224)
        pairs, wanted = torch.zeros(6, dtype=torch.int64, device=cuda), torch.arange(3, device=cuda)
        patches, seen = network.patches(network.tokens(cut), pairs, wanted.repeat(2))
        calibrated = network.calibration.row(2, 1).apply(patches.unflatten(0, (2, 3)))
    assert cut.shape == (3, 3, 224, 224) and seen.shape == (6, 196) and calibrated.shape == (2, 3, 256)
    assert {t.device.type for t in (cut, patches, calibrated)} == {"cuda"}


def test_a_pretended_gpu_takes_the_losses() -> None:
    network = small()
    with pretended_cuda() as cuda:
        moved(network, cuda).train()
        features = network.features(torch.empty(8, 3, 96, 96, dtype=torch.uint8, device=cuda).float())
        region, background, _ = network.region(features, network.attributes(torch.arange(3, device=cuda)))
        labels = torch.zeros(8, dtype=torch.int64, device=cuda)
        contrast = e_infonce(region[:, 0], region[:, 1], background[:, 0], labels, labels)
        loss = contrast + triplet(region[:, 0].repeat(3, 1))
    assert loss.shape == () and loss.device.type == "cuda"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda image: F.interpolate(image[None], (224, 224), mode="bilinear", antialias=True),
        lambda image: image.double() / 3,
        lambda image: image[0].unique(dim=0),
    ],
    ids=["resize of whole numbers", "float64", "unique of rows"],
)
def test_the_pretended_gpu_refuses_what_a_real_one_does(wrong: Callable[[Tensor], Tensor]) -> None:
    with pytest.raises(WrongKernelError), pretended_cuda() as cuda:
        wrong(torch.empty(3, 300, 200, dtype=torch.uint8, device=cuda))


def test_the_pretended_gpu_refuses_to_mix_devices() -> None:
    with pytest.raises(RuntimeError, match="same device"), pretended_cuda() as cuda:
        torch.ones(3, device=cuda) + torch.ones(3)
