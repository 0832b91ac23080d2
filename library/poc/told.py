"""What every part of the page needs: sentences, money, figures with their flags."""

from html import escape
from typing import Any

from library.poc.decision import Decision
from library.poc.parts import duration, flag, money, number
from library.poc.prices import Prices
from library.poc.sheet import Assumptions, Sheet
from library.poc.words import say


class Told:
    """A sheet that is told in a language, with what follows from it."""

    def __init__(self, sheet: Sheet, assumptions: Assumptions, decision: Decision, prices: Prices, lang: str) -> None:
        self.sheet, self.stated, self.decided, self.prices, self.lang = sheet, assumptions, decision, prices, lang

    def say(self, key: str, **facts: Any) -> str:
        """A sentence whose facts are escaped."""
        return say(key, self.lang, **{name: escape(str(value)) for name, value in facts.items()})

    def money(self, amount: float | None) -> str:
        return "–" if amount is None else money(amount, self.stated.currency)

    def rough(self, amount: float | None) -> str:
        """Money with the two digits that a sentence needs: what is assumed allows no more."""
        return "–" if amount is None else money(amount, self.stated.currency, 2)

    def time(self, minutes: float, low: float | None = None) -> str:
        return duration(minutes, self.lang, low)

    def flag(self, kind: str) -> str:
        return flag(kind, self.lang)

    def between(self, low: float | None, high: float | None, show: Any = number) -> str:
        return self.say("between", low=show(low or 0), high=show(high or 0))

    def figure(self, key: str, show: Any = number) -> str:
        """A number with its range and its flag."""
        found = self.decided.figures[key]
        if found.value is None:
            return "–"
        wide = found.low is not None and found.high is not None and show(found.low) != show(found.high)
        between = f" <small>({self.between(found.low, found.high, show)})</small>" if wide else ""
        return f"{show(found.value)}{between}{self.flag(found.kind)}"
