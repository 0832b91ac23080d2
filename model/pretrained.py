"""Where a network's trunks begin: in a folder, or with what timm has on the Hub."""

from pathlib import Path

from torch import nn

from model.config import GLOBAL, Config
from model.hub import download_trunk
from model.rpf import RPF
from model.trunks import class_token_trunk, init_trunk, patch_trunk, region_trunk

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


def _region(config: Config) -> nn.Module:
    if config.method == GLOBAL:
        return class_token_trunk(config.region_trunk, config.input_size, download_trunk)[0]
    return region_trunk(config.region_trunk, download_trunk)[0]
