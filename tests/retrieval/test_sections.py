"""Scores of attributes with several sections, one of them no unit vector, against sums written out by hand."""

import tempfile
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from model import CROP, GENERAL, REGION, WHOLE, Calibrated, Column, Section
from retrieval import ImageSource, ItemSource, Query, SearchEngine, TableHolding, Term, Tuning, ValueSource, chosen_mix
from retrieval.table import EmbeddingTable, Manifest
from tests.retrieval.flat_index import Flat
from tests.retrieval.support import HashEmbedder, made_up_catalog

PICTURE = Image.new("RGB", (3, 3), "red")
MIXES = {
    "color": {REGION: 0.2, WHOLE: 0.5, GENERAL: 0.3},
    "neck": {REGION: 0.25, CROP: 0.35, WHOLE: 0.3, GENERAL: 0.1},
}
SIZES = (1, 17, 120, 400)
ASKED = ("color", "pattern", "neck")


@dataclass(frozen=True, eq=False)
class Read:
    """An attribute read off the general view: a posterior, beside its own region. Not of unit length."""

    own: Calibrated
    plain = False
    needs = (Column("pattern", REGION), Column("", GENERAL))
    sections = (Section(REGION, 4), Section("taught", 5, unit=False))
    mix = {REGION: 0.4, "taught": 0.6}  # noqa: RUF012
    digest = "read"
    match = seen = None

    def on(self, means, count):  # type: ignore[no-untyped-def]
        return self

    def apply(self, raw):  # type: ignore[no-untyped-def]
        logits = (
            3 * np.asarray(raw[1], np.float32) @ np.random.default_rng(5).standard_normal((3, 5)).astype(np.float32)
        )
        chances = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        return np.hstack([np.asarray(raw[0], np.float32), chances]).astype(np.float32)


class Sectioned(HashEmbedder):
    """Three sections of color, four of neck; pattern is read."""

    def __init__(self) -> None:
        super().__init__(mixes=MIXES)

    def derivation(self, attribute):  # type: ignore[no-untyped-def]
        own = super().derivation(attribute)
        return Read(own) if attribute == "pattern" else own


EMBEDDER = Sectioned()
COLUMNS = list(dict.fromkeys(column for name in ASKED for column in EMBEDDER.derivation(name).needs))


def table_of(catalog, seed: int, copies: bool) -> EmbeddingTable:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    parts = [rng.standard_normal((len(catalog), EMBEDDER.width(column))) for column in COLUMNS]
    rows = rng.integers(0, 3, len(catalog)) % len(catalog) if copies else np.arange(len(catalog))
    vectors = np.hstack([part / np.linalg.norm(part, axis=1, keepdims=True) for part in parts])[rows]
    columns = [(*column, EMBEDDER.width(column)) for column in COLUMNS]
    ids = [item.id for item in catalog.items]
    return EmbeddingTable(
        vectors.astype(np.float16), Manifest(EMBEDDER.digest, catalog.digest, columns, ids, ids, "x.npy", f"{seed:064}")
    )


def derived(raw, attribute: str) -> list[np.ndarray]:  # type: ignore[no-untyped-def]
    """The sections of an attribute, float64, as they are stored; raw: column → (n, width)."""
    own = EMBEDDER.derivation(attribute)
    vectors = own.apply([raw(column) for column in own.needs]).astype(np.float16).astype(np.float64)
    return np.split(vectors, np.cumsum([section.width for section in own.sections])[:-1], axis=1)


def by_hand(catalog, table: EmbeddingTable, query: Query) -> np.ndarray:  # type: ignore[no-untyped-def]
    total = np.zeros(len(catalog))
    weights = sum(abs(term.weight) for term in query.terms)
    for term in query.terms:
        own = EMBEDDER.derivation(term.attribute)
        mix = chosen_mix(own.mix, query.beta, query.gamma)
        items = derived(table.column, term.attribute)
        match term.source:
            case ItemSource(id):
                asking = [part[int(id.split("-")[1])] for part in items]
            case ValueSource(value):
                members = [item.labels.get("color") == value for item in catalog.items]
                asking = [part[members].mean(0) for part in items]
            case ImageSource(image):
                asking = [part[0] for part in derived(lambda column: EMBEDDER.embed([image], [column]), term.attribute)]
        for section, query_part, part in zip(own.sections, asking, items, strict=True):
            length = np.linalg.norm(query_part) if section.unit else 1.0
            total += term.weight / weights * mix[section.name] * (part @ query_part) / (length or 1.0)
    return total


@st.composite
def queries(draw: st.DrawFn, items: int) -> Query:
    source = st.one_of(
        st.integers(0, items - 1).map(lambda row: ItemSource(f"item-{row}")), st.just(ImageSource(PICTURE))
    )
    positive = st.floats(0.01, 10)
    weight = st.one_of(positive, positive.map(lambda w: -w))
    terms = draw(st.lists(st.builds(Term, st.sampled_from(ASKED), source, weight), min_size=1, max_size=4))
    if draw(st.booleans()):
        terms.append(Term("color", ValueSource("blue")))
    share = st.one_of(st.none(), st.sampled_from((0.0, 1.0)), st.floats(0, 1))
    return Query(tuple(terms), draw(share), draw(share))


def check(data: st.DataObject, tuning: Tuning) -> None:
    catalog = made_up_catalog(data.draw(st.sampled_from(SIZES)))
    table = table_of(catalog, data.draw(st.integers(0, 10**6)), data.draw(st.booleans()))
    query, k = data.draw(queries(len(catalog))), data.draw(st.integers(1, 30))
    with tempfile.TemporaryDirectory() as home:
        engine = SearchEngine(catalog, TableHolding(table, home), EMBEDDER, tuning)
        engine.prepare()
        hits = engine.search(query, k)
        engine.close()
    total = by_hand(catalog, table, query)
    best = sorted(range(len(catalog)), key=lambda row: (-round(total[row], 9), row))[:k]
    assert [hit.id for hit in hits] == [catalog.items[row].id for row in best]
    assert [hit.score for hit in hits] == pytest.approx(total[best], abs=2e-9)
    assert all(sum(hit.shares.values()) == pytest.approx(hit.score, abs=2e-9) for hit in hits)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_scan_of_several_sections_is_exact(data: st.DataObject) -> None:
    check(data, Tuning(exact_below=10**9))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_lists_of_several_sections_are_exact(data: st.DataObject) -> None:
    check(data, Tuning(exact_below=0, first=2, backend=Flat(), sketched=10**9))
