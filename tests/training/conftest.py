"""A small drawn problem, a small network, and trunks for it."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from PIL import Image
from safetensors.torch import save_file

from catalog import Catalog, load_catalog
from model import CONFIGS, RPF, Config
from training.recipes import Lapel

COLORS = {"red": (200, 30, 30), "blue": (30, 30, 200), "green": (30, 160, 30)}


def small(attributes: dict[str, list[str]]) -> Config:
    """A network that sees squares of 112 pixels: a quarter of the work of 224."""
    return Config(
        attributes,
        "resnet18",
        patch_options={"embed_dim": 48, "depth": 1, "num_heads": 3},
        dim=256,
        attribute_dim=32,
        common_dim=32,
        heads=3,
        input_size=112,
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """90 squares: colour, and whether the upper half is striped; some labels blank."""
    root = tmp_path_factory.mktemp("shop")
    rng = np.random.default_rng(0)
    rows = []
    for i in range(90):
        color, pattern = list(COLORS)[i % 3], ("stripe", "solid")[int(rng.integers(2))]
        pixels = np.full((64, 64, 3), COLORS[color], np.float64) + rng.normal(0, 10, (64, 64, 3))
        if pattern == "stripe":
            pixels[8:32:8] = pixels[9:33:8] = 240
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(root / f"{i}.png")
        split = "train" if i < 54 else "valid" if i < 78 else "test"
        rows.append([str(i), f"{i}.png", split, "" if i % 9 == 0 else color, "" if i % 7 == 0 else pattern])
    with (root / "catalog.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["id", "image", "split", "color", "pattern"], *rows])
    return load_catalog(root)


@pytest.fixture(scope="module")
def trunks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trunks drawn by lot, saved under the names that timm gives them."""
    folder = tmp_path_factory.mktemp("trunks")
    torch.manual_seed(1)
    network = RPF(small({"color": []}))
    save_file(dict(network.trunk.state_dict()), folder / "resnet18.safetensors")
    save_file(dict(network.vit.state_dict()), folder / "vit_base_patch16_224.safetensors")
    return folder


@pytest.fixture(scope="module")
def pretrained(trunks: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `trunks`, with a ViT whole enough for global features."""
    folder = tmp_path_factory.mktemp("pretrained")
    shutil.copy(trunks / "resnet18.safetensors", folder)
    torch.manual_seed(2)
    save_file(timm.create_model("vit_tiny_patch16_224").state_dict(), folder / "vit_tiny_patch16_224.safetensors")
    return folder


@pytest.fixture(autouse=True)
def small_config(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lapel, "large", 144)
    monkeypatch.setattr(Lapel, "small", (80, 64))
    monkeypatch.setitem(CONFIGS, "small", small)
    monkeypatch.setitem(CONFIGS, "small-region", lambda names: replace(small(names), patch_trunk=None))
