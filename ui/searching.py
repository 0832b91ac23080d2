"""A search as the page and the API ask for it: from what was chosen to hits with all that is shown of them."""

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from catalog import Catalog, Item
from common.names import find_name
from library import Opened
from retrieval import (
    Hit,
    ImageSource,
    ItemSource,
    Query,
    RetrievalError,
    Source,
    Term,
    ValueSource,
    Way,
)
from ui.asked import Asked, Picture
from ui.query_pictures import query_image

_searches = itertools.count(1)
MOST_TERMS = 8
MOST_HITS = 60
"""Results that the page offers at most."""
FEW_HITS = 12
"""Results that it shows unless told otherwise."""


@dataclass(frozen=True, eq=False)
class Answer:
    """Hits, best first, and the time that the search took on the server, reading the image included.

    opened, catalog: where it was found, and how that stood then, whatever is searched or changed since. query: what was asked,
    its terms in the order of `asked`. passing: how many readable items the filters let through, the query item among them.
    hidden: attributes that cannot be seen on the query's picture. searched: how many readable items there were in
    all. ways: how they were found (`retrieval.Found`). corrected: (item, attribute) of the labels that the visitor has given
    to these hits. number: tells one search from another.
    """

    opened: Opened
    catalog: Catalog
    asked: Asked
    query: Query
    hits: tuple[Hit, ...]
    milliseconds: float
    passing: int
    hidden: tuple[str, ...] = ()
    searched: int = 0
    ways: tuple[Way, ...] = ()
    corrected: frozenset[tuple[str, str]] = frozenset()
    number: int = field(default_factory=lambda: next(_searches))


@dataclass(frozen=True)
class Wanted:
    """The label values of an attribute that hits should have, and those that they should not have."""

    values: frozenset[str] = frozenset()
    unwanted: frozenset[str] = frozenset()

    def judge(self, value: str) -> bool | None:
        """Whether a hit with this label is right; None where the query does not say. A value that is asked for stays right where
        the query stays away from an item that has it too ("less like this")."""
        if self.values:
            return value in self.values
        if value in self.unwanted:
            return False
        return True if self.unwanted else None


def answer(opened: Opened, asked: Asked) -> Answer:
    """Search; items that are asked by are left out. CatalogError or RetrievalError say what is wrong with the question."""
    start = time.perf_counter()
    catalog = opened.catalog
    query = as_query(catalog, asked)
    found = opened.engine.found(query, asked.k, dict(asked.filters), asked.items)
    hits = [_wanted_alone(hit, asked) for hit in found.hits]
    hidden = opened.engine.hidden(query.terms)
    took = 1000 * (time.perf_counter() - start)
    passing, searched = opened.engine.count(dict(asked.filters)), opened.engine.count({})
    return Answer(opened, catalog, asked, query, tuple(hits), took, passing, hidden, searched, found.ways)


def _wanted_alone(hit: Hit, asked: Asked) -> Hit:
    """A hit with the match levels of what it should be like: how alike it is to what is not wanted says nothing good of it."""
    return replace(hit, chances={name: chance for name, chance in hit.chances.items() if name in asked.weights})


def as_query(catalog: Catalog, asked: Asked) -> Query:
    """The query of the engine; each picture is read once. CatalogError or RetrievalError say what is wrong with it."""
    sources: dict[Picture, Source] = {}
    for term in asked.terms:
        if isinstance(term.source, Picture) and term.source not in sources:
            sources[term.source] = _source(catalog, term.source)
    terms = tuple(
        Term(
            term.attribute,
            ValueSource(term.source) if isinstance(term.source, str) else sources[term.source],
            term.weight,
        )
        for term in asked.terms
    )
    return Query(terms, asked.beta, asked.gamma, asked.least)


def _source(catalog: Catalog, picture: Picture) -> Source:
    if picture.empty:
        raise RetrievalError("the query is empty; give an image or the id of an item")
    if picture.item is not None and not picture.altered:
        return ItemSource(picture.item)
    return ImageSource(query_image(catalog, picture))


