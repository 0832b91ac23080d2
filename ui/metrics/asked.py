"""Who asked in a report, in words: two reports of one catalog whose queries were chosen otherwise differ for that, too."""

from eval import AttributeReport, Report
from ui.metrics.differing import bracketed, comma
from ui.names import attribute_name, value_name
from ui.words import word

MOST_NAMED = 3
"""Attributes that are named where not all were asked in the same way; more are counted."""


def asked(report: Report, lang: str) -> str:
    """The catalog, its split, how many queries there were and how they were chosen; '' where a report does not tell."""
    how = chosen(report, lang)
    if not how:
        return ""
    queries = sum(own.queries for own in report.attributes.values())
    splits = [value_name(str(name), lang) for name in report.catalog.get("splits") or []]
    part = bracketed(comma(lang).join(splits), lang)
    left_out = report.protocol.get("twins_left_out")
    twins = word("asked_twins", lang, count=f"{left_out:,}") if left_out else ""
    name = report.catalog.get("name", "")
    corrected = report.protocol.get("corrected")
    before = word("asked_corrected", lang, count=f"{corrected:,}") if corrected else ""
    return word("asked", lang, name=name, split=part, queries=f"{queries:,}", how=how, twins=twins + before)


def chosen(report: Report, lang: str) -> str:
    """How the queries were chosen of the labelled pictures of each attribute."""
    protocol = report.protocol
    if protocol.get("queries") == "published":
        return word("asks_published", lang)
    share = protocol.get("share", protocol.get("queries"))
    if not isinstance(share, int | float):
        return ""
    lot = word("asks_share", lang, percent=f"{share * 100:g}")
    limit = protocol.get("leave_one_out_up_to")
    if not isinstance(limit, int) or not limit:
        return lot
    drawn = [name for name, own in report.attributes.items() if not all_asked(own)]
    if not drawn:
        return word("asks_alone", lang)
    if len(drawn) == len(report.attributes):
        return lot
    few = len(drawn) <= MOST_NAMED
    names = comma(lang).join(attribute_name(name, lang) for name in drawn) if few else ""
    key = "asks_both_named" if few else "asks_both"
    return word(key, lang, limit=f"{limit:,}", percent=f"{share * 100:g}", names=names, count=len(drawn))


def all_asked(own: AttributeReport) -> bool:
    """Whether every labelled picture asked all others: each value then has one candidate less than queries."""
    values = own.by_value.values()
    return own.candidates == own.queries - 1 and all(
        figures.get("candidates") == figures["queries"] - 1 for figures in values if figures.get("queries")
    )
