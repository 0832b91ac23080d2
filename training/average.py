"""Average the weights of runs that went on from one another (model soups: Wortsman et al., ICML 2022, arXiv:2203.05482)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from model import RPF, Config, load
from training.calibrate import without
from training.errors import TrainingError
from training.gating import ungated


def average(weights: Sequence[str | Path]) -> RPF:
    """A network, neither gated nor calibrated, whose every parameter is the plain mean over `weights`; β is that of the first.

    Only runs that share a beginning lie close enough together for this. TrainingError when they are not of one shape.
    """
    networks = [ungated(without(load(one))) for one in weights]
    first = networks[0]
    shape = _shape(first.config)
    for one, network in zip(weights, networks, strict=True):
        if _shape(network.config) != shape:
            raise TrainingError(f"{one} and {weights[0]} differ in attributes or shape; average runs of one network")
    states = [network.state_dict() for network in networks]
    mean = {
        name: torch.stack([state[name].double() for state in states]).mean(0).to(value.dtype)
        for name, value in states[0].items()
    }
    first.load_state_dict(mean)
    return first


def _shape(config: Config) -> Config:
    """What runs have to agree in: all but how their views are compared."""
    return replace(config, beta=0.0, betas={}, mix=None, mixes={}, matches={}, reading=0.0, applicability=None)
