"""What teaching is said to be worth: on drawn embeddings whose truth is known, and on nothing but noise."""

import numpy as np
import pytest

from eval.metrics import cosine
from model import Column
from tests.training.adapt.test_teach import GENERAL, VALUES, shop
from training.adapt import Material, TrainingError, draw_curve, left_out, material, steps_of, teachable


def looked(truth: np.ndarray, raw: dict[Column, np.ndarray]) -> Material:
    return material(VALUES, truth, raw.__getitem__, list(raw), None)


def test_teaching_is_better_where_the_bank_knows_and_no_better_on_noise() -> None:
    truth, raw = shop()
    found = left_out(looked(truth, raw))
    assert found.ap["after"].mean() > found.ap["similar"].mean() + 20
    assert found.p12["after"].mean() > found.p12["similar"].mean() + 20 and "before" not in found.ap
    shuffled = np.random.default_rng(5).permutation(truth)
    noise = left_out(looked(shuffled, raw))
    assert abs(noise.ap["after"].mean() - noise.ap["similar"].mean()) < 4, "labels that mean nothing teach nothing"
    assert abs(noise.p12["after"].mean() - 100 / 3) < 6


def test_more_labels_rank_the_same_rest_better() -> None:
    truth, raw = shop(items=300, bank=0.6)
    draw = draw_curve(looked(truth, raw), [2, 10, 40], 0)
    assert draw.ap[2].mean() < draw.ap[10].mean() < draw.ap[40].mean()
    assert len({len(one) for one in draw.ap.values()}) == 1, "the same queries at every step"
    assert draw.labels == {2: 6, 10: 30, 40: 120} and draw.found.candidates == 300 - 120 - 1


def test_the_rest_teaches_nothing() -> None:
    """Other labels on the rest change who is right, not how they are ranked: its scores come from what was drawn alone."""
    truth, raw = shop(items=120)
    given = looked(truth, raw)
    first = draw_curve(given, [5], 3)
    again = draw_curve(given, [5], 3)
    other = draw_curve(given, [5], 4)
    assert np.array_equal(first.ap[5], again.ap[5]) and not np.array_equal(first.found.rows, other.found.rows)
    learnt = set(range(120)) - set(first.found.rows.tolist())
    assert len(learnt) == 15


def test_values_with_few_labels_give_half_of_them() -> None:
    truth, raw = shop(items=200)
    few = np.flatnonzero(truth == 0)[4:]
    labels = truth.copy()
    labels[few] = -1
    draw = draw_curve(looked(labels, raw), [10], 0)
    assert draw.labels == {10: 22}, "two of four, and ten of the others"


def test_steps_go_up_to_half_of_the_middle_value() -> None:
    labels = np.repeat([0, 1, 2], [100, 24, 9])
    assert steps_of(labels, 3) == [2, 3, 5, 10], "half of 24 is hardly more than 10"
    assert steps_of(np.repeat([0, 1, 2], [100, 34, 9]), 3) == [2, 3, 5, 10, 17]
    assert steps_of(np.repeat([0, 1], [100, 3]), 2) == [] and not teachable(np.repeat([0, 1], [100, 3]), 2)
    assert teachable(np.repeat([0, 1], [4, 4]), 2) and steps_of(np.repeat([0, 1], [4, 4]), 2) == [2]


def test_pictures_that_cannot_be_read_are_not_looked_at_and_large_catalogs_are_sampled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    truth, raw = shop(items=90)
    raw = {column: part.copy() for column, part in raw.items()}
    raw[GENERAL][:10] = 0
    given = looked(truth, raw)
    assert given.rows.min() == 10 and len(given.rows) == 80
    monkeypatch.setattr("training.adapt.proof.POOL", 30)
    monkeypatch.setattr("training.adapt.proof.AROUND", 50)
    labels = np.where(np.arange(90) < 60, truth, -1)
    some = looked(labels, raw)
    assert len(some.labelled) == 30 and len(some.rows) == 50
    with pytest.raises(TrainingError, match="general view"):
        material(VALUES, truth, raw.__getitem__, [Column("fit", "whole")], None)


def test_ordinary_similarity_is_that_of_an_evaluation() -> None:
    """Cosine of the general view after the mean of the whole catalog, P@12 by 12 also where a value has fewer pictures."""
    truth, raw = shop(items=60)
    few = np.where(np.arange(60) % 20 == 0, 0, np.where(truth == 0, 1, truth))
    found = left_out(looked(few, raw))
    general = raw[GENERAL].astype(np.float64)
    scores = cosine(general - general.mean(axis=0), general - general.mean(axis=0))
    places = [list(found.rows).index(row) for row in np.flatnonzero(few == 0)]
    for row, place in zip(np.flatnonzero(few == 0), places, strict=True):
        others = np.delete(np.arange(60), row)
        first = others[np.argsort(-scores[row, others], kind="stable")[:12]]
        assert found.p12["similar"][place] == pytest.approx(100 * (few[first] == 0).sum() / 12)
        assert found.p12["similar"][place] <= 100 * 2 / 12 + 1e-9, "two others have this value"
