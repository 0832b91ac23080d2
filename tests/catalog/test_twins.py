"""Images that are the same in several splits."""

import os
from pathlib import Path

import pytest

from catalog import Catalog, CatalogError, check_catalog, load_catalog, twins_across_splits, without_twins
from catalog import twins as module
from tests.catalog.support import write_catalog

DATA = Path(os.environ.get("LAPEL_DATA", "../shared/data"))
SPLITS = ("train", "test", "test", "valid", "test", "train", "")


def shop(folder: Path, same: dict[str, str], splits: tuple[str, ...] = SPLITS) -> Catalog:
    """Items a, b, c … with the splits stated; same: image → the image that its bytes are those of."""
    letters = [chr(ord("a") + at) for at in range(len(splits))]
    rows = [{"id": id, "image": f"{id}.png", "split": split} for id, split in zip(letters, splits, strict=True)]
    write_catalog(folder, rows)
    for copy, of in same.items():
        (folder / f"{copy}.png").write_bytes((folder / f"{of}.png").read_bytes())
    return load_catalog(folder)


def test_twins_are_groups_of_equal_bytes_in_different_splits(tmp_path: Path) -> None:
    catalog = shop(tmp_path / "shop", {"b": "a", "f": "a", "e": "d"})
    found = twins_across_splits(catalog)
    assert [(twins.ids, twins.splits) for twins in found] == [
        (("a", "b", "f"), ("train", "test", "train")),
        (("d", "e"), ("valid", "test")),
    ]
    assert [twins.elsewhere("test") for twins in found] == [["train"], ["valid"]]
    assert found[1].elsewhere("train") == []


def test_equal_images_of_one_split_and_of_none_are_no_twins(tmp_path: Path) -> None:
    catalog = shop(tmp_path / "shop", {"c": "b", "g": "a", "f": "a"})
    assert twins_across_splits(catalog) == ()
    part, count = without_twins(catalog, "test")
    assert (part, count) == (catalog.split("test"), 0)


def test_the_same_size_is_not_yet_the_same_image(tmp_path: Path) -> None:
    catalog = shop(tmp_path / "shop", {})
    sizes = {catalog.path(item).stat().st_size for item in catalog}
    assert len(sizes) < len(catalog) and twins_across_splits(catalog) == ()


def test_one_file_in_two_rows_is_its_own_twin(tmp_path: Path) -> None:
    rows = [{"id": "a", "image": "x.png", "split": "train"}, {"id": "b", "image": "x.png", "split": "test"}]
    (twins,) = twins_across_splits(load_catalog(write_catalog(tmp_path / "shop", rows)))
    assert twins.ids == ("a", "b")


def test_only_files_of_a_size_that_several_splits_have_are_read_each_once(tmp_path: Path, monkeypatch) -> None:
    catalog = shop(tmp_path / "shop", {"b": "a"})
    for at, item in enumerate(catalog.items[2:]):
        with catalog.path(item).open("ab") as file:
            file.write(b"\0" * (at + 1) * 50)
    read: list[str] = []
    whole = module.sha256_of
    monkeypatch.setattr(module, "sha256_of", lambda path: read.append(path.name) or whole(path))
    assert len(twins_across_splits(catalog)) == 1
    assert sorted(read) == ["a.png", "b.png"]


def test_a_split_without_its_twins_says_how_many_were_left_out(tmp_path: Path) -> None:
    catalog = shop(tmp_path / "shop", {"b": "a", "e": "d"})
    part, count = without_twins(catalog, "test")
    assert ([item.id for item in part], count) == (["c"], 2)
    told = "test images that have a byte-identical twin in train or valid, and are left out: 2"
    assert part.warnings[0] == told and part.attributes == catalog.attributes
    assert part.digest != catalog.split("test").digest
    valid, count = without_twins(shop(tmp_path / "other", {"d": "a", "e": "a"}, ("train", "x", "x", *"yxz")), "x")
    assert (len(valid), count) == (2, 1)


def test_a_split_of_twins_alone_is_refused(tmp_path: Path) -> None:
    catalog = shop(tmp_path / "shop", {"d": "a"})
    with pytest.raises(CatalogError, match="every image of the split 'valid' of 'shop' is also in train"):
        without_twins(catalog, "valid")
    with pytest.raises(CatalogError, match="no split 'dawn'"):
        without_twins(catalog, "dawn")


def test_images_that_are_gone_have_no_twin(tmp_path: Path) -> None:
    catalog = shop(tmp_path / "shop", {"b": "a"})
    (catalog.root / "b.png").unlink()
    assert twins_across_splits(catalog) == ()


def test_the_check_names_them_and_stays_sound(tmp_path: Path) -> None:
    result = check_catalog(shop(tmp_path / "shop", {"b": "a"}))
    assert result.sound and [twins.ids for twins in result.twins] == [("a", "b")]


@pytest.mark.data
@pytest.mark.parametrize(("name", "left", "twins"), [("street", 216, 7), ("studio", 1130, 20), ("field", 900, 0)])
def test_the_real_catalogs_have_the_twins_that_are_known(name: str, left: int, twins: int) -> None:
    if not (DATA / name).is_dir():
        pytest.skip(f"no real images: {DATA / name} is missing (LAPEL_DATA)")
    part, count = without_twins(load_catalog(DATA / name), "test")
    assert (len(part), count) == (left, twins)
