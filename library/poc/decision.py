"""From what was measured and what is stated to a verdict: label cost, gain, running cost, use in production, break-even."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from eval import Interval, label_hours, mean_of, minutes_to_find, months_to_pay
from library.poc.cost import Cost, costs
from library.poc.prices import Prices, read_prices
from library.poc.sheet import NUMBERS, Assumptions, Curve, Gain, Sheet

Kind = Literal["measured", "assumed", "derived"]
Verdict = Literal["go", "retrain", "similar", "pilot", "open", "no"]
T4 = "t4-small"
ENOUGH = 20
"""Searches with a hit that was taken, from which a usage log tells more than a formula."""
HALF, TWICE = 0.5, 2.0
FIXED = ("per_dollar", "retrain_hours", "storage")
"""Assumptions whose halves and doubles change next to nothing, or mean nothing."""


@dataclass(frozen=True)
class Figure:
    """A number of the sheet, and where it comes from; low, high: its range, where it has one."""

    key: str
    value: float | None
    kind: Kind
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Chosen:
    """How an attribute would be used.

    taught: whether by own labels. labels: how many these are, 0 for none; all that the figures were taught with unless the
    curve says that fewer are enough. decided: whether it tells. p12: percent; gain: over global similarity.
    """

    attribute: str
    taught: bool
    labels: int
    decided: bool
    p12: float
    similar: float
    gain: Interval


@dataclass(frozen=True)
class Swing:
    """What the outcome becomes with one assumption at its low and at its high end, all else as stated."""

    key: str
    low_value: float
    high_value: float
    low: float
    high: float
    low_verdict: Verdict
    high_verdict: Verdict


@dataclass(frozen=True)
class Decision:
    """What the sheet comes to.

    verdict: "go"; "retrain": it pays with weights of one's own, too, which production needs; "similar": it pays, but
    less than global similarity, which costs no labels and no training; "pilot": it pays only without own weights;
    "open": not decided by what was measured; "no". better: than global similarity. outcome: what is left after
    `months`, in money, with what production needs. payback: months, None for never. searches_needed: a
    month, for it to pay within `months`; None where no number would do.
    """

    verdict: Verdict
    better: Literal["better", "worse", "open"]
    outcome: Interval
    payback: float | None
    searches_needed: float | None
    chosen: tuple[Chosen, ...]
    figures: Mapping[str, Figure]
    costs: tuple[Cost, ...]
    swings: tuple[Swing, ...]

    @property
    def flips(self) -> list[str]:
        """Assumptions that change the verdict at one of their ends, the strongest first."""
        return [one.key for one in self.swings if {one.low_verdict, one.high_verdict} != {self.verdict}]


def decide(sheet: Sheet, assumptions: Assumptions, prices: Prices | None = None) -> Decision:
    """LibraryError for assumptions that make no sense, or prices that cannot be read."""
    prices = prices or read_prices()
    base = _decided(sheet, assumptions.checked(), prices)
    found = (_swing(sheet, assumptions, prices, key) for key in NUMBERS if key not in FIXED)
    swings = [one for one in found if one is not None]
    swings += [_measured_swing(base, sheet, assumptions, prices)] if base.chosen else []
    moved = [one for one in swings if abs(one.high - one.low) > 1e-9]
    return replace(base, swings=tuple(sorted(moved, key=lambda one: -abs(one.high - one.low))))


def choices(sheet: Sheet) -> tuple[Chosen, ...]:
    """How each attribute would be used: by own labels where the weights do not know it, or where teaching is better, decided by
    its interval; else as the weights have it, without any label."""
    curves = {one.attribute: one for one in sheet.curves}
    return tuple(_choice(gain, curves.get(gain.attribute)) for gain in sheet.gains)


def _choice(gain: Gain, curve: Curve | None) -> Chosen:
    better = gain.taught is None or gain.taught.p12.low > 0
    if gain.after is not None and gain.after_gain is not None and (gain.before is None or better):
        labels, decided = gain.labels, False
        if curve is not None and curve.least is not None:
            decided = True
            if curve.least != curve.steps[-1].n:
                labels = next(step.labels for step in curve.steps if step.n == curve.least)
        return Chosen(gain.attribute, True, labels, decided, gain.after.p12, gain.similar.p12, gain.after_gain.p12)
    if gain.before is None or gain.before_gain is None:
        raise ValueError(f"'{gain.attribute}' has no figures")
    return Chosen(gain.attribute, False, 0, True, gain.before.p12, gain.similar.p12, gain.before_gain.p12)


@dataclass(frozen=True)
class _Month:
    """What a month brings at one gain over global similarity. minutes: a search takes; saved: minutes of today's; money: over
    today; over_similar: the part of it that global similarity would not bring."""

    minutes: float
    saved: float
    orders: float
    money: float
    over_similar: float


def _decided(sheet: Sheet, stated: Assumptions, prices: Prices, gain: float | None = None) -> Decision:
    """Without swings. gain: points of P@12 over global similarity in place of the measured ones."""
    chosen = choices(sheet)
    measured = mean_of([one.gain for one in chosen]) if chosen else Interval(0, 0, 0)
    measured = measured if gain is None else Interval(gain, gain, gain)
    similar = sum(one.similar for one in chosen) / len(chosen) if chosen else 0.0
    rows = costs(sheet.running, stated, prices)
    cost = next(one for one in rows if one.id == prices.of(stated.hardware).id)
    labels = sum(one.labels for one in chosen)
    hours = label_hours(labels, stated.minutes_a_label)
    label_money = hours * stated.wage
    training = _training(sheet, stated, prices)
    once = label_money + cost.once.mean
    months = [_month(sheet, stated, similar, one) for one in (measured.mean, measured.low, measured.high)]
    middle, low, high = months

    def left(month: _Month, running: float, paid: float) -> float:
        return stated.months * (month.money - running) - paid

    net = Interval(
        left(middle, cost.monthly.mean, once),
        left(low, cost.monthly.high, label_money + cost.once.high),
        left(high, cost.monthly.low, label_money + cost.once.low),
    )
    needed = Interval(*(each - training for each in (net.mean, net.low, net.high)))
    better: Literal["better", "worse", "open"] = (
        "better" if measured.low > 0 else "worse" if measured.high < 0 else "open"
    )
    searches = _searches(sheet, stated)[0]
    monthly = middle.money - cost.monthly.mean
    each = middle.money / searches if searches else 0.0
    enough = (once + training) / stated.months + cost.monthly.mean

    def over(month: _Month) -> float:
        """Left over global similarity, which needs neither labels nor training and takes the same machine."""
        return stated.months * month.over_similar - label_money - training

    facts = [
        Figure("labels", labels, "measured"),
        Figure("label_hours", hours, "derived"),
        Figure("label_money", label_money, "derived"),
        Figure("similar_p12", similar, "measured"),
        Figure("p12", similar + measured.mean, "measured", similar + measured.low, similar + measured.high),
        Figure("gain", measured.mean, "measured", measured.low, measured.high),
        Figure("minutes", middle.minutes, "derived", high.minutes, low.minutes),
        Figure("similar_minutes", _minutes(stated, similar), "derived"),
        Figure("saved", middle.saved, "derived", low.saved, high.saved),
        Figure("searches", searches, _searches(sheet, stated)[1]),
        Figure(
            "saved_hours",
            middle.saved * searches / 60,
            "derived",
            low.saved * searches / 60,
            high.saved * searches / 60,
        ),
        Figure("orders", middle.orders, "derived", low.orders, high.orders),
        Figure("benefit", middle.money, "derived", low.money, high.money),
        Figure("over_similar", middle.over_similar, "derived", low.over_similar, high.over_similar),
        Figure("similar_outcome", over(middle), "derived", over(low), over(high)),
        Figure("running", cost.monthly.mean, "derived", cost.monthly.low, cost.monthly.high),
        Figure("embedding", cost.once.mean, "derived", cost.once.low, cost.once.high),
        Figure("training", training, "derived"),
        Figure("once", once + training, "derived"),
        Figure("monthly", monthly, "derived"),
    ]
    return Decision(
        verdict=_verdict(better, net, needed, over(high), sheet.licence.production is True),
        better=better,
        outcome=needed,
        payback=months_to_pay(once + training, monthly),
        searches_needed=enough / each if each > 0 else None,
        chosen=chosen,
        figures={one.key: one for one in facts},
        costs=rows,
        swings=(),
    )


def _verdict(better: str, net: Interval, needed: Interval, over: float, production: bool) -> Verdict:
    """net: what is left without training of one's own, needed: with what production asks for; over: the most that is left over
    global similarity."""
    if better == "worse" or net.high <= 0:
        return "no"
    if better == "open" or net.low <= 0:
        return "open"
    if not production and needed.low <= 0:
        return "pilot"
    if over < 0:
        return "similar"
    return "go" if production else "retrain"


def _training(sheet: Sheet, stated: Assumptions, prices: Prices) -> float:
    """What training on own images costs, 0 where the weights may be used in production as they are."""
    if sheet.licence.production is True:
        return 0.0
    labelling = label_hours(stated.retrain_labels, stated.minutes_a_label) * stated.wage
    return labelling + stated.retrain_hours * prices.of(T4).hourly * stated.per_dollar


def _month(sheet: Sheet, stated: Assumptions, similar: float, gain: float) -> _Month:
    searches, precision = _searches(sheet, stated)[0], min(100.0, max(0.1, similar + gain))
    usual, minutes = (_minutes(stated, percent) for percent in (similar, precision))
    sooner = usual - minutes
    if sheet.used is not None and sheet.used.seconds is not None and sheet.used.accepted >= ENOUGH:
        minutes = sheet.used.seconds / 60
    saved = stated.manual_minutes - minutes
    orders = searches * 12 * gain / 100 * stated.conversion / 1000
    sold, hourly = orders * stated.margin, searches / 60 * stated.wage
    return _Month(minutes, saved, orders, saved * hourly + sold, sooner * hourly + sold)


def _minutes(stated: Assumptions, precision: float) -> float:
    return minutes_to_find(stated.wanted, precision, stated.seconds_a_picture, stated.query_seconds)


def _searches(sheet: Sheet, stated: Assumptions) -> tuple[float, Kind]:
    """Searches a month, by the usage log where that is long enough."""
    monthly = sheet.used.monthly if sheet.used is not None else None
    return (stated.searches, "assumed") if monthly is None else (monthly, "measured")


def _swing(sheet: Sheet, stated: Assumptions, prices: Prices, key: str) -> Swing | None:
    value = getattr(stated, key)
    low, high = value * HALF, value * TWICE
    if key == "uploads":
        high = min(100.0, high)
    if not value:
        return None
    ends = [_decided(sheet, replace(stated, **{key: end}), prices) for end in (low, high)]
    return Swing(key, low, high, ends[0].outcome.mean, ends[1].outcome.mean, ends[0].verdict, ends[1].verdict)


def _measured_swing(base: Decision, sheet: Sheet, stated: Assumptions, prices: Prices) -> Swing:
    """How far the outcome moves within the interval of what was measured."""
    gain = base.figures["gain"]
    low, high = gain.low or 0.0, gain.high or 0.0
    ends = [_decided(sheet, stated, prices, end) for end in (low, high)]
    return Swing("gain", low, high, ends[0].outcome.mean, ends[1].outcome.mean, ends[0].verdict, ends[1].verdict)
