"""What the PoC tab does: shows the last sheet, has one made, and decides again when something else is stated."""

from collections import Counter
from typing import Any

import gradio as gr

from common.jobs import Job, JobError
from library import Entry, Library, LibraryError, Visitor
from library.poc import Sheet, changed_since, last_sheet, with_usage
from ui import cards as lines
from ui.metrics import evaluating
from ui.names import value_name
from ui.poc import cards, forms
from ui.poc.images import images
from ui.poc.progress import going_on, progress
from ui.poc.stated import SenselessError, Stated, keep, stated
from ui.poc.tab import STEPS, PocTab
from ui.refusals import told
from ui.visiting import Updates, language
from ui.visitors import visitor_of
from ui.words import word

FORMS = ("assumed", "prices")


class PocEvents:
    """Event handlers of the tab. Each gives updates for the components that it changes.

    current: id of the catalog that is searched. kept: what the browser keeps. tabs: those of the page.
    """

    def __init__(self, library: Library, tab: PocTab, current: gr.State, kept: gr.BrowserState, tabs: gr.Tabs) -> None:
        self.library = library
        self.tab = tab
        self.current = current
        self.kept = kept
        self.tabs = tabs

    def show(self, current: str, kept: object, seen: str, request: gr.Request) -> Updates:
        """The last sheet of the catalog, or what one would be; and how far one is that is being made. Of a catalog that was not
        `seen` last, the walk begins with what there is to see."""
        lang, visitor = self._lang(request), visitor_of(request)
        try:
            entry = self.library.entry(current, visitor)
        except LibraryError as error:
            return {self.tab.line: lines.error_line(error, lang), self.tab.tick: gr.Timer(active=False)}
        job = self.library.going_on(entry.id, "poc")
        drawn = {**self._drawn(entry, stated(kept), visitor, lang), **self._going_on(job, visitor, lang)}
        if seen != entry.id:
            drawn[self.tab.walk] = self.go(len(STEPS) if drawn[self.tab.files] else 1)
            drawn[self.tab.split] = self._splits(entry, lang)
        return {**drawn, self.tab.seen: entry.id}

    def make(self, split: str | None, current: str, request: gr.Request) -> Updates:
        """Have a sheet made of a split, as a job; whoever sees a catalog may. split: "" is all that is labelled; None is what
        Metrics measures: the test split where there is one, since the weights may have been trained on the rest."""
        lang, visitor = self._lang(request), visitor_of(request)
        try:
            entry = self.library.entry(current, visitor)
            known = {item.split or "" for item in self.library.catalog(entry).items} | {""}
            chosen = split if split in known else evaluating.standard(self.library, entry)["split"]
            job = self.library.submit("poc", {"split": chosen}, entry.id, visitor.mark)
        except (LibraryError, JobError) as error:
            return {self.tab.job: lines.error_line(error, lang)}
        return self._going_on(job, visitor, lang)

    def watch(self, job_id: str, current: str, kept: object, seen: str, request: gr.Request) -> Updates:
        """How far the sheet is; all of it when it is done."""
        lang, visitor = self._lang(request), visitor_of(request)
        try:
            job = self.library.jobs.get(job_id)
            if self.library.entry(current, visitor).id != job.catalog:
                return self.show(current, kept, seen, request)
        except (LibraryError, JobError):  # hidden meanwhile, or the catalog has gone
            return {self.tab.job: "", self.tab.tick: gr.Timer(active=False), self.tab.job_id: ""}
        if not job.over:
            return self._going_on(job, visitor, lang)
        shown = self.show(current, kept, seen, request)
        if shown.get(self.tab.files):
            shown[self.tab.walk] = self.go(len(STEPS))
        if job.state == "cancelled":
            shown[self.tab.job] = lines.notice(word("poc_cancelled", lang), "notice")
        elif job.state != "done":
            shown[self.tab.job] = lines.notice(told(job.error, lang) or word(f"job_{job.state}", lang))
        return shown

    def cancel(
        self, event: gr.EventData, job_id: str, current: str, kept: object, seen: str, request: gr.Request
    ) -> Updates:
        """Cancel the sheet that is being made, where it is the visitor's."""
        lang = self._lang(request)
        try:
            if (event._data or {}).get("act") == "cancel":
                self.library.jobs.cancel(self.library.job(job_id, visitor_of(request)).id)
        except (LibraryError, JobError) as error:
            return {self.tab.job: lines.error_line(error, lang)}
        return self.watch(job_id, current, kept, seen, request)

    def choose(self, which: int | None, current: str, kept: object, request: gr.Request) -> Updates:
        """The curve of another attribute."""
        lang = self._lang(request)
        try:
            entry = self.library.entry(current, visitor_of(request))
            sheet = self._sheet(entry)
            if sheet is None:
                return {self.tab.labels_line: gr.skip()}
            return self._labels(cards.Told(sheet, stated(kept), lang), which or 0)
        except LibraryError as error:
            return {self.tab.labels_line: lines.error_line(error, lang)}

    def state(self, event: gr.EventData, current: str, kept: object, which: int | None, request: gr.Request) -> Updates:
        """An assumption or a price was changed, or all of a form are to be as they were: the decision follows at once."""
        data, lang, tab = event._data or {}, self._lang(request), self.tab
        part = str(data.get("form"))
        try:
            if part not in FORMS:
                return {tab.line: gr.skip()}
            visitor = visitor_of(request)
            entry = self.library.entry(current, visitor)
            before = stated(kept)
            values = {} if data.get("act") == "reset" else data.get("values")
            found = keep(kept, part, values)
            now = stated(found)
            drawn = self._drawn(entry, now, visitor, lang, which or 0)
        except SenselessError as error:
            return {tab.line: self._refused(error, stated(kept), lang)}
        except LibraryError as error:
            return {tab.line: lines.error_line(error, lang)}
        if data.get("act") != "reset" and before.assumptions.currency == now.assumptions.currency:
            for form in (tab.stated, tab.prices):  # somebody may be typing in the next field already
                drawn.pop(form, None)
        return {**drawn, self.kept: found}

    def go(self, step: int) -> Any:
        """To a step of the walk, from 1; those before it can then be gone back to."""
        return gr.Walkthrough(selected=step)

    def step(self, event: gr.EventData) -> Any:
        """To the step of a finished sheet that was chosen, also where it was not come to yet."""
        step = str((event._data or {}).get("step"))
        return self.go(int(step)) if step in map(str, range(1, len(STEPS) + 1)) else gr.skip()

    def other(self, event: gr.EventData) -> Any:
        """Go to where another catalog is opened."""
        return gr.Tabs(selected="catalogs") if (event._data or {}).get("act") == "other" else gr.skip()

    def bring(self) -> Any:
        """Go to where images are imported."""
        return gr.Tabs(selected="catalogs")

    def _refused(self, error: SenselessError, before: Stated, lang: str) -> str:
        try:
            name = forms.field_name(error.key, before, lang)
        except (LookupError, LibraryError):  # a field that there is none of
            return lines.error_line(error, lang)
        return lines.notice(word("poc_senseless", lang, name=name, text=error.text))

    def _drawn(self, entry: Entry, now: Stated, visitor: Visitor, lang: str, which: int = 0) -> Updates:
        """All that tells of the sheet of a catalog."""
        tab, line = self.tab, ""
        try:
            sheet = self._sheet(entry)
        except LibraryError:
            sheet, line = None, lines.notice(word("poc_unreadable", lang))
        catalog = self.library.catalog(entry)
        opened = self.library.opened(entry.id, visitor)
        lost = len(opened.unreadable) if opened.stage.name == "ready" else 0
        first: Updates = {tab.images: images(entry, catalog, lost, sheet, lang)}
        if sheet is None:
            return {**first, **self._empty(entry, lang), tab.line: line}
        shown = cards.Told(sheet, now, lang)
        names = [(one.attribute, place) for place, one in enumerate(shown.sheet.curves)]
        return {
            **first,
            tab.catalog: cards.catalog_line(entry.name, lang),
            tab.head: shown.head() + self._outdated(entry, sheet, lang),
            tab.gain_line: shown.gain_line(),
            tab.gain: gr.Plot(shown.gain_figure(), visible=bool(sheet.gains)),
            tab.gain_table: shown.gain_table(),
            tab.which: gr.Radio(names, value=which if which < len(names) else 0, visible=len(names) > 1),
            **self._labels(shown, which),
            tab.running: shown.running(),
            tab.decision: shown.decision(),
            tab.bars_line: shown.bars_line(),
            tab.bars: gr.Plot(shown.bars_figure(), visible=bool(shown.bars_line())),
            tab.bars_told: shown.bars_told(),
            tab.files: shown.files(),
            tab.line: shown.now(),
            tab.stated: forms.assumptions(now, lang),
            tab.prices: forms.prices(now, lang),
        }

    def _labels(self, shown: cards.Told, which: int) -> Updates:
        tab, curve = self.tab, shown.curve(which)
        if curve is None:
            return {tab.labels_line: shown.one.cost(), tab.curve: gr.Plot(visible=False), tab.labels_table: ""}
        return {
            tab.labels_line: shown.labels_line(curve),
            tab.curve: gr.Plot(shown.labels_figure(curve), visible=True),
            tab.labels_table: shown.labels_table(curve),
        }

    def _empty(self, entry: Entry, lang: str) -> Updates:
        """The tab without a sheet."""
        tab = self.tab
        blank = [tab.gain_table, tab.labels_table, tab.bars_line, tab.bars_told, tab.files, tab.stated, tab.prices]
        return {
            **dict.fromkeys(blank, ""),
            tab.catalog: cards.catalog_line(entry.name, lang),
            tab.head: cards.invitation(entry.name, lang),
            **dict.fromkeys([tab.gain_line, tab.labels_line, tab.running, tab.decision], cards.not_yet(lang)),
            tab.gain: gr.Plot(visible=False),
            tab.curve: gr.Plot(visible=False),
            tab.bars: gr.Plot(visible=False),
            tab.which: gr.Radio([], visible=False),
        }

    def _splits(self, entry: Entry, lang: str) -> Any:
        """What a sheet can be made of, each with its pictures; hidden where there is nothing to choose."""
        items = self.library.catalog(entry).items
        counts = Counter(item.split or "" for item in items)
        names = sorted(name for name in counts if name)
        choices = [(word("poc_all_pictures", lang, count=f"{len(items):,}"), "")]
        choices += [
            (word("poc_split", lang, name=value_name(name, lang), count=f"{counts[name]:,}"), name) for name in names
        ]
        chosen = evaluating.standard(self.library, entry)["split"]
        return gr.Radio(choices, value=chosen, visible=any(counts[name] < len(items) for name in names))

    def _sheet(self, entry: Entry) -> Sheet | None:
        sheet = last_sheet(self.library.entries.folder / entry.id)
        return None if sheet is None else with_usage(self.library, entry.id, sheet)

    def _outdated(self, entry: Entry, sheet: Sheet, lang: str) -> str:
        """Whether the catalog or the weights are others than those that were measured."""
        changed = changed_since(self.library, entry.id, sheet)
        key = {"catalog": "poc_changed", "weights": "poc_other_weights", "lapel": "poc_other_lapel"}.get(changed)
        return lines.notice(word(key, lang, date=sheet.made[:10]), "notice") if key else ""

    def _going_on(self, job: Job | None, visitor: Visitor, lang: str) -> Updates:
        tab = self.tab
        if job is None:
            return {
                tab.job: "",
                tab.tick: gr.Timer(active=False),
                tab.job_id: "",
                tab.make: gr.Button(interactive=True),
            }
        drawn = progress(going_on(self.library, job, visitor, lang), lang)
        return {tab.job: drawn, tab.tick: gr.Timer(active=True), tab.job_id: job.id}

    def _lang(self, request: gr.Request) -> str:
        return language(self.library.settings, request)
