"""Which faults of a catalog are put right, each by a key of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from catalog.labels import Several

TwinsAs = Literal["first", "group"]
MENDS = (
    *("cells", "near-equal", "markers", "doubtful", "several", "single-images", "one-value", "many-values"),
    *("unreadable", "twins", "id-twice", "group-differs", "unused-images", "sides"),
)
"""Kinds of mends. A key is a kind, or kind and column: `near-equal`, `near-equal:color`."""
USUAL = frozenset(("cells", "near-equal", "markers", "several", "one-value"))
"""What `mend=True` puts right."""
OF_LABELS = ("near-equal", "markers", "doubtful", "several")


def key_of(kind: str, column: str = "") -> str:
    """The key of a mend; column: '' for all columns, or where the mend is of no column."""
    return f"{kind}:{column}" if column else kind


@dataclass(frozen=True)
class Mending:
    """The mends that are on. several: what a label with several values becomes. twins: what becomes of items
    with byte-identical pictures: the first alone is kept, or they are one item.
    """

    keys: frozenset[str] = frozenset()
    several: Several = "blank"
    twins: TwinsAs = "first"

    @classmethod
    def of(cls, mend: bool | Iterable[str], several: Several = "blank") -> "Mending":
        """True: what is usual; else the keys."""
        return cls((USUAL if mend else frozenset()) if isinstance(mend, bool) else frozenset(mend), several)

    def on(self, kind: str, column: str = "") -> bool:
        return kind in self.keys or key_of(kind, column) in self.keys

    def kinds(self, column: str) -> frozenset[str]:
        """The mends of single labels that are on for a column."""
        return frozenset(kind for kind in OF_LABELS if self.on(kind, column))
