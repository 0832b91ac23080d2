"""HTML of the list of catalogs. Everything from outside is escaped."""

from collections.abc import Mapping
from html import escape

from library import Entry, Library, Visitor
from ui.catalogs.detail_cards import button
from ui.names import attribute_name
from ui.words import word

COVERS = 4
"""Pictures that a catalog is shown by."""
NAMED = 6
"""Attributes that a card names."""


def catalog_list(
    library: Library, visitor: Visitor, current: str, lang: str, said: Mapping[str, str] | None = None
) -> str:
    """A card for each catalog that the visitor may see, and below them what can be had back. said: id of a catalog → a line,
    as HTML, that answers what was pressed on its card; of one that is there no more it stands where its way back stood."""
    lines = dict(said or {})
    cards = [
        _card(library, entry, visitor, entry.id == current, lang, lines.pop(entry.id, ""))
        for entry in library.all(visitor)
    ]
    gone = "".join(deleted(entry, lang) for entry in library.keeping.deleted(visitor)) + "".join(lines.values())
    return f'<ul class="lapel-catalogs">{"".join(cards)}</ul><div class="lapel-gone">{gone}</div>'


def deleted(entry: Entry, lang: str) -> str:
    """What is said of a deleted catalog, with the ways to have it back and to be rid of it."""
    sure = word("sure_erase_one", lang, name=entry.name)
    acts = button("restore", lang, id=entry.id) + button("erase_one", lang, sure=sure, id=entry.id)
    return f'<p>{escape(word("deleted", lang, name=entry.name))} <span class="acts">{acts}</span></p>'


def _card(library: Library, entry: Entry, visitor: Visitor, current: bool, lang: str, said: str) -> str:
    catalog = library.ledger(entry.id).catalog
    pictures = "".join(
        f'<img src="{escape(url)}" alt="" loading="lazy" width="64" height="80">'
        for url in library.covers(entry.id, COVERS)
    )
    labelled = _labelled([attribute.name for attribute in catalog.attributes], lang)
    facts = [word("items_count", lang, count=f"{len(catalog):,}"), labelled or word("no_label_columns", lang)]
    acts = ["open", "detail", "measure"]
    if library.may_change(entry, visitor):
        acts += ["label", *(["add"] if not entry.root else ["reread"])]
        acts += ["export", "duplicate", *(["delete"] if entry.id != library.default else [])]
    else:
        acts += ["duplicate"]
    mark = f'<span class="badge">{escape(word("open_now", lang))}</span>' if current else ""
    return (
        f'<li class="lapel-catalog"><div class="covers">{pictures}</div><div class="about">'
        f"<h3>{escape(entry.name)}{mark}</h3><p>{escape(' · '.join(facts))}</p></div>"
        f'<div class="acts">{"".join(button(act, lang, id=entry.id) for act in acts)}</div>{said}</li>'
    )


def adding(entry: Entry, lang: str) -> str:
    """A line that what is brought next is added to a catalog, with a button to leave it at that."""
    said, stop = escape(word("add_to", lang, name=entry.name)), escape(word("cancel", lang))
    return f'<p class="lapel-line notice">{said} <button type="button" data-act="no_more">{stop}</button></p>'


def _labelled(names: list[str], lang: str) -> str:
    """The first attributes, and how many more there are."""
    shown = [attribute_name(name, lang) for name in names[:NAMED]]
    if len(names) > NAMED:
        shown.append(word("more_values", lang, count=f"{len(names) - NAMED:,}"))
    return ("、" if lang == "ja" else ", ").join(shown)
