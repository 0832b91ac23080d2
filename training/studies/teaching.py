"""Taught attributes measured: labels of a few photographs a value, and the others ask one another."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from catalog import Catalog, without_twins
from common.say import Say, to_stderr
from eval import garments
from eval.metrics import average_precision, chance_average_precision, cosine, precision_at_k, ranked_relevance
from model import GENERAL, Column, Derivation, derivation, load
from retrieval import Embedder, EngineOptions, Progress, open_engine
from training.adapt.attribute import bank
from training.adapt.lesson import own_scores
from training.adapt.teach import teach
from training.parts import family

FORMAT = "lapel-taught/1"
DRAWS = 5
"""Draws of the labels, each by a seed of its own; figures are their means."""
SEVEN = ("category", "sleeve_length", "neckline", "collar", "placket", "pattern", "color")
"""The attributes of `street`."""
FIGURES = ("map", "map_global", "chance_map", "p12", "p12_global", "left_out_map", "left_out_global", "seconds")


@dataclass(frozen=True)
class Task:
    """labels: of each value, at most, and at most half of a value's. family: whether the bank has the attributes of
    the weights that are of the family of this one, and the attribute itself."""

    catalog: str
    attribute: str
    labels: int
    family: bool


TASKS = (
    *(Task("field", "article_type", labels, family) for family in (False, True) for labels in (5, 10, 50)),
    *(Task("masks", attribute, 20, True) for attribute in ("bottom", "outer", "top")),
    *(Task("street", attribute, 10, False) for attribute in SEVEN),
)


@dataclass(frozen=True, eq=False)
class Labelled:
    """Photographs of one attribute: labels int64 (n,), places in `values`; raw: unit embeddings (n, D) by column."""

    labels: np.ndarray
    values: Sequence[str]
    raw: Mapping[Column, np.ndarray]


def measure_teaching(
    catalogs: Mapping[str, Catalog],
    weights: str | Path,
    home: Path,
    device: str = "auto",
    progress: Progress | None = None,
    say: Say = to_stderr,
) -> dict[str, Any]:
    """Every task of the catalogs that are given, by name; returns the report.

    Photographs are those of the test split without twins; of `masks`, what its pixel masks show. Only
    what no table in `home` holds is embedded. Global similarity is the cosine of the raw general view.
    """
    embedder = Embedder(load(weights), device)
    columns = bank(embedder)
    results = []
    for name, catalog in catalogs.items():
        catalog = catalog.respelled(embedder.attributes)
        engine = open_engine(catalog, embedder, home, [], progress, EngineOptions(columns=columns))
        engine.close()
        table, view = engine.table, garments(catalog) if name == "masks" else catalog
        kept = {item.id for item in without_twins(view, "test")[0]}
        rows = np.array([row for row, item in enumerate(view) if item.id in kept])
        for task in (task for task in TASKS if task.catalog == name):
            labels = view.labels(task.attribute)
            some = rows[(labels[rows] >= 0) & table.readable[rows]]
            out = [] if task.family else family(task.attribute)
            raw = {column: table.column(column)[some] for column in columns if column.attribute not in out}
            known = task.family and task.attribute in embedder.model.config.attributes
            own = derivation(embedder.model, task.attribute) if known else None
            labelled = Labelled(labels[some], view.attribute(task.attribute).values, raw)
            results.append({**asdict(task), **measured(labelled, task.labels, own)})
            say("{catalog} {attribute}, {labels} labels: MAP {map:.1f}, global {map_global:.1f}".format(**results[-1]))
    return {
        "format": FORMAT,
        "weights": {"digest": embedder.weights_digest},
        "catalogs": {name: catalog.digest for name, catalog in catalogs.items()},
        "draws": DRAWS,
        "results": results,
    }


def measured(labelled: Labelled, most: int, own: Derivation | None) -> dict[str, Any]:
    """Means over the draws, in percent, with the deviation of MAP between them."""
    runs = [_one(labelled, most, own, seed) for seed in range(DRAWS)]
    means = {figure: round(float(np.mean([run[figure] for run in runs])), 4) for figure in FIGURES}
    deviation = float(np.std([run["map"] for run in runs], ddof=1))
    counts = {key: runs[0][key] for key in ("training_labels", "queries", "values")}
    return {**means, "map_deviation": round(deviation, 4), **counts, "bytes_per_item": runs[0]["bytes_per_item"]}


def drawn(labels: np.ndarray, most: int, seed: int) -> np.ndarray:
    """Places of the labels to learn from: at most so many of a value, and at most half of them."""
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    chosen = [shuffled[labels[shuffled] == value] for value in np.unique(labels)]
    return np.sort(np.concatenate([rows[: min(most, len(rows) // 2)] for rows in chosen]))


def _one(labelled: Labelled, most: int, own: Derivation | None, seed: int) -> dict[str, Any]:
    taught = drawn(labelled.labels, most, seed)
    given = np.full(len(labelled.labels), -1, np.int64)
    given[taught] = labelled.labels[taught]
    reading = teach("taught", given, labelled.values, labelled.raw, own, seed)
    asked = np.flatnonzero(given < 0)
    means = {column: part.astype(np.float32).mean(0) for column, part in labelled.raw.items()}
    here = reading.on(means, len(given))
    scores = own_scores(here, [labelled.raw[column][asked] for column in here.needs])
    general = labelled.raw[Column("", GENERAL)][asked]
    labels = labelled.labels[asked]
    ranked, usual = (_ranked(labels, each) for each in (scores, cosine(general, general)))
    return {
        "map": 100 * average_precision(ranked),
        "map_global": 100 * average_precision(usual),
        "chance_map": 100 * chance_average_precision(ranked.sum(1), ranked.shape[1]),
        "p12": 100 * precision_at_k(ranked, 12),
        "p12_global": 100 * precision_at_k(usual, 12),
        "left_out_map": reading.record["map"],
        "left_out_global": reading.record["map_global"],
        "seconds": reading.record["seconds"],
        "bytes_per_item": reading.record["bytes_per_item"],
        "training_labels": len(taught),
        "queries": len(ranked),
        "values": len(reading.values),
    }


def _ranked(labels: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Relevance by rank, bool (q, n - 1): each asks the others; those without another of their value do not ask."""
    same = labels[:, None] == labels[None]
    ranked = ranked_relevance(scores, same, np.eye(len(labels), dtype=bool))[:, :-1]
    return ranked[ranked.any(axis=1)]


