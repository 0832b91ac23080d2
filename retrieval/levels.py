"""Match levels: which chance of a shared value the score of a hit stands for, attribute by attribute."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model import NEAR, NoMatch, no_match, repeated
from retrieval import refine
from retrieval.errors import RetrievalError
from retrieval.query import Hit, ItemSource, Query, Term, ValueSource
from retrieval.view import View

FEW = 4000
"""Slots up to which all are compared to know which are nearest."""
FIRST = 32
"""How many an index is asked for to know the nearest of them."""


@dataclass(frozen=True)
class Asked:
    """One attribute of a query: its terms, the derived vectors of their sources (width,), and the
    mix that it is asked with."""

    terms: Sequence[Term]
    vectors: Sequence[np.ndarray]
    mix: Mapping[str, float]


def levelled(view: View, query: Query, asked: Mapping[str, Asked], hits: Sequence[Hit]) -> list[Hit]:
    """The hits with their match levels, those below the least one that the query allows left out.

    RetrievalError where the query asks for a least one and an attribute has none.
    """
    known = {name: chances(view, name, own, _scores(query, own, hits)) for name, own in asked.items() if own.terms}
    if query.least is not None:
        for name, found in known.items():
            if isinstance(found, NoMatch) and any(term.weight > 0 for term in asked[name].terms):
                raise RetrievalError(f"'{name}' has no match level here ({found.value}); search without a least one")
    stated = {name: found for name, found in known.items() if not isinstance(found, NoMatch)}
    levelled = []
    for place, hit in enumerate(hits):
        own = {name: round(float(found[place]), 4) for name, found in stated.items()}
        bound = [own[name] for name in own if asked[name].terms[0].weight > 0]
        if query.least is None or min(bound, default=1.0) >= query.least:
            levelled.append(replace(hit, chances=own))
    return levelled


def _scores(query: Query, asked: Asked, hits: Sequence[Hit]) -> np.ndarray:
    """How hits score by the first term of an attribute alone, float64 (hits,): its share, as if it were the only term."""
    place, total = query.terms.index(asked.terms[0]), math.fsum(abs(term.weight) for term in query.terms)
    return np.array([hit.term_shares[place] for hit in hits]) * total / query.terms[place].weight


def chances(view: View, attribute: str, asked: Asked, scores: np.ndarray) -> np.ndarray | NoMatch:
    """The chance that items share the attribute's value with the source that is asked for, float64 (n,); or why that is
    not known. scores: float64 (n,), by that source alone. Weight and sign of the term change nothing.
    """
    derivation = view.embedder.derivation(attribute)
    if len(asked.terms) != 1:
        return NoMatch.SEVERAL_TERMS
    source = asked.terms[0].source
    order = [asked.mix[section.name] for section in derivation.sections]
    lacking = no_match(derivation.match, order, value_query=isinstance(source, ValueSource))
    if lacking is not None:
        return lacking
    vector = repeated(derivation.sections, asked.mix) * asked.vectors[0]
    itself = view.slots(source.id) if isinstance(source, ItemSource) else np.empty(0, np.int64)
    match = view.match(attribute)
    return match.chance(scores, _near(view, attribute, vector, itself) if match.lean else 0.0)


def _near(view: View, attribute: str, vector: np.ndarray, itself: np.ndarray) -> float:
    """The score of the query's hit at place `NEAR` in the whole catalog, the query itself left out; the lowest where there
    are fewer."""
    most = view.layout.most
    positions, scores = _nearest(view, attribute, vector, (NEAR + 1) * most)
    other = np.all([positions != slot for slot in itself], axis=0) if len(itself) else np.ones(len(positions), bool)
    scores, positions = scores[other], positions[other]
    if most > 1:  # an item counts once
        best = np.argsort(-scores)
        scores = scores[best[np.unique(view.layout.item[positions[best]], return_index=True)[1]]]
    place = min(NEAR, len(scores)) - 1
    return float(-np.partition(-scores, place)[place]) if len(scores) else 0.0


def _nearest(view: View, attribute: str, vector: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Slots int64 (n,), the best `count` by a vector (width,) among them as far as the index knows, and their scores."""
    there = view.pictures.there(attribute)
    live, terms = int(np.count_nonzero(there)), {attribute: vector}
    positions = view.nearest(attribute, vector, there, max(FIRST, count)) if live > FEW else None
    sketch = view.sketch(attribute) if live > FEW and positions is None else None
    if sketch is not None:
        found = refine.candidates(
            [sketch], [vector], lambda rows: view.quick_scores(rows, terms), there, min(count, live), FEW, exact=False
        )
        positions = None if found is None else found.rows
    if positions is None:
        positions = np.flatnonzero(there)
    return positions, view.quick_scores(positions, terms).scores
