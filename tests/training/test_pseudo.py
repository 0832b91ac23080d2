"""What the frozen ViT says of images without a label."""

from pathlib import Path

import numpy as np
import pytest
import torch

from catalog import Catalog
from eval.baseline import GlobalFeatures
from eval.errors import EvalError
from training import data
from training.fit import Extras, Plan, fit
from training.pseudo import complete, discriminants, vote


def test_neighbours_that_agree_give_a_label() -> None:
    embeddings = torch.tensor([[1.0, 0], [1, 0], [0, 1], [0, 1], [1, 0], [0.7071, 0.7071]])
    assert vote(embeddings, np.array([0, 0, 1, 1, -1, -1])).tolist() == [0, 0, 1, 1, 0, -1]


def test_discriminants_tell_the_values_of_one_attribute_apart() -> None:
    rng = np.random.default_rng(0)
    values = np.arange(60) % 2
    drawn = rng.normal(0, 1, (60, 16))
    drawn[:, 3] = 0.8 * (2 * values - 1) + rng.normal(0, 0.2, 60)  # a small part of what differs
    unit = torch.nn.functional.normalize(torch.from_numpy(drawn).float(), dim=-1)
    known = np.where(np.arange(60) < 40, values, -1)
    found = discriminants(unit, known, unit[40:])
    same = torch.from_numpy(values[40:, None] == values[None, 40:])
    apart = [(sims[same].mean() - sims[~same].mean()).item() for sims in (unit[40:] @ unit[40:].T, found @ found.T)]
    assert apart[1] > 2 * apart[0] > 0
    assert found.norm(dim=-1) == pytest.approx(1, abs=1e-5)


def test_missing_labels_are_filled_and_given_ones_kept(shop: Catalog, pretrained: Path) -> None:
    whole = data.read(shop.split("train"), list(data.vocabulary([shop])))
    thin = data.thin(whole, 0.4, seed=0)
    filled = complete(thin, GlobalFeatures(pretrained)).labels
    given = thin.labels >= 0
    assert (filled[given] == thin.labels[given]).all()
    new = (filled[:, 0] >= 0) & ~given[:, 0] & (whole.labels[:, 0] >= 0)
    assert new.sum() >= 5
    assert (filled[new, 0] == whole.labels[new, 0]).mean() > 0.8  # of three colours


def test_a_run_with_few_labels_learns_from_more_images(shop: Catalog, pretrained: Path, tmp_path: Path) -> None:
    images = []
    for pseudo in (False, True):
        plan = Plan(config="small-region", steps=(1, 0), labels=0.3, pseudo=pseudo, bfloat16=False)
        record = fit([shop], tmp_path / str(pseudo), pretrained, plan, "cpu", lambda line: None)
        assert record["plan"]["pseudo"] == pseudo
        images.append(record["catalogs"][0]["train_images"])
    assert images[1] > images[0]
    with pytest.raises(EvalError, match="give the pretrained ViT"):
        trunks = Extras(trunks=tmp_path / "True")  # weights, without a ViT
        fit([shop], tmp_path / "on", tmp_path / "True", plan, "cpu", lambda line: None, trunks)
    assert not (tmp_path / "on").exists()
