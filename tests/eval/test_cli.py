"""`python -m eval run`, `baseline` and `show`, on real networks with drawn-by-lot weights."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import save_file

from catalog import load_catalog
from eval import load_detail, load_report, metrics, same_queries
from eval.__main__ import main
from eval.baseline import GlobalFeatures
from eval.garments import garments
from eval.protocol import seeded_trials
from model import CONFIGS, RPF, load, save
from retrieval import Embedder
from tests.eval.support import labelled_catalog
from tests.eval.test_garments import masked

KEYS = {"map", "map_region", "map_patch", "top1", "top8", "chance_map", "queries", "candidates"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a catalog (color, fit), RPF weights that know color and length, and a ViT."""
    folder = tmp_path_factory.mktemp("place")
    labelled_catalog(folder / "shop", items=30)
    torch.manual_seed(0)
    save(RPF(CONFIGS["tiny"]({"length": ["long"], "color": ["red"]})), folder / "weights")
    (folder / "init").mkdir()
    vit = timm.create_model("vit_tiny_patch16_224")
    save_file(vit.state_dict(), folder / "init" / "vit_tiny_patch16_224.safetensors")
    return folder


@pytest.fixture
def command(capsys):
    """Runs the command in this process: exit code, stdout, stderr."""

    def command(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


@pytest.fixture
def run(command, place):
    common = ("--catalog", place / "shop", "--weights", place / "weights", "--home", place / "home", "--device", "cpu")
    return lambda *arguments: command("run", *common, *arguments)


def test_run_prints_the_json_of_what_the_network_reaches(place, run):
    code, out, err = run("--split", "test", "--queries", "0.3", "--seed", "2", "--json", "--out", place / "r.json")
    assert code == 0, err
    result = json.loads(out)
    assert list(result["attributes"]) == ["color"]
    assert result["attributes"]["color"].keys() >= KEYS
    assert result["overall"].keys() >= {"map", "map_plain"}
    assert "embedding" in err
    catalog = load_catalog(place / "shop").split("test")
    network = load(place / "weights")
    vectors = (
        Embedder(network, "cpu")
        .vectors([catalog.open(item) for item in catalog], ["color"])["color"]
        .reshape(len(catalog), 2, -1)
    )
    (trial,) = seeded_trials(catalog, ["color"], 0.3, 2)
    relevant = trial.query_values[:, None] == trial.candidate_values[None, :]
    beta = network.config.beta_of("color")
    region, patch = (metrics.cosine(vectors[trial.queries, b], vectors[trial.candidates, b]) for b in (0, 1))
    for name, scores in (("map", beta * region + (1 - beta) * patch), ("map_region", region), ("map_patch", patch)):
        expected = metrics.average_precision(metrics.ranked_relevance(scores, relevant))
        assert result["attributes"]["color"][name] == pytest.approx(100 * expected, abs=0.5)
    stored = load_report(place / "r.json")
    assert stored.overall["map"] == result["overall"]["map"]
    assert stored.weights == {"source": "weights", "digest": network.digest}
    assert (stored.seed, stored.catalog["splits"]) == (2, ["test"])
    asked = load_detail(place / "r.json").of("color")
    assert asked.queries.tolist() == trial.queries.tolist()
    assert asked.ap.mean() * 100 == pytest.approx(stored.attributes["color"].map, abs=1e-3)


def test_beta_may_be_given_and_show_prints_a_report(place, run, command):
    code, out, err = run("--split", "all", "--beta", "1", "--out", place / "beta.json", "--title", "Only region")
    assert code == 0, err
    assert "query-weighted mean" in out
    report = load_report(place / "beta.json")
    assert report.attributes["color"].beta == 1
    assert report.overall["map"] == report.overall["map_region"]
    code, shown, _ = command("show", place / "beta.json")
    assert (code, shown) == (0, out)
    assert shown.startswith("Only region (percent)")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--attributes", "length"], "the catalog has no labels for 'length'; it can be one of: color"),
        (["--attributes", "fit"], "the weights do not know 'fit'"),
        (["--split", "dawn"], "it has: test, train"),
        (["--beta", "1.5"], "--beta must lie between 0 and 1"),
        (["--queries", "1"], "between 0 and 1"),
        (["--weights", "nowhere/at-all-./x"], "nowhere/at-all-./x"),
        (["--catalog", "nowhere"], "there is no catalog 'nowhere'"),
        (["--published", "nowhere"], "no meta.json"),
    ],
)
def test_mistakes_are_one_line_on_stderr(run, arguments, words):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    last = err.strip().splitlines()[-1]
    assert last.startswith("error: ")
    assert words in last


