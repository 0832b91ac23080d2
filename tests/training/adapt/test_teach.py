"""Teaching on drawn embeddings: what it finds, what its left-out figures are worth, what it refuses and says."""

from pathlib import Path
from time import process_time

import numpy as np
import pytest

from eval.metrics import mean_average_precision
from model import Column, Reading, Section, load_reading
from training.adapt import ridge
from training.adapt.lesson import evenly
from training.adapt.teach import as_often, teach
from training.errors import TrainingError

GENERAL = Column("", "general")
VALUES = ("slim", "straight", "wide")


def drawn(labels: np.ndarray, signal: float, width: int, seed: int) -> np.ndarray:
    """Unit embeddings of images, in which the value makes a difference of so much beside noise."""
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(labels.max() + 1, width))
    rows = rng.normal(size=(len(labels), width)) + signal * directions[labels] + rng.normal(size=width)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


def shop(items: int = 240, values: int = 3, bank: float = 1.0) -> tuple[np.ndarray, dict[Column, np.ndarray]]:
    """True values, and raw columns: the general view knows a little, one of eight others much."""
    truth = np.random.default_rng(0).integers(0, values, items)
    raw = {GENERAL: drawn(truth, 0.25, 24, 1), Column("fit", "whole"): drawn(truth, bank, 32, 2)}
    raw |= {Column(f"other{place}", "region"): drawn(truth, 0.0, 32, 3 + place) for place in range(7)}
    return truth, raw


def given(truth: np.ndarray, each: int, seed: int = 0) -> np.ndarray:
    labels = np.full(len(truth), -1)
    rng = np.random.default_rng(seed)
    for value in np.unique(truth):
        chosen = rng.permutation(np.flatnonzero(truth == value))[:each]
        labels[chosen] = value
    return labels


def scores_map(reading: Reading, raw: dict[Column, np.ndarray], truth: np.ndarray, rows: np.ndarray) -> float:
    shares = np.repeat([reading.mix[s.name] for s in reading.sections], [s.width for s in reading.sections])
    vectors = reading.apply([raw[column][rows] for column in reading.needs])
    half = len(rows) // 2
    return 100 * mean_average_precision(vectors[:half] * shares, vectors[half:], truth[rows[:half]], truth[rows[half:]])


def test_a_few_labels_beat_global_similarity_on_images_that_have_none() -> None:
    truth, raw = shop()
    labels = given(truth, 8)
    reading, rest = teach("fit", labels, VALUES, raw), np.flatnonzero(labels < 0)
    half = len(rest) // 2
    general = raw[GENERAL][rest]
    usual = 100 * mean_average_precision(general[:half], general[half:], truth[rest[:half]], truth[rest[half:]])
    assert scores_map(reading, raw, truth, rest) > usual + 25
    record = reading.record
    assert record["gain"]["low"] > 0 and record["map"] > record["map_global"] > record["chance_map"] - 5
    assert record["gain"]["mean"] == pytest.approx(record["map"] - record["map_global"])
    assert record["queries"] == 24 and record["labels"] == {"slim": 8, "straight": 8, "wide": 8}
    assert record["warnings"] == []
    assert reading.name == "fit" and reading.values == VALUES


def test_what_says_nothing_hardly_counts() -> None:
    truth, raw = shop()
    reading = teach("fit", given(truth, 10), VALUES, raw)
    size = {part: float(np.abs(w).sum()) for part, w in zip(reading.parts, reading.weights, strict=True)}
    assert max(size, key=lambda part: size[part]) == Column("fit", "whole")
    rng, labels = np.random.default_rng(0), np.repeat([0, 1], 20)
    told, noise = drawn(labels, 2.0, 16, 0).astype(np.float32), rng.normal(size=(40, 16)).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    found = ridge.agreement(ridge.grams_of([told, noise]), labels, np.ones(40, bool))
    assert found[0] > 0.3 > 0.1 > found[1] >= 0


def test_agreement_is_a_correlation_over_the_pairs_that_are_kept() -> None:
    labels = np.array([0, 0, 0, 1, 1, 2, 2, 2])
    rows = drawn(labels, 1.0, 6, 5).astype(np.float32)
    kept = np.array([1, 1, 0, 1, 1, 1, 1, 0], bool)
    found = ridge.agreement(ridge.grams_of([rows]), labels, kept)[0]
    places, inner, wanted = np.flatnonzero(kept), [], []
    counts = {value: sum(labels[place] == value for place in places) for value in range(3)}
    for i in places:
        for j in places:
            if i < j:
                inner.append(float(rows[i] @ rows[j]))
                wanted.append((labels[i] == labels[j]) / counts[labels[i]] ** 0.5 / counts[labels[j]] ** 0.5)
    assert found == pytest.approx(max(0.0, np.corrcoef(inner, wanted)[0, 1]), abs=1e-4)


