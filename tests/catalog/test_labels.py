"""What is wrong with labels: found and said always, mended on request."""

import json

import pytest

from catalog import load_catalog
from catalog.columns import why_not
from catalog.labels import find_faults
from catalog.vocabulary import KNOWN_ATTRIBUTES
from common.assets import EMBEDDED_WEIGHTS
from tests.catalog.support import write_catalog
from tests.catalog.test_layouts import images


def shop(folder, values, split="test", **others):
    rows = [
        {
            "id": str(n),
            "image": f"{n}.png",
            "split": split,
            "color": value,
            **{k: v[n % len(v)] for k, v in others.items()},
        }
        for n, value in enumerate(values)
    ]
    return write_catalog(folder, rows)


def both(folder, **options):
    """The values as they are, the notes about them, and the labels when mended."""
    plain, mended = load_catalog(folder), load_catalog(folder, mend=True, **options)
    return plain, mended, [item.labels.get("color", "") for item in mended]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["red", "Red", "RED ", "red", "blue", "blue"], "red red red red blue blue"),
        (["Red", "Red", "red", "red", "RED", "blue"], "red red red red red blue"),
        (
            ["navy blue", "Navy-Blue", "navy_blue", "navy  blue", "red", "red"],
            "navy blue|navy blue|navy blue|navy blue|red|red",
        ),
        (["レッド", "ﾚｯﾄﾞ", "レッド", "Ｂ", "B", "B"], "レッド レッド レッド B B B"),
        (["crème", "cre\u0300me", "crème", "red", "red"], "crème crème crème red red"),
    ],
)
def test_spellings_of_one_value(tmp_path, written, meant):
    plain, mended, labels = both(shop(tmp_path, written))
    (note,) = [note for note in plain.notes if note.kind == "near-equal"]
    assert note.mendable
    assert "'color'" in note.text
    assert len(plain.attribute("color").values) == len({value.strip() for value in written})
    assert labels == (meant.split("|") if "|" in meant else meant.split())
    assert set(mended.attribute("color").values) == set(labels)
    assert [note.kind for note in mended.notes if note.kind in ("near-equal", "mended")] == ["mended"]


@pytest.mark.parametrize(
    "marker",
    [
        "nan",
        "NaN",
        "None",
        "N/A",
        "n/a",
        "NA",
        "-",
        "--",
        "—",
        "null",
        "NULL",
        "#N/A",
        "<NA>",
        "?",
        "unknown",
        "不明",
        "未設定",
    ],
)
def test_markers_for_no_label(tmp_path, marker):
    plain, mended, labels = both(shop(tmp_path, ["red", marker, "blue", "red", "blue", marker]))
    (note,) = [note for note in plain.notes if note.kind == "markers"]
    assert note.facts == {"attribute": "color", "values": marker}
    assert labels == ["red", "", "blue", "red", "blue", ""]
    assert mended.attribute("color").values == ("blue", "red")


@pytest.mark.parametrize("marker", ["none", "なし", "無し"])
def test_markers_that_may_be_values_are_said_and_kept(tmp_path, marker):
    plain, mended, labels = both(shop(tmp_path, ["red", marker, "blue", "red", "blue", marker]))
    (note,) = [note for note in plain.notes if note.kind == "doubtful"]
    assert (note.mendable, marker in note.text, marker in labels) == (False, True, True)
    assert [note.kind for note in mended.notes] == ["doubtful"]


def test_none_beside_other_markers_is_one_too():
    assert find_faults(["none", "nan", "red"]).markers == {"none", "nan"}
    assert find_faults(["none", "nan", "red"], listed=["none"]).markers == {"nan"}


@pytest.mark.parametrize("separator", [";", "|", "; ", " | ", ",", ", ", "/", " / ", "、", "・", " & ", "+", " and "])
def test_several_values_in_a_cell(tmp_path, separator):
    cell = separator.join(("red", "white"))
    plain, mended, labels = both(shop(tmp_path, ["red", cell, "white", "red", "white", separator.join(("red", "Red"))]))
    (note,) = [note for note in plain.notes if note.kind == "several"]
    assert cell in note.text
    assert labels == ["red", "", "white", "red", "white", "red"]
    assert [item.labels["color"] for item in load_catalog(mended.root, mend=True, several="first")][1] == "red"


@pytest.mark.parametrize(
    "values",
    [
        ["3/4", "1/2", "long", "short"],
        ["ankle & floor", "ankle", "knee", "midi"],
        ["black, matte", "red, glossy", "blue", "green"],
        ["v-neck", "crew neck", "boat/slash", "polo"],
        ["AC/DC", "AC", "other", "none of these"],
    ],
)
def test_separators_that_belong_to_a_value(values):
    assert find_faults(values * 3).several == {}


def test_cells_of_which_all_hold_several():
    values = ["cotton; linen", "cotton; wool", "wool; linen"]
    assert set(find_faults(values).several) == set(values)


