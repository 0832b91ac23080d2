"""Pretrained trunks from a Hub: timm's own client against a server on loopback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import timm
import torch
from safetensors.torch import load_file, save

from tests.model.hub_server import Hub

CLIENT = """
import sys
import torch
from safetensors.torch import save_file
from catalog import CatalogError
from eval.baseline import GlobalFeatures
from model import RPF, WeightsError
from model.config import tiny
from model.pretrained import init_patch_trunk, init_region_trunk
try:
    network = RPF(tiny({"color": ["red"]}))
    init_region_trunk(network, "timm")
    init_patch_trunk(network, "timm")
    features = GlobalFeatures("timm")
except WeightsError as error:
    print(error)
    sys.exit(2)
kept = {f"trunk.{name}": value for name, value in network.trunk.state_dict().items()}
kept |= {f"vit.{name}": value for name, value in network.vit.state_dict().items()}
save_file({**kept, "head": features.network.head.weight}, sys.argv[1])
print(features.name, features.digest)
"""


def client(hub_url: str, cache: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A fresh process, since the client reads its endpoint once."""
    environment = {**os.environ, "HF_ENDPOINT": hub_url, "HF_HOME": str(cache), "HF_HUB_DISABLE_XET": "1"}
    environment |= {"HF_HUB_DISABLE_TELEMETRY": "1", "NO_PROXY": "127.0.0.1", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-c", CLIENT, *arguments], env=environment, capture_output=True, text=True, timeout=200
    )


@pytest.fixture(scope="module")
def published() -> dict[str, timm.models.ResNet]:
    """Whole networks of timm, drawn by lot, by the names of their repositories."""
    torch.manual_seed(3)
    return {
        timm.get_pretrained_cfg(name).hf_hub_id: timm.create_model(name)
        for name in ("resnet18", "vit_tiny_patch16_224")
    }


def test_trunks_are_those_that_the_hub_has_and_later_those_of_the_cache(
    published: dict[str, torch.nn.Module], tmp_path: Path
) -> None:
    with Hub() as hub:
        for name, network in published.items():
            hub.repositories[name] = {"model.safetensors": save(dict(network.state_dict()))}
        done = client(hub.url, tmp_path / "cache", str(tmp_path / "trunks.safetensors"))
        assert done.returncode == 0, done.stdout + done.stderr
        asked = [line for line in hub.requests if "resolve" in line]
        assert any("resnet18" in line for line in asked) and any("vit_tiny" in line for line in asked)
    found, (resnet, vit) = load_file(tmp_path / "trunks.safetensors"), published.values()
    assert torch.equal(found["trunk.layer3.1.conv2.weight"], resnet.state_dict()["layer3.1.conv2.weight"])
    assert torch.equal(found["vit.blocks.11.mlp.fc2.weight"], vit.state_dict()["blocks.11.mlp.fc2.weight"])
    assert torch.equal(found["head"], vit.state_dict()["head.weight"])
    again = client(hub.url, tmp_path / "cache", str(tmp_path / "again.safetensors"))  # the Hub is gone
    assert again.returncode == 0 and again.stdout == done.stdout, again.stdout + again.stderr


def test_without_a_hub_it_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with Hub() as hub:
        unknown = client(hub.url, tmp_path / "a", "unused")
    away = client(hub.url, tmp_path / "b", "unused")
    for done in (unknown, away):
        assert done.returncode == 2 and done.stdout.count("\n") == 1, done.stdout + done.stderr
        assert "timm's pretrained resnet18 cannot be loaded from the Hub" in done.stdout
        assert "give a folder that holds it with --init" in done.stdout


@pytest.mark.parametrize("command", ["training fit --out o", "eval baseline --attributes color"])
def test_the_commands_say_it_too(command: str, tmp_path: Path) -> None:
    from PIL import Image

    rows = ["id,image,split,color"]
    for place, split in enumerate(["train", "train", "valid", "valid", "test", "test"]):
        Image.new("RGB", (32, 32), (40 * place, 0, 0)).save(tmp_path / f"{place}.png")
        rows.append(f"{place},{place}.png,{split},{('red', 'blue')[place % 2]}")
    (tmp_path / "catalog.csv").write_text("\n".join(rows))
    with Hub() as hub:
        pass  # an address where nobody answers any more
    environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "hub"), "NO_PROXY": "127.0.0.1"}
    asked = [*command.split(), "--catalog", str(tmp_path), "--init", "timm"]
    done = subprocess.run([sys.executable, "-m", *asked], env=environment, capture_output=True, text=True, timeout=200)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 2 and last.startswith("error: timm's pretrained ") and done.stdout == ""
