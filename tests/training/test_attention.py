"""The loss that draws attention onto a foreground, in float32 whatever surrounds it."""

import pytest
import torch

from model import RPF
from tests.training.conftest import small
from training.attention import attention_loss, mass_loss
from training.gating import with_gate


def test_minus_the_logarithm_of_the_mass_on_the_mask() -> None:
    attention = torch.zeros(3, 1, 196)
    attention[0, 0, 0], attention[0, 0, 195], attention[1, 0, 13], attention[2, 0, 5] = 0.25, 0.75, 1, 1
    masks = torch.zeros(3, 28, 28)
    masks[0, 26:, 26:] = 1  # the last cell
    masks[1, :2, 26:] = 0.5  # half of the cell in the upper right corner; the third image has no mask
    expected = -(torch.tensor([0.75, 0.5]).log().sum()) / 2
    assert mass_loss(attention, masks).item() == pytest.approx(expected.item())


def test_autocast_does_not_change_it() -> None:
    generator = torch.Generator().manual_seed(0)
    attention = (torch.randn(4, 2, 196, generator=generator) * 0.01).softmax(-1)
    masks = (torch.rand(4, 28, 28, generator=generator) > 0.5).float()
    found = []
    for half in (False, True):
        maps = attention.clone().requires_grad_()
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            mass_loss(maps, masks).backward()
        found.append(maps.grad)
    assert found[0] is not None and torch.equal(found[0], found[1])


@torch.no_grad()
def test_what_a_gate_judges_of_unknown_masks_is_judged_in_float32() -> None:
    torch.manual_seed(0)
    network = with_gate(RPF(small({"color": ["red"]})).eval(), 2.0)
    kinds: list[torch.dtype] = []
    network.region.gate.hidden.register_forward_hook(lambda module, given, out: kinds.append(out.dtype))
    with torch.autocast("cpu", torch.bfloat16):
        attention_loss(network, torch.randn(1, 256, 4, 4), torch.zeros(1, 64, 64))
    assert kinds[-1] == torch.float32
