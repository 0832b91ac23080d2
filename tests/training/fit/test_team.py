"""Two processes on the CPU train one network: their gradients are averaged, their weights stay the same."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

import training.fit.team as teams
from catalog import Catalog
from common import environment
from model import load
from tests.extras import needs
from tests.training.fit import pair
from training import state
from training.errors import TrainingError
from training.fit import fit
from training.fit.team import Team, gather

needs("accelerate")
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def two(shop: Catalog, trunks: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two processes of pair.py left behind."""
    out = tmp_path_factory.mktemp("two")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--local-addr=127.0.0.1"]
    command += ["--nproc-per-node=2", "-m", "tests.training.fit.pair", str(shop.root), str(trunks), str(out)]
    told = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=200
    )
    assert told.returncode == 0, told.stderr[:4000]
    return out


def told(two: Path) -> list[dict]:
    return [json.loads((two / f"told-{rank}.json").read_text()) for rank in (0, 1)]


def test_the_averaged_gradient_is_that_of_one_process_on_both_halves(
    two: Path, shop: Catalog, trunks: Path, tmp_path: Path
) -> None:
    halves = []
    for rank in (0, 1):
        alone = Team(torch.device("cpu"))
        alone.rank = rank
        halves.append(pair.gradients(pair.half(shop), trunks, tmp_path, alone))
    found = [load_file(two / f"gradients-{rank}.safetensors") for rank in (0, 1)]
    assert set(found[0]) == set(found[1]) == set(halves[0]) == set(halves[1])
    assert {"1/trunk.conv1.weight", "2/vit.blocks.0.attn.qkv.weight"} <= set(found[0])
    for name, gradient in found[0].items():
        assert torch.equal(gradient, found[1][name]), name
        wanted = (halves[0][name] + halves[1][name]) / 2
        assert torch.allclose(gradient, wanted, rtol=1e-5, atol=1e-5 * float(wanted.abs().max())), name
    assert any(not torch.allclose(halves[0][name], halves[1][name], rtol=1e-2) for name in halves[0])


def test_all_processes_end_with_equal_weights_and_one_of_them_writes(two: Path) -> None:
    first, second = told(two)
    assert first["weights"] == second["weights"]
    assert first["record"] == second["record"]
    lot = {"processes": 2, "global_batch": 128, "learning_rate": teams.LEARNING_RATE}
    assert first["record"]["parallel"] == lot
    assert json.loads((two / "whole" / "training.json").read_text()) == first["record"]
    assert any("step 2/2" in line for line in first["said"]) and second["said"] == []
    lines = [json.loads(line) for line in (two / "whole" / "log.jsonl").read_text().splitlines()]
    steps = [line for line in lines if "supcon" in line]
    assert [(line["stage"], line["step"]) for line in steps] == [(stage, step) for stage in (1, 2) for step in (1, 2)]
    assert all(np.isfinite(line["supcon"]) for line in steps)


def test_a_killed_run_of_two_resumes_to_the_same_weights(two: Path) -> None:
    first, second = told(two)
    assert first["resumed"] == second["resumed"] == first["weights"]
    assert any("resuming at stage 2, step 1" in line for line in first["again"])
    assert load(two / "killed").digest == load(two / "whole").digest


def test_weights_that_come_apart_are_noticed(two: Path) -> None:
    assert all("have come apart" in one["apart"] for one in told(two))


def test_one_process_does_not_go_on_from_the_checkpoint_of_two(two: Path, shop: Catalog, trunks: Path) -> None:
    assert (two / "whole" / state.NAME).exists()
    pair.small_world()
    with pytest.raises(TrainingError, match="run with other processes"):
        fit([pair.half(shop)], two / "whole", trunks, pair.PLAN, "cpu", lambda line: None)


def test_a_process_alone_asks_nothing_of_accelerate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    monkeypatch.setattr(teams, "find_spec", lambda name: None)
    assert gather("cpu").accelerator is None and gather("cpu").lot(7, 1, 2) == (7, 1, 2)
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert environment.processes() == 2
    with pytest.raises(TrainingError, match="make scale"):
        gather("cpu")
