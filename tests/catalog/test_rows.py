"""Rows that are broken cost themselves alone."""

import json

import pytest

from catalog import load_catalog
from catalog.delimited import read_delimited
from catalog.spilled import Columns
from tests.catalog.test_layouts import COLORS, images, lines


@pytest.fixture
def shop(tmp_path):
    return images(tmp_path / "shop", [f"{number}.png" for number in range(12)])


GOOD = lines("id,image,color,name", lambda n: f"{n},{n}.png,{COLORS[n % 4]},Tee {n}", 8)


def outcome(folder, text, **options):
    (folder / "catalog.csv").write_text(text)
    catalog = load_catalog(folder, **options)
    return [int(item.id) for item in catalog], [(row.line, row.reason) for row in catalog.left_out], catalog


def test_a_name_with_bare_commas(shop):
    text = GOOD + "8,8.png,red,Tee, with dots, and lace\n9,9.png,blue,Tee 9\n10,10.png,green,Tee, plain\n"
    ids, left_out, catalog = outcome(shop, text)
    assert ids == [*range(8), 9]
    assert left_out == [(10, "cells-mendable"), (12, "cells-mendable")]
    assert "catalog.csv, lines 10, 12: left out, since a cell holds the delimiter without quotes" in catalog.warnings[0]
    ids, left_out, catalog = outcome(shop, text, mend=True)
    assert (ids, left_out) == ([*range(11)], [])
    assert catalog.item("8").columns["name"] == "Tee, with dots, and lace"
    assert catalog.item("8").labels == {"color": "red"}


def test_a_row_that_fits_in_two_ways_is_left_out_even_when_mending(shop):
    text = lines("id,image,name,note", lambda n: f"{n},{n}.png,Tee {n},fine {n}", 8) + "8,8.png,Tee, round,soft\n"
    ids, left_out, _ = outcome(shop, text, mend=True)
    assert (ids, left_out) == ([*range(8)], [(10, "cells")])


@pytest.mark.parametrize(
    ("bad", "lost"),
    [
        ('8,8.png,red,"Tee 8\n', [(10, "quotes")]),
        ('8,8.png,"red,Tee 8\n', [(10, "quotes")]),
        ('8,8.png,red,"Tee" 8\n', [(10, "quotes")]),
        ('8,8.png,red,"Tee 8\n9,9.png,red,"Tee 9\n', [(10, "quotes"), (11, "quotes")]),
    ],
)
@pytest.mark.parametrize("rest", ["", '10,10.png,red,Tee 10\n11,11.png,red,"Tee, ""11"""\n'])
def test_a_stray_quote(shop, bad, lost, rest):
    ids, left_out, _ = outcome(shop, GOOD + bad + rest)
    assert (ids, left_out) == ([*range(8), *([10, 11] if rest else [])], lost)


def test_lines_are_those_of_the_file(shop):
    text = 'id,image,name\n\n0,0.png,"two\nlines"\n\n1,gone.png,x\n2,,x\n'
    ids, left_out, catalog = outcome(shop, text)
    assert (ids, left_out) == ([0], [(6, "missing"), (7, "blank-image")])
    assert catalog.item("0").columns["name"] == "two\nlines"


def test_short_rows_are_taken_and_said(shop):
    ids, left_out, catalog = outcome(shop, "id,image,color,name\n0,0.png,red,x\n1,1.png\n")
    assert (ids, left_out) == ([0, 1], [])
    assert "catalog.csv, line 3: fewer cells than columns; those that lack are taken as blank" in catalog.warnings


def test_columns_without_a_name_and_with_the_same(shop):
    text = lines("id,image,color,,color,,", lambda n: f"{n},{n}.png,{COLORS[n % 2]},{n % 2},{n % 3},,", 8)
    ids, _, catalog = outcome(shop, text)
    assert ids == [*range(8)]
    assert [attribute.name for attribute in catalog.attributes] == ["color"]
    assert catalog.columns == ("color", "column 4", "color (2)")
    assert {"header-blank", "header-twice"} <= {note.kind for note in catalog.notes}


def test_lines_of_json_that_are_none(tmp_path):
    folder = images(tmp_path / "x", ["a.png", "b.png"])
    good = [json.dumps({"file_name": f"{name}.png", "color": None, "sizes": ["S", "M"], "n": 2.0}) for name in "ab"]
    (folder / "metadata.jsonl").write_text("\n".join([good[0], '{"file_name": "c', "[1]", "", good[1]]))
    catalog = load_catalog(folder)
    assert [item.image for item in catalog] == ["a.png", "b.png"]
    assert [(row.line, row.reason) for row in catalog.left_out] == [(2, "json"), (3, "json")]
    assert catalog.items[0].labels == {"sizes": "S; M", "n": "2"}


def test_many_open_quotes_cost_no_more_than_their_rows():
    text = "a,b\n" + 'x,"y\n' * 300 + "z,z\n"
    raw = read_delimited(text)
    assert [record.cells for record in raw.records] == [["z", "z"]]
    assert len(raw.faults) == 300


def test_only_one_way_to_join_is_a_proof():
    rows = [[str(number), f"{number}.jpg", "red" if number % 2 else "blue", f"text {number}"] for number in range(8)]
    columns = Columns(rows, 4)
    assert columns.join(["9", "9.jpg", "red", "a", "b"]) == ["9", "9.jpg", "red", "a, b"]
    assert columns.join(["9", "9.jpg", "red", "blue", "b"]) == ["9", "9.jpg", "red", "blue, b"]
    assert columns.join(["9", "a", "9.jpg", "red", "b"]) == ["9", "a, 9.jpg", "red", "b"]
    assert columns.join(["9", "9.jpg", "green", "red", "b"]) is None
    assert Columns(rows[:4], 4).join(["9", "9.jpg", "red", "a", "b"]) is None


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a;b;c\n1;2,5;3,5\n2;3,5;4,5\n", ["1", "2,5", "3,5"]),
        ("a,b\nx,y; z; w\n", ["x", "y; z; w"]),
        ("My shop, all\na;b\nx;y\nz;w\n", ["x", "y"]),
        ("image\na, b.png\n", ["a", "b.png"]),
        ("a|b|c\n1|2, 3|4\n", ["1", "2, 3", "4"]),
        ("a\tb\n1, 2\t3, 4\n", ["1, 2", "3, 4"]),
    ],
)
def test_the_delimiter_is_the_one_that_the_lines_agree_on(text, cells):
    assert cells in [record.cells for record in read_delimited(text).records]
