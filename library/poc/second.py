"""The second sheet: running cost, decision, use in production, assumptions and what the outcome hangs on."""

from collections.abc import Mapping
from html import escape
from typing import Any

from library.poc.charts import swing_bar
from library.poc.cost import bytes_an_item
from library.poc.decision import Swing
from library.poc.licence import free
from library.poc.parts import number, signed, span, table
from library.poc.sheet import NUMBERS
from library.poc.told import Told
from library.poc.words import say

SWINGS = 8


class Second(Told):
    """The parts of the second sheet."""

    def running(self) -> str:
        run, stated = self.sheet.running, self.stated
        here = self.say(
            "running_here",
            machine=run.machine,
            cores=run.cores,
            device=run.device,
            date=run.measured,
            images=number(run.images_per_second),
            search=number(1000 * run.search_seconds),
            upload=number(run.upload_seconds),
            bytes=number(bytes_an_item(run) / 1000),
        )
        head = [
            self.say("machine"),
            self.say("once_hours", items=number(stated.items)),
            self.say("daily", items=number(stated.new_items)),
            self.say("one_search"),
            self.say("machines"),
            self.say("once"),
            self.say("month"),
        ]
        rows = [
            [
                escape(cost.name) + ("" if cost.fits else f"<br><small>{self.say('too_small')}</small>"),
                f"{span(cost.hours)} h",
                f"{span(cost.daily_minutes)} min",
                f"{span(cost.search_seconds)} s",
                span(cost.machines),
                span(cost.once, self.money),
                span(cost.monthly, self.money),
            ]
            for cost in self.decided.costs
        ]
        chosen = [cost.id for cost in self.decided.costs].index(stated.hardware)
        prices = self.say(
            "price_note",
            source=", ".join(dict.fromkeys(cost.source for cost in self.decided.costs)),
            date=", ".join(dict.fromkeys(cost.stated for cost in self.decided.costs)),
            file="assets/poc/prices.json",
        )
        return (
            f"<h2>{self.say('running')}</h2><p>{here}{self.flag('measured')}</p>"
            f"{table(head, rows, self.say('running'), chosen)}"
            f"<p class='lapel-poc-note'>{prices}{self.flag('assumed')} {' '.join(self.notes())}</p>"
        )

    def notes(self) -> list[str]:
        """What the price list says of its machines."""
        japanese = self.lang == "ja"
        told = [(cost.name, (cost.note_ja if japanese else cost.note) or cost.note) for cost in self.decided.costs]
        return [
            f"{escape(name)}{'：' if japanese else ': '}{escape(note)}{'。' if japanese else '.'}"
            for name, note in told
            if note
        ]

    def decision(self) -> str:
        facts: Mapping[str, Any] = self.decided.figures
        minutes = [
            [self.say("kpi_manual"), number(self.stated.manual_minutes) + self.flag("assumed")],
            [self.say("kpi_similar"), self.figure("similar_minutes")],
            [self.say("kpi_lapel"), self.figure("minutes")],
            [self.say("saved_hours"), self.figure("saved_hours")],
            [self.say("orders"), self.figure("orders")],
        ]
        paid = [
            [self.say("benefit"), self.figure("benefit", self.money)],
            [self.say("over_similar"), self.figure("over_similar", self.money)],
            [self.say("running_month"), self.figure("running", self.money)],
            [self.say("labels_money"), self.figure("label_money", self.money)],
            [self.say("embedding"), self.figure("embedding", self.money)],
        ]
        if facts["training"].value:
            paid.append([self.say("training"), self.figure("training", self.money)])
        left = self.decided.outcome
        ends = f" <small>({self.between(left.low, left.high, self.money)})</small>"
        whole = f"<b>{self.money(left.mean)}</b>{ends}{self.flag('derived')}"
        paid.append([f"<b>{self.say('outcome', months=number(self.stated.months))}</b>", whole])
        used = self.sheet.used
        note = self.say("formula")
        if used is not None and used.seconds is not None:
            note += " " + self.say(
                "used_note",
                accepted=used.accepted,
                days=number(used.days),
                seconds=number(used.seconds),
                searches=number(used.monthly or used.searches),
            )
        kpi, sums = self.say("kpi_minutes"), self.say("decision")
        return (
            f'<h2>{self.say("decision")}</h2><div class="lapel-poc-two"><div>{table([kpi, self.say("figure")], minutes, kpi)}</div>'
            f'<div>{table([self.stated.currency, self.say("figure")], paid, sums)}</div></div><p class="lapel-poc-note">{note}</p>'
        )

    def licence(self) -> str:
        licence, stated = self.sheet.licence, self.stated
        training = self.money(self.decided.figures["training"].value)
        if licence.production is True:
            text = self.say("licence_yes")
        elif licence.production is None:
            text = self.say("licence_unknown", money=training)
        else:
            text = self.say(
                "licence_no",
                names=", ".join(name for name, _, terms in licence.sources if not free(terms)),
                labels=number(stated.retrain_labels),
                hours=number(stated.retrain_hours),
                money=training,
                minutes=number(licence.minutes),
                images=number(licence.images),
            )
        return f"<h3>{self.say('licence')}</h3><p>{text}</p>"

    def assumptions(self) -> str:
        machine = self.prices.of(self.stated.hardware).name
        rows = [(key, number(getattr(self.stated, key))) for key in NUMBERS]
        rows += [("currency", self.stated.currency), ("hardware", machine)]
        cells = "".join(f"<div><dt>{self.name(key)}</dt><dd>{escape(value)}</dd></div>" for key, value in rows)
        return f"<h3>{self.say('assumptions')}{self.flag('assumed')}</h3><dl class='lapel-poc-assumed'>{cells}</dl>"

    def name(self, key: str) -> str:
        return self.say(f"a_{key}", currency=self.stated.currency)

    def swings(self) -> str:
        decided = self.decided
        if not decided.swings:
            return ""
        shown, middle = decided.swings[:SWINGS], decided.outcome.mean
        ends = [end for one in shown for end in (one.low, one.high)] + [middle]
        low, high = min(ends), max(ends)
        rows = "".join(self.swing(one, middle, low, high) for one in shown)
        flips = ", ".join(say(f"a_{key}", self.lang, currency=self.stated.currency) for key in decided.flips)
        told = self.say("swing_flips", names=flips) if flips else self.say("swing_firm")
        note = f'<span class="lapel-poc-note">{self.say("swing_note")}</span>'
        head = self.say("swing", months=number(self.stated.months))
        return f"<h3>{head}{self.flag('derived')}</h3>{rows}<p>{told} {note}</p>"

    def swing(self, swing: Swing, middle: float, low: float, high: float) -> str:
        show = signed if swing.key == "gain" else number
        between = f"<small>({self.between(swing.low_value, swing.high_value, show)})</small>"
        return (
            f"<div class='lapel-poc-swing'><b>{self.name(swing.key)} {between}</b><span>{self.money(swing.low)}</span>"
            f"<div>{swing_bar(swing, middle, low, high)}</div><span>{self.money(swing.high)}</span></div>"
        )

    def foot(self) -> str:
        sheet = self.sheet
        made = self.say("made_by", seed=sheet.seed, digest=sheet.digest[:12], weights=sheet.licence.digest[:12])
        return f"<p class='lapel-poc-note'>{self.say('legend')} · {made}</p>"
