"""HTML of the first step: which images, what is labelled, what is missing. Everything is escaped."""

from html import escape

import numpy as np

from catalog import Attribute, Catalog
from library import Entry
from library.poc import Sheet, table
from ui.names import attribute_name, value_name
from ui.words import word

LEAST_SHARED = 2
"""Pictures of a value that can find each other."""


def images(entry: Entry, catalog: Catalog, unreadable: int, sheet: Sheet | None, lang: str) -> str:
    """unreadable: pictures that cannot be read. sheet: the last one, which tells what could be measured."""
    splits = sorted({item.split for item in catalog.items if item.split})
    comma = "、" if lang == "ja" else ", "
    lines = [word("poc_images_of", lang, name=entry.name, count=f"{len(catalog):,}")]
    lines += [word("poc_images_split", lang, names=comma.join(splits))] if len(splits) > 1 else []
    lines += [word("poc_unreadable_pictures", lang, count=f"{unreadable:,}")] if unreadable else []
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    title = escape(word("poc_labelled", lang))
    rows = [_row(one, catalog, sheet, lang) for one in catalog.attributes]
    labelled = (
        table([escape(word(key, lang)) for key in _HEAD], rows, word("poc_labelled", lang))
        if rows
        else f"<p class='lapel-line notice'>{escape(word('poc_no_labels', lang))}</p>"
    )
    return f"<h3 class='lapel-poc-title'>{escape(word('poc_images', lang))}</h3>{said}<h4>{title}</h4>{labelled}"


_HEAD = ("attribute", "poc_values", "poc_given", "poc_missing", "poc_rarest", "poc_state")


def _row(attribute: Attribute, catalog: Catalog, sheet: Sheet | None, lang: str) -> list[str]:
    labels = catalog.labels(attribute.name)
    known = labels[labels >= 0]
    found, counts = np.unique(known, return_counts=True)
    rarest = "–"
    if len(found):
        least = int(counts.argmin())
        rarest = f"{value_name(attribute.values[int(found[least])], lang)} ({int(counts[least]):,})"
    return [
        escape(attribute_name(attribute.name, lang)),
        f"{len(found):,}",
        f"{len(known):,}",
        f"{len(labels) - len(known):,}",
        escape(rarest),
        escape(_state(attribute.name, counts, sheet, lang)),
    ]


def _state(name: str, counts: np.ndarray, sheet: Sheet | None, lang: str) -> str:
    if sheet is not None and name in {one.attribute for one in sheet.gains}:
        return word("poc_state_measured", lang)
    passed = next((one for one in sheet.passed_over if one.attribute == name), None) if sheet is not None else None
    if passed is not None:
        return word("poc_state_more", lang, more=passed.more) if passed.more else word("poc_state_few", lang)
    enough = int((counts >= LEAST_SHARED).sum()) > 1
    return word("poc_state_enough" if enough else "poc_state_few", lang)
