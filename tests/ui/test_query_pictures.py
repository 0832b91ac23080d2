"""The picture that a search asks by: as it is embedded, or cut from all its pixels."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from catalog import open_image
from library import Opened
from retrieval import LARGEST
from ui.asked import Picture
from ui.query_pictures import query_image


def test_query_image_is_the_item_itself(opened: Opened) -> None:
    assert query_image(opened.catalog, Picture(item="g0")).size == (120, 150)


def test_a_large_photograph_is_asked_by_as_it_is_embedded_and_cut_from_all_its_pixels(
    opened: Opened, tmp_path: Path
) -> None:
    path = tmp_path / "large.jpg"
    Image.effect_noise((2100, 2800), 60).convert("RGB").save(path)
    item = replace(opened.catalog.items[0], image=str(path))
    whole = query_image(opened.catalog, Picture(image=str(path)))
    assert whole.size == (1050, 1400) == opened.catalog.open(item, LARGEST).size
    assert np.array_equal(whole, query_image(opened.catalog, Picture(content=path.read_bytes())))
    cut = query_image(opened.catalog, Picture(image=str(path), box=(0, 0, 1 / 7, 3 / 28)))
    assert cut.size == (300, 300) and np.array_equal(cut, open_image(path).crop((0, 0, 300, 300)))
