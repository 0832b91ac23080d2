"""Hits that show the same: equal files, or pictures so alike that nobody tells them apart."""

from collections.abc import Mapping, Sequence

import numpy as np

from library import Opened
from model import GENERAL, Column
from retrieval import Hit
from ui.searching import Answer

ALIKE = 0.97
"""Cosine of the general embedding from which two pictures are shown as one. Of studio's 7,667 items 335 pairs reach it, 82 of
them equal files; 3,340 reach 0.95, of which most are other garments of the same kind. The drawn demo has none."""
_GENERAL = Column("", GENERAL)


def twins(answer: Answer) -> list[int]:
    """For each hit the rank, from 0, of the best hit that shows the same, its own where there is none. A hit of which what was
    asked for cannot be seen is no twin of one of which it can."""
    parts: dict[bool, list[int]] = {}
    for rank, hit in enumerate(answer.hits):
        parts.setdefault(bool(hit.hidden), []).append(rank)
    leads = list(range(len(answer.hits)))
    for ranks in parts.values():
        for own, lead in zip(ranks, _leads(answer, [answer.hits[rank] for rank in ranks]), strict=True):
            leads[own] = ranks[lead]
    return leads


def _leads(answer: Answer, hits: Sequence[Hit]) -> list[int]:
    digests, rows = _looks(answer.opened, [hit.id for hit in hits])
    return grouped(digests, rows, [answer.catalog.item(hit.id).labels for hit in hits])


def grouped(digests: Sequence[str], rows: np.ndarray, labels: Sequence[Mapping[str, str]]) -> list[int]:
    """For each item the place of the first one that it is a twin of, its own for none. Twins have the same digest ('' is none),
    or rows (items, width) with a cosine of at least `ALIKE` and no label that tells them apart. There are no
    chains: each twin is one of the first of its group itself."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    units: np.ndarray = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    alike = units @ units.T >= ALIKE
    leads: list[int] = []
    for place, digest in enumerate(digests):
        near = (
            lead
            for lead in range(place)
            if leads[lead] == lead
            and ((digest and digest == digests[lead]) or (alike[place, lead] and _agree(labels[place], labels[lead])))
        )
        leads.append(next(near, place))
    return leads


def _agree(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return all(other.get(name, value) == value for name, value in one.items())


def _looks(opened: Opened, ids: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Digests and general embeddings float32 (ids, width) of items; zeros for those that have gone since they were found, and
    for all where there are no such embeddings."""
    table = opened.engine.table
    there = table.catalog.places(ids)
    here = [place for place, id in enumerate(ids) if id in there]
    places = [there[ids[place]] for place in here]
    digests = [""] * len(ids)
    for place, digest in zip(here, table.digests(places), strict=True):
        digests[place] = digest
    if not table.has([_GENERAL]):
        return digests, np.zeros((len(ids), 1), np.float32)
    found = table.some(_GENERAL, places)
    rows = np.zeros((len(ids), found.shape[1]), np.float32)
    rows[here] = found
    return digests, rows
