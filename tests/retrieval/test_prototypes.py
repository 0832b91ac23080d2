"""Values as sources: prototypes of a split, scores without the judged item, and what a taught attribute is sure of."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog
from model import POSTERIOR, REGION, Section, repeated
from retrieval import ItemSource, Query, RetrievalError, SearchEngine, Term, ValueSource, open_engine
from retrieval.prototypes import certain, prototype, scores_without_itself
from tests.retrieval.support import HashEmbedder, noise_catalog

SECTIONS = (Section(REGION, 4), Section("taught", 3, unit=False))
MIX = {REGION: 0.4, "taught": 0.6}


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return noise_catalog(tmp_path / "catalog", 25)


@pytest.fixture
def engine(catalog: Catalog, tmp_path: Path) -> SearchEngine:
    return open_engine(catalog, HashEmbedder(), tmp_path / "home", ["color", "neck"])


@pytest.mark.parametrize("members", [1, 2, 6])
def test_a_member_is_scored_by_the_others_and_all_else_by_all(members: int) -> None:
    rng = np.random.default_rng(members)
    vectors = rng.standard_normal((9, 7)).astype(np.float16)
    belongs = np.arange(9) < members
    found = scores_without_itself(vectors, belongs, SECTIONS, MIX)
    for row in range(9):
        others = belongs & (np.arange(9) != row)
        if not others.any():
            assert np.isnan(found[row])
            continue
        query = prototype(vectors[others], SECTIONS) * repeated(SECTIONS, MIX)
        assert found[row] == pytest.approx(vectors[row].astype(float) @ query, abs=1e-9)


def test_in_evaluation_no_item_is_judged_by_itself_and_in_search_it_is(engine: SearchEngine, catalog: Catalog) -> None:
    found = engine.value_scores("color", "red")
    searched = {hit.id: hit.score for hit in engine.search(Query((Term("color", ValueSource("red")),)), 25)}
    red = np.array([item.labels.get("color") == "red" for item in catalog.items])
    assert (found.labelled, found.split) == (red.sum(), "")
    for item, score, member in zip(catalog.items, found.scores, red, strict=True):
        if member:
            assert score < searched[item.id] - 0.05  # its own share in the prototype is gone
        else:
            assert score == pytest.approx(searched[item.id], abs=1e-8)


def test_a_prototype_names_the_split_that_it_comes_from(engine: SearchEngine, catalog: Catalog) -> None:
    found = engine.value_scores("color", "red", "train")
    train = [item.split == "train" and item.labels.get("color") == "red" for item in catalog.items]
    assert (found.split, found.labelled) == ("train", sum(train))
    searched = engine.search(Query((Term("color", ValueSource("red", "train")),)), 25, {"split": "test"})
    scores = dict(zip([item.id for item in catalog.items], found.scores, strict=True))
    assert {hit.id: hit.score for hit in searched} == pytest.approx({hit.id: scores[hit.id] for hit in searched})
    assert searched != engine.search(Query((Term("color", ValueSource("red")),)), 25, {"split": "test"})


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("color", "mauve"), "blue, green, red"),
        (("neck", "round"), "no labels for 'neck'"),
        (("heel", "flat"), "'heel'"),
        (("color", "red", "dev"), "in the split 'dev'"),
    ],
)
def test_what_is_not_labelled_is_said(engine: SearchEngine, asked: tuple[str, ...], message: str) -> None:
    with pytest.raises(RetrievalError, match=message):
        engine.value_scores(*asked)


@dataclass(frozen=True)
class Taught:
    """What `certain` looks at in a taught attribute."""

    values: tuple[str, ...]
    sections: tuple[Section, ...]


def test_a_taught_value_without_labels_is_the_posterior_that_is_sure_of_it() -> None:
    taught = Taught(("slim", "loose"), (Section(POSTERIOR, 2, False), Section(REGION, 3)))
    assert certain(taught, "loose").tolist() == [0, 1, 0, 0, 0]  # type: ignore[arg-type, union-attr]
    assert certain(taught, "wide") is None  # type: ignore[arg-type]
    assert certain(HashEmbedder().derivation("color"), "red") is None


def test_two_sources_of_one_attribute_are_two_terms(engine: SearchEngine) -> None:
    """Their shares are those that each has alone, halved."""
    terms = (Term("color", ValueSource("red")), Term("color", ItemSource("item-3"), -1.0))
    alone = [{hit.id: hit.score for hit in engine.search(Query((Term("color", term.source),)), 25)} for term in terms]
    for hit in engine.search(Query(terms), 25):
        assert hit.term_shares == pytest.approx((alone[0][hit.id] / 2, -alone[1][hit.id] / 2), abs=1e-8)
        assert hit.shares == {"color": pytest.approx(hit.score, abs=1e-8)}
