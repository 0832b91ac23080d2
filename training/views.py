"""The views of trained weights put together for photographs of any kind: calibration, mixes, readings, match maps, applicability.

All in closed form from raw embeddings of labelled catalogs (`training.embedded`): solved on their `train` splits, chosen on `valid`
and by leaving a catalog out (`training.mixing`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from catalog import Catalog
from common.say import Say, to_stderr
from eval.metrics import average_precision, ranked_relevance
from model import (
    APPLICABILITY,
    GENERAL,
    REGION,
    RPF,
    WHOLE,
    Calibrated,
    Column,
    Config,
    among,
    applicability_features,
    derivation,
    fit_match,
)
from training.applicability import Shown, evidence_of, learn, threshold
from training.calibrate import STRETCH, Rows, rows_of, solve, with_rows, without
from training.embedded import Ground, grounds
from training.errors import TrainingError
from training.mixing import Curve, Question, at_home, choose_mixes, curve, left_out, say_of
from training.readout import Lesson, names_of, read

READINGS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
"""Shares of the readings in the score that are chosen from, one for all attributes."""
EVEN = (0.25, 0.0, 0.5, 0.25)
"""A mix that has every view, to measure them by."""


def together(
    network: RPF,
    catalogs: Sequence[Catalog],
    home: Path,
    device: str,
    drawn: Collection[str] = (),
    say: Say = to_stderr,
) -> tuple[RPF, dict[str, Any]]:
    """A network with a general trunk, calibrated in its views, each attribute with its mix; and what it reached on the `valid`
    splits, for a record.

    home: where raw embeddings are kept. drawn: names of catalogs of drawings, which say nothing of photographs. Attributes that
    no catalog labels keep what they have, but get the mean of the others' mixes. TrainingError where no validation split has
    labels.
    """
    plain = without(network).cpu().eval()
    plain = _copy(
        plain,
        replace(plain.config, views=(REGION, WHOLE), mix=EVEN, mixes={}, matches={}, reading=0.0, applicability=None),
    )
    work = _Work(
        plain, grounds(plain, catalogs, home, device), {c.name for c in catalogs} - set(drawn), rows_of(network)
    )
    mixes = work.mixes()
    if not mixes:
        raise TrainingError("no split 'valid' has labels that the mixes could be chosen by; give a catalog with one")
    tenths = {name: "/".join(f"{10 * share:.0f}" for share in mix) for name, mix in mixes.items()}
    say("mixes in tenths: " + ", ".join(f"{name} {mix}" for name, mix in tenths.items()))
    mean = np.mean(list(mixes.values()), axis=0)
    config = replace(plain.config, mix=tuple(map(float, mean)), mixes=mixes)
    reading, by_share = work.reading(config)
    told = ", ".join(f"{share:g} {figure:.2f}" for share, figure in by_share.items())
    say(f"share of the readings: {told}; {reading:g} taken")
    config = replace(config, reading=reading)
    built = work.network(config)
    built.config = replace(built.config, matches=work.matches(built))
    built = work.with_applicability(built)
    return built, {"valid": work.validated(built), "reading": {f"{k:g}": round(v, 2) for k, v in by_share.items()}}


class _Work:
    """What is solved once and used again."""

    def __init__(self, plain: RPF, found: Sequence[Ground], photographs: Collection[str], old: Rows) -> None:
        self.plain, self.photographs, self.old = plain, photographs, old
        self.grounds = {ground.name: ground for ground in found}
        self.names = list(plain.config.attributes)
        self.views = (*plain.config.views, GENERAL)
        known = {name: {a.name for a in ground.catalog.attributes} for name, ground in self.grounds.items()}
        self.labelled = {
            name: [
                a
                for a in self.names
                if a in known[name] and len(np.unique(ground.labels(a)[ground.labelled(a, "train")])) > 1
            ]
            for name, ground in self.grounds.items()
        }
        self._rows: dict[str | None, Rows] = {}
        self._readouts: dict[str | None, dict[int, tuple[Tensor, Tensor]]] = {}
        self._measured, self._networks = "", dict[str | None, RPF]()

    def rows(self, without_: str | None = None) -> Rows:
        """Calibrations of all views, of all catalogs but one."""
        if without_ not in self._rows:
            self._rows[without_] = self.old | {
                (index, view): solve(parts, *STRETCH[view])
                for index, name in enumerate(self.names)
                for view in self.views
                if (parts := [self._part(ground, name, view) for ground in self._teachers(name, without_)])
            }
        return self._rows[without_]

    def network(self, config: Config, without_: str | None = None) -> RPF:
        """The network of a configuration, solved on all catalogs but one."""
        calibrated = with_rows(_copy(self.plain, replace(config, reading=0.0)), self.rows(without_))
        if not config.reading:
            return calibrated
        wider = _copy(calibrated, replace(calibrated.config, reading=config.reading))
        for index, (weight, bias) in self.readouts(without_).items():
            wider.readout.weight[index, :, : len(bias)], wider.readout.bias[index, : len(bias)] = weight, bias
        return wider

    def readouts(self, without_: str | None) -> dict[int, tuple[Tensor, Tensor]]:
        """Weights and bias of the reading of each attribute, by its index, of all catalogs but one."""
        if without_ not in self._readouts:
            every = with_rows(self.plain, self.rows(without_))
            found = {}
            for index, name in enumerate(self.names):
                lessons = [self._lesson(every, ground, name) for ground in self._teachers(name, without_)]
                solved = read(lessons, self.plain.config.attributes[name])
                if solved is not None:
                    found[index] = solved
            self._readouts[without_] = found
        return self._readouts[without_]

    def mixes(self) -> dict[str, tuple[float, ...]]:
        """By attribute that a catalog labels."""
        home = self._asked(at_home(self.labelled, self.photographs), False, self._curve)
        abroad = self._asked(left_out(self.labelled, self.photographs), True, self._curve)
        return dict(choose_mixes(home, abroad))

    def reading(self, config: Config) -> tuple[float, dict[float, float]]:
        """The share of the readings that is best by the rule, and what each reaches (MAP, %)."""
        found: dict[float, float] = {}
        home, abroad = at_home(self.labelled, self.photographs), left_out(self.labelled, self.photographs)
        for share in READINGS:
            chosen, sides = replace(config, reading=share), []
            for questions, left in ((home, False), (abroad, True)):
                maps = self._asked(questions, left, lambda *asked, c=chosen: self._map(c, *asked))
                sides.append(float(np.mean([np.mean(own) for own in maps.values()])) if maps else None)
            assert sides[0] is not None
            found[share] = say_of(sides[0], sides[1])
        return max(found, key=lambda share: found[share]), found

    def matches(self, network: RPF) -> dict[str, dict[str, list[float]]]:
        """A match map for each attribute with enough validation labels."""
        maps = {}
        for name in self.names:
            own = derivation(network, name)
            homes = [self.grounds[catalog] for catalog, names in self.labelled.items() if name in names]
            homes = [ground for ground in homes if ground.name in self.photographs] or homes
            pairs = []
            for ground in homes:
                rows = ground.labelled(name, "valid")
                if len(rows) > 1:
                    pairs.append(among(_scores(own, ground.derived(own, rows, "valid")), ground.labels(name)[rows]))
            found = fit_match(pairs, [own.mix[section.name] for section in own.sections]) if pairs else None
            if found is not None:
                maps[name] = found.to_json()
        return maps

    def with_applicability(self, network: RPF) -> RPF:
        """The network that also says what can be seen, where labels tell of things that cannot."""
        shown = {
            split: [self._shown(ground, split) for ground in self.grounds.values()] for split in ("train", "valid")
        }
        learnt = learn(shown["train"], self.names)
        if not learnt.weight.any():
            return network
        bound = threshold(learnt, self.names, shown["valid"])
        wider = _copy(network, replace(network.config, applicability=float(bound)))
        wider.applicability.load_state_dict(learnt.state_dict())
        return wider

    def validated(self, network: RPF) -> dict[str, Any]:
        """MAP (%) by catalog and attribute, every labelled item of `valid` asking the others: fused and each section alone."""
        table: dict[str, Any] = {}
        for catalog, names in self.labelled.items():
            ground = self.grounds[catalog]
            for name in names:
                rows, own = ground.labelled(name, "valid"), derivation(network, name)
                values = ground.labels(name)[rows]
                if len(rows) == len(np.unique(values)):
                    continue
                parts = ground.derived(own, rows, "valid")
                alone = {f"map_{key}": _precision(part @ part.T, values) for key, part in parts.items()}
                row = {"map": _precision(_scores(own, parts), values), **alone}
                table.setdefault(catalog, {})[name] = {key: round(value, 2) for key, value in row.items()}
        return table

    def _asked(self, questions: Sequence[Question], left: bool, measure: Any) -> dict[str, list[Any]]:
        """What each attribute reaches: on every catalog that it asks, those that say nothing left out."""
        found: dict[str, list[Any]] = {}
        for name, catalog, label in questions:
            if left and not self._teachers(name, catalog):
                continue
            figure = measure(name, self.grounds[catalog], label, catalog if left else None)
            if figure is not None:
                found.setdefault(name, []).append(figure)
        return found

    def _curve(self, name: str, ground: Ground, label: str, without_: str | None) -> Curve | None:
        rows = ground.labelled(label, "valid")
        if len(rows) < 2:
            return None
        own = derivation(self._cached(self.plain.config, without_), name)
        return curve(ground.derived(own, rows, "valid"), ground.labels(label)[rows])

    def _map(self, config: Config, name: str, ground: Ground, label: str, without_: str | None) -> float | None:
        rows = ground.labelled(label, "valid")
        values = ground.labels(label)[rows]
        if len(rows) == len(np.unique(values)):
            return None
        own = derivation(self._cached(config, without_), name)
        return _precision(_scores(own, ground.derived(own, rows, "valid")), values)

    def _cached(self, config: Config, without_: str | None) -> RPF:
        key = repr(config)
        if key != self._measured:
            self._measured, self._networks = key, {}
        if without_ not in self._networks:
            self._networks[without_] = self.network(config, without_)
        return self._networks[without_]

    def _teachers(self, name: str, without_: str | None) -> list[Ground]:
        return [ground for key, ground in self.grounds.items() if key != without_ and name in self.labelled[key]]

    def _part(self, ground: Ground, name: str, view: str) -> tuple[Tensor, np.ndarray]:
        rows = ground.labelled(name, "train")
        return ground.raw(Column("" if view == GENERAL else name, view), rows), ground.labels(name)[rows]

    def _lesson(self, network: RPF, ground: Ground, name: str) -> Lesson:
        rows = ground.labelled(name, "train")
        values = names_of(ground.catalog.attribute(name).values, ground.labels(name)[rows])
        others = ground.rows("valid")
        return Lesson(
            self._features(network, ground, name, rows, "train"),
            values,
            self._features(network, ground, name, others if len(others) else rows, "valid" if len(others) else "train"),
        )

    def _features(self, network: RPF, ground: Ground, name: str, rows: np.ndarray, split: str) -> Tensor:
        """What a reading sees: every view, centred as the split alone is, float32 (rows, F)."""
        own = ground.on(derivation(network, name), split)
        assert own.rows is not None
        found = {
            column.view: row.centred(ground.raw(column, rows)) for column, row in zip(own.needs, own.rows, strict=True)
        }
        return torch.cat([found[view] for view in self.views], 1)

    def _shown(self, ground: Ground, split: str) -> Shown:
        rows = ground.rows(split)
        general, summary = (np.asarray(ground.table.column(column)[rows]) for column in APPLICABILITY)
        return Shown(applicability_features(general, summary), evidence_of(ground.catalog)[rows])


def _copy(network: RPF, config: Config) -> RPF:
    """A network of another configuration with every parameter of this one that it has too."""
    copied = RPF(config)
    own = copied.state_dict()
    copied.load_state_dict(
        own | {k: v for k, v in network.state_dict().items() if k in own and v.shape == own[k].shape}
    )
    return copied.eval()


def _scores(own: Calibrated, parts: Mapping[str, np.ndarray]) -> np.ndarray:
    """Scores of items that ask one another, float64 (n, n); parts: by section, (n, width)."""
    return np.sum([own.mix[name] * (part.astype(np.float64) @ part.T) for name, part in parts.items()], axis=0)


def _precision(scores: np.ndarray, values: np.ndarray) -> float:
    """MAP (%) of items that ask one another (RPF.md §7)."""
    relevant, itself = values[:, None] == values[None], np.eye(len(values), dtype=bool)
    return 100 * float(average_precision(ranked_relevance(scores, relevant, itself)))
