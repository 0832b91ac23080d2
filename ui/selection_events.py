"""What is done with selected results: a file of them, or a set that the library keeps."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from library import Library, LibraryError, Opened, SavedSet, UnknownCatalog, Visitor
from ui import cards, selection_files, set_cards
from ui.scripts import script
from ui.searching import Answer
from ui.selection_files import MOST_PICTURES, Selected
from ui.visitors import visitor_of
from ui.words import language_of, word

Updates = dict[Any, Any]
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "multiple"}
SAVE_FILE = "() => setTimeout(() => document.querySelector('#selection-file').click(), 150)"


@dataclass(frozen=True)
class Selection:
    """The components of the saved sets and of what is taken along. sets: its `input` carries what was pressed here and below the
    results. deleted: the set that was deleted last."""

    line: gr.HTML
    sets: gr.HTML
    file: gr.DownloadButton
    deleted: gr.State


def build_selection(say: Callable[[str], Any]) -> Selection:
    """Lay them out, empty; below or above the results. `say` is not needed: all is drawn in the visitor's language."""
    del say
    line = gr.HTML(elem_id="selection-line", js_on_load=script("passing"))
    listed = gr.HTML(elem_id="selection", js_on_load=script("keep") + script("select"))
    return Selection(line, listed, gr.DownloadButton(elem_id="selection-file", size="sm"), gr.State(None))


class SelectionEvents:
    """Event handlers of a selection. catalog: the id of the catalog that is searched; found: what is shown of it."""

    def __init__(self, library: Library, part: Selection) -> None:
        self.library = library
        self.part = part

    def show(self, catalog: str, request: gr.Request) -> Updates:
        """The sets of the catalog that is searched now."""
        try:
            return {self.part.sets: self._listed(catalog, request), self.part.line: ""}
        except UnknownCatalog:
            return {self.part.sets: "", self.part.line: ""}

    def act(
        self, event: gr.EventData, catalog: str, found: Answer | None, deleted: SavedSet | None, request: gr.Request
    ) -> Updates:
        """What was pressed; `act` of the event says what. items: ids; set: the id of a saved one in their place."""
        data = event._data or {}
        lang, visitor = self._language(request), visitor_of(request)
        try:
            opened = self.library.opened(catalog, visitor)
            name = str(data.get("act", ""))
            if name in selection_files.FORMS:
                return self._file(name, self._selected(data, opened, found, visitor), lang)
            if name == "save":
                return self._save(data, opened, found, request)
            if name == "delete":
                gone = self.library.sets.delete(str(data.get("set", "")), visitor)
                return self._changed(catalog, set_cards.deleted(gone, lang), request) | {self.part.deleted: gone}
            if name == "undo" and deleted is not None:
                self.library.sets.restore(deleted, visitor)
                return self._changed(catalog, "", request) | {self.part.deleted: None}
        except Exception as error:
            return {self.part.line: cards.error_line(error, lang), **self._no_file}
        return {self.part.line: "", **self._no_file}

    def _selected(self, data: dict[str, Any], opened: Opened, found: Answer | None, visitor: Visitor) -> Selected:
        entry = self.library.entry(opened.id, visitor)
        if "set" in data:
            one = self.library.sets.get(str(data["set"]), visitor)
            chosen = selection_files.selected(opened, one.items, None, one.name, one.asked)
        else:
            items = [str(id) for id in data.get("items") or []]
            chosen = selection_files.selected(opened, items, found)
        if not chosen.items:
            raise LibraryError("no item is selected; select some first")
        return replace(chosen, originals=self.library.may_change(entry, visitor))

    def _file(self, form: str, chosen: Selected, lang: str) -> Updates:
        path = selection_files.write(form, chosen, lang)
        said = ""
        if form != "csv" and len(chosen.items) > MOST_PICTURES:
            said = cards.notice(word("zip_cut", lang, count=MOST_PICTURES, total=f"{len(chosen.items):,}"), "notice")
        return {self.part.file: gr.DownloadButton(value=str(path)), self.part.line: said}

    def _save(self, data: dict[str, Any], opened: Opened, found: Answer | None, request: gr.Request) -> Updates:
        lang, visitor = self._language(request), visitor_of(request)
        chosen = selection_files.selected(opened, [str(id) for id in data.get("items") or []], found)
        ids = [item.id for item in chosen.items]
        made = self.library.sets.save(str(data.get("name", "")), opened.id, ids, visitor, chosen.words(lang))
        said = cards.notice(word("set_saved", lang, name=made.name, count=len(made.items)), "notice")
        return self._changed(opened.id, said, request)

    def _changed(self, catalog: str, line: str, request: gr.Request) -> Updates:
        return {self.part.sets: self._listed(catalog, request), self.part.line: line, **self._no_file}

    def _language(self, request: gr.Request) -> str:
        return language_of(request.headers, request.query_params, self.library.settings.lang)

    @property
    def _no_file(self) -> Updates:
        """The file of before is not given out once more."""
        return {self.part.file: gr.DownloadButton(value=None)}

    def _listed(self, catalog: str, request: gr.Request) -> str:
        lang, visitor = self._language(request), visitor_of(request)
        opened = self.library.opened(catalog, visitor)
        return set_cards.sets(self.library.sets.all(opened.id, visitor), opened.catalog, lang)


def connect_selection(
    page: gr.Blocks, events: SelectionEvents, catalog: gr.State, found: gr.State, shown: gr.HTML | None = None
) -> None:
    """catalog: the id of the one that is searched; found: the answer that is shown. shown: not needed by the events; a
    component whose change shows the sets again, besides a change of the catalog."""
    part = events.part
    again = [page.load, catalog.change, *([shown.change] if shown is not None else [])]
    gr.on(again, events.show, catalog, [part.sets, part.line], **QUIET)
    taken = [part.sets, part.line, part.file, part.deleted]
    pressed = part.sets.input(events.act, [catalog, found, part.deleted], taken, **QUIET)
    pressed.success(None, None, None, js=SAVE_FILE)
