"""Two reports compared: verdicts, what is refused, and what a sentence over several attributes may say."""

from dataclasses import replace

import numpy as np
import pytest

from eval import (
    AttributeReport,
    Report,
    Sampling,
    against,
    differences,
    evaluate,
    figure_intervals,
    load_report,
    query_figures,
    save_report,
)
from eval.errors import EvalError
from eval.intervals import difference_interval
from tests.eval.support import embedded, labelled_catalog, vectors_of

TWELFTHS = 100 / 12


def attribute(p12: np.ndarray, ids: list[str] | None = None, ap: np.ndarray | None = None) -> AttributeReport:
    """An attribute whose queries have these shares of the first 12 right, in percent."""
    queries = len(p12)
    per_query = {
        "id": ids or [f"i{row}" for row in range(queries)],
        "value": ["blue" if row % 2 else "red" for row in range(queries)],
        "ap": list(p12 * 0.9 if ap is None else ap),
        "p12": list(p12),
        "first": [1 if share > 50 else 3 for share in p12],
    }
    mean = float(np.mean(p12)) if queries else 0.0
    figures = dict.fromkeys(("chance_map", "top1", "top8", "chance_top1", "chance_top8"), 0.0)
    return AttributeReport(
        map=mean * 0.9, map_region=None, map_patch=None, queries=queries, candidates=100, beta=None,
        values=["blue", "red"], topk={}, per_query=per_query, p12=mean, **figures,
    )  # fmt: skip


def report(**attributes: AttributeReport) -> Report:
    return Report("a report", "RPF", {}, attributes)


def shares(queries: int, seed: int = 0, rise: float = 0.0) -> np.ndarray:
    """Twelfths that are the same for one seed, but for noise and a rise in twelfths, in percent."""
    rng = np.random.default_rng(seed)
    hard = rng.integers(2, 9, queries)
    return np.clip(hard + np.random.default_rng(seed + 1000).choice([-1, 0, 1], queries) + rise, 0, 12) * TWELFTHS


def test_a_difference_is_that_of_the_means_with_its_paired_interval() -> None:
    new, old = shares(60, rise=1), shares(60, seed=0)
    rng = np.random.default_rng(4)
    old = old + rng.normal(0, 1, 60)
    found = differences(report(fit=attribute(new)), report(fit=attribute(old))).attributes["fit"]
    assert (found.new, found.old, found.queries) == (pytest.approx(new.mean()), pytest.approx(old.mean()), 60)
    assert found.interval == difference_interval(new, old, span=(-100, 100))
    assert found.points == pytest.approx(new.mean() - old.mean())
    assert (found.verdict, found.alone, found.needed, found.few) == ("better", "better", None, False)
    back = differences(report(fit=attribute(old)), report(fit=attribute(new))).attributes["fit"]
    assert back.verdict == "worse" and back.points == pytest.approx(-found.points)


def test_queries_are_paired_by_item_and_not_by_place() -> None:
    new, old = shares(40, rise=1), shares(40)
    turned = attribute(old[::-1], [f"i{row}" for row in range(40)][::-1])
    turned.per_query["value"].reverse()
    assert differences(report(fit=attribute(new)), report(fit=turned)) == differences(
        report(fit=attribute(new)), report(fit=attribute(old))
    )


def test_level_is_a_difference_that_surely_is_small_and_undecided_says_how_many_queries_would_tell() -> None:
    rng = np.random.default_rng(0)
    old = rng.uniform(20, 80, 400)
    close, loose = old + rng.normal(0, 2, 400), old + rng.normal(0.8, 30, 400).clip(-20, 20)
    found = differences(
        report(close=attribute(close - (close - old).mean() + 0.05), loose=attribute(loose)),
        report(close=attribute(old), loose=attribute(old)),
    )
    close_one, loose_one = found.attributes["close"], found.attributes["loose"]
    assert close_one.verdict == "level" and close_one.interval.within(1) and close_one.needed is None
    assert loose_one.verdict == "undecided" and loose_one.needed is not None and loose_one.needed > 800
    assert found.counts == {"better": 0, "worse": 0, "level": 1, "undecided": 1}


def test_rankings_that_are_the_same_are_level_and_agreement_at_the_ceiling_is_not() -> None:
    same = report(fit=attribute(shares(40)))
    found = differences(same, same).attributes["fit"]
    assert (found.verdict, found.interval.low, found.interval.high, found.p) == ("level", 0, 0, 1)
    full = report(fit=attribute(np.full(40, 100.0), ap=np.full(40, 100.0)))
    ceiling = differences(full, full).attributes["fit"]
    assert ceiling.verdict == "undecided" and ceiling.needed == 200 and ceiling.interval.high > 4


