"""Reports in memory: a file is read when it is first wanted, and again only when it has changed."""

import logging
from collections import OrderedDict
from pathlib import Path

from eval import Detail, EvalError, Report, detail_path, load_detail, load_report, same_queries, with_detail
from library import Library, Visitor
from ui.metrics.report_texts import GLOBAL
from ui.metrics.rows import Measured

BASELINE = "-global.json"
"""What the name of a report on global similarity ends with."""
KEPT = 8
"""Reports of a folder that are kept with what each query reached."""

_log = logging.getLogger("lapel.ui")
_Stamp = tuple[int, int]


class ReportShelf:
    """The reports of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: dict[Path, tuple[_Stamp, Report | None]] = {}
        self._measured: OrderedDict[Path, tuple[object, Measured]] = OrderedDict()

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

    def measured(self, path: Path) -> Measured:
        """A report as `read`, with what its queries reached and the baseline, as far as they are there."""
        report = self.read(path)
        below = self._baseline(path, report)
        stamp = _stamp(path), _stamp(self.folder / below) if below else None
        kept = self._measured.get(path)
        if kept is not None and kept[0] == stamp:
            self._measured.move_to_end(path)
            return kept[1]
        detail = _detail(path)
        baseline = None
        if below is not None:
            baseline = with_detail(self.read(self.folder / below), _detail(self.folder / below))
        made = Measured(with_detail(report, detail), detail, baseline)
        if path.parent == self.folder:
            self._measured[path] = stamp, made
            while len(self._measured) > KEPT:
                self._measured.popitem(last=False)
        return made

    def _baseline(self, path: Path, report: Report) -> str | None:
        """The report of global similarity on the same queries in the folder, the one made with it first."""
        if report.method == GLOBAL:
            return None
        others = self.all()
        beside = f"{path.stem}{BASELINE}"
        first = [beside] if path.parent == self.folder and beside in others else []
        names = [*first, *(name for name in others if name != beside)]
        same = (name for name in names if others[name].method == GLOBAL and same_queries(others[name], report))
        return next(same, None)

    def _shipped(self, path: Path) -> Report | None:
        stamp = _stamp(path)
        if stamp is None:
            return None
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
        self.shipped = ReportShelf(library.settings.reports)

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


def _stamp(path: Path) -> _Stamp | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _detail(path: Path) -> Detail | None:
    if not detail_path(path).is_file():
        return None
    try:
        return load_detail(path)
    except EvalError as error:
        _log.warning("%s", error)
        return None
