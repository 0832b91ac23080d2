"""Train weights from labelled catalogs: `python -m training fit`, `calibrate`, `adapt`, `shift`, `labels`, `describe`."""

import dataclasses
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from catalog import Catalog, CatalogError, load_catalog
from common import environment
from eval import EvalError
from eval.report import save_json
from model import ModelError
from retrieval import RetrievalError
from training.adapt.run import Plan, adapt, adapt_summary
from training.describe import describe
from training.errors import TrainingError
from training.fit import run as fitting
from training.fit.run import fit, recalibrate
from training.studies import distill as distilling
from training.studies import efficiency
from training.studies.shift import shift, shift_summary


@dataclass
class Fit:
    """Train weights on the `train` splits of one or more labelled catalogs, in the two stages of RPF."""

    catalog: tyro.conf.UseAppendAction[tuple[Path, ...]]
    """Folder or zip with catalog.csv; repeat for several catalogs."""
    out: Path
    """Folder for checkpoint, log and weights; a run found there goes on."""
    init: Path
    """Folder with the pretrained trunks (NAME.safetensors), or a weights folder of this network."""
    config: str | None = None
    """tiny (ResNet-18 + ViT-Ti/16) or paper (ResNet-50 + ViT-B/16); tiny-region, tiny-asen, tiny-csn and tiny-triplet are
    the region side of tiny with the region branch of RPF and of what it is compared with, tiny-patch its patch branch, and
    tiny-global the frozen ViT (nothing to train: --steps 0 0 --no-calibrate). Default: that of the weights in --init, or
    tiny; weights of another one give what has the same name and shape."""
    recipe: str = "lapel"
    """lapel (all attributes of an image at once, supervised contrastive) or paper (random triplets)."""
    steps: tuple[int, int] = (1500, 800)
    """Optimiser steps of stage 1 (region branch) and stage 2 (patch branch)."""
    shares: tuple[float, ...] = ()
    """How often each catalog is drawn, relative to the others; default: equally often."""
    seed: int = 0
    labels: float = 1.0
    """Share of each value's training labels to learn from, drawn by seed."""
    like: tuple[str, ...] = ()
    """NAME=OTHER: an attribute whose embedding begins as a copy of another's, so that its attention begins there too."""
    calibrate: bool = True
    """Centre and draw out each attribute's embeddings at the end, as its training labels ask (recipe lapel)."""
    gate: float = 0.0
    """Multiply attention maps with this power of how likely a location shows garment or wearer, learnt from cut-out product
    photographs and from --masks before each stage; 0: no gate."""
    masks: Path | None = None
    """Catalog with a column `mask`, for --gate: `python -m atelier --masks --swapped --out DIR` draws one."""
    pseudo: bool = False
    """Label what has no label as the frozen ViT in --init and the labels that there are say, where they are sure."""
    device: str = "auto"
    """auto, cuda, mps or cpu."""
    bfloat16: bool = True
    """Compute in bfloat16 where that is faster."""
    validate_every: int = 250
    """Steps between validations."""
    json: bool = False
    """Print the training record as JSON."""

    def run(self) -> None:
        catalogs = [load_catalog(path) for path in self.catalog]
        plan = fitting.Plan(
            recipe=self.recipe,
            config=self.config,
            steps=self.steps,
            shares=self.shares,
            seed=self.seed,
            labels=self.labels,
            gate=self.gate,
            pseudo=self.pseudo,
            like=self.like,
            calibrate=self.calibrate,
            bfloat16=self.bfloat16,
            validate_every=self.validate_every,
        )
        record = fit(catalogs, self.out, self.init, plan, self.device, masked=_opened(self.masks))
        print(json.dumps(record) if self.json else f"weights in {self.out}, {record['minutes']} minutes")


@dataclass
class Calibrate:
    """Calibrate trained weights anew on labelled catalogs, and choose β on their `valid` splits; nothing else changes."""

    catalog: tyro.conf.UseAppendAction[tuple[Path, ...]]
    """Folder or zip with catalog.csv; repeat for several catalogs."""
    out: Path
    """Folder for the new weights; one that holds weights is refused."""
    weights: str = dataclasses.field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or the embedded weights."""
    average: tuple[str, ...] = ()
    """Weights of other runs of the same network, averaged with these first."""
    gate: float = 0.0
    """Power of the foreground gate that weights without one get, as for fit; 0: none."""
    masks: Path | None = None
    """As for fit."""
    device: str = "auto"
    """auto, cuda, mps or cpu."""
    json: bool = False
    """Print validation MAP as JSON."""

    def run(self) -> None:
        catalogs = [load_catalog(path) for path in self.catalog]
        record = recalibrate(
            catalogs, self.weights, self.out, self.device, self.average, self.gate, _opened(self.masks)
        )
        print(json.dumps(record) if self.json else f"weights in {self.out}")


@dataclass
class Adapt:
    """Learn the attributes of a labelled catalog, new ones or new values, on top of trained weights; measure the gain."""

    catalog: str
    """Folder with catalog.csv, zip, or Hub dataset. Its test split, or valid, or else a third of it, is held out."""
    out: Path
    """Folder for the new weights, their record, card and reports; one that holds weights is refused."""
    weights: str = dataclasses.field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or the embedded weights."""
    attributes: tuple[str, ...] = ()
    """Attributes to learn; default: all that have enough labels."""
    labels_per_value: int = 50
    """Training labels of each value, at most."""
    steps: tuple[int, int] = (200, 200)
    """Optimiser steps of the region and of the patch branch, of each attribute."""
    blocks: int = 0
    """Last blocks of the ViT to train too; the other attributes are then held, no longer exactly the same."""
    seed: int = 0
    json: bool = False
    """Print the training record as JSON."""

    def run(self) -> None:
        plan = Plan(self.attributes, self.labels_per_value, self.steps, self.blocks, self.seed)
        record = adapt(load_catalog(self.catalog), self.weights, self.out, plan)
        print(json.dumps(record) if self.json else adapt_summary(record))