def teaching_summary(report: Mapping[str, Any]) -> str:
    """One line a task, and the means of the catalogs with several attributes."""
    head = ("MAP", "sd", "global", "chance", "P@12", "global", "left out", "labels", "queries", "s")
    lines = [f"{'percent':<42}" + "".join(f"{name:>9}" for name in head)]
    rows = list(report["results"])
    for name in dict.fromkeys(row["catalog"] for row in rows):
        own = [row for row in rows if row["catalog"] == name]
        if len({row["attribute"] for row in own}) > 1:
            numbers = [key for key in own[0] if isinstance(own[0][key], float)]
            mean = {key: float(np.mean([row[key] for row in own])) for key in numbers}
            rows.append({**own[0], **mean, "attribute": f"mean of {len(own)}"})
    for row in rows:
        bank = "" if row["family"] else ", family left out"
        what = f"{row['catalog']} {row['attribute']}, {row['labels']}{bank}"
        shown = ("map", "map_deviation", "map_global", "chance_map", "p12", "p12_global", "left_out_map")
        figures = "".join(f"{row[key]:>9.1f}" for key in shown)
        lines.append(f"{what:<42}{figures}{row['training_labels']:>9}{row['queries']:>9}{row['seconds']:>9.2f}")
    return "\n".join(lines)
