"""Figures of whole evaluations against those of another library, torchmetrics, from the same scores."""

from functools import partial

import numpy as np
import pytest
import torch
from torchmetrics.functional.retrieval import (
    retrieval_average_precision,
    retrieval_hit_rate,
    retrieval_precision,
    retrieval_recall,
)

from eval import Sampling, evaluate, metrics
from eval.protocol import seeded_trials
from tests.eval.support import embedded, labelled_catalog, vectors_of


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """A report of a catalog without ties, its only trial, and the scores of its queries, shifted above 0.

    torchmetrics takes a score of 0 or less as not found.
    """
    catalog = labelled_catalog(tmp_path_factory.mktemp("independent") / "shop", 400)
    vectors = vectors_of(catalog, ["color"], (0.9, 2.0), 12)
    report = evaluate(catalog, embedded(vectors, ["color"], lambda _: 0.4), Sampling(0.3, 5))
    (trial,) = seeded_trials(catalog, ["color"], 0.3, 5)
    cosines = [metrics.cosine(vectors[trial.queries, 0, view], vectors[trial.candidates, 0, view]) for view in (0, 1)]
    scores = 0.4 * cosines[0] + 0.6 * cosines[1] + 1
    assert scores.min() > 0 and all(len(np.unique(row)) == len(row) for row in scores)
    return report, trial, scores


def by_torchmetrics(function, trial, scores):
    """Of each query, float64 (Q,)."""
    relevant = trial.query_values[:, None] == trial.candidate_values[None, :]
    pairs = zip(torch.tensor(scores), torch.tensor(relevant), strict=True)
    return np.array([float(function(row, target)) for row, target in pairs])


def test_average_precision(case):
    report, trial, scores = case
    expected = by_torchmetrics(retrieval_average_precision, trial, scores)
    asked = report.detail.of("color")
    assert len(asked) == len(expected) > 80 and expected.std() > 0.05
    assert asked.ap == pytest.approx(expected, abs=1e-6)
    assert report.attributes["color"].map / 100 == pytest.approx(expected.mean(), abs=1e-6)


@pytest.mark.parametrize("k", [1, 5, 8, 12, 50])
def test_top_k_precision_and_recall(case, k):
    report, trial, scores = case
    asked = report.detail.of("color")
    found = [
        by_torchmetrics(partial(function, top_k=k), trial, scores)
        for function in (retrieval_hit_rate, retrieval_precision, retrieval_recall)
    ]
    assert asked.top(k) == pytest.approx(found[0], abs=1e-6)
    assert asked.precision(k) == pytest.approx(found[1], abs=1e-6)
    assert asked.recall(k) == pytest.approx(found[2], abs=1e-6)
    figures = report.attributes["color"]
    if k in figures.topk["fused"]:
        assert figures.topk["fused"][k] / 100 == pytest.approx(found[0].mean(), abs=1e-6)
    if k in (8, 12):
        assert getattr(figures, f"p{k}") / 100 == pytest.approx(found[1].mean(), abs=1e-6)
