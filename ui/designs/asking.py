"""From what the page has chosen to a question, and what can be chosen."""

from collections.abc import Mapping, Sequence

import gradio as gr

from library import Opened
from model import AT_LEAST, Level
from retrieval import Across, DesignQuery, lacks_level
from ui.dials import Dial
from ui.names import attribute_name, value_name
from ui.narrowing import Narrowing, filters_of, narrowing
from ui.words import word

FIRST = 2
"""Attributes that are chosen to begin with."""


def offered(opened: Opened) -> list[str]:
    """Attributes that can be compared at once, those with labels first."""
    there = opened.engine.attributes
    labelled = [name for name in opened.labelled if name in there]
    return [*labelled, *(name for name in there if name not in labelled)]


def named(opened: Opened, names: Sequence[str], lang: str) -> list[tuple[str, str]]:
    known = opened.catalog.columns
    return [(attribute_name(name, lang, known), name) for name in names]


def unlevelled(opened: Opened, names: Sequence[str]) -> list[str]:
    """Those of some attributes that have no match level."""
    return [name for name in names if lacks_level(opened.embedder, name) is not None]


def score_dials(opened: Opened, names: Sequence[str], least: Mapping[str, float], lang: str) -> list[Dial]:
    """The least score of each attribute without a match level."""
    return [
        Dial(name, word("designs_score", lang, name=attribute_name(name, lang)), score, -1, 1, 0.005)
        for name in unlevelled(opened, names)
        for score in [least[name] if name in least else opened.engine.offered_score(name)]
    ]


def side_columns(known: Narrowing, lang: str) -> list[tuple[str, str]]:
    """Columns of which two values can be compared, after none."""
    columns = dict.fromkeys(name for name, _ in known.values)
    named = [(attribute_name(name, lang, known.columns), name) for name in columns]
    return [(word("designs_across_none", lang), ""), *named]


def side_values(opened: Opened, column: str, lang: str) -> list[tuple[str, str]]:
    """Values of a column with how many items have each, the commonest first."""
    counts = opened.columns.counts(column)
    among = tuple(counts)
    return [(f"{value_name(value, lang, among)} ({count:,})", value) for value, count in counts.most_common()]


def narrowed(opened: Opened, lang: str) -> gr.Dropdown:
    return gr.Dropdown(narrowing(opened.columns).choices(lang), value=[], multiselect=True)


def question(
    opened: Opened,
    names: Sequence[str],
    least: float,
    scores: Mapping[str, float],
    differ: Sequence[str],
    sides: tuple[str, str, str],
    filters: Sequence[str] | None,
    once: bool,
) -> DesignQuery:
    """RetrievalError where it makes no sense. sides: a column and two of its values; once: whether the very same picture is
    shown once."""
    column, one, other = sides
    return DesignQuery(
        tuple(names),
        least,
        {dial.name: dial.value for dial in score_dials(opened, names, scores, "en")},
        tuple(differ),
        Across(column, one, other) if column else None,
        filters_of(filters, opened.columns),
        not once,
    )


def level_of_least(least: float) -> Level:
    """The level that a least chance stands for."""
    return next(level for level, chance in AT_LEAST.items() if least >= chance)
