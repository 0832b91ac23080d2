"""Names and values as people write them, found in the catalog's own spelling."""

from pathlib import Path

import pytest

from catalog import Attribute, Catalog, CatalogError, Columns, Item, spelled_alike


def shop(*names: str, root: Path = Path()) -> Catalog:
    """Three items, each labelled with the first letter of every attribute, and a free column."""
    items = tuple(
        Item(f"i{row}", f"{row}.png", "test", {name: "Deep V" for name in names if row}, {"Shelf No": f"s {row % 2}"})
        for row in range(3)
    )
    return Catalog(root, "shop", items, tuple(Attribute(name, ("Deep V", "round")) for name in names))


def test_filters_find_columns_and_values_whatever_their_spelling() -> None:
    columns = Columns(shop("neck_line"))
    assert columns.resolve({"Neck Line": ["deep-v"], "shelf_no": ["S 1"]}) == {
        "neck_line": ["Deep V"],
        "Shelf No": ["s 1"],
    }
    assert columns.rows(columns.resolve({"NECK-LINE": ["deep v"], "shelf no": ["s 0"]})) == [2]
    assert columns.resolve({"neck_line": ["", " "]}) == {"neck_line": ["", ""]}
    assert columns.rows({"neck_line": [""]}) == [0]
    assert columns.rows(columns.resolve({"split": []})) == []
    assert columns.counts("neck_line") == {"Deep V": 2}


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"size": ["L"]}, "no column 'size'; it has: split, neck_line, Shelf No"),
        ({"neck_line": ["square"]}, "no value 'square'; it has: Deep V"),
        ({"neck_line": [], "Neck-Line": []}, "'neck_line' twice"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(filters: dict[str, list[str]], said: str) -> None:
    with pytest.raises(CatalogError, match=said):
        Columns(shop("neck_line")).resolve(filters)


def test_an_ambiguous_value_is_an_error_unless_written_as_it_stands() -> None:
    items = tuple(Item(str(row), "a.png", labels={"size": size}) for row, size in enumerate(["M", "m"]))
    columns = Columns(Catalog(Path(), "shop", items, (Attribute("size", ("M", "m")),)))
    assert columns.resolve({"size": ["m"]}) == {"size": ["m"]}
    with pytest.raises(CatalogError, match="'Ｍ' can be 'M' or 'm'"):
        columns.resolve({"size": ["Ｍ"]})


def test_attributes_take_the_spelling_of_the_weights_with_their_labels() -> None:
    catalog = shop("Lapel_Design", "fit").respelled(["color", "lapel design"])
    assert [attribute.name for attribute in catalog.attributes] == ["lapel design", "fit"]
    assert catalog.items[1].labels == {"lapel design": "Deep V", "fit": "Deep V"}
    assert catalog.labels("lapel design").tolist() == [-1, 0, 0]
    same = shop("color")
    assert same.respelled(["color", "Color"]) is same


def test_two_attributes_that_are_one_name_to_the_weights_are_an_error() -> None:
    with pytest.raises(CatalogError, match="'Lapel_Design' and 'lapel-design' are one attribute"):
        shop("Lapel_Design", "lapel-design").respelled(["lapel design"])
    with pytest.raises(CatalogError, match="'COLOR' can be 'color' or 'Color'"):
        shop("COLOR").respelled(["color", "Color"])
    kept = shop("color", "Color").respelled(["color"])
    assert [attribute.name for attribute in kept.attributes] == ["color", "Color"]


def test_catalogs_that_train_together_share_one_spelling() -> None:
    catalogs = spelled_alike([shop("lapel_design"), shop("Lapel Design", "Fit"), shop("fit")], ["color"])
    assert [[attribute.name for attribute in catalog.attributes] for catalog in catalogs] == [
        ["lapel_design"],
        ["lapel_design", "Fit"],
        ["Fit"],
    ]
