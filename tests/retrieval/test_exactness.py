"""The engine's answers against a scan written independently of it, for random tables, queries, filters and k."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from catalog import Catalog
from model import REGION
from retrieval import (
    Hit,
    ImageSource,
    ItemSource,
    Query,
    SearchEngine,
    TableHolding,
    Term,
    Tuning,
    ValueSource,
    refine,
    sketch,
)
from retrieval.backend import Abilities, Backend
from retrieval.index import Hnsw
from tests.retrieval.flat_index import Flat, FlatIndex
from tests.retrieval.support import HashEmbedder, made_up_catalog, pairs_of, table_of, unit_rows

SIZES = (1, 2, 17, 120)
LONG = 700
ATTRIBUTES = ["color", "pattern", "neck"]
PICTURE = Image.new("RGB", (3, 3), "red")
BY_SCAN = Tuning(exact_below=10**9)


class Unable(Flat):
    """Its indexes give nothing."""

    abilities = Abilities(largest_k=0)


BY_INDEX = Tuning(exact_below=0, first=2, backend=Flat())
BY_SKETCHES = Tuning(exact_below=0, backend=Unable(), sketched=10**9)
BY_INT8 = Tuning(exact_below=10**9, int8_from=0)
BY_SKETCHES_OF_INT8 = replace(BY_SKETCHES, int8_from=0)
BY_FEW_SKETCHED = replace(BY_SKETCHES, sketched=12)
POOR = Hnsw(links=6, build_width=6, search_width=4)
"""So few links that a search passes over items."""
BY_POOR_INDEX = replace(BY_INDEX, backend=POOR)

catalog_of = cache(made_up_catalog)


class Gapped(FlatIndex):
    """Wrong: it passes over its five best items."""

    def search(self, vector: np.ndarray, depth: int, live: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        rows, scores = super().search(vector, len(self), live)
        late = np.roll(np.arange(len(rows)), -5)
        return rows[late][:depth], scores[late][:depth]


@st.composite
def tables(draw: st.DrawFn, sizes: tuple[int, ...]) -> tuple[Catalog, np.ndarray]:
    """Gaussian rows; rows of plus and minus one, where many scores are equal; or copies of three rows."""
    catalog = catalog_of(draw(st.sampled_from(sizes)))
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
def queries(draw: st.DrawFn, catalog: Catalog, negative: bool) -> Query:
    sources = st.one_of(
        st.integers(0, len(catalog) - 1).map(lambda row: ItemSource(f"item-{row}")),
        st.just(ImageSource(PICTURE)),
    )
    positive = st.floats(0.001, 1000)
    weights = st.one_of(positive, st.sampled_from((0.0, 1.0)))
    if negative:
        weights = st.one_of(weights, positive.map(lambda weight: -weight), st.just(-1.0))
    terms = draw(st.lists(st.builds(Term, st.sampled_from(ATTRIBUTES), sources, weights), min_size=1, max_size=4))
    if draw(st.booleans()):
        terms.append(Term("color", ValueSource("blue"), 1.0))
    elif not any(term.weight for term in terms):
        terms.append(Term("neck", ItemSource("item-0")))
    beta = draw(st.one_of(st.none(), st.sampled_from((0.0, 1.0)), st.floats(0, 1)))
    return Query(tuple(terms), beta)


def values_of(catalog: Catalog, column: str) -> st.SearchStrategy[str]:
    """The values that are there, and '' for a blank."""
    return st.sampled_from(sorted({"", *catalog.column(column)}))


@st.composite
def cases(draw: st.DrawFn, sizes: tuple[int, ...] = SIZES, negative: bool = True) -> tuple:
    """Catalog, vectors, query, k, filters, exclude."""
    catalog, vectors = draw(tables(sizes))
    filters = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "color": st.sets(values_of(catalog, "color"), max_size=3),
                "split": st.sets(values_of(catalog, "split"), min_size=1),
                "title": st.sets(values_of(catalog, "title")),
            },
        )
    )
    known = {name: {*catalog.column(name), ""} for name in filters}
    filters = {name: values & known[name] for name, values in filters.items()}  # others are refused
    exclude = draw(st.sets(st.integers(0, len(catalog)).map(lambda row: f"item-{row}"), max_size=3))
    return catalog, vectors, draw(queries(catalog, negative)), draw(st.integers(1, 130)), filters, exclude


def by_hand(catalog, vectors, embedder, query, k, filters, exclude) -> list[tuple[str, float]]:
    """The k best, and scores by the formula of RPF.md §4, one term at a time."""
    total = scores_by_hand(catalog, vectors, embedder, query)
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


def scores_by_hand(catalog, vectors, embedder, query) -> np.ndarray:
    return np.sum(terms_by_hand(catalog, vectors, embedder, query), axis=0)


def terms_by_hand(catalog, vectors, embedder, query) -> list[np.ndarray]:
    """What each term adds to the score of each item."""
    found = []
    weights = sum(abs(term.weight) for term in query.terms)
    for term in query.terms:
        column = vectors[:, ATTRIBUTES.index(term.attribute)].astype(np.float64)
        match term.source:
            case ItemSource(id):
                source = column[int(id.split("-")[1])]
            case ValueSource(value):
                source = column[[item.labels.get("color") == value for item in catalog.items]].mean(0)
            case ImageSource(image):
                source = embedder.embed([image], pairs_of([term.attribute]))[0].reshape(2, -1).astype(np.float64)
        region, patch = (part / (np.linalg.norm(part) or 1) for part in source)  # a mean can be zero
        beta = embedder.derivation(term.attribute).mix[REGION] if query.beta is None else query.beta
        found.append(term.weight / weights * (beta * column[:, 0] @ region + (1 - beta) * column[:, 1] @ patch))
    return found


@contextmanager
def opened(catalog: Catalog, vectors: np.ndarray, tuning: Tuning) -> Iterator[SearchEngine]:
    """An engine on a made-up table, with its indexes."""
    embedder = HashEmbedder(dim=vectors.shape[-1])
    table = table_of(catalog, embedder, vectors, ATTRIBUTES)
    with tempfile.TemporaryDirectory() as home:
        engine = SearchEngine(catalog, TableHolding(table, home), embedder, tuning)
        engine.prepare()
        yield engine
        engine.close()


def asked(case: tuple, tuning: Tuning) -> list[Hit]:
    catalog, vectors, query, k, filters, exclude = case
    with opened(catalog, vectors, tuning) as engine:
        return engine.search(query, k, filters, exclude)


def check_exact(case: tuple, hits: list[Hit]) -> None:
    catalog, vectors, query, k, filters, exclude = case
    embedder = HashEmbedder(dim=vectors.shape[-1])
    expected = by_hand(catalog, vectors, embedder, query, k, filters, exclude)
    each = terms_by_hand(catalog, vectors, embedder, query)
    assert [hit.id for hit in hits] == [id for id, _ in expected]
    assert [hit.score for hit in hits] == pytest.approx([score for _, score in expected], abs=2e-9)
    for hit in hits:
        assert sum(hit.shares.values()) == pytest.approx(hit.score, abs=2e-9)
        assert set(hit.shares) == {term.attribute for term in query.terms if term.weight}
        assert hit.term_shares == pytest.approx([terms[catalog.position(hit.id)] for terms in each], abs=1e-9)
        assert sum(hit.term_shares) == pytest.approx(hit.score, abs=2e-9)


@settings(max_examples=200, deadline=None)
@given(case=cases())
def test_a_scan_is_exact(case: tuple) -> None:
    check_exact(case, asked(case, BY_SCAN))


@settings(max_examples=80, deadline=None)
@given(case=cases())
def test_a_scan_of_8_bits_a_number_is_exact(case: tuple) -> None:
    check_exact(case, asked(case, BY_INT8))


@settings(max_examples=60, deadline=None)
@given(case=cases((LONG,)))
def test_a_negative_weight_is_exact_with_a_poor_index(case: tuple) -> None:
    if any(term.weight < 0 for term in case[2].terms):
        check_exact(case, asked(case, BY_POOR_INDEX))


@pytest.mark.parametrize("tuning", [BY_INDEX, BY_POOR_INDEX], ids=["flat", "poor"])
@settings(max_examples=60, deadline=None)
@given(case=cases((LONG,), negative=False))
def test_what_an_index_finds_has_exact_scores_and_order(case: tuple, tuning: Tuning) -> None:
    check_found(case, asked(case, tuning))


def check_found(case: tuple, hits: list[Hit]) -> None:
    """Scores and order of what is found are exact, whether it is complete or not."""
    catalog, vectors, query, k, filters, exclude = case
    every = dict(by_hand(catalog, vectors, HashEmbedder(dim=vectors.shape[-1]), query, LONG, filters, exclude))
    assert len(hits) == min(k, len(every))
    assert [hit.score for hit in hits] == pytest.approx([every[hit.id] for hit in hits], abs=2e-9)
    order = [(-hit.score, catalog.position(hit.id)) for hit in hits]
    assert order == sorted(order)


@contextmanager
def coarse_sketches() -> Iterator[None]:
    """Sketches of two dimensions, so that they leave much out, and looks at few."""
    with mock.patch.object(sketch, "DIM", 2), mock.patch.object(refine, "FIRST", 4):
        yield


@pytest.mark.parametrize("tuning", [BY_SKETCHES, BY_SKETCHES_OF_INT8], ids=["float16", "8 bits"])
@settings(max_examples=80, deadline=None)
@given(case=cases((*SIZES, LONG)))
def test_sketches_that_may_score_all_are_exact(case: tuple, tuning: Tuning) -> None:
    with coarse_sketches():
        check_exact(case, asked(case, tuning))


@settings(max_examples=120, deadline=None)
@given(case=cases((LONG,)))
def test_few_looks_at_sketches_are_exact_or_a_scan_where_they_have_to_be(case: tuple) -> None:
    """A negative weight is exact; without one scores and order of what is found are."""
    with coarse_sketches():
        hits = asked(case, BY_FEW_SKETCHED)
    if any(term.weight < 0 for term in case[2].terms):
        check_exact(case, hits)
    else:
        check_found(case, hits)


def test_sketches_answer_and_say_what_they_proved() -> None:
    rng = np.random.default_rng(0)
    vectors = unit_rows(rng.standard_normal((LONG, 3, 2, 16))).astype(np.float16)
    both = Query((Term("color", ItemSource("item-1")), Term("neck", ItemSource("item-2"))))
    unlike = Query((Term("color", ItemSource("item-1")), Term("neck", ItemSource("item-2"), -1.0)))
    one = Query((Term("color", ItemSource("item-1")), Term("color", ItemSource("item-2"))))
    with coarse_sketches():
        for tuning, query, expected in (
            (BY_SKETCHES, both, ("sketches", True)),
            (BY_SKETCHES, unlike, ("sketches", True)),
            (BY_FEW_SKETCHED, both, ("sketches", False)),
            (BY_FEW_SKETCHED, unlike, ("scan", True)),
            (BY_SKETCHES, one, ("sketches", True)),
            (BY_INDEX, one, ("index", False)),
            (replace(BY_SKETCHES, exact_below=LONG), both, ("scan", True)),
        ):
            with opened(catalog_of(LONG), vectors, tuning) as engine:
                (way,) = engine.found(query, 5).ways
                assert ((way.by, way.exact), way.live) == (expected, LONG), (tuning, query)


def test_few_live_items_are_not_looked_for_in_an_index() -> None:
    vectors = unit_rows(np.random.default_rng(0).standard_normal((LONG, 3, 2, 16))).astype(np.float16)
    query, rare = Query((Term("color", ItemSource("item-1")),)), [f"item-{row}" for row in range(100, LONG)]
    with opened(catalog_of(LONG), vectors, BY_INDEX) as engine:
        assert [way.by for way in engine.found(query, 5).ways] == ["index"]
        assert [way.by for way in engine.found(query, 5, exclude=rare).ways] == ["sketches"]


class Away(FlatIndex):
    """A server that went away."""

    def search(self, vector: np.ndarray, depth: int, live: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        raise ConnectionError("nobody answers")


def test_an_index_that_cannot_be_reached_is_done_without() -> None:
    vectors = unit_rows(np.random.default_rng(0).standard_normal((LONG, 3, 2, 16))).astype(np.float16)
    query = Query((Term("color", ItemSource("item-1")),))
    with opened(catalog_of(LONG), vectors, replace(BY_SKETCHES, backend=Flat(Away))) as engine:
        found = engine.found(query, 5)
    assert [way.by for way in found.ways] == ["sketches"] and found.hits[0].id == "item-1"


def recall(tuning: Tuning) -> float:
    """Share of the true 10 best that are found by 30 queries of one term on 3000 items in clusters."""
    items, rng = 3000, np.random.default_rng(0)
    catalog = catalog_of(items)
    centres = rng.standard_normal((12, 3, 2, 16))
    vectors = unit_rows(centres[rng.integers(0, 12, items)] + 0.5 * rng.standard_normal((items, 3, 2, 16)))
    found = 0
    with opened(catalog, vectors, tuning) as engine:
        for row in range(30):
            query = Query((Term("color", ItemSource(f"item-{row}")),))
            expected = by_hand(catalog, vectors.astype(np.float16), engine.embedder, query, 10, {}, ())
            answer = engine.found(query, 10)
            assert [way.by for way in answer.ways] == ["index"]
            found += len({id for id, _ in expected} & {hit.id for hit in answer.hits})
    return found / 300


@pytest.mark.parametrize(
    ("backend", "least", "most"), [(Hnsw(), 0.97, 1), (Flat(), 1, 1), (POOR, 0.3, 0.95), (Flat(Gapped), 0, 0.9)]
)
def test_recall(backend: Backend, least: float, most: float) -> None:
    """Nearly all is found with the default index; what is lost with worse ones shows that it would be seen."""
    assert least <= recall(Tuning(exact_below=0, first=12, backend=backend)) <= most