def test_the_baseline_is_asked_the_same_queries(place, command):
    code, out, err = command(
        "baseline", "--catalog", place / "shop", "--init", place / "init", "--json", "--attributes", "color"
    )
    assert code == 0, err
    result = json.loads(out)
    catalog = load_catalog(place / "shop").split("test")
    (trial,) = seeded_trials(catalog, ["color"])
    assert result["attributes"]["color"]["queries"] == len(trial.queries)
    features = GlobalFeatures(place / "init").embed(catalog.open(item) for item in catalog)
    centred = features - features.mean(axis=0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    relevant = trial.query_values[:, None] == trial.candidate_values[None, :]
    ranked = metrics.ranked_relevance(centred[trial.queries] @ centred[trial.candidates].T, relevant)
    assert result["attributes"]["color"]["map"] == pytest.approx(100 * metrics.average_precision(ranked), abs=0.5)
    assert result["attributes"]["color"]["map_region"] is None
    each = ("--alone", "99", "--json", "--attributes", "color")
    code, out, err = command("baseline", "--catalog", place / "shop", "--init", place / "init", *each)
    assert json.loads(out)["attributes"]["color"]["queries"] == int((catalog.labels("color") >= 0).sum()), err


def test_the_global_feature_is_the_normed_cls_token(place):
    catalog = load_catalog(place / "shop")
    features = GlobalFeatures(place / "init" / "vit_tiny_patch16_224.safetensors")
    images = [catalog.open(item) for item in catalog.items[:18]]
    found = features.embed(images)
    assert found.shape == (18, 192)
    network = features.network
    with torch.inference_mode():
        logits = network(torch.stack([features.transform(images[17])]))
        expected = network.head(torch.from_numpy(found[17:]))
    assert torch.allclose(logits, expected, atol=1e-4)


def test_pretrained_weights_that_are_none(place, command):
    (place / "init" / "notes.safetensors").write_text("no weights")
    (place / "bad").mkdir(exist_ok=True)
    (place / "bad" / "vit_tiny_patch16_224.safetensors").write_text("no weights")
    for init, words in (
        (place / "none", "is not one vit*.safetensors"),
        (place / "init" / "notes.safetensors", "timm knows no network 'notes'"),
        (place / "bad", "does not hold timm's vit_tiny_patch16_224"),
    ):
        code, out, err = command("baseline", "--catalog", place / "shop", "--init", init)
        assert (code, out) == (2, "")
        assert words in err.strip().splitlines()[-1]


def test_as_a_process_stdout_holds_the_result_only(place):
    arguments = ["run", "--catalog", place / "shop", "--weights", place / "weights", "--home", place / "home", "--json"]
    done = subprocess.run([sys.executable, "-m", "eval", *map(str, arguments)], capture_output=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["format"] == "lapel-report/1"


def test_show_of_what_is_no_report(tmp_path, command):
    code, out, err = command("show", tmp_path / "none.json")
    assert (code, out) == (2, "")
    assert err.strip().startswith("error: the report")


def test_twins_of_another_split_are_left_out_of_both_reports_and_counted(place, run, command):
    shop = place / "twins"
    shutil.copytree(place / "shop", shop)
    catalog = load_catalog(shop)
    learnt, asked = catalog.split("train").items[0], catalog.split("test").items[:2]
    for item in asked:
        catalog.path(item).write_bytes(catalog.path(learnt).read_bytes())
    told = "test images that have a byte-identical twin in train, and are left out: 2"
    for name, arguments in (("run", ["--weights", place / "weights"]), ("baseline", ["--init", place / "init"])):
        out = place / f"twins-{name}.json"
        flags = ["--catalog", shop, "--home", place / "home", "--attributes", "color", "--out", out, *arguments]
        code, shown, err = command(name, *flags)
        assert code == 0, err
        report = load_report(out)
        assert report.catalog["items"] == len(catalog.split("test")) - 2
        assert report.protocol["twins_left_out"] == 2 and told in report.warnings and f"note: {told}" in shown
        left = {asked[0].id, asked[1].id}
        assert not left & set(load_report(out, detail=True).attributes["color"].per_query["id"])
        assert report.attributes["color"].queries + report.attributes["color"].candidates <= report.catalog["items"]
    code, _, err = command("run", "--catalog", shop, "--home", place / "home", "--split", "all", "--out", out,
                           "--weights", place / "weights")  # fmt: skip
    assert code == 0, err
    assert load_report(out).catalog["items"] == len(catalog)
    assert load_report(out).protocol["twins_left_out"] == 0


def test_gains_over_a_baseline_and_what_falls_short_are_printed(place, run, command):
    paths = [place / "with.json", place / "below.json"]
    code, _, err = run("--seed", "4", "--out", paths[0])
    assert code == 0, err
    flags = ["--catalog", place / "shop", "--init", place / "init", "--attributes", "color"]
    assert command("baseline", *flags, "--seed", "4", "--out", paths[1])[0] == 0
    code, shown, err = command("show", paths[0], "--against", paths[1])
    assert code == 0, err
    ours, theirs = (load_report(path).attributes["color"] for path in paths)
    assert "map_gain" in shown and f"{ours.p12 - theirs.p12:+.2f}" in shown
    assert f"P@12: too few queries to tell (color {ours.queries})" in shown.splitlines()
    below = theirs.map - ours.map >= 0.05
    assert ("below global similarity" in shown) == below
    assert command("baseline", *flags, "--seed", "5", "--out", paths[1])[0] == 0
    code, shown, err = command("show", paths[0], "--against", paths[1])
    assert (code, shown) == (2, "") and "not asked the same queries" in err


def test_garments_of_masks_are_asked_by_one_attribute_of_the_weights(place, command):
    shop = masked(place / "masks", [{"pants": 30, "coat": 20}, {"skirt": 30, "coat": 5}] * 4).root
    flags = ["--catalog", shop, "--split", "all", "--garments", "--queries", "0.5", "--home", place / "home", "--json"]
    weights = ["--weights", place / "weights", "--device", "cpu"]
    code, out, err = command("run", *flags, *weights)
    assert (code, out) == (2, "")
    assert "the weights do not know 'article_type'; --ask can be one of: length, color" in err
    code, out, err = command("run", *flags, *weights, "--ask", "Color", "--out", place / "masks.json")
    assert code == 0, err
    found = json.loads(out)
    assert list(found["attributes"]) == ["bottom", "outer"]
    assert found["protocol"]["asked"] == {"bottom": "color", "outer": "color"}
    assert found["warnings"][0].startswith("attributes read off pixel masks: bottom 8 of 8 (pants 4, skirt 4)")
    assert "bottom is asked by the weights' color" in found["warnings"]
    catalog = garments(load_catalog(shop))
    images = [catalog.open(item) for item in catalog]
    vectors = Embedder(load(place / "weights"), "cpu").vectors(images, ["color"])["color"].reshape(len(catalog), 2, -1)
    (trial,) = seeded_trials(catalog, ["bottom"], 0.5)
    relevant = trial.query_values[:, None] == trial.candidate_values[None, :]
    cosines = metrics.cosine(vectors[trial.queries, 0], vectors[trial.candidates, 0])
    expected = metrics.average_precision(metrics.ranked_relevance(cosines, relevant))
    assert found["attributes"]["bottom"]["map_region"] == pytest.approx(100 * expected, abs=0.5)
    code, out, err = command("baseline", *flags, "--init", place / "init", "--out", place / "masks-global.json")
    assert code == 0, err
    assert same_queries(load_report(place / "masks.json"), load_report(place / "masks-global.json"))


def test_labels_under_another_spelling_are_measured_all_the_same(place, command):
    weights = place / "respelled-weights"
    save(RPF(CONFIGS["tiny"]({"length": ["long"], "heel shape": ["red"]})), weights)
    found = []
    for header, asked in (("heel shape", "heel shape"), ("Heel_Shape", "HEEL-shape"), ("heel-shape", None)):
        shop = place / header
        shutil.copytree(place / "shop", shop)
        table = shop / "catalog.csv"
        table.write_text(table.read_text().replace("color", header, 1))
        flags = ["--catalog", shop, "--weights", weights, "--home", place / "home", "--device", "cpu", "--json"]
        code, out, err = command("run", *flags, *(["--attributes", asked] if asked else []))
        assert code == 0, err
        found.append(json.loads(out)["attributes"])
    assert list(found[0]) == ["heel shape"] and found[0] == found[1] == found[2]
    flags = ["--catalog", place / "Heel_Shape", "--init", place / "init", "--json", "--attributes", "heel shape"]
    code, out, err = command("baseline", *flags)
    assert code == 0, err
    assert list(json.loads(out)["attributes"]) == ["Heel_Shape"]
