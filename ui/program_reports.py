"""What a program gets of evaluation reports: those of a catalog that its caller may see, and those that come with Lapel."""

from collections.abc import Mapping
from typing import Any

import orjson

from eval import Report, same_queries, to_json
from library import Visitor
from ui.metrics.report_texts import GLOBAL
from ui.metrics.shelf import BASELINE, CatalogShelves
from ui.program_errors import NotFound


def listed(shelves: CatalogShelves, catalog: str, visitor: Visitor) -> list[dict[str, Any]]:
    """As `ui.answers.ReportEntry` has them; UnknownCatalog where the visitor may not see the catalog."""
    own, shipped = shelves.of(catalog, visitor).all(), shelves.shipped.all()
    rows = [_entry(name, own, "catalog", f"{catalog}/") for name in sorted(own, reverse=True)]
    rows += [_entry(name, shipped, "weights", "") for name in sorted(shipped)]
    return [row for row in rows if row is not None]


def whole(shelves: CatalogShelves, id: str, visitor: Visitor) -> dict[str, Any]:
    """One report without what single queries reached; NotFound, or UnknownCatalog where it is of a catalog that the visitor
    may not see."""
    catalog, _, name = id.rpartition("/")
    shelf = shelves.of(catalog, visitor) if catalog else shelves.shipped
    report = shelf.all().get(name)
    if report is None:
        raise NotFound(f"there is no report '{id}'; `reports` lists them")
    told: dict[str, Any] = orjson.loads(orjson.dumps(to_json(report, detail=False), option=orjson.OPT_NON_STR_KEYS))
    return told  # with texts as keys, as every face gives it


def _entry(name: str, others: Mapping[str, Report], of: str, before: str) -> dict[str, Any] | None:
    """None for a report of the baseline, which is told beside the one that was made with it."""
    report = others[name]
    if name.endswith(BASELINE):
        return None
    below = _baseline(name, others)
    overall, catalog = report.overall, report.catalog
    return {
        "id": before + name,
        "title": report.title,
        "of": of,
        "method": report.method,
        "split": report.protocol.get("split") or ", ".join(catalog.get("splits") or ()),
        "items": catalog.get("items"),
        "queries": overall["queries"],
        "attributes": list(report.attributes),
        "map": overall["map"],
        "interval": _listed(overall.get("intervals", {}).get("map")),
        "chance": overall["chance_map"],
        "p12": overall.get("p12"),
        "baseline": others[below].overall["map"] if below else None,
        "baseline_report": before + below if below else None,
    }


def _baseline(name: str, others: Mapping[str, Report]) -> str | None:
    """The report of global similarity on the same queries, the one made with it first."""
    beside = f"{name.removesuffix('.json')}{BASELINE}"
    candidates = [beside, *others] if beside in others else others
    same = (one for one in candidates if others[one].method == GLOBAL and same_queries(others[one], others[name]))
    return next((one for one in same if one != name), None)


def _listed(interval: Any) -> list[float] | None:
    return None if interval is None else list(interval)
