"""Exports of shop systems and lists of published data sets, told by their files."""

import json

import pytest

from catalog import load_catalog, look, recognise
from catalog.recognition import recognise_values
from tests.catalog.test_layouts import COLORS, images, lines


def roles(found, role):
    return [column.name for column in found.columns if column.role == role]


SHOPIFY = """\
Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Price,\
Image Src,Image Position,Image Alt Text,Status,Neckline (product.metafields.shopify.neckline)
linen,Linen shirt,<p>Airy</p>,Us,Shirts,summer,TRUE,Color,White,A1,200,29.00,https://cdn.shopify.com/s/a.jpg?v=1,1,front,active,V-neck
linen,,,,,,,,,,,,https://cdn.shopify.com/s/b.jpg?v=1,2,back,,
linen,,,,,,,,,,,,https://cdn.shopify.com/s/c.jpg?v=1,3,detail,,
wool,Wool skirt,<p>Warm</p>,Us,Skirts,winter,TRUE,Color,Black,B1,300,49.00,https://cdn.shopify.com/s/d.jpg?v=1,1,,active,Round
cap,Cap,<p>Round</p>,Them,Caps,winter,TRUE,Color,Black,C1,100,9.00,https://cdn.shopify.com/s/e.jpg?v=1,1,,active,Round
cap,,,,,,,,White,C2,100,9.00,https://cdn.shopify.com/s/gone.jpg?v=1,2,,,
"""


def test_shopify(tmp_path):
    folder = images(tmp_path / "x", [f"pics/{name}.jpg" for name in "abcde"])
    (folder / "products_export.csv").write_text(SHOPIFY)
    found = look(folder, tmp_path / "home")
    assert (found.preset, found.items, found.pictures, found.image) == ("shopify", 3, 5, "Image Src")
    assert [item.id for item in found.catalog] == ["linen", "wool", "cap"]
    assert found.catalog.items[0].pictures == ("pics/a.jpg", "pics/b.jpg", "pics/c.jpg")
    assert found.catalog.items[0].labels == {"article_type": "Shirts", "color": "White", "neckline": "V-neck"}
    assert found.catalog.items[0].columns["title"] == "Linen shirt"
    assert roles(found, "group") == ["Handle"]
    assert roles(found, "attribute") == ["Type", "Neckline (product.metafields.shopify.neckline)", "color"]
    assert {"Vendor", "Tags", "Published"} <= set(roles(found, "filter"))
    apart = found.with_wish(found.wish.with_role("Handle", "text"))
    assert [len(item.more) for item in apart.catalog] == [0] * 5
    assert [item.labels.get("article_type") for item in apart.catalog] == ["Shirts"] * 3 + ["Skirts", "Caps"]


def test_rows_of_one_item_that_differ_are_said(tmp_path):
    folder = images(tmp_path / "x", [f"{n}.jpg" for n in range(6)])
    (folder / "items.csv").write_text(
        lines("image,model,color,size", lambda n: f"{n}.jpg,m{n // 2},{COLORS[n % 3]},{n // 2}", 6)
    )
    found = look(folder, tmp_path / "home")
    assert found.items == 6
    one = found.with_wish(found.wish.with_role("model", "group"))
    assert [(item.id, item.pictures, item.labels["color"]) for item in one.catalog] == [
        ("m0", ("0.jpg", "1.jpg"), "red"),
        ("m1", ("2.jpg", "3.jpg"), "green"),
        ("m2", ("4.jpg", "5.jpg"), "blue"),
    ]
    (problem,) = [problem for problem in one.problems if problem.kind == "group-differs"]
    assert (problem.count, problem.examples[0], problem.mend) == (3, "red / blue", "group-differs:color")
    blank = one.with_wish(one.wish.with_mend("group-differs:color", True))
    assert all("color" not in item.labels for item in blank.catalog)


