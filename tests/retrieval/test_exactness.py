"""The engine's answer against a scan written independently of it, for random tables, queries, filters and k."""

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from catalog import Catalog
from retrieval import ImageSource, ItemSource, Query, SearchEngine, Term, Tuning, ValueSource
from retrieval.index import HnswParameters
from tests.retrieval.support import COLORS, HashEmbedder, noise_catalog, table_of, unit_rows

SIZES = (1, 2, 17, 120)
ATTRIBUTES = ["color", "pattern", "neck"]
PICTURE = Image.new("RGB", (3, 3), "red")
BY_SCAN = Tuning(exact_below=10**9)
BY_INDEX = Tuning(exact_below=0, first=2, deepest=1.0, hnsw=HnswParameters(search_width=256))


@cache
def catalog_of(items: int) -> Catalog:
    return noise_catalog(Path(_folder.name) / str(items), items)


_folder = tempfile.TemporaryDirectory()  # removed when the interpreter ends


@st.composite
def tables(draw: st.DrawFn) -> tuple[Catalog, np.ndarray]:
    """Gaussian rows; rows of plus and minus one, where many scores are equal; or copies of three rows."""
    catalog = catalog_of(draw(st.sampled_from(SIZES)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = (len(catalog), len(ATTRIBUTES), 2, draw(st.sampled_from((2, 5, 16))))
    kind = draw(st.sampled_from(("gaussian", "signs", "copies")))
    vectors = rng.standard_normal(shape)
    if kind == "signs":
        vectors = np.sign(vectors)
    elif kind == "copies":
        vectors = vectors[rng.integers(0, min(3, len(catalog)), len(catalog))]
    return catalog, unit_rows(vectors).astype(np.float16)


@st.composite
def queries(draw: st.DrawFn, catalog: Catalog) -> Query:
    sources = st.one_of(
        st.integers(0, len(catalog) - 1).map(lambda row: ItemSource(f"item-{row}")),
        st.just(ImageSource(PICTURE)),
    )
    weights = st.one_of(st.floats(0.001, 1000), st.just(0.0), st.just(1.0))
    terms = draw(st.lists(st.builds(Term, st.sampled_from(ATTRIBUTES), sources, weights), min_size=1, max_size=4))
    if draw(st.booleans()):
        terms.append(Term("color", ValueSource("blue"), 1.0))
    elif not any(term.weight for term in terms):
        terms.append(Term("neck", ItemSource("item-0")))
    beta = draw(st.one_of(st.none(), st.sampled_from((0.0, 1.0)), st.floats(0, 1)))
    return Query(tuple(terms), beta)


@st.composite
def cases(draw: st.DrawFn) -> tuple:
    catalog, vectors = draw(tables())
    filters = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "color": st.sets(st.sampled_from((*COLORS, "")), max_size=3),
                "split": st.sets(st.sampled_from(("test", "train")), min_size=1),
                "title": st.sets(st.sampled_from(("title 0", "title 1", "title 2", "title 3", "none"))),
            },
        )
    )
    exclude = draw(st.sets(st.integers(0, len(catalog)).map(lambda row: f"item-{row}"), max_size=3))
    return catalog, vectors, draw(queries(catalog)), draw(st.integers(1, 130)), filters, exclude


def by_hand(catalog, vectors, embedder, query, k, filters, exclude) -> list[tuple[str, float]]:
    """Score of every item by the formula of RPF.md §4, one term and one item at a time."""
    total = np.zeros(len(catalog))
    weights = sum(term.weight for term in query.terms)
    for term in query.terms:
        column = vectors[:, ATTRIBUTES.index(term.attribute)].astype(np.float64)
        match term.source:
            case ItemSource(id):
                source = column[int(id.split("-")[1])]
            case ValueSource(value):
                source = column[[item.labels.get("color") == value for item in catalog.items]].mean(0)
            case ImageSource(image):
                source = embedder.embed([image], [term.attribute])[0, 0].astype(np.float64)
        region, patch = (part / (np.linalg.norm(part) or 1) for part in source)  # a mean can be zero
        beta = embedder.beta_of(term.attribute) if query.beta is None else query.beta
        total += term.weight / weights * (beta * column[:, 0] @ region + (1 - beta) * column[:, 1] @ patch)
    known = {"color": {}, "split": {}, "title": {}}
    for item in catalog.items:
        known["color"][item.id] = item.labels.get("color", "")
        known["split"][item.id] = item.split
        known["title"][item.id] = item.columns["title"]
    live = [
        row
        for row, item in enumerate(catalog.items)
        if item.id not in exclude and all(known[name][item.id] in values for name, values in filters.items())
    ]
    best = sorted(live, key=lambda row: (-round(total[row], 9), row))[:k]
    return [(catalog.items[row].id, total[row]) for row in best]


@pytest.mark.parametrize("tuning", [BY_SCAN, BY_INDEX], ids=["scan", "index"])
@settings(max_examples=120, deadline=None)
@given(case=cases())
def test_the_answer_is_the_exact_scan(tuning: Tuning, case: tuple) -> None:
    catalog, vectors, query, k, filters, exclude = case
    embedder = HashEmbedder(dim=vectors.shape[-1])
    with tempfile.TemporaryDirectory() as home:
        engine = SearchEngine(catalog, table_of(catalog, embedder, vectors, ATTRIBUTES), embedder, home, tuning)
        engine.prepare()
        hits = engine.search(query, k, filters, exclude)
    expected = by_hand(catalog, vectors, embedder, query, k, filters, exclude)
    assert [hit.id for hit in hits] == [id for id, _ in expected]
    assert [hit.score for hit in hits] == pytest.approx([score for _, score in expected], abs=2e-9)
    for hit in hits:
        assert sum(hit.shares.values()) == pytest.approx(hit.score, abs=2e-9)
        assert set(hit.shares) == {term.attribute for term in query.terms if term.weight}
