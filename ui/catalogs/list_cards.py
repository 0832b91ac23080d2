"""HTML of the list of catalogs. Everything from outside is escaped."""

from html import escape

from library import Entry, Library, Visitor
from ui.words import word

COVERS = 4
"""Pictures that a catalog is shown by."""


def catalog_list(library: Library, visitor: Visitor, current: str, lang: str) -> str:
    """A card for each catalog that the visitor may see, and below it what can be had back."""
    cards = [_card(library, entry, visitor, entry.id == current, lang) for entry in library.all(visitor)]
    gone = "".join(
        f"<p>{escape(word('deleted', lang, name=entry.name))} {_button('restore', entry.id, lang)}</p>"
        for entry in library.keeping.deleted(visitor)
    )
    return f'<ul class="lapel-catalogs">{"".join(cards)}</ul><div class="lapel-gone">{gone}</div>'


def _card(library: Library, entry: Entry, visitor: Visitor, current: bool, lang: str) -> str:
    catalog = library.ledger(entry.id).catalog
    pictures = "".join(
        f'<img src="{escape(url)}" alt="" loading="lazy" width="64" height="80">'
        for url in library.covers(entry.id, COVERS)
    )
    labelled = ", ".join(attribute.name for attribute in catalog.attributes[:6])
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
        f'<div class="acts">{"".join(_button(act, entry.id, lang) for act in acts)}</div></li>'
    )


def _button(act: str, id: str, lang: str) -> str:
    return f'<button type="button" data-act="{act}" data-id="{escape(id)}">{escape(word(f"act_{act}", lang))}</button>'
