"""`python -m catalog check`."""

import json
import subprocess
import sys
import zipfile

import pytest

from tests.catalog.support import encoded, picture, write_catalog

ROWS = [
    {"id": "a", "image": "a.png", "split": "train", "color": "red"},
    {"id": "b", "image": "b.png", "split": "test", "color": "blue"},
    {"id": "c", "image": "c.png", "split": "test", "color": "red"},
    {"id": "d", "image": "d.png", "split": "test", "color": ""},
]


def check(*arguments: object) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "catalog", "check", *map(str, arguments)], capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path):
    return write_catalog(tmp_path / "shop", ROWS)


def test_a_sound_catalog_as_json(folder):
    code, out, _ = check(folder, "--json")
    result = json.loads(out)
    assert code == 0
    assert (result["sound"], result["catalog"], result["items"]) == (True, "shop", 4)
    assert result["splits"] == {"train": 1, "test": 3}
    assert result["unlabelled_share"] == 0.25
    assert result["attributes"] == {"color": {"labelled": 3, "unlabelled_share": 0.25, "values": {"blue": 1, "red": 2}}}
    assert result["unreadable"] == {}
    assert [note["kind"] for note in result["notes"]] == ["single-images"]
    assert result["mapping"]["image"] == "image"


def test_a_sound_catalog_as_text(folder):
    code, out, err = check(folder)
    assert code == 0
    assert "shop: 4 items (train 1, test 3), 25.0% without any label" in out
    assert "color: 3 labelled, 25.0% not\n    blue 1, red 2" in out
    assert "checking" in err


def test_missing_and_damaged_images_are_named_and_fail(folder):
    (folder / "a.png").write_text("not an image")
    (folder / "c.png").unlink()
    code, out, _ = check(folder, "--json")
    result = json.loads(out)
    assert code == 1
    assert not result["sound"]
    assert set(result["unreadable"]) == {"a", "c"}
    assert "does not exist" in result["unreadable"]["c"]
    code, out, _ = check(folder)
    assert code == 1
    assert "broken: item 'a'" in out
    assert "2 images cannot be read" in out


def test_images_that_are_in_two_splits_are_named_and_do_not_fail(folder):
    for copy in ("b", "c"):
        (folder / f"{copy}.png").write_bytes((folder / "a.png").read_bytes())
    code, out, _ = check(folder)
    assert code == 0
    assert "twins: 1 train image has a byte-identical twin in test" in out
    assert "twins: 2 test images have a byte-identical twin in train" in out
    assert "  a (train) = b (test) = c (test)" in out
    code, out, _ = check(folder, "--json")
    assert json.loads(out)["twins"] == [{"ids": ["a", "b", "c"], "splits": ["train", "test", "test"]}]


def test_a_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.png", encoded(picture()))
    code, out, _ = check(tmp_path / "x.zip", "--json", "--home", tmp_path / "home")
    assert (code, json.loads(out)["items"]) == (0, 1)
    assert (tmp_path / "home").is_dir()


def test_what_is_no_catalog_is_one_line_on_stderr(tmp_path):
    code, out, err = check(tmp_path / "none")
    assert (code, out) == (2, "")
    assert err.startswith("error: there is no catalog")
    assert len(err.splitlines()) == 1