def test_woocommerce(tmp_path):
    folder = images(tmp_path / "x", [f"up/shirt{n}-{side}.jpg" for n in range(6) for side in ("front", "back")])
    header = (
        "ID,Type,SKU,Name,Published,Is featured?,Visibility in catalog,Regular price,Categories,Images,"
        "Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)"
    )
    row = (
        '{n},simple,S{n},Shirt {n},1,0,visible,{p},Shirts,"https://e.com/up/shirt{n}-front.jpg, '
        'https://e.com/up/shirt{n}-back.jpg",Color,{c},Sleeves,{s}'
    )
    text = lines(header, lambda n: row.format(n=n, p=(9, 12)[n % 2], c=COLORS[n % 2], s=("Long", "Short")[n % 2]), 6)
    (folder / "wc-product-export.csv").write_text(text)
    found = look(folder, tmp_path / "home")
    assert (found.preset, found.items, found.pictures) == ("woocommerce", 6, 12)
    assert found.catalog.items[1].pictures == ("up/shirt1-front.jpg", "up/shirt1-back.jpg")
    assert found.catalog.items[1].labels == {"color": "blue", "sleeve_length": "Short", "category": "Shirts"}
    assert found.catalog.items[1].columns["title"] == "Shirt 1"
    assert "Type" in roles(found, "filter") and "Attribute 1 name" in roles(found, "ignore")


def test_google_merchant_center(tmp_path):
    folder = images(tmp_path / "x", [f"img/{n}{side}.jpg" for n in range(6) for side in ("", "_b", "_c")])
    header = "\t".join(
        f"g:{name}"
        for name in "id title description link image_link additional_image_link availability price color gender "
        "item_group_id google_product_category".split()
    )
    text = lines(
        header,
        lambda n: "\t".join(
            (
                *(f"P{n}", f"Shirt no {n}", f"A shirt number {n} of linen", f"https://e.com/p/{n}"),
                *(f"https://e.com/img/{n}.jpg", f"https://e.com/img/{n}_b.jpg,https://e.com/img/{n}_c.jpg"),
                *("in_stock", "29.00 EUR", COLORS[n % 2], ("male", "female")[n % 2], f"G{n // 2}", "1604"),
            )
        ),
        6,
    )
    (folder / "feed.txt").write_text(text)
    (folder / "feed.txt").rename(folder / "feed.tsv")
    found = look(folder, tmp_path / "home")
    assert (found.preset, found.items, found.pictures) == ("google", 6, 18)
    assert (found.catalog.items[2].id, found.catalog.items[2].more) == ("P2", ("img/2_b.jpg", "img/2_c.jpg"))
    assert found.catalog.items[2].labels == {"color": "red", "department": "male"}
    assert roles(found, "title") == ["g:title"] and roles(found, "more") == ["g:additional_image_link"]
    spaced = (folder / "feed.tsv").read_text().replace("g:", "").replace("_link", " link").replace("_group_", " group ")
    (folder / "feed.tsv").write_text(spaced)
    again = look(folder, tmp_path / "home")
    assert [(item.id, item.pictures, item.labels) for item in again.catalog] == [
        (item.id, item.pictures, item.labels) for item in found.catalog
    ]


def test_kaggle(tmp_path):
    folder = images(tmp_path / "x", [f"images/{n}.jpg" for n in range(10, 18)])
    header = "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName"
    (folder / "styles.csv").write_text(
        lines(
            header,
            lambda n: (
                f"{n + 10},{('Men', 'Women')[n % 2]},Apparel,Topwear,{('Tshirts', 'Shirts')[n // 2 % 2]},"
                f"{COLORS[n % 2]},Summer,{2010 + n % 3},Casual,Thing no {n}"
            ),
            8,
        )
    )
    found = look(folder, tmp_path / "home")
    assert (found.preset, found.image) == ("kaggle", "images/{id}.jpg")
    assert {column.name: column.attribute for column in found.columns if column.role == "attribute"} == {
        "gender": "department",
        "articleType": "article_type",
        "baseColour": "color",
        "usage": "usage",
    }
    assert roles(found, "filter") == ["masterCategory", "subCategory", "season", "year"]


