"""How many more labels are said to be needed, and what becomes of figures of too few."""

import numpy as np
import pytest

from tests.training.adapt.test_teach import VALUES, given, shop
from training.adapt.quality import FLOOR, MOST, Need, needs_of, quality_of, wilson
from training.adapt.teach import teach


def test_every_value_needs_a_few_labels() -> None:
    assert needs_of({"slim": 9, "wide": 2}, {"slim": 1.0, "wide": 1.0}, ("slim", "wide", "flared")) == (
        Need("flared", FLOOR),
        Need("wide", 3),
    )
    assert needs_of({}, {}) == (Need("", FLOOR), Need("", FLOOR))


def test_a_value_read_well_needs_no_more_and_one_that_may_be_luck_does() -> None:
    assert needs_of({"slim": 8, "wide": 8}, {"slim": 1.0, "wide": 1.0}) == ()
    (need,) = needs_of({"slim": 8, "wide": 8}, {"slim": 1.0, "wide": 0.75})
    assert need.value == "wide" and wilson(0.75, 8 + need.more) > 0.5 >= wilson(0.75, 8 + need.more - 1)
    assert needs_of({"slim": 8, "wide": 8}, {"slim": 1.0, "wide": 0.4}) == (Need("wide", 8),)
    assert needs_of({"slim": 200, "wide": 60}, {"slim": 0.9, "wide": 0.51}) == (Need("wide", MOST),)


def test_the_interval_is_wilsons() -> None:
    assert wilson(0.9, 10) == pytest.approx(0.5958, abs=1e-3)


def test_an_attribute_that_can_be_told_needs_fewer_labels_than_one_that_cannot() -> None:
    truth, raw = shop()
    noise = {column: np.roll(part, 97, axis=0) for column, part in raw.items()}
    told, untold = (teach("fit", given(truth, 8), VALUES, each).record for each in (raw, noise))
    needs = [
        sum(need.more for need in needs_of(record["labels"], record["right"])) for record in (told, untold)
    ]  # fmt: skip
    assert needs[0] < 5 and needs[1] > 10


def test_figures_are_of_labels_drawn_at_random_alone() -> None:
    truth, raw = shop(bank=0.4)
    labels = given(truth, 15)
    rows = np.flatnonzero(labels >= 0)
    sampled = np.zeros(len(truth), bool)
    sampled[np.random.default_rng(0).permutation(rows)[:30]] = True
    everything, fair = (teach("fit", labels, VALUES, raw, sampled=each) for each in (None, sampled))
    assert fair.digest == everything.digest and fair.record["labels"] == everything.record["labels"]
    assert everything.record["queries"] == 45 and fair.record["queries"] == 30
    found = quality_of(fair.record)
    assert found is not None and found.low < found.map < found.high and found.queries == 30
    none = teach("fit", labels, VALUES, raw, sampled=np.zeros(len(truth), bool))
    assert none.record["queries"] == 0 and quality_of(none.record) is None and none.match is not None
