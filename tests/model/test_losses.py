"""Each loss recomputed term by term in Python, in several dtypes, and under autocast."""

import math
from collections.abc import Callable

import pytest
import torch

from model.losses import ABSENT, cosine_distance, e_infonce, supcon, triplet


def unit(rows: torch.Tensor) -> list[list[float]]:
    return [(row / row.norm()).tolist() for row in rows.double()]


def dot(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def rows(count: int, dtype: torch.dtype, seed: int) -> torch.Tensor:
    return torch.randn(count, 12, generator=torch.Generator().manual_seed(seed)).to(dtype)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_triplet(dtype: torch.dtype) -> None:
    embeddings = rows(15, dtype, 0)
    z = unit(embeddings)
    terms = [max(0.0, 0.2 - dot(z[i], z[5 + i]) + dot(z[i], z[10 + i])) for i in range(5)]
    assert triplet(embeddings).item() == pytest.approx(sum(terms) / 5, rel=1e-5)


def test_triplet_rests_at_the_margin_when_collapsed() -> None:
    assert triplet(torch.ones(9, 4)).item() == pytest.approx(0.2)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_e_infonce(dtype: torch.dtype) -> None:
    r, p, b = (rows(9, dtype, seed) for seed in (1, 2, 3))
    attributes, values = torch.tensor([0, 0, 1, 0, 0, 1, 0, 0, 1]), torch.tensor([1, 2, 1, 1, 2, 1, 2, 1, 0])
    zr, zp, zb = unit(r), unit(p), unit(b)
    terms = []
    for i in range(9):
        same = [(attributes[i] == attributes[j]).item() for j in range(9)]
        positive = [same[j] and (values[i] == values[j]).item() for j in range(9)]
        pos = sum(math.exp(dot(zr[i], zp[j]) / 0.07) for j in range(9) if positive[j])
        neg = sum(math.exp(dot(zr[i], zp[j]) / 0.07) for j in range(9) if not positive[j])
        bg = sum(math.exp(dot(zr[i], zb[j]) / 0.07) for j in range(9) if same[j])
        terms.append(math.log(pos + neg + 12 * bg) - math.log(pos))
    assert e_infonce(r, p, b, attributes, values).item() == pytest.approx(sum(terms) / 9, rel=1e-4)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_supcon(dtype: torch.dtype) -> None:
    embeddings, values = rows(8, dtype, 4), torch.tensor([0, 1, 0, -1, 1, 2, 0, -1])
    z = unit(embeddings)
    known = [i for i in range(8) if values[i] >= 0]
    terms = []
    for i in known:
        others = [j for j in known if j != i]
        positives = [j for j in others if values[j] == values[i]]
        if positives:
            total = sum(math.exp(dot(z[i], z[j]) / 0.1) for j in others)
            terms.append(-sum(dot(z[i], z[j]) / 0.1 - math.log(total) for j in positives) / len(positives))
    assert supcon(embeddings, values).item() == pytest.approx(sum(terms) / len(terms), rel=1e-4)


def test_supcon_without_positives_is_zero_and_has_a_gradient() -> None:
    embeddings = rows(3, torch.float32, 5).requires_grad_()
    loss = supcon(embeddings, torch.tensor([0, 1, -1]))
    loss.backward()
    assert loss.item() == 0 and embeddings.grad is not None and embeddings.grad.abs().max() == 0


def test_absent_items_repel_and_are_no_anchors() -> None:
    embeddings = torch.tensor([[1.0, 0], [1, 0], [0, 1], [0, 1]])
    two = supcon(embeddings[:2], torch.tensor([0, 0]))
    assert two.item() == pytest.approx(0)
    with_absent = supcon(embeddings, torch.tensor([0, 0, ABSENT, ABSENT]))
    assert with_absent.item() == pytest.approx(float(torch.log1p(2 * torch.exp(torch.tensor(-10.0)))), rel=1e-2)
    assert supcon(embeddings[2:], torch.tensor([ABSENT, ABSENT])).item() == 0


def crowded(seed: int) -> torch.Tensor:
    """Embeddings that hardly differ, as those of an attribute that has not been learnt yet."""
    return torch.ones(12, 64) + 0.05 * torch.randn(12, 64, generator=torch.Generator().manual_seed(seed))


VALUES = torch.arange(12) % 3
LOSSES: dict[str, Callable[..., torch.Tensor]] = {
    "triplet": lambda r, p, b: triplet(r) + triplet(p) + triplet(b),
    "e_infonce": lambda r, p, b: e_infonce(r, p, b, VALUES % 2, VALUES),
    "supcon": lambda r, p, b: supcon(r, VALUES) + supcon(p, VALUES) + supcon(b, VALUES),
    "cosine_distance": lambda r, p, b: cosine_distance(r, p).mean() + cosine_distance(b, r).mean(),
}


@pytest.mark.parametrize("name", LOSSES)
def test_autocast_changes_neither_loss_nor_gradient(name: str) -> None:
    def computed(half: bool) -> list[torch.Tensor]:
        rows = [crowded(seed).requires_grad_() for seed in range(3)]
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            loss = LOSSES[name](*rows)
        loss.backward()
        return [loss.detach(), *(row.grad for row in rows if row.grad is not None)]

    plain, mixed = computed(half=False), computed(half=True)
    assert len(plain) == len(mixed) == 4 and all(torch.equal(a, b) for a, b in zip(plain, mixed, strict=True))


@pytest.mark.parametrize("name", LOSSES)
def test_bfloat16_embeddings_are_widened_first(name: str) -> None:
    rows = [crowded(seed).bfloat16() for seed in range(3)]
    loss = LOSSES[name](*rows)
    assert loss.dtype == torch.float32 and torch.equal(loss, LOSSES[name](*(row.float() for row in rows)))
