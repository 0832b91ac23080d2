"""Saved sets: items of a catalog that somebody has chosen, under a name, for the one who chose them."""

import json
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from common.files import write_in_one_step
from library.entries import new_id
from library.errors import LibraryError
from library.visitors import HOST, Visitor

MOST_SETS = 200
"""Sets that one visitor has at most."""
MOST_ITEMS = 10_000
"""Items of a set at most."""
LONGEST_NAME = 80
"""Letters of a name; the rest is cut off."""
_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class SavedSet:
    """catalog: the id of the catalog that it is of. items: ids, in the order in which they were chosen. owner: `Visitor.mark`, ''
    for the host. asked: the search that they were found by, in words. made: seconds since the epoch."""

    id: str
    name: str
    catalog: str
    items: tuple[str, ...]
    owner: str = ""
    asked: str = ""
    made: float = 0.0


class Sets:
    """The sets under `home`/library/sets, a file each, in a folder for each owner. Looks at the disk each time, so that several
    processes agree. A set of somebody else's is one that is not there."""

    def __init__(self, home: Path) -> None:
        self.folder = Path(home) / "library" / "sets"

    def all(self, catalog: str, visitor: Visitor = HOST) -> list[SavedSet]:
        """A visitor's sets of a catalog, the newest first; a damaged one is passed over."""
        found = [one for path in self._own(visitor).glob("*.json") if (one := _read(path)) is not None]
        return sorted((one for one in found if one.catalog == catalog), key=lambda one: (-one.made, one.id))

    def get(self, id: str, visitor: Visitor = HOST) -> SavedSet:
        """LibraryError where the visitor has no such set."""
        found = _read(self._own(visitor) / f"{id}.json") if _ID.fullmatch(id) else None
        if found is None:
            raise LibraryError("the saved set is no longer here; save it again")
        return found

    def save(self, name: str, catalog: str, items: Sequence[str], visitor: Visitor = HOST, asked: str = "") -> SavedSet:
        """Keep items under a name; those of that name and catalog are replaced. LibraryError without a name or items, or where
        there are too many."""
        name, chosen = " ".join(name.split())[:LONGEST_NAME], tuple(dict.fromkeys(items))
        if not name:
            raise LibraryError("a saved set needs a name; give one")
        if not chosen:
            raise LibraryError("no item is selected; select some first")
        if len(chosen) > MOST_ITEMS:
            raise LibraryError(f"{len(chosen):,} items are selected; a set holds at most {MOST_ITEMS:,}")
        older = [one for one in self.all(catalog, visitor) if one.name == name]
        if not older and sum(1 for _ in self._own(visitor).glob("*.json")) >= MOST_SETS:
            raise LibraryError(f"there are {MOST_SETS} saved sets already; delete one that is not needed")
        id = older[0].id if older else new_id()
        made = SavedSet(id, name, catalog, chosen, visitor.mark, asked, time.time())
        self._own(visitor).mkdir(parents=True, exist_ok=True)
        write_in_one_step(self._own(visitor) / f"{id}.json", json.dumps(asdict(made), ensure_ascii=False))
        return made

    def delete(self, id: str, visitor: Visitor = HOST) -> SavedSet:
        """Remove a set; gives it, to be had back by `restore`. LibraryError where the visitor has no such set."""
        found = self.get(id, visitor)
        (self._own(visitor) / f"{id}.json").unlink(missing_ok=True)
        return found

    def restore(self, deleted: SavedSet, visitor: Visitor = HOST) -> SavedSet:
        """Have a deleted set back, as `save` keeps it."""
        return self.save(deleted.name, deleted.catalog, deleted.items, visitor, deleted.asked)

    def forget_catalog(self, catalog: str) -> None:
        """Remove everybody's sets of a catalog that has gone for good."""
        for path in self.folder.glob("*/*.json"):
            found = _read(path)
            if found is not None and found.catalog == catalog:
                path.unlink(missing_ok=True)

    def erase(self, visitor: Visitor) -> None:
        """Remove all sets of a visitor; the host's stay."""
        if visitor.mark:
            for path in self._own(visitor).glob("*.json"):
                path.unlink(missing_ok=True)

    def sweep(self, lasting: float) -> None:
        """Remove what visitors saved more than so many seconds ago; the host's sets stay."""
        for path in self.folder.glob("*/*.json"):
            found = _read(path)
            if found is not None and found.owner and time.time() - found.made > lasting:
                path.unlink(missing_ok=True)

    def _own(self, visitor: Visitor) -> Path:
        return self.folder / (visitor.mark or "host")


def _read(path: Path) -> SavedSet | None:
    """The set in a file; None where there is none, or it is damaged."""
    try:
        about = json.loads(path.read_text("utf-8"))
        return SavedSet(**{**about, "items": tuple(map(str, about["items"]))})
    except (OSError, ValueError, TypeError, KeyError):
        return None
