"""Where any item stands, and what holds it back, against a ranking of the whole catalog."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from catalog import Item
from model import Section
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
from retrieval.posed import by_section
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


@pytest.mark.parametrize("shares", [{}, {"beta": 0.9}, {"beta": 0.0}])
def test_the_views_of_a_term_sum_to_its_share(engine: SearchEngine, shares: dict[str, float]) -> None:
    query = replace(QUERY, **shares)
    for hit in engine.search(query, 5):
        views = engine.views(query, hit.id, hit.picture)
        assert [sum(own.values()) for own in views] == pytest.approx(hit.term_shares, abs=1e-12)
        assert views[1] == {} and set(views[0]) == {"region", "crop"}
        if not shares:
            assert min(abs(share) for share in views[0].values()) > 1e-6
    if shares.get("beta") == 0.0:
        assert views[0]["region"] == 0.0 and views[0]["crop"] == pytest.approx(hit.term_shares[0])
    with pytest.raises(RetrievalError, match="'item-99'"):
        engine.views(query, "item-99")


def test_a_section_adds_its_own_part_of_the_inner_product() -> None:
    sections = [Section("region", 2), Section("crop", 1), Section("region", 1)]
    found = by_section(np.array([1.0, 2.0, -3.0, 0.5]), np.array([1, 1, 2, 4], np.float16), sections)
    assert found == {"region": 5.0, "crop": -6.0}


def test_views_are_those_of_the_picture_that_was_found(tmp_path: Path) -> None:
    catalog = noise_catalog(tmp_path / "catalog", 12)
    own = catalog.items[1]
    two = Item(own.id, own.image, own.split, own.labels, own.columns, (catalog.items[10].image,))
    several = replace(catalog, items=(catalog.items[0], two))
    engine = open_engine(several, HashEmbedder(), tmp_path / "home", ["color"])
    query = Query((Term("color", ItemSource("item-0")),))
    hit = next(hit for hit in engine.search(query) if hit.id == own.id)
    other = next(picture for picture in two.pictures if picture != hit.picture)
    best, named, second = (engine.views(query, own.id, picture)[0] for picture in ("", hit.picture, other))
    assert best == named and sum(best.values()) == pytest.approx(hit.score, abs=1e-8)
    assert sum(second.values()) < sum(best.values())


def test_typical_items_are_the_labelled_ones_that_their_value_finds_first(engine: SearchEngine) -> None:
    labelled = [item.id for item in engine.catalog if item.labels.get("color") == "green"]
    found = engine.typical("color", "green", 3)
    hits = [hit.id for hit in engine.search(Query((Term("color", ValueSource("green")),)), 100) if hit.id in labelled]
    assert found.labelled == len(labelled) and list(found.items) == hits[:3]
    with pytest.raises(RetrievalError, match="no value 'mauve'"):
        engine.typical("color", "mauve")
