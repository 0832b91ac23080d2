"""The look before an import: columns, roles, problems, mends; nothing is written, a wish is quick."""

import json
import zipfile

import pytest

from catalog import PRESETS, ROLES, CatalogError, Wish, load_catalog, look
from catalog.__main__ import main
from tests.catalog.support import encoded, picture
from tests.catalog.test_layouts import COLORS, images, lines


@pytest.fixture
def messy(tmp_path):
    """Ten pictures, two of them alike, one broken; a table with every kind of fault."""
    folder = images(tmp_path / "shop", [f"images/{number}.jpg" for number in range(12)])
    (folder / "images" / "1.jpg").write_bytes((folder / "images" / "0.jpg").read_bytes())
    (folder / "images" / "9.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing more")
    rows = [
        "A0,images/0.jpg,red,Long,9.90,Linen shirt,train",
        "A1,images/1.jpg,Red ,short,9.90,Wool skirt,train",
        "A2,images/2.jpg,blue,long,12.00,A coat,train",
        "A2,images/3.jpg,BLUE,short,12.00,B coat,train",
        "A4,images/4.jpg,n/a,long,9.90,C coat,test",
        "A5,images/5.jpg,red|blue,short,9.90,D coat,test",
        "A6,images/6.jpg,blue,long,12.00,E coat,test",
        "A7,images/7.jpg,なし,short,12.00,F coat,test",
        "A8,images/8.jpg,green,long,9.90,G, with dots,test",
        "A9,images/9.jpg,red,short,9.90,H coat,test",
        "B1,images/gone.jpg,red,short,9.90,I coat,test",
        "B2,,red,short,9.90,J coat,test",
    ]
    text = "\n".join(["item_id,file,メインカラー,袖丈,price,productDisplayName,subset", *rows]) + "\n"
    (folder / "items.csv").write_text(text, encoding="utf-8")
    return folder


def roles(found):
    return {column.name: column.role for column in found.columns}


def problems(found):
    return {(problem.kind, problem.column): problem for problem in found.problems}


def test_what_is_in_it_and_what_is_what(messy, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in messy.rglob("*")}
    found = look(messy, tmp_path / "home")
    assert (found.items, found.pictures, found.table, found.preset) == (9, 9, "items.csv", "table")
    assert found.bytes == sum((messy / item.image).stat().st_size for item in found.catalog)
    assert found.splits == {"train": 4, "test": 5}
    assert roles(found) == {
        "item_id": "text",
        "file": "image",
        "メインカラー": "attribute",
        "袖丈": "attribute",
        "price": "filter",
        "productDisplayName": "title",
        "subset": "split",
    }
    color = found.columns[2]
    assert (color.attribute, color.recognised, color.how) == ("color", "color", "synonym")
    assert dict(color.values) == {"red": 2, "blue": 2, "Red": 1, "BLUE": 1, "n/a": 1, "red|blue": 1, "なし": 1}
    assert (color.distinct, color.blanks, color.rows) == (7, 0, 9)
    assert found.catalog.items[0].labels == {"color": "red", "sleeve_length": "Long"}
    assert found.catalog.items[0].columns["title"] == "Linen shirt"
    assert {path: path.stat().st_mtime_ns for path in messy.rglob("*")} == before
    assert not (tmp_path / "home").exists() and found.unpacked is None


def test_every_problem_has_its_count_its_examples_and_its_mend(messy, tmp_path):
    found = look(messy, tmp_path / "home")
    told = {key: (problem.count, problem.examples, problem.mend) for key, problem in problems(found).items()}
    assert told == {
        ("cells", ""): (1, ("items.csv:10",), "cells"),
        ("missing", ""): (1, ("images/gone.jpg",), None),
        ("blank-image", ""): (1, ("items.csv:13",), None),
        ("unreadable", ""): (1, ("images/9.jpg",), "unreadable"),
        ("twins", ""): (1, ("images/1.jpg = images/0.jpg",), "twins"),
        ("unused-images", ""): (3, ("images/10.jpg", "images/11.jpg", "images/8.jpg"), "unused-images"),
        ("near-equal", "メインカラー"): (2, ("Red → red", "BLUE → blue"), "near-equal:メインカラー"),
        ("markers", "メインカラー"): (1, ("n/a",), "markers:メインカラー"),
        ("doubtful", "メインカラー"): (1, ("なし",), "doubtful:メインカラー"),
        ("several", "メインカラー"): (1, ("red|blue",), "several:メインカラー"),
        ("single-images", "メインカラー"): (
            5,
            ("BLUE", "Red", "n/a", "red|blue", "なし"),
            "single-images:メインカラー",
        ),
        ("near-equal", "袖丈"): (1, ("Long → long",), "near-equal:袖丈"),
        ("single-images", "袖丈"): (1, ("Long",), "single-images:袖丈"),
    }
    assert all(problem.note.text and (problem.remedy is None) == (problem.mend is None) for problem in found.problems)
    assert found.offered - found.recommended == {
        "unused-images",
        "twins",
        "several:メインカラー",
        "doubtful:メインカラー",
        "single-images:メインカラー",
        "single-images:袖丈",
    }


