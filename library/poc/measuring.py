"""The walk from a catalog to its sheet, step by step, and where sheets are kept."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from catalog import Catalog, without_twins
from common.assets import DEMO_CATALOG
from common.files import write_in_one_step
from eval import EvalError
from library.disk import disk_of
from library.entries import Entry
from library.errors import LibraryError
from library.measuring import honest
from library.opened import MOST_BANKED, Opened
from library.poc.labelled import DRAWS, curve_of, gain_of, materials
from library.poc.licence import licence_of
from library.poc.running import running
from library.poc.sheet import Curve, Gain, Licence, PassedOver, Sheet, Used
from training.adapt import TrainingError, bank

if TYPE_CHECKING:
    from library.library import Library

FOLDER = "poc"
STEPS = ("embed", "gain", "labels", "running")
"""What is told as it goes on, in this order."""
MOST = 12
"""Attributes that are measured, those with the most labels first."""
USUAL = {"gain": 1.5, "labels": 5.0, "running": 5.0}
"""Seconds that the steps after embedding take, those of gain and labels for each attribute, before any was timed."""
Told = Callable[[str, int, int], None]
"""A step, and how much of it is done and in all."""


def measure_sheet(library: "Library", id: str, split: str = "", told: Told = lambda *_: None, seed: int = 0) -> Sheet:
    """Everything that is measured on a catalog; its pictures are embedded first where they are not yet.

    split: '' for all labelled items; else those of a split without twins in others. Labels that were given in the page
    count as `library.measuring.honest` has them. LibraryError where nothing can be measured.
    """
    entry, took = library.entries.get(id), {}
    began = time.perf_counter()
    with library.use(entry.id) as opened:
        opened.wait()
        _embed(opened, lambda done, total: told("embed", done, total))
        took["embed"] = time.perf_counter() - began
        catalog = honest(opened.catalog, library.ledger(entry.id).given)
        view, twins = without_twins(catalog, split) if split else (catalog, 0)
        gains, curves, passed = _by_labels(opened, view, told, seed, took)
        began = time.perf_counter()
        told("running", 0, 1)
        disk = disk_of(library.entries, entry, library.thumbnails(entry).folder, library.settings.home)
        rates = running(opened, disk, seed)
        told("running", 1, 1)
        took["running"] = time.perf_counter() - began
        licence = licence_of(library.weights.source, opened.embedder.weights_digest)
    if not gains:
        few = max((one.more for one in passed), default=0)
        raise LibraryError(
            f"'{entry.name}' has too few labels to measure anything"
            + (f"; about {few} more of one attribute would do" if few else "; import a column of them, or give some")
        )
    return Sheet(
        catalog=entry.name,
        digest=catalog.digest,
        items=len(catalog),
        split=split,
        made=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        seed=seed,
        gains=tuple(gains),
        curves=tuple(curves),
        passed_over=tuple(passed),
        running=rates,
        licence=licence,
        used=_used(library, entry),
        twins=twins,
        measured=len(view),
        trained_on=_trained_on(entry, split, licence),
        seconds={step: round(seconds, 1) for step, seconds in took.items()},
    )


def _trained_on(entry: Entry, split: str, licence: Licence) -> bool:
    """Whether pictures that are measured are among those that the weights were trained on, by the name of the catalog; the drawn
    demo is the one that is called by its folder there."""
    demo = bool(entry.root) and Path(entry.root) == DEMO_CATALOG
    name = DEMO_CATALOG.name if demo else entry.name
    known = {name for name, _, _ in licence.sources} - (set() if demo else {DEMO_CATALOG.name})
    return split != "test" and name in known


def _embed(opened: Opened, progress: Callable[[int, int], None]) -> None:
    """All that is searched by and, of a catalog that is not large, all that teaching reads."""
    engine, embedder = opened.engine, opened.embedder
    engine.embed(progress)
    if embedder.model.config.general_trunk is not None and len(opened.catalog) <= MOST_BANKED:
        engine.ensure([], progress, bank(embedder))


def _by_labels(
    opened: Opened, view: Catalog, told: Told, seed: int, took: dict[str, float]
) -> tuple[list[Gain], list[Curve], list[PassedOver]]:
    began = time.perf_counter()
    told("gain", 0, 1)
    given, passed = materials(opened, view, seed)
    names = sorted(given, key=lambda name: -len(given[name].labelled))
    passed += [PassedOver(name, len(given[name].labelled), 0) for name in names[MOST:]]
    gains, curves = [], []
    for place, name in enumerate(names[:MOST]):
        told("gain", place, len(names[:MOST]))
        try:
            gains.append(gain_of(name, given[name], seed))
        except (EvalError, TrainingError):
            passed.append(PassedOver(name, len(given[name].labelled), 0))
    took["gain"] = time.perf_counter() - began
    began, total, done = time.perf_counter(), DRAWS * len(gains), 0

    def drawn() -> None:
        nonlocal done
        done += 1
        told("labels", done, total)

    for gain in gains:
        told("labels", done, total)
        curves.append(curve_of(gain.attribute, given[gain.attribute], seed, drawn))
    took["labels"] = time.perf_counter() - began
    return gains, curves, passed


def _used(library: "Library", entry: Entry) -> Used | None:
    found = library.usage.summary(entry.id)
    return None if found is None else Used(found.days, found.searches, found.clicks, found.accepted, found.seconds)


def keep_sheet(folder: Path, sheet: Sheet) -> Path:
    """Keep a sheet in a catalog's folder, and give its file."""
    stem = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    path = folder / FOLDER / f"{stem}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_in_one_step(path, json.dumps(sheet.to_dict(), indent=1, ensure_ascii=False))
    return path


def read_sheet(path: Path) -> Sheet:
    """LibraryError where it cannot be read."""
    try:
        return Sheet.from_dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        if isinstance(error, LibraryError):
            raise
        raise LibraryError(f"the PoC sheet '{path.name}' cannot be read ({error}); measure again") from error


def last_sheet(folder: Path) -> Sheet | None:
    """The sheet that was kept last in a catalog's folder; None where there is none that can be read."""
    for path in sorted((folder / FOLDER).glob("*.json"), reverse=True):
        with suppress(LibraryError):
            return read_sheet(path)
    return None


def seconds_after(step: str, last: Sheet | None, attributes: int) -> float:
    """Seconds that the steps after a step will take, as those of the last sheet did; last: None where there is none.
    attributes: how many have labels."""
    each = {"gain": min(attributes, MOST), "labels": min(attributes, MOST)}
    timed = dict(last.seconds) if last is not None else {}
    after = STEPS[STEPS.index(step) + 1 :] if step in STEPS else STEPS[1:]
    return sum(timed.get(one, USUAL[one] * each.get(one, 1)) for one in after)


def with_usage(library: "Library", id: str, sheet: Sheet) -> Sheet:
    """A kept sheet with what the usage log tells now."""
    return replace(sheet, used=_used(library, library.entries.get(id)))
