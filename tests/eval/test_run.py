"""Evaluation as work: progress, stopping, leaving one out, groups of near-duplicates, bounded memory."""

import time
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from catalog import Attribute, Catalog, Item
from eval import Compared, Embedded, Features, Sampling, Stopped, evaluate, evaluate_global, mean_interval, protocol
from eval.protocol import Trial, rank, sections_scorer, seeded_trials
from eval.run import THREADS
from model import Section
from tests.eval.support import embedded, labelled_catalog, vectors_of

NAMES = ["color", "fit"]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    return labelled_catalog(tmp_path_factory.mktemp("run") / "shop", 120)


def of(catalog, **more):
    return replace(embedded(vectors_of(catalog, NAMES), NAMES, lambda _: 0.4), **more)


@pytest.mark.parametrize("alone", [False, True])
def test_progress_counts_the_queries_of_all_attributes(catalog, monkeypatch, alone):
    monkeypatch.setattr(protocol, "CHUNK", 400)
    heard: list[tuple[int, int]] = []

    def hear(done, total):
        heard.append((done, total))

    features = Features(vectors_of(catalog, NAMES)[:, 0, 0])
    report = (
        evaluate_global(catalog, features, NAMES, progress=hear)
        if alone
        else evaluate(catalog, of(catalog), progress=hear)
    )
    total, done = report.overall["queries"], [done for done, _ in heard]
    assert {count for _, count in heard} == {total}
    assert done == sorted(set(done)) and done[-1] == total and len(done) > 4


def test_an_evaluation_that_is_told_to_stop_stops_at_the_next_chunk(catalog, monkeypatch):
    monkeypatch.setattr(protocol, "CHUNK", 400)
    heard: list[int] = []
    with pytest.raises(Stopped):
        evaluate(catalog, of(catalog), progress=lambda done, _: heard.append(done), stop=lambda: len(heard) >= 2)
    assert 2 <= len(heard) <= 1 + THREADS, "what another attribute is at is brought to its end"
    with pytest.raises(Stopped):
        evaluate_global(catalog, Features(vectors_of(catalog, NAMES)[:, 0, 0]), NAMES, stop=lambda: True)


def test_an_exception_of_progress_ends_it_too(catalog):
    def hear(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(catalog, of(catalog), progress=hear)


def test_with_few_labels_each_item_asks_all_others(catalog):
    counts = {name: int((catalog.labels(name) >= 0).sum()) for name in NAMES}
    assert counts["fit"] < counts["color"]
    report = evaluate(catalog, of(catalog), Sampling(0.2, alone=counts["fit"]))
    fit, color = report.attributes["fit"], report.attributes["color"]
    assert (fit.queries, fit.candidates) == (counts["fit"], counts["fit"] - 1)
    assert color.queries == round(0.2 * counts["color"]) and color.queries + color.candidates == counts["color"]
    assert report.protocol["leave_one_out_up_to"] == counts["fit"] and report.protocol["share"] == 0.2
    asked = report.detail.of("fit")
    assert not (asked.hits == asked.queries[:, None]).any()
    assert (asked.relevant == [fit.by_value[asked.names[value]]["candidates"] for value in asked.values]).all()
    assert evaluate(catalog, of(catalog), Sampling(0.2)).protocol["queries"] == 0.2 != report.protocol["queries"]
    usable = np.arange(120) % 2 == 0
    (trial, _) = seeded_trials(catalog, ["fit", "color"], usable=usable, alone=counts["fit"])
    assert trial.queries.tolist() == trial.candidates.tolist() and usable[trial.queries].all()


def test_intervals_are_those_of_the_queries_and_wider_where_near_duplicates_count_together(catalog):
    report = evaluate(catalog, of(catalog), Sampling(0.5))
    for name in NAMES:
        asked, figures = report.detail.of(name), report.attributes[name]
        for figure, (low, high) in figures.intervals.items():
            expected = mean_interval(asked.figure(figure), span=(0, 100))
            assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-3)
            assert low <= getattr(figures, figure) <= high
    items = np.concatenate([report.detail.of(name).queries for name in NAMES])
    together = np.concatenate([report.detail.of(name).figure("p12") for name in NAMES])
    expected = mean_interval(together, items, span=(0, 100))
    assert report.overall["intervals"]["p12"] == pytest.approx((expected.low, expected.high), abs=1e-3)

    def width(one):
        low, high = one.overall["intervals"]["p12"]
        return high - low

    groups = np.argsort(np.argsort(vectors_of(catalog, NAMES)[:, 0, 0, 0])) // 20  # items of like vectors: like figures
    grouped = evaluate(catalog, of(catalog, clusters=groups), Sampling(0.5))
    assert grouped.overall["p12"] == report.overall["p12"] and width(grouped) != width(report)
    alone = evaluate(catalog, of(catalog, clusters=np.arange(120)), Sampling(0.5))
    for figure, bounds in alone.attributes["color"].intervals.items():
        assert bounds == pytest.approx(report.attributes["color"].intervals[figure], abs=1e-3)


