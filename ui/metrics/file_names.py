"""What a file is called that is taken away: of which catalog, of what, and from when."""

import re
import time
from dataclasses import dataclass

from ui.metrics.reports import Chosen

MOST = 100
"""Letters of a name."""


@dataclass(frozen=True)
class Saved:
    """A picture that can be saved. name: of its file, without a suffix. of: the report that it shows, told in it below its
    title."""

    name: str
    of: str


def saved(chosen: Chosen, *parts: str) -> Saved:
    """A picture of some part of a report."""
    return Saved(file_name(chosen, *parts), chosen.title)


def file_name(chosen: Chosen, *parts: str) -> str:
    """Without a suffix; the date is that of the measurement where it is known, and else today."""
    catalog = chosen.entry.name if chosen.entry is not None else str(chosen.report.catalog.get("name", ""))
    when = chosen.made.replace(":", "") or time.strftime("%Y-%m-%d")
    words = ["lapel", catalog, *parts, when]
    return "-".join(filter(None, (re.sub(r"[^\w-]+", "-", word).strip("-") for word in words)))[:MOST]
