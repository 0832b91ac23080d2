"""Data beside the pixels never decide: whatever they are, the picture is the one without them."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from catalog import CatalogError, open_image
from tests.catalog.support import chunk, encoded, gamma_profile, picture, with_chunks, with_segment

PLAIN = picture(48, 32, seed=2)
PNG = encoded(PLAIN)
JPEG = encoded(PLAIN, "JPEG", quality=95)
EMPTY_EXIF = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"
TURNED = Image.Exif()
TURNED[0x0112] = 6

BESIDE_PNG = {
    "3 MB of plain XMP": chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b"x" * 3_000_000),
    "27 MB of text": chunk(b"tEXt", b"key\0" + b"x" * 900_000) * 30,
    "packed text of 200 MB": chunk(b"zTXt", b"key\0\0" + zlib.compress(b"x" * 200_000_000)),
    "packed international text": chunk(b"iTXt", b"key\0\1\0\0\0" + zlib.compress(b"x" * 2_000_000)),
    "a packed profile of 200 MB": chunk(b"iCCP", b"key\0\0" + zlib.compress(b"\0" * 200_000_000)),
    "a profile that is not packed": chunk(b"iCCP", b"key\0\0" + b"\xff" * 300),
    "text with a false checksum": chunk(b"tEXt", b"key\0value", sound=False),
    "a false checksum of gAMA": chunk(b"gAMA", b"\0\0\xb1\x8f", sound=False),
    "chunks that are too short": b"".join(
        chunk(name, b"\0") for name in (b"gAMA", b"cHRM", b"pHYs", b"sRGB", b"iCCP", b"tRNS", b"cICP", b"acTL", b"fcTL")
    ),
    "chunks that are empty": b"".join(
        chunk(name, b"") for name in (b"gAMA", b"pHYs", b"sRGB", b"iCCP", b"tRNS", b"zTXt", b"iTXt", b"eXIf", b"tIME")
    ),
    "damaged EXIF": chunk(b"eXIf", b"\xff" * 40),
    "raw EXIF that is no hexadecimal": chunk(
        b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n 4\nzzzz")
    ),
}


@pytest.mark.parametrize("beside", BESIDE_PNG.values(), ids=BESIDE_PNG)
def test_png_beside_its_pixels(beside):
    assert open_image(with_chunks(PNG, beside)).tobytes() == PLAIN.tobytes()


def test_png_behind_its_pixels():
    for tail in (b"", chunk(b"tEXt", b"key\0" + b"x" * 500)[:100], b"junk" * 100, chunk(b"IEND", b"") + b"junk"):
        assert open_image(PNG[:-12] + tail).tobytes() == PLAIN.tobytes()


def test_damaged_pixels_of_png_are_still_refused():
    for damaged in (PNG[: len(PNG) // 2], with_chunks(PNG, BESIDE_PNG["damaged EXIF"])[:500], PNG[:40]):
        with pytest.raises(CatalogError, match="damaged or incomplete"):
            open_image(damaged)


BESIDE_JPEG = {
    "truncated EXIF": (1, b"Exif\0\0II*\0\x08\0\0\0\x05\0"),
    "EXIF that is none": (1, b"Exif\0\0" + b"\xff" * 60),
    "a profile that is none": (2, b"ICC_PROFILE\0\1\1" + b"x" * 400),
    "a profile without number": (2, b"ICC_PROFILE\0\1"),
    "a profile of which a part lacks": (2, b"ICC_PROFILE\0\1\2" + gamma_profile(b"RGB ")),
    "a damaged list of pictures": (2, b"MPF\0II*\0\x08\0\0\0\x05\0"),
    "damaged Photoshop data": (13, b"Photoshop 3.0\x008BIM\x04\x04\0"),
    "JFIF that is too short": (0, b"JFIF\0"),
    "an Adobe mark that is too short": (14, b"Adobe"),
}


@pytest.mark.parametrize(("number", "data"), BESIDE_JPEG.values(), ids=BESIDE_JPEG)
def test_jpeg_beside_its_pixels(number, data):
    assert open_image(with_segment(JPEG, number, data)).tobytes() == open_image(JPEG).tobytes()


def test_jpeg_with_megabytes_of_xmp_and_junk_between_segments():
    long = JPEG
    for part in range(60):
        long = with_segment(long, 1, b"http://ns.adobe.com/xmp/extension/\0" + bytes((part,)) * 65_000)
    short_length = JPEG[:2] + b"\xff\xe1\0\x10Exif\0\0" + b"abcdefgh" * 20 + JPEG[2:]
    for content in (long, JPEG[:20] + b"junk" + JPEG[20:], short_length, JPEG + b"\0" * 5_000):
        assert open_image(content).tobytes() == open_image(JPEG).tobytes()


@pytest.mark.parametrize("part", [0.55, 0.75, 1.0])
def test_of_several_pictures_in_a_jpeg_the_first_is_read(part):
    several = encoded(PLAIN, "MPO", quality=95, save_all=True, append_images=[PLAIN.rotate(180)])
    opened = open_image(several[: int(len(several) * part)])
    assert np.abs(np.asarray(opened, int) - np.asarray(open_image(JPEG), int)).mean() < 1


def test_webp_beside_its_pixels():
    plain = open_image(encoded(PLAIN, "WEBP", lossless=True)).tobytes()
    for options in (
        {"xmp": b"x" * 3_000_000},
        {"exif": b"\xff" * 33},
        {"icc_profile": b"\xff" * 300},
        {"exif": EMPTY_EXIF, "xmp": b"x" * 101},
    ):
        content = encoded(PLAIN, "WEBP", lossless=True, **options)
        assert open_image(content).tobytes() == plain
        if "xmp" in options:
            assert open_image(content[:-60]).tobytes() == plain


@pytest.mark.parametrize("kind", ["AVIF", "HEIF"])
def test_avif_and_heic_beside_their_pixels(kind):
    plain = open_image(encoded(PLAIN, kind, quality=90)).tobytes()
    content = encoded(PLAIN, kind, quality=90, exif=EMPTY_EXIF, xmp=b"<x/>")
    place = content.index(EMPTY_EXIF[6:])
    for damaged in (content, content[:place] + b"\xff" * 18 + content[place + 18 :]):
        assert open_image(damaged).tobytes() == plain
    assert open_image(encoded(PLAIN, kind, quality=90, icc_profile=b"\xff" * 300)).tobytes() == plain


@pytest.mark.parametrize("tag", [270, 33432, 65000, 37724])
@pytest.mark.parametrize("damage", [(2, "<H", 99), (4, "<I", 2**31), (8, "<I", 2**31)], ids=["type", "count", "place"])
def test_tiff_with_odd_and_damaged_tags(tag, damage):
    tags = ImageFileDirectory_v2()
    tags[tag] = "x" * 100
    content = bytearray(encoded(PLAIN, "TIFF", tiffinfo=tags))
    assert open_image(bytes(content)).tobytes() == PLAIN.tobytes()
    entry = content.index(struct.pack("<H", tag), struct.unpack("<I", content[4:8])[0])
    where, form, value = damage
    content[entry + where : entry + where + struct.calcsize(form)] = struct.pack(form, value)
    assert open_image(bytes(content)).tobytes() == PLAIN.tobytes()


@pytest.mark.parametrize(
    "options",
    [
        {"compression": "tiff_lzw"},
        {"compression": "tiff_deflate"},
        {"compression": "packbits"},
        {"big_tiff": True},
        {"save_all": True, "append_images": [PLAIN.rotate(180)]},
    ],
)
def test_the_first_page_of_a_tiff_of_any_making(options):
    assert open_image(encoded(PLAIN, "TIFF", **options)).tobytes() == PLAIN.tobytes()


def test_fax_and_jpeg_in_tiff():
    page = picture(64, 64).convert("1")
    for compression in ("group3", "group4"):
        assert open_image(encoded(page, "TIFF", compression=compression)).tobytes() == page.convert("RGB").tobytes()
    content = encoded(PLAIN, "TIFF", compression="jpeg", quality=95)
    with Image.open(io.BytesIO(content)) as unstripped:
        assert open_image(content).tobytes() == unstripped.convert("RGB").tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_the_orientation_is_read_apart_from_what_is_taken_off(kind):
    content = encoded(PLAIN, kind, exif=TURNED.tobytes())
    assert open_image(content).size == (32, 48)


def test_orientation_in_xmp_and_in_raw_exif():
    xmp = b'<x tiff:Orientation="6"/>'
    assert open_image(with_segment(JPEG, 1, b"http://ns.adobe.com/xap/1.0/\0" + xmp)).size == (32, 48)
    assert open_image(with_chunks(PNG, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))).size == (32, 48)
    raw = b"\nexif\n%8d\n" % len(TURNED.tobytes()) + TURNED.tobytes().hex().encode() + b"\n"
    assert open_image(with_chunks(PNG, chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw)))).size == (
        32,
        48,
    )


@pytest.mark.parametrize(
    "content",
    [
        with_chunks(PNG, chunk(b"tEXt", b"") * 200_000),
        JPEG[:2] + b"\xff\xfe\0\2" * 200_000 + JPEG[2:],
        (lambda webp: webp[:12] + b"JUNK\0\0\0\0" * 200_000 + webp[12:])(encoded(PLAIN, "WEBP")),
    ],
    ids=["PNG", "JPEG", "WebP"],
)
def test_a_file_in_countless_pieces_is_refused_and_not_walked(content):
    with pytest.raises(CatalogError, match="the image is in too many pieces"):
        open_image(content)
    assert open_image(JPEG[:20] + b"\xff\0" * 2_000_000 + JPEG[20:]).size == PLAIN.size
