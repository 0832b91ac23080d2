"""What a run says while it goes on."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from training.validation import Curves


class Log:
    """Lines for people on `say`, the same as JSON lines in a file; a resumed run continues it from its checkpoint."""

    def __init__(self, path: Path, say: Callable[[str], None], resumed: dict[str, Any] | None) -> None:
        self.path, self.say = path, say
        self.recent: list[dict[str, float]] = []
        self.started = time.monotonic()
        kept = path.read_text().splitlines(keepends=True) if resumed and path.exists() else []
        path.write_text("".join(line for line in kept if self._before(json.loads(line), resumed)))

    def step(
        self, stage: int, step: int, steps: int, parts: dict[str, float], every: int, margin: float | None
    ) -> None:
        self.recent.append(parts)
        if (step + 1) % every:
            return
        mean = {key: float(np.mean([part[key] for part in self.recent])) for key in parts}
        self.recent = []
        self._write({"stage": stage, "step": step + 1, **mean})
        seconds = time.monotonic() - self.started
        shown = "  ".join(f"{key} {value:.4f}" for key, value in mean.items())
        self.say(f"stage {stage}  step {step + 1}/{steps}  {shown}  {seconds:.0f} s")
        resting = margin is not None and abs(mean.get("triplet_r", 0) - margin) < 0.005 * margin
        if mean["spread"] < 1e-3 or resting:
            self.say("collapse: every embedding has become the same; lower the learning rate and start again")

    def validation(self, stage: int, step: int, found: Curves) -> None:
        for catalog, attributes in found.items():
            best = {name: float(curve.maps.max()) for name, curve in attributes.items()}
            self._write({"stage": stage, "step": step, "catalog": catalog, "map": best})
            if not best:
                self.say(f"validation  {catalog}  nothing to measure: no two labelled items share a value")
                continue
            rows = ", ".join(f"{name} {value:.1f}" for name, value in best.items())
            self.say(f"validation  {catalog}  mean {np.mean(list(best.values())):.2f}  ({rows})")

    @staticmethod
    def _before(line: dict[str, Any], resumed: dict[str, Any] | None) -> bool:
        """Whether a line stands before the checkpoint: what comes after is written again."""
        return resumed is not None and (line["stage"], line["step"]) <= (resumed["stage"], resumed["step"])

    def _write(self, line: dict[str, Any]) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps(line) + "\n")


class Silent(Log):
    """The log of a process that another one speaks for."""

    def __init__(self) -> None:
        self.say = nobody

    def step(self, *_: object) -> None:
        pass

    def validation(self, *_: object) -> None:
        pass


def nobody(line: str) -> None:
    """Say nothing."""
