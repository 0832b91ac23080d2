"""HTML of the PoC tab: the sheet's own sentences and tables, step by step. Everything is escaped."""

import json
import re
from dataclasses import replace
from html import escape

from common.jobs import Job
from eval import poc_figures
from library.poc import STEPS, Curve, First, Second, Sheet, as_html, as_json, decide, flag, number
from ui.catalogs.detail_cards import button
from ui.names import attribute_name
from ui.pace import duration
from ui.poc.stated import Stated
from ui.poc.tab import STEPS as WALK
from ui.words import word

GAIN_KEYS = ("before", "after", "axis")
CURVE_KEYS = ("p12", "map", "range", "similar", "before", "enough")


class Told:
    """A sheet as it is told to a visitor, with what follows from what he has stated; LibraryError as `decide` raises it."""

    def __init__(self, sheet: Sheet, stated: Stated, lang: str) -> None:
        self.raw, self.sheet, self.stated, self.lang = sheet, named(sheet, lang), stated, lang
        own = word("poc_price_own", lang)
        rows = [replace(row, source=own) if row.id in stated.own else row for row in stated.prices.rows]
        self.prices = replace(stated.prices, rows=tuple(rows))
        self.decided = decide(self.sheet, stated.assumptions, self.prices)
        facts = self.sheet, stated.assumptions, self.decided, self.prices, lang
        self.one, self.two = First(*facts), Second(*facts)

    def head(self) -> str:
        """The verdict with all that a manager has a minute for."""
        return self.one.head().replace("<h1>", "<h2>").replace("</h1>", "</h2>") + _names(self.lang)

    def gain_line(self) -> str:
        hint = escape(word("poc_gain_read", self.lang))
        return f"{self._title('gain', 'measured')}<p class='lapel-hint'>{hint}</p>"

    def gain_table(self) -> str:
        return _bare(self.one.gain())

    def gain_figure(self) -> object:
        words = {key: word(f"poc_gain_{key}", self.lang) for key in GAIN_KEYS}
        gains = {
            one.attribute: {
                "before": one.before_gain.p12 if one.before_gain is not None else None,
                "after": one.after_gain.p12 if one.after_gain is not None else None,
            }
            for one in self.sheet.gains
        }
        return poc_figures.gain_points(gains, words)

    def curve(self, place: int) -> Curve | None:
        """The curve of an attribute by its place; the first one for a place that there is none of."""
        curves = self.sheet.curves
        return None if not curves else curves[place if 0 <= place < len(curves) else 0]

    def labels_line(self, curve: Curve) -> str:
        """Cost, how few are enough, and what the next labels would bring."""
        ahead = ""
        if curve.ahead is not None:
            now, low, high = (f"{each:.1f}" for each in (curve.steps[-1].map.mean, curve.ahead.low, curve.ahead.high))
            ahead = self.one.say("ahead", more=curve.more, now=now, low=low, high=high) + flag("derived", self.lang)
        return (
            f"{self._title('labels', 'measured')}<p><b>{self.one.cost()}</b>{flag('derived', self.lang)}</p>"
            f"<p><b>{escape(curve.attribute)}</b>{'：' if self.lang == 'ja' else ': '}{self.one.least(curve)} {ahead}</p>"
        )

    def labels_table(self, curve: Curve) -> str:
        note = self.one.say("labels_note", draws=curve.draws)
        return f"{self.one.steps(curve)}<p class='lapel-poc-note'>{note}</p>"

    def labels_figure(self, curve: Curve) -> object:
        words = {
            key: word(f"poc_curve_{key}", self.lang, **({"n": "{n}"} if key == "enough" else {})) for key in CURVE_KEYS
        }
        words |= {
            "labels": word("poc_curve_all", self.lang, labels="{labels}"),
            "x": word("poc_labels_axis", self.lang),
            "y": word("poc_percent_axis", self.lang),
        }
        points = [poc_figures.LabelPoint(step.n, step.labels, step.p12, step.map) for step in curve.steps]
        before = curve.before.p12 if curve.before is not None else None
        enough = None if curve.least == curve.steps[-1].n else curve.least  # all that were tried are needed
        return poc_figures.label_curve(points, curve.similar.p12, before, enough, words)

    def running(self) -> str:
        return self._title("running", "") + _bare(self.two.running())

    def decision(self) -> str:
        """The verdict in a sentence, what it rests on, and what it hangs on."""
        verdict, say_ = self.decided.verdict, self.one.say
        facts = [
            (escape(word("poc_gain_points", self.lang)), self.two.figure("gain", lambda points: f"{points:+.1f}")),
            (escape(word("poc_step_labels", self.lang)), self.one.cost() + flag("derived", self.lang)),
            (say_("running_month"), self.two.figure("running", self.two.money)),
        ]
        rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
        return (
            f"{self._title('decision', '')}<div class='lapel-poc-verdict lapel-poc-{verdict}'>"
            f"<strong>{say_(f'verdict_{verdict}')}</strong><p>{self.one.break_even()}{flag('derived', self.lang)}</p></div>"
            f"<dl class='lapel-poc-facts'>{rows}</dl>{_bare(self.two.decision())}{self.two.licence()}{self.two.swings()}"
            f"{self.two.foot()}"
        )

    def files(self) -> str:
        """Buttons that print and save the sheet, with the sheet itself."""
        page = as_html(self.sheet, self.stated.assumptions, self.lang, self.prices)
        data = as_json(self.raw, self.stated.assumptions, self.prices)
        name = re.sub(r"[^\w-]+", "-", self.raw.catalog).strip("-")[:60] or "catalog"
        buttons = "".join(
            f'<button type="button" data-sheet="{kind}">{escape(word(f"poc_{kind}", self.lang))}</button>'
            for kind in ("print", "html", "json")
        )
        text = json.dumps(data, ensure_ascii=False, indent=1)
        held = f'data-name="poc-{escape(name)}" data-html="{escape(page)}" data-json="{escape(text)}"'
        return f'<div class="acts lapel-poc-files">{buttons}</div><div hidden {held}></div>'

    def now(self) -> str:
        """The verdict in a line, beside the assumptions that it follows from."""
        left = self.decided.outcome
        between = self.two.between(left.low, left.high, self.two.money)
        said = word("poc_now", self.lang, verdict=self.one.say(f"verdict_{self.decided.verdict}"))
        then = word(
            "poc_left", self.lang, money=self.two.money(left.mean), months=number(self.stated.assumptions.months)
        )
        return f'<p class="lapel-poc-now" role="status"><b>{escape(said)}</b> {escape(then)} <small>({between})</small></p>'

    def _title(self, step: str, kind: str) -> str:
        shown = flag(kind, self.lang) if kind else ""
        return f"<h3 class='lapel-poc-title'>{escape(word(f'poc_{step}_title', self.lang))}{shown}</h3>"


