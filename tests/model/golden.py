"""The recorded behaviour of the released implementation, and the network it belongs to."""

import json
import os
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from model import RPF
from model.official import read_state

PATH = Path(os.environ.get("RPF_GOLDEN", "../shared/golden/rpf_tiny.npz"))
MISSING = f"no golden file at {PATH} (RPF_GOLDEN)"
needs_golden = pytest.mark.skipif(not PATH.exists(), reason=MISSING)


def weight(salt: str, name: str, shape: tuple[int, ...]) -> np.ndarray:
    """An entry of the released state dict, a function of its name (golden/README.md, first fitting row)."""
    n = np.random.default_rng(zlib.crc32((salt + name).encode())).standard_normal(shape).astype(np.float32)
    if name.endswith("num_batches_tracked"):
        return np.zeros(shape, np.int64)
    if "attnnet.conv.weight" in name or "attr_transform1.weight" in name:
        return 4 * n / np.sqrt(shape[1])
    if name.endswith("running_var"):
        return 1 + 0.1 * np.abs(n)
    if name.endswith("running_mean"):
        return 0.1 * n
    if len(shape) == 1:
        return 1 + 0.1 * n if name.endswith("weight") else 0.02 * n
    if "attr_embedding" in name:
        return n
    if any(part in name for part in ("position_embeddings", "cls_token", "type_embed")):
        return 0.2 * n
    return n / np.sqrt(np.prod(shape[1:]))


def load() -> dict[str, np.ndarray]:
    with np.load(PATH) as file:
        return dict(file)


def state_dict(golden: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    salt = str(golden["salt"])
    shapes = [tuple(json.loads(str(shape))) for shape in golden["shapes"]]
    entries = {str(k): weight(salt, str(k), shape) for k, shape in zip(golden["keys"], shapes, strict=True)}
    return {key: torch.from_numpy(np.asarray(value, value.dtype).astype(np.float32)) for key, value in entries.items()}


def network(golden: dict[str, np.ndarray]) -> RPF:
    options = json.loads(str(golden["options"]))
    return read_state(
        state_dict(golden),
        {f"attribute {i}": [] for i in range(int(golden["n_attributes"]))},
        heads=options.get("MODEL.TRANSFORMER.CROSS_NUM_HEADS", 12),
        vit_heads=options.get("MODEL.TRANSFORMER.NUM_HEADS", 12),
        threshold=float(golden["threshold"]),
        beta=float(golden["beta"]),
    )


def fuse(region: Tensor, patch: Tensor, beta: float) -> Tensor:
    """Fused embedding (…, 2 D) whose inner product is β cos(r, r') + (1 - β) cos(p, p') (RPF.md §4)."""
    return torch.cat((beta**0.5 * F.normalize(region, dim=-1), (1 - beta) ** 0.5 * F.normalize(patch, dim=-1)), -1)
