"""Queries and candidates, and rankings against an evaluation written out naively."""

import json

import numpy as np
import pytest

from catalog.splits import load_splits
from eval import EvalError, protocol
from eval.protocol import Trial, published_trials, rank, sections_scorer, seeded_trials
from model import Section
from tests.eval.support import labelled_catalog, vectors_of


@pytest.fixture
def catalog(tmp_path):
    return labelled_catalog(tmp_path / "shop").split("test")


def test_queries_are_the_first_share_of_a_seeded_shuffle_of_the_labelled_items(catalog):
    for seed in (0, 5):
        trials = seeded_trials(catalog, ["color", "fit"], 0.3, seed)
        assert [trial.attribute for trial in trials] == ["color", "fit"]
        for trial in trials:
            labels = catalog.labels(trial.attribute)
            labelled = [row for row in range(len(catalog)) if labels[row] >= 0]
            shuffled = [labelled[place] for place in np.random.default_rng(seed).permutation(len(labelled))]
            count = round(len(labelled) * 0.3)
            assert set(trial.queries) == set(shuffled[:count])
            assert set(trial.candidates) == set(shuffled[count:])
            assert trial.candidates.tolist() == sorted(trial.candidates)
            assert trial.query_values.tolist() == labels[trial.queries].tolist()
            assert trial.candidate_values.tolist() == labels[trial.candidates].tolist()
            assert trial.values == catalog.attribute(trial.attribute).values


def test_a_trial_depends_on_the_seed_but_not_on_the_other_attributes(catalog):
    both, alone = seeded_trials(catalog, ["color", "fit"]), seeded_trials(catalog, ["fit"])
    assert both[1].queries.tolist() == alone[0].queries.tolist()
    assert seeded_trials(catalog, ["fit"], seed=1)[0].queries.tolist() != alone[0].queries.tolist()


def test_unreadable_items_are_in_no_trial(catalog):
    usable = np.arange(len(catalog)) % 4 != 0
    trials = seeded_trials(catalog, ["color", "fit"], usable=usable)
    assert len(trials) == 2
    for trial in trials:
        assert usable[trial.queries].all()
        assert usable[trial.candidates].all()


@pytest.mark.parametrize("share", [0, 1, -1, 2, float("nan")])
def test_a_share_that_is_none(catalog, share):
    with pytest.raises(EvalError, match="between 0 and 1"):
        seeded_trials(catalog, ["color"], share)


def test_small_attributes_have_a_query_and_a_candidate_or_no_trial(catalog):
    labels = np.flatnonzero(catalog.labels("color") >= 0)
    for count, trials in ((0, 0), (1, 0), (2, 1)):
        usable = np.zeros(len(catalog), bool)
        usable[labels[:count]] = True
        found = seeded_trials(catalog, ["color"], 0.01, usable=usable)
        assert len(found) == trials
        assert all(len(trial.queries) == len(trial.candidates) == 1 for trial in found)


@pytest.mark.parametrize("chunk", [1, 70, 10**6])
def test_rankings_are_those_of_a_naive_loop(catalog, chunk, monkeypatch):
    monkeypatch.setattr(protocol, "CHUNK", chunk)
    beta = 0.3
    vectors = vectors_of(catalog, ["color"])[:, 0].astype(np.float16)
    (trial,) = seeded_trials(catalog, ["color"])
    sections = [Section(name, vectors.shape[-1]) for name in ("region", "crop")]
    mix = {"region": beta, "crop": 1 - beta}
    rankings = rank(trial, sections_scorer(vectors.reshape(len(vectors), -1), sections, mix))
    weights = {"fused": (beta, 1 - beta), "region": (1, 0), "crop": (0, 1)}
    assert set(rankings) == set(weights)
    for name, (region, patch) in weights.items():
        for place, query in enumerate(trial.queries):
            scores = {}
            for candidate in trial.candidates:
                pairs = [
                    (vectors[query, branch].astype(float), vectors[candidate, branch].astype(float))
                    for branch in (0, 1)
                ]
                cosines = [a @ b / np.sqrt((a @ a) * (b @ b)) for a, b in pairs]
                scores[candidate] = region * cosines[0] + patch * cosines[1]
            order = sorted(scores, key=scores.get, reverse=True)
            hits = [catalog.items[c].labels["color"] == catalog.items[query].labels["color"] for c in order]
            precisions = [sum(hits[: r + 1]) / (r + 1) for r, hit in enumerate(hits) if hit]
            assert rankings[name].precision[place] == pytest.approx(np.mean(precisions), abs=1e-12)
            assert rankings[name].first[place] == hits.index(True) + 1
            assert rankings[name].head[place].tolist() == hits[:50]