def test_candidates_in_any_number_are_ranked_in_bounded_memory(monkeypatch):
    """Peak beside the vectors: the same for twice the queries, and for twice the candidates."""
    monkeypatch.setattr(protocol, "CHUNK", 200_000)
    monkeypatch.setattr("eval.products._KEPT", 0)
    monkeypatch.setattr("eval.products._ROWS", 1 << 16)
    sections = [Section("region", 24), Section("general", 8)]

    def peak(queries: int, candidates: int) -> float:
        rng = np.random.default_rng(0)
        rows = rng.standard_normal((queries + candidates, 32), np.float32)
        values = rng.integers(0, 9, len(rows))
        asking, answering = np.arange(queries), np.arange(queries, len(rows))
        trial = Trial("fit", tuple("abcdefghi"), asking, values[:queries], answering, values[queries:])
        scorer = sections_scorer(rows, sections, {"region": 0.5, "general": 0.5})
        tracemalloc.start()
        found = rank(trial, scorer, keep=10)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(found["fused"].ranks) == queries * 10
        return used / 2**20

    once, more, longer = peak(100, 5_000), peak(200, 5_000), peak(100, 10_000)
    scores = 200_000 * 8 / 2**20
    assert once < 12 * scores and more < once * 1.25 and longer < once * 1.25


def test_the_size_of_fashion_ai_takes_about_a_second_of_one_core(tmp_path):
    """8 attributes, 3,600 queries and 14,400 candidates in all; three views of 704 numbers, as the embedded weights have."""
    names = [f"attribute {number}" for number in range(8)]
    rng, width = np.random.default_rng(0), 704
    labels = rng.integers(0, 6, (2250, 8))
    items = tuple(
        Item(f"i{row}", f"{row}.png", labels={name: f"v{value}" for name, value in zip(names, of, strict=True)})
        for row, of in enumerate(labels)
    )
    values = tuple(f"v{value}" for value in range(6))
    catalog = Catalog(tmp_path, "shop", items, tuple(Attribute(name, values) for name in names))
    sections = [Section("region", 256), Section("whole", 256), Section("general", 192)]
    mix = {"region": 0.3, "whole": 0.5, "general": 0.2}
    parts = {}
    for place, name in enumerate(names):
        rows = rng.standard_normal((6, width))[labels[:, place]] * 0.3 + rng.standard_normal((2250, width))
        parts[name] = Compared(rows.astype(np.float16), sections, mix)
    start = time.process_time()
    report = evaluate(catalog, Embedded(parts))
    taken = time.process_time() - start
    assert report.overall["queries"] == 3600 and {one.candidates for one in report.attributes.values()} == {1800}
    assert taken < 5, f"{taken:.1f} s"


def test_a_section_of_one_kind_is_ranked_once(catalog):
    vectors = vectors_of(catalog, ["color"])[:, 0, 0]
    made = Embedded({"color": Compared(vectors, [Section("region", vectors.shape[1])], {"region": 1.0})})
    report = evaluate(catalog, made)
    assert set(report.attributes["color"].topk) == {"fused", "chance"} and not report.detail.of("color").ap_by_view
