"""The door for images: what it lets in, how it comes out, what it turns away."""

import io
import resource

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from catalog import CatalogError, ImageLimits, open_image
from tests.catalog.support import encoded, picture, png_claiming

KINDS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF", "HEIF")
BIG = picture(64, 48, seed=1)


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_comes_out_as_rgb_from_path_bytes_and_stream(kind, tmp_path):
    content = encoded(picture(), kind)
    path = tmp_path / "named.anything"
    path.write_bytes(content)
    results = [open_image(source) for source in (path, str(path), content, io.BytesIO(content))]
    for result in results:
        assert (result.mode, result.size, result.info) == ("RGB", (12, 10), {})
        assert result.tobytes() == results[0].tobytes()
    error = np.abs(np.asarray(results[0], int) - np.asarray(picture(), int)).mean()
    assert error < (60 if kind in ("JPEG", "WEBP", "GIF", "AVIF", "HEIF") else 1e-9)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP", "AVIF", "HEIF"])
def test_exif_orientation_is_applied_once(orientation, kind):
    image = Image.new("RGB", (32, 16), "black")
    image.paste("white", (0, 0, 16, 8))  # the corner that tells the turns apart
    exif = Image.Exif()
    exif[0x0112] = orientation
    opened = open_image(encoded(image, kind, exif=exif.tobytes()))
    pixels = np.asarray(opened.convert("L")) > 128
    height, width = pixels.shape
    assert (width, height) == ((32, 16) if orientation < 5 else (16, 32))
    top, left = pixels[: height // 2].mean() > 0.25, pixels[:, : width // 2].mean() > 0.25
    assert (top, left) == {
        1: (True, True), 2: (True, False), 3: (False, False), 4: (False, True),
        5: (True, True), 6: (True, False), 7: (False, False), 8: (False, True),
    }[orientation]  # fmt: skip


def test_damaged_exif_turns_nothing_and_harms_nothing():
    opened = open_image(encoded(picture(), "PNG", exif=b"Exif\0\0" + b"\xff" * 12))
    assert opened.tobytes() == picture().tobytes()


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_is_white(mode):
    clear = Image.new("RGBA", (4, 4), (200, 0, 0, 255))
    clear.paste((0, 0, 200, 0), (0, 0, 2, 4))
    opened = open_image(encoded(clear.convert(mode)))
    assert opened.getpixel((0, 0)) == (255, 255, 255)
    assert opened.getpixel((3, 0)) == ((200, 0, 0) if mode == "RGBA" else (60, 60, 60))


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_transparent_entry_of_a_palette_is_white(kind):
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 200, 200, 0, 0])
    image.paste(0, (0, 0, 2, 4))
    opened = open_image(encoded(image, kind, transparency=0))
    assert [opened.getpixel((x, 0)) for x in (0, 3)] == [(255, 255, 255), (200, 0, 0)]


def test_half_transparent_is_mixed_with_white():
    assert open_image(encoded(Image.new("RGBA", (1, 1), (0, 0, 0, 51)))).getpixel((0, 0)) == (204, 204, 204)


@pytest.mark.parametrize(
    ("pixels", "grey"),
    [
        (np.array([[0, 32768, 65535]], np.uint16), [0, 128, 255]),
        (np.array([[0, 128, 255]], np.int32), [0, 128, 255]),
        (np.array([[0, 32768, 65535]], np.int32), [0, 128, 255]),
        (np.array([[-100, 0, 100]], np.int32), [0, 128, 255]),
        (np.array([[0.0, 0.5, 1.0]], np.float32), [0, 128, 255]),
        (np.array([[0.0, 128.0, 255.0]], np.float32), [0, 128, 255]),
        (np.array([[0.0, np.nan, 1.0]], np.float32), [0, 0, 255]),
        (np.array([[7, 7, 70000]], np.int32), [0, 0, 255]),
    ],
)
def test_deep_grey_keeps_its_range(pixels, grey):
    opened = open_image(encoded(Image.fromarray(pixels), "TIFF"))
    assert np.asarray(opened)[0, :, 0].tolist() == grey
    assert opened.mode == "RGB"


@pytest.mark.parametrize(("mode", "kind"), [("CMYK", "JPEG"), ("CMYK", "TIFF"), ("L", "JPEG"), ("1", "PNG")])
def test_other_modes_look_the_same(mode, kind):
    image = Image.new("RGB", (16, 16), "white" if mode == "1" else (180, 180, 180)).convert(mode)
    assert all(
        abs(channel - (255 if mode == "1" else 180)) < 4
        for channel in open_image(encoded(image, kind)).getpixel((8, 8))
    )


def test_an_animation_gives_its_first_frame():
    frames = [Image.new("RGB", (6, 6), color) for color in ("red", "blue")]
    for kind in ("GIF", "WEBP", "PNG", "AVIF", "HEIF"):
        content = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
        red, _, blue = open_image(content).getpixel((2, 2))
        assert red > 240 > 20 > blue, kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.1, 0.4, 0.7, 0.95])
def test_truncated_files_are_refused(kind, part):
    content = encoded(BIG, kind)
    with pytest.raises(CatalogError, match=r"damaged|not a JPEG"):
        open_image(content[: int(len(content) * part)])


@pytest.mark.parametrize("size", [(50_000, 50_000), (8_001, 8_000), (2_000_000_000, 2_000_000_000)])
def test_too_many_pixels_are_refused_before_any_is_decoded(size):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CatalogError, match=r"64,000,000|damaged"):
        open_image(png_claiming(*size))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


