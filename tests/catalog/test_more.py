"""Items with several pictures: read from a column, written, checked, counted in the digest."""

import csv
from dataclasses import replace

import pytest

from catalog import Mapping, check_catalog, load_catalog, look
from catalog.mend import clean_table, write_mended
from tests.catalog.test_layouts import COLORS, images, lines


@pytest.fixture
def shop(tmp_path):
    names = [f"pics/{n}{side}.png" for n in range(4) for side in ("", " back", "|side")]
    folder = images(tmp_path / "shop", [*names, "pics/3, worn; twice.png"])
    with (folder / "catalog.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "image", "more", "color"])
        for n in range(4):
            more = [f"pics/{n} back.png", f"pics/{n}%7Cside.png", *(["pics/3, worn; twice.png"] if n == 3 else [])]
            rows.writerow([n, f"pics/{n}.png", "|".join(more), COLORS[n % 2]])
    return folder


def test_further_pictures_are_read_and_written_again(shop, tmp_path):
    catalog = load_catalog(shop)
    assert catalog.items[3].pictures == (
        *("pics/3.png", "pics/3 back.png", "pics/3|side.png"),
        "pics/3, worn; twice.png",
    )
    assert catalog.columns == ("color",) and [note.kind for note in catalog.notes] == []
    assert load_catalog(shop, mapping=catalog.mapping).items == catalog.items
    write_mended(catalog, tmp_path / "clean")
    again = load_catalog(tmp_path / "clean")
    assert again.items == catalog.items and again.digest == catalog.digest
    assert again.root == tmp_path / "clean" and all((again.root / p).is_file() for i in again for p in i.pictures)
    assert look(tmp_path / "clean", tmp_path / "home").catalog.items == catalog.items


def test_the_digest_is_of_all_pictures(shop):
    catalog = load_catalog(shop)
    fewer = replace(catalog, items=tuple(replace(item, more=item.more[:1]) for item in catalog))
    none = replace(catalog, items=tuple(replace(item, more=()) for item in catalog))
    assert len({catalog.digest, fewer.digest, none.digest}) == 3
    (shop / "pics" / "0 back.png").write_bytes(b"another size")
    assert load_catalog(shop).digest != catalog.digest
    assert "more" not in clean_table(none).splitlines()[0]


def test_a_broken_further_picture_is_said(shop):
    (shop / "pics" / "1 back.png").write_bytes(b"no picture")
    result = check_catalog(load_catalog(shop))
    assert result.readable == 3 and "'pics/1 back.png'" in result.unreadable["1"]


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("additional_image_link", "b{n}.png,c{n}.png"),
        ("image_2,image_3", "b{n}.png,c{n}.png"),
        ("追加画像", "b{n}.png;c{n}.png"),
        ("gallery", "https://e.com/x/b{n}.png https://e.com/x/c{n}.png"),
    ],
)
def test_columns_of_further_pictures_under_other_names(tmp_path, columns, cells):
    folder = images(tmp_path / "x", [f"{side}{n}.png" for n in range(4) for side in "abc"])
    quote = "" if columns.startswith("image") else '"'
    row = f"a{{n}}.png,{quote}{cells}{quote},{{color}}"
    (folder / "items.csv").write_text(
        lines(f"image,{columns},color", lambda n: row.format(n=n, color=COLORS[n % 2]), 4), encoding="utf-8"
    )
    catalog = load_catalog(folder)
    assert [item.pictures for item in catalog] == [(f"a{n}.png", f"b{n}.png", f"c{n}.png") for n in range(4)]
    assert catalog.columns == ("color",)
    alone = load_catalog(folder, mapping=Mapping(more=()))
    assert [item.more for item in alone] == [()] * 4


def test_rows_of_one_group_are_one_item(tmp_path):
    folder = images(tmp_path / "x", [f"{n}.png" for n in range(6)])
    (folder / "items.csv").write_text(
        lines("image,model,color", lambda n: f"{n}.png,{'m' + str(n // 3) if n < 5 else ''},{COLORS[n // 3]}", 6)
    )
    catalog = load_catalog(folder, mapping=Mapping(group="Model"))
    assert [(item.id, item.pictures) for item in catalog] == [
        ("m0", ("0.png", "1.png", "2.png")),
        ("m1", ("3.png", "4.png")),
        ("5.png", ("5.png",)),
    ]
    assert [item.labels["color"] for item in catalog] == ["red", "blue", "blue"]
