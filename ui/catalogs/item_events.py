"""What is done with the items of a catalog: found, ticked, labelled, removed, given another picture, searched with."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from catalog import Catalog, Columns, Item
from library import Library, LibraryError, Visitor
from ui import cards
from ui.catalogs import item_cards
from ui.catalogs.detail_cards import button
from ui.catalogs.detail_tab import DetailTab, Shown
from ui.catalogs.events import CatalogsEvents
from ui.label_choices import chosen_label, last_given, saved_line
from ui.reply import reply
from ui.visiting import Updates, language
from ui.visitors import visitor_of
from ui.words import word

WHY = "item"
"""Why an item was labelled: somebody chose it from the list."""


class ItemEvents:
    """Event handlers of the items and of the panel of one. Each gives updates for the components that it changes."""

    def __init__(self, library: Library, tab: DetailTab, catalogs: CatalogsEvents) -> None:
        self.library = library
        self.tab = tab
        self.catalogs = catalogs
        self._columns: Columns | None = None
        self._acts: dict[str, Callable[[Shown, dict[str, Any], Visitor, str], Updates]] = {
            "find": self._find,
            "column": self._column,
            "value": self._value,
            "page": self._page,
            "item": self._item,
            "shut": self._shut,
            "set": self._set,
            "unset": self._unset,
            "remove": self._remove,
            "remove-all": self._remove_all,
            "label-all": self._label_all,
            "search": self._search,
        }

    def act(self, event: gr.EventData, shown: Shown, request: gr.Request) -> Updates:
        """A button or a field of the items, or of the panel."""
        data, lang, visitor = event._data or {}, self._lang(request), visitor_of(request)
        act = self._acts.get(str(data.get("act")))
        if act is None:
            return {self.tab.line: ""}
        try:
            return {self.tab.line: "", **act(shown, data, visitor, lang)}
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def take_picture(self, path: str, shown: Shown, current: str, request: gr.Request) -> Updates:
        """Another picture for the item of the panel."""
        lang, visitor = self._lang(request), visitor_of(request)
        try:
            self.library.care.replace_picture(shown.catalog, shown.item, Path(path), visitor)
            said = cards.notice(word("picture_replaced", lang), "notice")
            begun = self.catalogs.shown(current, visitor, lang)
            return {**self.drawn(shown, visitor, lang), **begun, self.tab.line: said}
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def drawn(self, shown: Shown, visitor: Visitor, lang: str, saved: str = "") -> Updates:
        """The page of items and the panel as they are now. saved: what was just changed in the panel, as HTML."""
        entry = self.library.entry(shown.catalog, visitor)
        catalog = self.library.ledger(entry.id).catalog
        found = item_cards.matching(catalog, shown)
        shown = replace(shown, page=max(0, min(shown.page, (len(found) - 1) // item_cards.PAGE)))
        thumbnails, may = self.library.thumbnails(entry), self.library.may_change(entry, visitor)
        return {
            self.tab.items: item_cards.page(catalog, self._counted(catalog), found, shown, thumbnails, may, lang),
            self.tab.shown: shown,
            **self._panel(catalog, shown, visitor, lang, saved),
        }

    def _panel(self, catalog: Catalog, shown: Shown, visitor: Visitor, lang: str, saved: str) -> Updates:
        entry = self.library.entry(shown.catalog, visitor)
        item = _found(catalog, shown.item)
        if item is None:
            return {self.tab.panel: gr.Column(visible=False), self.tab.item: ""}
        may = self.library.may_change(entry, visitor)
        said = {one.attribute: one.value == "" for one in self.library.ledger(entry.id).given if one.item == item.id}
        twins = self.library.care.twins_of(entry.id, item.id, visitor)
        drawn = item_cards.panel(catalog, item, twins, said, self.library.thumbnails(entry), may, lang, saved)
        return {
            self.tab.panel: gr.Column(visible=True),
            self.tab.item: drawn,
            self.tab.picture: gr.UploadButton(visible=may and not entry.root),
        }

    def _find(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        return self.drawn(replace(shown, text=str(data.get("value", ""))[:200], page=0), visitor, lang)

    def _column(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        catalog, column = self._catalog(shown, visitor), str(data.get("value", ""))
        counts = self._counted(catalog).counts(column).most_common(1) if column in catalog.columns else []
        first = counts[0][0] if counts else ""
        return self.drawn(replace(shown, column=column, value=first, page=0), visitor, lang)

    def _value(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        return self.drawn(replace(shown, value=str(data.get("value", "")), page=0), visitor, lang)

    def _page(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        turn = -1 if data.get("turn") == "-1" else 1
        drawn = self.drawn(replace(shown, page=shown.page + turn), visitor, lang)
        return {**drawn, self.catalogs.tab.reply: reply("#items", focus=False)}

    def _item(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        drawn = self.drawn(replace(shown, item=str(data.get("id"))), visitor, lang)
        return {**drawn, self.catalogs.tab.reply: reply("#item .lapel-item")}

    def _shut(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        return self.drawn(replace(shown, item=""), visitor, lang)

    def _set(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        attribute = str(data.get("attribute"))
        values = self._catalog(shown, visitor).attribute(attribute).values
        value = chosen_label(str(data.get("value", "")))
        given = self.library.label(shown.catalog, shown.item, attribute, value, WHY, visitor)
        return self.drawn(shown, visitor, lang, saved_line(given, "unset", lang, values=values))

    def _unset(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        ledger = self.library.ledger(self.library.own(shown.catalog, visitor).id)
        item = ledger.catalog.item(shown.item)
        given = last_given(ledger, item, str(data.get("attribute")), WHY)
        if given is not None:
            self.library.undo(shown.catalog, given, visitor)
        return self.drawn(shown, visitor, lang, saved_line(None, "unset", lang, undone=True))

    def _remove(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        return self._removed(shown, [str(data.get("id"))], visitor, lang)

    def _remove_all(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        return self._removed(shown, _ids(data), visitor, lang)

    def _removed(self, shown: Shown, ids: Sequence[str], visitor: Visitor, lang: str) -> Updates:
        self.library.own(shown.catalog, visitor)
        ledger = self.library.ledger(shown.catalog)
        items = tuple(ledger.own(id) for id in ids)
        self.library.care.remove(shown.catalog, ids, visitor)
        shown = replace(shown, removed=items, item="" if shown.item in ids else shown.item)
        said = word("removed", lang, count=f"{len(ids):,}")
        line = f"{cards.notice(said, 'notice')}".replace("</p>", f" {button('undo', lang)}</p>")
        return {**self.drawn(shown, visitor, lang), self.tab.line: line}

    def _label_all(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        try:
            attribute, value = map(str, json.loads(str(data.get("label"))))
        except ValueError as error:
            raise LibraryError("choose a label to set first") from error
        count = self.library.care.label_all(shown.catalog, _ids(data), attribute, value, WHY, visitor)
        said = cards.notice(word("labelled_many", lang, count=f"{count:,}"), "notice")
        return {**self.drawn(shown, visitor, lang), self.tab.line: said}

    def _search(self, shown: Shown, data: dict[str, Any], visitor: Visitor, lang: str) -> Updates:
        return self.catalogs.search(shown.catalog, str(data.get("id")))

    def _catalog(self, shown: Shown, visitor: Visitor) -> Catalog:
        return self.library.ledger(self.library.entry(shown.catalog, visitor).id).catalog

    def _counted(self, catalog: Catalog) -> Columns:
        if self._columns is None or self._columns.catalog is not catalog:
            self._columns = Columns(catalog)
        return self._columns

    def _lang(self, request: gr.Request) -> str:
        return language(self.library.settings, request)


def _found(catalog: Catalog, id: str) -> Item | None:
    return catalog.item(id) if id and any(item.id == id for item in catalog.items) else None


def _ids(data: dict[str, Any]) -> list[str]:
    listed = data.get("items")
    return [str(id) for id in listed] if isinstance(listed, list) else []
