"""The shown map and its close-up, on maps small enough to compute by hand."""

import numpy as np
import pytest

from retrieval.looked import HELD, LEAST, close_up, shown


def spot(top: int, left: int, side: int = 14) -> np.ndarray:
    found = np.zeros((side, side), np.float32)
    found[top, left] = 1
    return found


def test_what_both_branches_look_at_is_shown() -> None:
    region = np.array([[0.5, 0.5], [0, 0]], np.float32)
    whole = np.array([[0.1, 0.3], [0.6, 0]], np.float32)
    assert shown(region, whole) == pytest.approx(np.array([[0.25, 0.75], [0, 0]]))
    assert shown(region, whole).dtype == np.float32


def test_an_even_map_and_none_leave_the_other_as_it_is() -> None:
    region = np.random.default_rng(0).dirichlet(np.ones(196)).reshape(14, 14)
    assert shown(region) == pytest.approx(region)
    assert shown(region, np.full((14, 14), 1 / 196)) == pytest.approx(region)
    assert shown(region, np.full((7, 7), 1 / 49)) == pytest.approx(region)


def test_fewer_cells_cover_the_same_square() -> None:
    both = shown(np.full((14, 14), 1 / 196), spot(2, 5, side=7))
    assert both[4:6, 10:12].sum() == pytest.approx(1)


def test_maps_with_nothing_in_common_show_the_region() -> None:
    assert shown(spot(3, 4), spot(8, 8)).tolist() == spot(3, 4).tolist()


def test_a_close_up_holds_the_share_and_nothing_smaller_does() -> None:
    attention = np.random.default_rng(1).dirichlet(np.full(196, 0.05)).reshape(14, 14)
    left, top, right, bottom = close_up(attention, (0, 0, 14, 14))
    cells = right - left
    assert bottom - top == cells > LEAST and attention[top:bottom, left:right].sum() >= HELD
    smaller = [
        attention[y : y + cells - 1, x : x + cells - 1].sum() for y in range(16 - cells) for x in range(16 - cells)
    ]
    assert max(smaller) < HELD
    peers = [attention[y : y + cells, x : x + cells].sum() for y in range(15 - cells) for x in range(15 - cells)]
    assert attention[top:bottom, left:right].sum() == pytest.approx(max(peers))


def test_a_close_up_lies_in_the_frame_and_in_its_pixels() -> None:
    left, top, right, bottom = close_up(spot(13, 0), (100, 40, 380, 320))
    assert (left, bottom) == (100, 320) and right - left == bottom - top == LEAST * 20
    assert close_up(np.full((14, 14), 1 / 196), (5, 0, 229, 224), held=1) == (5, 0, 229, 224)
