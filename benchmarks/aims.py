"""What a suite is, and what was to be reached by it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from benchmarks.bench import Bench
from benchmarks.measure import Result


@dataclass(frozen=True)
class Aim:
    """What was to be reached. lines: which of them it is read from, with `*` for anything; read: `p50_ms`, `p95_ms`, `ratio` or a
    name of `more`. Every line that has it has to keep the bound: at least or at most so much. of: what the command has to say
    for the aim to be one of its results."""

    name: str
    lines: str
    read: str
    least: float | None = None
    most: float | None = None
    of: str = ""

    @property
    def bound(self) -> str:
        return f"at least {self.least:g}" if self.least is not None else f"at most {self.most:g}"

    def worst(self, results: Sequence[Mapping[str, Any]]) -> float | None:
        """The value of the line that is the furthest on the wrong side; None where no line has one."""
        chosen = [one for one in results if fnmatchcase(one["name"], self.lines)]
        found = [one[self.read] if self.read in one else one["more"].get(self.read) for one in chosen]
        values = [float(value) for value in found if isinstance(value, int | float)]
        if not values:
            return None
        return min(values) if self.least is not None else max(values)

    def met(self, value: float) -> bool:
        return value >= self.least if self.least is not None else value <= (self.most or 0)


@dataclass(frozen=True)
class Suite:
    """told: one sentence, of what is measured and how. needs: '' or what the machine or the catalog has to have. usual: whether
    it is measured where no suite is named."""

    name: str
    told: str
    measure: Callable[[Bench], list[Result]]
    needs: str = ""
    usual: bool = True
    aims: tuple[Aim, ...] = ()
