"""From what was measured and what is stated to a verdict: label cost, gain, running cost, use in production, break-even."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from eval import Interval, label_hours, mean_of, months_to_pay
from library.poc.choices import Chosen, choices
from library.poc.cost import Cost, costs
from library.poc.month import Month, minutes_of, month, searches_of, training_cost
from library.poc.prices import Prices, read_prices
from library.poc.sheet import Assumptions, Sheet
from library.poc.swings import Swing, Verdict, swings

Kind = Literal["measured", "assumed", "derived"]
Better = Literal["better", "worse", "open"]


@dataclass(frozen=True)
class Figure:
    """A number of the sheet, and where it comes from; low, high: its range, where it has one."""

    key: str
    value: float | None
    kind: Kind
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Decision:
    """What the sheet comes to.

    verdict: "go"; "retrain": it pays with weights of one's own, too, which production needs; "similar": it pays, but
    less than ordinary similarity, which costs no labels and no training; "pilot": it pays only without own weights;
    "open": not decided by what was measured; "no". better: than ordinary similarity. net: what is left over ordinary
    similarity after `months`, in money, with what production needs; outcome: over today's way of searching. Ranges of both
    come from the interval of P@12 and the speed of the machine, not from what is assumed. payback: months in which labels
    and training come back over ordinary similarity, None for never. searches_needed: a month, for that within `months`; None
    where no number would do; searches_at_all: for the whole to pay within `months` over today.
    """

    verdict: Verdict
    better: Better
    net: Interval
    outcome: Interval
    payback: float | None
    searches_needed: float | None
    searches_at_all: float | None
    chosen: tuple[Chosen, ...]
    figures: Mapping[str, Figure]
    costs: tuple[Cost, ...]
    swings: tuple[Swing, ...]


def decide(sheet: Sheet, assumptions: Assumptions, prices: Prices | None = None) -> Decision:
    """LibraryError for assumptions that make no sense, or prices that cannot be read."""
    prices = prices or read_prices()
    assumptions.checked()

    def found(stated: Assumptions, gain: float | None = None) -> Decision:
        return _decided(sheet, stated, prices, gain)

    base = found(assumptions)
    return replace(base, swings=swings(base, assumptions, found))


def _decided(sheet: Sheet, stated: Assumptions, prices: Prices, gain: float | None = None) -> Decision:
    """Without swings. gain: points of P@12 over ordinary similarity in place of the measured ones."""
    chosen = choices(sheet)
    measured = mean_of([one.gain for one in chosen]) if chosen else Interval(0, 0, 0)
    measured = measured if gain is None else Interval(gain, gain, gain)
    similar = sum(one.similar for one in chosen) / len(chosen) if chosen else 0.0
    rows = costs(sheet.running, stated, prices)
    cost = next(one for one in rows if one.id == prices.of(stated.hardware).id)
    labels = sum(one.labels for one in chosen)
    hours = label_hours(labels, stated.minutes_a_label)
    label_money, training = hours * stated.wage, training_cost(sheet, stated, prices)
    months = [month(sheet, stated, similar, one) for one in (measured.mean, measured.low, measured.high)]
    middle, low, high = months

    def left(one: Month, running: float, embedding: float) -> float:
        return stated.months * (one.money - running) - embedding - label_money

    pilot = Interval(
        left(middle, cost.monthly.mean, cost.once.mean),
        left(low, cost.monthly.high, cost.once.high),
        left(high, cost.monthly.low, cost.once.low),
    )
    outcome = _less(pilot, training)
    once = label_money + training
    net = _less(Interval(*(stated.months * one.over_similar for one in months)), once)
    better: Better = "better" if measured.low > 0 else "worse" if measured.high < 0 else "open"
    searches, known = searches_of(sheet, stated)
    facts = [
        Figure("labels", labels, "measured"),
        Figure("label_hours", hours, "derived"),
        Figure("label_money", label_money, "derived"),
        Figure("similar_p12", similar, "measured"),
        Figure("p12", similar + measured.mean, "measured", similar + measured.low, similar + measured.high),
        Figure("gain", measured.mean, "measured", measured.low, measured.high),
        Figure("similar_minutes", minutes_of(stated, similar), "derived"),
        Figure("searches", searches, known),
        *_monthly(months, minutes_of(stated, similar), searches),
        Figure("running", cost.monthly.mean, "derived", cost.monthly.low, cost.monthly.high),
        Figure("embedding", cost.once.mean, "derived", cost.once.low, cost.once.high),
        Figure("training", training, "derived"),
        Figure("once", once, "derived"),
        Figure("similar_too", outcome.mean - net.mean, "derived"),
    ]
    return Decision(
        verdict=_verdict(better, pilot, outcome, net, sheet.licence.production is True),
        better=better,
        net=net,
        outcome=outcome,
        payback=months_to_pay(once, middle.over_similar),
        searches_needed=_needed(once / stated.months, middle.over_similar, searches),
        searches_at_all=_needed((once + cost.once.mean) / stated.months + cost.monthly.mean, middle.money, searches),
        chosen=chosen,
        figures={one.key: one for one in facts},
        costs=rows,
        swings=(),
    )


def _monthly(months: list[Month], usual: float, searches: float) -> list[Figure]:
    """What the months of the mean, the low and the high gain come to. usual: minutes by ordinary similarity."""
    middle, low, high = months
    each = searches / 60
    return [
        Figure("minutes", middle.minutes, "derived", high.minutes, low.minutes),
        Figure("saved", middle.saved, "derived", low.saved, high.saved),
        Figure("saved_hours", middle.saved * each, "derived", low.saved * each, high.saved * each),
        Figure("similar_hours", (middle.saved + middle.minutes - usual) * each, "derived"),
        Figure("orders", middle.orders, "derived", low.orders, high.orders),
        Figure("benefit", middle.money, "derived", low.money, high.money),
        Figure("over_similar", middle.over_similar, "derived", low.over_similar, high.over_similar),
    ]


def _less(found: Interval, paid: float) -> Interval:
    return Interval(found.mean - paid, found.low - paid, found.high - paid)


def _needed(paid: float, brought: float, searches: float) -> float | None:
    """Searches a month that bring what is paid a month, where so many bring so much; None where no number would do."""
    return paid * searches / brought if brought > 0 and searches else None


def _verdict(better: Better, pilot: Interval, outcome: Interval, net: Interval, production: bool) -> Verdict:
    """pilot: what is left without training of one's own, outcome: with what production asks for; net: over ordinary similarity."""
    if better == "worse" or pilot.high <= 0:
        return "no"
    if better == "open" or pilot.low <= 0:
        return "open"
    if not production and outcome.low <= 0:
        return "pilot"
    if net.high < 0:
        return "similar"
    if net.low < 0:
        return "open"
    return "go" if production else "retrain"
