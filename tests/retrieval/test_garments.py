"""What is proposed to ask by, on pictures small enough to know it by hand."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image

from benchmarks.garments import found_by, halves, true_boxes
from eval.foreground.cutouts import Cutout
from model import RPF
from model.config import tiny
from retrieval import Embedder, Part, Proposing, foreground, overlap, parts_in, proposed
from retrieval.batches import to_tensor
from retrieval.garments import merged


def picture(*parts: tuple[int, int, int, int, float], side: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Chances and colours of a picture with grey parts (left, top, right, bottom in cells of the gate, level)."""
    chances = np.zeros((side, side), np.float32)
    colours = np.zeros((side, side, 3), np.float32)
    for left, top, right, bottom, level in parts:
        chances[top:bottom, left:right] = 1
        colours[top:bottom, left:right] = level
    return chances, colours


EXACT = Proposing(finer=1)


def test_parts_apart_are_figures_the_largest_first() -> None:
    found = proposed(*picture((0, 1, 4, 11, 0.5), (7, 2, 11, 8, 0.5)), EXACT)
    figures = [part.box for part in found if part.figure]
    assert figures == [(0, 1 / 12, 4 / 12, 11 / 12), (7 / 12, 2 / 12, 11 / 12, 8 / 12)]
    assert [part.figure for part in found] == sorted((part.figure for part in found), reverse=True)


def test_a_figure_of_two_colours_falls_into_two_garments() -> None:
    found = proposed(*picture((3, 1, 9, 6, 0.9), (3, 6, 9, 11, 0.1)), EXACT)
    assert found[0] == Part((3 / 12, 1 / 12, 9 / 12, 11 / 12), True)
    assert {part.box for part in found[1:3]} == {
        (3 / 12, 1 / 12, 9 / 12, 6 / 12),
        (3 / 12, 6 / 12, 9 / 12, 11 / 12),
    }


def test_what_is_small_alike_or_too_much_is_left_out() -> None:
    chances, colours = picture((0, 0, 6, 12, 0.5), (10, 10, 12, 12, 0.5))
    assert all(part.box[2] <= 0.5 for part in proposed(chances, colours, EXACT))  # 4 of 144 cells are below 3 %
    noise = np.random.default_rng(0).random((12, 12, 3)).astype(np.float32)
    found = proposed(np.ones((12, 12), np.float32), noise, EXACT)
    assert len(found) == EXACT.most
    boxes = [part.box for part in found]
    assert all(overlap(one, other) < EXACT.alike for one in boxes for other in boxes if one is not other)
    assert proposed(np.zeros((12, 12), np.float32), noise, EXACT) == ()


def test_the_gate_s_cells_are_made_finer_by_colour() -> None:
    chances = np.zeros((6, 6), np.float32)
    chances[:, 2:4] = 1
    (figure, *_) = proposed(chances, np.zeros((12, 12, 3), np.float32))
    assert figure.box == (4 / 12, 0, 8 / 12, 1)


def test_merging_is_ward_s() -> None:
    """Against the criterion computed over all pairs of what is left, in a row of five cells."""
    values = np.array([0.0, 0.1, 1.0, 1.3, 3.0])
    regions = merged(np.ones((1, 5), bool), values[None, :, None], 1)
    left = [[place] for place in range(5)]
    expected = [cells[:] for cells in left]
    while len(left) > 1:
        costs = [
            ((np.var(both) * len(both)) - sum(np.var(part) * len(part) for part in (values[one], values[other])), at)
            for at, (one, other) in enumerate(pairwise(left))
            if len(both := values[[*one, *other]])
        ]
        at = min(costs)[1]
        left[at : at + 2] = [[*left[at], *left[at + 1]]]
        expected.append(left[at])
    assert [sorted(column for _, column in region.cells) for region in regions] == expected
    assert [region.whole for region in regions] == [False] * 8 + [True]


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ((0, 0, 1, 1), (0, 0, 1, 1), 1),
        ((0, 0, 0.5, 1), (0.5, 0, 1, 1), 0),
        ((0, 0, 0.5, 0.5), (0.25, 0.25, 0.75, 0.75), 1 / 7),
        ((0, 0, 0.2, 0.2), (0.6, 0.6, 0.9, 0.9), 0),
        ((0.1, 0.1, 0.1, 0.1), (0.1, 0.1, 0.1, 0.1), 0),
    ],
)
def test_overlap(one: tuple[float, ...], other: tuple[float, ...], share: float) -> None:
    assert overlap(one, other) == pytest.approx(share)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    """Random weights with a gate."""
    torch.manual_seed(0)
    return Embedder(RPF(replace(tiny({"color": ["red", "blue"]}), gate=1.5)), "cpu")


