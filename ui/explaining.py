"""Where the network looked on a picture, drawn for the browser and remembered for a while: a look costs a pass of the network."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from PIL import Image

from retrieval import Embedder, RetrievalError
from ui.heat import SIDE, Layers, attention_layers, data_uri, patch_layers, smaller

REMEMBERED = 200
"""Looks that are kept for each embedder, 30 kB each."""


@dataclass(frozen=True)
class Drawn:
    """A picture as a data URI, its heat, "" for none, and what is framed in it, as `Layers` has them."""

    picture: str
    heat: str = ""
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Look:
    """attention: the picture with the heat of the region branch. close_up: what is framed there with the heat of the patch branch;
    None where an attribute is read from the picture as a whole, and no part of it can be shown."""

    attention: Drawn
    close_up: Drawn | None


_seen: WeakKeyDictionary[Embedder, OrderedDict[tuple[str, str], Look]] = WeakKeyDictionary()
_lock = threading.Lock()


def look(embedder: Embedder, image: Image.Image, attribute: str) -> Look:
    """Where the network looks on an image for an attribute. RetrievalError for an unknown attribute."""
    embedder.check([attribute])
    key = attribute, _digest(image)
    with _lock:
        known = _seen.setdefault(embedder, OrderedDict())
        if key in known:
            known.move_to_end(key)
            return known[key]
    found = _look(embedder, image, attribute)
    with _lock:
        known[key] = found
        while len(known) > REMEMBERED:
            known.popitem(last=False)
    return found


def _look(embedder: Embedder, image: Image.Image, attribute: str) -> Look:
    try:
        explained = embedder.explain(image, attribute)
    except RetrievalError:  # of a known attribute: there is no part to show
        return Look(Drawn(data_uri(smaller(image, SIDE))), None)
    return Look(_drawn(attention_layers(image, explained)), _drawn(patch_layers(image, explained)))


def _drawn(layers: Layers) -> Drawn:
    return Drawn(data_uri(layers.picture), "" if layers.heat is None else data_uri(layers.heat), layers.box)


def _digest(image: Image.Image) -> str:
    return hashlib.blake2b(image.tobytes(), digest_size=16, key=repr((image.mode, image.size)).encode()).hexdigest()
