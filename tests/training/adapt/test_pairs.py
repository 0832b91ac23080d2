"""What follows from verdicts on two items."""

import numpy as np

from tests.training.adapt.test_teach import VALUES, given, scores_map, shop
from training.adapt.pairs import Pair, implied
from training.adapt.teach import teach


def same(left: str, right: str) -> Pair:
    return Pair(left, right, True)


def different(left: str, right: str) -> Pair:
    return Pair(left, right, False)


def test_the_same_as_a_labelled_item_along_a_chain() -> None:
    found = implied({"a": "round"}, [same("c", "d"), same("a", "b"), same("b", "c"), same("x", "y")])
    assert found.labels == {"b": "round", "c": "round", "d": "round"} and found.contradicting == ()


def test_different_from_one_of_two_settled_values_is_the_other() -> None:
    labels = {f"r{place}": "round" for place in range(5)} | {f"v{place}": "v-shape" for place in range(5)}
    pairs = [different("q", "r0"), same("q", "p"), different("both", "r1"), different("v1", "both")]
    assert implied(labels, pairs).labels == {"q": "v-shape", "p": "v-shape"}
    assert implied({"r0": "round", "v0": "v-shape"}, pairs).labels == {}
    assert implied({**labels, "s": "square"}, pairs).labels == {}


def test_verdicts_that_contradict_say_nothing() -> None:
    labels = {"a": "round", "z": "v-shape", "b": "round", "w": "v-shape"}
    for pairs in (
        [same("a", "q"), same("q", "z")],
        [same("a", "q"), same("q", "p"), different("a", "p")],
        [same("a", "q"), different("q", "b")],
    ):
        found = implied(labels, [*pairs, same("w", "fine")])
        assert found.labels == {"fine": "v-shape"}
        assert found.contradicting == tuple(pairs)


def test_groups_that_differ_from_all_are_values_without_a_name() -> None:
    pairs = [same("a", "b"), same("x", "y"), same("y", "z"), different("a", "x"), same("m", "n")]
    assert implied({}, pairs).labels == {**dict.fromkeys("xyz", "group 1"), **dict.fromkeys("ab", "group 2")}
    assert implied({"l": "long"}, pairs).labels == {}
    assert implied({"l": "long"}, [*pairs, different("l", "a")]).labels == dict.fromkeys("ab", "group 1")
    assert implied({}, pairs[:1]).labels == {}


def test_labels_that_follow_teach_and_pairs_that_say_nothing_do_no_harm() -> None:
    truth, raw = shop(bank=0.5)
    labels = given(truth, 3)
    known = {str(row): VALUES[labels[row]] for row in np.flatnonzero(labels >= 0)}
    rng, rest = np.random.default_rng(1), np.flatnonzero(labels < 0)
    tested, asked = rest[:120], rest[120:]
    linked = [(str(one), str(other), truth[one] == truth[other]) for one in asked for other in rng.choice(240, 8)]
    pairs = [Pair(one, other, bool(same)) for one, other, same in linked if int(other) not in tested]
    found = implied(known, pairs)
    assert found.contradicting == () and len(found.labels) > 30
    assert all(VALUES[truth[int(row)]] == value for row, value in found.labels.items())
    more = labels.copy()
    for row, value in found.labels.items():
        more[int(row)] = VALUES.index(value)
    before, after = (scores_map(teach("fit", each, VALUES, raw), raw, truth, tested) for each in (labels, more))
    assert after > before + 3
