"""The box with the picture of the query: what it shows, and what the browser hands over for it."""

from html import escape
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder
from PIL import Image

from catalog import CatalogError, ImageLimits
from library import LARGE, Opened
from ui.asked import Picture
from ui.heat import data_uri
from ui.names import item_label
from ui.searching import altered, read_image
from ui.words import word

ACCEPT = "image/*,.heic,.heif,.avif,.jfif,.jpe"
"""What a file chooser offers; the content decides, so this is a help and no check."""

TOOLS = {
    "choose": "M12 16V4m0 0-5 5m5-5 5 5M4 16v4h16v-4",
    "camera": "M4 8h3l2-3h6l2 3h3v11H4zm8 2a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7",
    "paste": "M9 4h6v3H9zM9 5H5v16h14V5h-4",
    "enlarge": "M4 10V4h6m4 0h6v6m0 4v6h-6m-4 0H4v-6",
    "remove": "m5 5 14 14M19 5 5 19",
}
"""What can be done in the box: name → path of its icon on 24 × 24."""


def picture_box(opened: Opened, picture: Picture, turn: object, lang: str) -> str:
    """HTML of the box for a query. turn: differs from drawing to drawing, so that the page takes each as new.

    CatalogError when the picture cannot be read.
    """
    if picture.empty:
        inner = f'<p class="invite">{escape(word("invite", lang))}</p>'
        tools = ["choose", "camera", "paste"]
    else:
        source, alt = _preview(opened, picture, lang)
        inner = f'<img src="{escape(source)}" alt="{escape(alt)}">'
        tools = list(TOOLS)
    said = {
        "most": ImageLimits().bytes,
        "catalog": opened.id,
        "item": picture.item or "",
        "shoot": word("shoot", lang),
        "cancel": word("cancel", lang),
        "camera": word("tool_camera", lang),
    }
    data = "".join(f' data-{name}="{escape(str(text))}"' for name, text in said.items())
    buttons = "".join(_button(name, lang) for name in tools)
    picker = f'<input type="file" accept="{ACCEPT}" aria-label="{escape(word("tool_choose", lang))}">'
    busy = f'<p class="busy" role="status">{escape(word("reading", lang))}</p>'
    return (
        f'<div class="lapel-picture" data-turn="{escape(str(turn))}"{data}>{inner}{busy}'
        f'<div class="tools">{buttons}</div>{picker}</div>'
    )


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


def _preview(opened: Opened, picture: Picture, lang: str) -> tuple[str, str]:
    """Address and name of the picture. Ours, not the visitor's file: browsers cannot show every format that we read."""
    if picture.item is not None:
        item = opened.catalog.item(picture.item)
        opened.thumbnails.file(item, LARGE)
        return opened.thumbnails.url(item, LARGE), item_label(item, lang)
    assert picture.image is not None
    shown = altered(read_image(picture.image), picture)
    shown.thumbnail(LARGE, Image.Resampling.LANCZOS)
    return data_uri(shown), word("query_alt", lang)


def _button(name: str, lang: str) -> str:
    said = escape(word(f"tool_{name}", lang))
    text = f"<span>{said}</span>" if name == "choose" else ""
    return (
        f'<button type="button" data-do="{name}" aria-label="{said}" title="{said}">'
        f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{TOOLS[name]}"/></svg>{text}</button>'
    )