def test_left_out_scores_are_those_of_a_reading_fitted_without_the_label() -> None:
    truth, raw = shop(24)
    rows = [ridge.part_of(part, np.arange(24)).rows for part in raw.values()]
    grams, views = ridge.grams_of(rows), np.array([0, 1, *[2] * 7])
    fold = ridge.folds_of(truth, 24, 0)
    found = ridge.left_out_scores(grams, truth, views, {"both": (0, 1, 2)}, (0.5,), fold)["both", 0.5]
    for left in (0, 11):
        kept = np.arange(24) != left
        weights = ridge.combine(grams, truth, kept, views, {"both": (0, 1, 2)})["both"].weights
        joined = np.concatenate([np.sqrt(w) * part for w, part in zip(weights, rows, strict=True)], axis=1).astype(
            float
        )
        counts = np.bincount(truth[kept], minlength=3)
        wanted = (truth[kept, None] == np.arange(3)) / counts**0.25
        primal = joined[kept].T @ joined[kept] + 0.5 * np.eye(joined.shape[1])
        assert found[left] == pytest.approx(joined[left] @ np.linalg.solve(primal, joined[kept].T @ wanted), abs=1e-4)


def test_pairs_are_scored_by_a_reading_that_has_seen_neither() -> None:
    truth, raw = shop(24)
    grams = ridge.grams_of([ridge.part_of(part, np.arange(24)).rows for part in raw.values()])
    views, fold = np.array([0, 1, *[2] * 7]), ridge.folds_of(truth, 6, 0)
    found = ridge.left_out_pairs(grams, truth, views, (1, 2), 0.5, 0.3, fold)
    for one, other in ((0, 1), (3, 17), (5, 5)):
        kept = (fold != fold[one]) & (fold != fold[other])
        gram = ridge.combine(grams, truth, kept, views, {"": (1, 2)})[""].gram
        dual = ridge.coefficients(gram[np.ix_(kept, kept)], truth[kept], 3, 0.5)
        chances = ridge.softmax(gram[:, kept] @ dual / 0.3)
        assert found[one, other] == pytest.approx(float(chances[one] @ chances[other]))
    assert np.array_equal(found, found.T)


def test_where_there_is_nothing_to_learn_the_figures_are_those_of_chance() -> None:
    truth = np.random.default_rng(0).integers(0, 3, 240)
    raw = {GENERAL: drawn(truth, 0.0, 24, 1)} | {
        Column(f"o{i}", "whole"): drawn(truth, 0.0, 32, 2 + i) for i in range(9)
    }
    records = [teach("luck", given(truth, 12, seed), VALUES, raw, seed=seed).record for seed in range(5)]
    assert np.mean([record["map"] - record["chance_map"] for record in records]) == pytest.approx(0, abs=2)


def test_it_works_on_the_general_view_alone_and_gets_better_with_a_bank() -> None:
    truth, raw = shop()
    labels = given(truth, 10)
    alone = teach("fit", labels, VALUES, {GENERAL: raw[GENERAL]})
    assert alone.needs == (GENERAL,) and alone.record["choice"]["source"] == "general"
    assert alone.record["bytes_per_item"] == 48
    both = teach("fit", labels, VALUES, raw)
    assert both.record["map"] > alone.record["map"]
    assert both.record["bytes_per_item"] == 48 + 8 * 64


class Own:
    """An attribute of the weights that is its whole embedding."""

    needs = (Column("fit", "whole"),)
    sections = (Section("whole", 32),)
    mix = {"whole": 1.0}  # noqa: RUF012
    digest, plain = "own", True

    def on(self, means, count):
        assert count == 240 and means[Column("fit", "whole")].shape == (32,)
        return self

    def apply(self, raw):
        return np.asarray(raw[0], np.float32)


def test_the_weights_own_attribute_has_a_share_where_its_columns_are_there(tmp_path: Path) -> None:
    truth, raw = shop()
    labels = given(truth, 8)
    reading = teach("fit", labels, VALUES, raw, Own())
    share = reading.record["choice"]["beside"]
    assert share > 0 and reading.mix == {"posterior": 1 - share, "whole": share}
    reading.save(tmp_path / "fit.safetensors")
    assert load_reading(tmp_path / "fit.safetensors", lambda name: Own()).digest == reading.digest
    without = teach("fit", labels, VALUES, {GENERAL: raw[GENERAL]}, Own())
    assert without.own is None and without.needs == (GENERAL,)


