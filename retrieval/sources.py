"""What a query asks by: the vectors of its pictures, items and values. What pictures gave is remembered for a while."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from PIL import Image

from model import APPLICABILITY, Column
from retrieval.derived import derived
from retrieval.interfaces import Embeds, columns_of, slices
from retrieval.query import ImageSource, ItemSource, Term, unit
from retrieval.view import View

_REMEMBERED = 1024


class Sources:
    """Embeds the pictures of queries, and remembers the raw embeddings of the last ones. Thread-safe."""

    def __init__(self, embedder: Embeds) -> None:
        self.embedder = embedder
        self._seen: OrderedDict[tuple[str, Column], np.ndarray] = OrderedDict()
        self._seen_lock = threading.Lock()

    def vectors(self, view: View, terms: Sequence[Term]) -> list[np.ndarray]:
        """Derived vector (width,) of each term's source; one pass for each distinct image, for its attributes only."""
        pictures: dict[str, tuple[Image.Image, list[str]]] = {}
        keys = [term.source.digest if isinstance(term.source, ImageSource) else "" for term in terms]
        for term, key in zip(terms, keys, strict=True):
            if isinstance(term.source, ImageSource):
                pictures.setdefault(key, (term.source.image, []))[1].append(term.attribute)
        known = {key: self._embed(view, key, image, names) for key, (image, names) in pictures.items()}
        return [
            known[key][term.attribute]
            if isinstance(term.source, ImageSource)
            else view.item(term.source.id, term.attribute)
            if isinstance(term.source, ItemSource)
            else view.prototype(term.source.value, term.attribute, term.source.split)
            for term, key in zip(terms, keys, strict=True)
        ]

    def _embed(self, view: View, key: str, image: Image.Image, attributes: Sequence[str]) -> dict[str, np.ndarray]:
        """Derived vectors (width,) of an image for some attributes."""
        known = self._raw(key, image, columns_of(self.embedder, attributes))
        vectors = {}
        for name in dict.fromkeys(attributes):
            derivation = view.derivation(name)
            vectors[name] = unit(derived(derivation, lambda column: known[column][None])[0], derivation.sections)
        return vectors

    def _raw(self, key: str, image: Image.Image, columns: Sequence[Column]) -> dict[Column, np.ndarray]:
        """Raw embeddings of an image. The last ones are remembered, so that another β costs no pass."""
        with self._seen_lock:
            known = {column: self._seen[key, column] for column in columns if (key, column) in self._seen}
        missing = [column for column in columns if column not in known]
        if missing:
            row = self.embedder.embed([image], missing)[0]
            places = slices(missing, {column: self.embedder.width(column) for column in missing})
            known |= {column: row[place] for column, place in places.items()}
        with self._seen_lock:
            for column, embedding in known.items():
                self._seen[key, column] = embedding
                self._seen.move_to_end((key, column))
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return known

    def hidden(self, view: View, terms: Sequence[Term]) -> tuple[str, ...]:
        """Attributes of positive weight that cannot be seen on the picture or item that they are asked by."""
        found: list[str] = []
        for term in terms:
            if term.weight <= 0 or term.attribute in found:
                continue
            if isinstance(term.source, ItemSource):
                rows = view.hidden(term.attribute)
                cannot = rows is not None and bool(rows[view.position(term.source.id, term.attribute)])
            else:
                seen = self.embedder.derivation(term.attribute).seen
                cannot = False
                if seen is not None and isinstance(term.source, ImageSource):
                    raw = self._raw(term.source.digest, term.source.image, APPLICABILITY)
                    cannot = bool(seen.chance(*(raw[column][None] for column in APPLICABILITY))[0] < seen.threshold)
            if cannot:
                found.append(term.attribute)
        return tuple(found)
