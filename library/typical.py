"""The values of an attribute that can be asked for, each with the item that shows it best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from catalog import Catalog
from model import Derivation, repeated
from retrieval import ItemSource, MissingAttributes, Query, RetrievalError, SearchEngine, Term, ValueSource

if TYPE_CHECKING:
    from library.opened import Opened

MOST_LOOKED = 512
"""Items of one value that are looked at; of a value with more, so many spread evenly over the catalog."""
LARGE = 10_000
"""Items up to which the vectors of the whole catalog are derived, as a search needs them anyway. Of a larger one only those
that are looked at."""
TRIED = 16
"""Best items of a value among which one is taken on which the attribute can be seen."""


@dataclass(frozen=True)
class Typical:
    """A value that can be asked for. count: readable items labelled with it. item: id of the one that is closest to the
    value's prototype, of those on which the attribute can be seen."""

    value: str
    count: int
    item: str


@dataclass
class _Known:
    """What was found for one state of a catalog. before: attribute → what it came of in an earlier one, and what was found."""

    catalog: Catalog
    pending: int
    before: Mapping[str, tuple[int, tuple[Typical, ...]]] = field(default_factory=dict)
    found: dict[str, tuple[int, tuple[Typical, ...]]] = field(default_factory=dict)


_known: "WeakKeyDictionary[SearchEngine, _Known]" = WeakKeyDictionary()
_lock = Lock()


def typical_items(opened: "Opened", attribute: str) -> tuple[Typical, ...]:
    """The values of an attribute that a search can ask for, in the order of the catalog, remembered until its items or labels
    change. While pictures are being embedded they are looked at again each time that a fifth more of them is done.

    None where no readable item is labelled, where the catalog is not embedded for the attribute, or the weights do not
    know it. RetrievalError while the catalog is not open.
    """
    known = _state(opened.engine)
    if attribute not in known.found:
        key = _key(opened, known.catalog, attribute)
        before, found = known.before.get(attribute, (0, ()))
        if before != key:
            try:
                found = _found(opened, known.catalog, attribute)
            except MissingAttributes:  # it may be embedded at any moment, which changes nothing else
                return ()
        known.found.setdefault(attribute, (key, found))  # another thread may have been faster
    return known.found[attribute][1]


def prepare(opened: "Opened") -> None:
    """Find the values of all attributes that the catalog is labelled with, so that nobody waits for them."""
    for attribute in opened.labelled:
        typical_items(opened, attribute)


def _state(engine: SearchEngine) -> _Known:
    """What is known of the catalog as it is now."""
    catalog, pending = engine.catalog, engine.pending
    with _lock:
        known = _known.get(engine)
        if known is None or (pending != known.pending and not 0.8 * known.pending < pending < known.pending):
            known = _known[engine] = _Known(catalog, pending)
        elif known.catalog is not catalog:
            known = _known[engine] = _Known(catalog, pending, {**known.before, **known.found})
        return known


def _key(opened: "Opened", catalog: Catalog, attribute: str) -> int:
    """What the values of an attribute come of: the items, their labels, and what was taught."""
    values = next((own.values for own in catalog.attributes if own.name == attribute), ())
    labels = catalog.labels(attribute).tobytes() if values else b""
    return hash((tuple(item.id for item in catalog), values, labels, opened.embedder.values.get(attribute)))


def _found(opened: "Opened", catalog: Catalog, attribute: str) -> tuple[Typical, ...]:
    engine = opened.engine
    if attribute not in opened.embedder.attributes:
        return ()
    labelled = _labelled(engine, catalog, attribute)
    found = _typical(opened, catalog, attribute, labelled) if labelled else []
    taught = opened.embedder.values[attribute] if attribute in opened.taught else ()
    known = {own.value for own in found}
    return (*found, *(own for value in taught if value not in known for own in _unlabelled(engine, attribute, value)))


def _typical(opened: "Opened", catalog: Catalog, attribute: str, labelled: Mapping[str, np.ndarray]) -> list[Typical]:
    """For the places of the items that are labelled with each value; MissingAttributes."""
    engine = opened.engine
    looked = {value: members[:: -(-len(members) // MOST_LOOKED)] for value, members in labelled.items()}
    vectors = _vectors(engine, catalog, attribute, np.concatenate(list(looked.values())))
    derivation, found, start = opened.embedder.derivation(attribute), [], 0
    for value, members in looked.items():
        own, start = vectors[start : start + len(members)], start + len(members)
        there = own.any(axis=1)
        if there.any():
            order = members[there][_closest_first(own[there], derivation)]
            best = [catalog.items[row].id for row in order[:TRIED]]
            found.append(Typical(value, len(labelled[value]), _visible(engine, attribute, best)))
    return found


def _labelled(engine: SearchEngine, catalog: Catalog, attribute: str) -> dict[str, np.ndarray]:
    """The values that readable items are labelled with, in order, each with their places in the catalog, int64 (n,)."""
    values = next((own.values for own in catalog.attributes if own.name == attribute), ())
    readable = engine.readable
    if not values or len(readable) != len(catalog):  # the catalog has changed meanwhile, and is asked again
        return {}
    labels = np.where(readable, catalog.labels(attribute), -1)
    found = {value: np.flatnonzero(labels == place) for place, value in enumerate(values)}
    return {value: members for value, members in found.items() if len(members)}


def _vectors(engine: SearchEngine, catalog: Catalog, attribute: str, rows: np.ndarray) -> np.ndarray:
    """Derived vectors float16 (rows, width) of some items, zeros where there is none; MissingAttributes."""
    if len(catalog) <= LARGE:
        return engine.vectors(attribute)[rows]
    if attribute not in engine.attributes:
        raise MissingAttributes([attribute])
    places, back = np.unique(rows, return_inverse=True)
    part = engine.part(replace(catalog, items=tuple(catalog.items[place] for place in places)))
    return part.vectors(attribute)[back]


def _closest_first(vectors: np.ndarray, derivation: Derivation) -> np.ndarray:
    """Rows of derived vectors (n, width) by their score against their own prototype, the best first, int64 (n,)."""
    own: np.ndarray = vectors.astype(np.float32)
    sections = derivation.sections
    mean = own.mean(0, dtype=np.float64)
    for section, part in zip(sections, np.split(mean, np.cumsum([one.width for one in sections])[:-1]), strict=True):
        if section.unit:
            part /= np.linalg.norm(part) or 1.0
    scores = own @ (repeated(sections, derivation.mix) * mean).astype(np.float32)
    return np.argsort(-scores, kind="stable")


def _visible(engine: SearchEngine, attribute: str, ids: Sequence[str]) -> str:
    """The first item on which an attribute can be seen; the first of all where there is none."""
    return next((id for id in ids if not engine.hidden([Term(attribute, ItemSource(id))])), ids[0])


def _unlabelled(engine: SearchEngine, attribute: str, value: str) -> list[Typical]:
    """A value of a taught attribute that no item is labelled with, by what a search for it finds first."""
    try:
        hits = engine.search(Query((Term(attribute, ValueSource(value)),)), 1)
    except RetrievalError:
        return []
    return [Typical(value, 0, hit.id) for hit in hits]
