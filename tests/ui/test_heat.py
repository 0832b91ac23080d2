import base64
import io

import numpy as np
import pytest
from PIL import Image

from retrieval import Explanation
from ui.heat import attention_picture, data_uri, patch_picture

GREY = (128, 128, 128)


def explained(hot: tuple[int, int] | None = (2, 11)) -> Explanation:
    """Attention of a 300 × 400 image with one hot cell (row, column), or none."""
    attention = np.full((14, 14), 1e-4, np.float32)
    if hot is not None:
        attention[hot] = 1
    attention /= attention.sum()
    return Explanation(attention=attention, frame=(0, 50, 300, 350), patch_attention=attention, box=(150, 60, 280, 190))


def warmth(picture: Image.Image, box: tuple[int, int, int, int]) -> float:
    """Mean of red minus blue."""
    pixels = np.asarray(picture.crop(box), float)
    return float((pixels[..., 0] - pixels[..., 2]).mean())


def test_the_hot_cell_is_the_warm_place() -> None:
    picture = attention_picture(Image.new("RGB", (300, 400), GREY), explained(), side=400)
    assert picture.size == (300, 400)
    cell = 300 / 14
    left, top = round(11 * cell), round(50 + 2 * cell)
    hot = warmth(picture, (left + 4, top + 4, left + 18, top + 18))
    assert hot > 60
    assert hot > warmth(picture, (20, 250, 60, 290)) + 60


def test_the_crop_box_is_drawn_where_it_is() -> None:
    picture = attention_picture(Image.new("RGB", (300, 400), GREY), explained(), side=400)
    row = np.asarray(picture)[120]
    white = np.flatnonzero((row > 245).all(1))
    assert 150 <= white.min() <= 154
    assert 274 <= white.max() <= 280


def test_large_images_are_scaled_and_the_box_with_them() -> None:
    picture = attention_picture(Image.new("RGB", (300, 400), GREY), explained(), side=200)
    assert picture.size == (150, 200)
    white = np.flatnonzero((np.asarray(picture)[60] > 245).all(1))
    assert 75 <= white.min() <= 79
    assert 135 <= white.max() <= 140


def test_the_patch_picture_is_the_crop() -> None:
    image = Image.new("RGB", (300, 400), (250, 250, 250))
    image.paste((10, 10, 10), (150, 60, 280, 190))
    picture = patch_picture(image, explained(None), side=112)
    assert picture.size == (112, 112)
    assert np.asarray(picture).mean() < 90


@pytest.mark.filterwarnings("error")
def test_a_constant_map_is_no_division_by_zero() -> None:
    picture = attention_picture(Image.new("RGB", (300, 400), GREY), explained(None))
    assert np.isfinite(np.asarray(picture, float)).all()


def test_data_uri_holds_the_picture() -> None:
    kind, _, content = data_uri(Image.new("RGB", (20, 30), GREY)).partition(",")
    assert kind == "data:image/webp;base64"
    assert Image.open(io.BytesIO(base64.b64decode(content))).size == (20, 30)
