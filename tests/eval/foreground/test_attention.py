"""Attention on person and garment: exact on maps and masks made for it."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from eval.errors import EvalError
from eval.foreground.attention import MAPS, attention_mass, cells, mean_of
from eval.foreground.cutouts import Cutout, background, composite, exchanged, read_cutouts
from model import CONFIGS, RPF
from retrieval import Embedder
from tests.catalog.support import write_catalog


def halves(width: int = 64, height: int = 96) -> Cutout:
    """Red on the left, where the mask is, blue on the right."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2, 0], pixels[:, width // 2 :, 2] = 255, 255
    return Cutout(Image.fromarray(pixels), pixels[..., 0] > 0)


def test_cells_are_shares_of_the_mask() -> None:
    plane = Image.fromarray(halves().foreground.astype(np.float32))
    assert cells(plane, (0, 0, 64, 96), 2).tolist() == [[1, 0], [1, 0]]
    assert cells(plane, (-1, 0, 65, 97), 2).tolist() == [[1, 0], [1, 0]]
    assert cells(plane, (16, 0, 48, 32), 1).item() == pytest.approx(0.5)


def test_a_map_that_is_the_same_everywhere_reaches_the_share_of_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    network = RPF(CONFIGS["tiny"]({"color": ["red"]})).eval()
    even = torch.full((1, 1, 14, 14), 1 / 196)
    output = SimpleNamespace(attention=even, patch_attention=even, boxes=torch.tensor([[[0, 0, 32, 96]]]))
    monkeypatch.setattr(RPF, "forward", lambda self, images, attributes: output)
    found = attention_mass(Embedder(network, "cpu"), [halves()] * 2, ["color"])["color"]
    assert found == pytest.approx(
        {"region": 0.5, "patch": 1, "background_complement": 0.5, "pixels": 0.5, "crop_pixels": 1}
    )


def test_every_map_of_a_real_network_has_its_share() -> None:
    torch.manual_seed(0)
    embedder = Embedder(RPF(CONFIGS["tiny"]({"color": ["red"], "fit": ["slim"]})), "cpu")
    found = attention_mass(embedder, [halves()], ["fit", "color"])
    assert list(found) == ["fit", "color"] and all(set(row) == set(MAPS) for row in found.values())
    assert all(0 <= value <= 1 for row in found.values() for value in row.values())
    alone = attention_mass(Embedder(RPF(CONFIGS["tiny-region"]({"fit": ["slim"]})), "cpu"), [halves()], ["fit"])
    assert "patch" not in alone["fit"] and mean_of(alone) == alone["fit"]


def test_the_foreground_stays_and_the_background_goes() -> None:
    cutout = halves()
    red = np.asarray(composite(cutout, Image.new("RGB", (10, 10), (0, 255, 0))))
    assert red[40, 4].tolist() == [255, 0, 0] and red[40, -4].tolist() == [0, 255, 0]
    assert np.asarray(background(cutout))[:, 40:].reshape(-1, 3).tolist() == [[0, 0, 255]] * (96 * 24)
    assert np.asarray(background(cutout))[40, 4].tolist() == [0, 0, 255]  # what is unknown comes from what is known
    other = Cutout(Image.new("RGB", (64, 96), (0, 255, 0)), np.zeros((96, 64), bool))
    swapped = [np.asarray(image) for image in exchanged([cutout, other])]
    assert swapped[0][40, -4].tolist() == [0, 255, 0] and swapped[1][40, -4].tolist() == [0, 0, 255]
    with pytest.raises(EvalError, match="two photographs"):
        list(exchanged([cutout]))


def test_masks_are_read_and_checked(tmp_path: Path) -> None:
    rows = [{"id": str(n), "image": f"{n}.png", "mask": f"mask-{n}.png"} for n in range(2)]
    write_catalog(tmp_path, rows)
    with Image.open(tmp_path / "0.png") as first:
        size = first.size
    Image.new("L", size, 41).save(tmp_path / "mask-0.png")
    (cutout,) = read_cutouts(tmp_path, limit=1)
    assert cutout.foreground.all() and cutout.image.size == size
    assert len(read_cutouts(tmp_path)) == 1  # without the one that has no mask
    Image.new("L", (3, 3)).save(tmp_path / "mask-1.png")
    with pytest.raises(EvalError, match="size"):
        read_cutouts(tmp_path)
    write_catalog(tmp_path / "bare", [{"id": "a", "image": "a.png"}])
    with pytest.raises(EvalError, match="column 'mask'"):
        read_cutouts(tmp_path / "bare")