def wanted(catalog: Catalog, asked: Asked) -> dict[str, Wanted]:
    """Attribute → what labels of hits should be: values asked for, and the labels of items asked by as they are. Attributes of
    which the query says nothing by labels are left out."""
    found: dict[str, Wanted] = {}
    for term in asked.terms:
        value = term.source if isinstance(term.source, str) else query_labels(catalog, term.source).get(term.attribute)
        if value is None or not term.weight:
            continue
        known = found.get(term.attribute, Wanted())
        found[term.attribute] = (
            replace(known, values=known.values | {value})
            if term.weight > 0
            else replace(known, unwanted=known.unwanted | {value})
        )
    return found


def as_labelled(found: Answer, rank: int) -> Hit:
    """A hit as it is to be shown: where the visitor has labelled it, its label decides whether it shares the query's value,
    and no longer what the network made of it."""
    hit = found.hits[rank]
    asked, labels = wanted(found.catalog, found.asked), found.catalog.item(hit.id).labels
    known = {
        name: float(labels[name] in asked[name].values)
        for name in hit.chances
        if (hit.id, name) in found.corrected and name in labels and name in asked and asked[name].values
    }
    return replace(hit, chances={**hit.chances, **known}) if known else hit


def has_level(found: Answer, hit: Hit) -> bool:
    """Whether the match level of all that a hit should be like is known."""
    return bool(hit.chances) and set(hit.chances) == set(found.asked.weights)


def answer_with(opened: Opened, asked: Asked, hit: str, most: int = MOST_HITS) -> Answer:
    """As `answer`, with so many more hits, up to `most`, as it takes to hold that one; without them where it is not among
    those."""
    found = answer(opened, asked)
    if not hit or any(one.id == hit for one in found.hits) or asked.k >= most:
        return found
    more = answer(opened, replace(asked, k=most))
    place = next((place for place, one in enumerate(more.hits, 1) if one.id == hit), 0)
    return replace(more, asked=asked, hits=more.hits[:place]) if place else found


def query_labels(catalog: Catalog, picture: Picture) -> dict[str, str]:
    """The labels of a picture that is asked by; none for one from outside, or a part, which may show another garment."""
    return catalog.item(picture.item).labels if picture.item is not None and picture.box is None else {}


def parse_attributes(attributes: Sequence[str], known: Sequence[str] = ()) -> dict[str, float]:
    """`["lapel design", "color=0.5"]` → weights, names spelled as in `known` where they are there (`name_key`).

    RetrievalError for none, a repeated or ambiguous one, or a bad weight.
    """
    weights: dict[str, float] = {}
    for text in attributes:
        name, weight = _weighted(text, known)
        if name in weights:
            raise RetrievalError(f"the attribute '{name}' is given twice; give it once with the weight that you want")
        if weight < 0:
            raise RetrievalError(f"the weight of '{name}' is {weight}; give a number from 0 up")
        weights[name] = weight
    if not weights:
        raise RetrievalError("the query is empty; choose at least one attribute")
    return weights


def _weighted(text: str, known: Sequence[str]) -> tuple[str, float]:
    try:
        if (whole := find_name(text, known)) is not None:  # a name may hold a '='
            return whole, 1.0
        name, equals, weight = text.rpartition("=")
        name = name.strip() if equals else text
        found = find_name(name, known) or name
    except ValueError as error:
        raise RetrievalError(f"the attribute {error}") from error
    try:
        return found, float(weight) if equals else 1.0
    except ValueError as error:
        raise RetrievalError(f"'{text}' has no weight after '='; write it like color=0.5") from error


def pickable(opened: Opened, start: int, count: int, first: str | None = None) -> list[Item]:
    """Readable items to pick a query from, of the test split where there is one, spread evenly over it; `first`
    leads.
    """
    items = opened.readable
    held_out = [item for item in items if item.split == "test"]
    pool = held_out if len(held_out) >= count else items
    if not pool:
        return []
    stride = max(1, len(pool) // count)
    rows = [(start + row * stride) % len(pool) for row in range(min(count, len(pool)))]
    picked = [pool[row] for row in rows]
    if first is not None:
        lead = opened.catalog.item(first)
        picked = [lead, *(item for item in picked if item.id != first)][:count]
    return picked