def labels(found, attribute="color"):
    return [item.labels.get(attribute, "") for item in found.catalog]


@pytest.mark.parametrize(
    ("mend", "meant"),
    [
        ("near-equal:メインカラー", ["red", "red", "blue", "blue", "n/a", "red|blue", "blue", "なし", "red"]),
        ("markers:メインカラー", ["red", "Red", "blue", "BLUE", "", "red|blue", "blue", "なし", "red"]),
        ("doubtful", ["red", "Red", "blue", "BLUE", "n/a", "red|blue", "blue", "", "red"]),
        ("several:メインカラー", ["red", "Red", "blue", "BLUE", "n/a", "", "blue", "なし", "red"]),
        ("single-images:メインカラー", ["red", "", "blue", "", "", "", "blue", "", "red"]),
        ("near-equal:袖丈", ["red", "Red", "blue", "BLUE", "n/a", "red|blue", "blue", "なし", "red"]),
    ],
)
def test_each_mend_is_switched_on_and_off_alone(messy, tmp_path, mend, meant):
    found = look(messy, tmp_path / "home")
    on = found.with_wish(found.wish.with_mend(mend, True))
    assert labels(on) == meant
    assert [problem.mend for problem in on.problems if problem.on] == [
        problem.mend for problem in found.problems if problem.mend in (mend, f"{mend}:メインカラー")
    ]
    off = on.with_wish(on.wish.with_mend(mend, False))
    assert off.catalog == found.catalog and off.problems == found.problems


def test_the_policy_of_several_values(messy, tmp_path):
    found = look(messy, tmp_path / "home", Wish(mends=frozenset({"several", "near-equal"}), several="first"))
    assert labels(found)[5] == "red"
    assert problems(found)["several", "メインカラー"].choices == ("blank", "first", "commonest")
    for policy, value in (("commonest", "blue"), ("blank", "")):
        wish = Wish(mends=frozenset({"several", "near-equal", "unreadable"}), several=policy)
        assert labels(found.with_wish(wish))[5] == value


def test_mends_of_pictures_and_rows(messy, tmp_path):
    found = look(messy, tmp_path / "home")
    out = found.with_wish(Wish(mends=frozenset({"unreadable", "twins", "cells", "unused-images"})))
    assert [item.image for item in out.catalog] == [f"images/{n}.jpg" for n in (0, 2, 3, 4, 5, 6, 7, 8, 10, 11)]
    assert out.catalog.items[7].columns["title"] == "G, with dots"
    assert {(row.reason, row.image) for row in out.catalog.left_out} >= {
        ("unreadable", "images/9.jpg"),
        ("twin", "images/1.jpg"),
    }
    assert set(out.digests) == {item.image for item in out.catalog} and all(map(len, out.digests.values()))
    grouped = found.with_wish(Wish(mends=frozenset({"twins"}), twins="group", roles={"item_id": "id"}))
    assert [item.id for item in grouped.catalog][:3] == ["A0", "A2", "A2-2"]
    assert grouped.catalog.items[0].pictures == ("images/0.jpg",)
    one = grouped.with_wish(Wish(mends=frozenset({"id-twice"}), roles={"item_id": "id"}))
    assert one.catalog.item("A2").pictures == ("images/2.jpg", "images/3.jpg")
    assert problems(one)["id-twice", ""].on and problems(one)["id-twice", ""].examples == ("A2",)


def test_columns_show_what_would_be_imported(messy, tmp_path):
    found = look(messy, tmp_path / "home")
    wish = Wish(mends=frozenset({"near-equal", "markers:メインカラー", "several", "unreadable"}))
    color, sleeve = found.with_wish(wish).columns[2:4]
    assert dict(color.values) == {"blue": 3, "red": 2, "なし": 1}
    assert (color.distinct, color.blanks, color.rows) == (3, 2, 8)
    assert dict(sleeve.values) == {"long": 4, "short": 4}
    for role in ("filter", "text", "title"):
        plain = found.with_wish(wish.with_role("メインカラー", role)).columns[2]
        assert dict(plain.values)["Red"] == 1 and plain.rows == 8, "only labels are mended"
    written = found.with_wish(wish.with_role("メインカラー", "ignore")).columns[2]
    assert dict(written.values)["red"] == 4 and written.rows == 11
    split = found.columns[6]
    assert dict(split.values) == found.splits
    assert dict(found.columns[1].values)["images/gone.jpg"] == 1, "the paths of pictures are as they are written"


