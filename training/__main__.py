"""Train weights from labelled catalogs, teach attributes, and measure both: `python -m training --help` lists the commands."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import tyro
from tyro.conf import OmitArgPrefixes

from catalog import Catalog, CatalogError, load_catalog
from common import environment
from common.progress import ProgressBar
from eval import EvalError, save_json
from model import TIMM, ModelError, load
from retrieval import Embedder, RetrievalError
from training import fit
from training.adapt import Asked
from training.adapt import attribute as teaching
from training.describe import describe
from training.errors import TrainingError
from training.studies import distill as distilling
from training.studies import efficiency
from training.studies import levels as stating
from training.studies import teaching as measuring


@dataclass
class Fit:
    """Train weights on the `train` splits of one or more labelled catalogs, in the two stages of
    RPF."""

    catalog: tyro.conf.UseAppendAction[tuple[Path, ...]]
    """Folder or zip with catalog.csv; repeat for several catalogs."""
    out: Path
    """Folder for checkpoint, log and weights; a run found there goes on."""
    init: str = TIMM
    """timm, which downloads the pretrained trunks; a folder that holds them (NAME.safetensors);
    or weights of this network to go on from: folder or Hub repository owner/name[@revision]."""
    trunks: str = TIMM
    """timm or a folder: where trunks come from that the weights in --init lack."""
    masks: Path | None = None
    """Catalog with a column `mask`, for --gate: `python -m atelier --masks --swapped --out DIR`
    draws one."""
    plan: OmitArgPrefixes[fit.Plan] = field(default_factory=fit.Plan)
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    json: bool = False
    """Print the training record as JSON."""

    def run(self) -> None:
        catalogs = [load_catalog(path) for path in self.catalog]
        extras = fit.Extras(self.trunks, _opened(self.masks))
        record = fit.fit(catalogs, self.out, self.init, self.plan, self.device, extras=extras)
        fit.leave()
        if environment.rank() == 0:
            print(json.dumps(record) if self.json else f"weights in {self.out}, {record['minutes']} minutes")


@dataclass
class Calibrate:
    """Calibrate trained weights anew on labelled catalogs, and choose β on their `valid` splits;
    nothing else changes."""

    catalog: tyro.conf.UseAppendAction[tuple[Path, ...]]
    """Folder or zip with catalog.csv; repeat for several catalogs."""
    out: Path
    """Folder for the new weights; one that holds weights is refused."""
    weights: str = field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or the embedded
    weights."""
    masks: Path | None = None
    """As for fit."""
    plan: OmitArgPrefixes[fit.Recalibration] = field(default_factory=fit.Recalibration)
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    json: bool = False
    """Print validation MAP as JSON."""

    def run(self) -> None:
        catalogs = [load_catalog(path) for path in self.catalog]
        masked = _opened(self.masks)
        record = fit.recalibrate(catalogs, self.weights, self.out, self.plan, self.device, masked=masked)
        print(json.dumps(record) if self.json else f"weights in {self.out}")


@dataclass
class Teach:
    """Teach an attribute in seconds: from a labelled column of a catalog and what it is embedded with, in
    closed form. The file lies beside the catalog, where app and commands find it."""

    catalog: str
    """Folder with catalog.csv, zip, or Hub dataset. Its test split, if any, teaches nothing."""
    attribute: str
    """Column to learn."""
    out: Path | None = None
    """Write the taught attribute to this file instead."""
    asked: OmitArgPrefixes[Asked] = field(default_factory=Asked)
    weights: str = field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or the embedded
    weights."""
    home: Path = field(default_factory=environment.home)
    """Where embeddings are kept (LAPEL_HOME)."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    json: bool = False
    """Print the record as JSON."""

    def run(self) -> None:
        embedder = Embedder(load(self.weights), self.device)
        catalog = load_catalog(self.catalog, self.home).respelled(embedder.attributes)
        with ProgressBar("embedding the bank", unit="items") as bar:
            reading, path = teaching.teach_catalog(
                catalog, embedder, self.attribute, self.home, self.asked, self.out, bar
            )
        record = {**reading.record, "file": str(path)}
        print(json.dumps(record, ensure_ascii=False) if self.json else teaching.taught_summary(record))


@dataclass
class Taught:
    """Measure teaching on photographs that the weights have not seen: a few labels a value, five draws; the others ask
    one another."""

    out: Path
    """Report file."""
    strange: Annotated[Path | None, tyro.conf.arg(name="field")] = None
    """The catalog `field`."""
    masks: Path | None = None
    """The catalog `masks`."""
    street: Path | None = None
    """The catalog `street`."""
    weights: str = field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or the embedded
    weights."""
    home: Path = field(default_factory=environment.home)
    """Where embeddings are kept (LAPEL_HOME)."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    json: bool = False
    """Print the report as JSON."""

    def run(self) -> None:
        folders = {"field": self.strange, "masks": self.masks, "street": self.street}
        catalogs = {name: load_catalog(folder) for name, folder in folders.items() if folder is not None}
        with ProgressBar("embedding", unit="items") as bar:
            report = measuring.measure_teaching(catalogs, self.weights, self.home, self.device, bar)
        save_json(report, self.out)
        print(json.dumps(report) if self.json else measuring.teaching_summary(report))


