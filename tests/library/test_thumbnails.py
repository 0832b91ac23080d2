import os
import re
from pathlib import Path

import pytest
from PIL import Image

from catalog import Catalog, load_catalog
from library import Thumbnails
from library.thumbnails import CARD, LARGE
from tests.ui.conftest import draw_catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return load_catalog(draw_catalog(tmp_path / "catalog"))


def thumbnails_of(catalog: Catalog, folder: Path) -> Thumbnails:
    return Thumbnails(lambda: catalog, folder / "home", "shop")


def found(thumbnails: Thumbnails, url: str) -> tuple[Path, bool]:
    folder, _, name = url.rpartition("/")
    assert folder == "thumbnails/shop"
    file = thumbnails.find(name)
    assert file is not None
    return file


def test_thumbnails_are_small_files_made_when_first_wanted(catalog: Catalog, tmp_path: Path) -> None:
    Image.new("RGB", (1600, 900), (9, 99, 199)).save(catalog.path(catalog.items[0]))
    thumbnails = thumbnails_of(catalog, tmp_path)
    urls = thumbnails.urls(list(catalog.items))
    assert len(set(urls)) == len(catalog)
    assert not (tmp_path / "home").exists()
    first, lasting = found(thumbnails, urls[0])
    assert lasting and first.is_relative_to(tmp_path / "home" / "thumbnails")
    with Image.open(first) as picture:
        assert picture.format == "WEBP"
        assert picture.size == (CARD[0], round(CARD[0] * 900 / 1600))
    before = first.stat().st_mtime_ns
    assert found(thumbnails, urls[0])[0].stat().st_mtime_ns == before
    assert {path.suffix for path in first.parent.iterdir()} == {".webp"}


def test_addresses_tell_nothing_of_the_server(catalog: Catalog, tmp_path: Path) -> None:
    thumbnails = thumbnails_of(catalog, tmp_path)
    for size in (CARD, LARGE):
        assert re.fullmatch(
            rf"thumbnails/shop/[0-9a-f]{{24}}-[0-9a-f]{{10}}-{size[0]}\.webp", thumbnails.url(catalog.items[0], size)
        )
    name = thumbnails.url(catalog.items[0]).rpartition("/")[2]
    for other in ("../" + name, name.replace("256", "257"), name.replace("webp", "png"), "f" * 24 + name[24:], ""):
        assert thumbnails.find(other) is None


@pytest.mark.parametrize("same_time", [False, True])
def test_an_edit_of_the_same_size_is_seen(catalog: Catalog, tmp_path: Path, same_time: bool) -> None:
    path = catalog.path(catalog.items[0]).with_suffix(".bmp")
    Image.new("RGB", (40, 50), (200, 0, 0)).save(path)
    path.replace(catalog.path(catalog.items[0]))
    old = thumbnails_of(catalog, tmp_path)
    before = old.url(catalog.items[0])
    found(old, before)
    Image.new("RGB", (40, 50), (0, 0, 200)).save(path)
    time = catalog.path(catalog.items[0]).stat().st_mtime_ns if same_time else 1
    os.utime(path, ns=(time, time))
    assert path.stat().st_size == catalog.path(catalog.items[0]).stat().st_size
    path.replace(catalog.path(catalog.items[0]))
    after = thumbnails_of(catalog, tmp_path).url(catalog.items[0])
    assert after != before
    with Image.open(found(thumbnails_of(catalog, tmp_path), after)[0]) as picture:
        red, _, blue = picture.convert("RGB").getpixel((5, 5))
        assert blue > 150 > red
    file, lasting = found(thumbnails_of(catalog, tmp_path), before)  # an old address: the picture of today
    assert file.name in after and not lasting


def test_an_unreadable_image_gets_a_grey_card_that_is_not_kept(catalog: Catalog, tmp_path: Path) -> None:
    catalog.path(catalog.items[3]).write_text("not an image any more")
    thumbnails = thumbnails_of(catalog, tmp_path)
    file, lasting = found(thumbnails, thumbnails.url(catalog.items[3]))
    assert not lasting
    with Image.open(file) as picture:
        assert picture.size == CARD
    catalog.path(catalog.items[4]).unlink()
    assert not found(thumbnails, thumbnails.url(catalog.items[4]))[1]
