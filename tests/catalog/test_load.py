"""catalog.csv, attributes.json and bare folders → a catalog."""

import json
import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from catalog import Attribute, CatalogError, load_catalog
from tests.catalog.support import encoded, picture, write_catalog

DATA = Path(os.environ.get("LAPEL_DATA", "../shared/data"))
ROWS = [
    {
        "id": "a",
        "image": "images/a.png",
        "split": "train",
        "title": "Red coat",
        "color": "red",
        "sleeve_length": "long",
    },
    {"id": "b", "image": "images/b.png", "split": "test", "title": "", "color": "blue", "sleeve_length": ""},
    {"id": "c", "image": "images/c.png", "split": "", "title": "Scarf", "color": "", "sleeve_length": "cup"},
]


@pytest.fixture
def folder(tmp_path):
    return write_catalog(tmp_path / "shop", ROWS)


def texts(folder: Path, text: str | bytes) -> Path:
    """A catalog.csv with this text beside images a.png and b.png."""
    folder.mkdir(exist_ok=True)
    (folder / "catalog.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    for name in "ab":
        (folder / f"{name}.png").write_bytes(encoded(picture()))
    return folder


def test_items_labels_and_columns(folder):
    catalog = load_catalog(folder)
    assert (catalog.name, len(catalog), catalog.left_out) == ("shop", 3, ())
    assert [note.kind for note in catalog.notes] == ["single-images", "single-images"]
    assert catalog.attributes == (Attribute("color", ("blue", "red")), Attribute("sleeve_length", ("cup", "long")))
    assert catalog.labels("color").tolist() == [1, 0, -1]
    assert catalog.labels("color").dtype == np.int64
    assert catalog.labels("sleeve_length").tolist() == [1, -1, 0]
    assert catalog.item("b").labels == {"color": "blue"}
    assert list(catalog.item("a").labels) == ["color", "sleeve_length"]
    assert catalog.item("c").split is None
    assert catalog.item("a").columns == {"title": "Red coat"}
    assert catalog.position("c") == 2
    assert catalog.columns == ("split", "color", "sleeve_length", "title")
    assert catalog.column("split") == ["train", "test", ""]
    assert catalog.column("color") == ["red", "blue", ""]
    assert catalog.column("title") == ["Red coat", "", "Scarf"]
    assert catalog.path(catalog.item("a")) == folder / "images/a.png"
    assert catalog.open(catalog.item("b")).tobytes() == picture(seed=1).tobytes()


def test_a_split_keeps_attributes_and_gives_its_own_digest(folder):
    catalog = load_catalog(folder)
    part = catalog.split("test")
    assert [item.id for item in part] == ["b"]
    assert part.attributes == catalog.attributes
    assert part.labels("color").tolist() == [0]
    assert part.digest != catalog.digest
    with pytest.raises(CatalogError, match="it has: test, train"):
        catalog.split("valid")


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda catalog: catalog.item("z"), "no item 'z'"),
        (lambda catalog: catalog.attribute("fit"), "it has: color, sleeve_length"),
        (lambda catalog: catalog.labels("fit"), "no attribute 'fit'"),
        (lambda catalog: catalog.column("fit"), "no column 'fit'"),
    ],
)
def test_unknown_names_are_answered_with_the_known_ones(folder, ask, words):
    with pytest.raises(CatalogError, match=words):
        ask(load_catalog(folder))


def test_the_digest_follows_labels_order_and_images(folder):
    first = load_catalog(folder).digest
    assert load_catalog(folder).digest == first
    (folder / "attributes.json").write_text(json.dumps({"color": ["red", "blue"]}))
    ordered = load_catalog(folder).digest
    (folder / "attributes.json").unlink()
    (folder / "images/a.png").write_bytes(encoded(picture(30, 30)))
    changed = load_catalog(folder).digest
    (folder / "catalog.csv").write_text((folder / "catalog.csv").read_text().replace("blue", "green"))
    assert len({first, ordered, changed, load_catalog(folder).digest}) == 4


