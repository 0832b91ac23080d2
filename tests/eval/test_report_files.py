"""A report's two files: the head, and the detail of its queries beside it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval import (
    EvalError,
    Report,
    Sampling,
    confusion,
    detail_path,
    evaluate,
    load_detail,
    load_report,
    per_query,
    remove_report,
    save_report,
    with_detail,
)
from eval import report_files as files
from eval.detail_files import ARRAYS
from tests.eval.support import embedded, labelled_catalog, vectors_of

NAMES = ["color", "fit"]
SHIPPED = Path(__file__).parents[2] / "assets" / "reports"


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Report:
    catalog = labelled_catalog(tmp_path_factory.mktemp("files") / "shop", 90)
    made = embedded(vectors_of(catalog, NAMES), NAMES, lambda _: 0.3)
    return evaluate(catalog, made, Sampling(seed=3), "T", grid=(0, 0.5, 1))


def test_the_detail_comes_back_as_it_was(report, tmp_path):
    path = tmp_path / "reports" / "a.json"
    save_report(report, path)
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["a.detail.npz", "a.json"]
    found = load_detail(path)
    assert found.ids == report.detail.ids and list(found.attributes) == NAMES
    for name in NAMES:
        was, now = report.detail.of(name), found.of(name)
        for array in ARRAYS:
            assert np.array_equal(getattr(now, array), getattr(was, array)), array
            assert getattr(now, array).dtype == getattr(was, array).dtype, array
        assert (now.names, now.most_ranks) == (was.names, was.most_ranks)
        assert {view: ap.tolist() for view, ap in now.ap_by_view.items()} == {
            view: ap.tolist() for view, ap in was.ap_by_view.items()
        }
        assert confusion(found, name).equals(confusion(report.detail, name))


def test_the_head_holds_no_query_and_the_whole_is_as_it_was_made(report, tmp_path):
    save_report(report, tmp_path / "a.json")
    head = load_report(tmp_path / "a.json")
    assert head.schema == 2 and head.detail is None and len(head.detail_digest) == 64
    assert all(not figures.per_query for figures in head.attributes.values())
    assert head.attributes["color"].sweeps["beta"][1][0] == 0.5
    assert head.overall == report.overall and set(head.overall["intervals"]) == {"map", "p8", "p12", "top1", "top8"}
    detail = load_detail(tmp_path / "a.json")
    for whole in (load_report(tmp_path / "a.json", detail=True), with_detail(head, detail)):
        assert replace(whole, detail_digest="") == report
    for name in NAMES:
        assert per_query(head, name) == {}
        assert per_query(head, name, detail) == per_query(report, name) == report.attributes[name].per_query


def test_the_head_is_small_and_is_read_without_the_detail(report, tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    save_report(report, path)
    monkeypatch.setattr(np, "load", lambda *args, **more: pytest.fail("the detail was read"))
    assert load_report(path).overall["map"] == report.overall["map"]
    bare = tmp_path / "bare.json"
    save_report(replace(report, detail=None), bare)
    queries = [line for line in bare.read_text("utf-8").splitlines() if '"per_query": {"' in line]
    assert queries and path.stat().st_size < bare.stat().st_size and '"per_query": {"' not in path.read_text("utf-8")
    assert load_report(bare).attributes["fit"].per_query == report.attributes["fit"].per_query
    assert load_detail(bare) is None and not detail_path(bare).exists()


def test_a_detail_that_is_not_the_reports_own_is_refused(report, tmp_path):
    path = tmp_path / "a.json"
    save_report(report, path)
    other = replace(report.detail.of("fit"), ap=report.detail.of("fit").ap / 2)
    save_report(report, tmp_path / "b.json", replace(report.detail, attributes={"fit": other}))
    assert load_detail(tmp_path / "b.json").of("fit").ap.tolist() == other.ap.tolist()
    kept = detail_path(path).read_bytes()
    for content in (detail_path(tmp_path / "b.json").read_bytes(), kept[:-20], b""):
        detail_path(path).write_bytes(content)
        with pytest.raises(
            EvalError, match=r"^'a\.detail\.npz' does not belong to the report beside it; evaluate again$"
        ):
            load_detail(path)
    detail_path(path).unlink()
    with pytest.raises(EvalError, match=r"'a\.detail\.npz' cannot be read"):
        load_detail(path)
    assert load_report(path).overall["map"] == report.overall["map"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"\x80\x04K\x01."])
def test_a_damaged_detail_whose_digest_fits_is_refused_in_one_line(report, tmp_path, content):
    path = tmp_path / "a.json"
    save_report(report, path)
    detail_path(path).write_bytes(content)
    head = json.loads(path.read_text())
    head["detail_digest"] = files.detail_files.digest_of(content)
    path.write_text(json.dumps(head))
    with pytest.raises(EvalError, match="is damaged; evaluate again") as caught:
        load_detail(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda asked: {"ap": asked.ap[:-1]},
        lambda asked: {"hits": asked.hits + 1000},
        lambda asked: {"queries": asked.queries - 90},
        lambda asked: {"offsets": asked.offsets[::-1].copy()},
        lambda asked: {"item_values": asked.item_values[:-1]},
        lambda asked: {"values": asked.values + 7},
        lambda asked: {"right": asked.right.astype(np.float32)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(report, tmp_path, change):
    path = tmp_path / "a.json"
    asked = report.detail.of("fit")
    save_report(report, path, replace(report.detail, attributes={"fit": replace(asked, **change(asked))}))
    with pytest.raises(EvalError, match="is damaged; evaluate again"):
        load_detail(path)


def test_nothing_pickled_is_loaded(report, tmp_path):
    path = tmp_path / "a.json"
    save_report(report, path)
    with detail_path(path).open("wb") as file:
        np.savez(file, head=np.array([{"format": "lapel-detail/1"}], object))
    head = json.loads(path.read_text())
    head["detail_digest"] = files.detail_files.digest_of(detail_path(path).read_bytes())
    path.write_text(json.dumps(head))
    with pytest.raises(EvalError, match="is damaged"):
        load_detail(path)


def test_a_kill_between_the_two_files_leaves_the_old_report_readable(report, tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    save_report(replace(report, title="old"), path)
    monkeypatch.setattr(files, "_layout", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        save_report(replace(report, title="new"), path)
    assert load_report(path).title == "old" and load_detail(path).ids == report.detail.ids
    with pytest.raises(KeyboardInterrupt):
        save_report(report, tmp_path / "fresh.json")
    assert not (tmp_path / "fresh.json").exists(), "no head without its detail"


def test_a_head_that_is_written_again_keeps_its_detail_and_a_copy_elsewhere_has_none(report, tmp_path):
    path = tmp_path / "a.json"
    save_report(report, path)
    save_report(replace(load_report(path), title="renamed"), path)
    assert load_report(path).title == "renamed" and load_detail(path).ids == report.detail.ids
    save_report(load_report(path), tmp_path / "copy.json")
    assert load_detail(tmp_path / "copy.json") is None and load_report(tmp_path / "copy.json").title == "renamed"


def test_a_report_is_removed_with_its_detail(report, tmp_path):
    for name in ("a", "a-global"):
        save_report(report, tmp_path / f"{name}.json")
    remove_report(tmp_path / "a.json")
    remove_report(tmp_path / "a.json")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a-global.detail.npz", "a-global.json"]


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.json")), ids=lambda path: path.name)
def test_reports_of_version_1_are_read_as_they_are(path):
    content = json.loads(path.read_text("utf-8"))
    found = load_report(path)
    if "schema" in content:
        assert found.schema == content["schema"]
        return
    assert found.schema == 1 and load_detail(path) is None and found.detail_digest == ""
    for name, figures in content["attributes"].items():
        assert per_query(found, name) == figures["per_query"] != {}
        assert found.attributes[name].map == figures["map"] and found.attributes[name].intervals == {}
    assert found.overall["map"] == content["overall"]["map"] and found.shortages == []


@pytest.mark.parametrize("schema", [0, 3, 99, "2", None, True])
def test_a_version_that_is_not_known_is_refused_in_one_line(report, tmp_path, schema):
    content = {**json.loads(json.dumps(files.to_json(report))), "schema": schema}
    (tmp_path / "a.json").write_text(json.dumps(content))
    with pytest.raises(EvalError, match=r"'a\.json' is of version .*; use a newer one") as caught:
        load_report(tmp_path / "a.json")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda fit: fit.update(intervals={"map": [1]}),
        lambda fit: fit.update(intervals={"map": ["low", "high"]}),
        lambda fit: fit.update(intervals=[1]),
        lambda fit: fit.update(sweeps={"beta": [[0, "much", 1]]}),
        lambda fit: fit.update(sweeps={"beta": [[0, 1]]}),
        lambda fit: fit.update(sweeps=[1]),
    ],
)
def test_damaged_intervals_and_sweeps_are_refused(report, tmp_path, change):
    content = json.loads(json.dumps(files.to_json(report)))
    change(content["attributes"]["fit"])
    (tmp_path / "a.json").write_text(json.dumps(content))
    with pytest.raises(EvalError, match="damaged"):
        load_report(tmp_path / "a.json")
