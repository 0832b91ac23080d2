"""Which β validation curves ask for, and what becomes of it where there are none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from catalog import Attribute, Catalog, Item
from model import RPF
from tests.training.conftest import small
from training.fit.log import Log
from training.validation import LEAST_QUERIES, Curve, choose_beta, curves, validated

NAMES = ("usual", "other", "few")


@pytest.fixture
def network() -> RPF:
    torch.manual_seed(0)
    return RPF(replace(small({name: [] for name in NAMES}), beta=0.7, betas={"few": 0.2}))


def test_an_attribute_gets_its_own_beta_where_enough_queries_say_so(network: RPF) -> None:
    middle = 50 - np.abs(np.arange(11) - 5.0)  # best at 0.5
    last = np.arange(11.0)  # best at 1.0, and flatter over the whole than middle is low
    many = 10 * LEAST_QUERIES
    found = {
        "shop": {"usual": Curve(10 * middle, many), "other": Curve(last, many), "few": Curve(last, LEAST_QUERIES - 1)}
    }
    choose_beta(network, found)
    assert network.config.beta == 0.5
    assert network.config.betas == {"other": 1.0}


@pytest.mark.parametrize("found", [{}, {"shop": {}}])
def test_beta_stays_where_nothing_was_measured_and_it_is_said(network: RPF, found: dict[str, dict[str, Curve]]) -> None:
    said: list[str] = []
    before = network.config
    choose_beta(network, found, said.append)
    assert network.config == before and len(said) == 1 and "it stays 0.7" in said[0]


def test_equally_good_betas_leave_the_usual_one(network: RPF) -> None:
    level = Curve(np.full(11, 100.0), 500)
    choose_beta(network, {"shop": {"usual": level}})
    assert network.config.beta == 0.7 and network.config.betas == {"few": 0.2}  # which was not measured
    choose_beta(network, {"shop": {"usual": Curve(np.r_[np.full(4, 9.0), np.zeros(7)], 500)}})
    assert network.config.beta == 0.3


def test_one_branch_has_no_beta_to_choose(network: RPF) -> None:
    region = RPF(replace(network.config, patch_trunk=None, beta=1.0, betas={}))
    choose_beta(region, {"shop": {"usual": Curve(np.arange(11.0)[::-1], 500)}})
    assert region.config.beta == 1.0


@pytest.fixture
def squares(tmp_path: Path) -> Catalog:
    """Four squares: `usual` in two pairs, `other` of which no two share a value, `few` without labels."""
    items = []
    for place in range(4):
        Image.new("RGB", (32, 32), (60 * place, 0, 90)).save(tmp_path / f"{place}.png")
        items.append(Item(str(place), f"{place}.png", "valid", {"usual": "ab"[place % 2], "other": "abcd"[place]}))
    attributes = [Attribute("usual", ("a", "b")), Attribute("other", tuple("abcd")), Attribute("few", ("a",))]
    return Catalog(tmp_path, "squares", tuple(items), tuple(attributes))


def test_only_attributes_with_an_answer_are_measured(network: RPF, squares: Catalog) -> None:
    found = curves(network, [squares], "cpu", patch=False)
    assert list(found["squares"]) == ["usual"] and found["squares"]["usual"].queries == 4
    assert validated(found, network)["squares"]["usual"].keys() == {"map_region"}


def test_a_log_of_nothing_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    Log(tmp_path / "log.jsonl", said.append, None).validation(1, 5, {"squares": {}})
    assert said == ["validation  squares  nothing to measure: no two labelled items share a value"]
