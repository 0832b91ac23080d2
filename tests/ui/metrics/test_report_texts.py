"""What reports say, in the language of the page."""

import pytest

from eval import Report
from ui.metrics.report_texts import title_of, warning


@pytest.mark.parametrize(
    ("title", "japanese"),
    [
        ("Lapel on studio (test)", "studio（テスト）でのLapel"),
        ("Global similarity on my shop", "my shopでの通常の類似検索"),
        ("Red on white, spring", "Red on white, spring"),
        ("", ""),
    ],
)
def test_titles_that_only_say_what_was_measured_are_said_in_japanese(title: str, japanese: str) -> None:
    report = Report(title, "RPF", {}, {})
    assert title_of(report, "ja") == japanese
    assert title_of(report, "en") == title.replace("Global", "Ordinary")


@pytest.mark.parametrize(
    ("said", "japanese"),
    [
        (
            "test images that have a byte-identical twin in train or valid, and are left out: 7",
            "テストのうち学習または検証に同一の画像があるため除いた画像：7点",
        ),
        ("bottom is asked by the weights' article_type", "「ボトムス」は重みの「品目」で比べています"),
        ("images that cannot be read, and are left out: 2", "読み込めないため除いた画像：2点"),
        ("the catalog's own words", "the catalog's own words"),
    ],
)
def test_what_an_evaluation_says_is_said_in_japanese(said: str, japanese: str) -> None:
    assert (warning(said, "ja"), warning(said, "en")) == (japanese, said)
