"""Similar designs: what is found is what every pair asked one by one would give, and groups hold only what agrees."""

import csv
import io
import shutil
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import designs as benchmark
from catalog import Catalog, Item, load_catalog
from model import AT_LEAST, CROP, GENERAL, REGION, Level, MatchMap, Seen
from retrieval import (
    Across,
    DesignQuery,
    Designs,
    DesignStep,
    ItemSource,
    Query,
    RetrievalError,
    SearchEngine,
    Term,
    agreement,
    comparing,
    groups_csv,
    likeness,
    open_engine,
    pairing,
    pairs_csv,
)
from retrieval.cliques import cliques
from tests.retrieval.support import HashEmbedder, noise_catalog

MIXES = {"color": {REGION: 0.2, CROP: 0.5, GENERAL: 0.3}}
ANY_SHARE = (0.001, 0.999)
"""A map that was fitted on catalogs of all kinds, which moves for none."""
MAPS = {
    "color": MatchMap((-0.6, 0.0, 0.9), (0.05, 0.4, 0.95), ANY_SHARE, (0.2, 0.5, 0.3), 0.25),
    "neck": MatchMap((-1.0, 1.0), (0.0, 1.0), ANY_SHARE, (0.5, 0.5), 0.5),
}
BOTH = ("color", "neck")
ITEMS = 45


def opened(catalog: Catalog, home: Path, **known: object) -> SearchEngine:
    embedder = HashEmbedder(mixes=MIXES, matches=MAPS, **known)  # type: ignore[arg-type]
    return open_engine(catalog, embedder, home, ["color", "neck", "pattern"])


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Two of its items, 3 and 4, are the picture of item 0 again."""
    folder = tmp_path_factory.mktemp("designs") / "catalog"
    noise_catalog(folder, ITEMS)
    for copy in (3, 4):
        shutil.copy(folder / "0.png", folder / f"{copy}.png")
    return load_catalog(folder)


@pytest.fixture(scope="module")
def engine(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    return opened(catalog, tmp_path_factory.mktemp("home"))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several blocks of a catalog this small."""
    for module, name, value in ((likeness, "ROWS", 7), (likeness, "COLUMNS", 16), (pairing, "ROWS", 7)):
        monkeypatch.setattr(module, name, value)


def answered(engine: SearchEngine, query: DesignQuery) -> Designs:
    *steps, found = engine.designs(query)
    assert isinstance(found, Designs)
    assert all(isinstance(step, DesignStep) and 0 <= step.share <= 1 for step in steps)
    return found


def one_by_one(engine: SearchEngine) -> dict[frozenset[str], dict[str, tuple[float, float]]]:
    """Of each pair of items, by attribute, the lower and the higher of the chances that searches by either give the other."""
    found: dict[frozenset[str], dict[str, list[float]]] = {}
    for item in engine.catalog:
        for name in BOTH:
            for hit in engine.search(Query((Term(name, ItemSource(item.id)),)), ITEMS, exclude=[item.id]):
                found.setdefault(frozenset((item.id, hit.id)), {}).setdefault(name, []).append(hit.chances[name])
    return {pair: {name: (min(c), max(c)) for name, c in known.items()} for pair, known in found.items()}


def pairs_of(found: Designs) -> set[frozenset[str]]:
    return {frozenset((pair.one, pair.other)) for pair in found.pairs}


@pytest.mark.parametrize("least", [0.3, 0.5, 0.62])
def test_pairs_are_those_that_searches_one_by_one_give(engine: SearchEngine, least: float) -> None:
    found = answered(engine, DesignQuery(BOTH, least, twins=True))
    known = one_by_one(engine)
    near = {pair for pair, own in known.items() if min(abs(low - least) for low, _ in own.values()) < 0.002}
    right = {pair for pair, own in known.items() if all(low >= least for low, _ in own.values())}
    assert right - near
    assert pairs_of(found) - near == right - near
    assert found.count == len(found.pairs)
    assert found.compared == ITEMS * (ITEMS - 1) // 2
    for pair in found.pairs:
        for name in BOTH:
            assert pair.chances[name] == pytest.approx(known[frozenset((pair.one, pair.other))][name][0], abs=0.002)
        assert pair.chance == pytest.approx(pair.chances["color"] * pair.chances["neck"])
    chances = [pair.chance for pair in found.pairs]
    assert chances == sorted(chances, reverse=True)


