"""How a difference is said: its points, its interval, and what that decides. Everything from outside is escaped."""

from html import escape

from eval import Difference, Interval
from ui.words import word

MARKS = {"better": "▲", "worse": "▼", "level": "=", "undecided": "?"}
"""Verdict → its sign beside the word."""


def comma(lang: str) -> str:
    return "、" if lang == "ja" else ", "


def bracketed(text: str, lang: str) -> str:
    """Behind a word; '' for nothing."""
    return (f"（{text}）" if lang == "ja" else f" ({text})") if text else ""


def signed(points: float, decimals: int = 1) -> str:
    """A number of points with its sign; ±0.0 for none."""
    told = f"{abs(points):.{decimals}f}"
    return f"{'±' if not float(told) else '+' if points > 0 else '−'}{told}"


def between(interval: Interval, lang: str) -> str:
    """The bounds of a difference, with signs where one of them is below 0; '' where there are none."""
    if not interval.known:
        return ""
    plain = round(interval.low, 1) >= 0
    low, high = (f"{bound:.1f}" if plain else signed(bound) for bound in (interval.low, interval.high))
    return word("between", lang, low=low, high=high)


def points(value: float, lang: str) -> str:
    return word("points", lang, points=signed(value))


def in_points(difference: Difference, lang: str) -> str:
    """Points with the interval in brackets: +11.7 points (10.2 to 13.2)."""
    return points(difference.points, lang) + bracketed(between(difference.interval, lang), lang)


def verdict_word(difference: Difference, lang: str) -> str:
    """better, worse, level, not decided, or that the queries are too few to say."""
    return word("verdict_few" if difference.few else f"verdict_{difference.verdict}", lang)


def verdict(difference: Difference, lang: str) -> str:
    """The verdict with its sign, and why it says less than the interval beside it, where it does."""
    kind = difference.verdict
    said = f'<span class="lapel-verdict-of {kind}">{MARKS[kind]} {escape(verdict_word(difference, lang))}</span>'
    if not difference.alone_only:
        return said
    why = word(f"alone_{difference.alone}", lang, others=difference.beside)
    return f'{said}<span class="beside">{escape(why)}</span>'
