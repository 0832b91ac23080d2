import pytest

from ui.dials import Dial, dials

DIAL = Dial("color", "<color>", 1, 0, 2, 0.05, "how much")


@pytest.mark.parametrize(
    ("sent", "kept"), [(0.4, 0.4), ("1.5", 1.5), (7, 2), (-1, 0), ("much", 1), (None, 1), (float("nan"), 1)]
)
def test_what_is_out_of_bounds_becomes_the_bound(sent: object, kept: float) -> None:
    assert DIAL.inside(sent) == kept


def test_number_and_slider_have_the_same_bounds_and_are_named() -> None:
    html = dials([DIAL], "ja")
    assert html.count('min="0" max="2" step="0.05" value="1"') == 2
    assert 'aria-label="&lt;color&gt;"' in html and "<span>&lt;color&gt;</span>" in html
    assert "最大は2です" in html and "最小は0です" in html
