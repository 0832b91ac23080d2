"""Files of the released implementation become a weights folder; others are refused in one line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from model import WeightsError, load
from model.official import read_checkpoint, read_state
from tests.model import golden as recorded


@recorded.needs_golden
def test_a_checkpoint_converts_to_a_weights_folder(tmp_path: Path) -> None:
    golden = recorded.load()
    options = json.loads(str(golden["options"]))
    attributes = {f"attribute {i}": ["a", "b"] for i in range(int(golden["n_attributes"]))}
    torch.save({"epoch": 3, "model": recorded.state_dict(golden), "mAP": 0.5}, tmp_path / "released.pth.tar")
    (tmp_path / "attributes.json").write_text(json.dumps(attributes))
    heads = ["--heads", str(options.get("MODEL.TRANSFORMER.CROSS_NUM_HEADS", 12))]
    heads += ["--vit-heads", str(options.get("MODEL.TRANSFORMER.NUM_HEADS", 12))]
    files = [str(tmp_path / "released.pth.tar"), "--attributes", str(tmp_path / "attributes.json")]
    command = [sys.executable, "-m", "model", "convert", *files, "--out", str(tmp_path / "ours"), *heads]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    ours = load(tmp_path / "ours")
    assert list(ours.config.attributes) == list(attributes)
    wanted = recorded.state_dict(golden)["choices.global.attnnet.feature_fc.weight"]
    assert torch.allclose(ours.region.foreground.weight, wanted, atol=2e-3)


@recorded.needs_golden
def test_the_number_of_attributes_must_fit() -> None:
    with pytest.raises(WeightsError, match="1 names were given"):
        read_state(recorded.state_dict(recorded.load()), {"color": []})


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.pth").write_text("hello")
    with pytest.raises(WeightsError, match="not a readable checkpoint"):
        read_checkpoint(tmp_path / "text.pth", {})
    torch.save({"weights": 1}, tmp_path / "other.pth")
    with pytest.raises(WeightsError, match="no 'model' state dict"):
        read_checkpoint(tmp_path / "other.pth", {})
    torch.save({"model": {"layer.weight": torch.zeros(2)}}, tmp_path / "resnet.pth")
    with pytest.raises(WeightsError, match="not a released RPF checkpoint"):
        read_checkpoint(tmp_path / "resnet.pth", {})
