import math

import numpy as np
import pytest

from retrieval import ItemSource, Query, RetrievalError, Term
from retrieval.query import term_vectors, unit

ITEM = ItemSource("a")


@pytest.mark.parametrize("weight", [math.nan, math.inf, -math.inf, "1", None])
def test_weights_that_mean_nothing_are_refused(weight: float) -> None:
    with pytest.raises(RetrievalError, match="'color'"):
        Term("color", ITEM, weight)


def test_a_query_needs_a_term_and_a_weight() -> None:
    with pytest.raises(RetrievalError, match="empty"):
        Query(())
    with pytest.raises(RetrievalError, match="every weight is 0"):
        Query((Term("color", ITEM, 0), Term("neck", ITEM, 0)))


@pytest.mark.parametrize("beta", [-0.01, 1.01, math.nan, math.inf, -math.inf, "0.5"])
def test_beta_is_a_share(beta: float) -> None:
    with pytest.raises(RetrievalError, match="beta"):
        Query((Term("color", ITEM),), beta)


def test_inner_product_with_a_term_vector_is_the_weighted_score() -> None:
    rng = np.random.default_rng(0)
    (r, p), (r2, p2) = unit(rng.standard_normal((2, 2, 5)))
    candidate_r, candidate_p = unit(rng.standard_normal((2, 5)))
    terms = [Term("color", ITEM, 3), Term("neck", ITEM, 1), Term("skirt", ITEM, 0)]
    embeddings = [np.stack((r, p)), np.stack((r2, p2)), np.ones((2, 5))]
    vectors = term_vectors(terms, embeddings, {"color": 0.3, "neck": 1.0, "skirt": 0.5})
    stored = np.concatenate((candidate_r, candidate_p))
    assert list(vectors) == ["color", "neck"]
    assert vectors["color"] @ stored == pytest.approx(3 / 4 * (0.3 * r @ candidate_r + 0.7 * p @ candidate_p))
    assert vectors["neck"] @ stored == pytest.approx(1 / 4 * (r2 @ candidate_r))


def test_a_negative_weight_is_taken_off_and_counts_by_its_size() -> None:
    rng = np.random.default_rng(0)
    wanted, unwanted, item = unit(rng.standard_normal((3, 2, 5)))
    terms = [Term("color", ITEM, 1), Term("neck", ITEM, -1), Term("skirt", ITEM, -2)]
    vectors = term_vectors(terms, [wanted, unwanted, item], dict.fromkeys(("color", "neck", "skirt"), 1.0))
    scores = {name: vector @ item.ravel() for name, vector in vectors.items()}
    assert scores["color"] == pytest.approx(1 / 4 * wanted[0] @ item[0])
    assert scores["neck"] == pytest.approx(-1 / 4 * unwanted[0] @ item[0])
    assert scores["skirt"] == pytest.approx(-1 / 2)


def test_terms_of_one_attribute_are_added_up() -> None:
    first, second = np.eye(2), np.eye(2)[::-1]
    vectors = term_vectors([Term("color", ITEM), Term("color", ITEM)], [first, second], {"color": 0.5})
    assert vectors["color"] == pytest.approx(np.full(4, 0.25))


@pytest.mark.parametrize("scale", [1e-300, 1e300, -1e-300, -1e300])
def test_only_the_ratio_of_weights_counts(scale: float) -> None:
    terms = [Term("color", ITEM, scale), Term("neck", ITEM, scale)]
    vectors = term_vectors(terms, [np.eye(2)] * 2, {"color": 1, "neck": 1})
    assert vectors["color"] == pytest.approx([math.copysign(0.5, scale), 0, 0, 0])


def test_unit_keeps_zeros_and_makes_the_rest_long_one() -> None:
    assert unit(np.array([[0.0, 0.0], [3.0, 4.0]])).tolist() == [[0, 0], [0.6, 0.8]]
