"""A query as one view of a catalog answers it: what each term is scored by, and what may be found."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from model import Section, repeated
from retrieval import levels, scan
from retrieval.query import Query, Term, chosen_mix, summed, term_vectors
from retrieval.sources import Sources
from retrieval.view import View


@dataclass(frozen=True, eq=False)
class Posed:
    """terms: those of a weight other than 0, and places: theirs in the query, which has `count`.
    sources: the derived vector (width,) of each one's source. vectors: float64 (width,), what each is
    scored by. mixes: by attribute. live: bool (slots,), which may be found. hidden: attribute of
    positive weight → bool (slots,), where it cannot be seen; only those that are hidden somewhere."""

    terms: tuple[Term, ...]
    places: tuple[int, ...]
    count: int
    sources: tuple[np.ndarray, ...]
    vectors: tuple[np.ndarray, ...]
    mixes: Mapping[str, Mapping[str, float]]
    live: np.ndarray
    hidden: Mapping[str, np.ndarray]

    @property
    def attributes(self) -> list[str]:
        """That of each term."""
        return [term.attribute for term in self.terms]

    @property
    def negative(self) -> bool:
        return any(term.weight < 0 for term in self.terms)

    @cached_property
    def summed(self) -> dict[str, np.ndarray]:
        """What each attribute is scored by, all of its terms together: float64 (width,)."""
        return summed(self.attributes, self.vectors)

    def groups(self) -> Iterator[np.ndarray]:
        """Which slots are ranked together, bool (slots,): those that come first, then the others."""
        if not self.hidden:
            yield self.live
            return
        yield self.live & ~self.apart
        yield self.live & self.apart

    @cached_property
    def apart(self) -> np.ndarray:
        """Slots that come after all others, bool (slots,)."""
        return reduce(np.logical_or, self.hidden.values(), np.zeros(len(self.live), bool))

    def shares(self, view: View, rows: np.ndarray) -> np.ndarray:
        """What each term adds to the score of slots int64 (n,): float64 (n, terms)."""
        pairs = [(view.exact(name), vector) for name, vector in zip(self.attributes, self.vectors, strict=True)]
        return scan.shares(pairs, rows)

    def views(self, view: View, row: int) -> tuple[dict[str, float], ...]:
        """What each view of each term adds to the score of a slot, by the name of its section, in the order of the query;
        nothing for terms of weight 0."""
        found: list[dict[str, float]] = [{} for _ in range(self.count)]
        for place, name, vector in zip(self.places, self.attributes, self.vectors, strict=True):
            found[place] = by_section(
                vector, view.exact(name)[np.array([row])][0], view.embedder.derivation(name).sections
            )
        return tuple(found)

    def in_order(self, shares: np.ndarray) -> tuple[float, ...]:
        """What the terms add, float64 (terms,), in the order of the query, 0 for those of weight 0."""
        found = np.zeros(self.count)
        found[list(self.places)] = shares
        return tuple(found.tolist())

    def by_attribute(self, shares: np.ndarray) -> dict[str, float]:
        """What each attribute adds, from what its terms do, float64 (terms,)."""
        found = dict.fromkeys(self.attributes, 0.0)
        for name, share in zip(self.attributes, shares.tolist(), strict=True):
            found[name] += share
        return found

    @property
    def asked(self) -> dict[str, levels.Asked]:
        """What match levels are asked of, by attribute."""
        found = {}
        for name, mix in self.mixes.items():
            own = [place for place, term in enumerate(self.terms) if term.attribute == name]
            terms, sources = [self.terms[place] for place in own], [self.sources[place] for place in own]
            found[name] = levels.Asked(terms, sources, mix)
        return found


def by_section(vector: np.ndarray, derived: np.ndarray, sections: Sequence[Section]) -> dict[str, float]:
    """The inner product of a term's vector (width,) and a derived one (width,), section by section: they sum to what the
    term adds to the score. Sections of the same name are added up."""
    edges = np.cumsum([section.width for section in sections])[:-1]
    found: dict[str, float] = {}
    for section, part in zip(sections, np.split(vector * derived.astype(np.float64), edges), strict=True):
        found[section.name] = found.get(section.name, 0.0) + float(part.sum())
    return found


def pose(
    view: View,
    sources: Sources,
    query: Query,
    filters: Mapping[str, Collection[str]] | None,
    exclude: Collection[str],
) -> Posed:
    """RetrievalError and MissingAttributes as `SearchEngine.search` raises them."""
    embedder = view.embedder
    names = list(dict.fromkeys(term.attribute for term in query.terms))
    embedder.check(names)
    view.need(names)
    places = tuple(place for place, term in enumerate(query.terms) if term.weight)
    terms = tuple(query.terms[place] for place in places)
    live = view.live(filters or {}, [exclude] if isinstance(exclude, str) else exclude, names)
    vectors = sources.vectors(view, terms)
    mixes = {name: chosen_mix(embedder.derivation(name).mix, query.beta, query.gamma) for name in names}
    shares = {name: repeated(embedder.derivation(name).sections, mix) for name, mix in mixes.items()}
    return Posed(
        terms,
        places,
        len(query.terms),
        tuple(vectors),
        tuple(term_vectors(terms, vectors, shares)),
        mixes,
        live,
        _hidden(view, terms),
    )


def _hidden(view: View, terms: Sequence[Term]) -> dict[str, np.ndarray]:
    found = {}
    for name in dict.fromkeys(term.attribute for term in terms if term.weight > 0):
        cannot = view.hidden(name)
        if cannot is not None and cannot.any():
            found[name] = cannot
    return found
