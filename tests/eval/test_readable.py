"""Items whose image cannot be read: left out, counted, named, at every place that measures."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from catalog import Catalog, load_catalog
from eval.foreground.cutouts import read_cutouts
from eval.foreground.swap import read_pairs
from eval.readable import readable


def folder(root: Path, broken: dict[str, bytes]) -> Path:
    """Six pictures with masks; `broken` files hold other bytes."""
    root.mkdir()
    for place in range(6):
        Image.new("RGB", (20, 30), (40 * place, 0, 0)).save(root / f"{place}.png")
        Image.fromarray(np.full((30, 20), 255, np.uint8)).save(root / f"{place}-mask.png")
    for name, content in broken.items():
        (root / name).write_bytes(content)
    rows = [f"item-{p},{p}.png,test,{('a', 'b')[p % 2]},{p}-mask.png" for p in range(6)]
    (root / "catalog.csv").write_text("\n".join(["id,image,split,kind,mask", *rows]))
    return root


def ids(catalog: Catalog) -> list[str]:
    return [item.id for item in catalog]


def test_damaged_and_missing_images_are_left_out_and_said_in_one_line(tmp_path: Path) -> None:
    said: list[str] = []
    catalog = load_catalog(folder(tmp_path / "shop", {"1.png": b"no image", "4.png": b""}))
    (tmp_path / "shop" / "5.png").unlink()
    kept = readable(catalog.split("test"), said.append)
    assert ids(kept) == ["item-0", "item-2", "item-3"]
    (line,) = said
    assert "shop, split test: 3 of 6 images" in line and "item-1 (1.png), item-4 (4.png), item-5 (5.png)" in line


def test_nothing_is_said_where_all_can_be_read(tmp_path: Path) -> None:
    said: list[str] = []
    catalog = load_catalog(folder(tmp_path / "shop", {}))
    assert readable(catalog, said.append) is catalog and not said


def test_cutouts_without_a_readable_photograph_or_mask_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = read_cutouts(folder(tmp_path / "shop", {"1.png": b"no image", "3-mask.png": b"no mask"}))
    assert [cutout.image.getpixel((0, 0))[0] for cutout in found] == [0, 80, 160, 200]
    assert "2 of 6 photographs or their masks cannot be read and are left out: item-1" in capsys.readouterr().err


def test_pairs_of_which_one_cannot_be_read_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, swapped = (
        load_catalog(folder(tmp_path / name, {file: b"no image"}))
        for name, file in (("plain", "1.png"), ("swapped", "2.png"))
    )
    before, after, shown = read_pairs(plain, swapped)
    assert len(before) == len(after) == 4 and shown["kind"].tolist() == [True] * 4
    assert capsys.readouterr().err.count("1 of 6 images cannot be read") == 2
