"""Which pictures are asked for next, on drawn embeddings whose values are known."""

import numpy as np
import pytest

from tests.training.adapt.test_teach import drawn
from training.adapt.choose import UNSEEN, Answers, farthest, margins, propose, random_order, random_sample


def pool(items: int = 400, values: int = 8, signal: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
    """True values, a few of them rare, and embeddings that show them."""
    shares = 0.6 ** np.arange(values)
    truth = np.random.default_rng(0).choice(values, items, p=shares / shares.sum())
    return truth, drawn(truth, signal, 48, 1)


def unasked(items: int) -> Answers:
    return Answers(np.full(items, -1), [f"item {row}" for row in range(items)], np.zeros(items, bool))


def answered(truth: np.ndarray, vectors: np.ndarray, until: int, each: int = 10) -> tuple[Answers, list[str]]:
    """What is known after so many pictures, asked some at a time, and why each was asked."""
    answers, why = unasked(len(truth)), list[str]()
    while len(why) < until:
        for row, reason in propose(vectors, answers, each):
            assert answers.known[row] == -1
            answers.known[row], answers.at_random[row] = truth[row], reason == "random"
            why.append(reason)
    return answers, why


def test_a_quarter_is_random_then_typical_then_unsure_and_different() -> None:
    truth, vectors = pool()
    _, why = answered(truth, vectors, 60)
    assert set(why[:20]) == {"random", "typical"} and set(why[20:]) == {"random", "unsure", "different"}
    assert why.count("random") == 15
    assert [one.why for one in propose(vectors, unasked(400), 4)] == ["random", "typical", "typical", "typical"]


def test_chosen_labels_find_more_values_than_drawn_ones() -> None:
    chosen, lot = [], []
    for seed in range(5):
        truth, vectors = pool()
        truth, vectors = truth[seed * 20 :], vectors[seed * 20 :]
        answers, _ = answered(truth, vectors, 20)
        chosen.append(len(np.unique(truth[answers.known >= 0])))
        lot.append(len(np.unique(np.random.default_rng(seed).permutation(truth)[:20])))
    assert np.mean(chosen) > np.mean(lot) + 1


def test_what_lies_between_two_values_is_asked_before_what_is_clear() -> None:
    angles = np.concatenate([np.linspace(0, 0.4, 40), np.linspace(1.2, 1.6, 40), [0.8]])
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    known = np.full(81, -1)
    known[:20], known[40:60] = 0, 1
    free = np.flatnonzero(known < 0)
    assert free[margins(rows - rows.mean(0), known, free).argmin()] == 80
    assert farthest(rows, np.array([1, 30, 70]), np.array([0]), 2) == [70, 30]


def test_the_random_ones_are_a_fair_sample_whatever_else_was_asked() -> None:
    truth, vectors = pool(items=300)
    answers, _ = answered(truth, vectors, 80)
    sample, order = random_sample(answers), random_order(answers.ids, 0)
    last = max(np.flatnonzero(answers.at_random[order]))
    assert sorted(np.flatnonzero(sample)) == sorted(order[: last + 1])
    assert (sample & ~answers.at_random).any() and sample.sum() < 80
    assert not random_sample(unasked(300)).any()


def test_later_items_fall_in_between_and_the_order_stays() -> None:
    ids = [f"item {row}" for row in range(50)]
    before, after = random_order(ids, 3), random_order([*ids, "new 1", "new 2"], 3)
    assert [row for row in after if row < 50] == before.tolist()
    assert random_order(ids, 4).tolist() != before.tolist()


def test_pictures_that_cannot_be_read_or_seen_are_not_asked_again() -> None:
    truth, vectors = pool(items=30)
    vectors[3] = 0
    usable = np.ones(30, bool)
    usable[7] = False
    known = np.full(30, -1)
    known[5] = UNSEEN
    answers = Answers(known, [str(row) for row in range(30)], np.zeros(30, bool), usable)
    found = propose(vectors, answers, 100)
    assert sorted(one.row for one in found) == [row for row in range(30) if row not in (3, 5, 7)]
    assert propose(vectors, Answers(truth, answers.ids, usable), 5) == []
    assert propose(vectors, answers, 5) == propose(vectors, answers, 5)


@pytest.mark.parametrize("same", [True, False])
def test_pictures_that_are_all_alike_can_be_asked_for(same: bool) -> None:
    vectors = np.ones((12, 4), np.float16) if same else np.eye(12, dtype=np.float16)
    assert len({one.row for one in propose(vectors, unasked(12), 9)}) == 9
