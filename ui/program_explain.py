"""Where one item stands for a query, and why: ranks and shares from the engine, attention from the network."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image

from catalog import Catalog, Item
from common.names import find_name
from library import Opened
from retrieval import LARGEST, Explanation, Query, RetrievalError, WhyNot
from ui.asked import Asked, Picture
from ui.match_words import level_of
from ui.program_search import capped, unseen
from ui.program_terms import Composed, described_terms
from ui.query_pictures import query_image
from ui.questions import MOST_HITS
from ui.searching import as_query, wanted


def explain(opened: Opened, composed: Composed, asked: Asked, about: str, attribute: str, root: str) -> dict[str, Any]:
    """As `ui.query_answers.ExplainAnswer` has it. about: id of an item of the catalog. attribute: the one of the query
    whose attention is given. A scan of the catalog, and a pass of the network for each of two pictures."""
    catalog = opened.catalog
    item, query = catalog.item(about), as_query(catalog, asked)
    k = min(asked.k, MOST_HITS)
    engine = opened.engine
    found = engine.why_not(query, about, k, asked.filters, asked.items)
    chances = _chances(opened, query, about)
    attention, cannot = _attention(opened, catalog, asked, replace(item, image=found.picture or item.image), attribute)
    return {
        "item": {
            **_standing(found, k, asked.least, chances),
            "levels": {name: level_of(opened, name, chance).value for name, chance in chances.items()},
            "labels": item.labels,
            "image": root + opened.thumbnails.picture(item, found.picture),
        },
        "terms": _terms(found, described_terms(composed, query.terms)),
        "held_back_by": found.held_back_by,
        "against": _against(found, min(k, found.among)),
        "labels": _labels(catalog, asked, item),
        "attention": attention,
        "words": composed.words,
        "notes": [
            *capped("k", asked.k, MOST_HITS),
            *composed.notes,
            *unseen(engine.hidden(query.terms)),
            *cannot,
        ],
    }


def heaviest(asked: Asked) -> str:
    """The attribute that weighs most in a query; of those that are not wanted where there are no others."""
    weights = asked.weights or {term.attribute: abs(term.weight) for term in asked.terms}
    return max(weights, key=lambda name: weights[name])


def attribute_of(asked: Asked, name: str) -> str:
    """An attribute of the query, in whatever spelling; RetrievalError for another one."""
    names = list(dict.fromkeys(term.attribute for term in asked.terms))
    try:
        found = find_name(name, names)
    except ValueError as error:
        raise RetrievalError(f"the attribute {error}") from error
    if found is None:
        raise RetrievalError(f"'{name}' is not asked for; attention is given for one of: {', '.join(names)}")
    return found


def _standing(found: WhyNot, k: int, least: float | None, chances: Mapping[str, float]) -> dict[str, Any]:
    near = found.rank is not None and found.rank <= k
    return {
        "id": found.id,
        "rank": found.rank,
        "among": found.among,
        "found": near and (least is None or min(chances.values(), default=1.0) >= least),
        "score": found.score,
        "chances": dict(chances),
        "hidden": list(found.hidden),
    }


def _terms(found: WhyNot, terms: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    gaps: Sequence[float | None] = found.gaps or (None,) * len(terms)
    return [
        {**term, "share": share, "gap": gap} for term, share, gap in zip(terms, found.term_shares, gaps, strict=True)
    ]


def _against(found: WhyNot, rank: int) -> dict[str, Any] | None:
    hit = found.against
    return (
        None if hit is None else {"id": hit.id, "rank": rank, "score": hit.score, "term_shares": list(hit.term_shares)}
    )


def _chances(opened: Opened, query: Query, about: str) -> dict[str, float]:
    """The match levels of one item: those of a search that can find no other."""
    others = [item.id for item in opened.catalog.items if item.id != about]
    hits = opened.engine.search(replace(query, least=None), 1, exclude=others)
    return hits[0].chances if hits else {}


def _labels(catalog: Catalog, asked: Asked, item: Item) -> list[dict[str, Any]]:
    said = wanted(catalog, asked)
    rows = []
    for name in dict.fromkeys(term.attribute for term in asked.terms if term.weight):
        own, label = said.get(name), item.labels.get(name)
        rows.append(
            {
                "attribute": name,
                "wanted": sorted(own.values) if own else [],
                "unwanted": sorted(own.unwanted) if own else [],
                "label": label,
                "agrees": None if own is None or label is None else own.judge(label),
            }
        )
    return rows


def _attention(
    opened: Opened, catalog: Catalog, asked: Asked, item: Item, attribute: str
) -> tuple[dict[str, Any] | None, list[str]]:
    """Where the network looked, or else why that is not to be had."""
    pictures = [term.source for term in asked.terms if term.attribute == attribute and isinstance(term.source, Picture)]
    try:
        query = _look(opened, query_image(catalog, pictures[0]), attribute) if pictures else None
        return {
            "attribute": attribute,
            "item": _look(opened, catalog.open(item, LARGEST), attribute),
            "query": query,
        }, []
    except RetrievalError as error:  # it is read from the picture as a whole
        return None, [str(error)]


def _look(opened: Opened, image: Image.Image, attribute: str) -> dict[str, Any]:
    found: Explanation = opened.embedder.explain(image, attribute)
    return {
        "box": _sides(found.box, image.size),
        "frame": _sides(found.frame, image.size),
        "grid": _grid(found.attention),
        "patch_frame": None if found.patch_attention is None else _sides(found.compared, image.size),
        "patch_grid": None if found.patch_attention is None else _grid(found.patch_attention),
    }


def _sides(box: tuple[int, int, int, int], size: tuple[int, int]) -> list[float]:
    """Pixels → fractions of the picture's sides."""
    return [round(edge / side, 4) for edge, side in zip(box, (*size, *size), strict=True)]


def _grid(attention: np.ndarray) -> list[list[float]]:
    return [[round(float(cell), 5) for cell in row] for row in attention]
