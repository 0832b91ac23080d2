"""The first sheet: the verdict, gain and labels."""

from html import escape
from typing import Any

from eval import label_hours
from library.measuring import ALONE
from library.poc.charts import curve_chart
from library.poc.parts import level, number, rounded, signed, table, twelfths, twelfths_apart
from library.poc.sheet import Curve
from library.poc.told import Told
from library.poc.words import say

ALMOST = 0.1
"""Share of the whole that Lapel brings below which ordinary similarity is said to bring almost all of it."""
CHARTS = 6
"""Curves that are drawn, and half as many where the table is long; those first for which labels are worth giving."""


class First(Told):
    """The parts of the first sheet."""

    @property
    def taught(self) -> set[str]:
        """Attributes for which labels are worth giving."""
        return {one.attribute for one in self.decided.chosen if one.taught}

    def head(self) -> str:
        """Title, what the letters mean, and the verdict with what it rests on."""
        sheet, decided = self.sheet, self.decided
        labelled = self.say("of_split", split=sheet.split) if sheet.split else self.say("all_labels")
        part = 0 < sheet.measured < sheet.items
        about = self.say(
            "about_part" if part else "about",
            items=number(sheet.items),
            labelled="{}",
            date=sheet.made[:10],
            weights=sheet.licence.weights,
            **({"measured": number(sheet.measured)} if part else {}),
        ).format(labelled)
        derived = self.flag("derived")
        warning = f"<p class='lapel-poc-warn'>{self.say('trained_warning')}</p>" if sheet.trained_on else ""
        return (
            f"<h1>{self.say('title', name=sheet.catalog)}</h1><p class='lapel-poc-about'>{about}</p>"
            f"<p class='lapel-poc-about lapel-poc-legend'>{self.say('legend')}</p>"
            f'<div class="lapel-poc-verdict lapel-poc-{decided.verdict}"><strong>{self.say(f"verdict_{decided.verdict}")}'
            f"</strong><p class='lapel-poc-net'>{self.net()}{derived}</p>{warning}"
            f"<p>{self.quality()}{self.flag('measured')}</p><p>{self.whole()}{derived}</p>"
            f"<p>{self.break_even()}{derived}</p>{self.own_weights()}</div>"
        )

    def quality(self) -> str:
        """How many of the first 12 are right, and how many more than by ordinary similarity."""
        gain, ours, usual = (self.decided.figures[key] for key in ("gain", "p12", "similar_p12"))
        names = [one.attribute for one in self.decided.chosen]
        average = "on_average_best" if self.taught else "on_average"
        of = self.say("of_one", name=names[0]) if len(names) == 1 else self.say(average, count=len(names))
        found, usually = twelfths(ours.value or 0), twelfths(usual.value or 0)
        return say(
            f"head_{self.decided.better}",
            self.lang,
            of=of,
            ours=found,
            usual=usually,
            gain=twelfths_apart(found, usually),
            low=twelfths(gain.low or 0),
            high=twelfths(gain.high or 0),
        )

    def net(self) -> str:
        """What is left over ordinary similarity, in a sentence that says what its range is about."""
        net, low, high = self.decided.net, *map(self.rough, (self.decided.net.low, self.decided.net.high))
        key = "net_exact" if low == high else "net_open" if net.low < 0 < net.high else "net_range"
        between = self.say("between", low=low, high=high)
        sure = say(key, self.lang, between=between) if key != "net_exact" else self.say(key)
        said = self.say("net", money=self.rough(net.mean), months=number(self.stated.months))
        return f"{said} <small>{sure}</small>"

    def whole(self) -> str:
        """What is left over today's way of searching, and how much of that ordinary similarity would bring too."""
        outcome, net = self.decided.outcome.mean, self.decided.net.mean
        similar = outcome - net
        facts = {"outcome": self.rough(outcome), "net": self.rough(net), "similar": self.rough(similar)}
        if net < 0 or similar <= 0:
            return self.say("whole_less", **facts)
        return self.say("whole_but" if net < ALMOST * outcome else "whole_of", **facts)

    def break_even(self) -> str:
        """When what is paid once comes back over ordinary similarity; over today, where that never does."""
        decided, facts = self.decided, self.decided.figures
        once, monthly = facts["once"].value or 0, facts["over_similar"].value or 0
        if (facts["benefit"].value or 0) <= (facts["running"].value or 0):
            return self.say("even_not_at_all") + self.needed(decided.searches_at_all)
        if not once and monthly > 0:
            return self.say("even_free", monthly=self.rough(monthly))
        if decided.payback is None:
            return self.say("even_never")
        return self.say(
            "even_paid",
            once=self.rough(once),
            time=self.months(decided.payback),
            monthly=self.rough(monthly),
            horizon=number(self.stated.months),
            searches=f"{rounded(decided.searches_needed or 0, 2):,.0f}",
        )

    def own_weights(self) -> str:
        """What a verdict on weights that are still to be trained rests on."""
        if self.decided.verdict != "retrain":
            return ""
        return f"<p>{self.say('own_weights')}{self.flag('assumed')}</p>"

    def needed(self, searches: float | None) -> str:
        return "" if searches is None else self.say("even_needs", searches=f"{rounded(searches, 2):,.0f}")

    def months(self, months: float) -> str:
        if months >= 2:
            return self.say("months", count=f"{rounded(months, 2):,.0f}")
        days = max(1, round(months * 30.4))
        return self.say("a_day") if days == 1 else self.say("days", count=days)

    def gain(self) -> str:
        points = f"<br><small>{self.say('points')}</small>"
        keys = ("attribute", "similar", "before", "after", "used_so", "chance_most", "queries")
        head = [self.say(key) + (points if key in ("before", "after") else "") for key in keys]
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
                    f"{gain.chance.p12:.0f} / {gain.ceiling:.3g}",
                    f"{gain.queries:,}",
                ]
            )
        notes = [self.say("gain_note"), *self.gain_notes()]
        return (
            f"<h2>{self.say('gain')}{self.flag('measured')}</h2>{table(head, rows, self.say('gain'))}"
            f"<p class='lapel-poc-note'>{' '.join(notes)}</p>"
        )

    def gain_notes(self) -> list[str]:
        sheet = self.sheet
        comma, most = self.say("comma"), max((one.labels for one in sheet.gains), default=0)
        drawn = [one.attribute for one in sheet.gains if one.labels > ALONE]
        passed = [
            self.say("passed_more" if one.more else "passed_few", name=one.attribute, labels=one.labels, more=one.more)
            for one in sheet.passed_over[:8]
        ]
        return [
            self.say("other_note", names=comma.join(drawn), asked=most) if drawn else self.say("same_note"),
            *([say("passed", self.lang, names=comma.join(passed))] if passed else []),
            *([self.say("twins_note", count=sheet.twins)] if sheet.twins else []),
        ]

    def scored(self, score: Any, gain: Any) -> str:
        if score is None or gain is None:
            return "–"
        points = gain.p12
        return f"{score.p12:.1f} <small>{signed(points.mean)} ({self.between(points.low, points.high, level)})</small>"

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
                time=self.time(60 * (self.decided.figures["label_hours"].value or 0)),
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
                f"{signed(step.gain.p12.mean)} <small>({self.between(step.gain.p12.low, step.gain.p12.high, level)})</small>",
                f"{step.behind.mean:.1f}",
                self.money(label_hours(step.labels, self.stated.minutes_a_label) * self.stated.wage),
            ]
            for step in curve.steps
        ]
        best = -1
        if curve.attribute in self.taught:  # where no labels are needed, no number of them stands out
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
