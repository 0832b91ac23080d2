"""The layouts and files that a catalog comes in."""

import json

import pandas as pd
import pytest

from catalog import CatalogError, Mapping, load_catalog
from tests.catalog.support import encoded, picture

COLORS = ("red", "blue", "green", "black")


def images(folder, names):
    for seed, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(picture(seed=seed)))
    return folder


def lines(header, row, count=12):
    return "\n".join([header, *(row(number) for number in range(count))]) + "\n"


@pytest.fixture
def shop(tmp_path):
    """A folder `images` with 0.png to 11.png, and no table."""
    return images(tmp_path / "shop", [f"images/{number}.png" for number in range(12)])


def kinds(catalog):
    return [note.kind for note in catalog.notes]


CSV = lines("id,image,color", lambda n: f"{n},images/{n}.png,{COLORS[n % 4]}")


@pytest.mark.parametrize("name", ["Catalog.csv", "CATALOG.CSV", "catalog.tsv", "metadata.csv", "items.csv", "商品.csv"])
def test_a_table_of_any_name_is_read(shop, name):
    (shop / name).write_text(CSV.replace(",", "\t") if name.endswith("tsv") else CSV)
    catalog = load_catalog(shop)
    assert len(catalog) == 12
    assert catalog.attribute("color").values == ("black", "blue", "green", "red")
    usual = name.lower().startswith(("catalog", "metadata"))
    assert (f"the labels come from {name}" in catalog.warnings) is not usual


@pytest.mark.parametrize("suffix", ["xlsx", "jsonl", "ndjson", "json", "parquet", "csv", "tsv"])
def test_every_kind_of_table_holds_the_same(shop, suffix):
    frame = pd.DataFrame(
        {
            "id": [str(number) for number in range(12)],
            "file_name": [f"images/{number}.png" for number in range(12)],
            "color": [COLORS[number % 4] for number in range(12)],
            "size": [number % 3 for number in range(12)],
            "weight": [None if number == 1 else number % 2 + 0.5 for number in range(12)],
        }
    )
    path = shop / f"items.{suffix}"
    writers = {
        "xlsx": lambda: frame.to_excel(path, index=False),
        "parquet": lambda: frame.to_parquet(path),
        "csv": lambda: frame.to_csv(path, index=False),
        "tsv": lambda: frame.to_csv(path, index=False, sep="\t"),
        "json": lambda: frame.to_json(path, orient="records"),
    }
    writers.get(suffix, lambda: frame.to_json(path, orient="records", lines=True))()
    catalog = load_catalog(path)
    assert [item.image for item in catalog] == [f"images/{number}.png" for number in range(12)]
    assert catalog.attribute("size").values == ("0", "1", "2")
    assert catalog.item("2").labels == {"color": "green", "size": "2", "weight": "0.5"}
    assert "weight" not in catalog.item("1").labels


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_japanese_table_in_every_encoding(tmp_path, encoding, delimiter):
    folder = images(tmp_path / "x", [f"画像/シャツ{number}.png" for number in range(4)])
    text = lines(
        "商品番号,画像,色,柄", lambda n: f"A{n},画像/シャツ{n}.png,{'黒青'[n % 2]},{'無地水玉'[n // 2 * 2 :][:2]}", 4
    )
    (folder / "catalog.csv").write_bytes(text.replace(",", delimiter).encode(encoding))
    catalog = load_catalog(folder)
    assert [item.id for item in catalog] == ["A0", "A1", "A2", "A3"]
    assert [(attribute.name, attribute.values) for attribute in catalog.attributes] == [
        ("色", ("青", "黒")),
        ("柄", ("水玉", "無地")),
    ]
    assert any(f"is read as {encoding}" in text for text in catalog.warnings) == (encoding in ("utf-16-le", "cp932"))


