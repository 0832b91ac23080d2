"""Labels from a table: which of its columns is which attribute."""

from pathlib import Path

from catalog import Attribute, Catalog, Item
from library.updating import read_update


def test_a_column_is_an_attribute_of_the_catalog_by_other_names_for_it(tmp_path: Path) -> None:
    items = tuple(Item(f"a{n}", f"{n}.jpg", labels={"color": "red"}) for n in range(3))
    attributes = (Attribute("color", ("red", "blue")), Attribute("sleeve_length", ("long", "short")))
    catalog = Catalog(tmp_path, "shop", items, attributes)
    table = tmp_path / "labels.csv"
    table.write_text("id,baseColour,袖丈,mood\na0,blue,long,calm\na1,red,short,loud\n", encoding="utf-8")
    found = read_update(table, catalog)
    assert [(one.attribute, one.new, one.changes) for one in found.columns] == [
        ("color", False, 1),
        ("sleeve_length", False, 2),
        ("mood", True, 2),
    ]
    assert ("a0", "color", "blue") in found.changes