def test_attributes_json_gives_the_order_and_more_values(folder):
    (folder / "attributes.json").write_text(json.dumps({"color": ["red", "mauve"], "fit": ["slim"]}))
    catalog = load_catalog(folder)
    assert catalog.attribute("color").values == ("red", "mauve", "blue")
    assert catalog.labels("color").tolist() == [0, 2, -1]
    assert [word in " ".join(catalog.warnings) for word in ("blue", "fit")] == [True, True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_attributes_json_in_every_encoding(tmp_path, encoding):
    folder = texts(tmp_path / "x", "image,色\na.png,赤\nb.png,青\n")
    (folder / "attributes.json").write_bytes('{"色": ["青", "赤", "黒い"]}'.encode(encoding))
    catalog = load_catalog(folder)
    assert catalog.attribute("色").values == ("青", "赤", "黒い")
    told = [note.facts["encoding"] for note in catalog.notes if note.kind == "encoding"]
    assert told == (["cp932"] if encoding == "cp932" else [])


@pytest.mark.parametrize("text", ["{", '["color"]', '{"color": "red"}', '{"color": ["red", "red"]}', '{"color": [1]}'])
def test_a_damaged_attributes_json_is_refused(folder, text):
    (folder / "attributes.json").write_text(text)
    with pytest.raises(CatalogError, match=r"attributes\.json"):
        load_catalog(folder)


@pytest.mark.parametrize(
    "text",
    [
        "id,image,color\n1,a.png,red\n2,b.png,\n",
        "\ufeffid,image,color\r\n1,a.png,red\r\n2,b.png,\r\n",
        "id;image;color\n1;a.png;red\n2;b.png\n",
        "ID\tImage\tcolor\n1\ta.png\tred\n2\tb.png\t\n",
        'id,image,color\n\n"1", a.png ,"red "\n ,, \n2,./b.png,\n',
        "id,image,color,,\n1,a.png,red,,\n2,b.png,,,\n",
        "id,image,color\n1,a.png,red\n2,b.png,\n".encode("utf-16"),
    ],
)
def test_csv_as_people_save_it(tmp_path, text):
    catalog = load_catalog(texts(tmp_path / "x", text))
    assert [(item.id, item.image, item.labels) for item in catalog] == [
        ("1", "a.png", {"color": "red"}),
        ("2", "b.png", {}),
    ]


@pytest.mark.parametrize(("written", "stored"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFC", "NFC")])
def test_names_that_macos_spells_otherwise_are_found(tmp_path, written, stored):
    name = "ジャケット襟が.png"
    folder = texts(tmp_path / "x", f"id,image\n1,{unicodedata.normalize(written, name)}\n")
    (folder / unicodedata.normalize(stored, name)).write_bytes(encoded(picture()))
    catalog = load_catalog(folder)
    assert catalog.open(catalog.item("1")).size == (12, 10)


def test_quoted_cells_keep_delimiters_and_line_breaks(tmp_path):
    catalog = load_catalog(texts(tmp_path / "x", 'id,image,title\n1,a.png,"red, ""long""\nand warm"\n'))
    assert catalog.item("1").columns["title"] == 'red, "long"\nand warm'


def test_without_ids_the_images_are_the_ids(tmp_path):
    assert [item.id for item in load_catalog(texts(tmp_path / "x", "image,color\na.png,red\nb.png,red\n"))] == [
        "a.png",
        "b.png",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column 'image'"),
        ("id,title\n1,x\n", "no column 'image'.*columns: id, title"),
        ("id,image\n", "names no items"),
        ("id,image\n1,a.png,red\n", "line 2: left out, since there are more cells"),
        ("id,image\n1,\n", "line 2: left out, since no image is named"),
        (
            "id,image\n2,none.png\n3,gone.png\n",
            r"lines 2, 3: .* not there \(none\.png, gone\.png\).*columns: id, image",
        ),
        ("id,image\n1,/etc/passwd\n", "leads out"),
        ("id,image\n1,../b.png\n", "leads out"),
        ("id,image\n1,x/../../b.png\n", "leads out"),
        ("id,image\n1,..\\b.png\n", "leads out"),
        ("id,image\n1,C:\\Windows\\x.png\n", "leads out"),
        ("id,image\n1,https://example.com/x.png\n", "web addresses .*not fetched; download"),
        ('id,image\n1,"a.png\n', "quotes"),
        (b"id,image\n1,a\0.png\n", "not text"),
        (b"id,image\n1," + b"a" * 200_000 + b"\n", "line 2"),
    ],
)
def test_what_cannot_be_a_catalog_is_refused_in_one_line(tmp_path, text, words):
    with pytest.raises(CatalogError, match=words) as caught:
        load_catalog(texts(tmp_path / "x", text))
    assert "\n" not in str(caught.value)


def test_free_text_and_quantities_are_columns_not_attributes(tmp_path):
    rows = [
        {
            "id": str(row),
            "image": "a.png",
            "note": f"note {row}" if row < 55 else "",
            "price": str(row % 30 + 0.5),
            "size": str(36 + row % 4),
            "brand": f"brand {row % 58}",
            "blank": "",
        }
        for row in range(120)
    ]
    folder = write_catalog(tmp_path / "x", rows)
    catalog = load_catalog(folder)
    assert [attribute.name for attribute in catalog.attributes] == ["size", "brand"]
    assert catalog.columns == ("size", "brand", "note", "price", "blank")
    assert catalog.column("price")[:2] == ["0.5", "1.5"]
    assert all(name in " ".join(catalog.warnings) for name in ("note", "price", "blank"))
    (folder / "attributes.json").write_text(json.dumps({"price": ["0.5"]}))
    assert "price" in [attribute.name for attribute in load_catalog(folder).attributes]


def test_a_bare_folder_gives_unlabelled_items(tmp_path):
    for name in ("b.JPG", "sub/a.png", ".hidden.png", "__MACOSX/c.png", "notes.txt"):
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sizes of 2024" if name == "notes.txt" else encoded(picture()))
    catalog = load_catalog(tmp_path / "shop")
    assert catalog.warnings == (
        "3 files are not read: hidden or the system's own (.hidden.png, __MACOSX/); text (notes.txt)",
    )
    assert [(item.id, item.image, item.split, item.labels) for item in catalog] == [
        ("b.JPG", "b.JPG", None, {}),
        ("sub/a.png", "sub/a.png", None, {}),
    ]
    assert (catalog.attributes, catalog.columns) == ((), ())


def test_the_csv_itself_may_be_named(folder):
    assert load_catalog(folder / "catalog.csv") == load_catalog(folder)


def test_nothing_there(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CatalogError, match=r"neither catalog\.csv nor images"):
        load_catalog(tmp_path / "empty")
    with pytest.raises(CatalogError, match="there is no catalog"):
        load_catalog(tmp_path / "none")


def test_the_items_that_are_sound_are_there_whatever_the_others_are(tmp_path):
    text = "id,image,color\n1,a.png,red\n2,gone.png,red\n3,,red\n4,b.png,red,blue\n5,../b.png,red\n1,b.png,blue\n"
    catalog = load_catalog(texts(tmp_path / "x", text))
    assert [(item.id, item.image) for item in catalog] == [("1", "a.png"), ("1-2", "b.png")]
    assert [(row.line, row.reason, row.image) for row in catalog.left_out] == [
        (5, "cells", ""),
        (3, "missing", "gone.png"),
        (4, "blank-image", ""),
        (6, "outside", "../b.png"),
    ]
    told = " ".join(catalog.warnings)
    assert all(words in told for words in ("line 3", "gone.png", "line 4", "line 5", "line 6", "line 7", "an id"))


def test_every_bad_line_is_named_and_the_text_stays_short(tmp_path):
    lines = "".join(f"{row},gone{row}.png\n" for row in range(40))
    catalog = load_catalog(texts(tmp_path / "x", f"id,image\nok,a.png\n{lines}"))
    (note,) = [note for note in catalog.notes if note.kind == "missing"]
    assert note.lines == tuple(range(3, 43))
    assert "lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 30 more" in note.text


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "items", "values"),
    [
        ("street", 1430, [7, 3, 3, 2, 2, 6, 11, 2, 2, 2]),
        ("studio", 7667, [30, 20, 4, 4, 3]),
        ("field", 900, [10]),
        ("masks", 351, []),
    ],
)
def test_the_real_catalogs(name, items, values):
    if not (DATA / name).is_dir():
        pytest.skip(f"no real images: {DATA / name} is missing (LAPEL_DATA)")
    catalog = load_catalog(DATA / name)
    assert len(catalog) == items
    assert [len(attribute.values) for attribute in catalog.attributes] == values
    assert catalog.warnings == ()
    assert not {"title", "mask", "split", "id"} & {attribute.name for attribute in catalog.attributes}
