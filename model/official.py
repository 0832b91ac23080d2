"""Reads a checkpoint of the released RPF implementation into our network."""

import re
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from model.config import Config
from model.errors import WeightsError
from model.rpf import RPF

_GLOBAL, _LOCAL = "choices.global.", "choices.local.basenet."

_NAMES = {
    "attrnet.attr_embedding": "attributes",
    "attnnet.attr_transform1": "region.attribute_key",
    "attnnet.conv": "region.feature_key",
    "attnnet.feature_fc": "region.foreground",
    "attnnet.x_layer_norm": "region.feature_norm",
    "attnnet.a_layer_norm": "region.attribute_norm",
    "attnnet.mlp_layer_norm": "region.norm",
    "attnnet.mlp": "region.mlp",
    "basenet": "trunk",
    "attr2query": "patch.query_of_attribute",
    "crossencoder.cross_attention_norm": "patch.norm",
    "crossencoder.cross_attn": "patch",
    "crossencoder.fc": "patch.project",
    "crossencoder.ffn_norm": "patch.mlp_norm",
    "crossencoder.ffn": "patch.mlp",
    "norm": "patch.out_norm",
    "embeddings.position_embeddings": "vit.pos_embed",
    "embeddings.cls_token": "vit.cls_token",
    "embeddings.patch_embeddings": "vit.patch_embed.proj",
}
_LAYER = {
    "attention_norm": "norm1",
    "ffn_norm": "norm2",
    "ffn.fc1": "mlp.fc1",
    "ffn.fc2": "mlp.fc2",
    "attn.out": "attn.proj",
}


def config_of(
    state: Mapping[str, Tensor],
    attributes: dict[str, list[str]],
    heads: int,
    vit_heads: int,
    threshold: float,
    beta: float,
) -> Config:
    """Configuration of the network that a released state dict belongs to; head counts cannot be read off its shapes."""
    try:
        common_dim, dim = state[_GLOBAL + "attnnet.conv.weight"].shape[:2]
        width, mlp = (state[_LOCAL + "encoder.layer.0.ffn.fc1.weight"].shape[i] for i in (1, 0))
        attribute_dim = state[_GLOBAL + "attrnet.attr_embedding.weight"].shape[1]
    except KeyError as error:
        raise WeightsError(f"not a released RPF checkpoint: {error} is missing") from error
    depth = 1 + max(int(m[1]) for key in state if (m := re.search(r"encoder\.layer\.(\d+)\.", key)))
    bottleneck = _GLOBAL + "basenet.layer1.0.conv3.weight" in state
    blocks = 1 + max(int(m[1]) for key in state if (m := re.search(r"basenet\.layer3\.(\d+)\.", key)))
    trunk = {(False, 2): "resnet18", (False, 6): "resnet34", (True, 6): "resnet50", (True, 23): "resnet101"}
    return Config(
        attributes=attributes,
        region_trunk=trunk[bottleneck, blocks],
        patch_trunk="vit_base_patch16_224",
        patch_options={"embed_dim": width, "depth": depth, "num_heads": vit_heads, "mlp_ratio": mlp / width},
        dim=dim,
        attribute_dim=attribute_dim,
        common_dim=common_dim,
        heads=heads,
        threshold=threshold,
        beta=beta,
    )


def read_state(
    state: Mapping[str, Tensor],
    attributes: dict[str, list[str]],
    heads: int = 12,
    vit_heads: int = 12,
    threshold: float = 0.1,
    beta: float = 0.3,
) -> RPF:
    """Our network, in evaluation mode, with the weights of a released state dict; `attributes` name its rows in order."""
    rows = state.get(_GLOBAL + "attrnet.attr_embedding.weight")
    if rows is not None and len(rows) != len(attributes):
        raise WeightsError(f"the checkpoint has {len(rows)} attributes, {len(attributes)} names were given")
    network = RPF(config_of(state, attributes, heads, vit_heads, threshold, beta))
    fused = {name: value for key, tensor in state.items() for name, value in [_translate(key, tensor)] if name}
    for layer in range(len(network.vit.blocks)):
        source = f"{_LOCAL}encoder.layer.{layer}.attn."
        for part in ("weight", "bias"):
            fused[f"vit.blocks.{layer}.attn.qkv.{part}"] = torch.cat(
                [state[f"{source}{kind}.{part}"] for kind in ("query", "key", "value")]
            )
    network.load_state_dict(fused)
    return network.eval()


def read_checkpoint(path: str | Path, attributes: dict[str, list[str]], heads: int = 12, vit_heads: int = 12) -> RPF:
    """Read a file `{"epoch", "model", "mAP"}` written by the released implementation; nothing in it is executed."""
    try:
        stored = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # what torch raises depends on where the damage is
        raise WeightsError(f"{path} is not a readable checkpoint: {type(error).__name__}") from error
    if not isinstance(stored, dict) or not isinstance(stored.get("model"), dict):
        raise WeightsError(f"{path} holds no 'model' state dict; give a checkpoint of the released implementation")
    return read_state(stored["model"], attributes, heads, vit_heads)


def _translate(key: str, tensor: Tensor) -> tuple[str, Tensor]:
    """Our name and shape of one released entry; an empty name for those joined elsewhere (query, key, value of the ViT)."""
    if key == _LOCAL + "type_embed":
        return "patch.types", tensor[0]
    layer = re.match(re.escape(_LOCAL) + r"encoder\.layer\.(\d+)\.(.+)\.(weight|bias)$", key)
    if layer:
        ours = _LAYER.get(layer[2])
        return (f"vit.blocks.{layer[1]}.{ours}.{layer[3]}" if ours else ""), tensor
    if key == _GLOBAL + "attnnet.conv.weight":
        return "region.feature_key.weight", tensor.flatten(1)
    for prefix in (_GLOBAL, _LOCAL):
        if key.startswith(prefix):
            rest = key.removeprefix(prefix)
            for theirs, ours in _NAMES.items():
                if rest == theirs or rest.startswith(theirs + "."):
                    return ours + rest.removeprefix(theirs), tensor
    raise WeightsError(f"unknown entry '{key}' in the released checkpoint")
