"""Colours as sRGB, by the ICC profile that a picture brings."""

import hashlib
import io
import threading
from collections import OrderedDict

import numpy as np
from PIL import Image, ImageCms

NEAR = 3
"""Levels of 255 by which a profile may differ from sRGB and be taken for it: there are dozens of
sRGB profiles.
"""
_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab"}
_CLASSES = ("mntr", "scnr", "prtr", "spac")  # not links, abstract and named colours
_MOST_KEPT = 16

_kept: "OrderedDict[tuple[bytes, str], ImageCms.ImageCmsTransform | None]" = OrderedDict()
_lock = threading.Lock()


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A picture of mode L, RGB, CMYK or LAB in sRGB, relative colorimetric, as its profile says.

    Returned as it is where there is no profile, where the profile is sRGB, and where it is damaged
    or not made for pictures of this mode. Grey pictures may come with a profile for RGB.
    """
    if not profile or image.mode not in _SPACES:
        return image
    transform = _transform(profile, image.mode)
    if transform is None and image.mode == "L":
        transform = _transform(profile, "RGB")
        image = image.convert("RGB") if transform is not None else image
    if transform is None:
        return image
    try:
        return transform.apply(image)
    except (ImageCms.PyCMSError, ValueError, OSError):
        return image


def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Kept for the profiles that came last: photographs of one camera share theirs."""
    key = (hashlib.sha256(profile).digest(), mode)
    with _lock:
        if key not in _kept:
            _kept[key] = _made(profile, mode)
            while len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
        return _kept[key]


def _made(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != _SPACES[mode] or source.profile.device_class not in _CLASSES:
            return None
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB", intent)
        return None if mode in ("RGB", "L") and _is_srgb(transform, mode) else transform
    except (ImageCms.PyCMSError, ValueError, OSError, TypeError, SyntaxError):
        return None


def _is_srgb(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether a transform leaves colours as they are: greys, and a lattice of the cube."""
    grey = np.arange(256, dtype=np.uint8)
    if mode == "L":
        probe = Image.fromarray(grey[None])
    else:
        steps = np.arange(0, 256, 15, dtype=np.uint8)
        lattice = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(-1, 3)
        probe = Image.fromarray(np.concatenate((lattice, np.repeat(grey[:, None], 3, 1)))[None])
    before, after = (np.asarray(picture, np.int16) for picture in (probe.convert("RGB"), transform.apply(probe)))
    return int(np.abs(before - after).max()) <= NEAR
