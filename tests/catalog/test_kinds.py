"""What a file is, by its first bytes alone."""

import struct

import pytest
from PIL import Image

from catalog.kinds import describe, image_kind
from tests.catalog.support import encoded, picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF", "HEIF"])
def test_every_kind_that_is_read(kind):
    assert image_kind(encoded(picture(), kind)) == kind


@pytest.mark.parametrize(("kind", "options"), [("MPO", {}), ("TIFF", {"big_tiff": True}), ("WEBP", {"lossless": True})])
def test_variants(kind, options):
    assert image_kind(encoded(picture(), kind, **options)) == {"MPO": "JPEG"}.get(kind, kind)


@pytest.mark.parametrize(
    ("brands", "kind"),
    [
        (b"mif1mif1heic", "HEIF"),
        (b"mif1avifmif1miaf", "AVIF"),
        (b"heixmif1", "HEIF"),
        (b"MiHBmif1heic", "HEIF"),
        (b"miafmiafavif", "AVIF"),
        (b"isomisommp42", None),
        (b"qt  qt  ", None),
        (b"crx isom", None),
    ],
)
def test_the_container_that_heic_avif_and_videos_share(brands, kind):
    major, others = brands[:4], brands[4:]
    head = struct.pack(">I4s4sI", 16 + len(others), b"ftyp", major, 0) + others
    assert image_kind(head + b"\0" * 200) == kind


def tiff(order: str, *tags: tuple[int, int, int]) -> bytes:
    """A TIFF's header and first directory of (tag, type, value)."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entries = b""
    for tag, kind, value in tags:
        entries += struct.pack(f"{order}HHI", tag, kind, 1)
        entries += struct.pack(f"{order}HH", value, 0) if kind == 3 else struct.pack(f"{order}I", value)
    return mark + struct.pack(f"{order}IH", 8, len(tags)) + entries + b"\0" * 100


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    "tags",
    [
        [(256, 3, 160), (0xC612, 4, 0x01040000)],
        [(254, 4, 1), (256, 3, 160), (330, 4, 500)],
        [(256, 3, 4000), (262, 3, 32803)],
        [(256, 3, 4000), (259, 3, 34713)],
    ],
    ids=["DNG", "a thumbnail before larger pictures", "colour filters", "Nikon's compression"],
)
def test_raw_photographs_are_not_taken_for_tiff(order, tags):
    assert image_kind(tiff(order, *tags)) is None
    assert describe(tiff(order, *tags)) == "a raw photograph"
    assert image_kind(tiff(order, (256, 3, 160), (262, 3, 2))) == "TIFF"


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "empty"),
        (b"BMW, Mantel, rot\n", "text"),
        ("サイズ表".encode(), "text"),
        ("サイズ表".encode("utf-16"), "text"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\xef\xbb\xbf\n<html lang=en>", "a web page"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"<svg/>", "an SVG drawing"),
        (b"%PDF-1.7", "a PDF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "a video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a video"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "a raw photograph"),
        (b"\x1aE\xdf\xa3", "a video"),
        (b"RIFF\0\0\0\0AVI LIST", "a video"),
        (b"PK\3\4", "a zip"),
        (b"FUJIFILMCCD-RAW 0201", "a raw photograph"),
        (b"8BPS\0\1", "a Photoshop file"),
        (b"\xff\x0a\xfa", "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n", "JPEG 2000"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer (the file itself was not fetched)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document or a cache of thumbnails"),
        (bytes(range(256)), "of an unknown kind"),
    ],
)
def test_what_is_no_image_is_named(head, words):
    assert image_kind(head) is None
    assert describe(head) == words


def test_formats_of_pillow_that_are_not_read():
    for kind in ("PPM", "ICO", "TGA"):
        assert image_kind(encoded(picture(), kind)) is None
    assert describe(encoded(Image.new("RGB", (4, 4)), "JPEG2000")) == "JPEG 2000"