@pytest.mark.parametrize("kind", ["images", "folders", "table naming it", "table not naming it"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_picture_that_cannot_be_read_is_told_in_every_kind_of_import(tmp_path, kind, packed):
    below = {"images": "", "folders": "red/"}.get(kind, "images/")
    names = [f"{below}{name}.jpg" for name in ("a", "b", "broken")] + (["blue/c.jpg"] if kind == "folders" else [])
    folder = images(tmp_path / "shop", names)
    (folder / names[2]).write_bytes(b"\xff\xd8\xff no more")
    if kind.startswith("table"):
        rows = [f"{name},red" for name in names[: 2 if "not" in kind else 3]]
        (folder / "items.csv").write_text("\n".join(["image,color", *rows]) + "\n")
    source = folder
    if packed:
        source = tmp_path / "shop.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for path in folder.rglob("*.*"):
                archive.write(path, path.relative_to(folder))
    found = look(source, tmp_path / "home")
    (told,) = [problem for problem in found.problems if problem.kind == "unreadable"]
    assert (told.count, told.examples) == (1, (names[2],)) and set(found.unreadable) == {names[2]}
    out = found.with_wish(Wish(mends=frozenset({"unreadable", "unused-images"})))
    assert names[2] not in {item.image for item in out.catalog} and len(out.catalog) == len(names) - 1


def test_a_changed_wish_reads_no_picture_again(messy, tmp_path):
    found = look(messy, tmp_path / "home")
    for path in (messy / "images").iterdir():
        path.unlink()
    again = found.with_wish(Wish().with_role("price", "attribute").with_name("袖丈", ""))
    assert [attribute.name for attribute in again.catalog.attributes] == ["color", "袖丈", "price"]
    assert again.digests == found.digests and again.unreadable == found.unreadable


NOTES_BY_HAND = {
    "商品名": ("title", ["春コート", "デニム", "Knit top"]),
    "memo": ("filter", ["倉庫B", "確認済み", "ask Tanaka"]),
    "verdict": ("text", ["Fits well and is soft.", "The sleeves are too long.", "Runs a little small."]),
    "様子": ("text", ["少し色が薄く見えます", "背面の写真がありません", "裾に汚れがあります"]),
    "サイズ": ("attribute", ["S/M/L", "M", "L"]),
    "line": ("attribute", ["Apparel > Clothing > Dresses > Day", "Apparel > Clothing > Tops > Knit", "Shoes"]),
    "fit": ("attribute", ["slim", "regular fit", "オーバーサイズ"]),
}


def test_what_is_written_by_hand_is_no_attribute_though_it_repeats(tmp_path):
    folder = images(tmp_path / "shop", [f"images/{number}.jpg" for number in range(12)])
    rows = [
        ",".join([f"images/{row}.jpg", *(texts[row % 3] for _, texts in NOTES_BY_HAND.values())]) for row in range(12)
    ]
    text = "\n".join([",".join(["image", *NOTES_BY_HAND]), *rows]) + "\n"
    (folder / "items.csv").write_text(text, encoding="utf-8")
    found = look(folder, tmp_path / "home")
    assert roles(found) == {"image": "image", **{name: role for name, (role, _) in NOTES_BY_HAND.items()}}
    kept = found.with_wish(found.wish.with_role("memo", "attribute"))
    assert kept.catalog.attribute("memo").values == ("ask Tanaka", "倉庫B", "確認済み")


def test_roles_are_changed(messy, tmp_path):
    wish = Wish().with_role("productDisplayName", "ignore").with_role("item_id", "id").with_role("subset", "filter")
    found = look(
        messy, tmp_path / "home", wish.with_role("袖丈", "filter").with_name("メインカラー", "colour of the back")
    )
    assert [attribute.name for attribute in found.catalog.attributes] == ["colour of the back"]
    item = found.catalog.items[0]
    assert (item.id, item.split) == ("A0", None)
    assert item.columns == {"item_id": "A0", "袖丈": "Long", "price": "9.90", "subset": "train"}
    assert found.columns[3].proposed == "attribute" and found.columns[2].how == "asked"
    moved = found.with_wish(found.wish.with_role("袖丈", "title").with_role("price", "title"))
    assert roles(moved)["price"] == "title" and roles(moved)["袖丈"] == "attribute"


def test_an_attribute_that_tells_nothing_apart(tmp_path):
    folder = images(tmp_path / "x", [f"{n}.png" for n in range(12)])
    (folder / "catalog.csv").write_text(lines("image,usage,kind,remark", lambda n: f"{n}.png,casual,one,c{n}"))
    found = look(folder, tmp_path / "home")
    assert roles(found) == {"image": "image", "usage": "attribute", "kind": "filter", "remark": "text"}
    assert problems(found)["one-value", "usage"].examples == ("casual",)
    asked = found.with_wish(found.wish.with_role("remark", "attribute"))
    assert problems(asked)["many-values", "remark"].count == 12
    both = asked.with_wish(asked.wish.with_mend("many-values:remark", True).with_mend("one-value", True))
    assert roles(both) == {"image": "image", "usage": "filter", "kind": "filter", "remark": "filter"}
    assert problems(both)["one-value", "usage"].on and both.catalog.attributes == ()


def test_a_settled_wish_reads_later_files_as_the_first(messy, tmp_path):
    found = look(messy, tmp_path / "home")
    settled = Wish.from_dict(json.loads(json.dumps(found.settled.to_dict())))
    later = images(tmp_path / "later", ["x.png", "y.png"])
    (later / "new.csv").write_text("File,Item ID,メインカラー\nx.png,Z1,red\ny.png,Z2,red\n")
    added = look(later, tmp_path / "home", settled)
    assert [attribute.name for attribute in added.catalog.attributes] == ["color"]
    assert [item.labels for item in added.catalog] == [{"color": "red"}] * 2
    (note,) = [note for note in added.notes if note.kind == "wish-absent"]
    assert "袖丈" in note.text and "items.csv" not in note.text


def test_wishes_as_json(tmp_path):
    wish = Wish("table", "a.csv", "images/{id}.jpg", {"x": "id"}, {"y": "color"}, frozenset({"twins", "markers:y"}))
    assert Wish.from_dict(json.loads(json.dumps(wish.to_dict()))) == wish
    assert Wish.from_dict({"unheard": 1}) == Wish()
    for wrong, said in (
        ({"roles": {"x": "king"}}, "'king' is no role of the column 'x'"),
        ({"several": "all"}, "blank, first, commonest"),
        ({"mends": ["everything"]}, "list of mends"),
        ({"mends": 3}, "list of mends"),
        ({"preset": "etsy"}, "shopify"),
        ({"table": 1}, "'table'"),
        ({"names": {"x": None}}, "'names'"),
    ):
        with pytest.raises(CatalogError, match=said):
            Wish.from_dict(wrong)
    assert all(Wish.from_dict({"roles": {"x": role}}).roles["x"] == role for role in ROLES)
    assert all(Wish.from_dict({"preset": preset}).preset == preset for preset in PRESETS)


def test_a_zip_is_unpacked_once_and_says_where(messy, tmp_path):
    with zipfile.ZipFile(tmp_path / "shop.zip", "w") as archive:
        for path in messy.rglob("*.*"):
            archive.write(path, f"top/{path.relative_to(messy)}")
    seen = []
    found = look(tmp_path / "shop.zip", tmp_path / "home", progress=lambda done, total: seen.append((done, total)))
    assert found.items == 9 and seen[-1] == (12, 12), "pictures that no row names are checked too"
    assert found.unpacked.parent == tmp_path / "home" / "catalogs" and found.catalog.root.is_relative_to(found.unpacked)
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["catalogs"]
    assert found.with_wish(Wish(mends=frozenset({"markers"}))).catalog.root == found.catalog.root


def test_sources_of_other_kinds(tmp_path):
    folder = images(tmp_path / "x", [f"{color}/{n}.png" for color in COLORS for n in range(2)])
    found = look(folder, tmp_path / "home")
    assert (found.preset, found.table, roles(found)) == ("folders", "", {"label": "attribute"})
    assert found.catalog.attribute("color").values == tuple(sorted(COLORS)) and found.columns[0].how == "values"
    named = found.with_wish(found.wish.with_name("label", ""))
    assert [attribute.name for attribute in named.catalog.attributes] == ["label"]
    assert look(folder / "red", tmp_path / "home", found.settled).notes == ()
    flat = look(folder / "red", tmp_path / "home")
    assert (flat.preset, flat.items, flat.unlabelled, [p.kind for p in flat.problems]) == (
        "images",
        2,
        2,
        ["unlabelled"],
    )
    (tmp_path / "none").mkdir()
    with pytest.raises(CatalogError, match="neither"):
        look(tmp_path / "none", tmp_path / "home")


def test_addresses_alone_give_a_look_without_items(tmp_path):
    (tmp_path / "export.csv").write_text("SKU,Image Src,Color\nA,https://cdn.example.com/1.jpg,red\n")
    found = look(tmp_path / "export.csv", tmp_path / "home")
    assert (found.items, found.notes[0].kind) == (0, "only-addresses")
    assert problems(found)["address", ""].count == 1
    assert [note.kind for note in found.notes] == ["only-addresses", "table"]


def test_a_look_as_json(messy, tmp_path):
    said = json.loads(json.dumps(look(messy, tmp_path / "home").to_dict()))
    assert said["items"] == 9 and said["wish"] == Wish().to_dict()
    assert said["columns"][2]["why"] == {
        "kind": "why-known",
        "facts": {"attribute": "color"},
        "lines": [],
        "text": "the known attribute 'color'",
    }
    assert {problem["kind"] for problem in said["problems"]} >= {"twins", "unreadable", "near-equal"}


def test_keys_of_mends_open_a_catalog_too(messy, tmp_path):
    one = load_catalog(messy, tmp_path / "home", mend=["near-equal"])
    assert one.attribute("メインカラー").values == ("blue", "n/a", "red", "red|blue", "なし")
    assert load_catalog(messy, tmp_path / "home", mend=True).attribute("メインカラー").values == (
        "blue",
        "green",
        "red",
        "なし",
    )


def test_pictures_are_checked_as_they_are_opened(tmp_path):
    folder = tmp_path / "x"
    folder.mkdir()
    jpeg, png, webp = (encoded(picture(400, 300, seed), kind) for seed, kind in enumerate(("JPEG", "PNG", "WEBP")))
    files = {"a.jpg": jpeg, "b.jpg": jpeg[: len(jpeg) // 2], "c.png": png, "d.png": png[: len(png) // 2]}
    files |= {"e.webp": webp, "f.webp": webp[: len(webp) // 2], "g.jpg": b"", "h.jpg": b"<html>", "i.jpg": jpeg + b"x"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    found = look(folder, tmp_path / "home")
    assert sorted(found.unreadable) == ["b.jpg", "d.png", "f.webp", "g.jpg", "h.jpg"]
    for item in found.catalog:
        if item.image in found.unreadable:
            with pytest.raises(CatalogError):
                found.catalog.open(item)
        else:
            found.catalog.open(item)


def test_two_columns_of_one_name(tmp_path):
    folder = images(tmp_path / "x", [f"{n}.png" for n in range(8)])
    (folder / "items.csv").write_text(
        lines("image,カラー,main color,color,kind", lambda n: f"{n}.png,a{n % 2},b{n % 2},c{n % 2},d{n % 2}", 8)
    )
    found = look(folder, tmp_path / "home")
    assert found.catalog.items[0].labels == {"カラー": "a0", "main color": "b0", "color": "c0", "kind": "d0"}
    wish = found.wish.with_name("main color", "color").with_name("kind", "color")
    assert found.with_wish(wish).catalog.items[0].labels == {
        "カラー": "a0",
        "color": "b0",
        "color (2)": "c0",
        "kind": "d0",
    }
    left = found.with_wish(found.wish.with_role("color", "filter"))
    assert left.catalog.items[0].labels == {"color": "a0", "main color": "b0", "kind": "d0"}
    assert left.catalog.items[0].columns == {"color (2)": "c0"}


def test_the_command(messy, tmp_path, capsys, monkeypatch):
    wish = tmp_path / "wish.json"
    wish.write_text(json.dumps(Wish(mends=frozenset({"markers"})).to_dict()))
    command = ["catalog", "look", str(messy), "--home", str(tmp_path / "home")]
    monkeypatch.setattr("sys.argv", [*command, "--json", "--wish", str(wish)])
    assert main() == 0
    said = json.loads(capsys.readouterr().out)
    assert said["wish"]["mends"] == ["markers"] and said["items"] == 9
    monkeypatch.setattr("sys.argv", command)
    assert main() == 0
    out = capsys.readouterr().out
    assert (
        "a table with images, 9 items (1 of them with an image that cannot be read), 9 images (train 4, test 5)" in out
    )
    assert "メインカラー: attribute 'color', since: the known attribute 'color'" in out
    assert "problem: pictures that cannot be read: 1 (images/9.jpg); mend 'unreadable': leave them out" in out
    wish.write_text("{")
    monkeypatch.setattr("sys.argv", [*command, "--wish", str(wish)])
    assert main() == 2
    assert "is not JSON" in capsys.readouterr().err
