"""A catalog written out whole and read again."""

import json
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from catalog import Catalog, CatalogError, export_hub, export_zip, load_catalog
from catalog.export import hub_card, safe_names
from tests.catalog.support import encoded, picture

ROWS = """id,image,more,split,color,Fit type,title,mask
a,train/1.png,train/1b.png|details/1c.png,train,red,slim,"Shirt, red",masks/1.png
b,train/2.png,,train,blue,,Coat,
c,3.png,details/3b.png,valid,red,wide,"Two
lines",
d,4.png,,test,,wide,日本,
"""


@pytest.fixture
def shop(tmp_path: Path) -> Catalog:
    root = tmp_path / "shop"
    names = ["train/1.png", "train/1b.png", "details/1c.png", "masks/1.png", "train/2.png", "3.png", "details/3b.png"]
    for number, name in enumerate([*names, "4.png", "5.png"]):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(encoded(picture(seed=number)))
    (root / "catalog.csv").write_text(ROWS, "utf-8")
    (root / "attributes.json").write_text('{"color": ["red", "blue", "green"], "Fit type": ["slim", "wide"]}')
    return load_catalog(root)


def same_pixels(one: Catalog, other: Catalog) -> bool:
    def content(catalog: Catalog) -> list[list[bytes]]:
        return [[(catalog.root / name).read_bytes() for name in item.pictures] for item in catalog]

    return content(one) == content(other)


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def without_paths(catalog: Catalog) -> list[object]:
    return sorted((item.id, item.split or "", item.labels, len(item.more), item.columns["title"]) for item in catalog)


def test_a_zip_gives_the_same_catalog_again(shop: Catalog, tmp_path: Path) -> None:
    assert shop.items[0].more == ("train/1b.png", "details/1c.png")
    steps: list[tuple[int, int]] = []
    path = export_zip(shop, tmp_path / "out" / "shop.zip", lambda *step: steps.append(step))
    again = load_catalog(path, tmp_path / "home")
    assert again.items == shop.items and again.attributes == shop.attributes and same_pixels(again, shop)
    assert steps == [(done, 8) for done in range(1, 9)]
    assert (again.root / "masks" / "1.png").is_file() and not (again.root / "5.png").exists()
    with zipfile.ZipFile(path) as archive:
        assert {info.compress_type for info in archive.infolist() if info.filename.endswith("png")} == {0}
    assert [file.name for file in path.parent.iterdir()] == ["shop.zip"]


@pytest.mark.parametrize("suffix", ["", ".zip"])
def test_a_data_set_of_the_hub_gives_the_same_items_again(shop: Catalog, tmp_path: Path, suffix: str) -> None:
    path = export_hub(shop, tmp_path / f"dataset{suffix}")
    again = load_catalog(path, tmp_path / "home")
    assert without_paths(again) == without_paths(shop) and again.attributes == shop.attributes
    assert same_pixels(again, replace(shop, items=tuple(shop.item(item.id) for item in again)))
    assert again.item("a").image == "train/1.png" and again.item("a").columns["mask"] == "masks/1.png"
    rows = {split: lines(again.root / split / "metadata.jsonl") for split in ("train", "valid", "test")}
    assert {tuple(row) for split in rows.values() for row in split} == {
        ("file_name", "id", "more", "split", "color", "Fit type", "title", "mask")
    }
    assert all(isinstance(cell, str) for split in rows.values() for row in split for cell in row.values())
    assert {file.name for file in (again.root / "train").glob("**/*.png")} == {
        row["file_name"] for row in rows["train"]
    }


def test_items_without_a_split_and_with_one_of_their_own(shop: Catalog, tmp_path: Path) -> None:
    splits = [None, None, "Saison A/B", "test"]
    items = tuple(replace(item, split=split) for item, split in zip(shop, splits, strict=True))
    mixed = replace(shop, items=items)
    again = load_catalog(export_hub(mixed, tmp_path / "dataset"))
    assert [again.item(item.id).split for item in mixed] == splits
    none = replace(shop, items=tuple(replace(item, split=None) for item in shop))
    again = load_catalog(export_hub(none, tmp_path / "unsplit"))
    assert {item.split for item in again} == {None} and {item.image.split("/")[0] for item in again} == {"unsplit"}