@pytest.mark.parametrize("base", ["", "fashionAI_attributes_train1"])
def test_fashionai(tmp_path, base):
    names = [f"Images/{kind}_labels/{n}.jpg" for kind in ("collar_design", "skirt_length") for n in range(4)]
    folder = images(tmp_path / "x", [f"{base}/{name}".strip("/") for name in names])
    (folder / base / "Annotations").mkdir(parents=True)
    marks = {
        "collar_design": ("nynnn", "nnymn", "nnnyn", "ynnnn"),
        "skirt_length": ("nynnnn", "nnynnn", "nnnnny", "ynnnnn"),
    }
    rows = [f"{name},{(kind := name.split('/')[1])},{marks[kind[:-7]][n % 4]}" for n, name in enumerate(names)]
    (folder / base / "Annotations" / "label.csv").write_text("\n".join(rows) + "\n")
    found = look(folder, tmp_path / "home")
    assert (found.preset, found.items) == ("fashionai", 8)
    assert [item.labels for item in found.catalog][:5] == [
        {"collar_design": "shirt collar"},
        {"collar_design": "peter pan"},
        {"collar_design": "puritan"},
        {"collar_design": "invisible"},
        {"skirt_length": "short"},
    ]
    assert load_catalog(folder, tmp_path / "home").items == found.catalog.items


def test_deepfashion(tmp_path):
    folder = images(tmp_path / "x", [f"img/Dress_{n}/img_1.jpg" for n in range(4)])
    (folder / "Anno").mkdir()
    (folder / "Eval").mkdir()
    (folder / "Anno" / "list_attr_cloth.txt").write_text(
        "30\nattribute_name  attribute_type\nfloral print   1\nstriped  1\ncotton    2\n"
        + "".join(f"shape {n}  3\n" for n in range(27))
    )
    (folder / "Anno" / "list_attr_img.txt").write_text(
        "4\nimage_name  attribute_labels\n"
        + "".join(
            f"img/Dress_{n}/img_1.jpg   {' '.join('1' if k in (n % 2, 2) else '-1' for k in range(30))}\n"
            for n in range(4)
        )
    )
    (folder / "Anno" / "list_category_cloth.txt").write_text("2\ncategory_name category_type\nDress   3\nTee   1\n")
    (folder / "Anno" / "list_category_img.txt").write_text(
        "4\nimage_name category_label\n" + "".join(f"img/Dress_{n}/img_1.jpg   {1 + n % 2}\n" for n in range(4))
    )
    (folder / "Eval" / "list_eval_partition.txt").write_text(
        "4\nimage_name evaluation_status\n"
        + "".join(f"img/Dress_{n}/img_1.jpg   {('train', 'train', 'val', 'test')[n]}\n" for n in range(4))
    )
    found = look(folder, tmp_path / "home")
    assert (found.preset, found.items, found.splits) == ("deepfashion", 4, {"train": 2, "valid": 1, "test": 1})
    assert found.catalog.items[1].labels == {"pattern": "striped", "category": "Tee"}
    assert {column.name: column.role for column in found.columns}["fabric"] == "filter"


def test_split_files_of_experiments(tmp_path):
    folder = images(tmp_path / "DARN", [f"pic/5/{n}.jpg" for n in range(6)])
    (folder / "meta.json").write_text(
        json.dumps(
            {
                "DARN": {
                    "ATTRIBUTES": ["clothes color", "sleeve shape"],
                    "ATTRIBUTES_NUM": {"clothes color": 3, "sleeve shape": 2},
                }
            }
        )
    )
    for split, first in (("train", 0), ("test", 2)):
        (folder / f"filenames_{split}.txt").write_text("".join(f"pic/5/{n}.jpg\n" for n in range(first, first + 3)))
    (folder / "label_train.txt").write_text("0 0 1 1 0\n1 0 2\n2 1 1\n")
    (folder / "query_test.txt").write_text("0 0 1\n1 1 0\n")
    (folder / "candidate_test.txt").write_text("2 0 2\n2 1 1\n")
    found = look(folder, tmp_path / "home")
    assert (found.preset, found.items, found.splits) == ("darn", 5, {"test": 3, "train": 2})
    assert found.catalog.item("pic/5/4.jpg").labels == {"color": "2", "sleeve shape": "1"}
    assert found.catalog.item("pic/5/0.jpg").labels == {"color": "1", "sleeve shape": "0"}
    named = look(folder, tmp_path / "home", found.wish.with_name("sleeve shape", "sleeves"))
    assert "sleeves" in [attribute.name for attribute in named.catalog.attributes]


