"""`python -m eval run`, `baseline`, `attention`, `swap` and `show`."""

import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import tyro

from catalog import Catalog, CatalogError, Splits, load_catalog, load_splits, without_twins
from common import environment
from common.names import find_name
from common.progress import ProgressBar
from eval.baseline import GlobalFeatures, embed_catalog
from eval.comparison import as_sentences, same_queries, shortfalls, sure_gains
from eval.errors import EvalError
from eval.foreground import commands as foreground
from eval.foreground.commands import Attention, Swap
from eval.garments import ASKED, garments
from eval.inputs import Embedded, Features, Sampling, compared
from eval.options import Flag, Names, source
from eval.protocol import check_share, published_trials
from eval.report import Report
from eval.report_files import load_report, save_report, to_json
from eval.report_table import as_text
from eval.run import evaluate, evaluate_global
from model import TIMM, ModelError, load
from retrieval import Embedder, EngineOptions, RetrievalError, open_engine, shipped_tables, with_taught, without_effect


@dataclass(frozen=True)
class Common:
    catalog: str
    """Folder with catalog.csv, folder of images, zip, or Hub dataset."""
    split: str = "test"
    """Split to evaluate on, without images that are byte for byte in another split too; `all` takes every item."""
    queries: float = 0.2
    """Share of the labelled items of an attribute that are its queries."""
    alone: int = 0
    """Labelled items of an attribute up to which each of them asks all others, whatever the share; the app measures
    with 400."""
    seed: int = 0
    """Seed of the shuffle that chooses them."""
    attributes: Names = ()
    """Attributes to evaluate; default: all that the catalog is labelled with (and the weights know)."""
    garments: Annotated[bool, Flag] = False
    """Take as attributes bottom, outer and top, read off the catalog's pixel masks (column `mask`, labels.json)."""
    title: str = ""
    """Title of the report."""
    out: Path | None = None
    """Write the report to this file, NAME.json, and what each query reached beside it, NAME.detail.npz."""
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
    ask: str | None = None
    """Attribute of the weights by which every attribute is asked; default: each by its own name, with --garments by
    article_type."""
    against: Path | None = None
    """Report of `baseline` on the same queries: adds the gain over it."""
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
    against: Path | None = None
    """Report of `baseline` on the same queries: adds the gain over it."""
    json: Annotated[bool, Flag] = False
    """Print the figures as JSON."""


def run(options: Run) -> Report:
    for flag, share in (("beta", options.beta), ("gamma", options.gamma)):
        if share is not None and not 0 <= share <= 1:
            raise EvalError(f"--{flag} must lie between 0 and 1, not {share}")
    (catalog, twins), splits = _catalog(options), _published(options)
    weights = options.weights
    embedder = with_taught(Embedder(load(weights), options.device), catalog, options.home, _note)
    catalog = catalog.respelled(embedder.attributes)
    splits = splits.respelled(embedder.attributes) if splits else None
    there = list(splits.attributes) if splits else [attribute.name for attribute in catalog.attributes]
    ask = _ask(options, embedder.attributes)
    names = _chosen(options, there, None if ask else embedder.attributes)
    asked = {name: ask or name for name in names}
    shipped = EngineOptions(shipped_tables(options.catalog))
    with ProgressBar("embedding") as bar:
        engine = open_engine(catalog, embedder, options.home, list(dict.fromkeys(asked.values())), bar, shipped)
    usable, vectors = engine.readable, {name: engine.vectors(name) for name in set(asked.values())}
    engine.close()
    trials = None
    if splits:
        trials = [trial for trial in published_trials(catalog, splits, usable) if trial.attribute in names]
    for name in dict.fromkeys(asked.values()):
        for flag in without_effect(embedder.derivation(name).mix, options.beta, options.gamma):
            print(f"'{name}' has no two views to share: --{flag} is of no effect on it", file=sys.stderr)
    found = compared(embedder, vectors, options.beta, options.gamma)
    embedded = Embedded({name: found[by] for name, by in asked.items()}, usable, embedder.method)
    report = evaluate(catalog, embedded, Sampling(options.queries, options.seed, trials, options.alone), options.title)
    report = replace(report, weights={"source": source(weights), "digest": embedder.weights_digest})
    return _said(report, twins, asked if ask else {})


def baseline(options: Baseline) -> Report:
    catalog, twins = _catalog(options)
    names = _chosen(options, [attribute.name for attribute in catalog.attributes], None)
    features = GlobalFeatures(options.init)
    with ProgressBar("embedding", len(catalog)) as bar:
        vectors, usable = embed_catalog(catalog, features, bar.advance)
    sampling = Sampling(options.queries, options.seed, alone=options.alone)
    report = evaluate_global(catalog, Features(vectors, usable), names, sampling, options.title)
    return _said(replace(report, weights={"source": features.name, "digest": features.digest}), twins, {})


def _catalog(options: Common) -> tuple[Catalog, int]:
    """The items that are measured, and how many were left out of them as twins of another split's."""
    catalog = load_catalog(options.catalog, options.home)
    if options.garments:
        catalog = garments(catalog)
    whole = options.split == "all" or (isinstance(options, Run) and options.published is not None)
    return (catalog, 0) if whole else without_twins(catalog, options.split)


def _said(report: Report, twins: int, asked: dict[str, str]) -> Report:
    """The report, saying how many twins were left out, and by which attribute of the weights others were asked."""
    said: dict[str, Any] = {"twins_left_out": twins, **({"asked": asked} if asked else {})}
    notes = [f"{name} is asked by the weights' {by}" for name, by in asked.items()]
    return replace(report, protocol={**report.protocol, **said}, warnings=[*report.warnings, *notes])


def _note(line: str) -> None:
    print(f"note: {line}", file=sys.stderr)


def _ask(options: Run, known: Sequence[str]) -> str | None:
    """The attribute of the weights that stands for every one; None where each is asked by its own name."""
    wanted = options.ask or (ASKED if options.garments else None)
    if wanted is None:
        return None
    found = find_name(wanted, known)
    if found is None:
        raise EvalError(f"the weights do not know '{wanted}'; --ask can be one of: {', '.join(known)}")
    return found


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
        return load_report(options.report, detail=True)
    check_share(options.queries)
    report = run(options) if isinstance(options, Run) else baseline(options)
    if options.out is not None:
        save_report(report, options.out)
        print(f"the report is in {options.out}", file=sys.stderr)
    return report


def _against(options: Run | Baseline | Show, report: Report) -> Report | None:
    """The baseline that the gains are over; EvalError where it was asked otherwise."""
    path = None if isinstance(options, Baseline) else options.against
    if path is None:
        return None
    below = load_report(path, detail=True)
    if not same_queries(report, below):
        raise EvalError(f"'{path.name}' was not asked the same queries; make it again with `python -m eval baseline`")
    return below


def show(report: Report, as_json: bool, below: Report | None = None) -> None:
    if as_json:
        print(json.dumps(to_json(report, detail=False), indent=1, ensure_ascii=False))
        return
    print(f"{report.title} (percent)")
    print(as_text(report, below))
    for line in sure_gains(report, below):
        print(line)
    for line in [*report.warnings, *as_sentences(shortfalls(report, below))]:
        print(f"note: {line}")


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
            if isinstance(options, Attention | Swap):
                made = foreground.report(options)
            else:
                report = _report(options)
                below = _against(options, report)
    except (CatalogError, EvalError, ModelError, RetrievalError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if isinstance(options, Attention | Swap):
        foreground.show(made, options.json)
    else:
        show(report, options.json, below)
    return 0


if __name__ == "__main__":
    sys.exit(main())