def test_a_webp_that_claims_a_huge_canvas_is_refused():
    content = bytearray(encoded(picture(), "WEBP", lossless=True, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"))
    assert content[12:16] == b"VP8X"
    content[24:30] = (49_999).to_bytes(3, "little") * 2
    with pytest.raises(CatalogError, match="50,000 × 50,000"):
        open_image(bytes(content))


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 80}])
def test_a_simple_webp_that_claims_a_huge_canvas_is_refused(options):
    content = bytearray(encoded(picture(), "WEBP", **options))
    if options.get("lossless"):
        content[21:25] = (0x3FFF | 0x3FFF << 14).to_bytes(4, "little")
    else:
        content[26:30] = b"\xff\x3f\xff\x3f"
    with pytest.raises(CatalogError, match=r"16,38. × 16,38. pixels"):
        open_image(bytes(content))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 3), (3000, 20), (20, 3000), (1, 1500)])
def test_small_and_odd_sizes(kind, size):
    if kind == "HEIF" and min(size) == 1 and max(size) > 1000:
        pytest.skip("the HEIC encoder of this test makes none of this size")
    opened = open_image(encoded(Image.new("RGB", size, (200, 30, 30)), kind))
    assert opened.size == size
    assert np.abs(np.asarray(opened, int) - (200, 30, 30)).mean() < 8


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "HEIF", "TIFF"])
def test_transparent_is_white_in_every_kind_that_has_it(kind):
    clear = Image.new("RGBA", (32, 32), (200, 0, 0, 255))
    clear.paste((0, 0, 200, 0), (0, 0, 16, 32))
    opened = open_image(encoded(clear, kind))
    assert opened.getpixel((4, 16)) == pytest.approx((255, 255, 255), abs=6)
    assert opened.getpixel((28, 16)) == pytest.approx((200, 0, 0), abs=12)


def test_sixteen_bits_of_colour():
    deep = pillow_heif.from_bytes(
        "RGB;16", (16, 16), np.full((16, 16, 3), (50_000, 10_000, 30_000), np.uint16).tobytes()
    )
    out = io.BytesIO()
    deep.save(out, quality=100)
    assert open_image(out.getvalue()).getpixel((8, 8)) == pytest.approx((195, 39, 117), abs=5)


def test_a_pillow_without_avif_says_so(monkeypatch):
    monkeypatch.setattr("catalog.images.features.check", lambda name: name != "avif")
    with pytest.raises(CatalogError, match=r"AVIF, which the Pillow of this installation was built without; install"):
        open_image(encoded(picture(), "AVIF"))


def test_limits_are_the_callers():
    content = encoded(picture(20, 10))
    assert open_image(content, ImageLimits(pixels=200)).size == (20, 10)
    with pytest.raises(CatalogError, match="20 × 10"):
        open_image(content, ImageLimits(pixels=199))
    with pytest.raises(CatalogError, match="larger than"):
        open_image(content, ImageLimits(bytes=len(content) - 1))
    assert open_image(content, ImageLimits(bytes=len(content))).size == (20, 10)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"this is a text\n" * 50, "not a JPEG.* image but text"),
        (b"%PDF-1.4\n" + b"x" * 200, "not a JPEG.* image but a PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a JPEG.* image but an SVG drawing"),
        (b"<!doctype html><title>404</title>", "not a JPEG.* image but a web page.*download the picture itself"),
        (b"II*\0\x08\0\0\0" + b"\xff" * 200, "damaged|not a JPEG"),
        (b"\x89PNG\r\n\x1a\n", "damaged|not a JPEG"),
    ],
)
def test_what_is_no_image_is_named_so_whatever_its_name(content, words, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    with pytest.raises(CatalogError, match=words) as caught:
        open_image(path)
    assert str(caught.value).startswith("'photo.jpg' is ")
    assert str(tmp_path) not in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(CatalogError, match=r"^'coats/1\.jpg' is "):
        open_image(path, name="coats/1.jpg")


def test_formats_that_are_not_on_the_list_are_refused():
    for kind in ("PPM", "ICO", "TGA"):
        with pytest.raises(CatalogError, match="not a JPEG"):
            open_image(encoded(picture(), kind))


def test_paths_that_are_no_files(tmp_path):
    with pytest.raises(CatalogError, match="does not exist"):
        open_image(tmp_path / "none.jpg")
    with pytest.raises(CatalogError, match="not a file"):
        open_image(tmp_path)
    with pytest.raises(CatalogError, match="cannot be read"):
        open_image("bad\0name.jpg")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KINDS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_damage_gives_a_picture_or_a_catalog_error(kind, damage):
    content = bytearray(encoded(picture(), kind))
    for place, value in damage:
        content[int(place * (len(content) - 1))] = value
    try:
        opened = open_image(bytes(content))
    except CatalogError as error:
        assert "\n" not in str(error)
    else:
        assert opened.mode == "RGB"
        assert len(opened.tobytes()) == 3 * opened.width * opened.height


@pytest.mark.parametrize(
    ("enough", "expected"), [(None, (320, 480)), (161, (320, 480)), (160, (160, 240)), (50, (80, 120))]
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_jpeg_is_decoded_no_larger_than_is_needed(enough, expected, mode):
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(40, 216, (6, 4, 3), np.uint8)).convert(mode)
    content = encoded(small.resize((320, 480), Image.Resampling.BICUBIC), "JPEG")
    found = open_image(content, enough=enough)
    assert found.size == expected
    exact = open_image(content).resize(expected, Image.Resampling.BOX)
    assert np.abs(np.asarray(found).astype(int) - np.asarray(exact)).mean() < 2
    other = encoded(small.resize((320, 480)), "PNG")
    assert open_image(other, enough=enough).size == (320, 480), "only a JPEG is decoded small"
