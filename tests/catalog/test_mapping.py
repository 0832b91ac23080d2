"""Columns under other names, and where their images are."""

import unicodedata

import pytest

from catalog import CatalogError, Mapping, load_catalog
from tests.catalog.test_layouts import COLORS, images, lines


def kaggle(folder):
    text = lines("id,gender,baseColour,productDisplayName", lambda n: f"{n + 10},Women,{COLORS[n % 4]},Tee {n}")
    (folder / "styles.csv").write_text(text)
    return images(folder, [f"images/{number + 10}.jpg" for number in range(12)])


def test_kaggles_styles_are_found_and_the_mapping_is_said(tmp_path):
    catalog = load_catalog(kaggle(tmp_path))
    assert next((item.id, item.image) for item in catalog) == ("10", "images/10.jpg")
    assert catalog.mapping == Mapping("styles.csv", "images/{id}.jpg", "id", None, ("gender", "baseColour"))
    assert (
        "styles.csv has no column 'image': the images are taken from the pattern 'images/{id}.jpg'" in catalog.warnings
    )
    assert load_catalog(catalog.root, mapping=catalog.mapping).items == catalog.items


@pytest.mark.parametrize(
    "column",
    [
        "image",
        "Image",
        "file_name",
        "filename",
        "File Name",
        "image_path",
        "img",
        "picture",
        "Image Src",
        "画像",
        "photo",
    ],
)
@pytest.mark.parametrize(
    "cell",
    ["images/{}.png", "./images/{}.png", "/images/{}.png", "images\\{}.png", "{}.png", "images/{}", "images/{}.jpg"],
)
def test_columns_and_paths_as_people_write_them(tmp_path, column, cell):
    folder = images(tmp_path / "x", [f"images/a{number}.png" for number in range(4)])
    (folder / "shop.csv").write_text(
        lines(f"sku,{column},color", lambda n: f"S{n},{cell.format(f'a{n}')},{COLORS[n % 2]}", 4)
    )
    catalog = load_catalog(folder)
    assert [(item.id, item.image) for item in catalog] == [(f"S{n}", f"images/a{n}.png") for n in range(4)]
    kinds = {note.kind for note in catalog.notes}
    assert ("image-column" in kinds) == (column not in ("image", "Image", "file_name"))
    assert bool(kinds & {"found-slashes", "found-folder", "found-suffix"}) == (
        cell.removeprefix("./") != "images/{}.png"
    )


@pytest.mark.parametrize(
    ("written", "stored"), [("a/B.JPG", "a/b.jpg"), ("a/b.jpg", "A/B.JPG"), ("Été.jpg", "été.JPG")]
)
def test_upper_and_lower_case(tmp_path, written, stored):
    folder = images(tmp_path / "x", [unicodedata.normalize("NFD", stored)])
    (folder / "catalog.csv").write_text(f"image\n{written}\n")
    catalog = load_catalog(folder)
    assert catalog.open(catalog.items[0]).size == (12, 10)
    assert [note.kind for note in catalog.notes] == ["found-case"]
    assert written in catalog.warnings[0]


def test_two_files_that_differ_in_case_are_two(tmp_path):
    folder = images(tmp_path / "x", ["a.jpg", "A.jpg"])
    (folder / "catalog.csv").write_text("image\na.jpg\nA.jpg\nA.JPG\n")
    catalog = load_catalog(folder)
    assert [item.image for item in catalog] == ["a.jpg", "A.jpg"]
    assert [row.reason for row in catalog.left_out] == ["missing"]


def test_an_image_of_another_split_is_not_taken_for_a_missing_one(tmp_path):
    folder = images(tmp_path / "x", ["train/1.png", "test/2.png"])
    (folder / "catalog.csv").write_text("image\ntrain/1.png\ntrain/2.png\n")
    catalog = load_catalog(folder)
    assert [row.image for row in catalog.left_out] == ["train/2.png"]


@pytest.mark.parametrize(
    "path", ["C:\\Users\\me\\shop\\images\\a.png", "/home/me/images/a.png", "file:///x/images/a.png"]
)
def test_paths_of_another_machine(tmp_path, path):
    folder = images(tmp_path / "x", ["images/a.png"])
    (folder / "catalog.csv").write_text(f"image\n{path}\n")
    assert [item.image for item in load_catalog(folder)] == ["images/a.png"]