def test_another_preset_is_taken_where_it_is_asked_for(tmp_path):
    folder = images(tmp_path / "x", [f"images/{n}.jpg" for n in range(8)])
    (folder / "list.csv").write_text(lines("id,usage,season", lambda n: f"{n},{COLORS[n % 2]},{COLORS[n // 2 % 2]}", 8))
    found = look(folder, tmp_path / "home")
    assert (found.preset, roles(found, "attribute")) == ("table", ["usage", "season"])
    found = found.with_wish(type(found.wish)(preset="kaggle"))
    assert (found.preset, roles(found, "filter")) == ("kaggle", ["season"])


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        *(
            (name, "sleeve_length")
            for name in ("Sleeve Length", "sleeveLength", "sleeve-length", "ＳＬＥＥＶＥ＿ＬＥＮＧＴＨ")
        ),
        *(
            (name, "sleeve_length")
            for name in ("袖丈", "袖丈（半角）", "Attribute: Sleeves", "Ärmellänge", "A\u0308rmella\u0308nge")
        ),
        *(
            (name, "color")
            for name in ("baseColour", "g:color", "pa_color", "ｶﾗｰ", "カラー", "Farbe", "颜色", "属性：色")
        ),
        *(
            (name, "color")
            for name in ("Color (product.metafields.shopify.color-pattern)", "clothes color", "メインカラー")
        ),
        *((name, "category") for name in ("カテゴリー", "カテコ\u3099リー", "商品カテゴリ", "clothes category")),
        *((name, "lapel_design") for name in ("ラペル", "lapel type", "lapelDesign")),
        *((name, "department") for name in ("gender", "性別", "Google Shopping / Gender")),
        *((name, "neckline_design") for name in ("ネックライン", "necklineDesign")),
        *((name, "collar_design") for name in ("襟", "衿の形", "collar shape")),
        *((name, "article_type") for name in ("product_type", "品目", "articleType")),
        *((name, "") for name in ("size", "season", "特色", "masterCategory", "price", "身幅", "")),
    ],
)
def test_names_of_known_attributes(name, attribute):
    assert recognise(name).attribute == attribute


def test_variations_of_woocommerce_are_filled_from_their_product_and_stay_items(tmp_path):
    folder = images(tmp_path / "x", [f"{name}.jpg" for name in ("p", "red", "blue", "q")])
    (folder / "wc.csv").write_text(
        "ID,Type,SKU,Name,Published,Categories,Brand,Images,Parent,Attribute 1 name,Attribute 1 value(s)\n"
        '1,variable,P,Shirt,1,Shirts,Us,https://e.com/p.jpg,,Color,"Red, Blue"\n'
        "2,variation,P-R,Shirt - Red,1,,,https://e.com/red.jpg,P,Color,Red\n"
        "3,variation,P-B,Shirt - Blue,1,,,https://e.com/blue.jpg,id:1,Color,Blue\n"
        "4,simple,Q,Skirt,1,Skirts,Them,https://e.com/q.jpg,,Color,Red\n"
    )
    found = look(folder, tmp_path / "home")
    assert (found.preset, found.items) == ("woocommerce", 4)
    assert [item.labels.get("category") for item in found.catalog] == ["Shirts", "Shirts", "Shirts", "Skirts"]
    assert [item.labels["color"] for item in found.catalog] == ["Red, Blue", "Red", "Blue", "Red"]
    assert roles(found, "group") == [] and "Parent" in roles(found, "text")


@pytest.mark.parametrize(
    ("name", "values", "attribute"),
    [
        ("label", ["red", "Navy Blue", "green", "white"], "color"),
        ("label", ["Shirts", "Jeans", "Skirts", "Coats", "gizmos"], "article_type"),
        ("folder 1", ["men", "women"], "department"),
        ("ラベル", ["無地", "花柄", "水玉"], "pattern"),
        ("label", ["red", "large", "soft"], ""),
        ("label", ["red"], ""),
        ("lining", ["red", "blue", "green"], ""),
    ],
)
def test_values_tell_what_a_general_name_does_not(name, values, attribute):
    assert recognise_values(name, values).attribute == attribute
