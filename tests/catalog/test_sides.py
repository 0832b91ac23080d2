"""Pictures of one item by their names."""

import pytest

from catalog import Wish, look
from catalog.sides import side_of, together
from tests.catalog.test_layouts import COLORS, images, lines


@pytest.mark.parametrize(
    ("path", "key", "told"),
    [
        ("a/A1.jpg", "a/a1", False),
        ("a/A1_2.jpg", "a/a1", True),
        ("a/A1-back.jpg", "a/a1", True),
        ("a/A1 (3).jpg", "a/a1", True),
        ("a/A1 detail 2.jpg", "a/a1", True),
        ("a/A1裏.jpg", "a/a1", True),
        ("a/A1/front.jpg", "a/a1", True),
        ("IMG_0001.jpg", "img_0001", False),
        ("comeback.jpg", "comeback", False),
        ("1234.jpg", "1234", False),
        ("front.jpg", "front", False),
    ],
)
def test_what_names_say(path, key, told):
    assert (side_of(path)[0], side_of(path)[2]) == (key, told)


def test_the_front_comes_first_and_series_are_none():
    assert list(together(["A_back.jpg", "A_front.jpg", "B (2).jpg", "B.jpg", "C_2.jpg"]).values()) == [
        ["A_front.jpg", "A_back.jpg"],
        ["B.jpg", "B (2).jpg"],
    ]
    assert together([f"look-{n:02}.jpg" for n in range(1, 30)]) == {}


def test_photographs_without_a_table_become_items(tmp_path):
    names = [f"{n}{side}.jpg" for n in ("K1", "K2") for side in ("_back", "_front", "_3")]
    found = look(images(tmp_path / "x", [*names, "alone.jpg"]), tmp_path / "home")
    assert found.items == 7
    (problem,) = [problem for problem in found.problems if problem.kind == "sides"]
    assert (problem.count, problem.mend, problem.on, problem.safe) == (4, "sides", False, False)
    one = found.with_wish(found.wish.with_mend("sides", True))
    assert [item.pictures for item in one.catalog] == [
        ("K1_front.jpg", "K1_3.jpg", "K1_back.jpg"),
        ("K2_front.jpg", "K2_3.jpg", "K2_back.jpg"),
        ("alone.jpg",),
    ]


def test_images_that_no_row_names_join_their_item(tmp_path):
    folder = images(tmp_path / "x", [f"{n}{side}.png" for n in range(100, 104) for side in ("", "_2", "-back")])
    (folder / "other.png").write_bytes((folder / "100.png").read_bytes())
    (folder / "items.csv").write_text(lines("id,color", lambda n: f"{n + 100},{COLORS[n % 2]}", 4))
    found = look(folder, tmp_path / "home", Wish(mends=frozenset({"sides"})))
    assert [(item.id, item.pictures) for item in found.catalog][:2] == [
        ("100", ("100.png", "100_2.png", "100-back.png")),
        ("101", ("101.png", "101_2.png", "101-back.png")),
    ]
    problems = {problem.kind: problem for problem in found.problems}
    assert (problems["sides"].count, problems["sides"].on, problems["unused-images"].count) == (8, True, 1)
