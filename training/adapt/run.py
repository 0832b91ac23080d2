"""Adapt weights to a labelled catalog: new attributes, or new values of known ones, from a few labels a value."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from catalog import Catalog
from common.names import find_name
from common.say import Say, to_stderr
from eval import Embedded, Report, Sampling, Trial, evaluate, save_report
from model import RPF, load, save
from retrieval import Embedder
from training import provenance
from training.adapt.branches import begin
from training.adapt.cache import Tail, cache_features
from training.adapt.division import Division, divide, label_counts, part, shortage, thin
from training.adapt.extend import extend
from training.adapt.trials import AS_IT_WAS, LeftOut, closest, go, try_out
from training.errors import TrainingError
from training.validation import BETAS

WATCHED = 24
"""Held-out images on which the other attributes are compared before and after, where blocks of the ViT moved."""


@dataclass(frozen=True)
class Plan:
    """What an adaptation does; every field goes into its record."""

    attributes: tuple[str, ...] = ()
    """Attributes to learn; default: all that have enough labels."""
    labels_per_value: int = 50
    """Training labels of each value, at most."""
    steps: tuple[int, int] = (200, 200)
    """Optimiser steps of the region and of the patch branch, of each attribute."""
    blocks: int = 0
    """Last blocks of the ViT to train too; the other attributes are then held, no longer exactly the same."""
    seed: int = 0
    """Seed of everything that is drawn by lot."""


@dataclass(frozen=True)
class Learnt:
    """One attribute of the adapted network: the known one it began as, how many labels it was learnt from, what left-out
    ones of them said; it goes the way that was best there."""

    source: str
    labels: int
    left_out: LeftOut
    beta: float


def adapt(
    catalog: Catalog,
    weights: str | Path,
    out: Path,
    plan: Plan,
    say: Say = to_stderr,
) -> dict[str, Any]:
    """Learn a catalog's attributes on top of `weights`, write weights, record, card and both reports to `out`.

    Trunks are frozen, each learnt attribute gets branches of its own: the others stay exactly as they were, unless
    `plan.blocks` is set. Before and after are measured on items that nothing was learnt or chosen on. Returns the record.
    TrainingError when there is too little to learn from or to measure, `out` holds weights, or `weights` are of a baseline.
    """
    began = time.monotonic()
    if (out / "config.json").exists():
        raise TrainingError(f"--out {out} holds weights already; choose another folder")
    network = load(weights).requires_grad_(False)
    if network.config.patch_trunk is None or network.config.method != "RPF":
        raise TrainingError(f"{weights} are weights of a baseline without a patch branch; give weights of RPF")
    Tail(network, plan.blocks)  # refuses too many blocks before any work
    catalog = catalog.respelled(network.config.attributes)
    here = [attribute.name for attribute in catalog.attributes]
    asked = list(dict.fromkeys(find_name(name, here) or name for name in plan.attributes)) or here
    division = divide(catalog, asked, plan.labels_per_value, plan.seed)
    names, warnings = _sound(catalog, division, asked, plan)
    say(f"learning {', '.join(names)}; held out: {division.how}, {len(division.held)} items")
    adapted, learnt = network, {}
    for name in names:
        adapted, learnt[name] = add(adapted, catalog, division.trained[name], name, plan, say)
    say("measuring before and after on what was held out")
    save(adapted, out)
    adapted = load(out)
    held = part(catalog, division.held)
    before = measure(held, network, {name: learnt[name].source for name in names}, f"{catalog.name}, before")
    after = measure(held, adapted, {name: name for name in names}, f"{catalog.name}, after")
    record: dict[str, Any] = {
        "plan": {**asdict(plan), "attributes": names, "steps": list(plan.steps)},
        "catalog": {"name": catalog.name, "digest": catalog.digest, "items": len(catalog)},
        "held_out": {"how": division.how, "items": len(held)},
        "base": {
            "weights": provenance.named(weights),
            "digest": network.digest,
        },
        "attributes": {name: _figures(learnt[name], before, after, name) for name in names},
        "others": moved(network, adapted, held, names) if plan.blocks else None,
        "minutes": round((time.monotonic() - began) / 60, 1),
        "warnings": warnings,
        **_card(weights, catalog, after, division),
    }
    save(adapted, out, record)
    save_report(before, out / "reports" / "before.json")
    save_report(after, out / "reports" / "after.json")
    return record


def add(network: RPF, catalog: Catalog, rows: np.ndarray, name: str, plan: Plan, say: Say) -> tuple[RPF, Learnt]:
    """The network that also knows one attribute, learnt from the items at positions `rows`, all labelled with it."""
    cached = cache_features(network, part(catalog, rows), catalog.labels(name)[rows], plan.seed)
    source = name if name in network.config.attributes else closest(network, cached)
    start = begin(network, source, plan.blocks)
    left_out = try_out(network, start, cached, plan.steps, plan.seed)
    beta, way = left_out.beta(network.config.beta_of(source)), left_out.best
    was, now = left_out.curves[AS_IT_WAS].max(), left_out.curves[way].max()
    say(f"{name}: {len(rows)} labels, from '{source}', left-out MAP {was:.1f} → {now:.1f}: {way}, β {beta:g}")
    fitted = go(network, start, cached, way, plan.steps, plan.seed)
    extended = extend(network, name, catalog.attribute(name).values, fitted, beta)
    return extended, Learnt(source, len(rows), left_out, beta)


def measure(catalog: Catalog, network: RPF, sources: dict[str, str], title: str) -> Report:
    """Exact evaluation (RPF.md §7), every labelled item against the others; sources: the catalog's attribute → the
    network's for it."""
    embedder = Embedder(network, "cpu")
    vectors = embedder.embed((catalog.open(item) for item in catalog), list(sources.values()))
    trials = []
    for name in sources:
        labels = catalog.labels(name)
        rows = np.flatnonzero(labels >= 0)
        trials.append(Trial(name, catalog.attribute(name).values, rows, labels[rows], rows, labels[rows]))
    beta_of = {name: embedder.beta_of(source) for name, source in sources.items()}
    embedded = Embedded(vectors, list(sources), beta_of.__getitem__)
    report = evaluate(catalog, embedded, Sampling(trials=trials), title)
    protocol = {**report.protocol, "queries": "every labelled item, against the others"}
    return replace(report, weights={"digest": embedder.weights_digest}, protocol=protocol)