def noise(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8))


def test_of_a_square_picture_the_foreground_is_the_gate_s_own_map(embedder: Embedder) -> None:
    image, model = noise(224, 224), embedder.model
    with torch.inference_mode():
        features = model.features(model.frames([to_tensor(image)]))
        chances = model.region.gate.logits(model.region.feature_norm(features.flatten(2).transpose(1, 2))).sigmoid()
    found = foreground(embedder, image)
    assert found is not None and found.shape == (14, 14)
    assert found == pytest.approx(chances.view(14, 14).numpy(), abs=1e-4)


@pytest.mark.parametrize(("size", "shape"), [((300, 600), (28, 14)), ((500, 400), (14, 18)), ((40, 30), (14, 19))])
def test_a_picture_is_looked_at_in_whole(embedder: Embedder, size: tuple[int, int], shape: tuple[int, int]) -> None:
    found = foreground(embedder, noise(*size))
    assert found is not None and found.shape == shape


@pytest.mark.parametrize("size", [(64, 64), (900, 30), (1, 1), (30, 4000)])
def test_parts_lie_in_the_picture_and_of_a_long_one_in_its_middle(embedder: Embedder, size: tuple[int, int]) -> None:
    everything = Proposing(foreground=0.0, figures=1)
    found = parts_in(embedder, noise(*size), everything)
    across, down = (min(1.0, 4 * min(size) / side) for side in size)
    middle = ((1 - across) / 2, (1 - down) / 2, (1 + across) / 2, (1 + down) / 2)
    assert found[0].figure and found[0].box == pytest.approx(middle, abs=1e-6)
    assert all(part.box[0] < part.box[2] and part.box[1] < part.box[3] for part in found)


def test_weights_without_a_gate_propose_nothing() -> None:
    assert parts_in(Embedder(RPF(tiny({"color": ["red", "blue"]})), "cpu"), noise(60, 60)) == ()


NAMES = ("null", "skin", "coat", "bag", "belt")


def photograph() -> Cutout:
    """10 × 20 pixels: skin above a coat, a bag beside it, and a belt of one pixel."""
    values = np.zeros((20, 10), np.uint8)
    values[2:6, 3:6] = 1
    values[6:16, 2:8] = 2
    values[10:12, 8:10] = 3
    values[10, 4] = 4
    return Cutout(noise(10, 20), values > 0, values)


def test_true_boxes_are_the_person_s_and_those_of_garments_that_can_be_seen() -> None:
    assert list(true_boxes(photograph(), NAMES)) == [
        ("person", (0.2, 0.1, 1.0, 0.8)),
        ("garment", (0.2, 0.3, 0.8, 0.8)),
    ]


def test_what_is_found_is_counted_by_the_best_box() -> None:
    found = found_by("x", lambda image: [(0.0, 0.0, 0.1, 0.1), (0.2, 0.1, 1.0, 0.8)], [photograph()] * 3, NAMES)
    assert found.more["boxes"] == 2 and found.runs == 3
    assert str(found.more["person"]).startswith("100.0 ") and str(found.more["person"]).endswith("of 3")
    assert str(found.more["garment"]).startswith("100.0 ")  # the person's box overlaps the coat's by 0.54
    none = found_by("x", lambda image: [], [photograph()] * 3, NAMES)
    assert str(none.more["person"]).startswith("0.0 ") and none.more["boxes"] == 0


def test_halves_share_no_picture_and_are_drawn_by_the_seed() -> None:
    cutouts = [photograph() for _ in range(7)]
    chosen, measured = halves(cutouts)
    assert [len(chosen), len(measured)] == [3, 4]
    assert {id(one) for one in [*chosen, *measured]} == {id(one) for one in cutouts}
    assert [id(one) for one in halves(cutouts)[0]] == [id(one) for one in chosen]