def test_addresses_are_not_fetched_but_their_files_may_be_there(tmp_path):
    folder = images(tmp_path / "x", ["pics/linen-1.jpg", "pics/linen 2.jpg"])
    (folder / "export.csv").write_text(
        "SKU,Image Src,color\nA,https://cdn.example.com/s/linen-1.jpg?v=1,white\n"
        "B,//cdn.example.com/s/linen%202.jpg,blue\nC,https://cdn.example.com/s/linen-3.jpg,blue\n"
    )
    catalog = load_catalog(folder)
    assert [(item.id, item.image) for item in catalog] == [("A", "pics/linen-1.jpg"), ("B", "pics/linen 2.jpg")]
    assert {"found-address", "address"} <= {note.kind for note in catalog.notes}
    assert "linen-3.jpg" in next(note.text for note in catalog.notes if note.kind == "address")


def test_a_catalog_of_addresses_alone_is_refused_with_its_columns(tmp_path):
    (tmp_path / "products_export.csv").write_text(
        "Handle,Title,Image Src,Color\nlinen,Linen,https://cdn.example.com/1.jpg,White\nlinen,,https://cdn.example.com/2.jpg,\n"
    )
    with pytest.raises(CatalogError) as caught:
        load_catalog(tmp_path)
    text = str(caught.value)
    assert all(
        words in text for words in ("web addresses", "not fetched", "download", "Handle, title, Image Src, color")
    )


def test_a_row_a_variant_is_filled_from_the_first_of_its_product(tmp_path):
    folder = images(tmp_path / "x", [f"{number}.jpg" for number in range(5)])
    (folder / "products_export.csv").write_text(
        "Handle,Title,Type,Option1 Name,Option1 Value,Variant SKU,Image Src,Image Position\n"
        "linen,Linen shirt,Shirts,Color,White,A1,https://cdn.example.com/0.jpg,1\n"
        "linen,,,,Blue,A2,https://cdn.example.com/1.jpg,2\n"
        "linen,,,,,,https://cdn.example.com/2.jpg,3\n"
        "wool,Wool skirt,Skirts,Color,White,B1,https://cdn.example.com/3.jpg,1\n"
        "wool,,,,,B2,,\n"
    )
    catalog = load_catalog(folder)
    assert [item.labels.get("Type") for item in catalog] == ["Shirts", "Shirts", "Shirts", "Skirts"]
    assert [item.labels.get("color") for item in catalog] == ["White", "Blue", None, "White"]
    assert [attribute.name for attribute in catalog.attributes] == ["Type", "color"]
    assert [(row.line, row.reason) for row in catalog.left_out] == [(6, "blank-image")]


def test_a_pattern_around_a_column_is_found(tmp_path):
    folder = images(tmp_path / "x", [f"pics/p{number:02}_front.png" for number in range(12)])
    (folder / "list.csv").write_text(lines("code;Farbe", lambda n: f"p{n:02};{COLORS[n % 4]}").replace(",", ";"))
    catalog = load_catalog(folder)
    assert catalog.mapping.image == "pics/{code}_front.png"
    assert catalog.items[3].id == "p03"


def test_a_mapping_is_asked_for_in_any_spelling(tmp_path):
    folder = images(tmp_path / "x", [f"pics/{number}-a.png" for number in range(12)])
    (folder / "list.csv").write_text(
        lines("Item Nr,Kind,Main Color,Part", lambda n: f"{n},k{n % 2},{COLORS[n % 4]},{('learn', 'test')[n % 2]}")
    )
    mapping = Mapping(image="pics/{item_nr}-a.png", id="item nr", split="part", attributes=("main_color",))
    catalog = load_catalog(folder, mapping=mapping)
    assert [attribute.name for attribute in catalog.attributes] == ["Main Color"]
    assert (catalog.items[1].id, catalog.items[1].split, catalog.items[0].split) == ("1", "test", "learn")
    assert any("learn" in note.text for note in catalog.notes if note.kind == "split-unknown")
    with pytest.raises(CatalogError, match="no column 'foto'; it has: Item Nr, Kind, Main Color, Part"):
        load_catalog(folder, mapping=Mapping(image="foto"))


@pytest.mark.parametrize(
    ("written", "split"),
    [
        ("Training", "train"),
        ("TEST", "test"),
        ("val", "valid"),
        ("dev", "valid"),
        ("validation", "valid"),
        ("学習", "train"),
    ],
)
def test_splits_under_other_names(tmp_path, written, split):
    folder = images(tmp_path / "x", ["a.png"])
    (folder / "catalog.csv").write_text(f"image,Split\na.png,{written}\n")
    catalog = load_catalog(folder)
    assert catalog.items[0].split == split
    assert f"names of splits: '{written}' is '{split}'" in catalog.warnings


