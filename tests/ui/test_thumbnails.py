from pathlib import Path
from urllib.parse import unquote

from PIL import Image

from catalog import load_catalog
from tests.ui.conftest import draw_catalog
from ui.thumbnails import CARD, Thumbnails


def file_of(url: str) -> Path:
    prefix, _, path = url.partition("=")
    assert prefix == "gradio_api/file"
    return Path(unquote(path))


def test_thumbnails_are_small_files_kept_by_catalog(tmp_path: Path) -> None:
    catalog = load_catalog(draw_catalog(tmp_path / "catalog"))
    Image.new("RGB", (1600, 900), (9, 99, 199)).save(catalog.path(catalog.items[0]))
    catalog = load_catalog(tmp_path / "catalog")
    thumbnails = Thumbnails(catalog, tmp_path / "home")
    urls = thumbnails.urls(list(catalog.items))
    assert len(set(urls)) == len(catalog)
    first = file_of(urls[0])
    assert first.is_relative_to(tmp_path / "home" / "thumbnails" / catalog.digest[:16])
    with Image.open(first) as picture:
        assert picture.format == "WEBP"
        assert picture.size == (CARD[0], round(CARD[0] * 900 / 1600))
    before = first.stat().st_mtime_ns
    assert thumbnails.url(catalog.items[0]) == urls[0]
    assert first.stat().st_mtime_ns == before
    assert not list(first.parent.glob("*.part"))


def test_an_unreadable_image_gets_a_grey_card(tmp_path: Path) -> None:
    catalog = load_catalog(draw_catalog(tmp_path / "catalog"))
    catalog.path(catalog.items[3]).write_text("not an image any more")
    with Image.open(file_of(Thumbnails(catalog, tmp_path / "home").url(catalog.items[3]))) as picture:
        assert picture.size == CARD
