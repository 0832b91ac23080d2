"""The second sheet: running cost, decision, use in production, assumptions and what the outcome hangs on."""

from html import escape

from eval import Interval
from library.poc.charts import swing_bar
from library.poc.licence import free
from library.poc.parts import number, rounded, signed, span, table
from library.poc.rates import rates
from library.poc.sheet import NUMBERS
from library.poc.swings import Swing
from library.poc.told import Told
from library.poc.words import say


class Second(Told):
    """The parts of the second sheet."""

    def running(self) -> str:
        stated = self.stated
        head = [
            self.say("machine"),
            self.say("once_hours", items=number(stated.items)),
            self.say("daily", items=number(stated.new_items)),
            self.say("one_search"),
            self.say("machines"),
            self.say("once"),
            self.say("month"),
            self.say("price_read"),
        ]
        sources = list(dict.fromkeys(cost.source for cost in self.decided.costs))
        rows = [
            [
                escape(cost.name) + ("" if cost.fits else f"<br><small>{self.say('too_small')}</small>"),
                self.time(60 * cost.hours.high, 60 * cost.hours.low),
                self.time(cost.daily_minutes.high, cost.daily_minutes.low),
                self.time(cost.search_seconds.high / 60, cost.search_seconds.low / 60),
                span(cost.machines),
                span(cost.once, self.money),
                span(cost.monthly, self.money),
                f"{escape(cost.stated)} <sup>{sources.index(cost.source) + 1}</sup>",
            ]
            for cost in self.decided.costs
        ]
        chosen = [cost.id for cost in self.decided.costs].index(stated.hardware)
        pages = self.say("comma").join(f"({place}) {source}" for place, source in enumerate(sources, 1))
        prices = self.say("price_note", sources=pages, file="assets/poc/prices.json")
        return (
            f"<h2>{self.say('running')}</h2>{rates(self)}"
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
        facts, months = self.decided.figures, number(self.stated.months)
        time = [
            [self.say("kpi_manual"), self.time(self.stated.manual_minutes) + self.flag("assumed")],
            [self.say("kpi_similar"), self.figure("similar_minutes", self.time)],
            [self.say("kpi_lapel"), self.figure("minutes", self.time)],
            [self.say("saved_hours"), self.figure("saved_hours", self.hours)],
            [self.say("similar_hours"), self.figure("similar_hours", self.hours)],
        ]
        time += [[self.say("orders"), self.figure("orders")]] if self.stated.margin else []
        paid = [
            [self.say("benefit"), self.figure("benefit", self.money)],
            [self.say("over_similar"), self.figure("over_similar", self.money)],
            [self.say("running_month"), self.figure("running", self.money)],
            [self.say("labels_money"), self.figure("label_money", self.money)],
            [self.say("embedding"), self.figure("embedding", self.money)],
        ]
        if facts["training"].value:
            paid.append([self.say("training"), self.figure("training", self.money)])
        paid.append([self.say("outcome", months=months), self.left(self.decided.outcome)])
        paid.append([self.say("similar_too"), self.figure("similar_too", self.money)])
        paid.append([f"<b>{self.say('net_left')}</b>", f"<b>{self.left(self.decided.net)}</b>"])
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
        kpi, sums, estimate = (
            self.say(key, currency=self.stated.currency) for key in ("kpi_time", "kpi_money", "kpi_estimate")
        )
        return (
            f'<h2>{self.say("decision")}</h2><div class="lapel-poc-two"><div>{table([kpi, estimate], time, kpi)}</div>'
            f'<div>{table([sums, estimate], paid, sums)}</div></div><p class="lapel-poc-note">{note}</p>'
        )

    def hours(self, hours: float) -> str:
        return self.time(60 * hours)

    def left(self, found: Interval) -> str:
        """What is left, with its range."""
        ends = f" <small>({self.between(found.low, found.high, self.money)})</small>"
        return f"{self.money(found.mean)}{ends}{self.flag('derived')}"

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
                names=self.say("comma").join(name for name, _, terms in licence.sources if not free(terms)),
                labels=number(stated.retrain_labels),
                hours=number(stated.retrain_hours),
                money=training,
                minutes=number(licence.minutes),
                images=number(licence.images),
            )
        return f"<h3>{self.say('licence')}</h3><p>{text}</p>"

    def assumptions(self) -> str:
        machine = self.prices.of(self.stated.hardware).name
        own = self.stated.currency == "USD"
        rows = [(key, number(getattr(self.stated, key))) for key in NUMBERS if not (own and key == "per_dollar")]
        rows += [("currency", self.stated.currency), ("hardware", machine)]
        cells = "".join(f"<div><dt>{self.name(key)}</dt><dd>{escape(value)}</dd></div>" for key, value in rows)
        return f"<h3>{self.say('assumptions')}{self.flag('assumed')}</h3><dl class='lapel-poc-assumed'>{cells}</dl>"

    def name(self, key: str) -> str:
        return self.say(f"a_{key}", currency=self.stated.currency)

    def swings(self) -> str:
        """A bar for each assumption that moves the net over ordinary similarity or the verdict."""
        shown, middle = [one for one in self.decided.swings if one.moves], self.decided.net.mean
        if not shown:
            return ""
        ends = [end for one in shown for end in (one.low, one.high)] + [middle]
        low, high = min(ends), max(ends)
        rows = "".join(self.swing(one, middle, low, high) for one in shown)
        note = f'<span class="lapel-poc-note">{self.unmoved()}</span>'
        return f"<h3>{self.swings_title()}{self.flag('derived')}</h3>{rows}<p>{self.flips()} {note}</p>"

    def swings_title(self) -> str:
        return self.say("swing", months=number(self.stated.months))

    def unmoved(self) -> str:
        """How the bars are read, and which assumptions have none."""
        return say("swing_note", self.lang, names=self.unmoved_names())

    def unmoved_names(self) -> str:
        """Assumptions that change nothing, since they change both alike or stand at 0."""
        return self.say("comma").join(self.name(one.key) for one in self.decided.swings if not one.moves)

    def flips(self, between: str = " ") -> str:
        """Which assumption changes the verdict, at which value, and to what. between: the sentences."""
        told: dict[str, list[str]] = {}
        for swing in self.decided.swings:
            for flip in swing.flips:
                way = "flip_above" if flip.above else "flip_below"
                said = say(way, self.lang, name=self.name(swing.key), value=self.edge(swing.key, flip.value))
                told.setdefault(flip.verdict, []).append(said)
        if not told:
            return self.say("swing_firm")
        lists = (
            say(f"flips_{verdict}", self.lang, flips=self.say("comma").join(flips)) for verdict, flips in told.items()
        )
        return between.join((self.say("swing_flips"), *lists))

    def edge(self, key: str, value: float) -> str:
        """A value at which the verdict changes, with two digits unless it would read as the one that is stated."""
        rough = self.value(key, value, 2)
        alike = key in NUMBERS and rough == self.value(key, getattr(self.stated, key), 2)
        return self.value(key, value) if alike else rough

    def value(self, key: str, value: float, digits: int = 3) -> str:
        """A value of an assumption, or of the gain, with so many digits that count."""
        return signed(value) if key == "gain" else number(rounded(value, digits))

    def swing(self, swing: Swing, middle: float, low: float, high: float) -> str:
        low_value, high_value = (self.value(swing.key, value) for value in (swing.low_value, swing.high_value))
        between = f"<small>({self.say('between', low=low_value, high=high_value)})</small>"
        return (
            f"<div class='lapel-poc-swing'><b>{self.name(swing.key)} {between}</b><span>{self.money(swing.low)}</span>"
            f"<div>{swing_bar(swing, middle, low, high)}</div><span>{self.money(swing.high)}</span></div>"
        )

    def foot(self) -> str:
        sheet = self.sheet
        made = self.say("made_by", seed=sheet.seed, digest=sheet.digest[:12], weights=sheet.licence.digest[:12])
        return f"<p class='lapel-poc-note'>{made}</p>"
