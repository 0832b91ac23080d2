"""What a program gets from a search, and from one for similar items."""

from collections.abc import Sequence
from typing import Any

from catalog import Catalog
from library import Opened
from model import Level
from retrieval import Hit
from ui.asked import Asked
from ui.match_words import least_level
from ui.program_terms import Composed, described_terms
from ui.query_questions import LEVELS
from ui.questions import MOST_HITS
from ui.searching import as_query


def search(opened: Opened, composed: Composed, asked: Asked, root: str) -> dict[str, Any]:
    """As `ui.query_answers.SearchAnswer` has it. asked: with the terms of `composed`; k may be above the cap. root: what
    addresses of thumbnails begin with."""
    catalog = opened.catalog
    query = as_query(catalog, asked)
    hits = opened.engine.search(query, min(asked.k, MOST_HITS), asked.filters, asked.items)
    hidden = opened.engine.hidden(query.terms)
    return {
        "hits": [_hit(opened, catalog, hit, root) for hit in hits],
        "terms": described_terms(composed, query.terms),
        "words": composed.words,
        "notes": [*capped("k", asked.k, MOST_HITS), *composed.notes, *unseen(hidden)],
    }


def similar(opened: Opened, composed: Composed, asked: Asked, root: str) -> dict[str, Any]:
    """The same for items that agree on every attribute: where the least level is one that has a word, hits whose word is
    below it are left out, as on the page."""
    found = search(opened, composed, asked, root)
    wanted = next((name for name, chance in LEVELS.items() if chance == asked.least), None)
    if wanted is not None:
        order = list(Level)
        found["hits"] = [
            hit
            for hit in found["hits"]
            if not hit["chances"] or order.index(least_level(opened, hit["chances"])) <= order.index(Level(wanted))
        ]
    return found


def capped(name: str, asked: int, most: int) -> list[str]:
    """What is said of a number above a cap."""
    return [f"{name} is {asked}; at most {most} are given at once"] if asked > most else []


def unseen(hidden: Sequence[str]) -> list[str]:
    """What is said of attributes that cannot be seen on what is asked by."""
    return [f"'{name}' cannot be seen on the picture that is asked by, so the order says little" for name in hidden]


def _hit(opened: Opened, catalog: Catalog, hit: Hit, root: str) -> dict[str, Any]:
    item = catalog.item(hit.id)
    return {
        "id": hit.id,
        "score": hit.score,
        "shares": hit.shares,
        "term_shares": list(hit.term_shares),
        "chances": hit.chances,
        "hidden": list(hit.hidden),
        "labels": item.labels,
        "image": root + opened.thumbnails.picture(item, hit.picture),
    }
