"""Completes a weights folder for publication: where its images come from, what it measures."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval import Report, load_report, same_queries
from model import GLOBAL, RECORD, card, load
from training.errors import TrainingError


def describe(weights: Path, sources: Path, reports: Sequence[Path]) -> dict[str, Any]:
    """Add sources and results to the training record and write the model card from it; returns the record.

    sources: JSON `{"name", "terms", "trunks": {name: origin}, "catalogs": {name: {"source", "terms"}}}`. reports: of these very
    weights, and of global similarity on the same queries. TrainingError when the record does not say what they
    were trained on, a training catalog has no source, a report is of other weights, or none of global similarity
    was asked the same queries.
    """
    network = load(weights)
    record = json.loads((weights / RECORD).read_text(encoding="utf-8"))
    named = json.loads(sources.read_text(encoding="utf-8"))
    record["name"], record["terms"] = named["name"], named["terms"]
    record["trunks"] = named.get("trunks", {})
    if "catalogs" not in record:
        raise TrainingError(f"{weights / RECORD} does not say which catalogs the weights were trained on")
    own = {catalog["name"] for catalog in record["catalogs"]}
    record["data"] = [
        entry for entry in record.get("data", []) if entry["name"] not in own
    ]  # what the base learnt from
    for catalog in record["catalogs"]:
        if catalog["name"] not in named["catalogs"]:
            raise TrainingError(f"{sources} says nothing of the catalog '{catalog['name']}'; add its source and terms")
        record["data"].append({**catalog, "images": catalog["train_images"], **named["catalogs"][catalog["name"]]})
    record["results"] = _results({path: load_report(path) for path in reports}, network.digest)
    (weights / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    (weights / "README.md").write_text(card(network.config, record), encoding="utf-8")
    return record


def _results(reports: Mapping[Path, Report], digest: str) -> dict[str, Any]:
    """Catalog → figures of the weights with this digest, beside global similarity."""
    below = [report for report in reports.values() if report.method == GLOBAL]
    found = {}
    for path, report in reports.items():
        if report.method == GLOBAL:
            continue
        if report.weights.get("digest") != digest:
            raise TrainingError(f"{path} is a report of other weights; run `python -m eval run` again")
        baseline = next((other for other in below if same_queries(report, other)), None)
        if baseline is None:
            raise TrainingError(f"no report of global similarity asks what {path} asks; add that of `eval baseline`")
        found[report.catalog["name"]] = result_of(report, baseline)
    return found


def result_of(report: Report, baseline: Report | None) -> dict[str, Any]:
    """What a model card says of a report, plain means in percent; None for what is not there."""
    whole = report.overall
    return {
        "split": "+".join(report.catalog["splits"]),
        "map_plain": whole["map_plain"],
        "map_global": None if baseline is None else baseline.overall["map_plain"],
        **{name: whole.get(f"{name}_plain") for name in ("map_region", "map_patch", "chance_map")},
        "map_by_view": whole.get("map_by_view_plain") or {},
        "p12": whole.get("p12_plain"),
        "p12_global": None if baseline is None else baseline.overall.get("p12_plain"),
        "ceiling_p12": whole.get("ceiling_p12_plain"),
        "chance_p12": whole.get("chance_p12_plain"),
        "twins_left_out": report.protocol.get("twins_left_out", 0),
    }
