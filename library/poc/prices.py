"""What machines cost: a small file that anyone may edit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.assets import PRICES
from library.errors import LibraryError


@dataclass(frozen=True)
class Machine:
    """hourly, monthly: in US dollars, the second beside the first. speed: how many times as fast as two cores of a processor it
    embeds, least and most; assumed. source, stated: where and on which day the price was read."""

    id: str
    name: str
    cores: int
    memory_gb: float
    hourly: float
    monthly: float
    speed: tuple[float, float]
    note: str
    note_ja: str
    source: str
    stated: str


@dataclass(frozen=True)
class Prices:
    hours_a_month: float
    rows: tuple[Machine, ...]

    def of(self, id: str) -> Machine:
        """LibraryError, naming those that there are, for an unknown one."""
        found = next((row for row in self.rows if row.id == id), None)
        if found is None:
            raise LibraryError(f"no price is known of '{id}'; known: {', '.join(row.id for row in self.rows)}")
        return found


def read_prices(path: Path = PRICES) -> Prices:
    """LibraryError where the file cannot be read."""
    try:
        stored: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
        rows = tuple(Machine(**{**row, "speed": (row["speed"][0], row["speed"][1])}) for row in stored["rows"])
        return Prices(float(stored["hours_a_month"]), rows)
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise LibraryError(f"the prices in '{path.name}' cannot be read ({error}); restore the file") from error