def test_a_western_table_with_semicolons(shop):
    text = lines("id;image;Größe", lambda n: f"{n};images/{n}.png;{('groß', 'weiß')[n % 2]}")
    (shop / "catalog.csv").write_bytes(text.encode("cp1252"))
    catalog = load_catalog(shop)
    assert catalog.attribute("Größe").values == ("groß", "weiß")
    assert "catalog.csv is read as cp1252; if letters look wrong, save it as UTF-8" in catalog.warnings


def test_excels_first_line_names_the_delimiter(shop):
    (shop / "catalog.csv").write_text("sep=;\r\n" + CSV.replace(",", ";").replace("\n", "\r\n"))
    assert len(load_catalog(shop)) == 12


def test_which_table_is_read_and_which_are_not_is_said(shop):
    (shop / "items.csv").write_text(CSV)
    (shop / "stock.csv").write_text("sku,count\nA,3\nB,2\n")
    assert (
        "items.csv is read, these tables are not: stock.csv; name another one to read it (--table)"
        in load_catalog(shop).warnings
    )
    (shop / "catalog.csv").write_text(CSV.replace("green", "olive"))
    catalog = load_catalog(shop)
    assert "olive" in catalog.attribute("color").values
    assert any("catalog.csv is read, these tables are not: items.csv, stock.csv" in text for text in catalog.warnings)
    assert "green" in load_catalog(shop, mapping=Mapping(table="items.csv")).attribute("color").values
    assert "green" in load_catalog(shop / "items.csv").attribute("color").values
    with pytest.raises(CatalogError, match=r"no table 'x\.csv'; there are: catalog\.csv, items\.csv, stock\.csv"):
        load_catalog(shop, mapping=Mapping(table="x.csv"))


def test_a_table_that_names_no_images_is_said_with_its_columns(shop):
    (shop / "stock.csv").write_text("sku,count\nA,3\nB,2\n")
    catalog = load_catalog(shop)
    assert (len(catalog), catalog.attributes) == (12, ())
    (note,) = catalog.notes
    assert note.kind == "no-table"
    assert "stock.csv is not read" in note.text
    assert "its columns: sku, count" in note.text
    assert "'images/{id}.jpg'" in note.text


def test_a_table_that_cannot_be_read_is_said(shop):
    (shop / "stock.xlsx").write_bytes(b"PK\3\4 no")
    assert "stock.xlsx is not a sound .xlsx file" in load_catalog(shop).warnings[0]
    (shop / "stock.xlsx").rename(shop / "catalog.xlsx")
    with pytest.raises(CatalogError, match=r"catalog\.xlsx is not a sound"):
        load_catalog(shop)


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("split", ["train", "test", "validation", "valid", "val", "dev"])
def test_imagefolder_with_metadata_in_the_folder_of_a_split(tmp_path, suffix, split):
    folder = images(tmp_path / "x", [f"{split}/a{number}.png" for number in range(4)])
    frame = pd.DataFrame({"file_name": [f"a{number}.png" for number in range(4)], "color": ["red", "blue"] * 2})
    path = folder / split / f"metadata.{suffix}"
    {
        "csv": lambda: frame.to_csv(path, index=False),
        "jsonl": lambda: frame.to_json(path, orient="records", lines=True),
        "parquet": lambda: frame.to_parquet(path),
    }[suffix]()
    catalog = load_catalog(folder)
    assert {item.split for item in catalog} == {split if split in ("train", "test") else "valid"}
    assert [item.image for item in catalog] == [f"{split}/a{number}.png" for number in range(4)]
    assert catalog.labels("color").tolist() == [1, 0, 1, 0]
    assert catalog.warnings == ()


