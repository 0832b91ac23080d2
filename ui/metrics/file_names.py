"""What a file is called that is taken away: of which catalog, of what, and from when."""

import re
import time

from ui.metrics.reports import Chosen

MOST = 100
"""Letters of a name."""


def file_name(chosen: Chosen, *parts: str) -> str:
    """Without a suffix; the date is that of the measurement where it is known, and else today."""
    catalog = chosen.entry.name if chosen.entry is not None else str(chosen.report.catalog.get("name", ""))
    when = chosen.made.replace(":", "") or time.strftime("%Y-%m-%d")
    words = ["lapel", catalog, *parts, when]
    return "-".join(filter(None, (re.sub(r"[^\w-]+", "-", word).strip("-") for word in words)))[:MOST]
