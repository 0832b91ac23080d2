from pathlib import Path

import pytest

from catalog import CatalogError
from library import Opened
from retrieval import RetrievalError
from tests.ui.conftest import COLORS, draw_garment
from ui.asked import Asked, Picture, like
from ui.searching import answer, parse_attributes, pickable


def test_attributes_with_and_without_weights() -> None:
    assert parse_attributes(["lapel design", "color=0.5"]) == {"lapel design": 1.0, "color": 0.5}


@pytest.mark.parametrize("attributes", [[], ["color=much"], ["color="], ["color", "color=2"]])
def test_attributes_that_make_no_query(attributes: list[str]) -> None:
    with pytest.raises(RetrievalError):
        parse_attributes(attributes)


def test_an_item_finds_the_others_and_not_itself(opened: Opened) -> None:
    found = answer(opened, Asked(like(Picture(item="g0"), {"color": 1.0}), k=100))
    assert sorted(hit.id for hit in found.hits) == sorted(f"g{number}" for number in range(1, 12))
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert found.milliseconds > 0


def test_the_picture_of_an_item_finds_that_item(opened: Opened, tmp_path: Path) -> None:
    picture = tmp_path / "shirt.png"
    draw_garment(COLORS["blue"], stripes=False).save(picture)
    found = answer(opened, Asked(like(Picture(image=str(picture)), {"color": 1.0, "pattern": 0.5}), k=3))
    assert found.hits[0].id in {"g1", "g7"}
    derived = {
        name: opened.engine.vectors(name)[opened.catalog.position(found.hits[0].id)] for name in ("color", "pattern")
    }
    alike = {
        name: float((opened.embedder.shares(name) * own.astype(float) ** 2).sum()) for name, own in derived.items()
    }
    assert found.hits[0].score == pytest.approx((alike["color"] + 0.5 * alike["pattern"]) / 1.5, abs=5e-3)
    assert 0.9 < found.hits[0].score <= 1, "an item is like itself, but for what its reading is not sure of"
    assert sum(found.hits[0].shares.values()) == pytest.approx(found.hits[0].score, abs=1e-6)


def test_filters_hold(opened: Opened) -> None:
    found = answer(
        opened, Asked(like(Picture(item="g0"), {"color": 1.0}), filters={"pattern": ["solid"], "split": ["test"]})
    )
    assert {hit.id for hit in found.hits} == {"g1", "g3", "g5"}


def test_bad_questions_are_told(opened: Opened, tmp_path: Path) -> None:
    fake = tmp_path / "fake.jpg"
    fake.write_text("hello")
    for asked, said in [
        (Asked(like(Picture(), {"color": 1.0})), "empty"),
        (Asked(like(Picture(item="g0"), {"color": 1.0}), k=0), "k is 0"),
        (Asked(like(Picture(item="g99"), {"color": 1.0})), "g99"),
        (Asked(like(Picture(item="g0"), {"wings": 1.0})), "wings"),
        (Asked(like(Picture(item="g0"), {"color": 1.0}), beta=2), "beta"),
        (Asked(like(Picture(item="g0"), {"color": 1.0}), filters={"size": ["L"]}), "size"),
        (Asked(like(Picture(image=str(fake)), {"color": 1.0})), "JPEG"),
    ]:
        with pytest.raises(ValueError, match=said) as caught:
            answer(opened, asked)
        assert isinstance(caught.value, CatalogError | RetrievalError)
        assert str(tmp_path) not in str(caught.value)


def test_pickable_items_come_from_the_test_split_and_are_led(opened: Opened) -> None:
    assert [item.id for item in pickable(opened, 0, 3)] == ["g0", "g2", "g4"]
    assert [item.id for item in pickable(opened, 1, 3)] == ["g1", "g3", "g5"]
    assert [item.id for item in pickable(opened, 0, 3, "g9")] == ["g9", "g0", "g2"]
    assert len(pickable(opened, 0, 50)) == 12
