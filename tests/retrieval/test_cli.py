"""`python -m retrieval embed` and `search`, in this process, with the real network and random weights."""

import json
import shutil
import sys
from pathlib import Path

import pytest
import torch

from model import RPF, save
from model.config import tiny
from retrieval.__main__ import main
from tests.retrieval.support import noise_catalog

ATTRIBUTES = {"color": ["blue", "green", "red"], "pattern": ["dots"], "neck": ["round"]}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(0)
    save(RPF(tiny(ATTRIBUTES)), folder)
    return folder


@pytest.fixture
def run(tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs a command on six items; gives exit code, stdout, stderr."""
    catalog = noise_catalog(tmp_path / "catalog", 6)
    monkeypatch.setenv("LAPEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LAPEL_WEIGHTS", str(weights))
    monkeypatch.setenv("LAPEL_DEVICE", "cpu")

    def call(command: str, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["retrieval", command, "--catalog", str(catalog.root), *arguments])
        capsys.readouterr()
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        else:
            code = 0
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_embed_shows_progress_and_speed_and_is_not_repeated(run, tmp_path: Path) -> None:
    code, out, err = run("embed", "--attributes", "neck", "color")
    assert code == 0
    assert "6 items x 2 attributes (color, neck)" in out  # in the order of the weights
    assert "items/s" in out
    assert "6/6" in err
    assert len(list((tmp_path / "home" / "store").iterdir())) == 1
    code, out, err = run("embed", "--attributes", "neck")
    assert code == 0
    assert "up to date" in out
    assert "embedding" not in err


def test_another_beta_and_other_value_names_embed_nothing_again(run, weights: Path, tmp_path: Path) -> None:
    assert run("embed", "--attributes", "neck")[0] == 0
    config = json.loads((weights / "config.json").read_text("utf-8"))
    config |= {"beta": 0.85, "betas": {"neck": 0.15}}
    config["attributes"]["color"] = ["blau", "rot"]
    changed = tmp_path / "changed"
    shutil.copytree(weights, changed)
    (changed / "config.json").write_text(json.dumps(config), "utf-8")
    code, out, err = run("embed", "--attributes", "neck", "--weights", str(changed))
    assert code == 0
    assert "up to date" in out
    assert "embedding" not in err
    config["threshold"] = 0.4  # crops change, and so do embeddings
    (changed / "config.json").write_text(json.dumps(config), "utf-8")
    code, out, _ = run("embed", "--attributes", "neck", "--weights", str(changed))
    assert code == 0
    assert "items/s" in out


def test_embed_takes_the_labelled_attributes_and_writes_where_told(run, tmp_path: Path) -> None:
    code, out, _ = run("embed", "--out", str(tmp_path / "shipped"))
    assert code == 0
    assert "6 items x 1 attributes (color)" in out
    assert (tmp_path / "shipped" / "manifest.json").exists()
    code, out, _ = run("embed")
    assert code == 0 and "up to date" in out  # what was shipped is kept at home too


def test_search_prints_hits_as_json(run, tmp_path: Path) -> None:
    image = str(tmp_path / "catalog" / "2.png")
    code, out, _ = run("search", "--image", image, "--attribute", "color=3", "--attribute", "neck", "-k", "4", "--json")
    assert code == 0
    hits = json.loads(out)["hits"]
    assert len(hits) == 4
    assert hits[0]["id"] == "item-2"
    assert hits[0]["image"] == "2.png"
    assert hits[0]["shares"].keys() == {"color", "neck"}
    assert hits[0]["shares"]["color"] == pytest.approx(0.75, abs=0.01)
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_search_by_item_leaves_the_item_out_and_filters(run) -> None:
    code, out, _ = run("search", "--item", "item-0", "--attribute", "pattern", "--filter", "color=red", "color=green")
    assert code == 0
    assert {line.split()[2] for line in out.splitlines()} == {"item-1", "item-2", "item-5"}


def test_a_negative_weight_turns_the_ranking_round(run) -> None:
    found = []
    for weight in ("1", "-1"):
        code, out, _ = run("search", "--item", "item-0", "--attribute", f"neck={weight}", "--json")
        assert code == 0
        found.append(json.loads(out)["hits"])
    assert [hit["id"] for hit in found[1]] == [hit["id"] for hit in found[0]][::-1]
    assert [hit["score"] for hit in found[1]] == [-hit["score"] for hit in found[0]][::-1]


def test_terms_have_sources_of_their_own(run, tmp_path: Path) -> None:
    image = str(tmp_path / "catalog" / "2.png")
    asked = ["--term", "color=Red", "-color=blue*0.5", "--term", "neck@item-3", f"pattern@{image}"]
    code, out, err = run("search", *asked, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["terms"] == ["color=Red", "-color=blue*0.5", "neck@item-3", f"pattern@{image}"]
    assert {hit["id"] for hit in found["hits"]} == {f"item-{row}" for row in (0, 1, 2, 4, 5)}
    for hit in found["hits"]:
        assert sum(hit["term_shares"]) == pytest.approx(hit["score"], abs=1e-6)
        assert hit["shares"]["color"] == pytest.approx(sum(hit["term_shares"][:2]), abs=1e-6)
    code, out, _ = run("search", "--item", "item-0", "--attribute", "neck", "--term", "-color=red", "-k", "2")
    assert code == 0 and len(out.splitlines()) == 2 and "-color=red" in out and "item-0" not in out


def test_words_are_terms_and_what_is_not_understood_is_said(run) -> None:
    code, out, err = run("search", "--words", "red, not blue, qwertz", "--json")
    assert code == 0, err
    assert json.loads(out)["terms"] == ["color=red", "-color=blue*0.5"] and "not understood: 'qwertz'" in err
    _, out, _ = run("search", "--term", "color=red", "-color=blue*0.5", "--json")
    same = run("search", "--words", "赤 青以外", "--json")[1]
    assert json.loads(same)["hits"] == json.loads(out)["hits"]


def respell_header(folder: Path, old: str, new: str) -> None:
    table = folder / "catalog.csv"
    header, _, rows = table.read_text(encoding="utf-8").partition("\n")
    table.write_text(header.replace(old, new) + "\n" + rows, encoding="utf-8")


def test_names_are_found_whatever_their_spelling(run, tmp_path: Path) -> None:
    asked = ["--item", "item-0", "--attribute", "Color", "--filter", "TITLE=Title_1", "--json"]
    _, expected, _ = run("search", "--item", "item-0", "--attribute", "color", "--filter", "title=title 1", "--json")
    assert run("search", *asked)[:2] == (0, expected)
    respell_header(tmp_path / "catalog", "color", "COLOR")
    code, out, _ = run("embed", "--attributes", "Neck", "--attributes", "color")
    assert code == 0 and "6 items x 2 attributes (color, neck)" in out  # of the table that is there
    code, out, _ = run("search", "--item", "item-0", "--attribute", "pattern", "--filter", "color=RED", "--json")
    assert code == 0
    assert {hit["id"] for hit in json.loads(out)["hits"]} == {"item-2", "item-5"}


@pytest.mark.parametrize("header", ["heel shape", "Heel_Shape", "heel-shape"])
def test_a_header_in_another_spelling_is_a_labelled_attribute(run, tmp_path: Path, header: str) -> None:
    save(RPF(tiny({"pattern": ["dots"], "heel shape": ["red"]})), tmp_path / "weights")
    respell_header(tmp_path / "catalog", "color", header)
    code, out, _ = run("embed", "--weights", str(tmp_path / "weights"))
    assert code == 0 and "6 items x 1 attributes (heel shape)" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--item", "item-0"], "--attribute"),
        (["--attribute", "neck"], "one of --image FILE and --item ID"),
        (["--item", "item-0", "--attribute", "heel"], "'heel'"),
        (["--item", "item-0", "--attribute", "neck", "NECK=2"], "twice"),
        (["--item", "item-0", "--attribute", "neck", "--filter", "color=mauve"], "it has: blue, green, red"),
        (["--item", "item-9", "--attribute", "neck"], "item-9"),
        (["--item", "item-0", "--attribute", "neck", "-k", "0"], "at least 1"),
        (["--item", "item-0", "--attribute", "neck=much"], "number"),
        (["--item", "item-0", "--attribute", "neck=nan"], "finite number"),
        (["--item", "item-0", "--attribute", "neck", "--beta", "2"], "beta"),
        (["--item", "item-0", "--attribute", "neck", "--filter", "price=1"], "no column 'price'"),
        (["--item", "item-0", "--attribute", "neck", "--filter", "red"], "COLUMN=VALUE"),
        (["--item", "item-0", "--attribute", "neck", "--device", "toaster"], "toaster"),
        (["--image", "nothing.jpg", "--attribute", "neck"], "nothing.jpg"),
        (["--term", "neck"], "ATTRIBUTE=VALUE"),
        (["--term", "color=mauve"], "it has: blue, green, red"),
        (["--term", "neck@item-9"], "item-9"),
        (["--term", "heel=flat"], "'heel'"),
        (["--term", "color=red*0"], "every weight is 0"),
        (["--item", "item-0", "--term", "color=red"], "--attribute"),
        (["--words", "qwertz"], "none of the words 'qwertz'"),
    ],
)
def test_errors_are_one_line_and_exit_with_2(run, arguments: list[str], message: str) -> None:
    code, out, err = run("search", *arguments)
    assert code == 2
    assert out == ""
    error = err.splitlines()[-1]
    assert error.startswith("error: ")
    assert message in error


def test_similar_prints_pairs_and_groups_and_writes_them(run, tmp_path: Path) -> None:
    pairs, groups = tmp_path / "pairs.csv", tmp_path / "groups.csv"
    asked = ("--attribute", "color=-1", "neck=-1")
    code, out, _ = run("similar", *asked, "--pairs", str(pairs), "--groups", str(groups), "-k", "2")
    assert code == 0
    assert out.startswith("15 of 15 pairs of 6 items; 1 groups")
    assert "group 1: 6 items: item-" in out
    assert len(out.splitlines()) == 4
    assert len(pairs.read_text("utf-8-sig").splitlines()) == 16
    assert groups.read_text("utf-8-sig").splitlines()[0].startswith("group,size,id,image,color,")
    code, out, _ = run("similar", *asked, "--across", "SPLIT=test,train", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["compared"], found["count"], found["groups"]) == (9, 9, [])
    assert {(int(pair["one"][5:]) % 2, int(pair["other"][5:]) % 2) for pair in found["pairs"]} == {(0, 1)}


def test_similar_says_what_it_needs(run, tmp_path: Path) -> None:
    for given, said in (
        ((), "give at least one --attribute"),
        (("--attribute", "color"), "'color' has no match level (not fitted); give the least score"),
        (("--attribute", "color=x"), "has to be a number"),
        (("--attribute", "color=0", "--across", "split=test"), "write COLUMN=VALUE,VALUE"),
        (("--attribute", "color=0", "--pairs", str(tmp_path / "catalog" / "catalog.csv" / "p.csv")), "cannot write"),
    ):
        code, _, err = run("similar", *given)
        assert code == 2
        assert said in err
    code, out, err = run("similar", "--attribute", "color=1.1")
    assert (code, out) == (0, "0 of 15 pairs of 6 items; 0 groups\n")
    assert "nothing agrees" in err
