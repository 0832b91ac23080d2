"""What a report says in a sentence, and how sure it is."""

import numpy as np
import pytest

from eval import Report, load_report
from eval.report import AttributeReport
from ui.metrics.rows import Rows, rows_of
from ui.metrics.sentence import rounded, sentence, signed, verdict


def attribute(p12: list[float], ceiling: float = 100.0) -> AttributeReport:
    """With the P@12 of each query, and everything else as it has to be."""
    mean, count = float(np.mean(p12)), len(p12)
    ids = [f"i{place}" for place in range(count)]
    columns = {"id": ids, "value": ["a"] * count, "ap": p12, "p8": p12, "p12": p12, "first": [1] * count}
    return AttributeReport(
        mean, None, None, 20.0, 100.0, 100.0, 20.0, 90.0, count, 50, None, ["a", "b"], {}, {}, columns,
        mean, 100.0, 20.0, mean, ceiling, 25.0,
    )  # fmt: skip


def report(**attributes: AttributeReport) -> Report:
    return Report("", "RPF", {"queries": sum(one.queries for one in attributes.values())}, attributes)


def said(ours: dict[str, list[float]], theirs: dict[str, list[float]], lang: str = "en") -> tuple[str, list[str]]:
    made = [report(**{name: attribute(column) for name, column in each.items()}) for each in (ours, theirs)]
    rows = rows_of(*made)
    return sentence(rows, lang), verdict(rows, made[0], lang)


def around(mean: float, count: int = 60, seed: int = 0) -> list[float]:
    return list(np.clip(np.random.default_rng(seed).normal(mean, 12, count), 0, 100))


def test_one_attribute_is_named_with_what_ordinary_similarity_and_chance_find() -> None:
    told, decided = said({"collar": [87.5] * 60}, {"collar": [75.0] * 60})
    assert told == "Of the first 12 results for collar, 10.5 are right; ordinary similarity finds 9.0, chance 3.0."
    assert decided == ["Better than ordinary similarity on collar."]
    told, decided = said({"collar": [87.5] * 60}, {"collar": [75.0] * 60}, "ja")
    assert told == "襟の有無では上位12件のうち10.5件が正解です。通常の類似検索では9.0件、偶然なら3.0件です。"


def test_what_is_not_decided_says_how_many_queries_would_decide() -> None:
    ours = {"collar": around(80), "color": around(62, seed=1), "pattern": around(70, seed=2)}
    theirs = {"collar": around(50, seed=3), "color": around(60, seed=4), "pattern": around(90, seed=5)}
    told, (decided,) = said(ours, theirs)
    assert "on average over the queries of 3 attributes" in told
    assert decided.startswith(
        "Better than ordinary similarity on 1 of 3 attributes; worse on pattern; not decided on color"
    )
    assert "with 60 queries (about " in decided and decided.endswith("would decide).")


def test_an_attribute_with_few_queries_is_in_no_headline() -> None:
    told, decided = said({"collar": [80.0] * 60, "color": [0.0] * 9}, {"collar": [40.0] * 60, "color": [90.0] * 9})
    assert "for collar, 9.6 are right" in told
    assert decided == [
        "Better than ordinary similarity on collar.",
        "Left out of this, with fewer than 30 queries: color.",
    ]


def test_a_ceiling_below_twelve_is_said() -> None:
    made = report(collar=attribute([50.0] * 60, ceiling=75.0))
    rows = rows_of(made)
    assert sentence(rows, "en").endswith("No order could find more than 9.0: some values have few pictures.")
    assert verdict(rows, made, "en")[0].startswith("There is no report of ordinary similarity")


def test_equal_reports_are_level() -> None:
    same = around(60)
    _, decided = said({"collar": same}, {"collar": same})
    assert decided == ["Level with ordinary similarity on collar."]


@pytest.mark.parametrize("name", ["street", "field", "demo", "studio"])
def test_reports_that_come_with_lapel_are_read(name: str) -> None:
    made = load_report(f"assets/reports/{name}.json", detail=True)
    rows: Rows = rows_of(made, load_report(f"assets/reports/{name}-global.json", detail=True))
    assert rows.whole.decides.baseline is not None and all(row.figures for row in rows.attributes)
    assert "Of the first 12 results" in sentence(rows, "en") and verdict(rows, made, "ja")


def test_numbers_are_written_for_people() -> None:
    assert [rounded(count) for count in (7, 31, 183, 1234)] == [7, 31, 190, 1300]
    assert [signed(points) for points in (1.26, -0.04, -3.0)] == ["+1.3", "±0.0", "−3.0"]
