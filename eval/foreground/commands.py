"""The commands `attention` and `swap` of `python -m eval`."""

import json
import sys
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from catalog import load_catalog
from common import environment
from common.progress import ProgressBar
from eval.baseline import GlobalFeatures
from eval.errors import EvalError
from eval.foreground.attention import PLACES, attention_mass, mean_of
from eval.foreground.cutouts import exchanged, read_cutouts
from eval.foreground.parts import read_names
from eval.foreground.swap import read_pairs
from eval.foreground.swap import swap as swapped
from eval.options import Flag, Names, source
from eval.report_files import save_json
from model import TIMM, load
from retrieval import Embedder


@dataclass(frozen=True)
class Looks:
    """What `attention` and `swap` have in common."""

    masks: Path | None = None
    """Catalog with a column `mask`: pixel masks of person and garment, 0 for background."""
    weights: str = field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or the embedded weights."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    attributes: Names = ()
    """Attributes to measure; default: all that the weights know (and, of drawn garments, that are drawn)."""
    limit: int | None = None
    """Take only the first so many photographs."""
    out: Path | None = None
    """Write the report to this file."""
    json: Annotated[bool, Flag] = False
    """Print the report as JSON."""


@dataclass(frozen=True)
class Attention(Looks):
    """Share of the attention that falls on person and garment, on garments alone, and on the part that
    an attribute is about, for each attribute. The last two need a `labels.json` of the masks' values."""


@dataclass(frozen=True)
class Swap(Looks):
    """Cosine and top-10 overlap before and after the background is another's, beside global similarity.

    Of photographs with --masks, or of two drawn catalogs with --plain and --swapped.
    """

    init: str = TIMM
    """Pretrained ViT of global similarity: a safetensors file named after its timm architecture, its folder, or timm, which
    downloads the ViT-Ti/16."""
    plain: Path | None = None
    """Catalog of drawn garments: `python -m atelier --seed N --items N --out DIR`."""
    swapped: Path | None = None
    """The same garments before other backgrounds: the same command with --swapped."""
    seed: int = 100
    """Seed of which photograph's background goes where."""


def report(options: Attention | Swap) -> dict[str, Any]:
    if options.limit is not None and options.limit < 1:
        raise EvalError(f"--limit must be at least 1, not {options.limit}")
    if isinstance(options, Swap) and options.seed < 0:
        raise EvalError("--seed must be at least 0")
    made = attention(options) if isinstance(options, Attention) else swap(options)
    if options.out is not None:
        save_json(made, options.out)
        print(f"the report is in {options.out}", file=sys.stderr)
    return made


def attention(options: Attention) -> dict[str, Any]:
    if options.masks is None:
        raise EvalError("attention is measured against pixel masks; give --masks DIR")
    embedder, names = _embedder(options)
    cutouts = read_cutouts(options.masks, options.limit)
    with ProgressBar("looking", len(cutouts)) as bar:
        found = attention_mass(embedder, cutouts, names, read_names(options.masks), bar.advance)
    made = _made("lapel-attention/2", options, embedder, found.rows, {"images": len(cutouts)})
    return made | {"intervals": found.intervals, "parts": found.parts}


def swap(options: Swap) -> dict[str, Any]:
    if (options.plain is None) != (options.swapped is None) or (options.plain is None) == (options.masks is None):
        raise EvalError("give --masks DIR, or --plain DIR and --swapped DIR")
    embedder, names = _embedder(options)
    features = GlobalFeatures(options.init)
    items: dict[str, Any]
    if options.plain is not None and options.swapped is not None:
        before, after, shown = read_pairs(load_catalog(options.plain), load_catalog(options.swapped))
        showing = {name: shown[name] for name in names if name in shown}
        if not showing:
            raise EvalError(
                f"nothing of {options.plain} is labelled with {', '.join(names)}; there are: {', '.join(shown)}"
            )
        items = {"drawn": len(before)}
    elif options.masks is not None:
        cutouts = read_cutouts(options.masks, options.limit)
        before, after = [cutout.image for cutout in cutouts], list(exchanged(cutouts, options.seed))
        showing = {name: np.ones(len(cutouts), bool) for name in names}
        items = {"images": len(cutouts), "seed": options.seed}
    return _made("lapel-swap/1", options, embedder, swapped(before, after, showing, embedder, features), items)


def _embedder(options: Looks) -> tuple[Embedder, list[str]]:
    embedder = Embedder(load(options.weights), options.device)
    names = list(chain(*options.attributes)) or embedder.attributes
    embedder.check(names)
    return embedder, names


def _made(
    form: str, options: Looks, embedder: Embedder, rows: dict[str, dict[str, float]], items: dict[str, int]
) -> dict[str, Any]:
    weights = {"source": source(options.weights), "digest": embedder.weights_digest}
    masks = {} if options.masks is None else {"masks": options.masks.resolve().name}
    return {"format": form, "weights": weights, **masks, **items, "attributes": rows, "mean": mean_of(rows)}


def show(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(report, indent=1))
        return
    rows = {**report["attributes"], "plain mean": report["mean"]}
    titles = dict(zip(PLACES, ("on person and garment", "on garments", "on what the attribute is about"), strict=True))
    groups = {prefix: [key for key in report["mean"] if _place(key) == prefix] for prefix in PLACES}
    groups = {prefix: keys for prefix, keys in groups.items() if keys}
    for prefix, keys in groups.items():
        if len(groups) > 1:
            print(f"{titles[prefix]}:")
        _print_table(rows, keys, prefix)


def _place(key: str) -> str:
    return next(prefix for prefix in reversed(PLACES) if key.startswith(prefix))


def _print_table(rows: dict[str, dict[str, float]], keys: list[str], prefix: str) -> None:
    images = {name: row[f"{prefix}images"] for name, row in rows.items() if f"{prefix}images" in row}
    width = max(map(len, rows))
    head = "".join(f"{key.removeprefix(prefix):>23}" for key in keys)
    print(" " * width + head + (f"{'images':>8}" if images else ""))
    for name, row in rows.items():
        line = "".join(f"{row[c]:>23.3f}" if c in row else f"{'-':>23}" for c in keys)
        print(f"{name:<{width}}{line}" + (f"{images[name]:>8}" if name in images else ""))
