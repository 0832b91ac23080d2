"""The recipe of the paper does what RPF.md §5-6 says: triplets, losses, learning rates, images in full size."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from catalog import Attribute, Catalog, Item
from model import RPF
from model.losses import e_infonce, triplet
from tests.training.conftest import small
from training import data
from training.data import Material, Reading
from training.recipes import Lapel, Paper

CPU = torch.device("cpu")


def material(name: str, columns: Sequence[Sequence[int]], seed: int = 0) -> Material:
    """Noise, 40 x 40, with some labels an attribute."""
    labels = np.array(columns, np.int64).T
    rng = np.random.default_rng(seed)
    images = [torch.from_numpy(rng.integers(0, 256, (3, 40, 40), np.uint8)) for _ in range(len(labels))]
    return Material(name, images, labels)


@pytest.fixture(scope="module")
def one() -> Material:
    """Three attributes: of four uneven values, of two with gaps, of one value alone."""
    first = [0] * 40 + [1] * 10 + [2] * 5 + [3] * 5
    return material("one", [first, [0, 1, -1] * 20, [0] * 60])


def test_triplets_are_drawn_as_the_paper_draws_them(one: Material) -> None:
    paper, rng = Paper([one]), np.random.default_rng(0)
    drawn = [paper.draw(rng) for _ in range(300)]
    attributes = np.concatenate([part.attributes for part in drawn])
    rows, values = (np.concatenate([getattr(part, name) for part in drawn]) for name in ("rows", "values"))
    assert (one.labels[rows, attributes[:, None]] == values).all()
    assert (values[:, 0] == values[:, 1]).all() and (values[:, 0] != values[:, 2]).all()
    assert set(attributes) == {0, 1}  # one value alone makes no triplet
    assert np.mean(attributes == 0) == pytest.approx(0.5, abs=0.03)
    first = values[attributes == 0]
    for column in (0, 2):  # uniform over the values, however many items each has
        assert np.bincount(first[:, column]) / len(first) == pytest.approx(0.25, abs=0.04)
    common = rows[(attributes == 0) & (values[:, 0] == 0)]
    assert np.bincount(common[:, 0], minlength=40)[:40].min() > 0 and (common[:, 0] != common[:, 1]).mean() > 0.9


def test_the_triplets_of_a_batch_are_of_one_catalog(one: Material) -> None:
    other = material("other", [[0, 1] * 10, [-1] * 20, [-1] * 20], seed=1)
    rng = np.random.default_rng(0)
    alike, uneven = ([Paper([one, other], shares).draw(rng) for _ in range(400)] for shares in ((), (1.0, 6.0)))
    assert np.mean([part.material is other for part in alike]) == pytest.approx(
        1 / 3, abs=0.07
    )  # one attribute of three
    assert np.mean([part.material is other for part in uneven]) == pytest.approx(3 / 4, abs=0.07)
    assert all((part.values >= 0).all() and (part.rows < len(part.material)).all() for part in alike)


class Spy(RPF):
    """Keeps what it was asked and what it gave."""

    def forward(self, images: Sequence[Tensor], attributes: Tensor, patch: bool = True, **rest: object) -> object:
        self.images, self.asked, self.patched = list(images), attributes, patch
        self.given = super().forward(images, attributes, patch)
        return self.given


@pytest.fixture(scope="module")
def network() -> Spy:
    torch.manual_seed(0)
    return Spy(small({"a": ["0", "1", "2", "3"], "b": ["0", "1"], "c": ["0"]})).eval()


@pytest.mark.parametrize("stage", [1, 2])
def test_what_is_lost_is_that_of_the_paper(stage: int, one: Material, network: Spy) -> None:
    paper = Paper([one], batch=4)
    found = paper.loss(network, stage, 0.0, np.random.default_rng(3), CPU)
    drawn = paper.draw(np.random.default_rng(3))
    own = torch.from_numpy(np.searchsorted(network.asked.numpy(), drawn.attributes)).repeat(3)
    assert network.asked.tolist() == sorted(set(drawn.attributes.tolist())) and network.patched == (stage == 2)
    rows = torch.arange(12)
    region = network.given.region[rows, own]
    expected = triplet(region)
    if stage == 2:
        patch, background = network.given.patch[rows, own], network.given.background[rows, own]
        values = torch.from_numpy(drawn.values.T.reshape(-1))
        expected = expected + 0.1 * triplet(patch) + 0.04 * e_infonce(region, patch, background, own, values)
    assert found.total.item() == pytest.approx(expected.item(), rel=1e-5)
    assert ("e_infonce" in found.parts) == (stage == 2)


def test_images_are_flipped_in_stage_1_alone(one: Material, network: Spy) -> None:
    paper = Paper([one], batch=8)
    for stage, flips in ((1, True), (2, False)):
        paper.loss(network, stage, 0.0, np.random.default_rng(5), CPU)
        rows = paper.draw(np.random.default_rng(5)).rows.T.ravel()
        same = [torch.equal(image, one.images[row]) for image, row in zip(network.images, rows, strict=True)]
        turned = [torch.equal(image, one.images[row].flip(2)) for image, row in zip(network.images, rows, strict=True)]
        assert all(a or b for a, b in zip(same, turned, strict=True))
        assert any(turned) == flips and any(same)


def test_learning_rates_and_their_steps(one: Material, network: Spy) -> None:
    paper = Paper([one])
    for stage, rates, epochs in ((1, [5e-5], 3), (2, [1e-5, 5.5e-5], 2)):
        optimizer, schedule = paper.optimizer(network, stage, 10)
        assert type(optimizer) is torch.optim.Adam
        assert [group["lr"] for group in optimizer.param_groups] == rates
        learning = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
        region = [*network.trunk.parameters(), *network.region.parameters(), *network.attributes.parameters()]
        patch = [*network.vit.parameters(), *network.patch.parameters()]
        assert learning == {id(parameter) for parameter in region + (patch if stage == 2 else [])}
        assert schedule.step_size == epochs * 100_000 // 16 and schedule.gamma == 0.9
    assert Paper.clip is None and not Paper.calibrated


def test_images_are_read_in_full_size_and_invisible_is_a_value(tmp_path: Path) -> None:
    sizes = [(700, 500), (20, 3000), (300, 310), (1, 1)]
    items = []
    for place, size in enumerate(sizes):
        Image.new("RGB", size, (40 * place, 0, 0)).save(tmp_path / f"{place}.png")
        items.append(Item(str(place), f"{place}.png", "train", {"lapel": ("invisible", "notched")[place % 2]}))
    (tmp_path / "4.png").write_bytes(b"not an image")
    items.append(Item("4", "4.png", "train", {"lapel": "notched"}))
    catalog = Catalog(tmp_path, "coats", tuple(items), (Attribute("lapel", ("invisible", "notched")),))
    whole = data.read(catalog, ["lapel"], Paper.reading)
    assert [tuple(image.shape[1:]) for image in whole.images] == [size[::-1] for size in sizes]
    assert whole.labels[:, 0].tolist() == [0, 1, 0, 1] and whole.unreadable == ("4",)
    assert [int(image[0, 0, 0]) for image in whole.images[1:3]] == [40, 80]
    kept = data.only_labelled(replace(whole, labels=np.array([[-1], [1], [0], [-1]])))
    assert [int(image[0, 0, 0]) for image in kept.images] == [40, 80]
    views = data.read(catalog, ["lapel"], Lapel.reading)
    assert [min(image.shape[1:]) for image in views.images] == [20, 1]  # where nothing can be seen, nothing is learnt
    assert min(data.read(catalog, ["lapel"], Reading(absent=False)).images[0].shape[1:]) == 288
