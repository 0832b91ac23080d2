"""Numbers, money, flags and tables of the sheet."""

from collections.abc import Sequence
from html import escape
from math import floor, log10

from eval import Interval
from library.poc.words import say

SYMBOLS = {"USD": "$", "JPY": "¥", "EUR": "€", "GBP": "£"}
LETTERS = {"measured": "M", "assumed": "A", "derived": "D"}


MATTERS = 3
"""Digits of an amount that are shown."""


def rounded(value: float, digits: int) -> float:
    """With so many digits that count: 63,985 is 64,000 with two."""
    return round(value, digits - 1 - floor(log10(abs(value)))) if value else 0.0


def money(amount: float, currency: str, matters: int = MATTERS) -> str:
    """Such as $1,240, ¥1,240 or 1,240 CHF, with so many digits that count; cents below 100 where there are some."""
    amount = rounded(amount, matters)
    cents = currency != "JPY" and abs(amount) < 100 and abs(amount - round(amount)) > 0.005
    digits = f"{abs(amount):,.{2 if cents else 0}f}"
    sign = "−" if amount < 0 and digits.strip("0.,") else ""
    return f"{sign}{SYMBOLS[currency]}{digits}" if currency in SYMBOLS else f"{sign}{digits} {currency}"


def number(value: float) -> str:
    """With as many digits as matter: 12,400 / 43.2 / 0.85."""
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 or value == int(value) else f"{value:.1f}" if size >= 10 else f"{value:.2g}"


def span(found: Interval, show=number) -> str:  # type: ignore[no-untyped-def]
    """A range, or the one number that both ends come to."""
    low, high = show(found.low), show(found.high)
    return low if low == high else f"{low}–{high}"


def signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


def level(value: float) -> str:
    """A number without a plus, as the ends of a range have it."""
    return f"{value:.1f}".replace("-", "−")


def duration(minutes: float, lang: str, low: float | None = None) -> str:
    """Seconds below a minute, minutes below two hours, else hours; from a lower end on, where there is one."""
    unit, scale = ("seconds", 60.0) if minutes < 1 else ("minutes", 1.0) if minutes < 120 else ("hours", 1 / 60)
    ends = [_two(end * scale) for end in (minutes if low is None else low, minutes)]
    return say(f"time_{unit}", lang, count="–".join(dict.fromkeys(ends)))


def _two(value: float) -> str:
    """With two digits, whole from 10 on."""
    return number(round(value) if abs(value) >= 10 else rounded(value, 2))


def twelfths(percent: float) -> str:
    """Of 12 results, from percent."""
    return f"{percent * 12 / 100:.1f}".replace("-", "−")


def twelfths_apart(found: str, usually: str) -> str:
    """The difference of two that are shown, as `twelfths` gives them, so that what stands side by side adds up."""
    return f"{round(float(found) - float(usually), 1) + 0:.1f}".replace("-", "−")


def flag(kind: str, lang: str) -> str:
    return f'<abbr title="{say(kind, lang)}">{LETTERS[kind]}</abbr>'


def table(head: Sequence[str], rows: Sequence[Sequence[str]], label: str, chosen: int = -1) -> str:
    """Cells are HTML. label: what the table is, said to those who cannot see it. chosen: a row that stands out."""
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "".join(
        ('<tr class="lapel-poc-chosen">' if place == chosen else "<tr>")
        + f'<th scope="row">{row[0]}</th>'
        + "".join(f"<td>{cell}</td>" for cell in row[1:])
        + "</tr>"
        for place, row in enumerate(rows)
    )
    return (
        f'<div class="lapel-poc-scroll" role="region" tabindex="0" aria-label="{escape(label)}">'
        f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )
