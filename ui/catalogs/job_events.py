"""What is done with jobs: cancelled, hidden, their log read, their result opened."""

import time

import gradio as gr

from common.jobs import Job
from library import Library
from ui import cards
from ui.catalogs.events import CatalogsEvents
from ui.reply import reply
from ui.visiting import Updates, language
from ui.visitors import visitor_of

REPORT = "#metrics-head"
"""What is seen first of a report."""


class JobEvents:
    """Event handlers of the jobs. Each gives updates for the components that it changes.

    report: changes when a report is to be shown in Metrics.
    """

    def __init__(self, library: Library, catalogs: CatalogsEvents, report: gr.State) -> None:
        self.library = library
        self.catalogs = catalogs
        self.tab = catalogs.tab
        self.report = report

    def act(self, event: gr.EventData, current: str, request: gr.Request) -> Updates:
        """A button of a job."""
        data, lang, visitor = event._data or {}, language(self.library.settings, request), visitor_of(request)
        act, id, tab = data.get("act"), str(data.get("id")), self.tab
        try:
            if act == "open":
                return {tab.line: "", **self.catalogs.search(self.library.entry(id, visitor).id)}
            if act == "report":
                return {
                    tab.line: "",
                    self.report: (str(data.get("name")), time.monotonic_ns()),
                    tab.reply: reply(REPORT),
                }
            job = self.library.job(id, visitor)
            if act == "log":
                shown = {tab.logged: job.id, tab.log: self._log(job, lang)}
                return {tab.line: "", tab.reply: reply("#job-log"), **shown}
            if act == "cancel":
                self.library.jobs.cancel(job.id)
            elif act == "forget":
                self.library.jobs.forget(job.id)
            return self.catalogs.begin(current, request)
        except Exception as error:
            return {tab.line: cards.error_line(error, lang)}

    def shut_log(self) -> Updates:
        return {self.tab.logged: "", self.tab.log: ""}

    def follow_log(self, logged: str, request: gr.Request) -> Updates:
        """What the job whose log is open has said since."""
        if not logged:
            return {self.tab.log: gr.skip()}
        try:
            job = self.library.job(logged, visitor_of(request))
        except ValueError:  # hidden meanwhile
            return {self.tab.log: ""}
        return {self.tab.log: self._log(job, language(self.library.settings, request))}

    def _log(self, job: Job, lang: str) -> str:
        return self.catalogs.job_cards.log(job, lang)
