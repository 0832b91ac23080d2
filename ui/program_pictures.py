"""Pictures as programs send them: as bytes or a file that came beside the question, or as text."""

import base64
import binascii
import re

from catalog import ImageLimits
from retrieval import RetrievalError
from ui.asked import Box, Picture

_DATA_URL = re.compile(r"data:[\w.+-]*/?[\w.+-]*(;[\w=.+-]+)*;base64,", re.IGNORECASE)


def sent_picture(sent: bytes | str | None, text: str | None) -> Picture | None:
    """sent: content or file of a picture that came beside the question; text: of one in it. None where there is neither."""
    if isinstance(sent, bytes):
        return Picture(content=sent)
    if sent is not None:
        return Picture(image=sent)
    return Picture(content=decoded(text)) if text else None


def decoded(text: str) -> bytes:
    """Base64 text or a data URL → bytes; RetrievalError when it is something else, such as a path or a web address."""
    text = text.strip()
    if text.lower().startswith(("http://", "https://")):
        raise RetrievalError(
            "image is a web address, and these are not fetched; send the picture itself, as base64 text"
        )
    if text[:5].lower() == "data:":
        prefix = _DATA_URL.match(text)
        if prefix is None:
            raise RetrievalError("image is a data URL without ';base64,'; write it like data:image/jpeg;base64,…")
        text = text[prefix.end() :]
    limit = ImageLimits().bytes
    if len(text) > limit * 4 // 3 + 1024:
        raise RetrievalError(f"image is larger than {limit >> 20} MiB; send a smaller picture")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RetrievalError(
            "image is a text that is not base64, such as a path; files of the caller are not read from here: send the "
            "picture itself, as an uploaded file, base64 text or a data URL"
        ) from error


def box_of(sides: list[float] | None) -> Box | None:
    """RetrievalError unless the sides, fractions, hold a part of the picture."""
    if sides is None:
        return None
    left, top, right, bottom = sides
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise RetrievalError(
            f"the box {sides} is no part of a picture; give left, top, right, bottom from 0 to 1, left before right and "
            "top before bottom"
        )
    return left, top, right, bottom
