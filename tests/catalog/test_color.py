"""Colour profiles: what is not sRGB becomes it, what is stays as it is, and a bad profile changes
nothing.
"""

import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from catalog import open_image
from tests.catalog.support import chunk, encoded, gamma_profile, ink_profile, picture, with_chunks

LINEAR = gamma_profile(b"RGB ")
SWAPPED = gamma_profile(b"RGB ", 2.2, swapped=True)
FLAT = Image.new("RGB", (16, 16), (188, 188, 188))
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def pixel(content: bytes) -> tuple[int, int, int]:
    return open_image(content).getpixel((8, 8))


def linear_to_srgb(value: int) -> float:
    part = value / 255
    return 255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_a_profile_is_applied_in_every_format_that_has_one(kind):
    options = {} if kind in ("PNG", "TIFF") else {"quality": 95}
    found = pixel(encoded(FLAT, kind, icc_profile=LINEAR, **options))
    assert found == pytest.approx([linear_to_srgb(188)] * 3, abs=4)
    assert linear_to_srgb(188) > 220


def test_the_channels_are_the_profiles():
    red = Image.new("RGB", (16, 16), (250, 0, 0))
    assert pixel(encoded(red, icc_profile=SWAPPED))[2] > 240
    assert max(pixel(encoded(red, icc_profile=SWAPPED))[:2]) < 20


@pytest.mark.parametrize(
    "profile", [SRGB, gamma_profile(b"GRAY", 2.2), b"\xff" * 400, b"", SRGB[:300], SRGB[:200] + b"\0" * 400]
)
def test_srgb_and_profiles_that_are_bad_or_of_another_space_change_nothing(profile):
    image = picture(40, 30, seed=3)
    for kind in ("PNG", "TIFF"):
        assert open_image(encoded(image, kind, icc_profile=profile)).tobytes() == image.tobytes()


def test_a_link_between_devices_is_no_profile_of_a_picture():
    link = LINEAR[:12] + b"link" + LINEAR[16:]
    assert pixel(encoded(FLAT, icc_profile=link)) == (188, 188, 188)


@pytest.mark.parametrize("mode", ["L", "LA", "I;16"])
def test_grey_with_a_profile_of_grey(mode):
    grey = FLAT.convert("L")
    if mode == "I;16":
        grey = Image.fromarray(np.full((16, 16), 188 * 257, np.uint16))
    found = pixel(encoded(grey.convert(mode) if mode == "LA" else grey, icc_profile=gamma_profile(b"GRAY")))
    assert found == pytest.approx([linear_to_srgb(188)] * 3, abs=2)


def test_grey_with_a_profile_of_rgb():
    found = pixel(encoded(FLAT.convert("L"), icc_profile=LINEAR))
    assert found == pytest.approx([linear_to_srgb(188)] * 3, abs=2)


def test_transparency_stays_what_it_is_and_colours_are_converted():
    image = Image.new("RGBA", (16, 16), (188, 188, 188, 255))
    image.paste((10, 10, 10, 0), (0, 0, 4, 16))
    opened = open_image(encoded(image, icc_profile=LINEAR))
    assert opened.getpixel((1, 1)) == (255, 255, 255)
    assert opened.getpixel((8, 8)) == pytest.approx([linear_to_srgb(188)] * 3, abs=2)


def test_a_palette_with_a_profile():
    found = pixel(encoded(FLAT.quantize(4), icc_profile=LINEAR))
    assert found == pytest.approx([linear_to_srgb(188)] * 3, abs=2)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_by_its_profile(kind):
    """The profile of this test looks at black ink alone; without it the yellow would be seen."""
    ink = Image.new("CMYK", (16, 16), (0, 0, 255, 128))
    found = pixel(encoded(ink, kind, icc_profile=ink_profile()))
    assert max(found) - min(found) <= 3
    assert 100 < found[0] < 140
    without = pixel(encoded(ink, kind))
    assert without[0] - without[2] > 100


def test_lab():
    lab = Image.merge("LAB", [Image.new("L", (16, 16), value) for value in (255, 128, 128)])
    assert pixel(encoded(lab, "TIFF")) == pytest.approx([255] * 3, abs=2)


def test_display_p3_by_number():
    """H.273: primaries 12, transfer 13. This is the red of sRGB as Display P3 writes it."""
    red = Image.new("RGB", (64, 64), (234, 51, 35))
    png = with_chunks(encoded(red), chunk(b"cICP", bytes((12, 13, 0, 1))))
    assert pixel(png) == pytest.approx((255, 0, 0), abs=2)
    for kind in ("AVIF", "HEIF"):
        content = encoded(red, kind, quality=100)
        place = content.index(b"colrnclx") + 8
        assert pixel(content) == pytest.approx((234, 51, 35), abs=3)
        coded = content[:place] + struct.pack(">HH", 12, 13) + content[place + 4 :]
        assert pixel(coded) == pytest.approx((255, 0, 0), abs=3)


def test_adobe_rgb_by_exif_alone():
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA005] = {1: "R03"}
    green = Image.new("RGB", (16, 16), (144, 255, 60))  # the green of sRGB as Adobe RGB writes it
    assert pixel(encoded(green, "JPEG", quality=95, exif=exif))[0] < 30
    assert pixel(encoded(green, "JPEG", quality=95))[0] > 130


def test_gamma_and_primaries_of_png_alone_are_left():
    image = picture(16, 16)
    png = with_chunks(encoded(image), chunk(b"gAMA", struct.pack(">I", 100_000)))
    assert open_image(png).tobytes() == image.tobytes()
