"""WebDataset shards: tar files of samples."""

import io
import json
import tarfile

import pytest

from catalog import CatalogError, load_catalog, look
from tests.catalog.support import encoded, picture
from tests.catalog.test_layouts import COLORS


def shard(path, files):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as out:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))
    return path


def samples(numbers):
    files = {}
    for n in numbers:
        files[f"a/{n:04}.jpg"] = encoded(picture(seed=n))
        files[f"a/{n:04}.json"] = json.dumps({"color": COLORS[n % 4], "sizes": ["S", "M"]}).encode()
        files[f"a/{n:04}.txt"] = f"a caption no {n}".encode()
        files[f"a/{n:04}.cls"] = str(n % 2).encode()
    return files


def test_shards_with_labels_and_splits(tmp_path):
    folder = tmp_path / "shop"
    shard(folder / "train-0000.tar", samples(range(6)))
    shard(folder / "train-0001.tar", samples(range(6, 8)))
    shard(folder / "data" / "test-0000.tar", samples(range(8, 12)))
    found = look(folder, tmp_path / "home")
    assert (found.items, found.splits) == (12, {"train": 8, "test": 4})
    assert found.unpacked.name.startswith("shards-") and [note.kind for note in found.notes] == ["table"]
    item = found.catalog.item("a/0001")
    assert (item.labels["color"], item.columns["sizes"], item.labels["label"]) == ("blue", "S; M", "1")
    assert item.columns["txt"] == "a caption no 1"
    assert found.catalog.open(item).size == (12, 10)
    assert load_catalog(folder / "train-0001.tar", tmp_path / "home").items[0].id == "a/0006"


def test_several_images_of_a_sample(tmp_path):
    files = {f"{n}.{side}.jpg": encoded(picture(seed=2 * n + k)) for n in range(3) for k, side in enumerate(("f", "b"))}
    catalog = load_catalog(shard(tmp_path / "x" / "all.tar", files), tmp_path / "home")
    assert [len(item.pictures) for item in catalog] == [2, 2, 2]


def test_paths_that_lead_out_and_links_are_not_followed(tmp_path):
    path = tmp_path / "x" / "all.tar"
    shard(path, {"../../out.jpg": encoded(picture()), "1.jpg": encoded(picture(seed=1)), "1.json": b"{broken"})
    with tarfile.open(path, "a") as out:
        link = tarfile.TarInfo("2.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        out.addfile(link)
    catalog = load_catalog(path, tmp_path / "home")
    assert len(catalog) == 2 and all(item.image.startswith("images/") for item in catalog)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["home", "x"]


def test_a_tar_without_images_or_cut_off(tmp_path):
    shard(tmp_path / "x" / "all.tar", {"a.txt": b"text"})
    with pytest.raises(CatalogError, match="nor images"):
        load_catalog(tmp_path / "x", tmp_path / "home")
    whole = shard(tmp_path / "y" / "all.tar", samples(range(30)))
    whole.write_bytes(whole.read_bytes()[:-30_000])
    with pytest.raises(CatalogError, match="cannot be read"):
        load_catalog(tmp_path / "y", tmp_path / "home")
