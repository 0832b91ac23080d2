"""HTML of the PoC tab: the sheet's own sentences and tables, step by step. Everything is escaped."""

import json
import re
from dataclasses import replace
from html import escape, unescape

from eval import poc_figures
from library.poc import Curve, First, Second, Sheet, Swing, as_html, as_json, called, decide, flag, number
from ui.poc.stated import Stated
from ui.poc.tab import STEPS as WALK
from ui.words import word

GAIN_KEYS = ("before", "after", "axis")
BAR_KEYS = ("low", "high", "axis")
CURVE_KEYS = ("p12", "map", "range", "similar", "before", "enough")


class Told:
    """A sheet as it is told to a visitor, with what follows from what he has stated; LibraryError as `decide` raises it."""

    def __init__(self, sheet: Sheet, stated: Stated, lang: str) -> None:
        self.raw, self.stated, self.lang = sheet, stated, lang
        self.sheet = called(sheet, lang)
        own = word("poc_price_own", lang)
        rows = [replace(row, source=own, stated="") if row.id in stated.own else row for row in stated.prices.rows]
        self.prices = replace(stated.prices, rows=tuple(rows))
        self.decided = decide(self.sheet, stated.assumptions, self.prices)
        facts = self.sheet, stated.assumptions, self.decided, self.prices, lang
        self.one, self.two = First(*facts), Second(*facts)

    def head(self) -> str:
        """The verdict with all that a manager has a minute for."""
        return self.one.head().replace("<h1>", "<h2>").replace("</h1>", "</h2>") + _names(self.lang, done=True)

    def gain_line(self) -> str:
        hint = escape(word("poc_gain_read", self.lang))
        saves = self.saves("poc-gain", "gain") if self.sheet.gains else ""
        return f"{self._title('gain', 'measured', saves)}<p class='lapel-hint'>{hint}</p>"

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
        title = self._title("labels", "measured", self.saves("poc-curve", "labels"))
        return (
            f"{title}<p><b>{self.one.cost()}</b>{flag('derived', self.lang)}</p>"
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
        """What the verdict rests on; it stands above the walk itself."""
        facts = [
            (escape(word("poc_gain_points", self.lang)), self.two.figure("gain", lambda points: f"{points:+.1f}")),
            (escape(word("poc_step_labels", self.lang)), self.one.cost() + flag("derived", self.lang)),
            (self.one.say("running_month"), self.two.figure("running", self.two.money)),
        ]
        rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
        return (
            f"{self._title('decision', '')}<dl class='lapel-poc-facts'>{rows}</dl>{_bare(self.two.decision())}"
            f"{self.two.licence()}"
        )

    def bars_line(self) -> str:
        """What the bars are, with buttons that save them; '' where nothing moves."""
        if not self._moving:
            return ""
        title = f"<h3>{self.two.swings_title()}{flag('derived', self.lang)}</h3>"
        return f"<div class='lapel-figure-head'>{title}{self.saves('poc-bars', 'decision')}</div>"

    def bars_figure(self) -> object:
        """The net over ordinary similarity with each assumption halved and doubled."""
        two = self.two
        bars = [
            poc_figures.Bar(
                f"{unescape(two.name(one.key))} ({two.value(one.key, one.low_value)} – {two.value(one.key, one.high_value)})",
                one.low,
                one.high,
                two.money(one.low),
                two.money(one.high),
            )
            for one in self._moving
        ]
        words = {key: word(f"poc_bar_{key}", self.lang, currency=self.stated.assumptions.currency) for key in BAR_KEYS}
        return poc_figures.outcome_bars(bars, self.decided.net.mean, words)

    def bars_told(self) -> str:
        """Which assumption changes the verdict, which has no bar, and where all of it comes from."""
        names = self.two.unmoved_names()
        still = word("poc_no_bar", self.lang, names="{}") if names else ""
        still = f"<p class='lapel-poc-note'>{escape(still).format(names)}</p>" if still else ""
        return f"<p>{self.two.flips('<br>')}</p>{still}{self.two.foot()}"

    @property
    def _moving(self) -> list[Swing]:
        return [one for one in self.decided.swings if one.moves]

    def saves(self, plot: str, title: str) -> str:
        """Buttons that save a figure as a picture, named after the catalog."""
        name = word(f"poc_{title}_title", self.lang)
        told = f'data-title="{escape(name)}" data-of="{escape(self.raw.catalog)}"'
        buttons = "".join(
            f'<button type="button" data-save="{kind}" data-plot="{plot}" data-name="{plot}-{_file(self.raw.catalog)}" {told} '
            f'data-key="{plot}-{kind}" aria-label="{escape(word("figure_save", self.lang, name=name, kind=kind.upper()))}">'
            f"{kind.upper()}</button>"
            for kind in ("png", "svg")
        )
        return f'<span class="acts lapel-poc-saves">{buttons}</span>'

    def files(self) -> str:
        """Buttons that print and save the sheet, with the sheet itself."""
        page = as_html(self.sheet, self.stated.assumptions, self.lang, self.prices)
        data = as_json(self.raw, self.stated.assumptions, self.prices)
        name = _file(self.raw.catalog)
        buttons = "".join(
            f'<button type="button" data-sheet="{kind}">{escape(word(f"poc_{kind}", self.lang))}</button>'
            for kind in ("print", "html", "json")
        )
        text = json.dumps(data, ensure_ascii=False, indent=1)
        held = f'data-name="poc-{escape(name)}" data-html="{escape(page)}" data-json="{escape(text)}"'
        return f'<div class="acts lapel-poc-files">{buttons}</div><div hidden {held}></div>'

    def now(self) -> str:
        """The verdict in a line, beside the assumptions that it follows from."""
        said = word("poc_now", self.lang, verdict=self.one.say(f"verdict_{self.decided.verdict}"))
        months = number(self.stated.assumptions.months)
        then = word("poc_left", self.lang, money=self.two.rough(self.decided.net.mean), months=months)
        return f'<p class="lapel-poc-now" role="status"><b>{escape(said)}</b> {escape(then)}</p>'

    def _title(self, step: str, kind: str, more: str = "") -> str:
        shown = flag(kind, self.lang) if kind else ""
        title = f"<h3 class='lapel-poc-title'>{escape(word(f'poc_{step}_title', self.lang))}{shown}</h3>"
        return f"<div class='lapel-figure-head'>{title}{more}</div>" if more else title


def catalog_line(name: str, lang: str) -> str:
    """Which catalog is open, with a way to another."""
    other = (
        f'<button type="button" data-act="other" data-key="other">{escape(word("poc_other_catalog", lang))}</button>'
    )
    said = escape(word("poc_catalog", lang, name=name))
    return f'<p class="lapel-poc-catalog"><span>{said}</span> <span class="acts">{other}</span></p>'


def invitation(name: str, lang: str) -> str:
    """What the sheet is, before there is one."""
    title, about = word("poc_invite", lang), word("poc_invite_about", lang, name=name)
    return f"<div class='lapel-poc-invite'><h2>{escape(title)}</h2><p>{escape(about)}</p></div>{_names(lang)}"


def not_yet(lang: str) -> str:
    return f"<p class='lapel-hint'>{escape(word('poc_not_yet', lang))}</p>"


def _file(name: str) -> str:
    """A name as part of a file's."""
    return re.sub(r"[^\w-]+", "-", name).strip("-")[:60] or "catalog"


def _names(lang: str, done: bool = False) -> str:
    """What the steps are called, for `scripts/steps.js`. done: whether there is something to see in all of them."""
    names = "|".join(word(f"poc_step_{step}", lang) for step in WALK)
    return f"<span hidden data-steps='{escape(names)}'{' data-done' if done else ''}></span>"


def _bare(part: str) -> str:
    """A part of the sheet without its numbered title, which the step has in its place."""
    return re.sub(r"<h2>.*?</h2>", "", part, count=1, flags=re.DOTALL)
