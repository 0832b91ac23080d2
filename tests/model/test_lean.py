"""What a start does not do: load torch's compiler, draw weights that a file holds."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import timm
import torch
from safetensors.torch import load_file

from model import RPF, load, save
from model.config import tiny
from model.undrawn import Undrawn

ROOT = Path(__file__).resolve().parents[2]

APP = """
import sys
import model, timm, torchvision
assert not {"torch._dynamo", "torch._inductor", "sympy"} & set(sys.modules), "the compiler is loaded"
import torch
from torchvision.ops import nms, roi_align
from torchvision.ops.roi_align import is_compile_supported
boxes = torch.tensor([[0.0, 0, 4, 4], [0, 0, 4, 5], [5, 5, 8, 8]])
assert nms(boxes, torch.tensor([0.9, 0.8, 0.7]), 0.5).tolist() == [0, 2]
assert roi_align(torch.ones(1, 1, 8, 8), [boxes], 2).shape == (3, 1, 2, 2)
assert isinstance(is_compile_supported("cpu"), bool)
import torch._dynamo
assert torch._dynamo.__file__ and torch._dynamo.disable.__module__.startswith("torch._dynamo")
assert torch.compile(lambda x: x + 1, backend="eager")(torch.ones(2)).tolist() == [2, 2]
"""


def test_the_compiler_is_loaded_when_it_is_asked_for_and_not_before() -> None:
    done = subprocess.run([sys.executable, "-c", APP], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_parameters_are_not_drawn_and_other_tensors_are() -> None:
    before = torch.get_rng_state()
    with Undrawn():
        layer = torch.nn.Conv2d(3, 8, 3)
        timm.layers.trunc_normal_(layer.weight, std=0.02)
        torch.nn.init.kaiming_normal_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
        assert torch.equal(torch.get_rng_state(), before)
        layer.weight.requires_grad_(False)
        assert not layer.weight.requires_grad
        torch.ones(2).normal_()
    assert not torch.equal(torch.get_rng_state(), before)


def test_everything_is_loaded(tmp_path: Path) -> None:
    options = {"embed_dim": 48, "depth": 1, "num_heads": 3}
    torch.manual_seed(0)
    network = RPF(replace(tiny({"neck": ["v", "round"]}), patch_options=options))
    save(network, tmp_path)
    loaded = load(tmp_path)
    kept = load_file(tmp_path / "model.safetensors")
    found = loaded.state_dict()
    assert set(kept) == set(found) and set(kept) > {name for name, _ in loaded.named_parameters()}
    assert all(torch.equal(found[name], kept[name].to(found[name].dtype)) for name in kept)
    buffers = dict(network.named_buffers())
    assert all(torch.allclose(value, buffers[name], atol=1e-3) for name, value in loaded.named_buffers())
