"""The pictures of a catalog as vectors: all that a search needs of them and that no label changes."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model import APPLICABILITY, Column, Derivation, repeated
from retrieval.derived import Derived, derived, width_of
from retrieval.interfaces import Embeds, Raw
from retrieval.layout import Layout
from retrieval.quantized import Quantized, stretch_of
from retrieval.sketch import Sketch
from retrieval.sketches import Sketches, Wanted

Vectors = np.ndarray | Quantized
CENTRED = 2000
"""Pictures that say where a catalog's centre is, the first ones, so that what is added to a large one moves no vector."""


class Pictures:
    """Raw and derived vectors of the slots of a layout, as they are at one moment. Thread-safe.

    A slot has an attribute when it has all raw columns that this needs. Slots are embedded one after the other, so that for a
    while some have it and others do not.
    """

    def __init__(
        self, layout: Layout, raw: Raw, columns: Sequence[Column], embedder: Embeds, kept: "Kept | None" = None
    ) -> None:
        """columns: raw ones that the catalog is embedded for. kept: what was derived for other moments of the catalog."""
        self.layout = layout
        self.raw = raw
        self.columns = tuple(columns)
        self.embedder = embedder
        self.kept = kept or Kept()
        self._there: dict[str, np.ndarray] = {}
        self._vectors: dict[str, Vectors] = {}
        self._hidden: dict[str, np.ndarray] = {}
        self._sketches: dict[str, Sketch] = {}
        self._derivations: dict[str, Derivation] = {}
        self._deriving = threading.RLock()

    def has(self, columns: Iterable[Column]) -> bool:
        return set(columns) <= set(self.columns)

    @cached_property
    def attributes(self) -> list[str]:
        """Attributes that the catalog is embedded for."""
        return [name for name in self.embedder.attributes if self.has(self.embedder.derivation(name).needs)]

    def there(self, attribute: str) -> np.ndarray:
        """Which slots of an item have an attribute, bool (slots,)."""
        if attribute not in self._there:
            self._there[attribute] = self.layout.alive & self._whole(self.embedder.derivation(attribute).needs)
        return self._there[attribute]

    @cached_property
    def readable(self) -> np.ndarray:
        """Which slots of an item have one of the attributes, or all columns where there are no attributes, bool (slots,)."""
        if not self.attributes:
            return self.layout.alive & self._whole(self.columns)
        return np.any([self.there(name) for name in self.attributes], axis=0)

    @cached_property
    def first(self) -> np.ndarray:
        """The first readable slot of each item, int64 (items,), -1 for none."""
        return self.layout.first(self.readable)

    def derivation(self, attribute: str) -> Derivation:
        """How the vectors of an attribute come about in this catalog."""
        known = self._derivations.get(attribute)
        if (
            known is not None
        ):  # without the lock: vectors are made under those of `kept`, which are taken under it below
            return known
        with self._deriving:
            if attribute not in self._derivations:
                general = self.embedder.derivation(attribute)
                slots = self._centre(attribute)
                means = {column: self.kept.mean(self.raw, column, slots) for column in general.needs}
                self._derivations[attribute] = general.on(means, len(slots)) if len(slots) else general
                self.kept.use(attribute, self._derivations[attribute].digest)
            return self._derivations[attribute]

    def vectors(self, attribute: str) -> Vectors:
        """Derived vectors float16 (slots, width), made when first asked for; those of slots that do not have the attribute
        mean nothing. Those of a large catalog are kept in 8 bits a number and come back about as they were: see `exact`."""
        if attribute not in self._vectors:
            own, there = self.derivation(attribute), self.there(attribute)
            if self.layout.slots >= self.kept.int8_from:
                found: Vectors = self.kept.derived.quantized(
                    own.digest, stretch_of(own.sections), there, self.exact(attribute).__getitem__
                )
            else:
                found = self.kept.derived.vectors(
                    own.digest, width_of(own), there, _Rederived(self, attribute).__getitem__
                )
            self._vectors[attribute] = found
        return self._vectors[attribute]

    def exact(self, attribute: str) -> "np.ndarray | _Rederived":
        """The same to the last digit: some of them, by slots int64 (n,), are float16 (n, width)."""
        if self.layout.slots >= self.kept.int8_from:
            return _Rederived(self, attribute)
        found = self.vectors(attribute)
        assert isinstance(found, np.ndarray)
        return found

    def wide(self, attribute: str) -> np.ndarray:
        """The same in float32, for small catalogs."""
        vectors = self.vectors(attribute)
        assert isinstance(vectors, np.ndarray)
        return self.kept.derived.wide(self.derivation(attribute).digest, vectors, self.there(attribute))

    def sketch(self, attribute: str, wait: bool = False) -> Sketch | None:
        """The sketch of an attribute's vectors, made in the background unless it is to be waited for."""
        if attribute not in self._sketches:
            own, there = self.derivation(attribute), self.there(attribute)
            shares = repeated(own.sections, own.mix)
            found = self.kept.sketches.get(Wanted(own.digest, lambda: self.exact(attribute), there, shares), wait)
            if found is None or not found.done[: len(there)][there].all():
                return found
            self._sketches[attribute] = found
        return self._sketches[attribute]

    def named(self, attribute: str) -> tuple[str, Vectors]:
        """What the vectors of an attribute are named by, and they themselves."""
        return self.derivation(attribute).digest, self.vectors(attribute)

    def sketched(self, attribute: str) -> tuple[str, Sketch]:
        """What the sketch of an attribute is named by, and the sketch itself, made now where it is not there."""
        sketch = self.sketch(attribute, wait=True)
        assert sketch is not None
        return self.name_of(attribute, sketch), sketch

    def name_of(self, attribute: str, sketch: Sketch) -> str:
        return f"{self.derivation(attribute).digest} {sketch.basis.digest}"

    def hidden(self, attribute: str) -> np.ndarray | None:
        """On which slots an attribute cannot be seen, bool (slots,); None where it always can."""
        seen = self.embedder.derivation(attribute).seen
        if seen is None or not self.has(APPLICABILITY):
            return None
        if attribute in self._hidden:
            return self._hidden[attribute]
        with self._deriving:
            if attribute not in self.kept.chances:
                self.kept.chances[attribute] = Derived()

        def make(slots: np.ndarray) -> np.ndarray:
            general, summary = (self.raw.read(column, slots) for column in APPLICABILITY)
            return (seen.chance(general, summary) < seen.threshold)[:, None].astype(np.float16)

        there = self.layout.alive & self._whole(APPLICABILITY)
        found: np.ndarray = self.kept.chances[attribute].vectors(attribute, 1, there, make)[:, 0] > 0
        found &= there
        self._hidden[attribute] = found
        return found

    def of_items(self, attribute: str) -> np.ndarray:
        """Derived vectors float16 (items, width) of the first picture of each item that has an attribute, in catalog order; zeros
        where none has."""
        vectors, slots = self.exact(attribute), self.layout.first(self.there(attribute))
        whole = len(slots) == self.layout.slots and np.array_equal(slots, np.arange(len(slots)))
        if whole and isinstance(vectors, np.ndarray):
            return vectors
        out = np.zeros((len(slots), width_of(self.derivation(attribute))), np.float16)
        out[slots >= 0] = vectors[slots[slots >= 0]]
        return out

    def column(self, column: Column) -> np.ndarray:
        """Raw vectors float16 (items, width) of the first picture of each item; zeros where there is none."""
        slots = self.layout.first(self.layout.alive & self.raw.there(column))
        out = np.zeros((len(slots), self.embedder.width(column)), np.float16)
        out[slots >= 0] = self.raw.read(column, slots[slots >= 0])
        return out

    def some(self, column: Column, places: Sequence[int]) -> np.ndarray:
        """The same of the items at some places alone, float16 (places, width): their first readable picture."""
        slots: np.ndarray = self.first[np.asarray(places, np.int64)]
        out = np.zeros((len(slots), self.embedder.width(column)), np.float16)
        there = (slots >= 0) & self.raw.there(column)[slots]
        out[there] = self.raw.read(column, slots[there])
        return out

    def _whole(self, columns: Iterable[Column]) -> np.ndarray:
        found = np.ones(self.layout.slots, bool)
        for column in columns:
            found &= self.raw.there(column)
        return found

    def _centre(self, attribute: str) -> np.ndarray:
        """The slots that an attribute is centred on, int64 (n,). Of a large catalog removed ones count too, since otherwise each
        removal would move every vector."""
        slots = np.flatnonzero(self.there(attribute))
        if len(slots) <= CENTRED:
            return slots
        return np.flatnonzero(self._whole(self.embedder.derivation(attribute).needs))[:CENTRED]


