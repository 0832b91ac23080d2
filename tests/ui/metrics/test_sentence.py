"""What a report says in a sentence, and how sure it is."""

import re
from dataclasses import replace

import numpy as np
import pytest

from eval import Difference, Interval, Report, differences, load_report
from eval.report import AttributeReport
from ui.metrics.asked import asked
from ui.metrics.compare_cards import Compared, compared, story
from ui.metrics.differing import in_points, signed
from ui.metrics.differing import verdict as decided
from ui.metrics.evaluating import Labelled, who_asks
from ui.metrics.rows import Figure, Rows, rows_of
from ui.metrics.sentence import head, rounded, sentence, verdict
from ui.metrics.shortfalls import shortfalls
from ui.metrics.table_cards import table


def attribute(p12: list[float], ceiling: float = 100.0, late: int = 0) -> AttributeReport:
    """With the P@12 of each query, and everything else as it has to be; late: queries with no right one in the first 8."""
    mean, count = float(np.mean(p12)), len(p12)
    ids = [f"i{place}" for place in range(count)]
    columns = {
        "id": ids,
        "value": ["a"] * count,
        "ap": p12,
        "p8": p12,
        "p12": p12,
        "first": [1] * (count - late) + [9] * late,
    }
    return AttributeReport(
        mean, None, None, 20.0, 100.0, 100 - 100 * late / count, 20.0, 85.0, count, 50, None, ["a", "b"], {}, {}, columns,
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


def test_intervals_end_at_what_is_possible_and_that_is_said() -> None:
    few = [58.0] * 9 + [8.0]
    ours, theirs = report(collar=attribute(few, ceiling=58.0)), report(collar=attribute([25.0] * 10, ceiling=58.0))
    rows = rows_of(ours, theirs)
    figure = rows.attributes[0].decides
    assert figure.cut and figure.interval is not None and figure.difference is not None
    assert figure.interval.high == 58 and figure.interval.low > 0
    assert figure.difference.interval.high == 58 - 25
    reached = Figure(50.0, Interval(50, 40, 58.04), ceiling=58.0)
    assert reached.within_reach() is reached, "a rounding is not worth a word"
    assert "at most 58.0, where the interval is cut off" in table(rows, "", "en")
    assert "上限58.0（区間はここで打ち切り）" in table(rows, "", "ja")
    unknown = Figure(50.0, Interval(50, -np.inf, np.inf), ceiling=58.0)
    assert unknown.within_reach() is unknown


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


def test_a_difference_is_said_with_its_interval_and_why_it_is_less_sure_beside_others() -> None:
    interval = Interval(3.5, 0.3, 6.8)
    alone = Difference(93.5, 90.0, interval, 202, "undecided", 600, "better", 0.03, beside=9)
    assert in_points(alone, "en") == "+3.5 points (0.3 to 6.8)"
    assert in_points(alone, "ja") == "+3.5ポイント（0.3〜6.8）"
    assert "? not decided" in decided(alone, "en")
    assert "better taken alone, not sure beside the 9 others" in decided(alone, "en")
    assert "taken alone" not in decided(replace(alone, verdict="better"), "en")
    few = replace(alone, few=True, queries=9)
    assert "too few queries" in decided(few, "en") and "taken alone" not in decided(few, "en")
    loss = replace(alone, interval=Interval(-0.8, -1.9, 0.2))
    assert in_points(loss, "en") == "−0.8 points (−1.9 to +0.2)"


def test_the_cards_say_the_difference_first_and_the_level_last() -> None:
    made = [report(collar=attribute(around(mean, seed=seed))) for mean, seed in ((80, 0), (50, 3))]
    rows = rows_of(*made)
    card = re.search(r"<section>.*?</section>", head(rows, made[0], "en"), re.S)
    assert card is not None
    difference, level = rows.whole.decides.difference, rows.whole.decides.interval
    assert difference is not None and level is not None
    text = re.sub(r"<[^>]+>", "", card[0])
    gain, own = in_points(difference, "en"), f"95 % interval {level.low:.1f}–{level.high:.1f}"
    assert text.index(gain) < text.index("▲ better") < text.index("ordinary similarity 4") < text.index(own)


def test_what_is_no_better_or_below_chance_is_said_plainly() -> None:
    better, worse = around(80), around(50, seed=3)
    rivals = report(collar=attribute(worse), color=attribute(worse))
    ours = report(collar=attribute(better, late=1), color=attribute(better, late=12))
    rows = rows_of(ours, rivals)
    whole = rows.whole.figures["top8"].difference
    assert whole is not None and whole.verdict == "worse"
    *_, said = shortfalls(rows, "en")
    assert said == (
        f"One right in the first 8 (Top-8): worse than ordinary similarity, {in_points(whole, 'en')}; "
        "lower on 2 of 2 attributes; below chance on color."
    )
    *_, said = shortfalls(rows, "ja")
    assert said == (
        f"上位8件に正解あり（Top-8）：通常の類似検索を下回ります。差は{in_points(whole, 'ja')}。"
        "2属性のうち2属性で下回ります。偶然も下回る属性：色。"
    )
    assert table(rows, "", "ja").count(">偶然を下回る<") == 1
    few = rows_of(report(collar=attribute(better, late=1)), rivals)
    *_, said = shortfalls(few, "en")
    assert "no better than ordinary similarity, −1.7 points (−" in said and said.endswith(", not decided.")
    assert shortfalls(rows_of(report(collar=attribute(better)), rivals), "en") == []


@pytest.mark.parametrize(
    ("queries", "candidates", "told"),
    [
        (
            {"collar": 40},
            {"collar": 39},
            "Every labelled picture asked, one after another, and looked among all others.",
        ),
        ({"collar": 100}, {"collar": 400}, "Of each attribute's labelled pictures 20 % asked, drawn by lot"),
        ({"collar": 40, "color": 100}, {"collar": 39, "color": 400}, "but for color, with more than 400: there 20 %"),
    ],
)
def test_who_asked_is_told_of_each_report(queries: dict[str, int], candidates: dict[str, int], told: str) -> None:
    own = {
        name: replace(attribute([50.0] * 40), queries=count, candidates=candidates[name])
        for name, count in queries.items()
    }
    protocol = {"share": 0.2, "leave_one_out_up_to": 400}
    made = replace(report(**own), protocol=protocol, catalog={"name": "shop", "splits": ["test"]})
    said = asked(made, "en")
    assert said.startswith(f"Asked on shop (test): {sum(queries.values())} queries.") and told in said
    lot = replace(made, protocol={"queries": 0.2})
    assert "20 % asked, drawn by lot" in asked(lot, "en") and asked(replace(made, protocol={}), "en") == ""


def test_a_comparison_tells_the_story_of_the_report_that_is_shown() -> None:
    ours = {"collar": around(80), "color": [40.0] * 9}
    theirs = {"collar": around(50, seed=3), "color": [30.0] * 9}
    made = [report(**{name: attribute(column) for name, column in each.items()}) for each in (ours, theirs)]
    found = differences(*made)
    assert found.overall is not None
    said = story("Mine", "ordinary similarity", found, "en")
    gain = in_points(found.overall, "en")
    assert said == (
        f"Mine is better than ordinary similarity: {gain} of P@12 over all queries; by attribute better on 1, "
        "too few queries on 1."
    )
    html = compared(Compared("Mine", {"ordinary similarity": found}, {}), "ja")
    assert "Mineはordinary similarityより良い結果です。" in html
    assert f'{found.overall.old:.1f}</b> <b class="lapel-gain better">{signed(found.overall.points)}' in html


def test_a_share_is_only_offered_where_it_matters() -> None:
    (only,), about = who_asks(Labelled({"color": 137}, {}), "en")
    assert only == ("every labelled picture", "0.2") and "No attribute has more than 400" in about
    offered, about = who_asks(Labelled({"color": 719, "collar": 80}, {}), "en")
    assert [value for _, value in offered] == [
        "0.1",
        "0.2",
        "0.5",
    ] and "pictures (color) this share asks, drawn by lot" in about