def test_what_is_to_differ_has_at_most_the_other_chance(engine: SearchEngine) -> None:
    known = one_by_one(engine)
    found = answered(engine, DesignQuery(("neck",), 0.55, differ=("color",), twins=True))
    near = {
        pair for pair, own in known.items() if abs(own["neck"][0] - 0.55) < 0.002 or abs(own["color"][1] - 0.45) < 0.002
    }
    right = {pair for pair, own in known.items() if own["neck"][0] >= 0.55 and own["color"][1] <= 0.45}
    assert right - near
    assert pairs_of(found) - near == right - near
    pair = found.pairs[0]
    assert pair.chance == pytest.approx(pair.chances["neck"] * (1 - pair.chances["color"]))
    assert all(group.chances["color"] <= 0.45 for group in found.groups)


def test_groups_hold_only_what_agrees_with_all_and_no_item_twice(engine: SearchEngine) -> None:
    found = answered(engine, DesignQuery(("color",), 0.5))
    pairs = {frozenset((pair.one, pair.other)): pair for pair in found.pairs}
    assert found.groups
    members = [id for group in found.groups for id in group.ids]
    assert len(members) == len(set(members))
    for group in found.groups:
        inside = [pairs[frozenset(two)].chances["color"] for two in combinations(group.ids, 2)]
        assert group.chances["color"] == pytest.approx(min(inside))
    sizes = [len(group.ids) for group in found.groups]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] >= 3


def test_items_with_the_same_picture_are_one_unless_asked_for(engine: SearchEngine) -> None:
    found = answered(engine, DesignQuery(BOTH, 0.5))
    assert found.twins == {"item-0": ("item-3", "item-4")}
    assert found.items == ITEMS - 2
    assert not any(pair.twin for pair in found.pairs)
    each = answered(engine, DesignQuery(BOTH, 0.5, twins=True))
    assert {frozenset((pair.one, pair.other)) for pair in each.pairs if pair.twin} == {
        frozenset(two) for two in combinations(("item-0", "item-3", "item-4"), 2)
    }
    assert each.twins == {}


def test_only_pairs_across_two_values(engine: SearchEngine) -> None:
    every = answered(engine, DesignQuery(BOTH, 0.4, twins=True))
    found = answered(engine, DesignQuery(BOTH, 0.4, across=Across("split", "train", "test"), twins=True))
    split = {item.id: item.split for item in engine.catalog}
    assert all((split[pair.one], split[pair.other]) == ("train", "test") for pair in found.pairs)
    assert pairs_of(found) == {two for two in pairs_of(every) if len({split[id] for id in two}) == 2}
    assert found.pairs
    assert found.groups == ()
    assert found.compared == 22 * 23


def test_filters_leave_out_and_the_near_ones_are_still_those_of_the_whole_catalog(engine: SearchEngine) -> None:
    every = answered(engine, DesignQuery(BOTH, 0.4, twins=True))
    found = answered(engine, DesignQuery(BOTH, 0.4, filters={"split": ["test"]}, twins=True))
    split = {item.id: item.split for item in engine.catalog}
    kept = [pair for pair in every.pairs if split[pair.one] == split[pair.other] == "test"]
    assert [(pair.one, pair.other) for pair in found.pairs] == [(pair.one, pair.other) for pair in kept]
    assert [pair.chance for pair in found.pairs] == pytest.approx([pair.chance for pair in kept], abs=2e-4)


