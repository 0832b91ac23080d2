"""The only door for an image: whatever comes in, a checked RGB picture comes out, or one clear
error.
"""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

import numpy as np
import pillow_heif
from PIL import Image, UnidentifiedImageError, features

from catalog.color import to_srgb
from catalog.errors import CatalogError
from catalog.kinds import ADVICE, HEAD, KINDS, UNKNOWN, describe, image_kind
from catalog.metadata import ORIENTATION, Bare, TooManyPartsError, strip

Source = str | Path | bytes | BinaryIO

warnings.filterwarnings("error", category=Image.DecompressionBombWarning)  # Pillow would only warn, then decode
warnings.filterwarnings("ignore", module=r"PIL\.TiffImagePlugin")  # odd tags
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

CHECKED_PIXELS = 4_000_000
"""Pictures that cannot be decoded small are checked in whole up to so many pixels."""
_PLAIN = {
    "truncated": "the file ends early",
    "end of file": "the file ends early",
    "data stream": "its data are broken",
}
"""Part of a decoder's message → what it means."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class ImageLimits:
    """What `open_image` refuses before it decodes: files of more bytes, pictures of more pixels.

    Pillow's own limit, `PIL.Image.MAX_IMAGE_PIXELS`, holds beside `pixels`.
    """

    bytes: int = 40 * 2**20
    pixels: int = 64_000_000


def open_image(
    source: Source, limits: ImageLimits = ImageLimits(), name: str | None = None, enough: int | None = None
) -> Image.Image:
    """An RGB picture in sRGB, upright, decoded completely, on white where it is transparent; the
    first frame of an animation, the first page of several.

    source: a path, the bytes of a file, or a binary stream (read from where it stands). name: what
    errors call it; None: the file's own name, without the folders that it lies in. enough: pixels
    of the short side that are needed; a JPEG of twice as many or more is decoded at a half, a
    quarter or an eighth of its size, of which each pixel is the mean, in less time (None: never).
    CatalogError when the file is missing, empty, beyond the limits, not an image of a kind that is read
    (whatever its name says), or damaged. Metadata never decide: damaged, or of any length, they are
    passed over.
    """
    called = _called(source, name)
    bare, kind = _opened(source, limits, called)
    with _told(kind, limits, called):
        return _decode(bare, kind, limits.pixels, called, enough)


def check_image(
    source: Source, limits: ImageLimits = ImageLimits(), name: str | None = None, deep: bool = True
) -> None:
    """CatalogError where `open_image` gives one, at a part of its cost: photographs are decoded at an eighth of their
    size, other kinds only up to 4 megapixels. deep: False reads headers alone.
    """
    called = _called(source, name)
    bare, kind = _opened(source, limits, called)
    with _told(kind, limits, called), Image.open(io.BytesIO(bare.content), formats=(kind,)) as image:
        _check_size(image.size, limits.pixels, called)
        if not deep:
            return
        if kind == "JPEG":
            image.draft("RGB", (1, 1))
            image.load()
        elif image.width * image.height <= CHECKED_PIXELS:
            image.load()


def _opened(source: Source, limits: ImageLimits, called: str) -> tuple[Bare, str]:
    """The picture without its metadata, and its kind; nothing is decoded."""
    content = _read(source, limits.bytes, called)
    kind = _kind(content, called)
    try:
        bare = strip(content, kind)
    except TooManyPartsError as error:
        raise CatalogError(f"{called} is in too many pieces; save it again, or use another") from error
    if kind == "WEBP":
        _check_webp(bare.content, limits.pixels, called)
    return bare, kind


@contextmanager
def _told(kind: str, limits: ImageLimits, called: str) -> Iterator[None]:
    """What a decoder raises, as one line that says what to do."""
    try:
        yield
    except CatalogError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise CatalogError(
            f"{called} has too many pixels; make it smaller, at most {limits.pixels:,} pixels"
        ) from error
    except Exception as error:  # decoders of damaged files raise whatever they stumble on
        reason = _reason(error, kind)
        raise CatalogError(f"{called} is damaged or incomplete ({reason}); save it again or use another") from error


def _called(source: Source, name: str | None) -> str:
    if name is None and isinstance(source, str | Path):
        name = PurePath(source).name or str(source)
    return "the image" if name is None else f"'{name}'"


def _read(source: Source, most: int, called: str) -> bytes:
    try:
        if isinstance(source, bytes):
            content = source
        elif isinstance(source, str | Path):
            path = Path(source)
            if path.exists() and not path.is_file():
                raise CatalogError(f"{called} is not a file; give the path of an image")
            with path.open("rb") as file:
                content = file.read(most + 1)
        else:
            content = source.read(most + 1)
    except FileNotFoundError as error:
        raise CatalogError(f"{called} does not exist; check the path") from error
    except (OSError, ValueError) as error:
        if isinstance(error, CatalogError):
            raise
        raise CatalogError(f"{called} cannot be read ({getattr(error, 'strerror', None) or error})") from error
    if not content:
        raise CatalogError(f"{called} is empty (0 bytes); use another file")
    if len(content) > most:
        raise CatalogError(f"{called} is larger than {most / 2**20:.0f} MB; make it smaller")
    return content


def _kind(content: bytes, called: str) -> str:
    """Pillow's name of the format; CatalogError when it is none that is read, or that this
    installation reads.
    """
    kind = image_kind(content[:HEAD])
    if kind is None:
        what = describe(content[:HEAD])
        said = "" if what == UNKNOWN else f" but {what}"
        raise CatalogError(f"{called} is not a {KINDS} image{said}; {ADVICE.get(what, 'use one of these formats')}")
    if kind == "AVIF" and not features.check("avif"):
        raise CatalogError(
            f"{called} is AVIF, which the Pillow of this installation was built without; install Pillow 11.3 or newer "
            "from PyPI, or save the image as JPEG"
        )
    return kind


def _decode(bare: Bare, kind: str, most: int, called: str, enough: int | None) -> Image.Image:
    with Image.open(io.BytesIO(bare.content), formats=(kind,)) as image:
        _check_size(image.size, most, called)
        if kind == "JPEG" and enough is not None and min(image.size) >= 2 * enough:
            width, height = (side * enough // min(image.size) for side in image.size)
            image.draft(image.mode, (width, height))
        image.load()
        _check_size(image.size, most, called)  # a decoder may find another size than the header states
        known = bare.turn is not None
        profile = bare.profile if known else image.info.get("icc_profile") or bare.profile
        turn = bare.turn if known else _turn(image)
        rgb = _to_rgb(image, profile)
    if turn in _TURNS:
        rgb = rgb.transpose(_TURNS[turn])
    rgb.info.clear()
    return rgb


def _reason(error: Exception, kind: str) -> str:
    if isinstance(error, UnidentifiedImageError):  # its text names an object in memory
        return f"no picture in this {'HEIC' if kind == 'HEIF' else kind} file"
    text = " ".join(str(error).split()) or type(error).__name__
    return next((words for part, words in _PLAIN.items() if part in text.lower()), text)


def _check_size(size: tuple[int, int], most: int, called: str) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise CatalogError(f"{called} has no pixels ({width} × {height}); use another image")
    if width * height > most:
        raise CatalogError(f"{called} has {width:,} × {height:,} pixels, at most {most:,} are read; make it smaller")


def _check_webp(content: bytes, most: int, called: str) -> None:
    """A WebP states its canvas in the first chunk, and the decoder claims that much memory on
    opening.
    """
    chunk = content[12:16]
    if len(content) < 30:
        return
    if chunk == b"VP8X":
        low_w, high_w, low_h, high_h = struct.unpack("<HBHB", content[24:30])
        _check_size((low_w + (high_w << 16) + 1, low_h + (high_h << 16) + 1), most, called)
    elif chunk == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", content[26:30]))
        _check_size((width, height), most, called)
    elif chunk == b"VP8L":
        (bits,) = struct.unpack("<I", content[21:25])
        _check_size(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1), most, called)


def _turn(image: Image.Image) -> int:
    """EXIF orientation; 1 where the EXIF data are damaged: the picture is sound, only what is
    written about it is not.
    """
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:
        return 1


def _to_rgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return to_srgb(_from_deep(np.asarray(image)), profile).convert("RGB")
    grey = image.mode in ("1", "L", "LA", "La")
    if not image.has_transparency_data:
        plain = image if image.mode in ("L", "RGB", "CMYK", "LAB") else image.convert("L" if grey else "RGB")
        return to_srgb(plain, profile).convert("RGB")
    layer = image.convert("LA" if grey else "RGBA")
    colors = to_srgb(layer.convert("L" if grey else "RGB"), profile).convert("RGB")
    colors.putalpha(layer.getchannel("A"))
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), colors).convert("RGB")


def _from_deep(pixels: np.ndarray) -> Image.Image:
    """Grey values of more than 8 bits → 8 bits. Unsigned 16 bit: the top is white. Others: white is
    the least of 1 (floats only), 255 and 65535 that no value exceeds; where values are negative
    or larger, their range is stretched.
    """
    sixteen = pixels.dtype.itemsize == 2
    floating = pixels.dtype.kind == "f"
    values = np.nan_to_num(pixels.astype(np.float32), posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    tops = [65535.0] if sixteen else [top for top in (1.0, 255.0, 65535.0) if floating or top > 1]
    top = next((top for top in tops if low >= 0 and high <= top), None)
    if top is None:
        values, top = values - low, max(high - low, 1e-12)
    return Image.fromarray((values * (255 / top) + 0.5).astype(np.uint8))
