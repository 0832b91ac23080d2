"""Figures of other mixes against evaluations by them."""

from dataclasses import replace

import numpy as np
import pytest

from eval import Compared, Embedded, Stopped, evaluate, sweep, sweeps
from eval.protocol import seeded_trials
from model import Section
from retrieval import chosen_mix
from tests.eval.support import embedded, labelled_catalog, vectors_of

SECTIONS = [Section("region", 6), Section("crop", 6), Section("general", 4)]
MIX = {"region": 0.3, "crop": 0.3, "general": 0.4}


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    catalog = labelled_catalog(tmp_path_factory.mktemp("sweeps") / "shop", 120)
    rows = vectors_of(catalog, ["color"], (0.8, 1.2)).reshape(len(catalog), 12)
    general = np.random.default_rng(4).standard_normal((len(catalog), 4))
    return catalog, np.concatenate([rows, general], axis=1).astype(np.float32)


def test_each_share_gives_what_an_evaluation_by_it_gives(case):
    catalog, vectors = case
    grid = (0.0, 0.25, 1.0)
    report = evaluate(catalog, Embedded({"color": Compared(vectors, SECTIONS, MIX)}), grid=grid)
    found = report.attributes["color"].sweeps
    assert set(found) == {"beta", "gamma"}
    for which, points in found.items():
        assert [share for share, _, _ in points] == list(grid)
        for share, mean, p12 in points:
            mix = chosen_mix(MIX, **{which: share})
            figures = evaluate(catalog, Embedded({"color": Compared(vectors, SECTIONS, mix)})).attributes["color"]
            assert (mean, p12) == (figures.map, figures.p12)
    assert len({mean for _, mean, _ in found["beta"]}) == 3
    assert evaluate(catalog, Embedded({"color": Compared(vectors, SECTIONS, MIX)})).attributes["color"].sweeps == {}


def test_a_share_that_has_no_effect_is_not_tried(case):
    catalog, _ = case
    vectors = vectors_of(catalog, ["color"])
    both = evaluate(catalog, embedded(vectors, ["color"], lambda _: 0.5), grid=(0, 1)).attributes["color"]
    assert set(both.sweeps) == {"beta"} and len(both.sweeps["beta"]) == 2
    assert both.sweeps["beta"][1][1] == both.map_region and both.sweeps["beta"][0][1] == both.map_patch
    alone = evaluate(catalog, embedded(vectors, ["color"], lambda _: 0.5, only=0), grid=(0, 1)).attributes["color"]
    assert alone.sweeps == {}


def test_of_very_many_queries_evenly_drawn_ones_are_asked(case, monkeypatch):
    catalog, vectors = case
    (trial,) = seeded_trials(catalog, ["color"], 0.5)
    monkeypatch.setattr(sweeps, "MOST", len(trial.queries) * len(trial.candidates) / 3.5)
    found = sweep(trial, vectors, SECTIONS, MIX, (0.5,))
    some = replace(trial, queries=trial.queries[::4], query_values=trial.query_values[::4])
    monkeypatch.undo()
    assert found == sweep(some, vectors, SECTIONS, MIX, (0.5,)) != sweep(trial, vectors, SECTIONS, MIX, (0.5,))
    with pytest.raises(Stopped):
        sweep(trial, vectors, SECTIONS, MIX, stop=lambda: True)
