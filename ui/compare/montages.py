"""The example whose picture is changed: its garment before another background of the same catalog."""

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from PIL import Image

from catalog import CatalogError
from library import Opened
from retrieval import garment_map
from ui.asked import Asked, Picture, like
from ui.compare.examples import Example, donors
from ui.compare.montage import Cut, cut_out, montage, rim_colour, small

ALIKE = 60.0
"""Distance of colours, 0 to 442, below which the background would hardly change."""
GREYS = (72, 208)
"""Plain backgrounds where those of the catalog are all alike."""


@dataclass(frozen=True)
class Montage:
    """example: what was asked before. picture: the garment of its item before another background. donor: the id of the item
    that this is of, "" for plain grey."""

    example: Example
    picture: Picture
    donor: str

    @property
    def asked(self) -> Asked:
        return Asked(like(self.picture, {self.example.attribute: 1.0}))


class Montages:
    """Makes one montage a catalog and keeps it. Thread-safe."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Opened, dict[tuple[Example, ...], Montage | None]] = WeakKeyDictionary()
        self._making = threading.Lock()

    def known(self, opened: Opened, examples: Sequence[Example]) -> tuple[bool, Montage | None]:
        """Whether `of` has its answer, and that; otherwise it is made in the background, since it takes passes of the
        network and pictures that nobody may look at."""
        kept = self._kept.get(opened, {})
        if tuple(examples) in kept:
            return True, kept[tuple(examples)]
        threading.Thread(target=self.of, args=(opened, examples), name="lapel-montage", daemon=True).start()
        return False, None

    def of(self, opened: Opened, examples: Sequence[Example]) -> Montage | None:
        """Of the first example whose garment can be told from its background; None where there is none, or the weights have
        no foreground gate."""
        key = tuple(examples)
        with self._making:
            kept = self._kept.get(opened, {})
            if key not in kept:
                found = (_made(opened, example) for example in examples)
                kept = {key: next((one for one in found if one is not None), None)}
                self._kept[opened] = kept
        return kept[key]


def _made(opened: Opened, example: Example) -> Montage | None:
    try:
        own = _cut(opened, example.item)
    except CatalogError:
        return None
    if own is None or not own.clear:
        return None
    colour, best, donor = rim_colour(own.image), ALIKE, ""
    for item in donors(opened, example.item):
        try:
            distance = float(np.linalg.norm(rim_colour(opened.catalog.open(item)) - colour))
        except CatalogError:
            continue
        if distance > best:
            best, donor = distance, item.id
    other = _cut(opened, donor) if donor else None
    if other is None:
        donor, other = "", _plain(own, colour)
    buffer = io.BytesIO()
    montage(own, other).save(buffer, "PNG")
    return Montage(example, Picture(content=buffer.getvalue()), donor)


def _cut(opened: Opened, item: str) -> Cut | None:
    image = small(opened.catalog.open(opened.catalog.item(item)))
    chance = garment_map(opened.embedder, image)
    return None if chance is None else cut_out(image, chance)


def _plain(own: Cut, colour: np.ndarray) -> Cut:
    """The plain grey that differs more from a colour, as a picture without a garment."""
    grey = max(GREYS, key=lambda level: float(np.linalg.norm(colour - level)))
    return Cut(Image.new("RGB", own.image.size, (grey,) * 3), np.zeros_like(own.chance))
