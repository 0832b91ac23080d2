"""Match levels of hits, a least one to ask for, and items on which an attribute cannot be seen, on made-up embeddings."""

import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from catalog import Catalog
from model import CROP, GENERAL, NEAR, REGION, MatchMap, Seen
from retrieval import (
    EngineOptions,
    Hit,
    ImageSource,
    ItemSource,
    Query,
    RetrievalError,
    SearchEngine,
    Term,
    Tuning,
    ValueSource,
    open_engine,
)
from tests.retrieval.support import HashEmbedder, noise_catalog

MIXES = {"color": {REGION: 0.2, CROP: 0.5, GENERAL: 0.3}}
ANY_SHARE = (0.001, 0.999)
"""A map that was fitted on catalogs of all kinds, which moves for none."""
MAP = MatchMap((-0.6, 0.0, 0.9), (0.05, 0.4, 0.95), ANY_SHARE, (0.2, 0.5, 0.3), 0.25)
NECK = MatchMap((-1.0, 1.0), (0.0, 1.0), ANY_SHARE, (0.5, 0.5))
HALF = Seen(np.array([1, 0, 0, 0, 0, 0, 0], np.float32), 0.0, 0.5)
"""Seen where the first number of the general embedding is above 0."""
OTHER = Seen(np.array([0, 1, 0, 0, 0, 0, 0], np.float32), 0.0, 0.5)
PICTURE = Image.new("RGB", (5, 7), "green")
BY_COLOR = Query((Term("color", ItemSource("item-0")),))
ALL = 1000


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return noise_catalog(tmp_path_factory.mktemp("levels") / "catalog", 40)


def opened(catalog: Catalog, home: Path, tuning: Tuning | None = None, **known: object) -> SearchEngine:
    embedder = HashEmbedder(mixes=MIXES, **known)  # type: ignore[arg-type]
    options = EngineOptions(tuning=tuning or Tuning())
    return open_engine(catalog, embedder, home, ["color", "neck"], options=options)


@pytest.fixture
def plain(catalog: Catalog, tmp_path: Path) -> SearchEngine:
    return opened(catalog, tmp_path / "plain")


@pytest.fixture
def engine(catalog: Catalog, tmp_path: Path) -> SearchEngine:
    """Knows levels of color and neck."""
    return opened(catalog, tmp_path / "levels", matches={"color": MAP, "neck": NECK})


def order(hits: list[Hit]) -> list[tuple[str, float]]:
    return [(hit.id, hit.score) for hit in hits]


def unseen(engine: SearchEngine, seen: Seen) -> set[str]:
    general, summary = (engine.table.column(column) for column in engine.table.columns if column.attribute == "")
    return {id for id, chance in zip(engine.table.ids, seen.chance(general, summary), strict=True) if chance < 0.5}


@pytest.mark.parametrize("tuning", [Tuning(), Tuning(exact_below=0, first=4)], ids=["scan", "lists"])
@pytest.mark.parametrize("k", [1, 7, 30, ALL])
def test_items_that_cannot_be_seen_come_after_the_others_in_order(
    catalog: Catalog, plain: SearchEngine, tmp_path: Path, tuning: Tuning, k: int
) -> None:
    engine = opened(catalog, tmp_path / "seen", tuning, seen={"color": HALF})
    engine.prepare()
    expected = plain.search(BY_COLOR, ALL)
    apart = unseen(engine, HALF)
    assert 5 < len(apart) < 35
    parts = [hit for hit in expected if hit.id not in apart], [hit for hit in expected if hit.id in apart]
    found = engine.search(BY_COLOR, k)
    assert order(found) == order([*parts[0], *parts[1]])[:k]
    assert [hit.hidden for hit in found] == [("color",) if hit.id in apart else () for hit in found]


def test_what_cannot_be_seen_is_filtered_and_left_out_as_all_else(catalog: Catalog, tmp_path: Path) -> None:
    engine = opened(catalog, tmp_path / "seen", seen={"color": HALF})
    apart = sorted(unseen(engine, HALF))
    found = engine.search(BY_COLOR, ALL, {"split": "test"}, exclude=apart[:3])
    test = {item.id for item in catalog.items if item.split == "test"}
    assert {hit.id for hit in found} == test - set(apart[:3])
    assert any(hit.hidden for hit in found) and not all(hit.hidden for hit in found)


