"""A log of use that the host may switch on: what kinds of searches, which hits were taken, how long that took.

No picture, no text, no name of an item and nothing that tells visitors apart is written; a line is of a fixed form.
"""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock

LOG = "usage.jsonl"
LARGEST = 64 << 20
"""Bytes from which nothing more is written."""
Kind = Literal["search", "click", "accepted"]
KINDS: tuple[Kind, ...] = ("search", "click", "accepted")
SOURCES = ("image", "item", "value", "several", "")
LONGEST = 3600.0
"""Seconds from which on a hit is not counted as found by the search before it."""


@dataclass(frozen=True)
class Event:
    """kind: a search, a click on a hit, or a hit that was taken as what was looked for. source: what was searched with.
    attributes: how many had a say. filters: how many were set. rank: of the hit, from 1; 0 for a search. seconds: from the
    first search for it to the hit that was taken, else 0. at: whole hours since the epoch, so that no line is a moment."""

    kind: Kind
    catalog: str
    source: str = ""
    attributes: int = 0
    filters: int = 0
    rank: int = 0
    seconds: float = 0.0
    at: int = 0


@dataclass(frozen=True)
class Summary:
    """days: from the first hour to the last. by_source: searches by what was searched with. rank: the middle rank of hits that were
    taken; seconds: the middle time to them. None without any."""

    days: float
    searches: int
    clicks: int
    accepted: int
    by_source: dict[str, int]
    rank: float | None
    seconds: float | None


class UsageLog:
    """The log of an installation; does nothing unless it is on. Thread-safe, and so are several processes."""

    def __init__(self, home: Path, on: bool = False) -> None:
        self.on = on
        self.path = Path(home) / "library" / LOG
        self._lock = threading.Lock()

    def record(
        self,
        kind: Kind,
        catalog: str,
        *,
        source: str = "",
        attributes: int = 0,
        filters: int = 0,
        rank: int = 0,
        seconds: float = 0.0,
    ) -> bool:
        """Add a line; whether it was written. ValueError for a kind or a source that there is none of. A disk that cannot be
        written stops no search."""
        if kind not in KINDS or source not in SOURCES:
            raise ValueError(f"usage knows {', '.join(KINDS)} by {', '.join(SOURCES[:-1])}, not '{kind}' by '{source}'")
        if not self.on:
            return False
        event = Event(kind, catalog, source, attributes, filters, rank, round(float(seconds), 1), _hour())
        line = json.dumps(asdict(event), ensure_ascii=False) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock, FileLock(f"{self.path}.lock", poll_interval=0.005):
                if self.path.is_file() and self.path.stat().st_size > LARGEST:
                    return False
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(line)
        except OSError:
            return False
        return True

    def summary(self, catalog: str) -> Summary | None:
        """What was written of a catalog; None where nothing was. Damaged lines are passed over."""
        events = [event for event in self._events() if event.catalog == catalog]
        if not events:
            return None
        hours = [event.at for event in events]
        searches = [event for event in events if event.kind == "search"]
        accepted = [event for event in events if event.kind == "accepted"]
        timed = [event.seconds for event in accepted if 0 < event.seconds <= LONGEST]
        sources = [event.source for event in searches if event.source]
        return Summary(
            days=(max(hours) - min(hours) + 1) / 24,
            searches=len(searches),
            clicks=sum(event.kind == "click" for event in events),
            accepted=len(timed),
            by_source={source: sources.count(source) for source in SOURCES if source in sources},
            rank=_middle([event.rank for event in accepted if event.rank > 0]),
            seconds=_middle(timed),
        )

    def _events(self) -> Iterator[Event]:
        try:
            with self.path.open(encoding="utf-8") as file:
                for line in file:
                    event = _event(line)
                    if event is not None:
                        yield event
        except OSError:
            return


def _event(line: str) -> Event | None:
    try:
        found: dict[str, Any] = json.loads(line)
        event = Event(**found)
    except (ValueError, TypeError):
        return None
    return event if event.kind in KINDS and isinstance(event.seconds, int | float) else None


def _middle(values: list[Any]) -> float | None:
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return float(ordered[half]) if len(values) % 2 else float(ordered[half - 1] + ordered[half]) / 2


def _hour() -> int:
    return int(time.time() // 3600)