def moved(before: RPF, after: RPF, catalog: Catalog, names: Sequence[str]) -> dict[str, Any]:
    """How far the patch embeddings of the attributes that were not adapted moved: mean and least cosine over images."""
    others = [name for name in before.config.attributes if name not in names]
    few = part(catalog, np.arange(min(WATCHED, len(catalog))))
    if not others:
        return {"attributes": 0}
    old, new = (
        Embedder(network, "cpu").embed((few.open(item) for item in few), others)[:, :, 1].astype(np.float32)
        for network in (before, after)
    )
    cosines = (old * new).sum(-1) / (np.linalg.norm(old, axis=-1) * np.linalg.norm(new, axis=-1))
    mean, least = (round(float(value), 5) for value in (cosines.mean(), cosines.min()))
    return {"attributes": len(others), "images": len(few), "mean_cosine": mean, "least_cosine": least}


def adapt_summary(record: dict[str, Any]) -> str:
    """The record's figures as text: one line an attribute, then the others, then the warnings."""
    lines = [f"{'MAP %':<24}{'before':>8}{'after':>8}{'chance':>8}{'labels':>8}{'held out':>10}"]
    lines += [
        f"{name:<24}{row['map_before']:>8.2f}{row['map_after']:>8.2f}{row['chance_map']:>8.2f}"
        f"{row['training_labels']:>8}{row['queries']:>10}  "
        + (row["way"] if row["way"] == str(AS_IT_WAS) else f"{row['way']}, from '{row['from']}'")
        for name, row in record["attributes"].items()
    ]
    if record["others"]:
        lines.append("other attributes, cosine of patch embeddings before and after: " + json.dumps(record["others"]))
    return "\n".join([*lines, *(f"note: {warning}" for warning in record["warnings"])])


def _sound(catalog: Catalog, division: Division, asked: Sequence[str], plan: Plan) -> tuple[list[str], list[str]]:
    """The attributes with enough labels, and warnings. TrainingError where none has, or one asked for by name has not."""
    lacking = {name: lack for name in asked if (lack := shortage(catalog, division, name))}
    names = [name for name in asked if name not in lacking]
    if not names or (plan.attributes and lacking):
        raise TrainingError(f"too few labels (held out: {division.how}): {'; '.join(lacking.values())}")
    warnings = [f"not adapted: {lack}" for lack in lacking.values()]
    for name in names:
        few = [value for value, pair in label_counts(catalog, division, name).items() if thin(*pair)]
        if few:
            warnings.append(f"'{name}' has few labels of: {', '.join(few)}; their figures mean little")
    if division.unreadable:
        warnings.append(f"images that cannot be read, and are left out: {division.unreadable}")
    return names, warnings


def _figures(learnt: Learnt, before: Report, after: Report, name: str) -> dict[str, Any]:
    was, now = before.attributes[name], after.attributes[name]
    return {
        "from": learnt.source,
        "training_labels": learnt.labels,
        "way": str(learnt.left_out.best),
        "beta": learnt.beta,
        "map_before": was.map,
        "map_after": now.map,
        "map_region_after": now.map_region,
        "map_patch_after": now.map_patch,
        "chance_map": now.chance_map,
        "queries": now.queries,
        "left_out_map": {
            str(way): dict(zip(map(str, BETAS), curve.round(2).tolist(), strict=True))
            for way, curve in learnt.left_out.curves.items()
        },
    }


def _card(weights: str | Path, catalog: Catalog, after: Report, division: Division) -> dict[str, Any]:
    """The entries of the record that `model.card` writes out: those of the base, where its record is at hand, and ours."""
    base = provenance.origin(weights)
    images = len(np.unique(np.concatenate(list(division.trained.values()))))
    own = {
        "name": catalog.name,
        "images": images,
        "source": "the catalog adapted to",
        "terms": "those of the catalog's owner",
    }
    figures = {key: after.overall[f"{key}_plain"] for key in ("map", "map_region", "map_patch", "chance_map")}
    result = {"split": f"held out ({division.how})", "map_plain": figures.pop("map"), **figures}
    return {
        "name": f"{base.get('name', 'RPF weights')}, adapted to {catalog.name}",
        "data": [*base.get("data", []), own],
        "results": {catalog.name: result},
        **({"terms": base["terms"]} if base.get("terms") else {}),
    }
