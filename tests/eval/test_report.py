"""Reports: their figures, and the way to JSON and back."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval import (
    EvalError,
    Features,
    Report,
    Sampling,
    attribute_report,
    evaluate,
    evaluate_global,
    load_report,
    rank,
    save_report,
)
from eval.protocol import seeded_trials
from eval.report import overall
from eval.report_files import to_json
from tests.eval.support import embedded, labelled_catalog, vectors_of

NAMES = ["color", "fit"]


@pytest.fixture
def catalog(tmp_path):
    return labelled_catalog(tmp_path / "shop")


@pytest.fixture
def report(catalog):
    made = embedded(vectors_of(catalog, NAMES), NAMES, {"color": 0.3, "fit": 0.5}.__getitem__)
    return evaluate(catalog, made, Sampling(seed=3), "T")


def test_the_figures_of_an_attribute(catalog, report):
    color = report.attributes["color"]
    (trial,) = seeded_trials(catalog, ["color"], seed=3)
    assert (color.queries, color.candidates, color.beta) == (len(trial.queries), len(trial.candidates), 0.3)
    assert color.values == ["blue", "green", "red"]
    assert color.map == pytest.approx(np.mean(color.per_query["ap"]), abs=0.01)
    assert color.map_region == pytest.approx(np.mean(color.per_query["ap_region"]), abs=0.01)
    assert color.map_patch == pytest.approx(np.mean(color.per_query["ap_crop"]), abs=0.01)
    assert color.map_by_view == {"region": color.map_region, "crop": color.map_patch}
    assert color.mix == {"region": 0.3, "crop": 0.7} and set(color.topk) == {"fused", "region", "crop", "chance"}
    for name in ("p8", "p12"):
        figure, ceiling, chance = (getattr(color, f"{kind}{name}") for kind in ("", "ceiling_", "chance_"))
        assert 100 >= ceiling >= figure > chance > 0
        assert figure == pytest.approx(np.mean(color.per_query[name]), abs=0.01)
    assert color.per_query["id"] == [catalog.items[place].id for place in trial.queries]
    assert color.per_query["value"] == [catalog.items[place].labels["color"] for place in trial.queries]
    assert 100 > color.map_region > color.map_patch > color.chance_map > 0
    assert (color.top1, color.top8) == (color.topk["fused"][1], color.topk["fused"][8])
    assert (color.chance_top1, color.chance_top8) == (color.topk["chance"][1], color.topk["chance"][8])
    for curve in color.topk.values():
        assert list(curve.values()) == sorted(curve.values())
    for value, figures in color.by_value.items():
        own = [ap for ap, of in zip(color.per_query["ap"], color.per_query["value"], strict=True) if of == value]
        assert figures["map"] == pytest.approx(np.mean(own), abs=0.01)
        assert figures["queries"] == len(own)


@pytest.mark.parametrize(
    "name", ["map", "map_region", "map_patch", "chance_map", "top1", "top8", "p8", "p12", "ceiling_p12", "chance_p8"]
)
def test_overall_is_the_query_weighted_mean_and_plain_the_plain_one(report, name):
    column = [getattr(attribute, name) for attribute in report.attributes.values()]
    counts = [attribute.queries for attribute in report.attributes.values()]
    assert len(set(counts)) == 2
    weighted = sum(value * count for value, count in zip(column, counts, strict=True)) / sum(counts)
    assert report.overall[name] == pytest.approx(weighted, abs=1e-3)
    assert report.overall[f"{name}_plain"] == pytest.approx(sum(column) / 2, abs=1e-3)
    assert report.overall["queries"] == sum(counts)


def test_beta_one_is_region_only_and_beta_zero_patch_only(catalog):
    vectors = vectors_of(catalog, NAMES)
    for beta, column in ((1.0, "map_region"), (0.0, "map_patch")):
        report = evaluate(catalog, embedded(vectors, NAMES, lambda _, beta=beta: beta))
        assert [a.map for a in report.attributes.values()] == [getattr(a, column) for a in report.attributes.values()]


@pytest.mark.parametrize(("only", "column"), [(0, "map_region"), (1, "map_patch")])
def test_a_method_with_one_embedding_is_ranked_by_it_and_reports_no_branch(catalog, report, only, column):
    made = embedded(vectors_of(catalog, NAMES), NAMES, lambda _: 0.5, only=only)
    alone = evaluate(catalog, made, Sampling(seed=3))
    assert alone.overall["map"] == report.overall[column]
    assert alone.overall["map_region"] is None and alone.overall["map_patch"] is None
    assert set(alone.overall["topk"]) == {"fused", "chance"}


def test_perfect_embeddings_reach_100_percent(catalog):
    report = evaluate(catalog, embedded(vectors_of(catalog, NAMES, (0.0, 0.0)), NAMES, lambda _: 0.5))
    assert (report.overall["map"], report.overall["top1"]) == (100, 100)


def test_what_the_report_says_of_its_making(catalog, report):
    assert report.seed == 3
    assert report.catalog == {
        "name": "shop",
        "digest": catalog.digest,
        "items": 60,
        "splits": ["test", "train"],
    }
    assert report.protocol["queries"] == 0.2
    assert {"python", "numpy", "torch"} <= set(report.versions)
    some = embedded(vectors_of(catalog, NAMES), NAMES, lambda _: 0.5, usable=np.arange(60) > 1)
    assert "left out: 2" in evaluate(catalog, some).warnings[0]


def test_global_similarity_is_asked_the_same_and_has_no_branches(catalog, report):
    features = vectors_of(catalog, ["color"])[:, 0, 0] + 5.0
    flat = evaluate_global(catalog, Features(features), NAMES, Sampling(seed=3))
    for name in NAMES:
        assert flat.attributes[name].per_query["id"] == report.attributes[name].per_query["id"]
        assert flat.attributes[name].chance_map == report.attributes[name].chance_map
    assert flat.overall["map_region"] is None
    assert set(flat.attributes["color"].topk) == {"fused", "chance"}
    assert flat.attributes["color"].map > flat.attributes["color"].chance_map + 10
    shifted = evaluate_global(catalog, Features(features + 1000.0), NAMES, Sampling(seed=3))
    assert shifted.overall["map"] == flat.overall["map"]


def trial_and_rankings(catalog, views, attribute="color"):
    """A trial, and a ranking by each view and by the plain sum of all."""
    (trial,) = seeded_trials(catalog, [attribute])
    rng = np.random.default_rng(5)
    rows = {view: rng.standard_normal((len(catalog), 4)) for view in views}

    def scorer(queries, candidates):
        scores = {view: row[queries] @ row[candidates].T for view, row in rows.items()}
        return {"fused": sum(scores.values()), **scores}

    return trial, rank(trial, scorer)


def test_views_of_any_name_are_reported_in_order_and_those_that_all_have_in_the_means(catalog):
    ids = [item.id for item in catalog]
    mix = {"region": 0.1, "crop": 0.2, "whole": 0.3, "general": 0.3, "taught": 0.1}
    full = attribute_report(*trial_and_rankings(catalog, reversed(mix)), ids, mix)
    assert list(full.map_by_view) == ["region", "crop", "whole", "general", "taught"]
    assert (full.map_region, full.map_patch) == (full.map_by_view["region"], full.map_by_view["crop"])
    assert full.mix == mix and full.beta is None
    cheap = attribute_report(
        *trial_and_rankings(catalog, ["region", "general"], "fit"), ids, {"region": 0.5, "general": 0.5}
    )
    assert cheap.map_patch is None and {"ap_region", "ap_general"} <= set(cheap.per_query)
    whole = overall({"color": full, "fit": cheap})
    assert set(whole["map_by_view"]) == set(whole["map_by_view_plain"]) == {"region", "general"}
    both = [full.map_by_view["general"], cheap.map_by_view["general"]]
    assert whole["map_by_view_plain"]["general"] == pytest.approx(np.mean(both), abs=1e-3)
    assert whole["map_by_view"]["general"] == pytest.approx(
        np.average(both, weights=[full.queries, cheap.queries]), abs=1e-3
    )
    assert set(whole["topk"]) == {"fused", "region", "general", "chance"} and whole["map_patch"] is None
    report = Report("T", "RPF", whole, {"fit": cheap, "color": full})
    assert report.views == ["region", "crop", "whole", "general", "taught"]


@pytest.mark.parametrize(
    ("mix", "beta"),
    [
        ({"region": 0.3, "patch": 0.7}, 0.3),
        ({"region": 0.25, "crop": 0.75, "whole": 0.0}, 0.25),
        ({"crop": 1.0}, 0.0),
        ({"region": 0.5, "general": 0.5}, None),
        (None, None),
    ],
)
def test_beta_is_told_where_region_and_crop_alone_are_mixed(catalog, mix, beta):
    trial, rankings = trial_and_rankings(catalog, ["region", "patch"])
    report = attribute_report(trial, rankings, [item.id for item in catalog], mix)
    assert report.beta == beta and report.map_by_view.keys() == {"region", "crop"}
    assert report.mix is None or "patch" not in report.mix


def test_a_value_with_few_items_has_a_low_ceiling_and_figures_by_value_say_so(tmp_path):
    catalog = labelled_catalog(tmp_path / "small", items=30)
    report = evaluate(catalog, embedded(vectors_of(catalog, NAMES, (0.0, 0.0)), NAMES, lambda _: 0.5))
    for figures in report.attributes.values():
        assert figures.p12 == figures.ceiling_p12 < 100
        for value in figures.by_value.values():
            assert (
                value["p12"] == value["ceiling_p12"] == pytest.approx(min(value["candidates"], 12) / 12 * 100, abs=0.01)
            )


def test_a_report_from_before_can_be_read(report, tmp_path):
    """Format 1 as it was: region and patch alone, no P@k, no mix."""
    content = json.loads(json.dumps(to_json(report)))
    for figures in content["attributes"].values():
        gone = ("p8", "p12", "ceiling_p8", "ceiling_p12", "chance_p8", "chance_p12", "map_by_view", "mix", "intervals")
        for name in gone:
            del figures[name]
        figures["topk"]["patch"] = figures["topk"].pop("crop")
    whole = content["overall"]
    for name in [name for name in whole if "p8" in name or "p12" in name or "by_view" in name]:
        if "top8" not in name:
            del whole[name]
    whole["topk"]["patch"] = whole["topk"].pop("crop")
    (tmp_path / "a.json").write_text(json.dumps(content))
    former = load_report(tmp_path / "a.json")
    assert former.overall["map_by_view"] == report.overall["map_by_view"]
    assert former.overall["map_by_view_plain"] == report.overall["map_by_view_plain"]
    assert former.overall["topk"] == report.overall["topk"] and former.views == ["region", "crop"]
    for name, figures in report.attributes.items():
        bare = replace(figures, p8=None, p12=None, ceiling_p8=None, ceiling_p12=None, chance_p8=None, chance_p12=None)
        bare = replace(bare, intervals={})
        assert former.attributes[name] == replace(bare, mix=former.attributes[name].mix)
        assert former.attributes[name].mix == pytest.approx(figures.mix)


def test_nothing_to_compare(catalog):
    vectors, none = vectors_of(catalog, NAMES), np.zeros(60, bool)
    with pytest.raises(EvalError, match="no attribute has two labelled items"):
        evaluate(catalog, embedded(vectors, NAMES, lambda _: 0.5, usable=none))
    with pytest.raises(EvalError, match="not those of 60;"):
        evaluate(catalog, embedded(vectors[:5], NAMES, lambda _: 0.5))
    with pytest.raises(EvalError, match="no image"):
        evaluate_global(catalog, Features(np.ones((60, 3)), none), NAMES)


def test_there_and_back(report, tmp_path):
    path = tmp_path / "reports" / "a.json"
    report = replace(report, detail=None)
    save_report(report, path)
    assert load_report(path) == report
    assert [entry.name for entry in path.parent.iterdir()] == ["a.json"]
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["format"] == "lapel-report/1"
    assert content["attributes"]["color"]["topk"]["fused"]["8"] == report.attributes["color"].top8
    flat = replace(report, title="袖丈")
    save_report(flat, path)
    assert load_report(path).title == "袖丈"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp932"])
def test_a_report_that_another_program_has_saved_again(report, tmp_path, encoding):
    path = tmp_path / "a.json"
    save_report(replace(report, title="袖丈の評価"), path)
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert load_report(path).title == "袖丈の評価"


def test_newer_reports_with_more_keys_can_be_read(report, tmp_path):
    content = json.loads(json.dumps(to_json(report)))
    content["more"] = 1
    content["attributes"]["fit"]["more"] = 1
    (tmp_path / "a.json").write_text(json.dumps(content))
    assert load_report(tmp_path / "a.json") == report


def test_without_detail_single_queries_are_left_out(report, tmp_path):
    content = to_json(report, detail=False)
    assert "per_query" not in content["attributes"]["color"]
    (tmp_path / "a.json").write_text(json.dumps(content))
    assert load_report(tmp_path / "a.json").attributes["color"].map == report.attributes["color"].map


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: content.pop("format"), "no report of format"),
        (lambda content: content.update(format="lapel-report/2"), "no report of format"),
        (lambda content: content.pop("overall"), "damaged"),
        (lambda content: content["overall"].update(map="high"), "damaged"),
        (lambda content: content["attributes"]["fit"].pop("map"), "damaged"),
        (lambda content: content["attributes"]["fit"].update(queries=None), "damaged"),
        (lambda content: content["attributes"]["fit"].update(topk={"fused": {"one": 1}}), "damaged"),
        (lambda content: content.update(attributes=[1]), "damaged"),
        (lambda content: content["attributes"]["fit"].update(p12="many"), "damaged"),
        (lambda content: content["attributes"]["fit"]["map_by_view"].update(whole="high"), "damaged"),
        (lambda content: content["attributes"]["fit"].update(map_by_view=[1]), "damaged"),
    ],
)
def test_what_is_no_report_is_refused_in_one_line(report, tmp_path, change, words):
    content = json.loads(json.dumps(to_json(report)))
    change(content)
    (tmp_path / "a.json").write_text(json.dumps(content))
    with pytest.raises(EvalError, match=words) as caught:
        load_report(tmp_path / "a.json")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "\x89PNG\r\n", "[" * 100_000])
def test_other_files_are_no_reports(tmp_path, text):
    (tmp_path / "a.json").write_text(text, encoding="latin-1")
    with pytest.raises(EvalError, match="no report"):
        load_report(tmp_path / "a.json")
    with pytest.raises(EvalError, match="cannot be read"):
        load_report(tmp_path / "none.json")


def test_a_report_that_cannot_be_written(report, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EvalError, match="cannot be written"):
        save_report(report, tmp_path / "file" / "a.json")


def test_shipped_reports_can_be_read():
    shipped = sorted((Path(__file__).parents[2] / "assets" / "reports").glob("*.json"))
    assert {"demo.json", "demo-global.json"} <= {path.name for path in shipped}
    for path in shipped:
        report = load_report(path)
        assert 0 < report.overall["map"] <= 100
        assert not Path(str(report.weights["source"])).is_absolute()
