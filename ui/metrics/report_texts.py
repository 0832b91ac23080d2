"""What `eval` has written into reports, in the language of the page."""

import re

from eval import Report
from ui.metrics.differing import bracketed
from ui.names import attribute_name, value_name
from ui.words import word

GLOBAL = "global similarity"
"""The method of the baseline, as reports name it."""
TITLE = r"(?P<what>Lapel|RPF|[Gg]lobal similarity) on (?P<name>.+?)(?: \((?P<split>[^()]+)\))?"
"""Titles as `eval` writes them and as the shipped reports have them."""
TOLD = {
    "report_short_labels": r"(?P<name>.+): (?P<labels>\d+) labels are too few to measure it; (?P<more>\d+) more would do",
    "report_short_queries": r"(?P<name>.+): (?P<queries>\d+) queries say little; (?P<more>\d+) more labels would do",
    "report_unreadable": r"images that cannot be read, and are left out: (?P<count>\d+)",
    "report_twins": r"(?P<split>.+) images that have a byte-identical twin in (?P<others>.+), and are left out: (?P<count>.+)",
    "report_derived": r"attributes read off pixel masks: (?P<counts>.+)",
    "report_asked": r"(?P<name>.+) is asked by the weights' (?P<by>.+)",
}
"""Word → the warning of a report that it says; others are the catalog's own words."""
REFUSED = {
    "refused_queries": r"the queries of (?P<name>.+) are not the same in both reports; .+",
    "refused_labels": r"(?P<count>\d+) labels of (?P<name>.+) have changed between the reports; .+",
    "refused_attributes": r"the two reports have no attribute in common; .+",
    "refused_figure": r"the report keeps no .+",
}
"""Word → why `eval.differences` refuses."""


def method_name(name: str, lang: str) -> str:
    return word("global_similarity", lang) if name == GLOBAL else name


def warning(text: str, lang: str) -> str:
    """A warning of a report, in the language of the page where `eval` wrote it."""
    for key, pattern in TOLD.items():
        if found := re.fullmatch(pattern, text):
            facts = found.groupdict()
            if lang == "ja":
                facts = {name: _japanese(name, said) for name, said in facts.items()}
            return word(key, lang, **facts)
    return text


def title_of(report: Report, lang: str) -> str:
    """The title of a report, in the words and the language of the page where it only says what was measured, on which catalog
    and split."""
    found = re.fullmatch(TITLE, report.title)
    if found is None:
        return method_name(report.method, lang) if report.title.casefold() == GLOBAL else report.title
    what = word("global_similarity", lang) if found["what"].casefold() == GLOBAL else found["what"]
    split = value_name(found["split"], lang) if found["split"] else ""
    what = what[:1].upper() + what[1:]
    return word("report_title", lang, what=what, name=found["name"], split=bracketed(split, lang))


def refusal(text: str, lang: str) -> str:
    """Why two reports cannot be compared."""
    for key, pattern in REFUSED.items():
        if found := re.fullmatch(pattern, text):
            facts = found.groupdict()
            return word(
                key, lang, **(facts | {"name": attribute_name(facts["name"], lang)} if "name" in facts else facts)
            )
    return text


def _japanese(fact: str, said: str) -> str:
    """A fact of a warning, where it holds names of splits or attributes."""
    if fact in ("split", "others"):
        return "または".join(value_name(name, "ja") for name in said.split(" or "))
    return attribute_name(said, "ja") if fact in ("name", "by") else said