def test_two_pictures_that_only_the_split_folder_tells_apart(shop: Catalog, tmp_path: Path) -> None:
    (shop.root / "1.png").write_bytes((shop.root / "3.png").read_bytes())
    twins = replace(shop, items=(shop.items[0], replace(shop.items[1], image="1.png")))
    again = load_catalog(export_hub(twins, tmp_path / "dataset"))
    assert len({item.image for item in again}) == 2 and same_pixels(again, twins)


def test_the_card_leaves_the_licence_to_the_owner(shop: Catalog) -> None:
    card = hub_card(replace(shop, name='Mode: "A" | B'))
    head = card.split("---\n")[1]
    assert json.loads(head.splitlines()[0].removeprefix("pretty_name: ")) == 'Mode: "A" | B'
    assert "\nlicense:" not in head and "# license: name" in head
    assert '- split: validation\n    path: "valid/**"' in head
    assert "| color | 3 | red 2, blue 1, green 0 |" in card and "| train | 2 |" in card


def test_names_that_some_system_refuses_are_changed_and_stay_apart(shop: Catalog, tmp_path: Path) -> None:
    odd = [
        "a?.png",
        "a*.png",
        " b.png",
        ".hidden/c.png",
        "CON.png",
        "pic.png",
        "PIC.png",
        "x" * 200 + ".png",
        "日本/茶.png",
    ]
    for number, name in enumerate(odd):
        (shop.root / name).parent.mkdir(exist_ok=True)
        (shop.root / name).write_bytes(encoded(picture(seed=20 + number)))
    items = tuple(replace(shop.items[1], id=str(number), image=name) for number, name in enumerate(odd))
    strange = replace(shop, items=items)
    found = safe_names(odd)
    assert found["日本/茶.png"] == "日本/茶.png" and len({name.casefold() for name in found.values()}) == len(odd)
    assert all(found[name] != name for name in odd[:-1])
    again = load_catalog(export_zip(strange, tmp_path / "odd.zip"), tmp_path / "home")
    assert [item.id for item in again] == [item.id for item in items] and same_pixels(again, strange)
    with pytest.raises(CatalogError, match="outside of its catalog"):
        safe_names(["../secret.png"])


def test_nothing_is_left_of_an_export_that_ends_early(shop: Catalog, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    for export, name in ((export_zip, "out.zip"), (export_hub, "out")):
        with pytest.raises(KeyboardInterrupt):
            export(shop, tmp_path / "outs" / name, stop)
        assert not list((tmp_path / "outs").iterdir())
    (shop.root / "details" / "1c.png").unlink()
    with pytest.raises(CatalogError, match=r"1 pictures are not there any more \(details/1c.png\)"):
        export_zip(shop, tmp_path / "outs" / "out.zip")
    (tmp_path / "outs" / "mine.txt").write_text("mine")
    with pytest.raises(CatalogError, match="is not empty"):
        export_hub(replace(shop, items=shop.items[1:2]), tmp_path / "outs")


def test_pictures_are_not_held_in_memory(shop: Catalog, tmp_path: Path) -> None:
    large = [f"large{number}.png" for number in range(3)]
    for name in large:
        with (shop.root / name).open("wb") as file:
            file.truncate(16 << 20)
    items = tuple(replace(shop.items[1], id=name, image=name) for name in large)
    tracemalloc.start()
    path = export_zip(replace(shop, items=items), tmp_path / "large.zip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size > 3 * (16 << 20) and peak < 4 << 20


def test_excel_knows_the_table_for_utf_8_and_the_id_stands_in_it_once(shop: Catalog, tmp_path: Path) -> None:
    items = tuple(replace(item, columns={**item.columns, "商品番号": item.id}) for item in shop)
    path = export_zip(replace(shop, items=items), tmp_path / "shop.zip")
    with zipfile.ZipFile(path) as archive:
        table = archive.read("catalog.csv")
    assert table.startswith(b"\xef\xbb\xbfid,image,") and "商品番号" not in table.decode()
    assert load_catalog(path, tmp_path / "home").items == shop.items
