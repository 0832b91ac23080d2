"""The mix of each attribute: what is measured for it, and the rule that chooses it."""

import numpy as np
import pytest

from eval.metrics import mean_average_precision
from model import VIEWS
from training.mixing import (
    KINDS,
    LEAST,
    MIXES,
    STEPS,
    UNTOUCHED,
    Curve,
    Mix,
    at_home,
    choose_mixes,
    curve,
    left_out,
)

SHARES = np.array(MIXES)
REGION, CROP, WHOLE, GENERAL = range(4)


def peak(at: Mix, height: float = 20.0, queries: int = 1000) -> Curve:
    """A curve that falls from one mix on by the distance of the shares."""
    return Curve(80 - height * np.abs(SHARES - at).sum(axis=1), queries)


def test_mixes_are_every_way_to_share_ten_tenths() -> None:
    assert len(MIXES) == len(set(MIXES)) == 66
    assert np.allclose(SHARES.sum(axis=1), 1) and SHARES.min() >= 0


def test_a_curve_holds_the_map_of_each_mix() -> None:
    rng = np.random.default_rng(0)
    values = rng.integers(0, 3, 12)
    views = {name: rng.normal(size=(12, 6)) + np.eye(6)[values] for name in VIEWS}
    views = {name: rows / np.linalg.norm(rows, axis=1, keepdims=True) for name, rows in views.items()}
    found = curve(views, values)
    assert found is not None and found.queries == 12
    for place in (0, 40, 65):
        # One vector whose inner products are the mixed cosines; each item asks the other eleven.
        joined = np.concatenate([np.sqrt(MIXES[place][k]) * views[name] for k, name in enumerate(VIEWS)], axis=1)
        alone = [
            mean_average_precision(joined[[k]], np.delete(joined, k, 0), values[[k]], np.delete(values, k))
            for k in range(12)
        ]
        assert found.maps[place] == pytest.approx(100 * np.mean(alone))
    assert curve(views, np.arange(12)) is None


def test_who_asks_whom() -> None:
    labelled = {
        "street": ["category", "color"],
        "studio": ["article_type", "color"],
        "drawn": ["color", "collar_design", "lapel_design"],
    }
    photographs = {"street", "studio"}
    assert at_home(labelled, photographs) == [
        ("article_type", "studio", "article_type"),
        ("category", "street", "category"),
        ("collar_design", "drawn", "collar_design"),
        ("color", "street", "color"),
        ("color", "studio", "color"),
        ("lapel_design", "drawn", "lapel_design"),
    ]
    assert left_out(labelled, photographs) == [
        ("article_type", "street", "category"),
        ("category", "studio", "article_type"),
        ("color", "street", "color"),
        ("color", "studio", "color"),
    ]
    assert left_out({"shop": ["color", "collar"]}, {"shop"}) == []
    assert left_out({"shop": ["collar"], "drawn": ["lapel_design"]}, {"shop"}) == [("lapel_design", "shop", "collar")]


def test_abroad_has_the_greater_say() -> None:
    home, abroad = (0.4, 0.0, 0.6, 0.0), (0.0, 0.0, 0.3, 0.7)
    mix = choose_mixes({"lapel": [peak(home)]}, {"lapel": [peak(abroad)]})["lapel"]
    assert mix == abroad
    assert choose_mixes({"lapel": [peak(home, 60)]}, {"lapel": [peak(abroad, 20)]})["lapel"] == home
    assert choose_mixes({"lapel": [peak(home)]}, {})["lapel"] == home


def test_what_no_other_catalog_asks_for_gets_what_the_others_found_abroad() -> None:
    home, abroad = (0.5, 0.0, 0.5, 0.0), (0.0, 0.0, 0.5, 0.5)
    found = choose_mixes({"own": [peak(home)], "lapel": [peak(home)]}, {"lapel": [peak(abroad)]})
    assert found["own"] == found["lapel"] == abroad


def test_few_queries_decide_little() -> None:
    many, few = (0.2, 0.0, 0.8, 0.0), (0.8, 0.0, 0.2, 0.0)
    others = {f"other {k}": [peak(many)] for k in range(9)}
    for queries, expected in ((3, many), (3000, few)):
        assert choose_mixes(others | {"rare": [peak(few, queries=queries)]}, {})["rare"] == expected


def test_of_nearly_equal_mixes_the_one_with_more_of_the_general_view_is_taken() -> None:
    slope = UNTOUCHED / STEPS  # points a tenth
    for steeper, expected in ((0.5, 1.0), (1.5, 0.0)):
        maps = 80 - steeper * slope * STEPS * SHARES[:, GENERAL]
        assert choose_mixes({"lapel": [Curve(maps, 1000)]}, {})["lapel"][GENERAL] == expected


def test_kinds_have_a_least_share_of_the_general_view() -> None:
    for name in KINDS:
        mix = choose_mixes({name: [peak((0.5, 0.0, 0.5, 0.0), 60)]}, {})[name]
        assert mix[GENERAL] == LEAST
    assert choose_mixes({"lapel": [peak((0.5, 0.0, 0.5, 0.0), 60)]}, {})["lapel"][GENERAL] == 0


def test_an_attribute_without_queries_gets_no_mix() -> None:
    assert choose_mixes({"lapel": [], "color": [peak((0.5, 0.0, 0.5, 0.0))]}, {}).keys() == {"color"}