@dataclass
class Levels:
    """Measure what stated chances are worth: match levels on the test splits, and what is said to be seen on pictures that
    somebody judged."""

    out: Path
    """Report file."""
    street: Path | None = None
    """The catalog `street`."""
    studio: Path | None = None
    """The catalog `studio`."""
    demo: Path | None = None
    """The drawn catalog."""
    strange: Annotated[Path | None, tyro.conf.arg(name="field")] = None
    """The catalog `field`."""
    masks: Path | None = None
    """The catalog `masks`, whose pixel masks tell what a picture shows."""
    judged: Path | None = None
    """CSV of verdicts: catalog, id and the parts; 1 there, 0 not, blank undecided."""
    weights: str = field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or the embedded
    weights."""
    home: Path = field(default_factory=environment.home)
    """Where embeddings are kept (LAPEL_HOME)."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    json: bool = False
    """Print the report as JSON."""

    def run(self) -> None:
        places = ("street", "studio", "demo", "masks")
        folders = {**{name: getattr(self, name) for name in places}, "field": self.strange}
        catalogs = {name: load_catalog(folder) for name, folder in folders.items() if folder is not None}
        with ProgressBar("embedding", unit="items") as bar:
            report = stating.measure_levels(catalogs, self.judged, self.weights, self.home, self.device, bar)
        save_json(report, self.out)
        print(json.dumps(report) if self.json else stating.levels_summary(report))


@dataclass
class Distill:
    """Make a student whose patch branch sees smaller crops, embeds as the teacher does, and is
    several times as fast."""

    catalog: tyro.conf.UseAppendAction[tuple[Path, ...]]
    """Folder or zip with catalog.csv; repeat for several catalogs. Images of `train` teach,
    `test` measures."""
    out: Path
    """Folder for checkpoint and weights; a run found there goes on."""
    weights: str = field(default_factory=environment.weights)
    """The teacher: folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or
    the embedded weights."""
    plan: OmitArgPrefixes[distilling.Plan] = field(default_factory=distilling.Plan)
    report: Path | None = None
    """Report file."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    json: bool = False
    """Print the report as JSON."""

    def run(self) -> None:
        catalogs = [load_catalog(path) for path in self.catalog]
        found = distilling.distill(catalogs, self.weights, self.out, self.plan, self.device)
        if self.report:
            save_json(found, self.report)
        print(json.dumps(found) if self.json else distilling.distill_summary(found))


@dataclass
class Labels:
    """Label efficiency: train with shares of the labels, same images seen, and measure each on
    the test split."""

    catalog: Path
    """Folder or zip with catalog.csv, with all three splits."""
    places: OmitArgPrefixes[efficiency.Places]
    grid: OmitArgPrefixes[efficiency.Grid] = field(default_factory=efficiency.Grid)
    chart: Path | None = None
    """Write the MAP curves to this file: .html, or a picture (.png, .svg) where kaleido is
    installed."""
    config: str = "tiny-region"
    """As for fit."""
    steps: tuple[int, int] = (400, 0)
    """As for fit."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    json: bool = False
    """Print the report as JSON."""

    def run(self) -> None:
        plan = fit.Plan(config=self.config, steps=self.steps, validate_every=10**9)
        found = efficiency.efficiency(load_catalog(self.catalog), self.places, self.grid, plan, self.device)
        if self.chart:
            efficiency.draw(found, self.chart)
        print(json.dumps(found) if self.json else efficiency.efficiency_summary(found))


@dataclass
class Describe:
    """Complete the record and the model card of a weights folder with sources and results."""

    weights: Path
    sources: Path
    """JSON: name, terms, and source and terms of each training catalog."""
    report: tyro.conf.UseAppendAction[tuple[Path, ...]] = ()
    """Report of these weights, and that of global similarity on the same queries; repeat for several."""

    def run(self) -> None:
        describe(self.weights, self.sources, self.report)
        print(self.weights / "README.md")


def _opened(masks: Path | None) -> Catalog | None:
    return None if masks is None else load_catalog(masks)


def main() -> None:
    commands: dict[str, Callable[..., Any]] = {
        "fit": Fit,
        "calibrate": Calibrate,
        "teach": Teach,
        "taught": Taught,
        "levels": Levels,
        "distill": Distill,
        "labels": Labels,
        "describe": Describe,
    }
    try:
        tyro.extras.subcommand_cli_from_dict(commands, prog="python -m training", description=__doc__).run()
    except (CatalogError, ModelError, TrainingError, EvalError, RetrievalError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
