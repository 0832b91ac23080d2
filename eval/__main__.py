"""`python -m eval run`, `baseline`, `attention`, `swap` and `show`."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import tyro
from tqdm import tqdm

from catalog import Catalog, CatalogError, load_catalog
from catalog.loading import default_home
from catalog.splits import Splits, load_splits
from eval.attention import attention_mass, mean_of
from eval.baseline import GlobalFeatures, embed_catalog
from eval.cutouts import exchanged, read_cutouts
from eval.errors import EvalError
from eval.protocol import check_share, published_trials
from eval.report import Report, load_report, save_report, to_json
from eval.run import evaluate, evaluate_global
from eval.swap import drawn_pairs
from eval.swap import swap as swapped
from model import WeightsError, load
from retrieval import Embedder, RetrievalError, open_engine
from retrieval.settings import EMBEDDED_WEIGHTS

Names = tyro.conf.UseAppendAction[tuple[tuple[str, ...], ...]]
Flag = tyro.conf.FlagCreatePairsOff


@dataclass(frozen=True)
class Common:
    catalog: str
    """Folder with catalog.csv, folder of images, zip, or Hub dataset."""
    split: str = "test"
    """Split to evaluate on; `all` takes every item."""
    queries: float = 0.2
    """Share of the labelled items of an attribute that are its queries."""
    seed: int = 0
    """Seed of the shuffle that chooses them."""
    attributes: Names = ()
    """Attributes to evaluate; default: all that the catalog is labelled with (and the weights know)."""
    title: str = ""
    """Title of the report."""
    out: Path | None = None
    """Write the report to this file."""
    json: Annotated[bool, Flag] = False
    """Print the figures as JSON."""
    home: Path = field(default_factory=default_home)
    """Where embeddings, unpacked zips and datasets are kept (LAPEL_HOME)."""


@dataclass(frozen=True)
class Run(Common):
    """Measure weights on a labelled catalog: exact MAP and Top-k for each attribute, in percent."""

    weights: str = field(default_factory=lambda: os.environ.get("LAPEL_WEIGHTS") or "")
    """Folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or the embedded weights."""
    device: str = field(default_factory=lambda: os.environ.get("LAPEL_DEVICE") or "auto")
    """auto, cuda, mps or cpu."""
    beta: float | None = None
    """Share of the region cosine, 0 to 1; default: the weights' own for each attribute."""
    published: Path | None = None
    """Folder of published split files (FashionAI, DARN, DeepFashion) that name queries and candidates."""


@dataclass(frozen=True)
class Baseline(Common):
    """Measure global similarity (a frozen ViT, mean-centred cosine) on the same queries as `run`."""

    init: Path = field(kw_only=True)
    """Pretrained weights: a safetensors file named after its timm architecture, or its folder."""


@dataclass(frozen=True)
class Looks:
    """What `attention` and `swap` have in common."""

    masks: Path | None = None
    """Catalog with a column `mask`: pixel masks of person and garment, 0 for background."""
    weights: str = field(default_factory=lambda: os.environ.get("LAPEL_WEIGHTS") or "")
    """Folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or the embedded weights."""
    device: str = field(default_factory=lambda: os.environ.get("LAPEL_DEVICE") or "auto")
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
    """Share of the attention that falls on person and garment, for each attribute."""


@dataclass(frozen=True)
class Swap(Looks):
    """Cosine and top-10 overlap before and after the background is another's, beside global similarity.

    Of drawn garments, or with --masks of photographs.
    """

    init: Path = field(kw_only=True)
    """Pretrained ViT of global similarity: a safetensors file named after its timm architecture, or its folder."""
    drawn: int = 300
    """How many garments to draw, without --masks."""
    seed: int = 100
    """Seed of the drawn garments, or of which photograph's background goes where."""


@dataclass(frozen=True)
class Show:
    """Print the figures of a report file."""

    report: Annotated[Path, tyro.conf.Positional]
    """Report file."""
    json: Annotated[bool, Flag] = False
    """Print the figures as JSON."""


