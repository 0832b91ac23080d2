"""The PoC sheet of a catalog: what was measured, what is stated, and what follows from both."""

from library.poc.choices import Chosen, choices
from library.poc.cost import Cost, bytes_an_item, costs
from library.poc.current import changed_since
from library.poc.decision import Decision, Figure, decide
from library.poc.first import First
from library.poc.measuring import STEPS, keep_sheet, last_sheet, measure_sheet, read_sheet, seconds_after, with_usage
from library.poc.names import called
from library.poc.page import as_html, as_json, as_text
from library.poc.parts import flag, number, table
from library.poc.prices import Machine, Prices, read_prices
from library.poc.second import Second
from library.poc.sheet import ASSUMED, NUMBERS, Assumptions, Curve, Gain, Licence, Running, Sheet, Step, Used
from library.poc.swings import Flip, Swing
from library.poc.words import WORDS, say

__all__ = [
    "ASSUMED",
    "NUMBERS",
    "STEPS",
    "WORDS",
    "Assumptions",
    "Chosen",
    "Cost",
    "Curve",
    "Decision",
    "Figure",
    "First",
    "Flip",
    "Gain",
    "Licence",
    "Machine",
    "Prices",
    "Running",
    "Second",
    "Sheet",
    "Step",
    "Swing",
    "Used",
    "as_html",
    "as_json",
    "as_text",
    "bytes_an_item",
    "called",
    "changed_since",
    "choices",
    "costs",
    "decide",
    "flag",
    "keep_sheet",
    "last_sheet",
    "measure_sheet",
    "number",
    "read_prices",
    "read_sheet",
    "say",
    "seconds_after",
    "table",
    "with_usage",
]
