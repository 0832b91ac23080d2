"""`python -m eval run`, `baseline`, `attention`, `swap` and `show`."""

import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Annotated

import tyro

from catalog import Catalog, CatalogError, Splits, load_catalog, load_splits
from common import environment
from common.names import find_name
from common.progress import ProgressBar
from eval.baseline import GlobalFeatures, embed_catalog
from eval.errors import EvalError
from eval.foreground import commands as foreground
from eval.foreground.commands import Attention, Swap
from eval.options import Flag, Names, source
from eval.protocol import check_share, published_trials
from eval.report import Report, load_report, save_report, to_json
from eval.report_table import as_text
from eval.run import Embedded, Features, Sampling, compared, evaluate, evaluate_global
from model import TIMM, ModelError, load
from retrieval import Embedder, EngineOptions, RetrievalError, open_engine, shipped_tables, without_effect


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
    home: Path = field(default_factory=environment.home)
    """Where embeddings, unpacked zips and datasets are kept (LAPEL_HOME)."""


@dataclass(frozen=True)
class Run(Common):
    """Measure weights on a labelled catalog: exact MAP and Top-k for each attribute, in percent."""

    weights: str = field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or the embedded weights."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    beta: float | None = None
    """Share of the region view in what the general view leaves, 0 to 1; default: the weights' own for each attribute."""
    gamma: float | None = None
    """Share of the general view, 0 to 1; default: the weights' own for each attribute."""
    published: Path | None = None
    """Folder of published split files (FashionAI, DARN, DeepFashion) that name queries and candidates."""


@dataclass(frozen=True)
class Baseline(Common):
    """Measure global similarity (a frozen ViT, mean-centred cosine) on the same queries as `run`."""

    init: str = TIMM
    """Pretrained weights: a safetensors file named after its timm architecture, its folder, or timm, which downloads the
    ViT-Ti/16."""


@dataclass(frozen=True)
class Show:
    """Print the figures of a report file."""

    report: Annotated[Path, tyro.conf.Positional]
    """Report file."""
    json: Annotated[bool, Flag] = False
    """Print the figures as JSON."""


def run(options: Run) -> Report:
    for flag, asked in (("beta", options.beta), ("gamma", options.gamma)):
        if asked is not None and not 0 <= asked <= 1:
            raise EvalError(f"--{flag} must lie between 0 and 1, not {asked}")
    catalog, splits = _catalog(options), _published(options)
    weights = options.weights
    embedder = Embedder(load(weights), options.device)
    catalog = catalog.respelled(embedder.attributes)
    splits = splits.respelled(embedder.attributes) if splits else None
    there = list(splits.attributes) if splits else [attribute.name for attribute in catalog.attributes]
    names = _chosen(options, there, embedder.attributes)
    shipped = EngineOptions(shipped_tables(options.catalog))
    with ProgressBar("embedding") as bar:
        engine = open_engine(catalog, embedder, options.home, names, bar, shipped)
    usable, vectors = engine.table.readable, {name: engine.vectors(name) for name in names}
    engine.close()
    trials = None
    if splits:
        trials = [trial for trial in published_trials(catalog, splits, usable) if trial.attribute in names]
    for name in names:
        for share in without_effect(embedder.derivation(name).mix, options.beta, options.gamma):
            print(f"'{name}' has no two views to share: --{share} is of no effect on it", file=sys.stderr)
    embedded = Embedded(compared(embedder, vectors, options.beta, options.gamma), usable, embedder.method)
    report = evaluate(catalog, embedded, Sampling(options.queries, options.seed, trials), options.title)
    return replace(report, weights={"source": source(weights), "digest": embedder.weights_digest})


def baseline(options: Baseline) -> Report:
    catalog = _catalog(options)
    names = _chosen(options, [attribute.name for attribute in catalog.attributes], None)
    features = GlobalFeatures(options.init)
    with ProgressBar("embedding", len(catalog)) as bar:
        vectors, usable = embed_catalog(catalog, features, bar.advance)
    sampling = Sampling(options.queries, options.seed)
    report = evaluate_global(catalog, Features(vectors, usable), names, sampling, options.title)
    return replace(report, weights={"source": features.name, "digest": features.digest})


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
    try:
        wanted = [find_name(name, both) or find_name(name, labelled) or name for name in chain(*options.attributes)]
    except ValueError as error:
        raise EvalError(f"the attribute {error}") from error
    wanted = list(dict.fromkeys(wanted)) or both
    if not labelled:
        raise EvalError(f"'{options.catalog}' has no labels to measure against; add them to catalog.csv")
    if not wanted:
        raise EvalError(f"the weights know none of the labelled attributes: {', '.join(labelled)}; train them first")
    for name in wanted:
        if name not in both:
            lacking = "the weights do not know" if name in labelled else "the catalog has no labels for"
            raise EvalError(f"{lacking} '{name}'; it can be one of: {', '.join(both) or 'none'}")
    return wanted


def _report(options: Run | Baseline | Show) -> Report:
    if isinstance(options, Show):
        return load_report(options.report)
    check_share(options.queries)
    report = run(options) if isinstance(options, Run) else baseline(options)
    if options.out is not None:
        save_report(report, options.out)
        print(f"the report is in {options.out}", file=sys.stderr)
    return report


def show(report: Report, as_json: bool) -> None:
    if as_json:
        print(json.dumps(to_json(report, detail=False), indent=1, ensure_ascii=False))
        return
    print(f"{report.title} (percent)")
    print(as_text(report))
    for warning in report.warnings:
        print(f"note: {warning}")


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
            report = foreground.report(options) if isinstance(options, Attention | Swap) else _report(options)
    except (CatalogError, EvalError, ModelError, RetrievalError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if isinstance(report, Report):
        show(report, options.json)
    else:
        foreground.show(report, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