def run(options: Run) -> Report:
    beta = options.beta
    if beta is not None and not 0 <= beta <= 1:
        raise EvalError(f"--beta must lie between 0 and 1, not {beta}")
    catalog, splits = _catalog(options), _published(options)
    weights = options.weights or str(EMBEDDED_WEIGHTS)
    embedder = Embedder(load(weights), options.device)
    there = list(splits.attributes) if splits else [attribute.name for attribute in catalog.attributes]
    names = _chosen(options, there, embedder.attributes)
    with tqdm(desc="embedding", unit=" images", file=sys.stderr, total=len(catalog)) as bar:
        engine = open_engine(catalog, embedder, options.home, names, progress=lambda done, _: _move(bar, done))
        _move(bar, len(catalog))
    table = engine.table
    engine.close()
    trials = None
    if splits:
        trials = [trial for trial in published_trials(catalog, splits, table.readable) if trial.attribute in names]
    report = evaluate(
        catalog,
        table.vectors[:, [table.attributes.index(name) for name in names]],
        names,
        embedder.beta_of if beta is None else lambda _: beta,
        options.queries,
        options.seed,
        table.readable,
        trials,
        options.title,
        embedder.method,
        embedder.has_patch,
    )
    return replace(report, weights={"source": _source(weights), "digest": embedder.digest})


def baseline(options: Baseline) -> Report:
    catalog = _catalog(options)
    names = _chosen(options, [attribute.name for attribute in catalog.attributes], None)
    features = GlobalFeatures(options.init)
    with tqdm(desc="embedding", unit=" images", file=sys.stderr, total=len(catalog)) as bar:
        vectors, usable = embed_catalog(catalog, features, bar.update)
    report = evaluate_global(catalog, vectors, names, options.queries, options.seed, usable, options.title)
    return replace(report, weights={"source": features.name, "digest": features.digest})


def attention(options: Attention) -> dict[str, Any]:
    if options.masks is None:
        raise EvalError("attention is measured against pixel masks; give --masks DIR")
    embedder, names = _embedder(options)
    cutouts = read_cutouts(options.masks, options.limit)
    with tqdm(desc="looking", unit=" images", file=sys.stderr, total=len(cutouts)) as bar:
        found = attention_mass(embedder, cutouts, names, bar.update)
    return _looks("lapel-attention/1", options, embedder, found, {"images": len(cutouts)})


def swap(options: Swap) -> dict[str, Any]:
    embedder, names = _embedder(options)
    features = GlobalFeatures(options.init)
    if options.masks is None:
        with tqdm(desc="drawing", unit=" items", file=sys.stderr, total=options.drawn) as bar:
            before, after, drawn = drawn_pairs(options.drawn, options.seed, bar.update)
        showing = {name: drawn[name] for name in names if name in drawn}
        if not showing:
            raise EvalError(f"nothing drawn shows {', '.join(names)}; there are: {', '.join(drawn)}")
        source = {"drawn": options.drawn, "seed": options.seed}
    else:
        cutouts = read_cutouts(options.masks, options.limit)
        before, after = [cutout.image for cutout in cutouts], list(exchanged(cutouts, options.seed))
        showing = {name: np.ones(len(cutouts), bool) for name in names}
        source = {"images": len(cutouts), "seed": options.seed}
    return _looks("lapel-swap/1", options, embedder, swapped(before, after, showing, embedder, features), source)


def _embedder(options: Looks) -> tuple[Embedder, list[str]]:
    embedder = Embedder(load(options.weights or str(EMBEDDED_WEIGHTS)), options.device)
    names = list(chain(*options.attributes)) or embedder.attributes
    embedder.check(names)
    return embedder, names


def _looks(
    form: str, options: Looks, embedder: Embedder, rows: dict[str, dict[str, float]], source: dict[str, int]
) -> dict[str, Any]:
    weights = {"source": _source(options.weights or str(EMBEDDED_WEIGHTS)), "digest": embedder.digest}
    masks = {} if options.masks is None else {"masks": options.masks.resolve().name}
    return {"format": form, "weights": weights, **masks, **source, "attributes": rows, "mean": mean_of(rows)}


