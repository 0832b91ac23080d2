"""Background swap: exact on vectors, and on drawn garments with a real network."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import save_file

from catalog import load_catalog
from eval.__main__ import main
from eval.foreground.cutouts import read_cutouts
from eval.foreground.swap import read_pairs, stability, swap, unit
from model import CONFIGS, RPF, save


def test_nothing_moves_nothing_changes() -> None:
    vectors = unit(np.random.default_rng(0).standard_normal((20, 5)))
    assert stability(vectors, vectors) == pytest.approx((1, 1))


def test_a_ranking_turned_round_shares_nothing() -> None:
    vectors = unit(np.random.default_rng(0).standard_normal((31, 5)))
    cosine, overlap = stability(vectors, -vectors)
    assert cosine == pytest.approx(-1) and overlap == 0


class Stored:
    """In the place of an embedder, and of one of global features: vectors that are there already."""

    def __init__(self, images: list[np.ndarray]) -> None:
        self.sections = images

    def vectors(self, images: list[int], names: list[str]) -> dict[str, np.ndarray]:
        return {name: np.hstack([part[images] for part in self.sections]) for name in names}

    def shares(self, name: str) -> np.ndarray:
        return np.repeat([0.3, 0.7], [part.shape[1] for part in self.sections])

    def embed(self, images: list[int]) -> np.ndarray:
        return self.sections[0][images]


def test_the_cosine_of_a_swap_is_the_weighted_sum_of_cosines() -> None:
    rng = np.random.default_rng(0)
    region, crop = unit(rng.standard_normal((26, 3))), unit(rng.standard_normal((26, 5)))
    before, after = list(range(13)), list(range(13, 26))
    stored = Stored([region, crop])
    found = swap(before, after, {"color": np.ones(13, bool)}, stored, stored)["color"]  # type: ignore[arg-type]
    scores = [0.3 * region[a] @ region[b] + 0.7 * crop[a] @ crop[b] for a, b in zip(before, after, strict=True)]
    assert found["cosine"] == pytest.approx(np.mean(scores))


def draw(folder: Path, count: int, *flags: str) -> Path:
    """A drawn catalog and the same garments before other backgrounds, below a folder."""
    for name, more in (("plain", []), ("swapped", ["--swapped"])):
        command = [sys.executable, "-m", "atelier", "--seed", "5", "--items", str(count), "--out", str(folder / name)]
        subprocess.run([*command, *more, *flags], check=True, capture_output=True)
    return folder


def test_only_the_background_of_a_drawn_pair_differs(tmp_path: Path) -> None:
    drawn = draw(tmp_path, 3, "--masks")
    before, after, showing = read_pairs(load_catalog(drawn / "plain"), load_catalog(drawn / "swapped"))
    cutouts = [read_cutouts(drawn / name) for name in ("plain", "swapped")]
    assert all((a.foreground == b.foreground).all() for a, b in zip(*cutouts, strict=True))
    assert all(showing["color"]) and {len(before), len(after), len(showing["color"])} == {3}
    moved = [np.abs(np.asarray(a, int) - np.asarray(b, int)).max(-1) > 8 for a, b in zip(before, after, strict=True)]
    assert all(0.05 < pixels.mean() < 0.95 for pixels in moved)


def test_both_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    save(RPF(CONFIGS["tiny"]({"color": ["red"], "fit": ["slim"]})), tmp_path / "weights")
    save_file(timm.create_model("vit_tiny_patch16_224").state_dict(), tmp_path / "vit_tiny_patch16_224.safetensors")
    common = ["--weights", str(tmp_path / "weights")]
    drawn, few = draw(tmp_path / "drawn", 13), draw(tmp_path / "few", 5)
    asked = [
        "swap",
        *common,
        "--init",
        str(tmp_path),
        "--plain",
        str(drawn / "plain"),
        "--swapped",
        str(drawn / "swapped"),
        "--out",
        str(tmp_path / "swap.json"),
        "--json",
    ]
    assert main(asked) == 0
    report = json.loads(capsys.readouterr().out)
    assert report == json.loads((tmp_path / "swap.json").read_text())
    assert list(report["attributes"]) == ["color"] and report["mean"]["items"] == 13
    assert all(0 <= report["mean"][key] <= 1 for key in ("overlap", "overlap_global"))
    assert (
        main(
            ["swap", *common, "--init", str(tmp_path), "--plain", str(few / "plain"), "--swapped", str(few / "swapped")]
        )
        == 2
    )
    assert "only 5 items" in capsys.readouterr().err
    assert main(["attention", *common]) == 2
    assert "--masks" in capsys.readouterr().err
    for mistake, words in (
        (["attention", *common, "--masks", str(tmp_path), "--limit", "-1"], "--limit must be at least 1"),
        (["swap", *common, "--init", str(tmp_path), "--seed", "-1"], "--seed must be at least 0"),
        (["swap", *common, "--init", str(tmp_path), "--plain", str(few / "plain")], "give --masks DIR, or --plain DIR"),
        (
            [*asked[: asked.index("--plain")], "--plain", str(drawn / "plain"), "--swapped", str(few / "swapped")],
            "plain and swapped hold other items",
        ),
        ([*asked[:-2], str(tmp_path / "swap.json" / "below.json")], "cannot be written"),
    ):
        assert main(mistake) == 2
        assert words in capsys.readouterr().err.strip().splitlines()[-1]