def test_imagefolder_with_several_splits_and_one_table_above(tmp_path):
    names = [f"{'train' if number < 8 else 'test'}/{number}.png" for number in range(12)]
    folder = images(tmp_path / "x", names)
    (folder / "metadata.csv").write_text(lines("file_name,color", lambda n: f"{names[n]},{COLORS[n % 2]}"))
    catalog = load_catalog(folder)
    assert [item.split for item in catalog] == ["train"] * 8 + ["test"] * 4
    assert "the splits come from the folders: test, train" in catalog.warnings
    for split in ("train", "test"):
        part = [name for name in names if name.startswith(split)]
        part = [name.removeprefix(f"{split}/") for name in part]
        text = lines("file_name,color", lambda n, part=part: f"{part[n]},{COLORS[n % 2]}", len(part))
        (folder / split / "metadata.csv").write_text(text)
    (folder / "metadata.csv").unlink()
    other = load_catalog(folder)
    assert {(item.image, item.split, item.labels["color"]) for item in other} == {
        (item.image, item.split, item.labels["color"]) for item in catalog
    }


def test_other_columns_of_file_names(shop):
    (shop / "metadata.jsonl").write_text(
        "".join(
            json.dumps({"image_file_name": f"images/{n}.png", "mask_file_name": f"m{n}.png", "color": COLORS[n % 4]})
            + "\n"
            for n in range(12)
        )
    )
    catalog = load_catalog(shop)
    assert (len(catalog), [attribute.name for attribute in catalog.attributes]) == (12, ["color"])


def test_tables_that_are_named_after_splits(shop):
    (shop / "train.csv").write_text(lines("image,color", lambda n: f"{n}.png,{COLORS[n % 2]}", 8))
    (shop / "val.csv").write_text(lines("image,color", lambda n: f"{n + 8}.png,{COLORS[n % 2]}", 4))
    catalog = load_catalog(shop)
    assert sorted((item.split, item.image) for item in catalog)[0] == ("train", "images/0.png")
    assert [item.split for item in catalog].count("valid") == 4


def test_folders_are_labels_where_there_is_no_table(tmp_path):
    folder = images(tmp_path / "x", [f"{s}/{c}/{n}.png" for s in ("train", "Test") for c in COLORS for n in range(2)])
    catalog = load_catalog(folder)
    assert [(attribute.name, attribute.values) for attribute in catalog.attributes] == [
        ("label", tuple(sorted(COLORS)))
    ]
    assert {(item.split, item.image.split("/")[0]) for item in catalog} == {("train", "train"), ("test", "Test")}
    assert all(item.labels["label"] == item.image.split("/")[1] for item in catalog)
    assert kinds(catalog) == ["folders", "split-folders"]


def test_folders_in_folders_are_labels_of_their_own(tmp_path):
    folder = images(tmp_path / "x", [f"{g}/{c}/{n}.png" for g in ("men", "women") for c in COLORS for n in range(2)])
    catalog = load_catalog(folder)
    assert {attribute.name: attribute.values for attribute in catalog.attributes} == {
        "folder 1": ("men", "women"),
        "label": tuple(sorted(COLORS)),
    }


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["images/a.png", "images/b.png"], []),
        (["a.png", "b.png", "sub/c.png"], []),
        (["a/b/c.png", "d/e.png"], ["folders-mixed"]),
        ([f"SKU{n}/front.png" for n in range(12)], ["folders", "not-attribute", "no-labels"]),
    ],
)
def test_folders_that_are_no_labels(tmp_path, names, said):
    catalog = load_catalog(images(tmp_path / "x", names))
    assert (catalog.attributes, kinds(catalog)) == ((), said)


def test_images_that_no_row_names_are_counted(shop):
    (shop / "catalog.csv").write_text(lines("image,color", lambda n: f"images/{n}.png,{COLORS[n % 2]}", 4))
    (note,) = load_catalog(shop).notes
    assert note.text == (
        "images of the folder that no line of catalog.csv names are not read: 8 ("
        "images/10.png, images/11.png, images/4.png and 5 more)"
    )


def test_sheets_that_are_not_read_are_named(shop):
    with pd.ExcelWriter(shop / "catalog.xlsx") as book:
        pd.DataFrame().to_excel(book, sheet_name="Cover", index=False)
        pd.DataFrame({"image": ["images/0.png"], "color": ["red"]}).to_excel(book, sheet_name="Items", index=False)
        pd.DataFrame({"x": [1]}).to_excel(book, sheet_name="Notes", index=False)
    assert "catalog.xlsx: the sheet 'Items' is read, these are not: Notes" in load_catalog(shop).warnings


