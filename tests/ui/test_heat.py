import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from retrieval import Explanation
from ui.heat import LAYER, Layers, attention_layers, data_uri, framed, patch_layers

GREY = (128, 128, 128)


def explained(hot: tuple[int, int] | None = (2, 11)) -> Explanation:
    """Attention of a 300 × 400 image with one hot cell (row, column), or none."""
    attention = np.full((14, 14), 1e-4, np.float32)
    if hot is not None:
        attention[hot] = 1
    attention /= attention.sum()
    box = (150, 60, 280, 190)
    return Explanation(attention=attention, frame=(0, 50, 300, 350), patch_attention=attention, box=box, compared=box)


def on_the_square(patch: tuple[int, int] | None, region: tuple[int, int] = (4, 9), side: int = 14) -> Explanation:
    """Attention of an attribute that is compared on the whole square of a 300 × 400 image; patch: the hot cell (row,
    column) of the patch map, side × side, None for no patch branch.
    """
    maps = [np.full((cells, cells), 1e-4, np.float32) for cells in (14, side)]
    maps[0][region] = 1
    if patch is not None:
        maps[1][patch] = 1
    regions, patches = (made / made.sum() for made in maps)
    frame = (0, 50, 300, 350)
    seen = None if patch is None else patches
    return Explanation(attention=regions, frame=frame, patch_attention=seen, box=(20, 200, 150, 330), compared=frame)


def together(layers: Layers) -> Image.Image:
    """Picture and heat in one, as the browser shows them with all of the heat."""
    assert layers.heat is not None
    over = layers.heat.resize(layers.picture.size, Image.Resampling.BILINEAR)
    return Image.alpha_composite(layers.picture.convert("RGBA"), over).convert("RGB")


def warmth(picture: Image.Image, box: tuple[int, int, int, int]) -> float:
    """Mean of red minus blue."""
    pixels = np.asarray(picture.crop(box), float)
    return float((pixels[..., 0] - pixels[..., 2]).mean())


def test_the_hot_cell_is_the_warm_place() -> None:
    picture = together(attention_layers(Image.new("RGB", (300, 400), GREY), explained(), side=400))
    assert picture.size == (300, 400)
    cell = 300 / 14
    left, top = round(11 * cell), round(50 + 2 * cell)
    hot = warmth(picture, (left + 4, top + 4, left + 18, top + 18))
    assert hot > 60
    assert hot > warmth(picture, (20, 250, 60, 290)) + 60


def test_what_the_branch_did_not_see_is_grey_and_the_picture_itself_has_no_heat() -> None:
    layers = attention_layers(Image.new("RGB", (300, 400), (250, 10, 10)), explained(), side=400)
    assert np.asarray(layers.picture).reshape(-1, 3).tolist() == [[250, 10, 10]] * 120_000
    beside = together(layers).crop((0, 0, 300, 40))
    assert warmth(beside, (0, 0, 300, 40)) == pytest.approx(0.4 * 240 - 0.6 * 4, abs=3)


def test_the_layers_are_small_and_of_the_shape_of_their_pictures() -> None:
    layers = attention_layers(Image.new("RGB", (300, 400), GREY), explained(), side=200)
    assert layers.picture.size == (150, 200) and layers.heat is not None
    assert layers.heat.size == (round(LAYER * 3 / 4), LAYER) and layers.heat.mode == "RGBA"
    assert layers.box == (0.5, 0.15, 280 / 300, 0.475)


def test_the_patch_picture_is_the_crop() -> None:
    image = Image.new("RGB", (300, 400), (250, 250, 250))
    image.paste((10, 10, 10), (150, 60, 280, 190))
    layers = patch_layers(image, explained(None), side=112)
    assert layers.picture.size == (112, 112) and layers.box is None
    assert np.asarray(layers.picture).mean() < 90


def test_the_frame_is_the_crop_where_the_patch_branch_saw_it() -> None:
    assert framed(explained()) == (150, 60, 280, 190)


@pytest.mark.parametrize("side", [14, 7])
def test_the_frame_is_where_both_look_when_the_whole_square_is_compared(side: int) -> None:
    found = on_the_square((4 * side // 14, 9 * side // 14), (4, 9), side)
    left, top, right, bottom = framed(found)
    assert right - left == pytest.approx(bottom - top, abs=1)
    assert right - left < 100
    cell = 300 / 14
    assert left <= 9 * cell + 1 and right >= 10 * cell - 1
    assert top <= 50 + 4 * cell + 1 and bottom >= 50 + 5 * cell - 1
    box = attention_layers(Image.new("RGB", (300, 400), GREY), found).box
    assert box == (left / 300, top / 400, right / 300, bottom / 400)


def test_the_close_up_of_the_square_has_the_heat_of_its_own_part() -> None:
    """The hot cell of the patch map lies in the frame; cut to it, it is the warm place of the close-up, and no other."""
    found = on_the_square((4, 9))
    left, top, right, _ = framed(found)
    picture = together(patch_layers(Image.new("RGB", (300, 400), GREY), found, side=210))
    scale, cell = 210 / (right - left), 300 / 14
    x, y = round((9.5 * cell - left) * scale), round((50 + 4.5 * cell - top) * scale)
    hot = warmth(picture, (x - 8, y - 8, x + 8, y + 8))
    assert hot > 60
    far = (4, 4, 20, 20) if x > 105 or y > 105 else (190, 190, 206, 206)
    assert warmth(picture, far) < hot - 60


def test_heat_outside_the_close_up_does_not_warm_it() -> None:
    """The patch map is hottest where the region map has nothing; what of it is in the frame is cool beside that."""
    found = on_the_square((13, 0))
    patch = np.array(found.patch_attention)
    patch[4, 9] = patch.max() / 10
    found = replace(found, patch_attention=patch / patch.sum())
    left, top, _, _ = framed(found)
    assert left > 100 and top < 200
    picture = together(patch_layers(Image.new("RGB", (300, 400), GREY), found))
    assert warmth(picture, (0, 0, *picture.size)) < 20


def test_without_a_patch_branch_the_close_up_is_the_picture_itself() -> None:
    image = Image.new("RGB", (300, 400), (250, 120, 20))
    found = on_the_square(None)
    assert framed(found) == framed(on_the_square((4, 9)))
    layers = patch_layers(image, found, side=50)
    assert layers.heat is None and np.asarray(layers.picture).reshape(-1, 3).tolist() == [[250, 120, 20]] * 2500


@pytest.mark.filterwarnings("error")
def test_a_constant_map_is_no_division_by_zero() -> None:
    heat = attention_layers(Image.new("RGB", (300, 400), GREY), explained(None)).heat
    assert heat is not None and len(np.unique(np.asarray(heat)[50:60, 10:60].reshape(-1, 4), axis=0)) == 1


def test_data_uri_holds_the_picture() -> None:
    kind, _, content = data_uri(Image.new("RGB", (20, 30), GREY)).partition(",")
    assert kind == "data:image/webp;base64"
    assert Image.open(io.BytesIO(base64.b64decode(content))).size == (20, 30)
