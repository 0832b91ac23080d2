"""A contact sheet: pictures of items in rows, each with its rank, id and match level, as one picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
CELL = (200, 250)
"""Pixels of a picture at most."""
COLUMNS, FEWEST = 6, 4
"""Pictures beside one another at most, and how many the sheet is wide enough for in any case."""
MARGIN, GAP, LINE = 32, 16, 22
INK, FAINT, PAPER = (41, 39, 37), (107, 100, 91), (255, 255, 255)
JAPANESE = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansJP-Regular.otf",
    "NotoSansJP-Regular.ttf",
    "NotoSansCJKjp-Regular.otf",
    "ipaexg.ttf",
    "ipag.ttf",
    "ipagp.ttf",
    "TakaoPGothic.ttf",
    "VL-Gothic-Regular.ttf",
    "ヒラギノ角ゴシック W3.ttc",
    "YuGothM.ttc",
    "meiryo.ttc",
    "msgothic.ttc",
    "NotoSerifCJK-Regular.ttc",
    "DroidSansFallback.ttf",
)
"""Fonts with Japanese, which Pillow has none of its own of, the nicest first."""


@dataclass(frozen=True)
class Frame:
    """A picture of the sheet, None for one that cannot be read, and the lines below it."""

    picture: Image.Image | None
    lines: tuple[str, ...]


def can_write(text: str) -> bool:
    """Whether there is a font here for a text."""
    return text.isascii() or _file() is not None


def contact_sheet(title: str, about: str, frames: Sequence[Frame]) -> Image.Image:
    """The sheet, RGB. title: what was asked, over as many lines as it needs. about: a line below it."""
    columns = min(COLUMNS, max(FEWEST, len(frames)))
    width = 2 * MARGIN + columns * CELL[0] + (columns - 1) * GAP
    head = _wrapped(title, _font(22), width - 2 * MARGIN)
    top = MARGIN + 30 * len(head) + LINE + GAP
    lines = max((len(frame.lines) for frame in frames), default=0)
    row = CELL[1] + 8 + LINE * lines + GAP
    rows = -(-len(frames) // columns)
    sheet = Image.new("RGB", (width, top + rows * row + MARGIN - GAP), PAPER)
    draw = ImageDraw.Draw(sheet)
    for place, text in enumerate(head):
        draw.text((MARGIN, MARGIN + 30 * place), text, INK, _font(22))
    draw.text((MARGIN, MARGIN + 30 * len(head)), _fitting(about, _font(15), width - 2 * MARGIN), FAINT, _font(15))
    for place, frame in enumerate(frames):
        left = MARGIN + (place % columns) * (CELL[0] + GAP)
        _frame(sheet, draw, frame, left, top + place // columns * row)
    return sheet


def _frame(sheet: Image.Image, draw: ImageDraw.ImageDraw, frame: Frame, left: int, top: int) -> None:
    if frame.picture is None:
        draw.rectangle((left, top, left + CELL[0], top + CELL[1]), (230, 226, 219))
    else:
        small = frame.picture.convert("RGB")
        small.thumbnail(CELL, Image.Resampling.LANCZOS)
        sheet.paste(small, (left + (CELL[0] - small.width) // 2, top + CELL[1] - small.height))
    for number, text in enumerate(frame.lines):
        ink = INK if number == 0 else FAINT
        place = (left, top + CELL[1] + 8 + LINE * number)
        draw.text(place, _fitting(text, _font(15), CELL[0]), ink, _font(15))


def _fitting(text: str, font: Font, width: float) -> str:
    """The text, cut off where it would be wider."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text}…"


def _wrapped(text: str, font: Font, width: float) -> list[str]:
    """A text over lines, broken at blanks, or between any two letters where a word is wider than a line."""
    lines, line = [], ""
    for part in _words(text):
        if line and font.getlength(line + part) > width:
            lines.append(line.rstrip())
            line = ""
        line += part
    return [*lines, line.rstrip()] if line else lines


def _words(text: str) -> list[str]:
    """Words with the blank behind them; letters that are written without blanks one by one."""
    found: list[str] = []
    for letter in text:
        whole = found and found[-1][-1].isascii() and letter.isascii() and found[-1][-1] != " " and len(found[-1]) < 40
        if whole:
            found[-1] += letter
        else:
            found.append(letter)
    return found


@lru_cache(maxsize=8)
def _font(size: int) -> Font:
    name = _file()
    return ImageFont.truetype(name, size) if name is not None else ImageFont.load_default(size)


@lru_cache(maxsize=1)
def _file() -> str | None:
    """The first of `JAPANESE` that is on this machine."""
    for name in JAPANESE:
        try:
            ImageFont.truetype(name, 12)
        except OSError:
            continue
        return name
    return None
