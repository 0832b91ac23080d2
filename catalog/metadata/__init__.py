"""What stands beside the pixels of a file, taken off before they are decoded.

Pillow refuses a picture for metadata that are too long, truncated, or at odds with themselves.
Here they are read apart and left out of what Pillow decodes. A file whose structure is not
understood is handed on as it is.
"""

import struct
from contextlib import suppress

from catalog.metadata.bare import ORIENTATION, Bare, TooManyPartsError
from catalog.metadata.heif import strip_avif, strip_heif
from catalog.metadata.jpeg import strip_jpeg
from catalog.metadata.png import strip_png
from catalog.metadata.tiff import strip_tiff
from catalog.metadata.webp import strip_webp

__all__ = ["ORIENTATION", "Bare", "TooManyPartsError", "strip"]

_STRIPPERS = {
    "AVIF": strip_avif,
    "HEIF": strip_heif,
    "JPEG": strip_jpeg,
    "PNG": strip_png,
    "TIFF": strip_tiff,
    "WEBP": strip_webp,
}


def strip(content: bytes, kind: str) -> Bare:
    """Take off the metadata of a file; kind: as `kinds.image_kind` gives it.

    TooManyPartsError for a file that is hardly anything but metadata, in tiny pieces.
    """
    if kind in _STRIPPERS:
        with suppress(struct.error, IndexError, ValueError):
            return _STRIPPERS[kind](content)
    return Bare(content)
