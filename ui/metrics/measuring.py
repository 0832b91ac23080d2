"""A catalog that is measured from the tab: what is asked, how far it is, and that it can be stopped."""

from dataclasses import replace
from typing import Any

import gradio as gr

from common.jobs import Job, JobError
from library import Entry, Library, LibraryError, Visitor
from ui import cards
from ui.metrics import evaluating
from ui.metrics.drawing import Updates
from ui.metrics.reports import Reports
from ui.metrics.tab import Looked, MetricsTab
from ui.names import attribute_name
from ui.reply import reply
from ui.words import word


class Measuring:
    """Begins, follows and cancels measurements. Each call gives updates for what it changes."""

    def __init__(self, library: Library, tab: MetricsTab, reports: Reports) -> None:
        self.library = library
        self.tab = tab
        self.reports = reports

    def empty(self, looked: Looked, visitor: Visitor, lang: str) -> Updates:
        """A catalog that was not measured yet."""
        entry = self.library.entry(looked.report.rstrip("/"), visitor)
        mark = f'<div data-report="{looked.report}" data-attribute=""></div>'
        shipped = self.reports.example(lang)
        example = (shipped.title, shipped.measured.rows) if shipped is not None else None
        return {
            self.tab.line: "",
            self.tab.head: mark + evaluating.invitation(entry, self._measurable(entry)[1], lang, example),
            self.tab.body: gr.Column(visible=False),
            self.tab.options: gr.Column(visible=False),
            self.tab.looked: looked,
        }

    def options(self, looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        entry = self.library.entry(self._catalog_of(looked, current), visitor)
        split, found = self._measurable(entry)
        if not found.ready:
            return {self.tab.line: cards.notice(word("measure_too_few", lang, worth=evaluating.WORTH))}
        splits = [(word("split_test", lang), evaluating.TEST)] if split else []
        splits.append((word("split_all", lang), ""))
        weights = evaluating.weights_choices(self.library, visitor, lang)
        return {
            self.tab.options: gr.Column(visible=True),
            self.tab.attributes: self._attributes(found, lang),
            self.tab.split: gr.Radio(splits, value=split, visible=len(splits) > 1, info=word("split_info", lang)),
            self.tab.share: self._share(found, lang),
            self.tab.weights: gr.Radio(
                weights,
                value=self.library.weights.source if weights else None,
                info=word("weights_info", lang),
                visible=bool(weights),
            ),
            self.tab.reply: reply("#evaluate-options"),
        }

    def of_split(self, split: str, looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        """Another split was chosen, which can be measured for other attributes."""
        entry = self.library.entry(self._catalog_of(looked, current), visitor)
        found = evaluating.labelled(self.library.ledger(entry.id).catalog, self._known(entry), split)
        return {self.tab.attributes: self._attributes(found, lang), self.tab.share: self._share(found, lang)}

    def _share(self, found: evaluating.Labelled, lang: str) -> gr.Radio:
        shares, about = evaluating.who_asks(found, lang)
        return gr.Radio(shares, value=f"{evaluating.SHARE:g}", info=about)

    def _attributes(self, found: evaluating.Labelled, lang: str) -> gr.CheckboxGroup:
        names = [(f"{attribute_name(name, lang)} ({count:,})", name) for name, count in found.ready.items()]
        return gr.CheckboxGroup(names, value=list(found.ready), info=evaluating.lacking(found, lang))

    def _measurable(self, entry: Entry) -> tuple[str, evaluating.Labelled]:
        """The split of a catalog that is measured by default, and what of it can be."""
        return evaluating.measurable(self.library.ledger(entry.id).catalog, self._known(entry))

    def _known(self, entry: Entry) -> list[str]:
        """Attributes of the weights, or of the catalog while they are being loaded."""
        known = evaluating.known_attributes(self.library)
        return [one.name for one in self.library.ledger(entry.id).catalog.attributes] if known is None else known

    def submit(
        self,
        names: list[str],
        share: float,
        split: str | None,
        looked: Looked,
        current: str,
        visitor: Visitor,
        lang: str,
        weights: str | None = None,
    ) -> Updates:
        """split: None for the one that is measured by default. weights: None for those in use."""
        entry = self.library.entry(self._catalog_of(looked, current), visitor)
        if split is None:
            split, _ = self._measurable(entry)
        arguments: dict[str, Any] = {"split": split, "share": share, **({"attributes": names} if names else {})}
        if weights in {source for _, source in evaluating.weights_choices(self.library, visitor, lang)}:
            arguments["weights"] = weights
        job = self.library.submit("evaluate", arguments, entry.id, visitor.mark)
        looked = replace(looked, job=job.id)
        return {self.tab.options: gr.Column(visible=False), **self.job(looked, current, visitor, lang)}

    def cancel(self, id: str, looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        self.library.jobs.cancel(self.library.job(id, visitor).id)
        return self.job(looked, current, visitor, lang)

    def _catalog_of(self, looked: Looked, current: str) -> str:
        """The catalog that is measured: that of the report that is shown, or the one that is searched."""
        return looked.report.rpartition("/")[0] or current

    def job(self, looked: Looked, current: str, visitor: Visitor, lang: str) -> Updates:
        """How far the measurement of the catalog is, one that another tab has begun too."""
        entry = self._entry(self._catalog_of(looked, current), visitor)
        job = self.known(looked.job)
        if (job is None or job.over) and entry is not None:
            job = self.library.going_on(entry.id, "evaluate") or job
        going = job is not None and not job.over
        measured = not looked.report.endswith("/")
        drawn = self._progress(job, visitor, lang) if job else ""
        return {
            self.tab.job: drawn,
            self.tab.tick: gr.Timer(active=going),
            self.tab.evaluate: gr.Button(
                word("measure_again" if measured else "measure_options", lang),
                visible=entry is not None and not going and (measured or bool(self._measurable(entry)[1].ready)),
            ),
            self.tab.looked: replace(looked, job=job.id if job is not None and going else looked.job),
        }

    def _progress(self, job: Job, visitor: Visitor, lang: str) -> str:
        jobs = self.library.jobs
        turn = (jobs.place(job.id), jobs.left(job.id)) if job.state == "waiting" else (0, None)
        return evaluating.progress(job, self.library.name_of(job), self._is_of(job, visitor), lang, turn)

    def _entry(self, id: str, visitor: Visitor) -> Any:
        try:
            return self.library.entry(id, visitor)
        except LibraryError:
            return None

    def known(self, id: str) -> Job | None:
        try:
            return self.library.jobs.get(id) if id else None
        except JobError:
            return None

    def _is_of(self, job: Job, visitor: Visitor) -> bool:
        return job.owner == visitor.mark
