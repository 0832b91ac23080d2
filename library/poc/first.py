"""The first sheet: the verdict, gain and labels."""

from html import escape
from typing import Any

from eval import label_hours
from library.poc.charts import curve_chart
from library.poc.parts import number, signed, table, twelfths
from library.poc.sheet import Curve
from library.poc.told import Told
from library.poc.words import say

CHARTS = 6
"""Curves that are drawn, and half as many where the table is long; those first for which labels are worth giving."""


class First(Told):
    """The parts of the first sheet."""

    @property
    def taught(self) -> set[str]:
        """Attributes for which labels are worth giving."""
        return {one.attribute for one in self.decided.chosen if one.taught}

    def head(self) -> str:
        sheet, decided = self.sheet, self.decided
        labelled = self.say("of_split", split=sheet.split) if sheet.split else self.say("all_labels")
        about = self.say(
            "about", items=number(sheet.items), labelled="{}", date=sheet.made[:10], weights=sheet.licence.weights
        ).format(labelled)
        gain, ours, usual = (decided.figures[key] for key in ("gain", "p12", "similar_p12"))
        first = self.say(
            f"head_{decided.better}",
            ours=twelfths(ours.value or 0),
            usual=twelfths(usual.value or 0),
            low=twelfths(gain.low or 0),
            high=twelfths(gain.high or 0),
        )
        return (
            f"<h1>{self.say('title', name=sheet.catalog)}</h1><p class='lapel-poc-about'>{about}</p>"
            f'<div class="lapel-poc-verdict lapel-poc-{decided.verdict}"><strong>{self.say(f"verdict_{decided.verdict}")}'
            f"</strong><p>{first}{self.flag('measured')}</p><p>{self.over_similar()}{self.flag('derived')}</p>"
            f"<p>{self.break_even()}{self.flag('derived')}</p></div>"
        )

    def break_even(self) -> str:
        decided, facts = self.decided, self.decided.figures
        once, monthly = facts["once"].value or 0, facts["monthly"].value or 0
        searches = "–" if decided.searches_needed is None else f"{decided.searches_needed:,.0f}"
        if decided.payback is None:
            more = self.say("even_needs", searches=searches) if decided.searches_needed is not None else ""
            return self.say("even_never") + more
        if not once:
            return self.say("even_free", monthly=self.money(monthly))
        return self.say(
            "even_paid",
            once=self.money(once),
            time=self.duration(decided.payback),
            monthly=self.money(monthly),
            horizon=number(self.stated.months),
            searches=searches,
        )

    def over_similar(self) -> str:
        """What is left over global similarity, in a sentence."""
        found = self.decided.figures["similar_outcome"]
        low, high = found.low or 0.0, found.high or 0.0
        key = "even_similar_open" if low < 0 < high else "even_similar_range"
        sure = say(key, self.lang, between=self.between(low, high, self.money))
        return self.say("even_similar", money=self.money(found.value), months=number(self.stated.months), sure=sure)

    def duration(self, months: float) -> str:
        if months >= 2:
            return self.say("months", count=number(months))
        days = max(1, round(months * 30.4))
        return self.say("a_day") if days == 1 else self.say("days", count=days)

    def gain(self) -> str:
        head = [self.say(key) for key in ("attribute", "similar", "before", "after", "used_so", "chance", "queries")]
        chosen = {one.attribute: one for one in self.decided.chosen}
        rows = []
        for gain in self.sheet.gains:
            best = chosen[gain.attribute]
            way = self.say("with_labels", labels=f"{best.labels:,}") if best.taught else self.say("as_it_is")
            sure = "better" if best.gain.low > 0 else "worse" if best.gain.high < 0 else "open"
            rows.append(
                [
                    escape(gain.attribute),
                    f"{gain.similar.p12:.1f}",
                    self.scored(gain.before, gain.before_gain) if gain.before else "–",
                    self.scored(gain.after, gain.after_gain),
                    f"{self.say(sure)} <small>{way}</small>",
                    f"{gain.chance.p12:.0f}",
                    f"{gain.queries:,}",
                ]
            )
        notes = [self.say("gain_note"), *self.gain_notes()]
        return (
            f"<h2>{self.say('gain')}: P@12 %{self.flag('measured')}</h2>{table(head, rows, self.say('gain'))}"
            f"<p class='lapel-poc-note'>{' '.join(notes)}</p>"
        )

    def gain_notes(self) -> list[str]:
        sheet = self.sheet
        short = [one.attribute for one in sheet.gains if one.short > 5]
        passed = [
            self.say("passed_more" if one.more else "passed_few", name=one.attribute, labels=one.labels, more=one.more)
            for one in sheet.passed_over[:8]
        ]
        return [
            *([self.say("short_note", names=", ".join(short))] if short else []),
            *([say("passed", self.lang, names=", ".join(passed))] if passed else []),
            *([self.say("twins_note", count=sheet.twins)] if sheet.twins else []),
            *([self.say("trained_note", before=self.say("before"))] if sheet.trained_on else []),
        ]

    def scored(self, score: Any, gain: Any) -> str:
        if score is None or gain is None:
            return "–"
        points = gain.p12
        return f"{score.p12:.1f} <small>{signed(points.mean)} ({self.between(points.low, points.high, signed)})</small>"

    def labels(self) -> str:
        ordered = sorted(self.sheet.curves, key=lambda curve: curve.attribute not in self.taught)
        curves = ordered[: CHARTS if len(ordered) <= CHARTS else CHARTS // 2]
        one = " lapel-poc-one" if len(curves) == 1 else ""
        drawn = "".join(self.curve(curve) for curve in curves)
        draws = self.sheet.curves[0].draws if self.sheet.curves else 0
        return (
            f"<h2>{self.say('labels')}{self.flag('measured')}</h2><p><b>{self.cost()}</b>{self.flag('derived')}</p>"
            f'<div class="lapel-poc-charts{one}">{drawn}</div>'
            f"<p class='lapel-poc-note'>{self.say('labels_note', draws=draws)}</p>"
        )

    def cost(self) -> str:
        labels = self.decided.figures["labels"].value or 0
        return (
            self.say(
                "label_cost",
                labels=f"{labels:,.0f}",
                hours=number(self.decided.figures["label_hours"].value or 0),
                money=self.money(self.decided.figures["label_money"].value),
            )
            if labels
            else self.say("label_none")
        )

    def least(self, curve: Curve) -> str:
        """How few labels are enough, in a sentence."""
        if curve.attribute not in self.taught:
            return self.say("enough_none")
        by = {step.n: step for step in curve.steps}
        if curve.least is None:
            return self.say("enough_open", best=curve.best, undecided=", ".join(map(str, curve.undecided)))
        labels = f"{by[curve.least].labels:,}"
        if curve.least == curve.best == curve.steps[-1].n:
            return self.say("enough_top", n=curve.least, labels=labels)
        return self.say("enough", n=curve.least, labels=labels, best=curve.best)

    def steps(self, curve: Curve) -> str:
        """Each number of labels with its figures and cost, as a table."""
        keys = ("step_n", "step_all", "P@12", "MAP", "step_gain", "step_behind", "step_cost")
        head = [self.say(key) if key.startswith("step") else key for key in keys]
        rows = [
            [
                f"{step.n}",
                f"{step.labels:,}",
                f"{step.p12.mean:.1f}",
                f"{step.map.mean:.1f}",
                f"{signed(step.gain.p12.mean)} <small>({self.between(step.gain.p12.low, step.gain.p12.high, signed)})</small>",
                f"{step.behind.mean:.1f}",
                self.money(label_hours(step.labels, self.stated.minutes_a_label) * self.stated.wage),
            ]
            for step in curve.steps
        ]
        best = [step.n for step in curve.steps].index(curve.least or curve.best)
        return table(head, rows, f"{self.say('labels')}: {curve.attribute}", best)

    def curve(self, curve: Curve) -> str:
        ahead = ""
        if curve.ahead is not None and curve.attribute in self.taught:
            now, low, high = (f"{each:.1f}" for each in (curve.steps[-1].map.mean, curve.ahead.low, curve.ahead.high))
            ahead = self.say("ahead", more=curve.more, now=now, low=low, high=high) + self.flag("derived")
        points = ", ".join(f"{step.n}: {step.p12.mean:.1f}" for step in curve.steps)
        title = f"{curve.attribute}, P@12: {points}; {say('similar', self.lang)} {curve.similar.p12:.1f}"
        axis = "値ごとのラベル数" if self.lang == "ja" else "labels a value"
        table = self.steps(curve) if len(self.sheet.curves) == 1 else ""
        return (
            f'<div class="lapel-poc-chart"><div><h3>{escape(curve.attribute)}</h3>'
            f"{curve_chart(curve, title, axis)}</div><div><p>{self.least(curve)} {ahead}</p>{table}</div></div>"
        )
