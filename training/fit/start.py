"""The network that a run begins with: on pretrained trunks, or from weights of ours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from common.names import find_name
from model import CONFIGS, CROP, PATCH_ONLY, REGION, RPF, TIMM, Config, init_patch_trunk, init_region_trunk, load
from training.calibrate import without
from training.errors import TrainingError
from training.fit.plan import Plan
from training.gating import ungated


@dataclass(frozen=True)
class Start:
    """A network, neither gated nor calibrated; the digest of the weights it comes from, None for
    trunks alone; and which of its branches have learnt there."""

    network: RPF
    base: str | None = None
    region_learnt: bool = False
    patch_learnt: bool = False


def is_weights(init: str | Path) -> bool:
    """Whether `init` names weights of ours, a folder or a Hub repository, and not pretrained
    trunks."""
    if str(init) == TIMM:
        return False
    return (Path(init) / "config.json").is_file() if Path(init).exists() else True


def known_attributes(init: str | Path) -> list[str]:
    """The attributes of weights of ours, as they spell them; none of pretrained trunks."""
    return list(load(init).config.attributes) if is_weights(init) else []


def begin(plan: Plan, attributes: dict[str, list[str]], init: str | Path, trunks: str | Path = TIMM) -> Start:
    """The network that `plan` trains, for attributes with their values.

    init: `TIMM`, a folder of trunks, or weights of ours; trunks: where those come from that the
    weights lack. A patch branch that neither has learnt nor will is left out. TrainingError where
    weights do not go with the attributes or the plan.
    """
    torch.manual_seed(plan.seed)
    start = _of_weights(plan, attributes, init, trunks) if is_weights(init) else _of_trunks(plan, attributes, init)
    config = start.network.config
    if plan.steps[1] and config.patch_trunk is None:
        raise TrainingError(f"the weights in {init} have no patch branch to train; give --steps N 0, or --config")
    if plan.steps[0] and config.method == PATCH_ONLY:
        raise TrainingError(f"the weights in {init} have no region branch to train; give --steps 0 N")
    if plan.steps[1] and not (plan.steps[0] or start.region_learnt or config.method == PATCH_ONLY):
        raise TrainingError(
            "stage 2 follows the attention of a trained region branch; give steps for stage 1, start from weights, or "
            "train the patch branch alone with --config tiny-patch"
        )
    if not plan.steps[1] and not start.patch_learnt and config.patch_trunk is not None and config.method != PATCH_ONLY:
        start = replace(start, network=without_patches(start.network))
    _copy_embeddings(start.network, plan.like)
    return start


def without_patches(network: RPF) -> RPF:
    """The region side of a network alone: its embedding is the whole score."""
    config = replace(network.config, patch_trunk=None, patch_size=None, beta=1.0, betas={}, views=(REGION, CROP))
    plain = RPF(replace(config, mix=None, mixes={}, general_trunk=None, reading=0.0, matches={}, applicability=None))
    own = plain.state_dict()
    plain.load_state_dict({name: value for name, value in network.state_dict().items() if name in own})
    return plain.train(network.training)


def _of_trunks(plan: Plan, attributes: dict[str, list[str]], init: str | Path) -> Start:
    network = RPF(CONFIGS[plan.config or "tiny"](attributes))
    init_region_trunk(network, init)
    if plan.steps[1] or network.config.method == PATCH_ONLY:
        init_patch_trunk(network, init)
    return Start(network)


def _of_weights(plan: Plan, attributes: dict[str, list[str]], init: str | Path, trunks: str | Path) -> Start:
    network = load(init)
    if list(network.config.attributes) != list(attributes):
        raise TrainingError(f"the weights in {init} know other attributes than the catalogs; use `teach`")
    digest, network = network.digest, ungated(without(network))
    config = network.config if plan.config is None else CONFIGS[plan.config](attributes)
    if (network.config.method, network.config.patch_trunk) != (config.method, config.patch_trunk):
        return replace(_within(network, config, trunks, plan.steps[1] > 0), base=digest)
    return Start(network, digest, network.config.method != PATCH_ONLY, network.config.patch_trunk is not None)


def _within(network: RPF, config: Config, trunks: str | Path, patches: bool) -> Start:
    """A network of another configuration that begins with every parameter of the same name and
    shape of this one, and with pretrained trunks where they are others; patches: whether its patch
    branch will learn, and so needs one."""
    other, old = RPF(config), network.config
    if config.region_trunk != old.region_trunk:
        init_region_trunk(other, trunks)
    if config.patch_trunk != old.patch_trunk and patches:
        init_patch_trunk(other, trunks)
    own = other.state_dict()
    same = {
        name: value for name, value in network.state_dict().items() if name in own and value.shape == own[name].shape
    }
    other.load_state_dict(same, strict=False)
    region = config.region_trunk == old.region_trunk and PATCH_ONLY not in (config.method, old.method)
    return Start(other, None, region, config.patch_trunk is not None and config.patch_trunk == old.patch_trunk)


def _copy_embeddings(network: RPF, like: Sequence[str]) -> None:
    for pair in like:
        name, _, other = pair.partition("=")
        name, other = (find_name(one, network.config.attributes) or one for one in (name, other))
        with torch.no_grad():
            network.attributes.weight[network.attribute_index(name)] = network.attributes.weight[
                network.attribute_index(other)
            ].clone()