def test_a_section_that_is_not_unit_is_scored_by_its_inner_product():
    rng = np.random.default_rng(0)
    vectors = rng.random((6, 7))
    sections = [Section("region", 4), Section("taught", 3, unit=False)]
    rows = np.arange(3), np.arange(2, 6)
    found = sections_scorer(vectors, sections, {"region": 0.4, "taught": 0.6})(*rows)
    for i, query in enumerate(rows[0]):
        for j, candidate in enumerate(rows[1]):
            a, b = vectors[query], vectors[candidate]
            cosine = a[:4] @ b[:4] / np.sqrt((a[:4] @ a[:4]) * (b[:4] @ b[:4]))
            assert found["region"][i, j] == pytest.approx(cosine)
            assert found["taught"][i, j] == pytest.approx(a[4:] @ b[4:])
            assert found["fused"][i, j] == pytest.approx(0.4 * cosine + 0.6 * (a[4:] @ b[4:]))
    alone = sections_scorer(vectors[:, 4:], sections[1:], {"taught": 1.0})(*rows)
    assert list(alone) == ["fused"] and np.array_equal(alone["fused"], found["taught"])


def test_an_item_is_never_among_its_own_candidates():
    values = np.array([0, 0, 1])
    trial = Trial("color", ("a", "b"), np.arange(3), values, np.arange(3), values)
    rankings = rank(trial, lambda queries, candidates: {"fused": np.eye(3)})
    assert trial.relevant().tolist() == [1, 1, 0]
    assert trial.ranked_candidates().tolist() == [2, 2, 2]
    assert rankings["fused"].precision.tolist() == [1, 1, 0]
    assert rankings["fused"].first.tolist() == [1, 1, 0]


def test_published_files_choose_queries_and_candidates(catalog, tmp_path):
    images = [item.image for item in catalog.items]
    files = tmp_path / "Shop"
    files.mkdir()
    meta = {"Shop": {"ATTRIBUTES": ["color", "fit"], "ATTRIBUTES_NUM": {"color": 2, "fit": 3}}}
    (files / "meta.json").write_text(json.dumps(meta))
    (files / "filenames_test.txt").write_text("\n".join(reversed(images[:5])))
    (files / "query_test.txt").write_text("0 0 1\n1 1 2\n")
    (files / "candidate_test.txt").write_text("2 0 1\n3 0 0\n4 1 2\n")
    color, fit = published_trials(catalog, load_splits(files))
    assert (color.attribute, color.values) == ("color", ("0", "1"))
    assert (color.queries.tolist(), color.query_values.tolist()) == ([4], [1])
    assert (color.candidates.tolist(), color.candidate_values.tolist()) == ([2, 1], [1, 0])
    assert (fit.queries.tolist(), fit.candidates.tolist()) == ([3], [0])
    usable = np.ones(len(catalog), bool)
    usable[2] = False
    assert published_trials(catalog, load_splits(files), usable)[0].candidates.tolist() == [1]
    (files / "filenames_test.txt").write_text("\n".join(["nowhere.jpg", *images[:4]]))
    with pytest.raises(EvalError, match=r"lacks 1 images of Shop, such as 'nowhere\.jpg'"):
        published_trials(catalog, load_splits(files))
    (files / "filenames_test.txt").unlink()
    with pytest.raises(EvalError, match="cannot be found"):
        published_trials(catalog, load_splits(files))
