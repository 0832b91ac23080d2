"""Readings in closed form, against a ridge regression that numpy solves as one long least-squares problem."""

import numpy as np
import pytest
import torch

from model import NEVER
from training.readout import SHRINKAGE, TEMPERATURE, Lesson, names_of, read

VALUES = ("red", "green", "blue", "grey")


def lesson(seed: int, counts: dict[str, int], width: int = 7) -> Lesson:
    rng = np.random.default_rng(seed)
    names = [name for name, count in counts.items() for _ in range(count)]
    centres = np.eye(len(VALUES), width)[[VALUES.index(name) for name in names]]
    features, others = rng.normal(size=(len(names), width)) + 2 * centres, rng.normal(size=(11, width))
    return Lesson(torch.from_numpy(features).float(), names, torch.from_numpy(others).float())


def ridge(lessons: list[Lesson], known: list[str]) -> np.ndarray:
    """Weights (F, V) of the scores before the temperature."""
    x = np.concatenate([one.features.double().numpy() for one in lessons])
    share = np.concatenate([np.full(len(one.values), 1 / len(one.values) / len(lessons)) for one in lessons])
    names = np.array([name for one in lessons for name in one.values])
    y = np.stack([(names == name) / (names == name).sum() ** 0.25 for name in known], 1)
    penalty = SHRINKAGE * (share[:, None] * x**2).sum() / len(x)
    left = np.concatenate([np.sqrt(share)[:, None] * x, np.sqrt(penalty) * np.eye(x.shape[1])])
    right = np.concatenate([np.sqrt(share)[:, None] * (y - share @ y), np.zeros((x.shape[1], len(known)))])
    solved: np.ndarray = np.linalg.lstsq(left, right, rcond=None)[0]
    return solved


COUNTS = [({"red": 9, "green": 5, "blue": 2},), ({"red": 9, "green": 5}, {"green": 40, "blue": 3})]


@pytest.mark.parametrize("counts", COUNTS, ids=["one catalog", "two catalogs"])
def test_weights_are_those_of_the_ridge_regression(counts: tuple[dict[str, int], ...]) -> None:
    lessons = [lesson(seed, own) for seed, own in enumerate(counts)]
    found = read(lessons, VALUES)
    assert found is not None
    solved = ridge(lessons, list(VALUES[:3]))
    others = np.concatenate([one.others.double().numpy() for one in lessons])
    scale = TEMPERATURE * (others @ solved).std(ddof=1)
    np.testing.assert_allclose(found[0][:, :3].numpy(), solved / scale, atol=1e-4)
    assert found[1].tolist() == [0, 0, 0, NEVER] and not found[0][:, 3].any()


def test_chances_name_what_was_learnt() -> None:
    taught, asked = lesson(0, {"red": 30, "green": 6}), lesson(1, {"red": 20, "green": 20})
    found = read([taught], VALUES)
    assert found is not None
    chances = (asked.features @ found[0] + found[1]).softmax(1)
    names = [VALUES[place] for place in chances.argmax(1)]
    assert np.mean([name == own for name, own in zip(names, asked.values, strict=True)]) > 0.85
    assert not chances[:, 2:].any()


def test_every_catalog_teaches_in_whatever_order() -> None:
    one, other = lesson(0, {"red": 8, "green": 8}), lesson(1, {"red": 8, "green": 8})
    alone, both = read([one], VALUES), read([one, other], VALUES)
    assert alone is not None and both is not None
    assert not torch.allclose(alone[0], both[0], atol=1e-2)
    swapped = read([other, one], VALUES)
    assert swapped is not None and torch.allclose(both[0], swapped[0], atol=1e-5)


@pytest.mark.parametrize("counts", [{}, {"red": 12}, {"red": 6, "a value of another catalog": 0}])
def test_fewer_than_two_known_values_teach_nothing(counts: dict[str, int]) -> None:
    assert read([lesson(0, {name: count for name, count in counts.items() if count})], VALUES) is None
    assert read([], VALUES) is None


def test_an_empty_catalog_changes_nothing() -> None:
    one = lesson(0, {"red": 8, "green": 8})
    found = read([one], VALUES)
    with_empty = read([Lesson(torch.zeros(0, 7), [], one.others[:0]), one], VALUES)
    assert found is not None and with_empty is not None
    assert torch.equal(found[0], with_empty[0]) and torch.equal(found[1], with_empty[1])


def test_labels_have_names() -> None:
    assert names_of(VALUES, np.array([2, 0, 2])) == ["blue", "red", "blue"]
