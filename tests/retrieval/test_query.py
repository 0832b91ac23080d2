import math

import numpy as np
import pytest

from model import CROP, REGION, Section, repeated
from retrieval import ItemSource, Query, RetrievalError, Term
from retrieval.query import summed, term_vectors, unit

ITEM = ItemSource("a")


def shares(beta: float, dim: int) -> np.ndarray:
    """Share of each number of a region and a crop embedding of `dim` numbers."""
    return repeated([Section(REGION, dim), Section(CROP, dim)], {REGION: beta, CROP: 1 - beta})


def units(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    vectors = rng.standard_normal(shape)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


@pytest.mark.parametrize("weight", [math.nan, math.inf, -math.inf, "1", None])
def test_weights_that_mean_nothing_are_refused(weight: float) -> None:
    with pytest.raises(RetrievalError, match="'color'"):
        Term("color", ITEM, weight)


def test_a_query_needs_a_term_and_a_weight() -> None:
    with pytest.raises(RetrievalError, match="empty"):
        Query(())
    with pytest.raises(RetrievalError, match="every weight is 0"):
        Query((Term("color", ITEM, 0), Term("neck", ITEM, 0)))


@pytest.mark.parametrize("share", [-0.01, 1.01, math.nan, math.inf, -math.inf, "0.5"])
@pytest.mark.parametrize("name", ["beta", "gamma"])
def test_beta_and_gamma_are_shares(name: str, share: float) -> None:
    with pytest.raises(RetrievalError, match=name):
        Query((Term("color", ITEM),), **{name: share})


def test_inner_product_with_a_term_vector_is_the_weighted_score() -> None:
    rng = np.random.default_rng(0)
    (r, p), (r2, p2) = units((2, 2, 5), rng)
    candidate_r, candidate_p = units((2, 5), rng)
    terms = [Term("color", ITEM, 3), Term("neck", ITEM, 1), Term("skirt", ITEM, 0)]
    embeddings = [np.concatenate((r, p)), np.concatenate((r2, p2)), np.ones(10)]
    betas = {"color": 0.3, "neck": 1.0, "skirt": 0.5}
    vectors = term_vectors(terms, embeddings, {name: shares(beta, 5) for name, beta in betas.items()})
    stored = np.concatenate((candidate_r, candidate_p))
    assert vectors[0] @ stored == pytest.approx(3 / 4 * (0.3 * r @ candidate_r + 0.7 * p @ candidate_p))
    assert vectors[1] @ stored == pytest.approx(1 / 4 * (r2 @ candidate_r))
    assert not vectors[2].any()


def test_a_negative_weight_is_taken_off_and_counts_by_its_size() -> None:
    rng = np.random.default_rng(0)
    wanted, unwanted, item = units((3, 2, 5), rng)
    terms = [Term("color", ITEM, 1), Term("neck", ITEM, -1), Term("skirt", ITEM, -2)]
    region = dict.fromkeys(("color", "neck", "skirt"), shares(1.0, 5))
    vectors = term_vectors(terms, [wanted.ravel(), unwanted.ravel(), item.ravel()], region)
    scores = [vector @ item.ravel() for vector in vectors]
    expected = [1 / 4 * wanted[0] @ item[0], -1 / 4 * unwanted[0] @ item[0], -1 / 2]
    assert scores == pytest.approx(expected)


def test_terms_of_one_attribute_stay_apart_and_can_be_added_up() -> None:
    first, second = np.eye(2).ravel(), np.eye(2)[::-1].ravel()
    terms = [Term("color", ITEM), Term("color", ITEM, -1)]
    vectors = term_vectors(terms, [first, second], {"color": shares(0.5, 2)})
    assert np.stack(vectors) == pytest.approx(np.stack([first, -second]) / 4)
    both = summed(["color", "neck", "color"], [*vectors, vectors[0]])
    assert list(both) == ["color", "neck"]
    assert both["color"] == pytest.approx(first / 2) and both["neck"] == pytest.approx(-second / 4)


@pytest.mark.parametrize("scale", [1e-300, 1e300, -1e-300, -1e300])
def test_only_the_ratio_of_weights_counts(scale: float) -> None:
    terms = [Term("color", ITEM, scale), Term("neck", ITEM, scale)]
    vectors = term_vectors(terms, [np.eye(2).ravel()] * 2, dict.fromkeys(("color", "neck"), shares(1, 2)))
    assert vectors[0] == pytest.approx([math.copysign(0.5, scale), 0, 0, 0])


def test_unit_keeps_zeros_and_makes_the_rest_long_one() -> None:
    sections = [Section(REGION, 2), Section(CROP, 2), Section("taught", 2, unit=False)]
    assert unit(np.array([0.0, 0.0, 3.0, 4.0, 0.6, 0.3]), sections).tolist() == [0, 0, 0.6, 0.8, 0.6, 0.3]
