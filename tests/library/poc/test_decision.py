"""From a sheet and assumptions to a verdict: each way, what it is made of, and what it hangs on."""

import json
from pathlib import Path

import pytest

from common.assets import PRICES
from library.errors import LibraryError
from library.poc import Assumptions, Sheet, Used, as_json, costs, decide, read_prices
from tests.library.poc.support import curve, gain, licence, running, sheet

STATED = Assumptions(wage=30, searches=3000, manual_minutes=3, minutes_a_label=0.5, seconds_a_picture=6)


def test_a_sheet_comes_back_from_json_as_it_was() -> None:
    made = sheet(used=Used(10, 100, 20, 30, 4.5))
    assert Sheet.from_dict(json.loads(json.dumps(made.to_dict()))) == made
    with pytest.raises(LibraryError, match="later Lapel"):
        Sheet.from_dict({**made.to_dict(), "schema": 99})
    with pytest.raises(LibraryError, match="damaged"):
        Sheet.from_dict({"schema": 1})


def test_labels_are_paid_only_where_teaching_is_better() -> None:
    worth = sheet(gains=(gain(after=14),), curves=(curve(),))
    (chosen,) = decide(worth, STATED).chosen
    assert (chosen.taught, chosen.labels, chosen.p12) == (True, 20, 64)
    useless = sheet(gains=(gain(after=11),), curves=(curve(),))  # by 1 point, -1 to 3
    (chosen,) = decide(useless, STATED).chosen
    assert (chosen.taught, chosen.labels, chosen.p12) == (False, 0, 60)
    unknown = sheet(gains=(gain(known=False),), curves=(curve(least=None),))
    (chosen,) = decide(unknown, STATED).chosen
    assert (chosen.taught, chosen.labels, chosen.decided) == (True, 200, False), "not decided: all of them"


def test_the_money_is_what_one_can_work_out_by_hand() -> None:
    one = sheet(gains=(gain(before=10, after=10),), curves=(curve(),), licence=licence(True))
    stated = Assumptions(
        wage=30,
        searches=3000,
        manual_minutes=3,
        wanted=3,
        query_seconds=15,
        seconds_a_picture=6,
        conversion=1,
        margin=20,
        hardware="cpu-upgrade",
    )
    decided = decide(one, stated)
    figures = {key: figure.value for key, figure in decided.figures.items()}
    assert figures["minutes"] == pytest.approx((15 + 3 / 0.6 * 6) / 60)
    assert figures["saved_hours"] == pytest.approx(2.25 * 3000 / 60)
    assert figures["orders"] == pytest.approx(3000 * 12 * 0.1 / 1000)
    assert figures["benefit"] == pytest.approx(112.5 * 30 + 3.6 * 20)
    sooner = (3 / 0.5 - 3 / 0.6) * 6 / 60
    assert figures["over_similar"] == pytest.approx(sooner * 3000 / 60 * 30 + 3.6 * 20)
    assert decided.net.mean == pytest.approx(12 * figures["over_similar"])  # type: ignore[operator]
    usual = (3 - (15 + 3 / 0.5 * 6) / 60) * 3000 / 60
    assert figures["similar_hours"] == pytest.approx(usual)
    paid = 12 * (usual * 30 - figures["running"]) - figures["embedding"]  # type: ignore[operator]
    assert figures["similar_too"] == pytest.approx(paid), "what ordinary similarity alone would leave"
    assert figures["label_money"] == 0 and figures["training"] == 0
    left = 12 * (figures["benefit"] - figures["running"]) - figures["embedding"]  # type: ignore[operator]
    assert decided.outcome.mean == pytest.approx(left) and decided.outcome.low < left < decided.outcome.high
    kinds = {key: figure.kind for key, figure in decided.figures.items()}
    assert (kinds["p12"], kinds["searches"], kinds["benefit"]) == ("measured", "assumed", "derived")


@pytest.mark.parametrize(
    "verdict, made, stated",
    [
        ("go", sheet(licence=licence(True)), STATED),
        ("retrain", sheet(), STATED),
        ("similar", sheet(), Assumptions(wage=30, searches=3000, seconds_a_picture=0.5)),
        ("pilot", sheet(), Assumptions(wage=30, searches=3000, retrain_labels=1e6)),
        ("open", sheet(gains=(gain(before=1, after=1),)), STATED),
        ("no", sheet(gains=(gain(before=-9, after=-9),)), STATED),
        ("no", sheet(), Assumptions(searches=1, searches_a_second=50)),
    ],
)
def test_each_verdict(verdict: str, made: Sheet, stated: Assumptions) -> None:
    assert decide(made, stated).verdict == verdict


def test_unknown_licences_are_counted_as_if_production_needed_own_weights() -> None:
    assert decide(sheet(licence=licence(None)), STATED).figures["training"].value > 0  # type: ignore[operator]


def test_break_even_is_where_nothing_is_left_over_ordinary_similarity() -> None:
    made = sheet()
    decided = decide(made, STATED)
    assert decided.payback is not None and 0 < decided.payback < 12 and decided.searches_needed is not None
    there = Assumptions(**{**STATED.__dict__, "searches": decided.searches_needed})
    assert decide(made, there).net.mean == pytest.approx(0, abs=1e-6)
    at_all = Assumptions(**{**STATED.__dict__, "searches": decided.searches_at_all})
    assert decide(made, at_all).outcome.mean == pytest.approx(0, abs=1e-6)


