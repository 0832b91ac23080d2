"""Weights in folders and on a Hub: the real client against a server on loopback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from model import RPF, WeightsError, load, save
from model.config import tiny
from tests.model.hub_server import Hub

CLIENT = """
import sys, torch
from model import load, push, WeightsError
image = torch.arange(3 * 240 * 260, dtype=torch.int64).reshape(3, 240, 260).remainder(251).to(torch.uint8)
command, *rest = sys.argv[1:]
try:
    if command == "push":
        print(push(rest[0], rest[1], token="hf_local"))
    else:
        for source, path in zip(rest[::2], rest[1::2]):
            out = load(source)([image], torch.tensor([0, 1]))
            torch.save({"region": out.region, "patch": out.patch}, path)
except WeightsError as error:
    print(error)
    sys.exit(2)
"""


def client(hub_url: str, cache: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A fresh process, since the client reads its endpoint once."""
    environment = {**os.environ, "HF_ENDPOINT": hub_url, "HF_HOME": str(cache), "HF_HUB_DISABLE_XET": "1"}
    environment |= {"HF_HUB_DISABLE_TELEMETRY": "1", "NO_PROXY": "127.0.0.1", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-c", CLIENT, *arguments], env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights")
    save(RPF(tiny({"color": ["red", "blue"], "collar": ["shirt", "rib"]})), path, {"name": "test weights"})
    return path


def embeddings(path: Path) -> dict[str, torch.Tensor]:
    return dict(torch.load(path, weights_only=True))


def test_push_and_pull_give_the_same_embeddings(folder: Path, tmp_path: Path) -> None:
    with Hub() as hub:
        pushed = client(hub.url, tmp_path / "a", "push", str(folder), "shop/rpf")
        assert pushed.returncode == 0, pushed.stdout + pushed.stderr
        assert set(hub.repositories["shop/rpf"]) >= {"config.json", "model.safetensors", "README.md", "training.json"}
        local = [str(folder), str(tmp_path / "local.pt")]
        pulled = client(hub.url, tmp_path / "b", "load", "shop/rpf", str(tmp_path / "hub.pt"), *local)
        assert pulled.returncode == 0, pulled.stdout + pulled.stderr
        named = client(hub.url, tmp_path / "c", "load", "shop/rpf@main", str(tmp_path / "named.pt"))
        assert named.returncode == 0, named.stdout + named.stderr
    wanted = embeddings(tmp_path / "local.pt")
    for name in ("hub.pt", "named.pt"):
        for kind, tensor in embeddings(tmp_path / name).items():
            assert torch.equal(tensor, wanted[kind])
    offline = client(hub.url, tmp_path / "b", "load", "shop/rpf", str(tmp_path / "cached.pt"))
    assert offline.returncode == 0, offline.stdout + offline.stderr


def test_unknown_repository_and_no_hub_are_one_clear_line(tmp_path: Path) -> None:
    with Hub() as hub:
        unknown = client(hub.url, tmp_path, "load", "shop/nothing", str(tmp_path / "x.pt"))
    assert unknown.returncode == 2 and "shop/nothing" in unknown.stdout and unknown.stdout.count("\n") == 1
    away = client(hub.url, tmp_path, "load", "shop/nothing", str(tmp_path / "x.pt"))
    assert away.returncode == 2 and "network" in away.stdout and away.stdout.count("\n") == 1


def test_a_folder_keeps_weights_config_and_digest(folder: Path) -> None:
    network = load(folder)
    assert network.config.attributes == {"color": ["red", "blue"], "collar": ["shirt", "rib"]}
    assert not network.training and next(network.parameters()).dtype == torch.float32
    assert network.digest == load(folder).digest
    assert "test weights" in (folder / "README.md").read_text()


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_damaged_and_missing_files(name: str, folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-200])
    with pytest.raises(WeightsError, match=name):
        load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(WeightsError, match=name):
        load(tmp_path)


def test_a_config_of_something_else(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "config.json").write_text(json.dumps({"hidden_size": 768}))
    with pytest.raises(WeightsError, match="does not describe an RPF"):
        load(tmp_path)


@pytest.mark.parametrize("source", ["nowhere", "./a/b/c", "owner/name/more"])
def test_names_that_are_neither(source: str) -> None:
    with pytest.raises(WeightsError, match="no such folder"):
        load(source)


def test_weights_of_an_earlier_version(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    stored = json.loads((folder / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**stored, "adapted": []}))
    assert load(tmp_path).digest == load(folder).digest
    (tmp_path / "config.json").write_text(json.dumps({**stored, "adapted": ["neck"]}))
    with pytest.raises(WeightsError, match="branches of its own for neck; teach"):
        load(tmp_path)