def test_an_attribute_without_a_level_is_asked_by_its_score(engine: SearchEngine) -> None:
    with pytest.raises(RetrievalError, match=r"'pattern' has no match level .* give the least score"):
        answered(engine, DesignQuery(("pattern",)))
    least = engine.offered_score("pattern")
    found = answered(engine, DesignQuery(("pattern",), scores={"pattern": least}, twins=True))
    assert 0 < found.count < 0.05 * found.compared
    assert all(pair.scores["pattern"] >= least and pair.chances == {} for pair in found.pairs)
    with pytest.raises(RetrievalError, match="cannot be asked to differ"):
        answered(engine, DesignQuery(("color",), differ=("pattern",)))


def test_a_chance_that_no_score_has_is_told(engine: SearchEngine) -> None:
    found = answered(engine, DesignQuery(BOTH, 0.97))
    assert (found.pairs, found.groups, found.count) == ((), (), 0)
    assert found.unreachable == {"color": 0.95}


def test_items_on_which_an_attribute_cannot_be_seen_are_left_out(catalog: Catalog, tmp_path: Path) -> None:
    half = Seen(np.array([1, 0, 0, 0, 0, 0, 0], np.float32), 0.0, 0.5)
    engine = opened(catalog, tmp_path, seen={"color": half})
    hidden = {hit.id for hit in engine.search(Query((Term("color", ItemSource("item-1")),)), ITEMS) if hit.hidden}
    found = answered(engine, DesignQuery(("color",), 0.3, twins=True))
    assert 0 < found.hidden == len(hidden) < ITEMS
    assert not hidden & {id for pair in found.pairs for id in (pair.one, pair.other)}
    assert found.items == ITEMS - found.hidden


def test_where_nearly_all_agrees_the_best_are_kept_without_groups(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = answered(engine, DesignQuery(("color",), 0.1))
    monkeypatch.setattr(pairing, "MOST_GROUPED", 60)
    monkeypatch.setattr(pairing, "MOST_KEPT", 25)
    found = answered(engine, DesignQuery(("color",), 0.1))
    assert found.crowded and not every.crowded
    assert found.count == every.count > 60
    assert [(p.one, p.other) for p in found.pairs] == [(p.one, p.other) for p in every.pairs[:25]]
    assert found.groups == ()


def test_too_large_a_question_is_refused_with_what_would_narrow_it(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "MOST_COMPARED", 100)
    with pytest.raises(
        RetrievalError, match=r"45 items make 990 pairs, more than 100; .* color = '\w+' \(1[0-4] items\)"
    ):
        answered(engine, DesignQuery(BOTH, twins=True))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"attributes": ()}, "choose at least one"),
        ({"attributes": tuple("abcdefghi")}, "at most 8"),
        ({"attributes": ("color", "color")}, "given twice"),
        ({"attributes": ("color",), "differ": ("color",)}, "given twice"),
        ({"attributes": ("color",), "least": 0}, "least chance is 0"),
        ({"attributes": ("color",), "across": Across("split", "test", "test")}, "compared with itself"),
    ],
)
def test_questions_that_make_no_sense_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(RetrievalError, match=said):
        DesignQuery(**given)  # type: ignore[arg-type]


def test_values_and_columns_that_are_not_there_are_named(engine: SearchEngine) -> None:
    with pytest.raises(RetrievalError, match="'split' has no value 'x'"):
        answered(engine, DesignQuery(BOTH, across=Across("split", "test", "x")))
    with pytest.raises(RetrievalError, match="no column 'brand'"):
        answered(engine, DesignQuery(BOTH, filters={"brand": ["x"]}))
    with pytest.raises(RetrievalError, match="no item is left with split = 'train'"):
        answered(engine, DesignQuery(BOTH, across=Across("split", "test", "train"), filters={"split": ["test"]}))


