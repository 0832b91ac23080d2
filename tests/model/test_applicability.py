import numpy as np
import pytest
import torch

from model.applicability import Applicability, applicability_features


def _filled() -> Applicability:
    network = Applicability(3, 8)
    generator = torch.Generator().manual_seed(0)
    network.weight[:2] = torch.randn(2, 8, generator=generator)
    network.bias[:2] = torch.tensor([0.5, -0.25])
    return network


def test_new_weights_say_that_everything_can_be_seen() -> None:
    assert (Applicability(4, 8).read(np.ones((3, 8), np.float16)) == 1).all()


def test_chance_is_the_logistic_function_of_a_weighted_sum() -> None:
    network = _filled()
    rows = np.random.default_rng(0).normal(size=(5, 8)).astype(np.float32)
    weight, bias = network.weight.numpy(), network.bias.numpy()
    expected = 1 / (1 + np.exp(-(rows @ weight[:2].T + bias[:2])))
    chance = network.read(rows)
    assert chance.dtype == np.float32 and chance.shape == (5, 3)
    np.testing.assert_allclose(chance[:, :2], expected, atol=1e-6)
    assert (chance[:, 2] == 1).all()


def test_a_bias_alone_counts() -> None:
    network = Applicability(1, 8)
    network.bias[0] = -2.0
    assert network.read(np.zeros((1, 8), np.float32))[0, 0] == pytest.approx(1 / (1 + np.exp(2)))


@pytest.mark.parametrize("precision", [torch.float16, torch.bfloat16])
def test_half_precision_buffers_give_nearly_the_same(precision: torch.dtype) -> None:
    network, rows = _filled(), torch.randn(6, 8, generator=torch.Generator().manual_seed(1))
    exact = network(rows)
    with torch.autocast("cpu", torch.bfloat16):
        half = network.to(precision)(rows.half())
    assert half.dtype == torch.float32
    torch.testing.assert_close(half, exact, atol=0.02, rtol=0)


def test_weights_are_kept_in_the_state() -> None:
    state = _filled().state_dict()
    assert set(state) == {"weight", "bias"}
    again = Applicability(3, 8)
    again.load_state_dict(state)
    rows = np.eye(8, dtype=np.float32)
    np.testing.assert_array_equal(again.read(rows), _filled().read(rows))


def test_features_are_the_general_view_and_the_summary_of_the_whole_embeddings() -> None:
    rng = np.random.default_rng(0)
    general, summary = rng.normal(size=(2, 4)).astype(np.float16), rng.normal(size=(2, 5)).astype(np.float16)
    found = applicability_features(general, summary)
    assert found.dtype == np.float32 and found.shape == (2, 9)
    np.testing.assert_array_equal(found[:, :4], general.astype(np.float32))
    np.testing.assert_allclose(found[:, 4:], 2 * summary.astype(np.float64), atol=2e-6)
