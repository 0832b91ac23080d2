"""The small picture on a chip."""

from functools import lru_cache
from html import escape

from PIL import Image

from catalog import CatalogError
from library import Opened
from ui.asked import Picture
from ui.heat import data_uri
from ui.names import item_label
from ui.query_pictures import altered, cut_image, enough, read_image
from ui.words import word

SIDE = 64
"""Pixels of its longer side, twice what is shown."""


def chip_picture(opened: Opened, picture: Picture, lang: str) -> str:
    """An `img`; nothing for a picture that cannot be read or drawn."""
    try:
        source, alt = _source(opened, picture, lang)
    except CatalogError:
        return ""
    return f'<img src="{escape(source)}" alt="{escape(alt)}" width="28" height="28">' if source else ""


def _source(opened: Opened, picture: Picture, lang: str) -> tuple[str, str]:
    if picture.item is not None:
        item = opened.catalog.item(picture.item)
        if not picture.altered:
            return opened.thumbnails.url(item), item_label(item, lang)
        return data_uri(_small(cut_image(opened.catalog, picture))), item_label(item, lang)
    return (_upload(picture) if picture.image is not None else ""), word("picture_of_query", lang)


@lru_cache(maxsize=256)
def _upload(picture: Picture) -> str:
    assert picture.image is not None
    return data_uri(_small(altered(read_image(picture.image, enough(picture)), picture)))


def _small(image: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return small
