"""Which β validation curves ask for."""

import numpy as np
import torch

from model import RPF
from tests.training.conftest import small
from training.validation import LEAST_QUERIES, Curve, choose_beta


def test_an_attribute_gets_its_own_beta_where_enough_queries_say_so() -> None:
    torch.manual_seed(0)
    network = RPF(small({name: [] for name in ("usual", "other", "few")}))
    middle = 50 - np.abs(np.arange(11) - 5.0)  # best at 0.5
    last = np.arange(11.0)  # best at 1.0, and flatter over the whole than middle is low
    many = 10 * LEAST_QUERIES
    found = {
        "shop": {"usual": Curve(10 * middle, many), "other": Curve(last, many), "few": Curve(last, LEAST_QUERIES - 1)}
    }
    choose_beta(network, found)
    assert network.config.beta == 0.5
    assert network.config.betas == {"other": 1.0}