def test_tables_have_a_line_for_each_pair_and_for_each_member(engine: SearchEngine) -> None:
    found = answered(engine, DesignQuery(BOTH, 0.4))
    lines = list(csv.DictReader(io.StringIO(pairs_csv(found, engine.catalog))))
    assert [(line["one"], line["other"]) for line in lines] == [(pair.one, pair.other) for pair in found.pairs]
    first = found.pairs[0]
    assert float(lines[0]["neck chance"]) == first.chances["neck"]
    assert lines[0]["color one"] == engine.catalog.item(first.one).labels.get("color", "")
    assert {line["same picture as one"] for line in lines if line["one"] == "item-0"} == {"item-3 item-4"}
    members = list(csv.DictReader(io.StringIO(groups_csv(found, engine.catalog))))
    assert [line["id"] for line in members] == [id for group in found.groups for id in group.ids]
    assert all(float(line["color least chance"]) >= 0.4 for line in members)


def test_labels_agree_only_where_two_are_there() -> None:
    items = tuple(
        Item(str(n), "", labels={"color": value} if value else {}) for n, value in enumerate(["a", "a", "b", ""])
    )
    catalog = Catalog(Path("made up"), "made up", items, ())
    assert agreement(catalog, "color", ["0", "1", "3"]) is True
    assert agreement(catalog, "color", ["0", "2"]) is False
    assert agreement(catalog, "color", ["0", "3"]) is None


def test_a_chain_is_no_group() -> None:
    left, right = np.array([0, 1, 2, 3]), np.array([1, 2, 3, 4])
    assert cliques(left, right, np.ones(4), 5) == []
    assert cliques(np.append(left, 0), np.append(right, 2), np.ones(5), 5) == [[2, 1, 0]]  # 2 agrees with most


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 24), st.floats(0.05, 0.95))
def test_groups_of_any_pairs_agree_and_leave_no_three_that_do(seed: int, items: int, density: float) -> None:
    rng = np.random.default_rng(seed)
    both = np.array(list(combinations(range(items), 2)))
    both = both[rng.random(len(both)) < density]
    known = {tuple(two) for two in both.tolist()}
    found = cliques(both[:, 0], both[:, 1], rng.random(len(both)), items)
    members = [item for group in found for item in group]
    assert len(members) == len(set(members))
    for group in found:
        assert len(group) >= 3
        assert all(two in known for two in combinations(sorted(group), 2))
    left = [item for item in range(items) if item not in members]
    assert not any(all(two in known for two in combinations(three, 2)) for three in combinations(left, 3))


def test_the_table_changes_what_is_found_as_the_catalog_does(catalog: Catalog, tmp_path: Path) -> None:
    engine = opened(catalog, tmp_path)
    before = answered(engine, DesignQuery(BOTH, 0.4))
    gone = before.pairs[0].one
    engine.update(replace(engine.catalog, items=tuple(item for item in engine.catalog if item.id != gone)))
    after = answered(engine, DesignQuery(BOTH, 0.4))
    assert after.items == before.items - 1
    assert not any(gone in (pair.one, pair.other) for pair in after.pairs)


def test_the_benchmark_counts_pairs_that_agree_on_their_labels(engine: SearchEngine) -> None:
    catalog = engine.catalog
    color = catalog.labels("color")
    labels = {"color": color, "neck": np.where(color < 0, -1, np.arange(ITEMS) % 2)}
    found = benchmark.agreement(engine, catalog, labels, BOTH, Level.LIKELY)
    given = answered(engine, DesignQuery(BOTH, AT_LEAST[Level.LIKELY])).pairs
    places = [(catalog.position(pair.one), catalog.position(pair.other)) for pair in given]
    known = [two for two in places if all(color[place] >= 0 for place in two)]
    right = [two for two in known if all(own[two[0]] == own[two[1]] for own in labels.values())]
    assert (found.pairs, found.labelled, found.right) == (len(given), len(known), len(right))
    assert 0 < found.alike <= found.members or not found.groups
    every = [two for two in combinations(range(ITEMS), 2) if all(color[place] >= 0 for place in two)]
    alike = [two for two in every if all(own[two[0]] == own[two[1]] for own in labels.values())]
    assert found.chance == pytest.approx(len(alike) / len(every))
