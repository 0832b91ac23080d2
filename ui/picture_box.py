"""The box with the picture of the query: what it shows, and what the browser hands over for it."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

from catalog import CatalogError, ImageLimits
from library import Opened
from ui.asked import Picture
from ui.looked_at import Named, Shown, crop_of, key_of, known_parts, named, parts_of, shown_of
from ui.names import attribute_name
from ui.scripts import script
from ui.words import word

ACCEPT = "image/*,.heic,.heif,.avif,.jfif,.jpe"
"""What a file chooser offers; the content decides, so this is a help and no check."""

GIVING = {
    "choose": "M12 16V4m0 0-5 5m5-5 5 5M4 16v4h16v-4",
    "camera": "M4 8h3l2-3h6l2 3h3v11H4zm8 2a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7",
    "paste": "M9 4h6v3H9zM9 5H5v16h14V5h-4",
}
CUTTING = {
    "box": "M4 8V4h4m8 0h4v4m0 8v4h-4m-8 0H4v-4M12 9v6m-3-3h6",
    "whole": "M4 5h16v14H4zm4 4 8 6m0-6-8 6",
}
TURNING = {
    "left": "M4 5v5h5M4.6 10A8 8 0 1 1 4 14",
    "right": "M20 5v5h-5m4.4 0A8 8 0 1 0 20 14",
}
SHOWING = {
    "enlarge": "M4 10V4h6m4 0h6v6m0 4v6h-6m-4 0H4v-6",
    "remove": "m5 5 14 14M19 5 5 19",
}
TOOLS = {**GIVING, **CUTTING, **TURNING, **SHOWING}
"""What can be done in the box: name → path of its icon on 24 × 24."""

GRIPS = ("nw", "ne", "sw", "se", "move")
LEAST = 32
"""Pixels of the smallest side of a box, of the picture as it is shown: 5 % of a large photograph."""

PICTURE_SCRIPT = script("boxes") + script("picture")
"""What runs in the box of the query."""

BESIDE_SCRIPT = script("beside")
"""What runs beside it (`crop_beside`)."""

BOX_SCRIPT = script("boxes")
"""What runs in the box of a term (`term_box`)."""


def picture_box(opened: Opened, picture: Picture, turn: object, lang: str) -> str:
    """HTML of the box for a query. turn: differs from drawing to drawing, so that the page takes each as new.

    CatalogError when the picture cannot be read.
    """
    said = {
        "turn": turn,
        "most": ImageLimits().bytes,
        "catalog": opened.id,
        "item": picture.item or "",
        "shoot": word("shoot", lang),
        "cancel": word("cancel", lang),
        "camera": word("tool_camera", lang),
    }
    busy = f'<p class="busy" role="status">{escape(word("reading", lang))}</p>'
    picker = f'<input type="file" accept="{ACCEPT}" aria-label="{escape(word("tool_choose", lang))}">'
    if picture.empty:
        inner = f'<p class="invite">{escape(word("invite", lang))}</p>'
        tools = _tools([*GIVING], lang, text="choose")
        return f'<div class="lapel-picture"{_data(said)}>{inner}{busy}{tools}{picker}</div>'
    shown = shown_of(opened, picture, lang)
    about = _about(opened, picture, shown, lang)
    cut = ["box", "whole"] if picture.box is not None else ["box"]
    tools = _tools([*GIVING, *cut, *TURNING, *SHOWING], lang)
    return (
        f'<div class="lapel-picture filled" data-boxes{_data(said | about)}>{_view(shown, lang)}'
        f'<p class="lapel-said" role="status"></p>{busy}{tools}{picker}</div>'
    )


def term_box(opened: Opened, picture: Picture, lang: str, term: int = 0) -> str:
    """HTML of a small editor of the box of one term; its acts are `box_for` with the place of the term.

    CatalogError when the picture cannot be read.
    """
    shown = shown_of(opened, picture, lang)
    about = _about(opened, picture, shown, lang) | {"term": term}
    tools = _tools(["box", "whole"] if picture.box is not None else ["box"], lang, text="box")
    return (
        f'<div class="lapel-picture lapel-term-box filled" data-boxes{_data(about)}>{_view(shown, lang)}'
        f'<p class="lapel-said" role="status"></p>{tools}</div>'
    )


def crop_beside(opened: Opened, picture: Picture, attribute: str | None, lang: str) -> str:
    """HTML that stands beside the box once results are there: the part that the network looks at for an attribute, and,
    for `scripts/beside.js`, the parts of the whole picture that can be asked by.

    attribute: the one asked first; None: the parts alone. It takes a pass of the network the first time, so it comes
    after the results. Nothing for an empty picture. CatalogError when the picture cannot be read.
    """
    if picture.empty:
        return ""
    parts = parts_of(opened, picture)
    data = _data({"key": key_of(opened, picture), "parts": _as_json(named(parts, lang))})
    found = crop_of(opened, picture, attribute) if attribute is not None else None
    figure = ""
    if found is not None and attribute is not None:
        name = attribute_name(attribute, lang)
        alt = escape(word("looks_at_alt", lang, name=name))
        caption = escape(word("looks_at", lang, name=name))
        figure = f'<figure><img src="{found}" alt="{alt}"><figcaption>{caption}</figcaption></figure>'
    said = f'<p class="caption">{escape(word("parts_found", lang, count=len(parts)))}</p>' if parts else ""
    return f'<div class="lapel-beside"{data}>{figure}{said}</div>'


def least_of(size: tuple[int, int]) -> tuple[float, float]:
    """Width and height of the smallest box of a picture, as fractions of its sides."""
    return min(1.0, LEAST / size[0]), min(1.0, LEAST / size[1])


def uploaded(path: Any) -> str:
    """The path of a file that this app's page has uploaded; CatalogError for any other file of the server."""
    folder = Path(get_upload_folder()).resolve()
    try:
        file = Path(str(path)).resolve(strict=True)
    except (OSError, ValueError) as error:
        raise CatalogError("the image is no longer on the server; give it again") from error
    if not file.is_file() or not file.is_relative_to(folder):
        raise CatalogError("the image is not one that was given here; give it again")
    return str(file)