def _catalog(options: Common) -> Catalog:
    catalog = load_catalog(options.catalog, options.home)
    whole = options.split == "all" or (isinstance(options, Run) and options.published is not None)
    return catalog if whole else catalog.split(options.split)


def _published(options: Run) -> Splits | None:
    return load_splits(options.published, options.split) if options.published is not None else None


def _chosen(options: Common, there: Iterable[str], known: Iterable[str] | None) -> list[str]:
    """The attributes asked for, or all that have labels; EvalError when one is not there."""
    labelled = list(there)
    both = [name for name in labelled if known is None or name in set(known)]
    wanted = list(chain(*options.attributes)) or both
    if not labelled:
        raise EvalError(f"'{options.catalog}' has no labels to measure against; add them to catalog.csv")
    if not wanted:
        raise EvalError(f"the weights know none of the labelled attributes: {', '.join(labelled)}; train them first")
    for name in wanted:
        if name not in both:
            lacking = "the weights do not know" if name in labelled else "the catalog has no labels for"
            raise EvalError(f"{lacking} '{name}'; it can be one of: {', '.join(both) or 'none'}")
    return wanted


def _source(weights: str) -> str:
    """A Hub name as it is; of a folder, its name only."""
    return Path(weights).resolve().name if Path(weights).exists() else weights


def _move(bar: "tqdm[Any]", done: int) -> None:
    bar.update(done - bar.n)


def _report(options: Run | Baseline | Show) -> Report:
    if isinstance(options, Show):
        return load_report(options.report)
    check_share(options.queries)
    report = run(options) if isinstance(options, Run) else baseline(options)
    if options.out is not None:
        save_report(report, options.out)
        print(f"the report is in {options.out}", file=sys.stderr)
    return report


def _looking(options: Attention | Swap) -> dict[str, Any]:
    report = attention(options) if isinstance(options, Attention) else swap(options)
    if options.out is not None:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        print(f"the report is in {options.out}", file=sys.stderr)
    return report


def show(report: Report, as_json: bool) -> None:
    if as_json:
        print(json.dumps(to_json(report, detail=False), indent=1, ensure_ascii=False))
        return
    columns = ("map", "map_region", "map_patch", "chance_map", "top1", "top8")
    print(f"{report.title} (percent)")
    width = max(map(len, [*report.attributes, "query-weighted mean"]))
    print(" " * width + "".join(f"{name:>12}" for name in columns) + f"{'queries':>10}{'candidates':>12}")
    for name, attribute in report.attributes.items():
        cells = "".join(_cell(getattr(attribute, column)) for column in columns)
        print(f"{name:<{width}}{cells}{attribute.queries:>10,}{attribute.candidates:>12,}")
    for label, suffix in (("query-weighted mean", ""), ("plain mean", "_plain")):
        print(f"{label:<{width}}" + "".join(_cell(report.overall[column + suffix]) for column in columns))
    for warning in report.warnings:
        print(f"note: {warning}")


def show_looks(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(report, indent=1))
        return
    columns, width = list(report["mean"]), max(map(len, [*report["attributes"], "plain mean"]))
    print(" " * width + "".join(f"{column:>23}" for column in columns))
    for name, row in [*report["attributes"].items(), ("plain mean", report["mean"])]:
        print(f"{name:<{width}}" + "".join(f"{row[c]:>23.3f}" if c in row else f"{'-':>23}" for c in columns))


def _cell(value: float | None) -> str:
    return f"{'-' if value is None else format(value, '.2f'):>12}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0, or 2 when something asked for cannot be done. arguments: None takes the process's own."""
    options = tyro.extras.subcommand_cli_from_dict(
        {"run": Run, "baseline": Baseline, "attention": Attention, "swap": Swap, "show": Show},
        prog="python -m eval",
        description="Measure, and show reports.",
        args=arguments,
    )
    try:
        with redirect_stdout(sys.stderr):  # stdout is for the result, whatever a library prints on the way
            report = _looking(options) if isinstance(options, Attention | Swap) else _report(options)
    except (CatalogError, EvalError, WeightsError, RetrievalError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if isinstance(report, Report):
        show(report, options.json)
    else:
        show_looks(report, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
