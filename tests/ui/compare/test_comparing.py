"""What two rankings have in common, and the sentence that says it."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from ui.asked import Asked, AskedTerm, Picture, like
from ui.compare.comparing import Agreement, Move, agreement, better, moves, overlap, reach
from ui.compare.montage import SURE, Cut, cut_out, montage, rim_colour
from ui.compare.ways import GENERAL, ORDINARY, PATCH, TRAINED, WEIGHTS, WITHOUT, Way, chosen

LEFT, RIGHT = list("abcdef"), list("dbxyza")


def test_overlap_is_of_the_first_k() -> None:
    assert [overlap(LEFT, RIGHT, k) for k in (1, 2, 4, 6)] == [0, 1, 2, 3]
    assert overlap([], RIGHT, 3) == 0


def test_moves_tell_the_places_on_both_sides_of_all_that_is_shown() -> None:
    found = moves(LEFT, RIGHT, 2)
    assert list(found) == ["a", "b", "d"]
    assert found["a"] == Move("a", 1, 6)
    assert found["b"] == Move("b", 2, 2)
    assert moves(LEFT, RIGHT, 3)["x"] == Move("x", None, 3)


def test_moves_of_random_rankings_are_their_places() -> None:
    random = np.random.default_rng(3)
    left, right = (random.permutation(30).astype(str).tolist() for _ in range(2))
    for item, move in moves(left, right, 12).items():
        assert (left.index(item) + 1, right.index(item) + 1) == (move.left, move.right)
        assert min(left.index(item), right.index(item)) < 12


def test_agreement_counts_what_can_be_judged_and_what_chance_would_find() -> None:
    said = {"a": True, "b": False, "c": None, "d": True, "e": False, "f": False}
    found = agreement(["a", "c", "b"], list(said), said.get)
    assert found == Agreement(right=1, known=2, shown=3, chance=2 / 5)
    assert found.share == 0.5 and found.by_lot == pytest.approx(0.8)
    nothing = agreement(["c"], ["c"], said.get)
    assert nothing.share is None and nothing.by_lot is None


@pytest.mark.parametrize(
    ("left", "right", "sign"),
    [((4, 12), (9, 12), 1), ((9, 12), (4, 12), -1), ((3, 6), (6, 12), 0), ((1, 3), (33, 100), -1), ((0, 0), (5, 5), 0)],
)
def test_the_better_side_has_the_larger_share(left: tuple[int, int], right: tuple[int, int], sign: int) -> None:
    sides = [Agreement(right, known, 12, 0.1) for right, known in (left, right)]
    assert better(*sides) == sign


def test_reach_is_the_place_down_to_which_half_are_found() -> None:
    assert reach(list("abcd"), list("axbycd")) == 3
    assert reach(list("abc"), list("axbyc")) == 3
    assert reach(list("ab"), list("xya")) == 3
    assert reach(list("abcd"), list("xa")) is None and reach([], list("ab")) is None


def test_a_way_asks_for_other_shares_or_without_a_term() -> None:
    terms = (AskedTerm("collar", Picture(item="a")), AskedTerm("color", "navy", -1.0))
    asked = Asked(terms, beta=0.4, gamma=0.2)
    assert (Way(PATCH).asks(asked).beta, Way(PATCH).asks(asked).gamma) == (0.0, 0.2)
    assert Way(GENERAL).asks(asked).gamma == 1.0
    assert Way(TRAINED).asks(asked) == Asked(terms)
    assert Way(WITHOUT, "1").asks(asked).terms == terms[1:]
    assert Way(ORDINARY).asks(asked) == asked


@pytest.mark.parametrize("way", [Way(ORDINARY), Way(WITHOUT, "2"), Way(WEIGHTS, "owner/name@v1:2"), Way(WEIGHTS)])
def test_a_way_is_read_as_it_is_written(way: Way) -> None:
    assert Way.read(way.written) == way


def test_an_address_that_names_no_way_gets_that_of_its_side() -> None:
    known = [Way("ordinary"), Way("lapel")]
    assert [chosen(text, "left", known).kind for text in ("lapel", "", "without:9")] == [
        "lapel",
        "ordinary",
        "ordinary",
    ]
    assert chosen("nonsense", "right", known) == Way("lapel")


def test_a_query_by_one_picture_has_a_term_for_each_attribute() -> None:
    assert like(Picture(item="a"), {"collar": 1.0})[0].item == "a"


def drawn() -> tuple[Image.Image, np.ndarray]:
    """A red garment on grey with noise, and which of its pixels are the garment."""
    noise = np.random.default_rng(0).integers(-12, 13, (120, 90, 3))
    image, mask = Image.new("RGB", (90, 120), (190, 190, 185)), Image.new("L", (90, 120))
    for canvas, fill in ((image, (180, 40, 40)), (mask, 255)):
        ImageDraw.Draw(canvas).polygon([(30, 20), (60, 20), (75, 95), (15, 95)], fill=fill)
    return Image.fromarray((np.array(image) + noise).clip(0, 255).astype(np.uint8)), np.array(mask) > 0


def cut() -> Cut:
    """The drawn garment, cut out by a map as coarse as the network's."""
    image, mask = drawn()
    blurred = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(8))
    return cut_out(image, np.asarray(blurred, np.float32) / 255)


def test_colours_sharpen_a_coarse_map() -> None:
    found, mask = cut(), drawn()[1]
    kept = found.chance >= SURE
    assert (kept & mask).sum() / (kept | mask).sum() > 0.95
    assert found.clear and abs(found.share - mask.mean()) < 0.03


def test_a_montage_keeps_the_garment_and_nothing_else() -> None:
    found, mask = cut(), drawn()[1]
    blue = Cut(Image.new("RGB", (40, 40), (30, 60, 200)), np.zeros((40, 40), np.float32))
    made, before = np.asarray(montage(found, blue), int), np.asarray(found.image, int)
    inside = np.asarray(Image.fromarray(mask).filter(ImageFilter.MinFilter(9)))
    outside = ~np.asarray(Image.fromarray(mask).filter(ImageFilter.MaxFilter(9)))
    assert np.abs(made - before)[inside].max() <= 3
    assert np.abs(made[outside] - (30, 60, 200)).max() <= 3


def test_the_garment_of_the_other_picture_is_not_in_the_montage() -> None:
    other = Cut(Image.new("RGB", (90, 120), (10, 200, 10)), np.ones((120, 90), np.float32))
    pixels = np.array(other.image)
    pixels[:, :20] = (200, 200, 30)
    chance = other.chance.copy()
    chance[:, :20] = 0
    found = Cut(drawn()[0], np.zeros((120, 90), np.float32))
    made = np.asarray(montage(found, Cut(Image.fromarray(pixels), chance)), int)
    assert np.abs(made[:, 45:] - (200, 200, 30)).max() < 25


def test_the_rim_tells_the_background() -> None:
    assert np.abs(rim_colour(drawn()[0]) - (190, 190, 185)).max() < 6