def test_what_ordinary_similarity_would_bring_too_is_no_reason_for_a_verdict() -> None:
    """Today's search is slow, so that any tool pays; only what is left over the cheap one decides."""
    slow = Assumptions(**{**STATED.__dict__, "manual_minutes": 30, "seconds_a_picture": 0.5})
    decided = decide(sheet(), slow)
    assert decided.outcome.low > 0 > decided.net.high and decided.verdict == "similar"
    close = decide(sheet(gains=(gain(before=10, after=10),), curves=(curve(),)), _even(sheet()))
    assert close.net.low < 0 < close.net.high and close.verdict == "open"


def _even(made: Sheet) -> Assumptions:
    """What is stated with as many searches as just pay by what as-it-is gains."""
    once = decide(sheet(gains=(gain(before=10, after=10),), curves=(curve(),)), STATED)
    return Assumptions(**{**STATED.__dict__, "searches": once.searches_needed})


def test_swings_are_the_nets_of_changed_assumptions_largest_first() -> None:
    made = sheet()
    decided = decide(made, STATED)
    by = {one.key: one for one in decided.swings}
    assert {"wage", "searches", "gain", "months", "retrain_labels"} <= {one.key for one in decided.swings if one.moves}
    assert not by["manual_minutes"].moves and not by["items"].moves, "both alike"
    assert not by["margin"].moves and "per_dollar" not in by, "nothing, and dollars for dollars"
    doubled = Assumptions(**{**STATED.__dict__, "wage": 60})
    assert by["wage"].high == pytest.approx(decide(made, doubled).net.mean)
    spans = [abs(one.high - one.low) for one in decided.swings]
    assert spans == sorted(spans, reverse=True)


def test_a_flip_says_at_which_value_the_verdict_changes_and_to_what() -> None:
    made = sheet()
    needed = decide(made, STATED).searches_needed or 0
    close = Assumptions(**{**STATED.__dict__, "searches": needed * 1.6})
    decided = decide(made, close)
    assert decided.verdict == "retrain"
    flip, last = next(one for one in decided.swings if one.key == "searches").flips
    assert not flip.above and (flip.verdict, last.verdict) == ("open", "similar")
    assert last.value < needed < flip.value < needed * 1.6, "first it is not decided, then it is the other way round"

    def verdict(searches: float) -> str:
        return decide(made, Assumptions(**{**STATED.__dict__, "searches": searches})).verdict

    assert verdict(flip.value * 1.001) == "retrain" != verdict(flip.value * 0.999)
    assert all(one.moves for one in decided.swings if one.flips), "what is named has a bar"


def test_a_usage_log_takes_the_place_of_assumptions() -> None:
    made = sheet(used=Used(days=30.4, searches=900, clicks=100, accepted=50, seconds=12))
    figures = decide(made, STATED).figures
    assert (figures["searches"].value, figures["searches"].kind) == (pytest.approx(900), "measured")
    assert figures["minutes"].value == pytest.approx(0.2)
    few = sheet(used=Used(days=2, searches=900, clicks=1, accepted=3, seconds=12))
    assert decide(few, STATED).figures["searches"].kind == "assumed"


def test_assumptions_are_read_from_text_and_refused_where_they_make_no_sense() -> None:
    stated = Assumptions().with_text(["wage=30", "items=1,000,000", "currency=JPY"])
    assert (stated.wage, stated.items, stated.currency) == (30, 1e6, "JPY")
    for wrong, why in (
        ("pay=3", "no assumption 'pay'"),
        ("wage=much", "no number"),
        ("items=0", "not 0"),
        ("wage=-1", "from 0"),
    ):
        with pytest.raises(LibraryError, match=why):
            Assumptions().with_text([wrong])
    with pytest.raises(LibraryError, match="no price is known of 'abacus'"):
        decide(sheet(), Assumptions(hardware="abacus"))


def test_costs_grow_with_what_is_asked_and_name_their_source() -> None:
    few, many = (costs(running(), Assumptions(items=items), read_prices()) for items in (10_000, 1_000_000))
    for small, large in zip(few, many, strict=True):
        assert large.hours.mean == pytest.approx(100 * small.hours.mean) and large.gigabytes > small.gigabytes
        assert small.source.startswith("https://") and small.stated and small.hours.low < small.hours.high
    assert few[0].hours.high == pytest.approx(10_000 / (5 * 0.5) / 3600), "5 a second here, half of that at the least"
    busy = {one.id: one for one in costs(running(), Assumptions(searches_a_second=100), read_prices())}
    assert busy["cpu-upgrade"].machines.low > 1 and not all(one.fits for one in many)
    assert few[0].monthly.low >= 9, "CPU Basic asks for a paid plan"


def test_prices_may_be_edited_and_are_refused_when_damaged(tmp_path: Path) -> None:
    mine = tmp_path / "prices.json"
    stored = json.loads(PRICES.read_text("utf-8"))
    stored["rows"][1]["hourly"] = 3.0
    mine.write_text(json.dumps(stored))
    assert decide(sheet(), STATED, read_prices(mine)).figures["running"].value > 2000  # type: ignore[operator]
    mine.write_text("[]")
    with pytest.raises(LibraryError, match="restore the file"):
        read_prices(mine)


def test_json_keeps_measured_assumed_and_derived_apart() -> None:
    found = json.loads(json.dumps(as_json(sheet(), STATED)))
    assert set(found) == {"measured", "assumed", "derived"}
    assert found["assumed"]["wage"] == 30 and found["measured"]["gains"][0]["attribute"] == "collar"
    assert found["derived"]["verdict"] == "retrain" and found["derived"]["swings"]