def test_a_sentence_over_several_attributes_is_corrected_for_their_number() -> None:
    rng = np.random.default_rng(1)
    old = rng.uniform(30, 70, 100)

    def gained(z: float) -> AttributeReport:
        noise = rng.normal(0, 8, 100)
        return attribute(old + (noise - noise.mean()) + z * noise.std(ddof=1) / 10)

    names = [f"a{place}" for place in range(8)]
    new = {name: gained(2.3 if place == 0 else 0.5) for place, name in enumerate(names)}
    found = differences(report(**new), report(**{name: attribute(old) for name in names}))
    first = found.attributes["a0"]
    assert first.interval.excludes(0) and first.alone == "better" and 0.01 < first.p < 0.05
    assert first.verdict == "undecided" and first.needed is not None and first.needed > 100
    assert first.alone_only and first.beside == 7
    assert found.counts["better"] == 0
    lone = differences(report(a0=new["a0"]), report(a0=attribute(old))).attributes["a0"]
    assert lone.verdict == "better" and not lone.alone_only and lone.beside == 0
    sure = {name: gained(2.3 if place == 0 else 6.0) for place, name in enumerate(names)}
    assert differences(report(**sure), report(**{n: attribute(old) for n in names})).counts["better"] == 8


def test_where_nothing_differs_hardly_any_sentence_says_better() -> None:
    rng, wrong = np.random.default_rng(0), 0
    for _ in range(60):
        olds = {f"a{place}": rng.uniform(30, 70, 40) for place in range(6)}
        news = {name: attribute(old + rng.normal(0, 8, 40)) for name, old in olds.items()}
        found = differences(report(**news), report(**{name: attribute(old) for name, old in olds.items()}))
        wrong += found.counts["better"] + found.counts["worse"] > 0
    assert wrong <= 8  # 5 % of 60 is 3; of uncorrected intervals it would be 16


def test_few_queries_are_undecided_and_in_no_headline() -> None:
    ours = report(fit=attribute(shares(29, rise=3)), hem=attribute(shares(30, seed=2, rise=3)))
    theirs = report(fit=attribute(shares(29)), hem=attribute(shares(30, seed=2)))
    found = differences(ours, theirs)
    fit = found.attributes["fit"]
    assert (
        found.few == ["fit"] and fit.few and fit.verdict == "undecided" and fit.alone == "better" and fit.needed == 30
    )
    assert not fit.alone_only
    assert found.counts == {"better": 1, "worse": 0, "level": 0, "undecided": 0} and list(found.counted) == ["hem"]
    assert found.overall is not None and found.overall.queries == 30
    assert differences(report(fit=ours.attributes["fit"]), theirs).overall is None


def test_overall_is_over_all_queries_an_item_counting_once() -> None:
    ids = [f"i{row}" for row in range(40)]
    fit, hem = shares(40, rise=1), shares(40, rise=1)
    noise = np.random.default_rng(5).normal(0, 9, 40)
    old = (fit + noise).clip(0, 100)
    ours = report(fit=attribute(fit, ids), hem=attribute(hem, ids))
    theirs = report(fit=attribute(old, ids), hem=attribute(old, ids))
    found = differences(ours, theirs)
    alone = found.attributes["fit"].interval
    assert found.overall is not None and found.overall.queries == 80
    assert found.overall.interval.low == pytest.approx(alone.low) and found.overall.interval.high == pytest.approx(
        alone.high
    )
    others = replace(
        ours.attributes["hem"], per_query={**ours.attributes["hem"].per_query, "id": [f"j{i}" for i in ids]}
    )
    before = replace(
        theirs.attributes["hem"], per_query={**theirs.attributes["hem"].per_query, "id": [f"j{i}" for i in ids]}
    )
    apart = differences(replace(ours, attributes={**ours.attributes, "hem": others}),
                        replace(theirs, attributes={**theirs.attributes, "hem": before})).overall  # fmt: skip
    assert apart is not None
    assert apart.interval.high - apart.interval.low < 0.8 * (alone.high - alone.low)


