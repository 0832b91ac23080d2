"""Which files of a folder are images, at which door ever, and what is said of the others."""

import json
import os
import zipfile
from pathlib import Path

import pytest

from catalog import CatalogError, load_catalog
from catalog.folders import PassedOver, find_images, passed_note
from tests.catalog.support import encoded, picture

IMAGES = {
    "a.jpg": "JPEG",
    "b.JPEG": "JPEG",
    "c.jfif": "JPEG",
    "d.jpe": "JPEG",
    "e": "PNG",
    "f.avif": "AVIF",
    "g.HEIC": "HEIF",
    "h.jpg_large": "WEBP",
    "i.txt": "GIF",
    "j.pdf": "BMP",
    "k/l.m/n.0001": "TIFF",
    "o.jpg": "HEIF",
}
OTHERS = {
    "notes.txt": (b"sizes", "text"),
    "list.pdf": (b"%PDF-1.4", "a PDF"),
    "logo.svg": (b"<svg/>", "an SVG drawing"),
    "IMG_1.MOV": (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a video"),
    "k/clip.mp4": (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "a video"),
    "raw.cr3": (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "a raw photograph"),
    "more.zip": (b"PK\3\4", "a zip"),
    "nothing": (b"", "empty"),
    "Thumbs.db": (b"\xd0\xcf\x11\xe0", "hidden or the system's own"),
    "._a.jpg": (b"\0\5\x16\7", "hidden or the system's own"),
}


@pytest.fixture
def folder(tmp_path):
    for name, kind in IMAGES.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(picture(), kind))
    for name, (content, _) in OTHERS.items():
        (tmp_path / "shop" / name).write_bytes(content)
    return tmp_path / "shop"


def test_content_decides_and_the_others_are_named(folder):
    (folder / "prices.csv").write_text("sku,price\n")
    (folder / ".git").mkdir()
    (folder / ".git/x.png").write_bytes(encoded(picture()))
    found = find_images(folder)
    assert found.images == tuple(sorted(IMAGES))
    assert found.tables == ("prices.csv",)
    whats = {name: what for name, (_, what) in OTHERS.items()} | {".git/": "hidden or the system's own"}
    assert {file.name: file.what for file in found.passed} == whats


def test_the_catalog_opens_every_one_and_warns_of_the_others(folder):
    catalog = load_catalog(folder)
    assert [item.id for item in catalog] == sorted(IMAGES)
    assert all(catalog.open(item).size == (12, 10) for item in catalog)
    (warning,) = [warning for warning in catalog.warnings if "not read" in warning]
    assert warning.startswith(f"{len(OTHERS)} files are not read: ")
    assert all(name in warning for name in OTHERS)
    assert "a video (IMG_1.MOV, k/clip.mp4)" in warning


def test_a_file_that_claims_to_be_an_image_is_a_damaged_one(folder):
    (folder / "page.jpg").write_bytes(b"<!doctype html><title>404</title>")
    (folder / "pointer.webp").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    (folder / "none.heic").write_bytes(b"")
    catalog = load_catalog(folder)
    for name, words in (
        ("page.jpg", "'page.jpg' is not a JPEG.* but a web page"),
        ("pointer.webp", "'pointer.webp' is not .* but a Git LFS pointer .*git lfs pull"),
        ("none.heic", "'none.heic' is empty"),
    ):
        with pytest.raises(CatalogError, match=words) as caught:
            catalog.open(catalog.item(name))
        assert str(folder) not in str(caught.value)


def test_names_that_are_not_utf8_are_left_out_when_the_catalog_is_opened(folder):
    names = ["\u30b3\u30fc\u30c8.png".encode("cp932"), b"caf\xe9.jpg"]
    for name in names:
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:  # noqa: PTH118, PTH123 - a path of bytes
            file.write(encoded(picture()))
    os.mkdir(os.path.join(os.fsencode(folder), b"\xe9t\xe9"))  # noqa: PTH102, PTH118
    catalog = load_catalog(folder)
    (warning,) = [warning for warning in catalog.warnings if "not read" in warning]
    assert r"the name is not UTF-8; rename it (\x83R\x81[\x83g.png, \xe9t\xe9/, caf\xe9.jpg)" in warning
    assert [item.id for item in catalog] == sorted(IMAGES)
    json.dumps(catalog.warnings).encode()
    catalog.warnings[0].encode()


def test_a_catalog_whose_own_path_is_not_utf8_is_refused(tmp_path):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    (folder / "a.png").write_bytes(encoded(picture()))
    with zipfile.ZipFile(folder.parent / (folder.name + ".zip"), "w") as archive:
        archive.writestr("a.png", encoded(picture()))
    for source in (folder, folder.parent / (folder.name + ".zip")):
        with pytest.raises(CatalogError, match=r"caf\\xe9.* is not UTF-8; rename it") as caught:
            load_catalog(source)
        str(caught.value).encode()


def test_what_is_no_file_is_not_waited_for(folder):
    os.mkfifo(folder / "pipe")
    (folder / "nowhere").symlink_to(folder / "none")
    passed = find_images(folder).passed
    assert PassedOver("pipe", "no file") in passed
    assert PassedOver("nowhere", "a broken link") in passed


def test_folders_that_are_not_walked_are_named(folder, monkeypatch, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/x.png").write_bytes(encoded(picture()))
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "locked").mkdir()
    scandir = os.scandir

    def denied(path):
        if Path(path).name == "locked":  # the tests may run as root, who may open everything
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", denied)
    found = find_images(folder)
    assert found.images == tuple(sorted(IMAGES))
    assert PassedOver("linked/", "a link to a folder, which is not followed") in found.passed
    assert PassedOver("locked/", "cannot be opened (Permission denied)") in found.passed


def test_a_folder_without_images_says_what_it_has_instead(tmp_path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/film.mp4").write_bytes(OTHERS["k/clip.mp4"][0])
    with pytest.raises(CatalogError, match=r"neither catalog\.csv nor images .*a video \(film\.mp4\)") as caught:
        load_catalog(tmp_path / "shop")
    assert str(tmp_path) not in str(caught.value)


def test_a_long_list_is_cut_but_counted():
    passed = [PassedOver(f"{number}.mp4", "a video") for number in range(1200)]
    note = passed_note(passed)
    assert note.startswith("1,200 files are not read: a video (0.mp4, 1.mp4")
    assert note.endswith("and 1,190 more)")
    assert passed_note([]) == ""
    assert passed_note(passed[:1]) == "1 file is not read: a video (0.mp4)"


def test_what_was_taught_beside_a_catalog_is_no_file_that_is_left_out(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.png")
    for name in ("taught/color.safetensors", "taught/notes.txt", "color.safetensors", "k/taught/color.safetensors"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(range(256)))
    passed = [file.name for file in find_images(tmp_path).passed]
    assert passed == ["color.safetensors", "k/taught/color.safetensors", "taught/notes.txt"]
