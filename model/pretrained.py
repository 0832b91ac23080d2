"""Where a network's trunks begin: in a folder, or with what timm has on the Hub."""

from dataclasses import replace
from pathlib import Path

import timm
from timm.data import resolve_model_data_config
from torch import nn

from model.config import GLOBAL, Config
from model.hub import download_trunk
from model.rpf import RPF
from model.trunks import class_token_trunk, general_trunk, init_trunk, patch_trunk, region_trunk

TIMM = "timm"
"""Instead of a folder: the trunks that the configuration names are downloaded
(`timm.create_model(pretrained=True)`)."""


def init_region_trunk(network: RPF, init: str | Path) -> None:
    """Start the region trunk from a folder or file of pretrained weights, or from `TIMM`;
    WeightsError where it is not there."""
    name = network.config.region_trunk
    if str(init) == TIMM:
        network.trunk.load_state_dict(_region(network.config).state_dict())
    else:
        init_trunk(network.trunk, name, Path(init))


def init_patch_trunk(network: RPF, init: str | Path) -> None:
    """The same for the patch trunk, where the network has one."""
    config = network.config
    if config.patch_trunk is None:
        return
    if str(init) == TIMM:
        trunk = patch_trunk(config.patch_trunk, config.input_size, config.patch_options, download_trunk)
        network.vit.load_state_dict(trunk.state_dict())
    else:
        init_trunk(network.vit, config.patch_trunk, Path(init))


def with_general(network: RPF, name: str, init: str | Path) -> RPF:
    """A copy of a network whose general view is the frozen timm network `name`, started from `init`
    as `init_region_trunk` says; the pictures that it sees are prepared as timm states for it. Calibration and mixes of the
    network are left out. WeightsError where timm does not know the name or the weights are not there."""
    create = download_trunk if str(init) == TIMM else timm.create_model
    trunk, _ = general_trunk(name, create)
    if str(init) != TIMM:
        init_trunk(trunk, name, Path(init))
    prepared = resolve_model_data_config(trunk)
    config = replace(
        network.config,
        general_trunk=name,
        general_size=int(prepared["input_size"][-1]),
        general_mean=tuple(prepared["mean"]),
        general_std=tuple(prepared["std"]),
        calibration_axes=None,
        mix=None,
        mixes={},
    )
    wider = RPF(config)
    state = {k: v for k, v in network.state_dict().items() if k in wider.state_dict() and not k.startswith("general.")}
    wider.load_state_dict(state | {f"general.{key}": value for key, value in trunk.state_dict().items()})
    return wider.train(network.training)


def _region(config: Config) -> nn.Module:
    if config.method == GLOBAL:
        return class_token_trunk(config.region_trunk, config.input_size, download_trunk)[0]
    return region_trunk(config.region_trunk, download_trunk)[0]