def test_the_same_seed_teaches_the_same() -> None:
    truth, raw = shop()
    labels = given(truth, 8)
    first, again = (teach("fit", labels, VALUES, raw, seed=1) for _ in range(2))
    assert first.digest == again.digest
    assert {**first.record, "seconds": 0} == {**again.record, "seconds": 0}


def test_values_with_hardly_any_label_are_said_and_unseen_ones_left_out() -> None:
    truth, raw = shop(values=4)
    labels = given(truth, 6)
    labels[np.flatnonzero(labels == 1)[2:]] = -1
    labels[np.flatnonzero(labels == 2)[1:]] = -1
    reading = teach("fit", labels, ("slim", "straight", "wide", "flared", "never"), raw)
    assert reading.values == ("slim", "straight", "wide", "flared")
    assert reading.record["warnings"] == [
        "'straight' has only 2 labels; give it 3 at least",
        "'wide' has only 1 label; give it 3 at least",
    ]
    assert reading.record["queries"] == 14


@pytest.mark.parametrize("counts", [(0, 0), (9, 0), (9, 1), (1, 1)])
def test_too_few_labels_are_refused_in_one_line(counts: tuple[int, int]) -> None:
    truth, raw = shop()
    labels = np.full(240, -1)
    for value, count in enumerate(counts):
        labels[np.flatnonzero(truth == value)[:count]] = value
    with pytest.raises(TrainingError, match="two values with two labels each") as caught:
        teach("fit", labels, VALUES, raw)
    assert "\n" not in str(caught.value)


def test_a_catalog_without_the_general_view_is_refused() -> None:
    truth, raw = shop()
    del raw[GENERAL]
    with pytest.raises(TrainingError, match="index the catalog first"):
        teach("fit", given(truth, 8), VALUES, raw)


def test_images_that_cannot_be_read_do_not_count() -> None:
    truth, raw = shop()
    labels = given(truth, 8)
    lost = np.flatnonzero(labels == 0)[:3]
    raw = {column: part.copy() for column, part in raw.items()}
    for part in raw.values():
        part[lost] = 0
    assert teach("fit", labels, VALUES, raw).record["labels"]["slim"] == 5


def test_many_labels_are_drawn_evenly() -> None:
    labels = np.array([0] * 500 + [1] * 40 + [2] * 3 + [-1] * 50)
    chosen = evenly(labels, 120, np.random.default_rng(0))
    counts = np.bincount(labels[chosen])
    assert counts.sum() <= 120 and counts[0] > 60 and counts[1:].tolist() == [40, 3]


def test_500_labels_and_a_bank_of_40_take_seconds() -> None:
    truth = np.random.default_rng(0).integers(0, 10, 1000)
    raw = {GENERAL: drawn(truth, 0.3, 192, 1)}
    raw |= {Column(f"a{i % 20}", ("whole", "region")[i // 20]): drawn(truth, 0.1, 256, 2 + i) for i in range(40)}
    began = process_time()
    record = teach("kind", given(truth, 50), tuple("abcdefghij"), raw).record
    assert process_time() - began < 20
    assert record["queries"] == 500


def test_chances_of_a_match_come_from_labels_left_out(tmp_path: Path) -> None:
    truth, raw = shop()
    labels = given(truth, 30)
    reading = teach("fit", labels, VALUES, raw)
    assert reading.match is not None and reading.seen is None
    assert reading.match.mix == pytest.approx([reading.mix[section.name] for section in reading.sections])
    reading.save(tmp_path / "fit.safetensors")
    kept = load_reading(tmp_path / "fit.safetensors").match
    assert kept is not None and kept.to_json() == reading.match.to_json()
    rest = np.flatnonzero(labels < 0)
    shares = np.repeat([reading.mix[s.name] for s in reading.sections], [s.width for s in reading.sections])
    vectors = reading.apply([raw[column][rest] for column in reading.needs])
    scores, apart = vectors * shares @ vectors.T, ~np.eye(len(rest), dtype=bool)
    said, same = reading.match.chance(scores)[apart], (truth[rest][:, None] == truth[rest])[apart]
    sure = said >= np.quantile(said, 0.8)
    assert same[sure].mean() == pytest.approx(said[sure].mean(), abs=0.12) and same[sure].mean() > 0.6
    assert teach("fit", given(truth, 2), VALUES, raw).match is None


def test_labels_as_frequent_as_in_the_catalog() -> None:
    labels = np.repeat([0, 1, 2], 30)
    assert np.bincount(labels[as_often(labels, np.array([60, 30, 1]))]).tolist() == [30, 15, 1]
    assert len(as_often(labels, np.array([7, 7, 7]))) == 90
