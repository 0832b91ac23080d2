"""Where any item stands, and what holds it back, against a ranking of the whole catalog."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from catalog import Item
from retrieval import (
    ItemSource,
    MissingAttributes,
    Query,
    RetrievalError,
    SearchEngine,
    Term,
    ValueSource,
    open_engine,
)
from tests.retrieval.support import HashEmbedder, noise_catalog
from tests.retrieval.test_levels import HALF, opened

QUERY = Query(
    (
        Term("color", ItemSource("item-3")),
        Term("neck", ItemSource("item-8"), 0.0),
        Term("color", ItemSource("item-5"), -0.5),
        Term("neck", ItemSource("item-4"), 2.0),
    )
)


@pytest.fixture
def engine(tmp_path: Path) -> SearchEngine:
    return open_engine(noise_catalog(tmp_path / "catalog", 25), HashEmbedder(), tmp_path / "home", ["color", "neck"])


def test_every_item_has_its_place_in_the_whole_ranking(engine: SearchEngine) -> None:
    whole = engine.search(QUERY, 100, {"split": "test"}, ["item-6"])
    for place, hit in enumerate(whole, 1):
        found = engine.why_not(QUERY, hit.id, 4, {"split": "test"}, ["item-6"])
        assert (found.rank, found.among, found.score) == (place, len(whole), hit.score)
        assert found.term_shares == hit.term_shares and found.picture == hit.picture
        assert found.against is not None and found.against.id == whole[3].id
        assert not found.kept_out
        assert sum(found.gaps) == pytest.approx(whole[3].score - hit.score, abs=1e-8)
        if place <= 4:
            assert found.held_back_by is None
        else:
            assert found.held_back_by == int(np.argmax(np.subtract(whole[3].term_shares, hit.term_shares)))
            assert found.held_back_by != 1  # a term without weight holds nothing back


def test_what_is_filtered_out_has_no_place_but_a_score(engine: SearchEngine) -> None:
    score = {hit.id: hit.score for hit in engine.search(QUERY, 100)}["item-1"]
    for filters, exclude in (({"split": "test"}, ()), ({}, ["item-1"])):
        found = engine.why_not(QUERY, "item-1", 3, filters, exclude)
        assert found.kept_out and found.rank is None and found.score == score
    assert engine.why_not(QUERY, "item-1", 3, {"color": []}).against is None


def test_what_is_not_there_is_said(engine: SearchEngine) -> None:
    with pytest.raises(RetrievalError, match="'item-99'"):
        engine.why_not(QUERY, "item-99")
    with pytest.raises(RetrievalError, match="at least 1"):
        engine.why_not(QUERY, "item-1", 0)
    with pytest.raises(MissingAttributes):
        engine.why_not(Query((Term("pattern", ItemSource("item-1")),)), "item-2")


def test_an_item_of_several_pictures_stands_where_its_best_one_does(tmp_path: Path) -> None:
    catalog = noise_catalog(tmp_path / "catalog", 20)
    items = [
        Item(item.id, item.image, item.split, item.labels, item.columns, (catalog.items[row + 10].image,))
        for row, item in enumerate(catalog.items[:10])
    ]
    several = replace(catalog, items=tuple(items))
    engine = open_engine(several, HashEmbedder(), tmp_path / "home", ["color", "neck"])
    whole = engine.search(QUERY, 100)
    assert len(whole) == 10
    for place, hit in enumerate(whole, 1):
        found = engine.why_not(QUERY, hit.id, 3)
        assert (found.rank, found.among, found.picture) == (place, 10, hit.picture)


def test_where_it_cannot_be_seen_it_comes_last(tmp_path: Path) -> None:
    engine = opened(noise_catalog(tmp_path / "catalog", 40), tmp_path / "home", seen={"color": HALF})
    query = Query((Term("color", ItemSource("item-0")),))
    whole = engine.search(query, 1000)
    hidden = [place for place, hit in enumerate(whole, 1) if hit.hidden]
    assert hidden
    for place in (1, hidden[0] - 1, hidden[0], hidden[-1]):
        found = engine.why_not(query, whole[place - 1].id, 5)
        assert found.rank == place and found.hidden == whole[place - 1].hidden


def test_a_value_can_hold_an_item_back(engine: SearchEngine) -> None:
    query = Query((Term("color", ValueSource("green")), Term("neck", ItemSource("item-4"), 0.01)))
    last = engine.search(query, 100)[-1]
    assert engine.why_not(query, last.id).held_back_by == 0
