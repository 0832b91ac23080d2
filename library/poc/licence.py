"""What the weights may be used for, by what they were trained on."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from common.assets import EMBEDDED_WEIGHTS
from library.poc.sheet import Licence

FREE = ("apache", "mit", "bsd", "cc0", "cc-by", "cc by", "public domain", "own images", "own data")
"""What the terms of training images begin with where production is allowed."""
TRAINING = "training.json"


def licence_of(source: str, digest: str) -> Licence:
    """source: folder or Hub repository of the weights, '' for the embedded ones. Production is allowed where the terms of
    all training images are known to allow it; nothing is told of weights without a `training.json` in their folder."""
    folder = Path(source) if source else EMBEDDED_WEIGHTS
    told: Mapping[str, Any] = {}
    with suppress(OSError, ValueError):
        told = json.loads((folder / TRAINING).read_text("utf-8"))
    data: Sequence[Mapping[str, Any]] = told.get("data", [])
    rows = tuple(
        (str(one.get("name", "")), str(one.get("source", "")), str(one.get("terms", "") or "none stated"))
        for one in data
    )
    production = all(free(terms) for _, _, terms in rows) if rows else None
    return Licence(
        weights=str(told.get("name", "")) or (Path(source).name if source else "rpf-tiny"),
        digest=digest,
        production=production,
        terms=str(told.get("terms", "")),
        sources=rows,
        minutes=float(told.get("minutes", 0) or 0) * max(1, len(told.get("averaged", []))),
        images=sum(int(one.get("images", 0) or 0) for one in data),
    )


def free(terms: str) -> bool:
    """Whether terms, as they are stated, allow production."""
    lowered = terms.strip().casefold()
    return lowered.startswith(FREE) and re.search(r"\b(nc|non-?commercial|research)\b", lowered) is None
