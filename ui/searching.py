"""A search as the page and the API ask for it: from what was chosen to hits with all that is shown of them."""

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image

from catalog import Catalog, CatalogError, Item, open_image
from common.names import find_name
from library import Opened
from retrieval import Hit, ImageSource, ItemSource, Query, RetrievalError, Term

_searches = itertools.count(1)
MOST_TERMS = 8
MOST_HITS = 60
"""Results that the page offers at most."""
FEW_HITS = 12
"""Results that it shows unless told otherwise."""


@dataclass(frozen=True)
class Arrival:
    """A query that was opened in Metrics. hit: the result that is to be explained, "" for the first one; split: the one whose
    pictures were asked and found there, "" for all."""

    hit: str = ""
    split: str = ""


@dataclass(frozen=True)
class Choice:
    """What to search with: an item of the catalog, or else an image, by its file or its content. arrival: where it comes from
    Metrics."""

    item: str | None = None
    image: str | None = None
    content: bytes | None = None
    arrival: Arrival | None = None

    @property
    def empty(self) -> bool:
        return self.item is None and self.image is None and self.content is None


@dataclass(frozen=True)
class Asked:
    """One search. weights: attribute → weight. beta, gamma, least: as `retrieval.Query` has them. filters: column → accepted
    values."""

    choice: Choice
    weights: Mapping[str, float]
    k: int = 12
    beta: float | None = None
    gamma: float | None = None
    least: float | None = None
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Answer:
    """Hits, best first, and the time that the search took on the server, reading the image included.

    opened, catalog: where it was found, and how that stood then, whatever is searched or changed since. passing: how many
    readable items the filters let through, the query item among them. hidden: attributes that cannot be
    seen on the query's picture. searched: how many readable items there were in all. corrected: (item, attribute) of the
    labels that the visitor has given to these hits. number: tells one search from another.
    """

    opened: Opened
    catalog: Catalog
    asked: Asked
    hits: tuple[Hit, ...]
    milliseconds: float
    passing: int
    hidden: tuple[str, ...] = ()
    searched: int = 0
    corrected: frozenset[tuple[str, str]] = frozenset()
    number: int = field(default_factory=lambda: next(_searches))


def answer(opened: Opened, asked: Asked) -> Answer:
    """Search; the query item itself is left out. CatalogError or RetrievalError say what is wrong with the question."""
    if asked.choice.empty:
        raise RetrievalError("the query is empty; give an image or the id of an item")
    start = time.perf_counter()
    source = (
        ItemSource(asked.choice.item)
        if asked.choice.item is not None
        else ImageSource(query_image(opened.catalog, asked.choice))
    )
    for name, weight in asked.weights.items():
        if weight < 0:
            raise RetrievalError(f"the weight of '{name}' is {weight}; give a number from 0 up")
    terms = tuple(Term(name, source, weight) for name, weight in asked.weights.items())
    query = Query(terms, asked.beta, asked.gamma, asked.least)
    catalog = opened.catalog
    exclude = [asked.choice.item] if asked.choice.item is not None else []
    hits = opened.engine.search(query, asked.k, dict(asked.filters), exclude)
    hidden = opened.engine.hidden(terms)
    took = 1000 * (time.perf_counter() - start)
    passing, searched = opened.engine.count(dict(asked.filters)), opened.engine.count({})
    return Answer(opened, catalog, asked, tuple(hits), took, passing, hidden, searched)


def as_labelled(found: Answer, rank: int) -> Hit:
    """A hit as it is to be shown: where the visitor has labelled it, its label decides whether it shares the query's value,
    and no longer what the network made of it."""
    hit = found.hits[rank]
    wanted, labels = query_labels(found.catalog, found.asked.choice), found.catalog.item(hit.id).labels
    known = {
        name: float(labels[name] == wanted[name])
        for name in hit.chances
        if (hit.id, name) in found.corrected and name in labels and name in wanted
    }
    return replace(hit, chances={**hit.chances, **known}) if known else hit


def answer_with(opened: Opened, asked: Asked, hit: str, most: int = MOST_HITS) -> Answer:
    """As `answer`, with so many more hits, up to `most`, as it takes to hold that one; without them where it is not among
    those."""
    found = answer(opened, asked)
    if not hit or any(one.id == hit for one in found.hits) or asked.k >= most:
        return found
    more = answer(opened, replace(asked, k=most))
    place = next((place for place, one in enumerate(more.hits, 1) if one.id == hit), 0)
    return replace(more, asked=asked, hits=more.hits[:place]) if place else found


def query_image(catalog: Catalog, choice: Choice) -> Image.Image:
    """The picture of a query; CatalogError when it cannot be read."""
    if choice.item is not None:
        return catalog.open(catalog.item(choice.item))
    if choice.content is not None:
        return open_image(choice.content)
    assert choice.image is not None
    return read_image(choice.image)


def read_image(path: str) -> Image.Image:
    """An image file that somebody gave us; the CatalogError does not tell where it lies on the server."""
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - what cannot be opened is told apart from what cannot be read
    except OSError as error:
        raise CatalogError("the image is no longer on the server; give it again") from error
    with file:
        return open_image(file, name=Path(path).name)


def query_labels(catalog: Catalog, choice: Choice) -> dict[str, str]:
    return catalog.item(choice.item).labels if choice.item is not None else {}


def parse_attributes(attributes: Sequence[str], known: Sequence[str] = ()) -> dict[str, float]:
    """`["lapel design", "color=0.5"]` → weights, names spelled as in `known` where they are there (`name_key`).

    RetrievalError for none, a repeated or ambiguous one, or a bad weight.
    """
    weights: dict[str, float] = {}
    for text in attributes:
        name, weight = _weighted(text, known)
        if name in weights:
            raise RetrievalError(f"the attribute '{name}' is given twice; give it once with the weight that you want")
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
