"""The loss of the recipe `lapel` in float32, and views of pictures of any shape."""

import numpy as np
import pytest
import torch

from training import augment, foreground
from training.recipes.lapel import contrast_loss


def test_autocast_changes_neither_loss_nor_gradient_of_crowded_embeddings() -> None:
    generator = torch.Generator().manual_seed(0)
    crowded = torch.ones(12, 2, 32) + 0.05 * torch.randn(12, 2, 32, generator=generator)
    labels = torch.stack((torch.arange(12) % 3, torch.arange(12) % 2), 1)
    found = []
    for half in (False, True):
        embeddings = crowded.clone().requires_grad_()
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            loss = contrast_loss(embeddings, labels)
        loss.backward()
        found.append((loss.detach(), embeddings.grad))
    assert torch.equal(found[0][0], found[1][0])
    assert found[0][1] is not None and torch.equal(found[0][1], found[1][1])


@pytest.mark.parametrize("shape", [(1, 1), (20, 3000), (3000, 20), (2, 1)])
def test_pictures_of_any_shape_have_views(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    image = torch.from_numpy(rng.integers(0, 200, (3, *shape), np.uint8))
    usual = torch.from_numpy(rng.integers(0, 200, (3, 60, 50), np.uint8))
    views = augment.views([image, usual], 112, rng, (0.5, 1.0))
    assert views.shape == (2, 3, 112, 112)
    for one, other in ((image, usual), (usual, image)):
        composite, alpha = foreground.before_another(one, torch.ones(one.shape[1:], dtype=torch.bool), other, 64, rng)
        assert composite.shape == (3, 64, 64) and 0 < float(alpha.mean()) <= 1
    assert foreground.find(image) is None
