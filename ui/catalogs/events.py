"""What the Catalogs tab does: looks, imports, and what is done with a catalog that is there."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import anyio
import gradio as gr

from catalog import CatalogError, Wish
from library import Library, Looking, UnknownCatalog, Visitor
from ui import cards
from ui.catalogs import list_cards, look_cards
from ui.catalogs.detail_cards import button
from ui.catalogs.job_cards import JobCards
from ui.catalogs.tab import CatalogsTab
from ui.metrics import evaluating
from ui.reply import reply
from ui.visiting import Updates, language
from ui.visitors import visitor_of
from ui.words import word

LATELY = 6
"""Jobs that are over of which the page tells."""
IN_PLACE = ("reread", "erase_one")
"""Acts of which the answer stands where they were pressed."""


class CatalogsEvents:
    """Event handlers of the tab. Each gives updates for the components that it changes.

    current: id of the catalog that is searched.
    """

    def __init__(
        self, library: Library, tab: CatalogsTab, current: gr.State, choose: gr.Dropdown, tabs: gr.Tabs
    ) -> None:
        """tabs: those of the page."""
        self.tabs = tabs
        self.job_cards = JobCards(library)
        self.library = library
        self.tab = tab
        self.current = current
        self.choose = choose
        self._acts: dict[str, Callable[[str, Visitor, str], Updates]] = {
            "open": self._go,
            "delete": self._delete,
            "restore": self._restore,
            "erase_one": self._erase,
            "duplicate": self._duplicate,
            "export": self._export,
            "measure": self._measure,
            "reread": self._reread,
            "add": self._add,
        }

    def begin(self, current: str, request: gr.Request) -> Updates:
        """The list and the jobs as they are now."""
        return self.shown(current, visitor_of(request), self._lang(request))

    def watch(self, current: str, request: gr.Request) -> Updates:
        """The same again, while something goes on."""
        return self.begin(current, request)

    async def take_upload(
        self, event: gr.EventData, into: str, current: str, request: gr.Request
    ) -> AsyncIterator[Updates]:
        """Look at what was uploaded."""
        visitor, lang = visitor_of(request), self._lang(request)
        upload = str((event._data or {}).get("upload", ""))
        try:
            path = self.library.uploads.path(upload, visitor)
        except ValueError as error:
            yield {self.tab.line: cards.error_line(error, lang)}
            return
        async for updates in self._look(path, upload, into, visitor, lang):
            yield updates

    async def take_place(self, place: str, into: str, request: gr.Request) -> AsyncIterator[Updates]:
        """Look at a folder of the server, where the host allows it, or at a Hub dataset."""
        visitor, lang = visitor_of(request), self._lang(request)
        text = (place or "").strip()
        if not text:
            yield {self.tab.line: cards.notice(word("need_place", lang), "notice")}
            return
        if self.library.settings.public and not visitor.admin and (text[0] in "/~." or Path(text).exists()):
            yield {self.tab.line: cards.notice(word("no_folders", lang))}
            return
        async for updates in self._look(text, "", into, visitor, lang):
            yield updates

    async def _look(
        self, source: str | Path, upload: str, into: str, visitor: Visitor, lang: str
    ) -> AsyncIterator[Updates]:
        try:
            wish = Wish.from_dict(self.library.own(into, visitor).wish) if into else None
        except ValueError as error:  # the catalog has gone
            yield {self.tab.line: cards.error_line(error, lang)}
            return
        looking = self.library.looks.begin(source, visitor, upload, into, wish)
        yield {
            self.tab.line: "",
            self.tab.look: looking.id,
            self.tab.found: look_cards.progress(looking, lang),
            self.tab.name: gr.Textbox(visible=False),
            self.tab.accept: gr.Button(interactive=False),
            self.tab.reply: reply("#found"),
            **self._open(True),
        }
        while not looking.finished.wait(0):
            await anyio.sleep(0.3)
            yield {self.tab.found: look_cards.progress(looking, lang)}
        if looking.look is None:
            yield {self.tab.line: cards.error_line(CatalogError(looking.error), lang), **self._open(False)}
            return
        yield {
            self.tab.found: self._found(looking, lang),
            self.tab.name: gr.Textbox(value=looking.look.name, visible=not into),
            self.tab.accept: gr.Button(
                word("accept_add" if into else "accept", lang), interactive=looking.look.items > 0
            ),
        }

    def turn(self, event: gr.EventData, look: str, request: gr.Request) -> Updates:
        """A column gets another role or name, a mend is switched, another table or preset is read."""
        lang = self._lang(request)
        try:
            visitor = visitor_of(request)
            looking = self.library.looks.get(look, visitor)
            if looking.look is not None:
                self.library.looks.change(look, look_cards.changed(looking.look, event._data or {}, lang), visitor)
            assert looking.look is not None
            return {
                self.tab.line: "",
                self.tab.found: self._found(looking, lang),
                self.tab.accept: gr.Button(interactive=looking.look.items > 0),
            }
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def _found(self, looking: Looking, lang: str) -> str:
        assert looking.look is not None
        try:
            known = self.library.weights.embedder.attributes
        except ValueError:  # they are still being loaded
            known = []
        if not looking.into:
            return look_cards.shown(looking.look, known, lang)
        entry = self.library.entries.get(looking.into)
        there = {item.id for item in self.library.ledger(entry.id).catalog.items}
        again = sum(item.id in there for item in looking.look.catalog.items)
        title = word("adding_to", lang, what=looking.look.name, name=entry.name)
        said = word("adding_counts", lang, new=f"{looking.look.items - again:,}", again=f"{again:,}")
        return look_cards.shown(looking.look, known, lang, title, said)

    def accept(self, look: str, name: str, current: str, request: gr.Request) -> Updates:
        """Import what was looked at, or add it to the catalog that was chosen for it."""
        visitor, lang = visitor_of(request), self._lang(request)
        try:
            looking = self.library.looks.get(look, visitor)
            job = self.library.import_look(looking, name, visitor)
        except UnknownCatalog as error:  # that it was to be added to
            return {self.tab.line: cards.error_line(error, lang), **self.add_no_more()}
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}
        said = word("importing", lang, name=job.arguments["name"])
        if looking.into:
            said = word("adding_now", lang, name=self.library.entries.get(looking.into).name)
        return {
            **self.shown(current, visitor, lang),
            self.tab.line: cards.notice(said, "notice", job.id),
            **self.add_no_more(),
            **self._open(False),
        }

    def discard(self, look: str, request: gr.Request) -> Updates:
        """Forget what was looked at, with what was uploaded for it."""
        self.library.forget_look(look, visitor_of(request))
        shut = {self.tab.line: "", self.tab.look: "", self.tab.reply: reply("#bring")}
        return {**shut, **self.add_no_more(), **self._open(False)}

    def add_no_more(self) -> Updates:
        """What is brought next is a new catalog again."""
        return {self.tab.into: "", self.tab.adding: ""}

    def act(self, event: gr.EventData, current: str, request: gr.Request) -> Updates:
        """A button of the list or of a job."""
        visitor, lang, data = visitor_of(request), self._lang(request), event._data or {}
        act = self._acts.get(str(data.get("act")))
        if act is None:
            return {self.tab.line: ""}
        try:
            id, name = str(data.get("id")), str(data.get("act"))
            done = act(id, visitor, lang)
            if name not in IN_PLACE:
                return {**self.shown(current, visitor, lang), **done}
            said = {id: done.pop(self.tab.line)}
            return {
                **self.shown(current, visitor, lang, said),
                **done,
                self.tab.line: "",
                self.tab.reply: reply("#catalog-list .lapel-line", focus=False),
            }
        except Exception as error:
            return {self.tab.line: cards.error_line(error, lang)}

    def search(self, id: str, item: str = "") -> Updates:
        """Go to Search with a catalog, and an item of it."""
        return {self.tab.go: (id, time.monotonic_ns(), item), self.tabs: gr.Tabs(selected="search")}

    def _go(self, id: str, visitor: Visitor, lang: str) -> Updates:
        """Search another catalog."""
        return self.search(self.library.entry(id, visitor).id)

    def _delete(self, id: str, visitor: Visitor, lang: str) -> Updates:
        entry = self.library.keeping.delete(id, visitor)
        said = cards.notice(word("deleted", lang, name=entry.name), "notice")
        return {self.tab.line: said.replace("</p>", f" {button('restore', lang, id=entry.id)}</p>")}

    def _restore(self, id: str, visitor: Visitor, lang: str) -> Updates:
        self.library.keeping.restore(id, visitor)
        return {self.tab.line: ""}

    def _erase(self, id: str, visitor: Visitor, lang: str) -> Updates:
        entry = self.library.keeping.erase_deleted(id, visitor)
        said = cards.notice(word("erased", lang, name=entry.name), "notice")
        return {self.tab.line: said, self.tab.logged: "", self.tab.log: ""}

    def _duplicate(self, id: str, visitor: Visitor, lang: str) -> Updates:
        name = self.library.entry(id, visitor).name
        entry = self.library.keeping.duplicate(id, word("copy_of", lang, name=name), visitor)
        said = cards.notice(word("duplicated", lang, name=entry.name), "notice")
        return {self.tab.line: said, self.tab.reply: reply(f'.lapel-catalog:has([data-id="{entry.id}"])')}

    def _export(self, id: str, visitor: Visitor, lang: str) -> Updates:
        self.library.submit("export", {"form": "zip"}, self.library.own(id, visitor).id, visitor.mark)
        return {self.tab.line: "", self.tab.reply: reply("#jobs")}

    def _measure(self, id: str, visitor: Visitor, lang: str) -> Updates:
        entry = self.library.entry(id, visitor)
        self.library.submit("evaluate", evaluating.standard(self.library, entry), entry.id, visitor.mark)
        return {self.tab.line: "", self.tab.reply: reply("#jobs")}

    def _reread(self, id: str, visitor: Visitor, lang: str) -> Updates:
        changed = self.library.care.reread(id, visitor)
        return {self.tab.line: cards.notice(word("reread", lang, count=f"{changed:,}"), "notice")}

    def _add(self, id: str, visitor: Visitor, lang: str) -> Updates:
        entry = self.library.own(id, visitor)
        adding = list_cards.adding(entry, lang)
        return {self.tab.into: entry.id, self.tab.adding: adding, self.tab.line: "", self.tab.reply: reply("#adding")}

    def shown(self, current: str, visitor: Visitor, lang: str, said: Mapping[str, str] | None = None) -> Updates:
        """The list and the jobs as they are now. said: as `list_cards.catalog_list` has it."""
        jobs = self.library.jobs_of(visitor, LATELY)
        choices = [(entry.name, entry.id) for entry in self.library.all(visitor)]
        there = any(id == current for _, id in choices)  # it may have been erased
        return {
            self.tab.listed: list_cards.catalog_list(self.library, visitor, current, lang, said or {}),
            self.tab.jobs: self.job_cards.all(jobs, visitor, lang),
            self.tab.tick: gr.Timer(active=any(not job.over for job in jobs)),
            self.choose: gr.Dropdown(choices, value=current if there else None, visible=len(choices) > 1),
        }

    def _open(self, looking: bool) -> Updates:
        return {self.tab.bring: gr.Column(visible=not looking), self.tab.looked: gr.Column(visible=looking)}

    def _lang(self, request: gr.Request) -> str:
        return language(self.library.settings, request)
