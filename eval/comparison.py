"""A report beside that of global similarity on the same queries: what is gained, and where it falls short."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from eval.differences import Difference, Differences, differences
from eval.errors import EvalError
from eval.report import AttributeReport, Report

GAINED = ("map", "p8", "p12", "top8")
"""Figures whose gain over a baseline is told."""
LEAST = 0.05
"""Percentage points below which two figures are level: none is shown with more than one decimal."""


@dataclass(frozen=True)
class Shortfall:
    """An attribute whose fused MAP lies below that of one view alone, or of the baseline (view None), by `points`."""

    attribute: str
    view: str | None
    points: float


def same_queries(report: Report, baseline: Report) -> bool:
    """Whether both asked the same queries of the same candidates: same items and labels, share and seed."""
    return _asked(report) == _asked(baseline)


def _asked(report: Report) -> tuple[Any, ...]:
    return report.catalog.get("digest"), report.protocol.get("queries"), report.seed


def gains(
    figures: AttributeReport | Mapping[str, Any], baseline: AttributeReport | Mapping[str, Any] | None, suffix: str = ""
) -> dict[str, float | None]:
    """Percentage points over the baseline for each of `GAINED`; None where either lacks the figure.

    figures, baseline: of one attribute, or `Report.overall`, whose plain means have the suffix `_plain`.
    """
    out: dict[str, float | None] = {}
    for name in GAINED:
        ours, theirs = _figure(figures, name + suffix), _figure(baseline, name + suffix)
        out[name] = None if ours is None or theirs is None else ours - theirs
    return out


def _figure(figures: AttributeReport | Mapping[str, Any] | None, name: str) -> float | None:
    found = figures.get(name) if isinstance(figures, Mapping) else getattr(figures, name, None)
    return None if found is None else float(found)


def shortfalls(report: Report, baseline: Report | None = None) -> list[Shortfall]:
    """Where mixing does harm, in MAP: attributes below the baseline first, then those below a view, largest first."""
    found = []
    for name, figures in report.attributes.items():
        others: list[tuple[str | None, float]] = [*figures.map_by_view.items()]
        if baseline is not None and name in baseline.attributes:
            others.append((None, baseline.attributes[name].map))
        found += [Shortfall(name, view, figure - figures.map) for view, figure in others]
    told = [shortfall for shortfall in found if shortfall.points >= LEAST]
    return sorted(told, key=lambda shortfall: (shortfall.view is not None, -shortfall.points))


def as_sentences(told: list[Shortfall]) -> list[str]:
    """One line an entry, in English."""
    return [
        f"{each.attribute}: MAP is {each.points:.1f} below "
        + ("global similarity" if each.view is None else f"that of its view '{each.view}' alone")
        for each in told
    ]


NAMES = {"map": "MAP", "p8": "P@8", "p12": "P@12", "top1": "Top-1", "top8": "Top-8"}
"""Figure of a query → as it is written."""


def as_sentence(found: Differences) -> str:
    """What differences come to, in English: on how many attributes better, worse, level, and what would decide the others."""
    counted = found.counted
    if not counted:
        return f"{NAMES[found.figure]}: too few queries to tell ({_listed(found.attributes)})"
    told = [
        f"{verdict} on {count} of {len(counted)}"
        for verdict, count in found.counts.items()
        if count and verdict != "undecided"
    ]
    told += [_undecided(name, each) for name, each in counted.items() if each.verdict == "undecided"]
    few = {name: found.attributes[name] for name in found.few}
    left_out = [f"too few queries to count: {_listed(few)}"] if few else []
    return f"{NAMES[found.figure]}: " + "; ".join([", ".join(told), *left_out])


def sure_gains(report: Report, baseline: Report | None) -> list[str]:
    """A sentence each on P@12 and MAP against the baseline; none without one, or where a report keeps no figures of queries."""
    told: list[str] = []
    if baseline is None:
        return told
    for figure in ("p12", "map"):
        with suppress(EvalError):
            told.append(as_sentence(differences(report, baseline, figure)))
    return told


def _undecided(name: str, each: Difference) -> str:
    more = f" (about {each.needed:,} would decide)" if each.needed else ""
    return f"not decided on {name} with {each.queries} queries{more}"


def _listed(attributes: Mapping[str, Difference]) -> str:
    return ", ".join(f"{name} {each.queries}" for name, each in attributes.items())