def test_the_table_with_labels_is_read_where_another_names_the_images_too(shop):
    """Kaggle's fashion-product-images has `styles.csv` and `images.csv`."""
    (shop / "styles.csv").write_text(lines("id,gender,baseColour", lambda n: f"{n},Men,{COLORS[n % 4]}"))
    (shop / "images.csv").write_text(lines("filename,link", lambda n: f"{n}.png,http://example.com/{n}.jpg"))
    catalog = load_catalog(shop)
    assert [attribute.name for attribute in catalog.attributes] == ["gender", "baseColour"]
    assert catalog.warnings[0].startswith("styles.csv is read, these tables are not: images.csv")


def test_a_title_above_the_header(shop):
    (shop / "catalog.csv").write_text("My shop, all items\n\n" + CSV.replace(",", ";"))
    catalog = load_catalog(shop)
    assert (len(catalog), catalog.attribute("color").values) == (12, ("black", "blue", "green", "red"))
    (shop / "catalog.csv").write_text("My shop,,\n" + CSV)
    catalog = load_catalog(shop)
    assert catalog.warnings == ("catalog.csv: the first row is a title (My shop), the next one names the columns",)


def test_a_table_without_a_header(shop):
    (shop / "catalog.csv").write_text(CSV.partition("\n")[2])
    catalog = load_catalog(shop)
    assert (len(catalog), catalog.mapping.image) == (12, "column 2")
    assert [attribute.name for attribute in catalog.attributes] == ["column 3"]
    assert any("has no header" in text for text in catalog.warnings)


@pytest.mark.parametrize("shape", ["array", "within", "keyed"])
def test_json_documents(shop, shape):
    rows = [{"id": f"a{n}", "image": f"images/{n}.png", "color": COLORS[n % 4]} for n in range(12)]
    keyed = {row["id"]: {name: row[name] for name in ("image", "color")} for row in rows}
    document = {"array": rows, "within": {"version": 1, "items": rows}, "keyed": keyed}[shape]
    (shop / "items.json").write_text(json.dumps(document, indent=1))
    catalog = load_catalog(shop)
    assert [(item.id, item.labels["color"]) for item in catalog] == [(row["id"], row["color"]) for row in rows]


def test_settings_in_json_are_no_table(shop):
    (shop / "catalog.csv").write_text(CSV)
    (shop / "settings.json").write_text('{"a": 1}')
    assert load_catalog(shop).warnings == ()


def test_a_catalog_in_a_folder_of_the_folder(shop):
    (shop.parent / "outer").mkdir()
    shop.rename(shop.parent / "outer" / "inner")
    inner = shop.parent / "outer" / "inner"
    (inner / "catalog.csv").write_text(CSV)
    (inner / "attributes.json").write_text('{"color": ["red", "green", "blue", "black"]}')
    catalog = load_catalog(shop.parent / "outer")
    assert catalog.items[0].image == "inner/images/0.png"
    assert catalog.attribute("color").values == ("red", "green", "blue", "black")


def test_excels_unicode_text_is_a_table_and_prose_is_none(shop):
    (shop / "liste.txt").write_bytes(CSV.replace(",", "\t").encode("utf-16"))
    (shop / "readme.txt").write_text("These are our images, and they are fine.\nDo not copy, please.\n")
    for source in (shop, shop / "liste.txt"):
        catalog = load_catalog(source)
        assert catalog.attribute("color").values == ("black", "blue", "green", "red")
        assert "the labels come from liste.txt" in catalog.warnings
        assert "1 file is not read: text (readme.txt)" in catalog.warnings
    (shop / "liste.txt").unlink()
    assert load_catalog(shop).warnings == ("1 file is not read: text (readme.txt)",)