def test_each_hit_names_the_attributes_that_cannot_be_seen_on_it(catalog: Catalog, tmp_path: Path) -> None:
    engine = opened(catalog, tmp_path / "seen", seen={"color": HALF, "neck": OTHER})
    both = Query((Term("color", ItemSource("item-0")), Term("neck", ItemSource("item-3"))))
    found = engine.search(both, ALL)
    none = {"color": unseen(engine, HALF), "neck": unseen(engine, OTHER)}
    assert [hit.hidden for hit in found] == [tuple(n for n in ("color", "neck") if hit.id in none[n]) for hit in found]
    apart = [bool(hit.hidden) for hit in found]
    assert apart == sorted(apart)
    assert {len(hit.hidden) for hit in found} == {0, 1, 2}


def test_what_is_to_be_unlike_need_not_be_seen(catalog: Catalog, plain: SearchEngine, tmp_path: Path) -> None:
    engine = opened(catalog, tmp_path / "seen", seen={"color": HALF})
    unlike = Query((Term("color", ItemSource("item-0"), -1.0), Term("neck", ItemSource("item-0"))))
    assert order(engine.search(unlike, ALL)) == order(plain.search(unlike, ALL))
    assert not any(hit.hidden for hit in engine.search(unlike, ALL))


def test_whether_the_query_itself_shows_the_attribute(catalog: Catalog, tmp_path: Path) -> None:
    engine = opened(catalog, tmp_path / "seen", seen={"color": HALF})
    apart = unseen(engine, HALF)
    for item in catalog.items[:12]:
        expected = ("color",) if item.id in apart else ()
        assert engine.hidden([Term("color", ItemSource(item.id)), Term("neck", ItemSource(item.id))]) == expected
        assert engine.hidden([Term("color", ImageSource(catalog.open(item)))]) == expected
        assert engine.hidden([Term("color", ItemSource(item.id), -1.0)]) == ()
    assert engine.hidden([Term("color", ValueSource("red"))]) == ()
    one = next(iter(apart))
    assert engine.hidden([Term("color", ItemSource(one)), Term("color", ItemSource(one), 2.0)]) == ("color",)


def test_without_applicability_all_is_seen(plain: SearchEngine) -> None:
    assert plain.hidden([Term("color", ItemSource("item-0")), Term("neck", ImageSource(PICTURE))]) == ()
    assert not any(hit.hidden for hit in plain.search(BY_COLOR, ALL))


@pytest.mark.parametrize("weight", [1.0, 0.2, -3.0])
@pytest.mark.parametrize("source", [ItemSource("item-0"), ImageSource(PICTURE)], ids=["item", "picture"])
def test_a_level_is_that_of_the_terms_own_score(engine: SearchEngine, source: ItemSource, weight: float) -> None:
    """Measured by the third of the other items, those that are filtered away among them."""
    scored = engine.search(Query((Term("color", source),)), ALL)
    others = [hit.score for hit in scored if source != ItemSource(hit.id)]
    asked = Query((Term("color", source, weight), Term("neck", ItemSource("item-5"))))
    expected = {hit.id: float(MAP.chance(np.array([hit.score]), others[NEAR - 1])[0]) for hit in scored}
    for hit in engine.search(asked, ALL, {"split": "test"}):
        assert set(hit.chances) == {"color", "neck"}
        assert hit.chances["color"] == pytest.approx(expected[hit.id], abs=1e-4)


def test_a_level_moves_with_how_often_the_catalog_shares_values(catalog: Catalog, tmp_path: Path) -> None:
    rare = MatchMap(MAP.scores, MAP.chances, (0.01, 0.02), MAP.mix, MAP.lean)
    often = MatchMap(MAP.scores, MAP.chances, (0.97, 0.98), MAP.mix, MAP.lean)
    found = [
        opened(catalog, tmp_path / name, matches={"color": own}).search(BY_COLOR, ALL)
        for name, own in (("rare", rare), ("often", often))
    ]
    assert order(found[0]) == order(found[1])
    assert all(more.chances["color"] > less.chances["color"] for more, less in zip(*found, strict=True))


def test_a_least_level_cuts_the_ranking_off(engine: SearchEngine) -> None:
    whole = engine.search(BY_COLOR, ALL)
    levels = [hit.chances["color"] for hit in whole]
    least = levels[6]
    query = Query(BY_COLOR.terms, least=least)
    assert engine.search(query, ALL) == [hit for hit in whole if hit.chances["color"] >= least]
    assert engine.search(query, 3) == whole[:3]
    assert engine.search(Query(BY_COLOR.terms, least=0.0), ALL) == whole
    assert engine.search(Query(BY_COLOR.terms, least=1.0), ALL) == []


