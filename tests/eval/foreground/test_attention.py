"""Attention on person and garment: exact on maps and masks made for it."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from eval.errors import EvalError
from eval.foreground.attention import MAPS, attention_mass, cells, mean_of, whole_attention
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


def split(width: int = 64, height: int = 64) -> Cutout:
    """From left to right a quarter each of background, skin, tie and trousers."""
    values = np.zeros((height, width), np.uint8)
    for place in range(4):
        values[:, place * width // 4 :] = place
    return Cutout(Image.new("RGB", (width, height)), values > 0, values)


SPLIT = ("null", "skin", "tie", "pants")


def network(attribute: str, region: torch.Tensor, patch: torch.Tensor, monkeypatch: pytest.MonkeyPatch) -> Embedder:
    """One whose maps (14, 14) are those given, the patch map over the right half of 64 x 64 pixels as well as over the
    whole square."""
    torch.manual_seed(0)
    made = RPF(CONFIGS["tiny"]({attribute: ["one"]})).eval()
    output = SimpleNamespace(
        attention=region[None, None], patch_attention=patch[None, None], boxes=torch.tensor([[[32, 0, 64, 64]]])
    )
    monkeypatch.setattr(RPF, "forward", lambda self, images, attributes: output)
    monkeypatch.setattr(RPF, "patches", lambda self, tokens, crops, attributes: (None, patch.flatten()[None]))
    return Embedder(made, "cpu")


def columns(*shares: float) -> torch.Tensor:
    """A map whose quarters, from left to right, hold these shares; cells at a border are halved."""
    pieces = torch.tensor(shares)[:, None].expand(-1, 7).flatten() / 7
    return (pieces.view(14, 2).sum(1) / 14).expand(14, 14)


EVEN = columns(0.25, 0.25, 0.25, 0.25)


def test_a_map_that_is_the_same_everywhere_reaches_the_share_of_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = network("color", EVEN, EVEN, monkeypatch)
    (found,) = attention_mass(embedder, [split()] * 2, ["color"]).rows.values()
    square, crop = dict.fromkeys(("region", "whole", "shown", "background_complement", "pixels"), 0.75), 1
    assert found == pytest.approx({**square, "patch": crop, "crop_pixels": crop})


def test_each_map_is_told_apart_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells at the borders of the quarters hold half of each neighbour, which these maps leave cold."""
    hot = torch.zeros(14, 14)
    hot[:, 8], hot[:, 12] = 0.75 / 14, 0.25 / 14  # tie 0.75, trousers 0.25
    cold = torch.zeros(14, 14)
    cold[:, 1], cold[:, 8] = 0.5 / 14, 0.5 / 14  # background and tie; of the crop: tie and trousers
    embedder = network("necktie", hot, cold, monkeypatch)
    found = attention_mass(embedder, [split()], ["necktie"], SPLIT)
    row = found.rows["necktie"]
    assert found.parts == {"necktie": ["tie"]} and row["part_images"] == 1
    assert (row["region"], row["whole"], row["shown"]) == pytest.approx((1, 0.5, 1))
    assert (row["garment_region"], row["garment_whole"]) == pytest.approx((1, 0.5))
    assert (row["part_region"], row["part_whole"], row["part_patch"]) == pytest.approx((0.75, 0.5, 0.5))
    assert row["part_shown"] == pytest.approx(1)
    assert (row["garment_pixels"], row["part_pixels"], row["part_crop_pixels"]) == pytest.approx((0.5, 0.25, 0.5))


def test_images_without_the_part_are_left_out_of_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    scarf = replace(split(), values=np.full((64, 64), 3, np.uint8))
    tie = network("necktie", EVEN, EVEN, monkeypatch)
    found = attention_mass(tie, [split(), scarf, split()], ["necktie"], SPLIT)
    row = found.rows["necktie"]
    assert row["part_images"] == 2 and row["part_region"] == pytest.approx(0.25)
    assert row["garment_pixels"] == pytest.approx((0.5 + 1 + 0.5) / 3)
    assert found.intervals["necktie"]["part_region"] == pytest.approx((0.25, 0.25))
    alone = attention_mass(tie, [scarf], ["necktie"], SPLIT)
    assert "part_region" not in alone.rows["necktie"] and alone.intervals == {"necktie": {}}
    assert "part_images" not in mean_of(found.rows)


def test_an_interval_holds_the_mean_and_narrows_with_images(monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = network("necktie", EVEN, EVEN, monkeypatch)
    wide = replace(split(), values=np.full((64, 64), 2, np.uint8))
    widths = []
    for count in (2, 20):
        found = attention_mass(embedder, [split(), wide] * count, ["necktie"], SPLIT)
        low, high = found.intervals["necktie"]["part_region"]
        assert low < found.rows["necktie"]["part_region"] < high
        widths.append(high - low)
    assert widths[1] < widths[0]


def test_every_map_of_a_real_network_has_its_share() -> None:
    torch.manual_seed(0)
    embedder = Embedder(RPF(CONFIGS["tiny"]({"color": ["red"], "fit": ["slim"]})), "cpu")
    found = attention_mass(embedder, [halves()], ["fit", "color"]).rows
    assert list(found) == ["fit", "color"] and all(set(row) == set(MAPS) for row in found.values())
    assert all(0 <= value <= 1 for row in found.values() for value in row.values())
    region = Embedder(RPF(CONFIGS["tiny-region"]({"fit": ["slim"]})), "cpu")
    alone = attention_mass(region, [halves()], ["fit"]).rows
    assert not {"patch", "whole", "shown"} & set(alone["fit"]) and mean_of(alone) == alone["fit"]


def test_attention_on_the_whole_square_is_that_of_a_crop_of_it() -> None:
    torch.manual_seed(0)
    embedder = Embedder(RPF(CONFIGS["tiny"]({"color": ["red"], "fit": ["slim"]})), "cpu")
    image = torch.randint(0, 256, (3, 224, 300), dtype=torch.uint8)
    with torch.inference_mode():
        found = whole_attention(embedder, image, torch.tensor([1, 0]))
        tokens = embedder.model.tokens(image[None, :, :, 38:262].float())
        seen = embedder.model.patches(tokens, torch.tensor([0]), torch.tensor([0]))[1]
    assert found is not None and found.shape == (2, 14, 14)
    assert found[1] == pytest.approx(seen[0].view(14, 14).numpy(), abs=1e-6)
    assert found.sum((1, 2)) == pytest.approx(1)


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
    assert cutout.values is not None and set(cutout.values.flat) == {41}
    assert len(read_cutouts(tmp_path)) == 1  # without the one that has no mask
    Image.new("L", (3, 3)).save(tmp_path / "mask-1.png")
    with pytest.raises(EvalError, match="size"):
        read_cutouts(tmp_path)
    write_catalog(tmp_path / "bare", [{"id": "a", "image": "a.png"}])
    with pytest.raises(EvalError, match="column 'mask'"):
        read_cutouts(tmp_path / "bare")