def named(sheet: Sheet, lang: str) -> Sheet:
    """A sheet whose attributes are called as people call them, unless two would be called alike."""
    names = {one: attribute_name(one, lang) for one in {gain.attribute for gain in sheet.gains}}
    names |= {one.attribute: attribute_name(one.attribute, lang) for one in sheet.passed_over}
    if len(set(names.values())) < len(names):
        return sheet
    return replace(
        sheet,
        gains=tuple(replace(one, attribute=names[one.attribute]) for one in sheet.gains),
        curves=tuple(replace(one, attribute=names.get(one.attribute, one.attribute)) for one in sheet.curves),
        passed_over=tuple(replace(one, attribute=names[one.attribute]) for one in sheet.passed_over),
    )


def invitation(name: str, lang: str) -> str:
    """What the sheet is, before there is one."""
    title, about = word("poc_invite", lang), word("poc_invite_about", lang, name=name)
    return f"<div class='lapel-poc-invite'><h2>{escape(title)}</h2><p>{escape(about)}</p></div>{_names(lang)}"


def not_yet(lang: str) -> str:
    return f"<p class='lapel-hint'>{escape(word('poc_not_yet', lang))}</p>"


def progress(job: Job, mine: bool, before: int, lang: str) -> str:
    """How far a sheet is: its steps, those that are done ticked, with a bar and the time left. before: jobs in front of it."""
    at = STEPS.index(job.stage) if job.stage in STEPS else -1
    steps = "".join(_step(step, place - at, lang) for place, step in enumerate(STEPS))
    said = word("job_waiting", lang, place=before) if before else word("job_next", lang)
    if job.state == "running":
        counts = word("job_counts", lang, done=f"{job.done:,}", total=f"{job.total:,}") if job.total > 1 else ""
        left = word("left", lang, time=duration(job.left, lang)) if job.left is not None else ""
        said = " · ".join(part for part in (counts, left) if part)
    title = escape(word("poc_progress", lang))
    value = f' value="{job.done}" max="{job.total}"' if job.total else ""
    others = "" if mine else f"<small>{escape(word('poc_others', lang))}</small>"
    return (
        f'<div class="lapel-progress lapel-poc-job"><b>{title}</b><ol>{steps}</ol>'
        f'<progress{value} aria-label="{title}"></progress><span class="left">{escape(said)}</span>'
        f"{others}{button('cancel', lang) if mine else ''}</div>"
    )


def _step(step: str, ahead: int, lang: str) -> str:
    """One step of the job; ahead: how many steps it is in front of the one that is under way."""
    look = ' class="done"' if ahead < 0 else ' class="now" aria-current="step"' if ahead == 0 else ""
    return f"<li{look}>{escape(word(f'poc_job_{step}', lang))}</li>"


def _names(lang: str) -> str:
    """What the steps are called, for `scripts/steps.js`."""
    names = "|".join(word(f"poc_step_{step}", lang) for step in WALK)
    return f"<span hidden data-steps='{escape(names)}'></span>"


def _bare(part: str) -> str:
    """A part of the sheet without its numbered title, which the step has in its place."""
    return re.sub(r"<h2>.*?</h2>", "", part, count=1, flags=re.DOTALL)
