"""Zips: unpacked once, safely, or refused with nothing left behind."""

import io
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from catalog import CatalogError, load_catalog
from catalog.archive import ZipLimits, unpack
from tests.catalog.support import encoded, picture

PNG = encoded(picture())
CSV = b"id,image,color\n1,images/a.png,red\n2,images/b.png,\n"


def pack(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def refused(path: Path, home: Path, words: str, limits: ZipLimits = ZipLimits()) -> None:  # noqa: B008
    with pytest.raises(CatalogError, match=words) as caught:
        unpack(path, home, limits)
    assert "\n" not in str(caught.value)
    assert not home.exists() or files(home) == []
    assert not home.exists() or list(home.iterdir()) == []


@pytest.mark.parametrize("top", ["", "shop/", "a/b/"])
def test_a_zip_is_the_folder_that_it_holds(tmp_path, top):
    path = pack(
        tmp_path / "my shop.zip",
        {
            f"{top}catalog.csv": CSV,
            f"{top}images/a.png": PNG,
            f"{top}images/b.png": PNG,
            f"__MACOSX/{top}images/._a.png": b"junk",
            f"{top}.DS_Store": b"junk",
            f"{top}run.sh": b"echo no",
        },
    )
    catalog = load_catalog(path, tmp_path / "home")
    assert (catalog.name, [item.id for item in catalog]) == ("my shop", ["1", "2"])
    assert catalog.labels("color").tolist() == [0, -1]
    assert catalog.open(catalog.items[0]).size == (12, 10)
    assert files(catalog.root) == ["catalog.csv", "images/a.png", "images/b.png"]


def test_a_zip_without_csv_is_a_bare_folder(tmp_path):
    path = pack(tmp_path / "x.zip", {"one/a.png": PNG, "two/b.png": PNG})
    assert [item.id for item in load_catalog(path, tmp_path / "home")] == ["one/a.png", "two/b.png"]


def test_the_same_content_is_unpacked_once_and_other_content_apart(tmp_path):
    home = tmp_path / "home"
    first = unpack(pack(tmp_path / "x.zip", {"a.png": PNG}), home).folder
    stamp = (first / "a.png").stat().st_mtime_ns
    assert unpack(tmp_path / "x.zip", home).folder == first
    assert (first / "a.png").stat().st_mtime_ns == stamp
    other = unpack(pack(tmp_path / "x.zip", {"a.png": PNG, "b.png": PNG}), home).folder
    assert other != first
    assert files(first) == ["a.png"]
    assert len(list(home.iterdir())) == 2


@pytest.mark.parametrize("name", ["../a.png", "x/../../a.png", "/a.png", "..\\a.png", "C:\\a.png", "\\\\host\\a.png"])
def test_a_path_that_leads_out_refuses_the_whole_zip(tmp_path, name):
    refused(pack(tmp_path / "x.zip", {"ok.png": PNG, name: PNG}), tmp_path / "home", "leads out")
    assert files(tmp_path) == ["x.zip"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_colon_leads_nowhere(tmp_path):
    path = pack(tmp_path / "x.zip", {"coat 12:30.png": PNG, "a.png:Zone.Identifier": b"[ZoneTransfer]"})
    catalog = load_catalog(path, tmp_path / "home")
    assert [item.id for item in catalog] == ["coat 12:30.png"]
    assert any("text (a.png:Zone.Identifier)" in warning for warning in catalog.warnings)


def test_links_are_refused(tmp_path):
    link = zipfile.ZipInfo("a.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("b.png", PNG)
    refused(tmp_path / "x.zip", tmp_path / "home", "a link, 'a.png'")


def test_bombs_are_refused_by_what_they_state_and_by_what_they_hold(tmp_path):
    zeros = pack(tmp_path / "x.zip", {"a.png": b"\0" * 3_000_000, "b.png": b"\0" * 3_000_000})
    assert zeros.stat().st_size < 10_000
    refused(zeros, tmp_path / "home", "room for", ZipLimits(bytes=5_000_000))
    refused(zeros, tmp_path / "home", "unpacks to more", ZipLimits(file_bytes=2_000_000))
    refused(zeros, tmp_path / "home", "2 files", ZipLimits(files=1))
    assert files(unpack(zeros, tmp_path / "home").folder) == ["a.png", "b.png"]


def test_a_lie_about_the_size_is_not_believed(tmp_path):
    path = pack(tmp_path / "x.zip", {"a.png": b"\0" * 3_000_000})
    content = path.read_bytes().replace(struct.pack("<I", 3_000_000), struct.pack("<I", 100))
    path.write_bytes(content)
    refused(path, tmp_path / "home", "not a sound zip|unpacks to more", ZipLimits(bytes=1_000_000))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a sound zip"),
        (b"PK\5\6" + b"\0" * 18, "holds no images"),
        (b"text, not a zip", "not a sound zip but text; give a folder"),
        (b"Rar!\x1a\x07\x01", "not a sound zip but an archive"),
        (PNG, "not a sound zip but an image"),
        (b"PK\3\4" + b"\0" * 100, "not a sound zip"),
    ],
)
def test_empty_and_false_zips(tmp_path, content, words):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    refused(path, tmp_path / "home", words)


def test_entries_are_images_by_content_and_the_others_are_named(tmp_path):
    images = {"a.jfif": "JPEG", "b": "PNG", "c.HEIC": "HEIF", "d/e.avif": "AVIF", "f.txt": "GIF", "g.jpe": "JPEG"}
    others = {
        "readme.txt": b"text",
        "IMG_1.MOV": b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
        "Thumbs.db": b"\xd0\xcf\x11\xe0",
        "__MACOSX/._b": b"\0\5\x16\7",
        "more.zip": pack(tmp_path / "inner.zip", {"z.png": PNG}).read_bytes(),
        "empty": b"",
    }
    pictures = {name: encoded(picture(), kind) for name, kind in images.items()}
    path = pack(tmp_path / "x.zip", pictures | others | {"prices.tsv": b"sku\tprice\n"})
    catalog = load_catalog(path, tmp_path / "home")
    assert [item.id for item in catalog] == sorted(images)
    assert all(catalog.open(item).size == (12, 10) for item in catalog)
    assert files(catalog.root) == sorted([*images, "prices.tsv"])
    (warning,) = [warning for warning in catalog.warnings if "not read" in warning]
    assert warning == (
        "6 files are not read: a video (IMG_1.MOV); a zip (more.zip); empty (empty); "
        "hidden or the system's own (Thumbs.db, __MACOSX/._b); text (readme.txt)"
    )
    assert load_catalog(path, tmp_path / "home").warnings == catalog.warnings  # unpacked before


def test_a_labelled_zip_names_the_others_too(tmp_path):
    path = pack(
        tmp_path / "x.zip", {"catalog.csv": CSV, "images/a.png": PNG, "images/b.png": PNG, "a.pdf": b"%PDF-1.4"}
    )
    assert "1 file is not read: a PDF (a.pdf)" in load_catalog(path, tmp_path / "home").warnings


def test_a_zip_of_zips_says_so(tmp_path):
    inner = pack(tmp_path / "inner.zip", {"z.png": PNG}).read_bytes()
    refused(
        pack(tmp_path / "x.zip", {"one.zip": inner, "two.zip": inner}),
        tmp_path / "home",
        r"a zip \(one\.zip, two\.zip\)",
    )


def test_a_damaged_image_in_a_zip_is_one_of_the_items(tmp_path):
    path = pack(tmp_path / "x.zip", {"a.png": PNG, "b.jpg": b"<html>404</html>", "c.jpg": b""})
    catalog = load_catalog(path, tmp_path / "home")
    assert [item.id for item in catalog] == ["a.png", "b.jpg", "c.jpg"]
    with pytest.raises(CatalogError, match=r"'b\.jpg' is not .* but a web page"):
        catalog.open(catalog.item("b.jpg"))


def test_zip64_and_entries_of_unknown_size(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive, archive.open("a.png", "w", force_zip64=True) as file:
        file.write(PNG)
    assert files(unpack(tmp_path / "x.zip", tmp_path / "home").folder) == ["a.png"]
    out = Unseekable()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("b.png", PNG)
    (tmp_path / "y.zip").write_bytes(out.getvalue())
    assert files(unpack(tmp_path / "y.zip", tmp_path / "home").folder) == ["b.png"]


class Unseekable(io.BytesIO):
    """As a zip that is written into a pipe: sizes stand behind the data."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError("a pipe")

    def tell(self) -> int:
        raise OSError("a pipe")


def test_a_zip_without_images(tmp_path):
    refused(pack(tmp_path / "x.zip", {"catalog.csv": CSV, "a.txt": b"x"}), tmp_path / "home", "holds no images")


def test_damage_in_the_middle_leaves_nothing(tmp_path):
    path = pack(tmp_path / "x.zip", {"a.png": encoded(picture(200, 200)), "b.png": PNG})
    content = bytearray(path.read_bytes())
    content[2_000:2_100] = b"\xff" * 100
    path.write_bytes(content)
    refused(path, tmp_path / "home", "not a sound zip")
    path.write_bytes(path.read_bytes()[:3_000])
    refused(path, tmp_path / "home", "not a sound zip")


def test_an_encrypted_zip(tmp_path):
    path = pack(tmp_path / "x.zip", {"a.png": PNG})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)
    refused(path, tmp_path / "home", "encrypted")


def test_a_name_twice_or_as_file_and_folder(tmp_path):
    path = pack(tmp_path / "x.zip", {"a.png": PNG, "a.png/b.png": PNG})
    refused(path, tmp_path / "home", "cannot be unpacked")
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.png", PNG)
        archive.writestr("a.png", PNG)
    refused(path, tmp_path / "home", "cannot be unpacked")


def test_a_csv_in_a_zip_that_names_missing_images(tmp_path):
    path = pack(tmp_path / "x.zip", {"catalog.csv": CSV, "images/a.png": PNG})
    catalog = load_catalog(path, tmp_path / "home")
    assert [item.image for item in catalog] == ["images/a.png"]
    assert [(row.image, row.reason) for row in catalog.left_out] == [("images/b.png", "missing")]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_japanese_names_from_macos_and_windows(tmp_path, encoding):
    name = "ジャケット表"  # in cp932 the last byte is that of a backslash
    path = pack(tmp_path / "x.zip", {"A" * len(name.encode(encoding)) + ".png": PNG})
    content = path.read_bytes().replace(b"A" * len(name.encode(encoding)), name.encode(encoding))
    path.write_bytes(content)
    assert [item.id for item in load_catalog(path, tmp_path / "home")] == [f"{name}.png"]


def test_a_name_that_is_not_the_utf8_it_says(tmp_path):
    path = pack(tmp_path / "x.zip", {"コート.png": PNG})
    path.write_bytes(path.read_bytes().replace("コート".encode(), b"\xff" * 9))
    refused(path, tmp_path / "home", "a file name that is no UTF-8")


def test_a_name_that_is_spelled_out_beside_is_believed(tmp_path):
    """Info-ZIP writes names again as UTF-8 in an extra field (0x7075); Python reads it since 3.11.4."""
    raw, name = b"M?ntel.png", "Mäntel.png".encode()
    info = zipfile.ZipInfo("M?ntel.png")
    info.extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, zlib.crc32(raw)) + name
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(info, PNG)
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        expected = archive.namelist()
    assert [item.id for item in load_catalog(tmp_path / "x.zip", tmp_path / "home")] == expected


@pytest.mark.parametrize("name", ["Mäntel", "Größe", "für", "Äpfel", "Übergröße", "niño", "Çanta"])
def test_western_names_stay(tmp_path, name):
    path = pack(tmp_path / "x.zip", {"A" * len(name) + ".png": PNG})
    path.write_bytes(path.read_bytes().replace(b"A" * len(name), name.encode("cp437")))
    assert [item.id for item in load_catalog(path, tmp_path / "home")] == [f"{name}.png"]


def test_other_compressions(tmp_path):
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        path = tmp_path / f"{method}.zip"
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr("a.png", PNG)
        assert files(unpack(path, tmp_path / "home").folder) == ["a.png"]
        content = bytearray(path.read_bytes())
        content[60:90] = b"\xff" * 30
        path.write_bytes(content)
        with pytest.raises(CatalogError, match=r"not a sound zip|cannot be unpacked"):
            unpack(path, tmp_path / "home")


def test_any_bytes_are_answered(tmp_path):
    whole = io.BytesIO(pack(tmp_path / "x.zip", {"a.png": PNG}).read_bytes()).getvalue()
    for place in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        (tmp_path / "y.zip").write_bytes(damaged)
        try:
            folder = unpack(tmp_path / "y.zip", tmp_path / "home").folder
        except CatalogError as error:
            assert "\n" not in str(error)
        else:
            assert files(folder)