@dataclass(frozen=True)
class _Rederived:
    """Derived vectors that are made of the raw ones each time."""

    pictures: Pictures
    attribute: str

    def __getitem__(self, slots: np.ndarray) -> np.ndarray:
        return derived(self.pictures.derivation(self.attribute), lambda column: self.pictures.raw.read(column, slots))


class Kept:
    """What is worth keeping from one moment of a catalog to the next."""

    def __init__(
        self, derived: Derived | None = None, sketches: Sketches | None = None, int8_from: float = np.inf
    ) -> None:
        """int8_from: slots from which on derived vectors are kept in 8 bits a number."""
        self.int8_from = int8_from
        self.derived = derived or Derived()
        self.sketches = sketches or Sketches()
        self.chances: dict[str, Derived] = {}
        self._used: dict[str, str] = {}
        self._means: dict[Column, tuple[bytes, np.ndarray]] = {}

    def use(self, attribute: str, digest: str) -> None:
        """Forget what was derived for an attribute in another way."""
        if self._used.get(attribute) != digest:
            self._used[attribute] = digest
            self.derived.only(list(self._used.values()))
            self.sketches.only(self._used.values())

    def mean(self, raw: Raw, column: Column, slots: np.ndarray) -> np.ndarray:
        """Mean raw vector float32 (width,) of slots."""
        key = slots.tobytes()
        found = self._means.get(column)
        if found is None or found[0] != key:
            found = self._means[column] = key, raw.read(column, slots).astype(np.float32).mean(0)
        return found[1]
