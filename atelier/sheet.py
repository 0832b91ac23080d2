"""Contact sheets: many pictures on one, with a caption below each."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from .picture import HEIGHT, WIDTH, render
from .spec import Spec


def contact_sheet(specs: Sequence[Spec], columns: int, captions: Sequence[str] | None = None) -> Image.Image:
    """Pictures of `specs` in rows of `columns`, 256x320 each plus a 14-pixel caption."""
    rows = -(-len(specs) // columns)
    sheet = Image.new("RGB", (columns * WIDTH, rows * (HEIGHT + 14)), "white")
    pen = ImageDraw.Draw(sheet)
    for i, spec in enumerate(specs):
        x, y = i % columns * WIDTH, i // columns * (HEIGHT + 14)
        sheet.paste(render(spec).image, (x, y))
        pen.text((x + 4, y + HEIGHT + 1), captions[i] if captions else caption(spec), fill="black")
    return sheet


def caption(spec: Spec) -> str:
    skip = {"pattern", "color"}
    return f"{spec.index} " + "; ".join(v for k, v in spec.labels.items() if k not in skip)