@dataclass
class Shift:
    """Domain shift: home photographs ask for product photographs, before and after adapting with a few labels of them."""

    field: Path
    """Catalog of home photographs, with article_type."""
    studio: Path
    """Catalog of product photographs, with article_type and splits."""
    out: Path
    """Report file."""
    weights: str = dataclasses.field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or the embedded weights."""
    labels: tuple[int, ...] = (10, 50)
    """Field labels a value to adapt with; one figure each."""
    seed: int = 0
    json: bool = False
    """Print the report as JSON."""

    def run(self) -> None:
        report = shift(load_catalog(self.field), load_catalog(self.studio), self.weights, self.labels, self.seed)
        save_json(report, self.out)
        print(json.dumps(report) if self.json else shift_summary(report))


@dataclass
class Distill:
    """Make a student whose patch branch sees smaller crops, embeds as the teacher does, and is several times as fast."""

    catalog: tyro.conf.UseAppendAction[tuple[Path, ...]]
    """Folder or zip with catalog.csv; repeat for several catalogs. Images of `train` teach, `test` measures."""
    out: Path
    """Folder for checkpoint and weights; a run found there goes on."""
    weights: str = dataclasses.field(default_factory=environment.weights)
    """The teacher: folder or Hub repository owner/name[@revision]; default: LAPEL_WEIGHTS, or the embedded weights."""
    patch_size: int = 112
    """Side of the student's crops in pixels, a multiple of 16."""
    steps: int = 400
    """Optimiser steps of 64 images."""
    shares: tuple[float, ...] = ()
    """How often each catalog is drawn, relative to the others; default: equally often."""
    seed: int = 0
    report: Path | None = None
    """Report file."""
    device: str = "auto"
    """auto, cuda, mps or cpu."""
    json: bool = False
    """Print the report as JSON."""

    def run(self) -> None:
        plan = distilling.Plan(self.patch_size, self.steps, self.shares, self.seed)
        catalogs = [load_catalog(path) for path in self.catalog]
        found = distilling.distill(catalogs, self.weights, self.out, plan, self.device)
        if self.report:
            save_json(found, self.report)
        print(json.dumps(found) if self.json else distilling.distill_summary(found))


@dataclass
class Labels:
    """Label efficiency: train with shares of the labels, same images seen, and measure each on the test split."""

    catalog: Path
    """Folder or zip with catalog.csv, with all three splits."""
    init: Path
    """Folder with the pretrained trunks."""
    runs: Path
    """Folder for the trained weights; those found there are only measured."""
    out: Path
    """Report file; points found there are not made again."""
    chart: Path | None = None
    """Write the MAP curves to this file: .html, or a picture (.png, .svg) where kaleido is installed."""
    shares: tuple[float, ...] = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0)
    """Shares of each value's labels."""
    pseudo: tuple[float, ...] = ()
    """Shares for which a second run also learns from pseudo-labels, as `fit --pseudo`."""
    seeds: tuple[int, ...] = (0, 1, 2)
    config: str = "tiny-region"
    """As for fit."""
    steps: tuple[int, int] = (400, 0)
    """As for fit."""
    device: str = "auto"
    """auto, cuda, mps or cpu."""
    json: bool = False
    """Print the report as JSON."""

    def run(self) -> None:
        plan = fitting.Plan(config=self.config, steps=self.steps, validate_every=10**9)
        found = efficiency.efficiency(
            load_catalog(self.catalog),
            self.init,
            self.runs,
            self.out,
            self.shares,
            self.seeds,
            plan,
            self.pseudo,
            self.device,
        )
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
    """Report of these weights; repeat for several."""

    def run(self) -> None:
        describe(self.weights, self.sources, self.report)
        print(self.weights / "README.md")


def _opened(masks: Path | None) -> Catalog | None:
    return None if masks is None else load_catalog(masks)


def main() -> None:
    commands: dict[str, Callable[..., Any]] = {
        "fit": Fit,
        "calibrate": Calibrate,
        "adapt": Adapt,
        "shift": Shift,
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
