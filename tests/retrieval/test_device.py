"""The embedder on the device that `LAPEL_TEST_DEVICE` names, with several batches at once."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from model import CROP, REGION, RPF, WHOLE, Column
from model.config import tiny
from retrieval import Embedder, open_engine
from retrieval.batches import to_tensor
from retrieval.on_gpu import in_halves
from retrieval.recorded import _Pass
from tests.retrieval.support import noise_catalog

pytestmark = pytest.mark.device

SIZES = [(224, 224), (300, 170), (120, 331), (64, 64), (500, 400), (1100, 1400), (90, 91)]
COLUMNS = [Column(name, view) for name in ("neck", "color") for view in (REGION, CROP, WHOLE)]


def network() -> RPF:
    torch.manual_seed(0)
    options = {"embed_dim": 48, "depth": 1, "num_heads": 3}
    return RPF(replace(tiny({"color": [], "neck": []}), patch_options=options, threshold=0.6))


def pictures() -> list[Image.Image]:
    rng = np.random.default_rng(0)
    return [Image.fromarray(rng.integers(0, 256, (6, 5, 3), np.uint8)).resize(size) for size in SIZES]


def cosines(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """(images, columns)"""
    found: np.ndarray = (
        (here.astype(np.float32) * there.astype(np.float32)).reshape(len(here), len(COLUMNS), -1).sum(-1)
    )
    return found


@pytest.mark.parametrize("precision", ["float32", "auto", "half"])
def test_a_stream_of_images_is_embedded_as_each_alone(precision: str, device: torch.device) -> None:
    embedder = Embedder(network(), device.type, 2, precision)
    images = pictures() * 3
    done: list[int] = []
    found = embedder.embed(iter(images), COLUMNS, done.append)
    alone = np.concatenate([embedder.embed([image], COLUMNS) for image in images])
    assert cosines(found, alone)[:, [0, 3]].min() > 0.999  # region
    assert cosines(found, alone).min() > 0.98  # a rounding can move an edge of a crop
    assert done == [*range(2, 21, 2), 21]


def test_recorded_passes_give_what_passes_give(device: torch.device) -> None:
    embedder, few = Embedder(network(), device.type, precision="auto"), pictures()[:4]
    copies = 100 if device.type == "cuda" else 1  # off a GPU nothing is recorded
    alone = np.concatenate([embedder.embed([image], COLUMNS) for image in few])
    for _ in range(3):
        found = embedder.embed((image for image in few for _ in range(copies)), COLUMNS)
        assert cosines(found, np.repeat(alone, copies, 0)).min() > 0.98
    if device.type == "cuda":
        recorded = embedder.network.__dict__["features"]._passes
        assert any(isinstance(known, _Pass) for known in recorded.values())


@pytest.mark.parametrize("trunk", [None, torch.float16])
def test_trunks_in_16_bits_see_what_those_in_32_see(trunk: torch.dtype | None, device: torch.device) -> None:
    whole = network().eval().to(device)
    images = [to_tensor(image).to(device) for image in pictures()[:3]]
    wanted = {view: torch.arange(2, device=device) for view in (REGION, WHOLE)}
    with torch.inference_mode():
        exact, found = (run.views(images, wanted) for run in (whole, in_halves(whole, trunk)))
    for view, least in ((REGION, 0.9999), (WHOLE, 0.999)):
        assert found[view].dtype == torch.float32
        assert torch.cosine_similarity(exact[view], found[view], dim=-1).min() > least


def test_what_is_too_large_for_16_bits_is_computed_in_32(device: torch.device) -> None:
    large = network()
    with torch.no_grad():
        large.trunk.get_submodule("conv1").weight.mul_(1e5)
    exact = Embedder(large, device.type, 4, "float32").embed(iter(pictures()), COLUMNS)
    found = Embedder(large, device.type, 4, "half").embed(iter(pictures()), COLUMNS)
    assert cosines(exact, found).min() > 0.98


def test_files_opened_by_processes_become_the_vectors_of_their_images(device: torch.device, tmp_path: Path) -> None:
    catalog = noise_catalog(tmp_path / "catalog", 9)
    embedder = Embedder(network(), device.type, 2)
    embedder.processes = 2
    engine = open_engine(catalog, embedder, tmp_path / "home", ["color", "neck"])
    found = np.hstack([engine.table.column(column) for column in COLUMNS if engine.table.has([column])])
    columns = [column for column in COLUMNS if engine.table.has([column])]
    expected = embedder.embed([catalog.open(item) for item in catalog.items], columns)
    assert columns and (found.astype(np.float32) * expected.astype(np.float32)).sum(1).min() > 0.98 * len(columns)