def _about(opened: Opened, picture: Picture, shown: Shown, lang: str) -> dict[str, object]:
    """What `scripts/boxes.js` has to know."""
    across, down = least_of(shown.size)
    percent = {"width": round(100 * across + 0.5), "height": round(100 * down + 0.5)}
    places = {name: f"{{{name}}}" for name in ("left", "top", "width", "height")}
    return {
        "key": key_of(opened, picture),
        "box": "" if picture.box is None else ",".join(f"{edge:.4f}" for edge in picture.box),
        "least": f"{across:.4f},{down:.4f}",
        "parts": _as_json(named(known_parts(opened, picture), lang)),
        "hint": word("box_hint", lang),
        "small": word("box_small", lang, **percent),
        "place": word("box_place", lang, **places),
    }


def _view(shown: Shown, lang: str) -> str:
    """The whole picture, with the box over it, which is hidden while there is none."""
    grips = "".join(f'<i data-grip="{grip}"></i>' for grip in GRIPS)
    name = escape(word("box_name", lang))
    return (
        f'<div class="lapel-stage"><div class="lapel-view" style="--ratio:{shown.size[0] / shown.size[1]:.4f}">'
        f'<img src="{escape(shown.source)}" alt="{escape(shown.alt)}" draggable="false">'
        '<div class="lapel-shade" hidden><i></i></div>'
        f'<div class="lapel-box" role="application" tabindex="0" aria-label="{name}" hidden>{grips}</div></div></div>'
    )


def _tools(names: Sequence[str], lang: str, text: str = "") -> str:
    """A row of buttons. text: the one that is written out."""
    return f'<div class="tools">{"".join(_button(name, lang, name == text) for name in names)}</div>'


def _button(name: str, lang: str, written: bool) -> str:
    said = escape(word(f"tool_{name}", lang))
    text = f"<span>{said}</span>" if written else ""
    pressed = ' aria-pressed="false"' if name == "box" else ""
    return (
        f'<button type="button" data-do="{name}" aria-label="{said}" title="{said}"{pressed}>'
        f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{TOOLS[name]}"/></svg>{text}</button>'
    )


def _as_json(parts: Sequence[Named]) -> str:
    return json.dumps([{"box": part.box, "name": part.name, "number": part.number} for part in parts])


def _data(said: dict[str, object]) -> str:
    return "".join(f' data-{name}="{escape(str(text))}"' for name, text in said.items())
