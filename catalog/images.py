"""The only door for an image: whatever comes in, a checked RGB picture comes out, or one clear error."""

import io
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

from catalog.errors import CatalogError
from catalog.kinds import KINDS

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")

warnings.filterwarnings("error", category=Image.DecompressionBombWarning)  # Pillow would only warn, then decode


@dataclass(frozen=True)
class ImageLimits:
    """What `open_image` refuses before it decodes: files of more bytes, pictures of more pixels.

    Pillow's own limit, `PIL.Image.MAX_IMAGE_PIXELS`, holds beside `pixels`.
    """

    bytes: int = 40 * 2**20
    pixels: int = 64_000_000


def open_image(source: str | Path | bytes | BinaryIO, limits: ImageLimits = ImageLimits()) -> Image.Image:
    """An RGB picture, upright, decoded completely, on white where it is transparent; the first frame of an animation.

    source: a path, the bytes of a file, or a binary stream (read from where it stands). CatalogError when the file is
    missing, empty, beyond the limits, not one of JPEG, PNG, WebP, BMP, GIF and TIFF whatever its name, or damaged.
    """
    name = f"'{source}'" if isinstance(source, str | Path) else "the image"
    content = _read(source, limits.bytes, name)
    _check_webp(content, limits.pixels, name)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check_size(image.size, limits.pixels, name)
            image.load()
            rgb = _to_rgb(_upright(image))
    except CatalogError:
        raise
    except Image.UnidentifiedImageError as error:
        raise CatalogError(f"{name} is not a {KINDS} image; use one of these formats") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise CatalogError(f"{name} has too many pixels; make it smaller, at most {limits.pixels:,} pixels") from error
    except Exception as error:  # decoders of damaged files raise whatever they stumble on
        reason = " ".join(str(error).split()) or type(error).__name__
        raise CatalogError(f"{name} is damaged or incomplete ({reason}); save it again or use another") from error
    rgb.info.clear()
    return rgb


def _read(source: str | Path | bytes | BinaryIO, most: int, name: str) -> bytes:
    try:
        if isinstance(source, bytes):
            content = source
        elif isinstance(source, str | Path):
            path = Path(source)
            if path.exists() and not path.is_file():
                raise CatalogError(f"{name} is not a file; give the path of an image")
            with path.open("rb") as file:
                content = file.read(most + 1)
        else:
            content = source.read(most + 1)
    except FileNotFoundError as error:
        raise CatalogError(f"{name} does not exist; check the path") from error
    except (OSError, ValueError) as error:
        if isinstance(error, CatalogError):
            raise
        raise CatalogError(f"{name} cannot be read ({getattr(error, 'strerror', None) or error})") from error
    if not content:
        raise CatalogError(f"{name} is empty (0 bytes); use another file")
    if len(content) > most:
        raise CatalogError(f"{name} is larger than {most / 2**20:.0f} MB; make it smaller")
    return content


def _check_size(size: tuple[int, int], most: int, name: str) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise CatalogError(f"{name} has no pixels ({width} × {height}); use another image")
    if width * height > most:
        raise CatalogError(f"{name} has {width:,} × {height:,} pixels, at most {most:,} are read; make it smaller")


def _check_webp(content: bytes, most: int, name: str) -> None:
    """An extended WebP states its canvas in the header, and its decoder claims that much memory on opening."""
    if content[:4] == b"RIFF" and content[8:16] == b"WEBPVP8X" and len(content) >= 30:
        low_w, high_w, low_h, high_h = struct.unpack("<HBHB", content[24:30])
        _check_size((low_w + (high_w << 16) + 1, low_h + (high_h << 16) + 1), most, name)


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF orientation says; damaged EXIF turns nothing."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # the picture is sound, only what is written about it is not
        return image


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(np.asarray(image)).convert("RGB")
    if "transparency" in image.info or image.mode in ("RGBA", "RGBa", "LA", "La", "PA"):
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return image.convert("RGB")


def _from_deep(pixels: np.ndarray) -> Image.Image:
    """Grey values of more than 8 bits → 8 bits. Unsigned 16 bit: the top is white. Others: white is the least of 1
    (floats only), 255 and 65535 that no value exceeds; where values are negative or larger, their range is stretched.
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
