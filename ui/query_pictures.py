"""The picture that a search asks by: read, turned and cut."""

from functools import lru_cache
from pathlib import Path

from PIL import Image

from catalog import Catalog, CatalogError, open_image
from retrieval import LARGEST, squared
from ui.asked import Picture

_TURNED = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
"""Quarter turns clockwise → what Pillow, which counts the other way, calls them."""


def query_image(catalog: Catalog, picture: Picture) -> Image.Image:
    """A picture as it is asked by: turned and cut, a part of it in a grey square. CatalogError when it cannot be read.

    The network sees the centre square of what it is given: of a long part it would see the middle alone, which on `street`
    costs several points of MAP (`python -m benchmarks garments`).
    """
    image = cut_image(catalog, picture)
    return image if picture.box is None else squared(image)


def cut_image(catalog: Catalog, picture: Picture) -> Image.Image:
    """A picture that is asked by, turned and cut; CatalogError when it cannot be read."""
    return altered(_whole_image(catalog, picture), picture)


def altered(image: Image.Image, picture: Picture) -> Image.Image:
    """An image as a picture is looked at: turned, then cut to its box, at least one pixel of it."""
    if turns := picture.turn % 4:
        image = image.transpose(_TURNED[turns])
    if picture.box is None:
        return image
    left, top, right, bottom = picture.box
    edges = (left * image.width, top * image.height, right * image.width, bottom * image.height)
    x, y, x_end, y_end = (round(edge) for edge in edges)
    return image.crop((x, y, max(x_end, x + 1), max(y_end, y + 1)))


def enough(picture: Picture) -> int | None:
    """Pixels that its short side needs for the network (`catalog.open_image`); None for all, of which a part is cut."""
    return None if picture.box is not None else LARGEST


def _whole_image(catalog: Catalog, picture: Picture) -> Image.Image:
    if picture.item is not None:
        return catalog.open(catalog.item(picture.item), enough(picture))
    if picture.content is not None:
        return open_image(picture.content, enough=enough(picture))
    assert picture.image is not None
    return read_image(picture.image, enough(picture))


def read_image(path: str, needed: int | None = LARGEST) -> Image.Image:
    """An image file that somebody gave us, one of its own for each caller; the CatalogError does not tell where it lies on the
    server. needed: as `enough` says."""
    try:
        changed = Path(path).stat().st_mtime_ns
    except OSError as error:
        raise CatalogError("the image is no longer on the server; give it again") from error
    return _decoded(path, changed, needed).copy()


@lru_cache(maxsize=3)
def _decoded(path: str, changed: int, needed: int | None) -> Image.Image:
    """The last images that were given are kept decoded: one is looked at several times for a search. changed: when it was, so
    that another file of the same name is read anew."""
    with Path(path).open("rb") as file:
        return open_image(file, name=Path(path).name, enough=needed)
