"""Reports in memory: a file is read when it is first wanted, and again only when it has changed."""

import logging
from pathlib import Path

from eval import EvalError, Report, load_report
from library import Library, Visitor

BASELINE = "-global.json"
"""What the name of a report on global similarity ends with."""

_log = logging.getLogger("lapel.ui")
_Stamp = tuple[int, int]


class ReportShelf:
    """The reports of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: dict[Path, tuple[_Stamp, Report | None]] = {}

    def all(self) -> dict[str, Report]:
        """File name → report; one that cannot be read is left out, and logged."""
        there = sorted(self.folder.glob("*.json"))
        for gone in self._kept.keys() - set(there):
            self._kept.pop(gone, None)
        found = {path.name: self._shipped(path) for path in there}
        return {name: report for name, report in found.items() if report is not None}

    def read(self, path: Path) -> Report:
        """A report of the folder or of a visitor's, who keeps it; EvalError when it cannot be read."""
        kept = self._shipped(path) if path.parent == self.folder else None
        return kept if kept is not None else load_report(path)

    def _shipped(self, path: Path) -> Report | None:
        try:
            stat = path.stat()
        except OSError:
            return None
        stamp = stat.st_mtime_ns, stat.st_size
        kept = self._kept.get(path)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        try:
            report = load_report(path)
        except EvalError as error:
            _log.warning("%s", error)
            report = None
        self._kept[path] = stamp, report
        return report


class CatalogShelves:
    """The reports of each catalog of a library, for those who may see it."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._shelves: dict[str, ReportShelf] = {}

    def of(self, id: str, visitor: Visitor) -> ReportShelf:
        """UnknownCatalog where the visitor may not see the catalog."""
        entry = self._library.entry(id, visitor)
        folder = self._library.reports(entry.id)
        if entry.id not in self._shelves:
            self._shelves[entry.id] = ReportShelf(folder)
        return self._shelves[entry.id]

    def own(self, id: str, visitor: Visitor) -> dict[str, Report]:
        """File name → report, the newest first, without those of the baseline."""
        found = self.of(id, visitor).all()
        return {name: found[name] for name in sorted(found, reverse=True) if not name.endswith(BASELINE)}
