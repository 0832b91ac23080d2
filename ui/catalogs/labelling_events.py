"""What labelling does: choose an attribute or begin one, take answers, take them back, and have it taught."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr

from catalog import CatalogError
from common.jobs import Job, JobError
from library import UNSEEN, Labelling, Labellings, Library, LibraryError, Visitor, begin_attribute
from ui import cards
from ui.catalogs import labelling_cards, list_cards
from ui.catalogs.labelling_tab import LabellingTab, Session
from ui.names import values_of
from ui.reply import reply
from ui.visiting import Updates, language
from ui.visitors import visitor_of
from ui.words import word

AHEAD = 12
"""Pictures that the browser holds."""
PATIENCE = 3.0
"""Seconds that opening waits for the attributes that the weights know."""
WHYS = ("random", "typical", "unsure", "different", "result")


class LabellingEvents:
    """Event handlers of labelling. Each gives updates for the components that it changes.

    listed: the list of catalogs, where labelling is opened and which says what is labelled. ready: changes when the search is
    to be done again. go: what Search is to be filled for. tabs: those of the page.
    """

    def __init__(
        self, library: Library, tab: LabellingTab, listed: gr.HTML, ready: gr.State, go: gr.State, tabs: gr.Tabs
    ) -> None:
        self.library = library
        self.tab = tab
        self.listed = listed
        self.ready = ready
        self.go = go
        self.tabs = tabs
        self.labellings = Labellings()
        self._acts: dict[str, Callable[[Labelling, Session, dict[str, Any], Visitor], Session]] = {
            "value": self._value,
            "skip": self._skip,
            "undo": self._undo,
        }

    def open(self, event: gr.EventData, request: gr.Request) -> Updates:
        """The button "Label" of a catalog, or one that names an attribute of it too."""
        data, lang, visitor = event._data or {}, self._lang(request), visitor_of(request)
        if data.get("act") != "label":
            return {self.tab.line: gr.skip()}
        tab, id = self.tab, str(data.get("id"))
        try:
            entry = self.library.own(id, visitor)
            opened = self.library.opened(id, visitor)
            opened.wait(PATIENCE)
            found = self._attributes(id, visitor)
        except LibraryError as error:
            return {
                **self._bare(),
                tab.part: gr.Column(visible=True),
                tab.head: labelling_cards.head(word("a_catalog", lang), "", lang),
                tab.choosing: gr.Column(visible=False),
                tab.line: cards.error_line(error, lang),
            }
        begun: Updates = {
            **self._bare(),
            tab.reply: reply("#label-head"),
            tab.part: gr.Column(visible=True),
            tab.head: labelling_cards.head(entry.name, "", lang),
            tab.choosing: gr.Column(visible=True),
            tab.pick: labelling_cards.attributes(found, lang),
            tab.session: Session(entry.id),
        }
        name = str(data.get("attribute") or "")
        return {**begun, **self._begun(Session(entry.id), name, request)} if name else begun

    def choose(self, event: gr.EventData, session: Session, request: gr.Request) -> Updates:
        """An attribute is chosen."""
        return self._begun(session, str((event._data or {}).get("name", "")), request)

    def create(self, name: str, values: str, session: Session, request: gr.Request) -> Updates:
        """An attribute is begun, or one that is there gets further values."""
        lang, visitor = self._lang(request), visitor_of(request)
        wanted = [text.strip() for text in re.split(r"[,;、，；\n]", values or "") if text.strip()]
        try:
            ledger = self.library.ledger(self.library.own(session.catalog, visitor).id)
            if len(set(wanted)) < 2 and (name or "").strip():
                return {self.tab.line: cards.notice(word("need_values", lang), "notice")}
            made = begin_attribute(ledger, name or "", wanted)
            self.library.refresh(session.catalog)
        except LibraryError as error:
            return {self.tab.line: cards.error_line(error, lang)}
        return self._begun(session, made, request)

    def turn(self, event: gr.EventData, session: Session, request: gr.Request) -> Updates:
        """An answer: a value, a picture passed over, an answer taken back, or a further value."""
        data, lang, visitor, tab = event._data or {}, self._lang(request), visitor_of(request), self.tab
        try:
            labelling = self._labelling(session, visitor)
            if data.get("act") == "add":
                begin_attribute(labelling.ledger, labelling.name, [*labelling.values, str(data.get("value", ""))])
                self.library.refresh(session.catalog)
                return {tab.line: "", **self._drawn(labelling, replace(session, number=0), visitor, lang)}
            before = session
            session = self._acts[str(data.get("act"))](labelling, session, data, visitor)
            again = self._again(data, before, labelling, visitor, lang)
            session = replace(session, number=int(data.get("number") or 0))
            known = self._known(labelling, session, visitor, lang, again)
            return {tab.line: "", tab.session: session, tab.known: known}
        except (LibraryError, CatalogError, KeyError) as error:
            return {tab.line: cards.error_line(error, lang)}

    def teach(self, event: gr.EventData, session: Session, request: gr.Request) -> Updates:
        """Have the attribute taught, as a job."""
        lang, visitor, tab = self._lang(request), visitor_of(request), self.tab
        try:
            labelling = self._labelling(session, visitor)
            job = self.library.submit("teach", {"attribute": labelling.name}, session.catalog, visitor.mark)
            said = self._lesson(job, labelling.name, lang)
        except (LibraryError, JobError) as error:
            return {tab.line: cards.error_line(error, lang)}
        return {
            tab.reply: reply("#label-lesson"),
            tab.line: "",
            tab.lesson: said,
            tab.session: replace(session, job=job.id),
            tab.tick: gr.Timer(active=True),
        }

    def watch(self, session: Session, taught: int, request: gr.Request) -> Updates:
        """How teaching goes; when it is done, `taught` changes, so that Search gets the attribute."""
        lang, visitor, tab = self._lang(request), visitor_of(request), self.tab
        try:
            job = self.library.job(session.job, visitor)
            said = self._lesson(job, session.attribute, lang)
        except (LibraryError, JobError) as error:
            return {tab.lesson: cards.error_line(error, lang), tab.tick: gr.Timer(active=False)}
        if not job.over:
            return {tab.lesson: said}
        learnt = bool(job.result.get("taught"))
        over: Updates = {tab.lesson: said, tab.tick: gr.Timer(active=False), tab.taught: taught + learnt}
        try:
            known = self._known(self._labelling(session, visitor), session, visitor, lang, learnt=learnt)
        except (LibraryError, CatalogError):  # the catalog has gone meanwhile
            return over
        return {**over, tab.known: known}

    def search(self, event: gr.EventData, session: Session, request: gr.Request) -> Updates:
        """Go to Search with what was taught."""
        if (event._data or {}).get("act") != "search":
            return {self.tab.line: gr.skip()}
        wanted = (session.catalog, time.monotonic_ns(), "", session.attribute)
        return {self.go: wanted, self.tabs: gr.Tabs(selected="search")}

    def _lesson(self, job: Job, name: str, lang: str) -> str:
        before = [
            one.finished - one.started
            for one in self.library.jobs.all(catalog=job.catalog)
            if one.kind == "teach" and one.result.get("taught") and one.finished and one.started
        ]
        last = before[0] if before else None
        values = values_of(self.library.ledger(job.catalog).catalog, name)
        return labelling_cards.lesson(job, name, self.library.jobs.place(job.id), lang, last, values)

    def leave(self, session: Session, current: str, ready: int, request: gr.Request) -> Updates:
        """Back to the list; what is searched is searched again, since its labels are others."""
        tab, lang, visitor = self.tab, self._lang(request), visitor_of(request)
        return {
            **self._bare(),
            tab.reply: reply("#detail-head, #list-title"),
            tab.part: gr.Column(visible=False),
            tab.tick: gr.Timer(active=False),
            tab.session: Session(),
            self.listed: list_cards.catalog_list(self.library, visitor, current, lang),
            self.ready: ready + 1 if session.attribute and session.catalog == current else gr.skip(),
        }

    def _begun(self, session: Session, name: str, request: gr.Request) -> Updates:
        lang, visitor, tab = self._lang(request), visitor_of(request), self.tab
        session = Session(session.catalog, name)
        try:
            entry = self.library.own(session.catalog, visitor)
            labelling = self._labelling(session, visitor)
            drawn = self._drawn(labelling, session, visitor, lang)
        except LibraryError as error:
            return {tab.line: cards.error_line(error, lang)}
        return {
            **drawn,
            tab.reply: reply("#label-head"),
            tab.line: "",
            tab.head: labelling_cards.head(entry.name, labelling.name, lang),
            tab.choosing: gr.Column(visible=False),
            tab.lesson: "",
            tab.session: replace(session, attribute=labelling.name),
        }

    def _value(self, labelling: Labelling, session: Session, data: dict[str, Any], visitor: Visitor) -> Session:
        item, value = str(data.get("item")), str(data.get("value"))
        if value != UNSEEN and value not in labelling.values:
            raise LibraryError(f"'{labelling.name}' has no value '{value}'; add it first")
        labelling.declare()
        asked = str(data.get("why"))
        why = labelling.why(item, asked if asked in WHYS else "result")
        self.library.label(session.catalog, item, labelling.name, value, why, visitor)
        return replace(session, passed=tuple(id for id in session.passed if id != item))

    def _skip(self, labelling: Labelling, session: Session, data: dict[str, Any], visitor: Visitor) -> Session:
        return replace(session, passed=(*session.passed, str(data.get("item"))))

    def _undo(self, labelling: Labelling, session: Session, data: dict[str, Any], visitor: Visitor) -> Session:
        item = str(data.get("item") or "")
        if item in session.passed:
            return replace(session, passed=tuple(id for id in session.passed if id != item))
        given = next((one for one in labelling.last(len(labelling.ledger.catalog)) if item in ("", one.item)), None)
        if given is not None:
            self.library.undo(session.catalog, given, visitor)
        return session

    def _again(self, data: dict[str, Any], before: Session, labelling: Labelling, visitor: Visitor, lang: str) -> str:
        """After an undo of which the browser had no picture left: that picture."""
        if data.get("act") != "undo" or data.get("item"):
            return ""
        last = next((one for one in reversed(labelling.ledger.given) if one.attribute == labelling.name), None)
        if last is None:
            return ""
        thumbnails = self.library.thumbnails(self.library.entry(before.catalog, visitor))
        item = labelling.ledger.catalog.item(last.item)
        return labelling_cards.again(item, labelling.why(item.id, "result"), thumbnails, lang)

    def _labelling(self, session: Session, visitor: Visitor) -> Labelling:
        """LibraryError where the visitor may not change the catalog."""
        entry = self.library.own(session.catalog, visitor)
        opened = self.library.opened(entry.id, visitor)
        return self.labellings.of(opened, self.library.ledger(entry.id), session.attribute)

    def _attributes(self, id: str, visitor: Visitor) -> list[tuple[str, int]]:
        """Attributes that can be labelled, with how many labels each has: the catalog's, then those that the weights know."""
        catalog, opened = self.library.ledger(id).catalog, self.library.opened(id, visitor)
        own = [one.name for one in catalog.attributes]
        known = list(opened.known_attributes) if opened.stage.name == "ready" else []
        counts = {name: sum(name in item.labels for item in catalog.items) for name in own}
        return [(name, counts.get(name, 0)) for name in dict.fromkeys([*own, *known])]

    def _drawn(self, labelling: Labelling, session: Session, visitor: Visitor, lang: str) -> Updates:
        return {
            self.tab.stage: labelling_cards.stage(labelling, self._coming(labelling, session, visitor, lang), lang),
            self.tab.known: self._known(labelling, session, visitor, lang),
        }

    def _coming(self, labelling: Labelling, session: Session, visitor: Visitor, lang: str) -> str:
        thumbnails = self.library.thumbnails(self.library.entry(session.catalog, visitor))
        questions = labelling.questions(AHEAD, session.passed)
        return labelling_cards.figures(questions, labelling.ledger.catalog, thumbnails, lang)

    def _known(
        self,
        labelling: Labelling,
        session: Session,
        visitor: Visitor,
        lang: str,
        again: str = "",
        learnt: bool = False,
    ) -> str:
        """learnt: whether it has just been taught, which the opened catalog may not know yet."""
        entry = self.library.entry(session.catalog, visitor)
        opened = labelling.opened
        taught = learnt or (opened is not None and opened.stage.name == "ready" and labelling.name in opened.taught)
        coming = again + self._coming(labelling, session, visitor, lang)
        thumbnails = self.library.thumbnails(entry)
        return labelling_cards.known(labelling, labelling.known, coming, thumbnails, lang, taught, session.number)

    def _bare(self) -> Updates:
        tab = self.tab
        bare = dict.fromkeys([tab.line, tab.pick, tab.stage, tab.known, tab.lesson, tab.name, tab.values], "")
        return {**bare, tab.session: Session()}

    def _lang(self, request: gr.Request) -> str:
        return language(self.library.settings, request)
