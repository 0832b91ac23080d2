"""The catalogs of an installation, a folder each: what they are called, whose they are, where their images lie."""

import json
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from catalog import LeftOut, Note
from common.files import replacing
from library.errors import LibraryError, UnknownCatalog
from library.ledger import Ledger

ENTRY = "entry.json"
NOTES = "notes.json"
FILES = "files"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
UNDO = 24 * 3600.0
"""Seconds for which a deleted catalog can be had back."""


@dataclass(frozen=True)
class Entry:
    """A catalog in the library.

    id: its key, in addresses too. root: folder of its images; '' where they lie in the library. owner: `Visitor.mark`, '' for
    the host. source: what it was made from, for people. wish: how its tables are read (`catalog.Wish`). door: what stands for
    it in the addresses of pictures. made, deleted: seconds since the epoch.
    """

    id: str
    name: str
    made: float
    root: str = ""
    owner: str = ""
    source: str = ""
    wish: dict[str, Any] = field(default_factory=dict)
    door: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    watched: bool = False
    deleted: float | None = None


class Entries:
    """The entries under `home`/library/catalogs. Looks at the disk each time, so that several processes agree."""

    def __init__(self, home: Path) -> None:
        self.folder = Path(home) / "library" / "catalogs"
        self._ledgers: dict[str, Ledger] = {}
        self._known: dict[Path, tuple[tuple[int, ...], Entry]] = {}

    def __iter__(self) -> Iterator[Entry]:
        """All of them, the oldest first, deleted ones included; a damaged one is passed over."""
        found = [entry for path in self.folder.glob(f"*/{ENTRY}") if (entry := self._sound(path)) is not None]
        yield from sorted(found, key=lambda entry: (entry.made, entry.id))

    def get(self, id: str) -> Entry:
        """UnknownCatalog where there is none."""
        if not _ID.fullmatch(id):
            raise UnknownCatalog(f"there is no catalog '{id}'")
        return self._read(self.folder / id / ENTRY)

    def add(self, name: str, id: str | None = None, **about: Any) -> Entry:
        """A new entry, under an id that nobody can guess where none is given."""
        entry = Entry(id or new_id(), name, time.time(), **about)
        self.save(entry)
        return entry

    def save(self, entry: Entry) -> None:
        folder = self.folder / entry.id
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / ENTRY) as new:
            new.write_text(json.dumps(asdict(entry), indent=1, ensure_ascii=False), "utf-8")

    def change(self, id: str, **changes: Any) -> Entry:
        entry = replace(self.get(id), **changes)
        self.save(entry)
        return entry

    def root(self, entry: Entry) -> Path:
        return Path(entry.root) if entry.root else self.folder / entry.id / FILES

    def ledger(self, entry: Entry) -> Ledger:
        """The ledger of a catalog, one object for all who ask."""
        found = self._ledgers.get(entry.id)
        if found is None or (found.root, found.name) != (self.root(entry), entry.name):
            found = self._ledgers[entry.id] = Ledger(self.folder / entry.id, self.root(entry), entry.name)
        return found

    def note(self, entry: Entry, notes: tuple[Note, ...], left_out: tuple[LeftOut, ...]) -> None:
        """Keep what was said as the files of a catalog were read."""
        said = {"notes": [asdict(note) for note in notes], "left_out": [asdict(row) for row in left_out]}
        with replacing(self.folder / entry.id / NOTES) as new:
            new.write_text(json.dumps(said, ensure_ascii=False), "utf-8")

    def noted(self, entry: Entry) -> tuple[tuple[Note, ...], tuple[LeftOut, ...]]:
        """What `note` kept; nothing where that is not there."""
        try:
            said: Mapping[str, Any] = json.loads((self.folder / entry.id / NOTES).read_text("utf-8"))
            notes = tuple(Note(one["kind"], one["facts"], tuple(one["lines"])) for one in said["notes"])
            return notes, tuple(LeftOut(**row) for row in said["left_out"])
        except (OSError, ValueError, KeyError, TypeError):
            return (), ()

    def erase(self, id: str) -> None:
        """Remove a catalog for good, with the images that lie in the library."""
        self._ledgers.pop(id, None)
        shutil.rmtree(self.folder / id, ignore_errors=True)

    def size(self, entry: Entry) -> int:
        """Bytes that a catalog takes in the library, its images included where they lie there."""
        folder = self.folder / entry.id
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

    def _sound(self, path: Path) -> Entry | None:
        try:
            return self._read(path)
        except LibraryError:
            return None

    def _read(self, path: Path) -> Entry:
        """The entry in a file, read again where the file is another one: every search asks for one."""
        try:
            about = path.stat()
            stamp = about.st_mtime_ns, about.st_ino, about.st_size
        except OSError:
            return _read(path)
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            known = self._known[path] = stamp, _read(path)
        return known[1]


def new_id() -> str:
    """An id that nobody can guess."""
    return secrets.token_hex(12)


def _read(path: Path) -> Entry:
    try:
        return Entry(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise UnknownCatalog(f"there is no catalog '{path.parent.name}'") from error
    except (OSError, ValueError, TypeError) as error:
        raise LibraryError(
            f"the entry of catalog '{path.parent.name}' is damaged ({error}); import it again"
        ) from error
