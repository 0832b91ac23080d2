"""What a month brings at one gain over ordinary similarity, and what training of one's own costs."""

from dataclasses import dataclass
from typing import Literal

from eval import label_hours, minutes_to_find
from library.poc.prices import Prices
from library.poc.sheet import Assumptions, Sheet

T4 = "t4-small"
ENOUGH = 20
"""Searches with a hit that was taken, from which a usage log tells more than a formula."""


@dataclass(frozen=True)
class Month:
    """minutes: a search takes; saved: minutes of today's. orders: more than by ordinary similarity. money: over today;
    over_similar: the part of it that ordinary similarity would not bring."""

    minutes: float
    saved: float
    orders: float
    money: float
    over_similar: float


def month(sheet: Sheet, stated: Assumptions, similar: float, gain: float) -> Month:
    """similar: P@12 of ordinary similarity, percent; gain: points above it."""
    searches, precision = searches_of(sheet, stated)[0], min(100.0, max(0.1, similar + gain))
    usual, minutes = (minutes_of(stated, percent) for percent in (similar, precision))
    sooner = usual - minutes
    if sheet.used is not None and sheet.used.seconds is not None and sheet.used.accepted >= ENOUGH:
        minutes = sheet.used.seconds / 60
    saved = stated.manual_minutes - minutes
    orders = searches * 12 * gain / 100 * stated.conversion / 1000
    sold, hourly = orders * stated.margin, searches / 60 * stated.wage
    return Month(minutes, saved, orders, saved * hourly + sold, sooner * hourly + sold)


def minutes_of(stated: Assumptions, precision: float) -> float:
    """Minutes of a search of which so many percent of the results are right."""
    return minutes_to_find(stated.wanted, precision, stated.seconds_a_picture, stated.query_seconds)


def searches_of(sheet: Sheet, stated: Assumptions) -> tuple[float, Literal["measured", "assumed"]]:
    """Searches a month, by the usage log where that is long enough."""
    monthly = sheet.used.monthly if sheet.used is not None else None
    return (stated.searches, "assumed") if monthly is None else (monthly, "measured")


def training_cost(sheet: Sheet, stated: Assumptions, prices: Prices) -> float:
    """What training on own images costs, 0 where the weights may be used in production as they are."""
    if sheet.licence.production is True:
        return 0.0
    labelling = label_hours(stated.retrain_labels, stated.minutes_a_label) * stated.wage
    return labelling + stated.retrain_hours * prices.of(T4).hourly * stated.per_dollar
