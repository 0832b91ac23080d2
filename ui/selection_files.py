"""Items that were selected, as a file to take along: a table, their pictures, or one contact sheet."""

import csv
import io
import re
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gradio.utils import get_upload_folder
from PIL import Image

from catalog import CatalogError, Item
from library import LARGE, Opened
from retrieval import Hit
from ui.asked_words import in_words
from ui.contact_sheet import Frame, can_write, contact_sheet
from ui.match_words import least_level
from ui.names import attribute_name
from ui.searching import Answer, as_labelled, has_level
from ui.words import word

FORMS = ("csv", "zip", "sheet")
MOST_PICTURES = 200
"""Pictures of a zip, and of a sheet, at most."""
_SUFFIX = {"csv": "csv", "zip": "zip", "sheet": "png"}
_UNSAFE = re.compile(r"[^\w.-]+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Selected:
    """Items, in the order of their ranks and then as they were chosen. found: the search that is shown, which tells their ranks
    and levels. name: what they are called; asked: the search in words, where it is another one. originals:
    whether their pictures may be handed out as they lie there, and not only as small ones."""

    opened: Opened
    items: tuple[Item, ...]
    found: Answer | None = None
    name: str = ""
    asked: str = ""
    originals: bool = False

    def hit(self, item: Item) -> tuple[int, Hit] | None:
        """The rank of an item, from 0, and its hit; None where it is not among the hits."""
        if self.found is None:
            return None
        rank = next((rank for rank, hit in enumerate(self.found.hits) if hit.id == item.id), None)
        return None if rank is None else (rank, as_labelled(self.found, rank))

    def words(self, lang: str) -> str:
        """What was asked, in words."""
        if self.found is None or self.asked:
            return self.asked
        return in_words(self.found.asked, self.found.catalog, lang)


def selected(
    opened: Opened, ids: Sequence[str], found: Answer | None = None, name: str = "", asked: str = ""
) -> Selected:
    """Those of the ids that the catalog has. found counts where it is of this catalog."""
    known = {id: place for place, id in enumerate(dict.fromkeys(map(str, ids)))}
    if found is not None and found.opened.id == opened.id:
        ranks = {hit.id: rank - len(found.hits) for rank, hit in enumerate(found.hits)}
        known = {id: ranks.get(id, place) for id, place in known.items()}
    else:
        found = None
    places = opened.catalog.places(sorted(known, key=lambda id: known[id]))
    items = tuple(opened.catalog.items[place] for place in places.values())
    return Selected(opened, items, found, name, asked)


def write(form: str, chosen: Selected, lang: str) -> Path:
    """A new file in a folder of its own, which Gradio deletes in time; its path cannot be guessed."""
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    title = "-".join(filter(None, ("lapel", _plain(chosen.opened.catalog.name), _plain(chosen.name))))[:80]
    path = Path(tempfile.mkdtemp(dir=folder)) / f"{title}-{time.strftime('%Y-%m-%d')}.{_SUFFIX[form]}"
    if form == "csv":
        path.write_text(as_csv(chosen, lang), encoding="utf-8-sig")
    elif form == "zip":
        write_zip(chosen, path)
    else:
        as_sheet(chosen, lang).save(path, "PNG", optimize=False)
    return path


def as_csv(chosen: Selected, lang: str) -> str:
    """A line for each item: rank, id, score, level and chances of the search, then its labels and other columns. What a table
    program would take for a formula has an apostrophe before it."""
    catalog = chosen.opened.catalog
    hits = [chosen.hit(item) for item in chosen.items]
    asked = list(dict.fromkeys(name for own in hits if own is not None for name in own[1].chances))
    ranked = any(own is not None for own in hits)
    head = ["rank", "score", "level", *(f"chance {name}" for name in asked)] if ranked else []
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([_cell(name) for name in ["id", *head, *catalog.columns]])
    for item, own in zip(chosen.items, hits, strict=True):
        cells = _found(chosen, own, asked, lang) if ranked else []
        others = [_text(item, name) for name in catalog.columns]
        table.writerow([_cell(item.id), *cells, *map(_cell, others)])
    return out.getvalue()


def _found(chosen: Selected, own: tuple[int, Hit] | None, asked: Sequence[str], lang: str) -> list[str]:
    if own is None:
        return [""] * (3 + len(asked))
    rank, hit = own
    chances = [f"{hit.chances[name]:.4f}" if name in hit.chances else "" for name in asked]
    return [str(rank + 1), f"{hit.score:.4f}", _level(chosen, hit, lang), *chances]


def _level(chosen: Selected, hit: Hit, lang: str) -> str:
    if chosen.found is None or not has_level(chosen.found, hit):
        return ""
    return word(least_level(chosen.opened, hit.chances).name.lower(), lang)


def _text(item: Item, name: str) -> str:
    return (item.split or "") if name == "split" else item.labels.get(name) or item.columns.get(name, "")


def _cell(text: str) -> str:
    number = re.fullmatch(r"[+-]?\d[\d.,]*", text)
    return f"'{text}" if text.startswith(_FORMULA) and not number else text


def write_zip(chosen: Selected, path: Path) -> int:
    """The pictures of the items, named by their ids; gives how many. Those of items whose files may not be handed out as they
    are, are the small ones that the page shows. A picture that cannot be read is left out; CatalogError where none is
    there."""
    names: set[str] = set()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
        for item in chosen.items[:MOST_PICTURES]:
            file = _picture(chosen, item)
            if file is not None:
                archive.write(file, _free(f"{_plain(item.id) or 'item'}{file.suffix.lower()}", names))
    if not names:
        raise CatalogError("no picture of the items that are selected is there; select others")
    return len(names)


def _picture(chosen: Selected, item: Item) -> Path | None:
    """The file of an item's first picture; None where there is none."""
    if chosen.originals:
        file = chosen.opened.catalog.path(item)
        return file if file.is_file() else None
    try:
        return chosen.opened.thumbnails.file(item, LARGE)
    except CatalogError:
        return None


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where another item has it already, whatever the case of its letters."""
    stem, dot, suffix = name.rpartition(".")
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{stem}-{number}{dot}{suffix}"
    taken.add(free.casefold())
    return free


def _plain(text: str) -> str:
    """What any system takes as the name of a file."""
    return _UNSAFE.sub("_", text).strip("._")[:100]


def as_sheet(chosen: Selected, lang: str) -> Image.Image:
    """The contact sheet of the first items, in English where this machine has no Japanese font."""
    texts = [chosen.words(lang), chosen.name, chosen.opened.catalog.name]
    if lang == "ja" and not can_write(word("sheet_none", "ja")):
        lang, texts[0] = "en", chosen.words("en")
    asked, name, catalog = texts
    title = word("sheet_query", lang, query=asked) if asked else name or word("sheet_none", lang)
    items = chosen.items[:MOST_PICTURES]
    count = word("set_about", lang, count=len(items))
    named = [name] if name and name != title else []
    about = " · ".join([*named, catalog, count, time.strftime("%Y-%m-%d")])
    return contact_sheet(title, about, [_frame(chosen, item, lang) for item in items])


def _frame(chosen: Selected, item: Item, lang: str) -> Frame:
    own = chosen.hit(item)
    lines = [item.id if own is None else f"{own[0] + 1}   {item.id}"]
    if own is not None:
        lines.append(_said(chosen, own[1], lang))
    try:
        with Image.open(chosen.opened.thumbnails.file(item)) as picture:
            return Frame(picture.copy(), tuple(lines))
    except (OSError, CatalogError):
        return Frame(None, tuple(lines))


def _said(chosen: Selected, hit: Hit, lang: str) -> str:
    """The level of a hit with its number, or its score."""
    level = _level(chosen, hit, lang)
    if not level:
        return f"{word('score', lang)} {hit.score:.2f}"
    name, chance = min(hit.chances.items(), key=lambda pair: pair[1])
    beside = f" ({attribute_name(name, lang)})" if len(hit.chances) > 1 else ""
    return f"{level} {word('percent', lang, percent=f'{100 * chance:.0f}')}{beside}"
