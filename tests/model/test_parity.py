"""Our network, crops and losses against the released implementation; nothing depends on the numbers of one golden file."""

import numpy as np
import pytest
import torch
from PIL import Image

from model import RPF, Output, crop
from model.losses import e_infonce, triplet
from tests.model import crop_reference
from tests.model import golden as recorded


@pytest.fixture(scope="module")
def golden() -> dict[str, np.ndarray]:
    if not recorded.PATH.exists():
        pytest.skip(recorded.MISSING)
    return recorded.load()


@pytest.fixture(scope="module")
def network(golden: dict[str, np.ndarray]) -> RPF:
    return recorded.network(golden)


@pytest.fixture(scope="module")
def images(golden: dict[str, np.ndarray]) -> list[torch.Tensor]:
    return [torch.from_numpy(golden[f"image_{i}"]).permute(2, 0, 1) for i in range(len(golden["attributes"]))]


@pytest.fixture(scope="module")
def outputs(network: RPF, images: list[torch.Tensor], golden: dict[str, np.ndarray]) -> list[Output]:
    """One pass an image with all attributes, by the Pillow path."""
    every = torch.arange(int(golden["n_attributes"]))
    with torch.inference_mode():
        return [network([image], every, cropping=crop_reference) for image in images]


def picked(outputs: list[Output], golden: dict[str, np.ndarray], name: str) -> torch.Tensor:
    return torch.stack(
        [getattr(out, name)[0, attribute] for out, attribute in zip(outputs, golden["attributes"], strict=True)]
    )


def relative_error(ours: torch.Tensor, theirs: np.ndarray) -> float:
    wanted = torch.from_numpy(np.asarray(theirs))
    return float((ours.double() - wanted.double()).norm() / wanted.double().norm())


@pytest.mark.parametrize("name", ["region", "background", "attention", "patch"])
def test_embeddings_and_maps(name: str, outputs: list[Output], golden: dict[str, np.ndarray]) -> None:
    ours = picked(outputs, golden, name)
    assert ours.shape == golden[name].shape
    for row, wanted in zip(ours, golden[name], strict=True):
        assert relative_error(row, wanted) <= 1e-4


def test_fused(outputs: list[Output], golden: dict[str, np.ndarray]) -> None:
    ours = recorded.fuse(picked(outputs, golden, "region"), picked(outputs, golden, "patch"), float(golden["beta"]))
    assert relative_error(ours, golden["fused"]) <= 1e-4


def test_boxes_of_the_images(outputs: list[Output], golden: dict[str, np.ndarray]) -> None:
    assert picked(outputs, golden, "boxes").tolist() == golden["boxes"].tolist()


def test_boxes_of_the_maps(golden: dict[str, np.ndarray]) -> None:
    size = 224
    ours = crop.crop_boxes(
        torch.from_numpy(golden["crop_masks"]),
        torch.from_numpy(golden["crop_sizes"]),
        size,
        float(golden["threshold"]),
    )
    assert ours.tolist() == golden["crop_boxes"].tolist()


def test_patch_input(network: RPF, images: list[torch.Tensor], golden: dict[str, np.ndarray]) -> None:
    boxes = torch.from_numpy(golden["boxes"])
    cut = crop_reference.crops(images, torch.arange(len(images)), boxes, 224)
    ours = (cut - network.patch_mean) / network.patch_std
    assert (ours - torch.from_numpy(golden["patch_input"]).float()).abs().max() <= 2e-3  # stored in float16


def test_device_crop_is_close_to_pillow(
    network: RPF, images: list[torch.Tensor], golden: dict[str, np.ndarray]
) -> None:
    every = torch.arange(int(golden["n_attributes"]))
    with torch.inference_mode():
        device = network(images, every)
        pillow = network(images, every, cropping=crop_reference)
    assert device.patch is not None and pillow.patch is not None
    for ours, reference in ((device.patch, pillow.patch), (device.region, pillow.region)):
        same = (device.boxes == pillow.boxes).all(-1)
        assert same.float().mean() > 0.8
        assert torch.cosine_similarity(ours, reference, dim=-1)[same].min() >= 0.999
    boxes = torch.from_numpy(golden["boxes"])
    owners = torch.arange(len(images))
    fast = crop.crops(images, owners, boxes, 224)
    assert (fast - crop_reference.crops(images, owners, boxes, 224)).abs().max() <= 2


def test_one_pass_equals_single_passes(network: RPF, images: list[torch.Tensor], golden: dict[str, np.ndarray]) -> None:
    """Batching over images, attributes and distinct crops changes nothing."""
    every = torch.arange(int(golden["n_attributes"]))
    with torch.inference_mode():
        together = network(images, every)
        for i, image in enumerate(images):
            for a in every:
                alone = network([image], a[None])
                assert torch.equal(alone.boxes[0, 0], together.boxes[i, a])
                assert relative_error(alone.region[0, 0], together.region[i, a].numpy()) <= 1e-4
                assert relative_error(alone.patch[0, 0], together.patch[i, a].numpy()) <= 1e-4


def test_losses_and_gradients(golden: dict[str, np.ndarray]) -> None:
    n = len(golden["loss_attributes"])
    rows = {
        name: torch.from_numpy(golden[name][:n].copy()).requires_grad_() for name in ("region", "patch", "background")
    }
    attributes, values = (torch.from_numpy(golden[f"loss_{name}"]) for name in ("attributes", "values"))
    loss = e_infonce(rows["region"], rows["patch"], rows["background"], attributes, values)
    assert loss.item() == pytest.approx(float(golden["e_infonce"]), rel=1e-4)
    assert triplet(rows["region"].detach()).item() == pytest.approx(float(golden["triplet"]), rel=1e-4, abs=1e-7)
    loss.backward()
    for name, row in rows.items():
        assert row.grad is not None
        assert relative_error(row.grad, golden[f"grad_{name}"]) <= 1e-4


def test_frame_is_close_to_pillow() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (501, 333, 3), np.uint8)
    smooth = np.asarray(Image.fromarray(noise).resize((333, 501), Image.Resampling.BOX, reducing_gap=None))
    image = torch.from_numpy(smooth.copy()).permute(2, 0, 1)
    difference = crop.frame(image, 224).int() - crop_reference.frame(image, 224).int()
    assert difference.abs().max() <= 2
