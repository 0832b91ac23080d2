"""A clean catalog.csv of a foreign one."""

import csv
import json
import os
import subprocess
import sys
import zipfile

import pytest

from catalog import CatalogError, load_catalog
from catalog.mend import write_mended
from tests.catalog.test_layouts import images, lines


@pytest.fixture
def shop(tmp_path):
    folder = images(tmp_path / "shop", [f"images/{number}.JPG" for number in range(8)])
    colors = ["red", "Red ", "blue", "BLUE", "blue", "n/a", "red;blue", "red"]
    text = lines(
        "sku,Image,Split,Color,usage,note",
        lambda n: f"S{n},images/{n}.jpg,{'Training' if n < 4 else 'test'},{colors[n]},casual,remark {n}",
        8,
    )
    (folder / "products.csv").write_text(text + "S9,images/9.jpg,test,red,casual,gone\n")
    return folder


def command(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "catalog", *map(str, arguments)], capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def test_mending_into_a_new_folder(shop, tmp_path):
    code, out, err = command("mend", shop, "--out", tmp_path / "clean")
    assert (code, "8 items, 1 rows left out" in out) == (0, True)
    assert "images/9.jpg" in err
    with (tmp_path / "clean" / "catalog.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "image", "split", "color", "sku", "usage", "note"]
    assert [row["color"] for row in rows] == ["red", "red", "blue", "blue", "blue", "", "", "red"]
    assert [row["split"] for row in rows] == ["train"] * 4 + ["test"] * 4
    clean, meant = load_catalog(tmp_path / "clean"), load_catalog(shop, mend=True)
    assert clean.items == meant.items
    assert clean.attributes == meant.attributes
    assert not {note.kind for note in clean.notes} & {"near-equal", "markers", "several", "one-value", "found-case"}
    assert clean.open(clean.items[0]).tobytes() == meant.open(meant.items[0]).tobytes()
    assert sorted(path.name for path in shop.iterdir()) == ["images", "products.csv"]


def test_mending_in_place_keeps_what_was_there(shop):
    (shop / "products.csv").rename(shop / "catalog.csv")
    (shop / "attributes.json").write_text('{"color": ["red"]}')
    before = (shop / "catalog.csv").read_bytes()
    meant = load_catalog(shop, mend=True)
    assert command("mend", shop, "--in-place")[0] == 0
    assert (shop / "catalog.csv.original").read_bytes() == before
    assert json.loads((shop / "attributes.json.original").read_text()) == {"color": ["red"]}
    assert json.loads((shop / "attributes.json").read_text()) == {
        "sku": None,
        "usage": None,
        "note": None,
        "color": ["red", "blue"],
    }
    assert load_catalog(shop).items == meant.items
    assert [note.kind for note in load_catalog(shop).notes] == ["single-images", "files"]
    assert command("mend", shop, "--in-place")[0] == 0
    assert [path.name for path in shop.iterdir() if "original" in path.name].count("catalog.csv.original") == 1


def test_a_folder_that_holds_something_is_left_alone(shop, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x").touch()
    with pytest.raises(CatalogError, match="not empty"):
        write_mended(load_catalog(shop), tmp_path / "other")
    code, _, err = command("mend", shop)
    assert (code, err) == (2, "error: say where to write: either --out DIR2 or --in-place\n")


def test_a_copy_is_written_where_links_are_not_possible(shop, tmp_path, monkeypatch):
    def no_links(*_):
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", no_links)
    write_mended(load_catalog(shop, mend=True), tmp_path / "clean")
    assert len(load_catalog(tmp_path / "clean")) == 8


def test_check_with_and_without_mending(shop):
    code, out, _ = command("check", shop)
    assert code == 1
    assert "'images/9.jpg' does not exist (products.csv, line 10)" in out
    assert "1 image cannot be read, 8 can" in out
    assert "labels can be mended: open the catalog with --mend" in out
    code, out, _ = command("check", shop, "--mend", "--json")
    result = json.loads(out)
    assert result["attributes"]["color"]["values"] == {"blue": 3, "red": 3}
    assert result["left_out"] == [
        {"table": "products.csv", "line": 10, "reason": "missing", "id": "S9", "image": "images/9.jpg"}
    ]
    assert result["mapping"]["table"] == "products.csv"
    assert {note["kind"]: note["lines"] for note in result["notes"]}["missing"] == [10]


def test_check_takes_the_columns_that_it_is_told(shop):
    code, out, _ = command(
        "check", shop, "--json", "--image-column", "images/{note}.JPG", "--id-column", "sku", "--attributes", "usage"
    )
    assert code == 2
    assert json.loads(out)["items"] == 0
    code, out, _ = command("check", shop, "--json", "--image-column", "IMAGE", "--attributes", "usage", "note")
    assert list(json.loads(out)["attributes"]) == ["usage", "note"]
    code, _, err = command("check", shop, "--image-column", "foto")
    assert (code, err.startswith("error: products.csv has no column 'foto'; it has: sku, image")) == (2, True)


def test_check_says_how_it_read_a_foreign_table_as_flags(shop):
    out = command("check", shop)[1]
    assert "--image-column" not in out
    (shop / "products.csv").write_text(
        (shop / "products.csv").read_text().replace("Image", "Bild").replace("Split", "set")
    )
    out = command("check", shop)[1]
    assert "read as: --table 'products.csv' --image-column 'Bild' --id-column 'sku' --split-column 'set'" in out


def test_check_of_addresses_alone(tmp_path):
    (tmp_path / "export.csv").write_text("SKU,Image Src\nA,https://cdn.example.com/1.jpg\n")
    code, out, err = command("check", tmp_path)
    assert code == 2
    assert "0 items" in out
    assert "are not fetched" in err
    assert err.splitlines()[-1].endswith("its columns: SKU, Image Src")


def test_what_was_unpacked_is_not_written_into(shop, tmp_path):
    with zipfile.ZipFile(tmp_path / "shop.zip", "w") as archive:
        for path in shop.rglob("*.*"):
            archive.write(path, path.relative_to(shop))
    code, _, err = command("mend", tmp_path / "shop.zip", "--in-place", "--home", tmp_path / "home")
    assert (code, "--out" in err) == (2, True)
    assert command("mend", tmp_path / "shop.zip", "--out", tmp_path / "clean", "--home", tmp_path / "home")[0] == 0
    assert len(load_catalog(tmp_path / "clean")) == 8
