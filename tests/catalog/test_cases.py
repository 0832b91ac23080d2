"""Catalogs as people brought them, where they are at hand (`LAPEL_CASES`, default `../shared/cases`)."""

import os
from pathlib import Path

import pytest

from catalog import CatalogError, Wish, load_catalog, look

CASES = Path(os.environ.get("LAPEL_CASES", "../shared/cases"))
pytestmark = pytest.mark.data


def opened(tmp_path, name, **options):
    if not (CASES / name).is_dir():
        pytest.skip(f"no case of this name: {CASES / name} is missing (LAPEL_CASES)")
    return load_catalog(CASES / name, tmp_path / "home", **options)


@pytest.mark.parametrize(
    ("name", "items", "attribute", "values"),
    [
        ("01-imagefolder/metadata-csv", 12, "color", 6),
        ("01-imagefolder/metadata-jsonl", 12, "color", 6),
        ("01-imagefolder/class-folders", 12, "label", 6),
        ("02-kaggle-styles/as-downloaded", 12, "baseColour", 6),
        ("02-kaggle-styles/spilled-header", 11, "baseColour", 6),
        ("02-kaggle-styles/five-missing", 11, "baseColour", 6),
        ("03-shopify/headers-mapped-blank-image-row", 3, "color", 2),
        ("05-excel-japanese/cp932", 4, "color", 2),
        ("05-excel-japanese/utf8bom", 4, "柄", 1),
        ("05-excel-japanese/western-cp1252", 4, "Größe", 1),
        ("07-table-name/Catalog_csv", 4, "color", 2),
        ("07-table-name/catalog_tsv", 4, "color", 2),
        ("08-name-case", 4, "color", 2),
        ("15-broken-and-missing", 13, "color", 1),
        ("16-labels/header-case", 24, "color", 4),
        ("23-small-free-text", 24, "color", 4),
    ],
)
def test_they_open(tmp_path, name, items, attribute, values):
    catalog = opened(tmp_path, name)
    assert len(catalog) == items
    assert len(catalog.attribute(attribute).values) == values
    assert all((catalog.root / item.image).is_file() for item in catalog)


@pytest.mark.parametrize("name", ["03-shopify/headers-mapped", "03-shopify/renamed"])
def test_addresses_alone(tmp_path, name):
    with pytest.raises(CatalogError, match=r"not fetched.*its columns: "):
        opened(tmp_path, name)


@pytest.mark.parametrize("name", ["case-and-space", "missing-markers", "multi-valued", "one-value", "header-case"])
def test_labels_are_four_colours_when_mended(tmp_path, name):
    catalog = opened(tmp_path, f"16-labels/{name}", mend=True)
    assert [attribute.name for attribute in catalog.attributes] == ["color"]
    assert {value.casefold() for value in catalog.attribute("color").values} == {"black", "blue", "red", "white"}


@pytest.mark.parametrize(
    ("name", "preset", "problems"),
    [
        ("01-imagefolder/metadata-csv", "imagefolder", set()),
        ("01-imagefolder/class-folders", "folders", set()),
        ("02-kaggle-styles/five-missing", "kaggle", {"missing"}),
        ("02-kaggle-styles/spilled-header", "kaggle", {"cells", "unused-images"}),
        ("03-shopify/renamed", "shopify", {"address"}),
        ("15-broken-and-missing", "lapel", {"missing", "unreadable"}),
        ("16-labels/case-and-space", "lapel", {"near-equal"}),
        ("16-labels/missing-markers", "lapel", {"markers"}),
        ("16-labels/multi-valued", "lapel", {"several"}),
        ("23-small-free-text", "table", set()),
    ],
)
def test_they_are_looked_at(tmp_path, name, preset, problems):
    if not (CASES / name).is_dir():
        pytest.skip(f"no case of this name: {CASES / name} is missing (LAPEL_CASES)")
    found = look(CASES / name, tmp_path / "home")
    assert found.preset == preset
    assert {problem.kind for problem in found.problems} - {"single-images", "one-value", "unlabelled"} == problems
    mended = found.with_wish(Wish(mends=found.recommended))
    assert all(problem.on for problem in mended.problems if problem.safe)
