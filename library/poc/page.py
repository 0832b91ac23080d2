"""The sheet as one HTML file without anything from elsewhere: two pages of A4, or one column on a telephone."""

import re
from dataclasses import asdict
from html import escape, unescape
from typing import Any

from library.poc.decision import decide
from library.poc.first import First
from library.poc.names import called
from library.poc.prices import Prices, read_prices
from library.poc.second import Second
from library.poc.sheet import Assumptions, Sheet
from library.poc.style import STYLE
from library.poc.words import say


def as_json(sheet: Sheet, assumptions: Assumptions, prices: Prices | None = None) -> dict[str, Any]:
    """What was measured, what is stated, and what follows, apart from each other."""
    decision = decide(sheet, assumptions, prices)
    return {"measured": sheet.to_dict(), "assumed": asdict(assumptions), "derived": asdict(decision)}


def as_html(sheet: Sheet, assumptions: Assumptions, lang: str, prices: Prices | None = None) -> str:
    """A whole page, in English unless lang is "ja". LibraryError as `decide` raises it."""
    prices, sheet = prices or read_prices(), called(sheet, lang)
    facts = sheet, assumptions, decide(sheet, assumptions, prices), prices, lang
    one, two = First(*facts), Second(*facts)
    title = escape(say("title", lang, name=sheet.catalog))
    first = "".join([one.head(), one.gain(), one.labels()])
    second = "".join([two.running(), two.decision(), two.licence(), two.assumptions(), two.swings(), two.foot()])
    return (
        f'<!doctype html><html lang="{"ja" if lang == "ja" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><main>"
        f'<section class="lapel-poc-sheet">{first}</section><section class="lapel-poc-sheet">{second}</section>'
        "</main></body></html>"
    )


def as_text(sheet: Sheet, assumptions: Assumptions, lang: str, prices: Prices | None = None) -> str:
    """The verdict and each attribute in some lines, for a terminal."""
    prices, sheet = prices or read_prices(), called(sheet, lang)
    decided = decide(sheet, assumptions, prices)
    facts = sheet, assumptions, decided, prices, lang
    one, two = First(*facts), Second(*facts)
    lines = [
        one.head(),
        *(f"{curve.attribute}: {one.least(curve)}" for curve in sheet.curves),
        one.cost(),
        two.licence(),
    ]
    text = re.sub(r"<span class='lapel-poc-letters'>.*?</span>|<abbr.*?</abbr>", "", "\n".join(lines))
    text = re.sub(r"</?(?:h1|p|strong|h3)[^>]*>", "\n", text)
    return re.sub(r"\n\s*\n+", "\n", unescape(re.sub(r"<[^>]+>", "", text))).strip()
