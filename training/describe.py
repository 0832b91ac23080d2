"""Completes a weights folder for publication: where its images come from, what it measures."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval import load_report
from model import RECORD, card, load
from training.errors import TrainingError


def describe(weights: Path, sources: Path, reports: Sequence[Path]) -> dict[str, Any]:
    """Add sources and results to the training record and write the model card from it; returns the record.

    sources: JSON `{"name", "terms", "catalogs": {catalog name: {"source", "terms"}}}`. reports: of these very weights.
    TrainingError when the record does not say what they were trained on, a training catalog has no source, or a report is of
    other weights.
    """
    network = load(weights)
    record = json.loads((weights / RECORD).read_text(encoding="utf-8"))
    named = json.loads(sources.read_text(encoding="utf-8"))
    record["name"], record["terms"] = named["name"], named["terms"]
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
    record["results"] = {}
    for path in reports:
        report = load_report(path)
        if report.weights.get("digest") != network.digest:
            raise TrainingError(f"{path} is a report of other weights; run `python -m eval run` again")
        figures = {name: report.overall[f"{name}_plain"] for name in ("map", "map_region", "map_patch", "chance_map")}
        record["results"][report.catalog["name"]] = {
            "split": "+".join(report.catalog["splits"]),
            "map_plain": figures.pop("map"),
            **figures,
        }
    (weights / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    (weights / "README.md").write_text(card(network.config, record), encoding="utf-8")
    return record
