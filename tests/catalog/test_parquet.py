"""Parquet data sets that hold the images themselves."""

import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog import CatalogError, load_catalog
from tests.catalog.support import encoded, picture

FEATURES = {
    "image": {"_type": "Image"},
    "label": {"_type": "ClassLabel", "names": ["red", "blue"]},
    "brand": {"_type": "Value", "dtype": "string"},
}
META = {b"huggingface": json.dumps({"info": {"features": FEATURES}}).encode()}


def shard(path, numbers, kind="PNG", meta=META):
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {
        "image": [{"bytes": encoded(picture(seed=n), kind), "path": f"{n}.bin"} for n in numbers],
        "label": [n % 2 for n in numbers],
        "brand": [f"b{n % 3}" for n in numbers],
    }
    pq.write_table(pa.table(rows).replace_schema_metadata(meta), path)


def test_shards_of_the_hub(tmp_path):
    shard(tmp_path / "x/data/train-00000-of-00002.parquet", range(4))
    shard(tmp_path / "x/data/train-00001-of-00002.parquet", range(4, 6), "JPEG")
    shard(tmp_path / "x/data/validation-00000-of-00001.parquet", range(6, 9))
    catalog = load_catalog(tmp_path / "x", tmp_path / "home")
    assert (catalog.name, len(catalog)) == ("x", 9)
    assert [item.split for item in catalog] == ["train"] * 6 + ["valid"] * 3
    assert [item.labels["label"] for item in catalog] == [("red", "blue")[n % 2] for n in range(9)]
    assert [item.id for item in catalog][::4] == ["train-000000", "train-000004", "valid-000002"]
    assert catalog.open(catalog.items[7]).tobytes() == picture(seed=7).tobytes()
    assert {item.image.rpartition(".")[2] for item in catalog} == {"png", "jpg"}
    assert (tmp_path / "home") in catalog.root.parents
    assert any("train-00000-of-00002.parquet" in text for text in catalog.warnings)
    again = load_catalog(tmp_path / "x", tmp_path / "home")
    assert (again.root, again.items, again.digest) == (catalog.root, catalog.items, catalog.digest)
    assert [path.name for path in (tmp_path / "home/catalogs").iterdir()] == [catalog.root.name]


def test_a_change_of_a_shard_is_another_folder(tmp_path):
    shard(tmp_path / "x/train.parquet", range(4))
    first = load_catalog(tmp_path / "x", tmp_path / "home")
    shard(tmp_path / "x/train.parquet", range(5))
    assert len(load_catalog(tmp_path / "x", tmp_path / "home")) == 5
    assert first.root.is_dir()


@pytest.mark.parametrize("name", ["image", "img", "Picture"])
def test_bytes_without_the_hubs_metadata(tmp_path, name):
    rows = {name: [encoded(picture(seed=n)) for n in range(4)], "colour": ["red", "blue"] * 2, "hash": [b"x"] * 4}
    pq.write_table(pa.table(rows), tmp_path / "shop.parquet")
    catalog = load_catalog(tmp_path / "shop.parquet", tmp_path / "home")
    assert catalog.labels("color").tolist() == [1, 0, 1, 0]
    assert {item.split for item in catalog} == {None}


def test_rows_without_an_image_and_damaged_ones(tmp_path):
    rows = {"image": [encoded(picture()), None, b"", b"no image"], "color": ["red"] * 4}
    pq.write_table(pa.table(rows), tmp_path / "shop.parquet")
    catalog = load_catalog(tmp_path, tmp_path / "home")
    assert [row.reason for row in catalog.left_out] == ["blank-image", "blank-image"]
    assert len(catalog) == 2
    with pytest.raises(CatalogError):
        catalog.open(catalog.items[1])


def test_a_zip_with_shards(tmp_path):
    shard(tmp_path / "x.parquet", range(3))
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.write(tmp_path / "x.parquet", "data/test-00000-of-00001.parquet")
    catalog = load_catalog(tmp_path / "x.zip", tmp_path / "home")
    assert [item.split for item in catalog] == ["test"] * 3


def test_a_damaged_file_is_one_error_and_leaves_nothing(tmp_path):
    shard(tmp_path / "x/train.parquet", range(40))
    content = (tmp_path / "x/train.parquet").read_bytes()
    (tmp_path / "x/train.parquet").write_bytes(content[:200] + b"\0" * 2000 + content[2200:])
    with pytest.raises(CatalogError, match="Parquet") as caught:
        load_catalog(tmp_path / "x", tmp_path / "home")
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "home/catalogs").iterdir()) == []


def test_a_table_beside_images_comes_first(tmp_path):
    shard(tmp_path / "x/train.parquet", range(3))
    (tmp_path / "x/a.png").write_bytes(encoded(picture()))
    (tmp_path / "x/catalog.csv").write_text("image,color\na.png,red\n")
    catalog = load_catalog(tmp_path / "x", tmp_path / "home")
    assert [item.image for item in catalog] == ["a.png"]
    assert any("these tables are not: train.parquet" in text for text in catalog.warnings)
