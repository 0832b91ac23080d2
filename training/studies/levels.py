"""What a stated chance is worth: match levels on test splits, and what is said to be seen on pictures that were judged.

Both as the app says them of a catalog that holds these photographs alone; no network runs where tables are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from catalog import Catalog, twins_across_splits, without_twins
from eval import brier, brier_skill, expected_calibration_error
from model import (
    APPLICABILITY,
    FIRST,
    RPF,
    Derivation,
    among,
    applicability_features,
    derivation,
    fit_match,
    load,
    near,
    no_match,
    repeated,
)
from retrieval import LABELLED, SAMPLED, Embedder, EngineOptions, Progress, open_engine
from training.applicability import as_rows, evidence_of, read_judged
from training.embedded import Ground
from training.parts import PARTS, Evidence
from training.studies.seen import Seen, base_rates, measure, of_masks

FORMAT = "lapel-levels/1"
MATCHED = ("street", "studio", "demo", "field")
"""Catalogs whose labels judge match levels, by the names that they are given by."""
TAUGHT = ("street", "studio", "demo")
"""Catalogs whose training pictures say how often a part is shown at all."""
WORTH = ("ece", "brier", "skill", "base_rate", "queries", "pairs")
AREAS = ("pooled", "mean", "parts_mean", "base_rate", "hidden", "missed")


@dataclass(frozen=True, eq=False)
class Hits:
    """Of one attribute in one catalog: what is stated of the first hits of every query, chances float64 (pairs,), and what
    is true, shared bool (pairs,)."""

    chances: np.ndarray
    shared: np.ndarray
    queries: int


def measure_levels(
    catalogs: Mapping[str, Catalog],
    judged: Path | None,
    weights: str | Path,
    home: Path,
    device: str = "auto",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The report. catalogs: by name, of `MATCHED` and masks, any of them; judged: verdicts of somebody who looked, as
    `training.applicability.read_judged` reads them. Only what no table in `home` holds is embedded."""
    embedder = Embedder(load(weights), device)
    network = embedder.model
    grounds = {name: _opened(catalog, embedder, home, progress) for name, catalog in catalogs.items()}
    match = {name: _of_catalog(network, grounds[name]) for name in MATCHED if name in grounds}
    seen: dict[str, Any] = {}
    if network.config.applicability is not None:
        verdicts = {} if judged is None else read_judged(judged)
        seen = {key: _rounded(asdict(found)) for key, found in seen_on(network, grounds, verdicts).items()}
    return {
        "format": FORMAT,
        "weights": {"digest": embedder.weights_digest},
        "catalogs": {name: ground.catalog.digest for name, ground in grounds.items()},
        "first": FIRST,
        "match": {name: rows for name, rows in match.items() if rows},
        "applicability": {"threshold": network.config.applicability, "seen": seen},
    }


def _rounded(found: Any) -> Any:
    """Figures for JSON, whatever holds them: four decimals, None for NaN."""
    if isinstance(found, dict):
        return {key: _rounded(value) for key, value in found.items()}
    if isinstance(found, tuple):
        return [_rounded(value) for value in found]
    return (None if np.isnan(found) else round(found, 4)) if isinstance(found, float) else found


def _opened(catalog: Catalog, embedder: Embedder, home: Path, progress: Progress | None) -> Ground:
    """A catalog with a table of the attributes that are matched there."""
    known = {attribute.name for attribute in catalog.respelled(embedder.attributes).attributes}
    wanted = [name for name in embedder.attributes if name in known and name in embedder.model.config.matches]
    columns = APPLICABILITY if embedder.model.config.applicability is not None else ()
    engine = open_engine(catalog, embedder, home, wanted, progress, EngineOptions(columns=columns))
    engine.close()
    return Ground(engine.catalog, engine.table)


