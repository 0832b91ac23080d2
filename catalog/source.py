"""What a catalog is read from: a folder, found, fetched or unpacked, with its images and tables."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from catalog import hub
from catalog.archive import unpack
from catalog.errors import CatalogError
from catalog.files import Files
from catalog.folders import Found, PassedOver, check_path, find_images
from catalog.layout import TEXT
from catalog.notes import Note
from catalog.parquet import unpack_parquet
from catalog.published import read_lists
from catalog.table import Table, read_table
from catalog.text import TABLE_SUFFIXES
from catalog.webdataset import SHARD, unpack_shards


@dataclass(frozen=True)
class Source:
    """A folder as it was found. It lists files once, and reads a table once.

    asked: the table that the source itself names. passed: files that are no images and no tables. notes:
    what to say of Parquet files. unpacked: the folder under `home` that was made for it, None where the
    files lie where they were.
    """

    name: str
    folder: Path
    found: Found
    passed: tuple[PassedOver, ...] = ()
    asked: str | None = None
    notes: tuple[Note, ...] = ()
    unpacked: Path | None = None
    _tables: dict[tuple[str, bool, bool], Table] = field(default_factory=dict)

    @cached_property
    def files(self) -> Files:
        return Files(self.folder, self.found.images)

    @cached_property
    def tables(self) -> list[str]:
        """What may be a table, by its name."""
        return [*self.found.tables, *(file.name for file in self.found.passed if file.name.lower().endswith(TEXT))]

    @cached_property
    def lists(self) -> list[Table]:
        """The lists of published data sets among the text files, as tables."""
        return read_lists(self.folder, sorted(name for name in self.tables if name.lower().endswith(TEXT)))

    def table(self, name: str, headed: bool, mend: bool) -> Table:
        """As `read_table`; CatalogError when it cannot be read."""
        key = (name, headed, mend)
        if key not in self._tables:
            self._tables[key] = read_table(self.folder / name, name, mend, headed)
        return self._tables[key]


def open_source(source: str | Path, home: Path, table: str | None = None) -> Source:
    """Find a folder, a zip, a table in its folder, Parquet files, WebDataset shards or a Hub dataset.

    table: the one to read, if any.

    Zips, Parquet files and shards are unpacked, datasets downloaded, under `home`; nothing else is written.
    CatalogError when the source is none of these, or damaged.
    """
    path = Path(source).expanduser()
    asked = path.name if table is None and is_table_file(path) else table
    opened = _located(source, home)
    images = unpack_parquet(opened.folder, opened.found.tables, asked, home / "catalogs")
    shards = [file.name for file in opened.passed if file.name.lower().endswith(SHARD)]
    if path.is_file() and path.name in shards:
        shards = [path.name]
    elif images or opened.found.images:
        shards = []
    if images is None:
        images = unpack_shards(opened.folder, shards, home / "catalogs")
    if images is None:
        return replace(opened, asked=asked)
    found = find_images(images.folder)
    passed = (*(file for file in opened.passed if file.name not in shards), *found.passed)
    return Source(opened.name, images.folder, found, passed, None, images.notes, images.folder)


def is_table_file(path: Path) -> bool:
    return path.suffix.lower() in TABLE_SUFFIXES | {TEXT} and path.is_file()


def _located(source: str | Path, home: Path) -> Source:
    path = Path(source).expanduser()
    check_path(path)
    if path.is_dir():
        return _of(path.resolve().name, path)
    if is_table_file(path) or (path.is_file() and path.suffix.lower() == SHARD):
        return _of(path.resolve().parent.name, path.parent)
    if path.is_file():
        unpacked = unpack(path, home / "catalogs")
        return _of(path.stem, unpacked.folder, unpacked.passed, home / "catalogs")
    if hub.is_repository(str(source)):
        fetched = hub.fetch(str(source), home / "hub")
        return _of(str(source).partition("@")[0], fetched.folder, fetched.passed, home / "hub")
    raise CatalogError(f"there is no catalog '{source}'; give a folder, a zip or a Hub dataset owner/name[@revision]")


def _of(name: str, folder: Path, passed: tuple[PassedOver, ...] = (), kept: Path | None = None) -> Source:
    """kept: the folder in which folders that were made for sources lie."""
    found = find_images(folder)
    unpacked = kept / folder.relative_to(kept).parts[0] if kept else None
    return Source(name, folder, found, (*passed, *found.passed), unpacked=unpacked)
