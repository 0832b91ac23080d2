"""What a visitor has stated in place of the assumptions that the sheet begins with, as his browser keeps it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from library import LibraryError
from library.poc import ASSUMED, Assumptions, Machine, Prices, read_prices

PRICED = ("hourly", "monthly", "speed_low", "speed_high")
"""What of a machine can be stated."""
GROUPS: dict[str, tuple[str, ...]] = {
    "labelling": ("minutes_a_label", "wage", "retrain_labels", "retrain_hours"),
    "searching": ("searches", "manual_minutes", "query_seconds", "wanted", "seconds_a_picture"),
    "size": ("items", "new_items", "searches_a_second", "uploads", "hardware", "storage"),
    "paying": ("currency", "per_dollar", "conversion", "margin", "months"),
}
"""Where each assumption stands on the page; what is in no group stands in the last one."""
CURRENCIES = ("USD", "JPY", "EUR", "GBP")


@dataclass(frozen=True)
class Stated:
    """Assumptions and prices that hold for a visitor. own: machines whose price he has changed."""

    assumptions: Assumptions
    prices: Prices
    own: frozenset[str] = frozenset()


class SenselessError(LibraryError):
    """What was stated makes no sense. key: of an assumption, or of a price."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(f"{key} is '{text}', which makes no sense; give a number from 0 up, a speed or a size above 0")
        self.key = key
        self.text = text


def groups() -> dict[str, list[str]]:
    """Group → its assumptions, all of them."""
    found = {name: [key for key in keys if key in ASSUMED] for name, keys in GROUPS.items()}
    placed = {key for keys in found.values() for key in keys}
    found["paying"] += [key for key in ASSUMED if key not in placed]
    return found


def stated(kept: object) -> Stated:
    """From what the browser has kept; what makes no sense (any more) is left as it was at first."""
    kept = kept if isinstance(kept, Mapping) else {}
    assumptions, prices, own = Assumptions(), read_prices(), set[str]()
    for key, text in _pairs(kept.get("assumed")):
        with suppress(LibraryError):
            assumptions = _assumed(assumptions, key, text, prices)
    for key, text in _pairs(kept.get("prices")):
        with suppress(LibraryError):
            prices = _priced(prices, key, text)
            own.add(key.partition(" ")[0])
    return Stated(assumptions, prices, frozenset(own))


def keep(kept: object, part: str, values: object) -> dict[str, Any]:
    """What the browser keeps when a form is filled in: part is "assumed" or "prices", values are all its fields as text. Only
    what differs from the beginning is kept. SenselessError for what makes no sense; then nothing is to be kept."""
    before = dict(kept) if isinstance(kept, Mapping) else {}
    assumptions, prices = Assumptions(), read_prices()
    first = assumptions, prices
    changed: dict[str, str] = {}
    for key, text in _pairs(values):
        try:
            if part == "assumed":
                assumptions = _assumed(assumptions, key, text, prices)
                differs = getattr(assumptions, key) != getattr(first[0], key)
            else:
                prices = _priced(prices, key, text)
                id, _, what = key.partition(" ")
                differs = price(prices.of(id), what) != price(first[1].of(id), what)
        except LibraryError as error:
            raise SenselessError(key, text) from error
        if differs:
            changed[key] = text.strip()
    for machine in prices.rows:
        if machine.speed[0] > machine.speed[1]:
            raise SenselessError(f"{machine.id} speed_low", f"{machine.speed[0]:g}")
    return {**before, part: changed}


def price(machine: Machine, what: str) -> float:
    """A field of `PRICED`."""
    if what in ("speed_low", "speed_high"):
        return machine.speed[what == "speed_high"]
    return float(getattr(machine, what))


def _assumed(assumptions: Assumptions, key: str, text: str, prices: Prices) -> Assumptions:
    if key == "hardware":
        prices.of(text)
    if key == "currency" and not (text.strip().isalpha() and len(text.strip()) == 3):
        raise LibraryError(f"the currency is '{text}'; give its three letters, such as JPY")
    text = text.strip().upper() if key == "currency" else text
    return assumptions.with_text([f"{key}={text}"])


def _priced(prices: Prices, key: str, text: str) -> Prices:
    """Prices with one field changed; key: id of a machine and the field, with a blank between."""
    id, _, what = key.partition(" ")
    machine = prices.of(id)
    if what not in PRICED:
        raise LibraryError(f"a price has no '{what}'")
    try:
        value = float(text.replace(",", ""))
    except ValueError as error:
        raise LibraryError(f"'{text}' is no number; give one such as 0.4") from error
    if not 0 <= value < 1e6 or (what.startswith("speed") and value == 0):
        raise LibraryError(f"{text} is no price; give a number from 0 up, a speed above 0")
    low, high = machine.speed
    changed = replace(
        machine,
        hourly=value if what == "hourly" else machine.hourly,
        monthly=value if what == "monthly" else machine.monthly,
        speed=(value if what == "speed_low" else low, value if what == "speed_high" else high),
    )
    return replace(prices, rows=tuple(changed if row.id == id else row for row in prices.rows))


def _pairs(values: object) -> list[tuple[str, str]]:
    return [(str(key), str(text)) for key, text in values.items()] if isinstance(values, Mapping) else []