def test_known_attributes_under_other_spellings(tmp_path):
    folder = images(tmp_path / "x", [f"{number}.png" for number in range(8)])
    (folder / "catalog.csv").write_text(
        lines(
            "ID,Image,Color ,Sleeve-Length,Fabric,color",
            lambda n: f"{n},{n}.png,{COLORS[n % 2]},long,f{n % 2},x{n % 2}",
            8,
        )
    )
    (folder / "attributes.json").write_text('{"Sleeve Length": ["short", "long"]}')
    catalog = load_catalog(folder)
    assert [attribute.name for attribute in catalog.attributes] == ["color", "sleeve_length", "Fabric"]
    assert catalog.attribute("sleeve_length").values == ("short", "long")
    assert catalog.columns[3:] == ("color (2)",)
    kinds = {note.kind for note in catalog.notes}
    assert {"attribute-names", "header-twice"} <= kinds


def test_ids_that_are_there_twice_are_numbered_and_equal_rows_left_out(tmp_path):
    folder = images(tmp_path / "x", ["a.png", "b.png", "c.png", "d.png"])
    (folder / "catalog.csv").write_text("id,image\n1,a.png\n1,b.png\n1-2,c.png\n1,d.png\n1,a.png\n")
    catalog = load_catalog(folder)
    assert [(item.id, item.image) for item in catalog] == [
        ("1", "a.png"),
        ("1-3", "b.png"),
        ("1-2", "c.png"),
        ("1-4", "d.png"),
    ]
    assert [(note.kind, note.lines) for note in catalog.notes] == [("id-twice", (3, 5)), ("repeated", (6,))]


def test_options_of_woocommerce_and_several_addresses_in_a_cell(tmp_path):
    folder = images(tmp_path / "x", [f"shirt{number}.jpg" for number in range(4)])
    header = "ID,SKU,Images,Attribute 1 name,Attribute 1 value(s)"
    row = '{n},S{n},"https://e.com/up/other.jpg, https://e.com/up/shirt{n}.jpg",Color,{color}'
    (folder / "wc.csv").write_text(lines(header, lambda n: row.format(n=n, color=COLORS[n % 2]), 4))
    catalog = load_catalog(folder)
    assert [(item.id, item.image) for item in catalog] == [(str(n), f"shirt{n}.jpg") for n in range(4)]
    assert [attribute.name for attribute in catalog.attributes] == ["color"]


def test_zeros_that_a_spreadsheet_took_off(tmp_path):
    folder = images(tmp_path / "x", [f"images/{n:03}/{n:03}{n:07}.jpg" for n in range(12)])
    (folder / "articles.csv").write_text(lines("article_id,color", lambda n: f"{n * 10**7 + n},{COLORS[n % 4]}"))
    catalog = load_catalog(folder)
    assert [item.image for item in catalog] == [f"images/{n:03}/{n:03}{n:07}.jpg" for n in range(12)]


@pytest.mark.parametrize(
    "cell", ["my%20shirt.png", "images/my%20shirt.png", "a.png;b.png", '"x.png, a.png"', "['a.png']"]
)
def test_cells_that_are_encoded_or_hold_several(tmp_path, cell):
    folder = images(tmp_path / "x", ["images/my shirt.png", "a.png"])
    (folder / "catalog.csv").write_text(f"image\n{cell}\n")
    assert [item.image for item in load_catalog(folder)] == ["images/my shirt.png" if "shirt" in cell else "a.png"]


def test_an_image_in_several_rows_is_said(tmp_path):
    folder = images(tmp_path / "x", ["a.png", "b.png"])
    (folder / "catalog.csv").write_text("id,image\n1,a.png\n2,a.png\n3,b.png\n4,a.png\n")
    assert load_catalog(folder).warnings == (
        "catalog.csv, lines 3, 5: an image that an earlier line has; a search finds both",
    )


def test_names_of_columns_with_line_breaks_and_braces(tmp_path):
    folder = images(tmp_path / "x", [f"{n}.png" for n in range(4)])
    (folder / "catalog.csv").write_text(
        lines('"Image\nfile","{size}",note\n', lambda n: f"{n}.png,{'SM'[n % 2]},x", 4).replace("\n\n", "\n")
    )
    catalog = load_catalog(folder)
    assert catalog.mapping.image == "Image file"
    assert [attribute.name for attribute in catalog.attributes] == ["(size)", "note"]
    assert not any("\n" in text for text in catalog.warnings)