def test_one_value_and_values_of_one_image(tmp_path):
    plain, mended, _ = both(shop(tmp_path, ["red", "red", "blue", "blue", "green", "red"], usage=["casual"]))
    kinds = {note.kind: note.text for note in plain.notes}
    assert "usage (casual)" in kinds["one-value"]
    assert kinds["single-images"].endswith("in the split 'test', so that a query by it finds nothing: green")
    assert [attribute.name for attribute in mended.attributes] == ["color"]
    assert mended.items[0].columns == {"usage": "casual"}


def test_values_that_attributes_json_lists_are_right_as_they_are(tmp_path):
    folder = shop(tmp_path, ["red", "Red", "RED", "n/a", "red;blue", "blue"])
    (folder / "attributes.json").write_text('{"color": ["Red", "red", "n/a", "red;blue"]}')
    _, mended, labels = both(folder)
    assert labels == ["red", "Red", "red", "n/a", "red;blue", "blue"]
    assert mended.attribute("color").values == ("Red", "red", "n/a", "red;blue", "blue")


def test_mending_changes_the_digest_and_nothing_changes_without_it(tmp_path):
    clean = shop(tmp_path / "clean", ["red", "blue", "red", "blue"])
    assert load_catalog(clean).digest == load_catalog(clean, mend=True).digest
    spelled = shop(tmp_path / "spelled", ["red", "blue", "Red", "blue"])
    assert load_catalog(spelled).digest != load_catalog(spelled, mend=True).digest


def test_the_environment_asks_for_mending_too(tmp_path, monkeypatch):
    folder = shop(tmp_path, ["red", "Red", "red", "blue", "blue"])
    assert load_catalog(folder).attribute("color").values == ("Red", "blue", "red")
    monkeypatch.setenv("LAPEL_MEND", "1")
    assert load_catalog(folder).attribute("color").values == ("blue", "red")
    assert load_catalog(folder, mend=False).attribute("color").values == ("Red", "blue", "red")


def test_the_known_attributes_are_those_of_the_weights():
    config = json.loads((EMBEDDED_WEIGHTS / "config.json").read_text())
    assert set(KNOWN_ATTRIBUTES) == set(config["attributes"])


@pytest.mark.parametrize(
    ("name", "labels", "words"),
    [
        ("sku", [f"S{n:03}" for n in range(24)], "ids"),
        ("name", [f"Tee no {n}" for n in range(24)], "ids or texts by its name"),
        ("description", ["Soft tee, machine wash", "Wool skirt", "Linen shirt"], "texts by its name"),
        (
            "remarks in full",
            [f"A very soft tee with a long text number {n}, machine wash" for n in range(5)],
            "long texts",
        ),
        ("price", ["9.50", "9.50", "12.00", "12.00"], "prices"),
        ("amount paid", ["$9.50", "$12", "$9.50", "$12"], "prices"),
        ("販売額", ["1,200円", "1,200円", "900円", "900円"], "prices"),
        ("shop page", ["https://example.com/a", "https://example.com/a", "www.example.com"], "addresses"),
        ("made", ["2024-01-01", "2024-01-01", "2023-12-24"], "dates"),
        ("text", ["<p>a</p>", "<p>a</p>", "<p>b</p>"], "markup"),
        ("anything", [f"value {n}" for n in range(10)], "hardly a value repeats"),
        ("weight in grams", [str(100 + n * 7 % 90) for n in range(12)], "hardly a value repeats"),
        ("color", [], "no item is labelled"),
        ("size", ["36", "37", "38", "39"] * 3, ""),
        ("year", ["2012", "2013", "2012", "2014"], ""),
        ("color", [f"color {n}" for n in range(10)], ""),
        ("name", ["polo", "tee", "polo", "tee", "polo", "tee"], ""),
        ("color", ["red", "blue"], ""),
        ("brand", [f"brand {n % 40}" for n in range(120)], ""),
    ],
)
def test_which_columns_are_no_attributes(name, labels, words):
    reason = why_not(name, labels)
    assert words in reason.text if reason else words == ""


def test_a_small_shop_keeps_its_texts_as_columns(tmp_path):
    names = [f"{n}.png" for n in range(24)]
    folder = images(tmp_path, names)
    rows = (
        f'S{n:03},{n}.png,Tee no {n},"Soft tee no {n}, machine wash",{9 + n}.50,https://e.com/p/{n},{"red" if n % 2 else "blue"}'
        for n in range(24)
    )
    (folder / "catalog.csv").write_text("sku,image,name,description,price,url,color\n" + "\n".join(rows) + "\n")
    catalog = load_catalog(folder)
    assert [attribute.name for attribute in catalog.attributes] == ["color"]
    assert catalog.columns == ("color", "sku", "name", "description", "price", "url")
    assert [item.id for item in catalog][:2] == ["S000", "S001"]
    assert [note.facts["column"] for note in catalog.notes if note.kind == "not-attribute"] == list(catalog.columns[1:])