def first_hits(own: Derivation, raw: Sequence[np.ndarray], values: np.ndarray) -> Hits | None:
    """Every labelled item of a catalog asks the other labelled ones; scores, the catalog's centre, how often values are
    shared and the query's own measure (`model.near`) are of all items, as `retrieval` takes them.

    raw: unit embeddings (n, D) as `own.needs` names them; values: int (n,), negative for unknown. None where the attribute
    has no map for its mix, or nobody asks.
    """
    known = np.flatnonzero(values >= 0)
    if no_match(own.match, [own.mix[section.name] for section in own.sections]) is not None or len(known) < 2:
        return None
    assert own.match is not None
    scores = _scores(own, raw)
    some = np.sort(np.random.default_rng(0).permutation(len(values))[:SAMPLED])
    match = own.match.of_catalog(scores[np.ix_(some, some)])
    np.fill_diagonal(scores, -np.inf)
    first = known[np.argsort(-scores[np.ix_(known, known)], axis=1, kind="stable")[:, : min(FIRST, len(known) - 1)]]
    chances = match.chance(scores[known[:, None], first], near(scores[known])[:, None])
    return Hits(chances.ravel(), (values[first] == values[known][:, None]).ravel(), len(known))


def first_hits_by_labels(own: Derivation, raw: Sequence[np.ndarray], values: np.ndarray) -> Hits | None:
    """As `first_hits`, where the map is fitted on the labels of half of the catalog, drawn by seed, as the app fits it on
    all of them; the other half asks itself. None for fewer than two times `LABELLED` labels."""
    known = np.random.default_rng(0).permutation(np.flatnonzero(values >= 0))
    if len(known) < 2 * LABELLED:
        return None
    teaching, asking = np.split(known, [len(known) // 2])
    teaching = teaching[:SAMPLED]
    scores = _scores(own, raw)
    pairs = among(scores[np.ix_(teaching, teaching)], values[teaching], lean=0.0)
    match = fit_match([pairs], [own.mix[section.name] for section in own.sections])
    if match is None:
        return None
    np.fill_diagonal(scores, -np.inf)
    first = asking[np.argsort(-scores[np.ix_(asking, asking)], axis=1, kind="stable")[:, :FIRST]]
    chances = match.chance(scores[asking[:, None], first])
    return Hits(chances.ravel(), (values[first] == values[asking][:, None]).ravel(), len(asking))


def _scores(own: Derivation, raw: Sequence[np.ndarray]) -> np.ndarray:
    """Scores (n, n) of images that ask one another, centred on themselves."""
    means = {column: part.astype(np.float32).mean(0) for column, part in zip(own.needs, raw, strict=True)}
    vectors = own.on(means, len(raw[0])).apply(raw).astype(np.float16).astype(np.float32)
    scores: np.ndarray = (vectors * repeated(own.sections, own.mix).astype(np.float32)) @ vectors.T
    return scores


def worth(hits: Sequence[Hits]) -> dict[str, Any]:
    """Calibration error in ten bins of equal mass, Brier score and its skill against each attribute's own share of right
    first hits, of all pairs together."""
    chances, shared = (np.concatenate([getattr(one, key) for one in hits]) for key in ("chances", "shared"))
    base = np.concatenate([np.full(len(one.shared), one.shared.mean()) for one in hits])
    figures = {
        "ece": expected_calibration_error(chances, shared),
        "brier": brier(chances, shared),
        "skill": brier_skill(chances, shared, base),
        "base_rate": float(shared.mean()),
    }
    return {**_rounded(figures), "queries": sum(one.queries for one in hits), "pairs": len(shared)}


def _of_catalog(network: RPF, ground: Ground) -> dict[str, Any]:
    """By attribute and for all of them, on the test split without twins; nothing where no attribute has a map."""
    kept = {item.id for item in without_twins(ground.catalog, "test")[0]}
    rows = np.array([row for row in ground.rows("test") if ground.catalog.items[row].id in kept])
    known = {attribute.name for attribute in ground.catalog.attributes}
    found: dict[str, Hits] = {}
    labelled: list[Hits] = []
    for name in (name for name in network.config.attributes if name in known):
        own = derivation(network, name)
        if own.match is not None:
            raw = [np.asarray(ground.table.column(column)[rows]) for column in own.needs]
            hits = first_hits(own, raw, ground.labels(name)[rows])
            found |= {} if hits is None else {name: hits}
            by_labels = first_hits_by_labels(own, raw, ground.labels(name)[rows])
            labelled += [] if by_labels is None else [by_labels]
    attributes = {name: worth([hits]) for name, hits in found.items()}
    if not found:
        return {}
    told = {"by_labels": worth(labelled)} if labelled else {}
    return {"all": worth(list(found.values())), **told, "attributes": attributes}


def seen_on(
    network: RPF, grounds: Mapping[str, Ground], verdicts: Mapping[str, Mapping[str, Evidence]]
) -> dict[str, Seen]:
    """What was judged in each catalog and in all together, without pictures that have a twin in `train`, and what the pixel
    masks of `masks` show. verdicts: by catalog and id."""
    rates = base_rates(
        [evidence_of(ground.catalog)[ground.rows("train")] for name, ground in grounds.items() if name in TAUGHT]
    )
    asked = {name: untaught(grounds[name].catalog, found) for name, found in verdicts.items() if name in grounds}
    sets = {f"judged, {name}": {name: found} for name, found in asked.items()}
    sets |= {"judged": asked} if asked else {}
    sets |= {"masks": {"masks": of_masks(grounds["masks"].catalog)}} if "masks" in grounds else {}
    names, least = list(network.config.attributes), float(network.config.applicability or 0)
    found = {}
    for key, parts in sets.items():
        said = [_said(network, grounds[name], own) for name, own in parts.items()]
        chance, truth = (np.concatenate(both) for both in zip(*said, strict=True))
        found[key] = measure(chance, truth, names, rates, least)
    return found


def untaught(catalog: Catalog, verdicts: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """Verdicts of pictures that are not in `train`, nor have a twin there."""
    taught = {id for twins in twins_across_splits(catalog) if "train" in twins.splits for id in twins.ids}
    return {id: found for id, found in verdicts.items() if id not in taught and catalog.item(id).split != "train"}


def _said(network: RPF, ground: Ground, verdicts: Mapping[str, Evidence]) -> tuple[np.ndarray, np.ndarray]:
    """Chances (n, attributes) and parts (n, parts) of the readable pictures that there are verdicts of."""
    rows = np.array([row for row in (ground.catalog.position(id) for id in verdicts) if ground.table.readable[row]])
    general, summary = (np.asarray(ground.table.column(column)[rows]) for column in APPLICABILITY)
    truth = as_rows([verdicts[ground.catalog.items[row].id] for row in rows])
    return network.applicability.read(applicability_features(general, summary)), truth


def levels_summary(report: Mapping[str, Any]) -> str:
    """A line for each attribute and catalog, then for each set of judged pictures and each part."""
    lines = [f"{'match level':<28}" + "".join(f"{key:>10}" for key in WORTH)]
    for catalog, rows in report["match"].items():
        by_labels = {"by its labels": rows["by_labels"]} if "by_labels" in rows else {}
        for name, row in {**rows["attributes"], "all": rows["all"], **by_labels}.items():
            lines.append(f"{catalog + ' ' + name:<28}" + "".join(f"{_shown(row[key]):>10}" for key in WORTH))
    lines.append(f"{'can be seen, AUC':<28}" + "".join(f"{key:>12}" for key in (*AREAS, "95 %", "pictures")))
    for name, row in report["applicability"]["seen"].items():
        areas = "".join(f"{_shown(row[key]):>12}" for key in AREAS)
        interval = "-".join(map(_shown, row["interval"]))
        lines.append(f"{name:<28}{areas}{interval:>12}{row['pictures']:>12}")
        for part in (part for part in PARTS if part in row["parts"]):
            area, there, missing = row["parts"][part]
            lines.append(f"  {part}: {_shown(area)} ({there} show it, {missing} do not)")
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    """A count as it is, a figure with three decimals."""
    if value is None:
        return "none"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