def test_a_least_level_holds_for_each_attribute_that_is_wanted(engine: SearchEngine) -> None:
    wanted = (Term("color", ItemSource("item-0")), Term("neck", ItemSource("item-0"), 0.5))
    whole = engine.search(Query(wanted), ALL)
    found = engine.search(Query(wanted, least=0.4), ALL)
    assert found == [hit for hit in whole if min(hit.chances.values()) >= 0.4]
    assert 0 < len(found) < len(whole)
    avoided = (wanted[0], Term("neck", ItemSource("item-0"), -0.5))
    found = engine.search(Query(avoided, least=0.4), ALL)
    assert {hit.id for hit in found} == {hit.id for hit in whole if hit.chances["color"] >= 0.4}
    assert min(hit.chances["neck"] for hit in found) < 0.4


def test_a_least_level_cuts_off_both_parts(catalog: Catalog, tmp_path: Path) -> None:
    engine = opened(catalog, tmp_path / "both", matches={"color": MAP}, seen={"color": HALF})
    whole = engine.search(BY_COLOR, ALL)
    found = engine.search(Query(BY_COLOR.terms, least=0.3), ALL)
    assert found == [hit for hit in whole if hit.chances["color"] >= 0.3]
    assert {bool(hit.hidden) for hit in found} == {False, True}


ITEM = ItemSource("item-0")
UNCALIBRATED = {
    "mix changed": [Query((Term("color", ITEM),), beta=0.9), Query((Term("color", ITEM),), gamma=0.0)],
    "value query": [Query((Term("color", ValueSource("red")),))],
    "several terms": [Query((Term("color", ITEM), Term("color", ItemSource("item-1"))))],
    "not fitted": [Query((Term("pattern", ITEM),))],
}


@pytest.mark.parametrize(("why", "query"), [(why, query) for why, asked in UNCALIBRATED.items() for query in asked])
def test_what_is_not_calibrated_has_no_level_and_no_least_one(engine: SearchEngine, why: str, query: Query) -> None:
    engine.ensure(["pattern"])
    found = engine.search(query, 5)
    assert len(found) == 5 and not any(hit.chances for hit in found)
    bound = Query(query.terms, query.beta, query.gamma, least=0.5)
    with pytest.raises(RetrievalError, match=rf"no match level here \({why}\)") as caught:
        engine.search(bound, 5)
    assert "\n" not in str(caught.value)


def test_a_share_that_is_the_attributes_own_is_calibrated(engine: SearchEngine) -> None:
    own = engine.search(BY_COLOR, 5)
    same = engine.search(Query(BY_COLOR.terms, beta=0.2 / 0.7, gamma=0.3), 5)
    assert [hit.chances for hit in same] == [hit.chances for hit in own]
    assert all(hit.chances for hit in own)


def test_what_does_not_count_needs_no_level(engine: SearchEngine) -> None:
    engine.ensure(["pattern"])
    for weight in (0.0, -1.0):
        query = Query((Term("color", ITEM), Term("pattern", ITEM, weight)), least=0.3)
        found = engine.search(query, 5)
        assert found and all(set(hit.chances) == {"color"} for hit in found)


@pytest.mark.parametrize("least", [-0.1, 1.1, "0.5", float("nan")])
def test_a_least_level_is_a_chance(least: object) -> None:
    with pytest.raises(RetrievalError, match="least is"):
        Query(BY_COLOR.terms, least=least)  # type: ignore[arg-type]


@st.composite
def maps(draw: st.DrawFn) -> MatchMap:
    count = draw(st.integers(1, 6))
    scores = draw(st.lists(st.integers(-100, 100), min_size=count, max_size=count, unique=True))
    chances = draw(st.lists(st.integers(0, 100), min_size=count, max_size=count))
    shares = sorted(draw(st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99))))
    made = [tuple(number / 100 for number in sorted(numbers)) for numbers in (scores, chances)]
    return MatchMap(made[0], made[1], (shares[0], shares[1]), MAP.mix, draw(st.sampled_from([0.0, 0.3, 0.9])))


@settings(max_examples=25, deadline=None)
@given(own=maps(), asked=st.integers(0, 39), apart=st.booleans(), least=st.none() | st.floats(0, 1))
def test_levels_never_rise_down_a_ranking(
    catalog: Catalog, own: MatchMap, asked: int, apart: bool, least: float | None
) -> None:
    """Within each part. Chances are told to four decimals, and scores that differ by less than 1e-9 are equal."""
    with tempfile.TemporaryDirectory() as home:
        engine = opened(catalog, Path(home), matches={"color": own}, seen={"color": HALF} if apart else {})
        found = engine.search(Query((Term("color", ItemSource(f"item-{asked}")),), least=least), ALL)
    for part in (False, True):
        levels = [hit.chances["color"] for hit in found if bool(hit.hidden) == part]
        assert all(0 <= level <= 1 for level in levels)
        assert all(after <= before + 1e-4 for before, after in pairwise(levels))