def test_near_duplicates_are_drawn_together() -> None:
    new, old = np.repeat(shares(20, rise=1), 3), np.repeat(shares(20), 3)
    old = (old + np.repeat(np.random.default_rng(3).normal(0, 15, 20), 3)).clip(0, 100)
    ours, theirs = report(fit=attribute(new)), report(fit=attribute(old))
    alone = differences(ours, theirs).attributes["fit"].interval
    together = differences(ours, theirs, clusters={f"i{row}": row // 3 for row in range(60)}).attributes["fit"].interval
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_top1_is_read_off_the_first_right_rank() -> None:
    ours, theirs = report(fit=attribute(shares(60, rise=2))), report(fit=attribute(shares(60)))
    found = differences(ours, theirs, "top1").attributes["fit"]
    assert found.new == pytest.approx((shares(60, rise=2) > 50).mean() * 100) and found.points > 0
    assert set(query_figures(ours, "fit", "top8").figures.tolist()) == {100.0}


def test_several_reports_stand_against_one() -> None:
    old = report(fit=attribute(shares(40)))
    found = against(old, {"taught": report(fit=attribute(shares(40) + TWELFTHS * np.resize([1, 2], 40))), "same": old})
    assert [each.attributes["fit"].verdict for each in found.values()] == ["better", "level"]


def test_each_figure_of_one_report_has_its_interval() -> None:
    ours = report(fit=attribute(shares(40)), hem=attribute(shares(10)), none=attribute(shares(0)))
    found = figure_intervals(ours)
    assert set(found.attributes) == {"fit", "hem"} and found.few == ["hem"]
    fit = found.attributes["fit"]
    assert fit.low < fit.mean < fit.high and fit.mean == pytest.approx(ours.attributes["fit"].p12)
    assert found.overall == fit
    assert figure_intervals(report(hem=attribute(shares(10)))).overall is None


def test_what_cannot_be_compared_is_refused() -> None:
    ours = report(fit=attribute(shares(40)))
    with pytest.raises(EvalError, match="no attribute in common"):
        differences(ours, report(hem=attribute(shares(40))))
    with pytest.raises(EvalError, match="queries of fit are not the same"):
        differences(ours, report(fit=attribute(shares(40), [f"j{row}" for row in range(40)])))
    relabelled = attribute(shares(40))
    relabelled.per_query["value"][:3] = ["green"] * 3
    with pytest.raises(EvalError, match="3 labels of fit have changed"):
        differences(ours, report(fit=relabelled))
    with pytest.raises(EvalError, match="'mrr' is no figure"):
        differences(ours, ours, "mrr")
    former = attribute(shares(40))
    del former.per_query["first"]
    with pytest.raises(EvalError, match="keeps no top1"):
        differences(report(fit=former), report(fit=former), "top1")


def test_figures_are_read_from_the_detail_where_there_is_one(tmp_path) -> None:
    catalog = labelled_catalog(tmp_path / "shop", items=240)
    names = ["color", "fit"]
    ours, theirs = (
        evaluate(catalog, embedded(vectors_of(catalog, names, noise), names, lambda _: 0.5))
        for noise in ((0.4, 1.0), (2.0, 2.0))
    )
    found = query_figures(ours, "fit", "p12")
    kept = ours.attributes["fit"].per_query
    assert list(found.ids) == kept["id"] and list(found.values) == kept["value"]
    assert found.figures == pytest.approx(kept["p12"], abs=0.006)
    assert query_figures(ours, "fit", "p5").figures.mean() <= 100
    with pytest.raises(EvalError, match="no figure 'mrr'"):
        query_figures(ours, "fit", "mrr")
    bare = {name: replace(figures, per_query={}) for name, figures in theirs.attributes.items()}
    told = differences(ours, replace(theirs, attributes=bare))
    assert told.attributes["color"].points == pytest.approx(
        ours.attributes["color"].p12 - theirs.attributes["color"].p12
    )
    assert told.attributes["color"].verdict == "better"
    with pytest.raises(EvalError, match="keeps no p12"):
        differences(ours, replace(theirs, attributes=bare, detail=None))


def test_a_report_and_its_intervals_agree_with_those_that_were_made_with_it(tmp_path) -> None:
    catalog = labelled_catalog(tmp_path / "shop", items=240)
    made = evaluate(catalog, embedded(vectors_of(catalog, ["color"]), ["color"], lambda _: 0.5))
    for figure in ("map", "p12", "top1"):
        again = figure_intervals(made, figure).attributes["color"]
        assert made.attributes["color"].intervals[figure] == (
            pytest.approx(again.low, abs=1e-3),
            pytest.approx(again.high, abs=1e-3),
        )


def test_near_duplicates_that_a_report_was_made_with_are_drawn_together_and_kept(tmp_path) -> None:
    catalog = labelled_catalog(tmp_path / "shop", items=240)
    vectors = vectors_of(catalog, ["color"])
    groups = np.arange(240) // 4
    alone, ours = (
        evaluate(catalog, replace(embedded(vectors, ["color"], lambda _: 0.5), clusters=clusters), Sampling(0.9))
        for clusters in (None, groups)
    )
    wide, narrow = (figure_intervals(one).attributes["color"] for one in (ours, alone))
    assert (
        wide == figure_intervals(alone, clusters=dict(zip(alone.detail.ids, groups, strict=True))).attributes["color"]
    )
    assert wide != narrow
    save_report(ours, tmp_path / "ours.json")
    again = load_report(tmp_path / "ours.json", detail=True)
    assert figure_intervals(again).attributes["color"] == wide
    assert ours.attributes["color"].intervals["p12"] == pytest.approx((wide.low, wide.high), abs=1e-3)
    save_report(alone, tmp_path / "alone.json")
    assert load_report(tmp_path / "alone.json", detail=True).detail.groups is None
    assert differences(again, alone).attributes["color"].verdict == "level"
    save_report(ours, tmp_path / "cut.json", replace(ours.detail, groups=ours.detail.groups[:-1]))
    with pytest.raises(EvalError, match="is damaged"):
        load_report(tmp_path / "cut.json", detail=True)
