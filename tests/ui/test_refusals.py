import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog import CatalogError, ImageLimits, open_image
from eval import load_report
from library import Opened
from retrieval import ItemSource, Query, RetrievalError, Term
from tests.ui.conftest import COLORS, draw_garment
from ui.library_refusals import LIBRARY_JAPANESE
from ui.refusals import told, without_places


def png(size: tuple[int, int] = (30, 40)) -> bytes:
    buffer = io.BytesIO()
    draw_garment(COLORS["red"], True, size).save(buffer, "PNG")
    return buffer.getvalue()


def ask(opened: Opened, **changes: object) -> Callable[[], object]:
    asked = {"attribute": "color", "item": "g0", "weight": 1.0, "filters": None, **changes}
    term = Term(str(asked["attribute"]), ItemSource(str(asked["item"])), float(str(asked["weight"])))
    return lambda: opened.engine.search(Query((term,)), 5, asked["filters"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空です"),
        (b"hello", "画像として読み込めない"),
        (png()[:90], "壊れているか"),
        (b"0" * 3000, "大きすぎます"),
    ],
)
def test_every_refused_picture_is_told_in_japanese(content: bytes, said: str) -> None:
    with pytest.raises(CatalogError) as caught:
        open_image(content, ImageLimits(bytes=2000))
    assert said in told(caught.value, "ja")


def test_too_many_pixels_are_told_in_japanese() -> None:
    with pytest.raises(CatalogError) as caught:
        open_image(png((100, 100)), ImageLimits(pixels=5000))
    assert "5,000画素" in told(caught.value, "ja")


def test_every_refused_question_is_told_in_japanese(opened: Opened) -> None:
    for asked, said in [
        (ask(opened, item="g99"), "アイテム「g99」はありません"),
        (ask(opened, attribute="wings"), "「wings」という属性はありません"),
        (ask(opened, weight=0.0), "重みがすべて0です"),
        (ask(opened, filters={"size": ["L"]}), "「size」という項目はありません"),
        (ask(opened, filters={"color": ["pink"]}), "「pink」という値はありません。あるのは：blue, green, red"),
    ]:
        with pytest.raises(RetrievalError) as caught:
            asked()
        assert said in told(caught.value, "ja"), caught.value


def test_a_least_level_that_is_not_calibrated_is_told_in_japanese(opened: Opened) -> None:
    both = tuple(Term("color", ItemSource(item)) for item in ("g0", "g1"))
    with pytest.raises(RetrievalError) as caught:
        opened.engine.search(Query(both, least=0.5), 5)
    assert "「color」の一致の可能性を計算できません" in told(caught.value, "ja")


def test_a_file_that_is_no_report_is_told_in_japanese(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    for text in ("[1, 2]", "nonsense", '{"format": "something"}'):
        path.write_text(text)
        with pytest.raises(ValueError) as caught:
            load_report(path)
        assert "レポートとして読み込めません" in told(caught.value, "ja")


def test_what_nobody_foresaw_is_no_english_either() -> None:
    assert not re.search("[A-Za-z]{2,}", told("something unheard of", "ja"))
    assert told("something unheard of", "en") == "something unheard of"


def test_no_folder_of_the_server_is_told() -> None:
    assert without_places("'/srv/my shop/a.jpg' is damaged") == "'a.jpg' is damaged"
    assert without_places("the report '/srv/x/y.json' cannot be read") == "the report 'y.json' cannot be read"
    assert without_places("see https://example.org/a/b, 3/4 of a/b") == "see https://example.org/a/b, 3/4 of a/b"


def test_what_the_library_refuses_is_told_in_japanese() -> None:
    for pattern, japanese in LIBRARY_JAPANESE:
        assert set(re.compile(pattern).groupindex) == set(re.findall(r"\{(\w+)\}", japanese)), pattern
        assert not re.search("[a-z]{3,} [a-z]{3,}", japanese)
    said = "the pictures of 'Shop' lie in a folder of the server; replace the file there and read it again"
    assert told(said, "ja").startswith("「Shop」の画像はサーバーのフォルダーにあります。")
    assert "「season」という属性はありません" in told("the catalog 'a' has no attribute 'season'; it has: none", "ja")
