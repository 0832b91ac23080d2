"""Which reports a visitor can choose from, and what belongs to the one that he chose."""

from dataclasses import dataclass
from pathlib import Path

from catalog import Catalog
from eval import Report
from library import Entry, Library, LibraryError, Visitor
from ui.catalogs.detail_cards import report_time
from ui.metrics.case_cards import Pictures
from ui.metrics.report_texts import GLOBAL, title_of
from ui.metrics.rows import Measured
from ui.metrics.shelf import BASELINE, CatalogShelves, ReportShelf
from ui.metrics.tab import OPENED, Looked
from ui.words import word

METHOD = "RPF"


@dataclass(frozen=True)
class Chosen:
    """A report that is shown. key: as `Looked.report`; title: what it is called; file: its file. entry: the catalog of the
    library that it is of, None where there is none; pictures: those of that catalog. made: when, '' where unknown."""

    key: str
    title: str
    file: Path
    measured: Measured
    entry: Entry | None = None
    pictures: Pictures | None = None
    made: str = ""

    @property
    def report(self) -> Report:
        return self.measured.report

    @property
    def catalog(self) -> Catalog | None:
        return self.pictures.catalog if self.pictures is not None else None


class Reports:
    """The reports of catalogs, those that come with Lapel, and a file that a visitor has opened."""

    def __init__(self, library: Library, shelves: CatalogShelves) -> None:
        self.library = library
        self.shelves = shelves

    def choices(self, catalog: str, looked: Looked, visitor: Visitor, lang: str) -> list[tuple[str, str]]:
        """Title and key: of the catalog first, which has one also where nothing was measured, then the shipped ones."""
        own: list[tuple[str, str]] = []
        try:
            entry = self.library.entry(catalog, visitor)
            own = [
                (word("own_report", lang, name=entry.name, time=report_time(name)), f"{entry.id}/{name}")
                for name in self.shelves.own(entry.id, visitor)
            ] or [(word("not_measured", lang, name=entry.name), f"{entry.id}/")]
        except LibraryError:  # it has gone meanwhile
            own = []
        opened = [(word("measure_opened", lang, title=Path(looked.path).stem), OPENED)] if looked.path else []
        shipped = [
            (word("measure_shipped", lang, title=title_of(report, lang) or Path(name).stem), name)
            for name, report in self._shipped().items()
        ]
        return [*own, *opened, *shipped]

    def first(self, catalog: str, visitor: Visitor) -> str:
        """The key of the newest report of a catalog, or that of a catalog that was not measured; '' where it has gone."""
        try:
            entry = self.library.entry(catalog, visitor)
        except LibraryError:
            return ""
        return f"{entry.id}/{next(iter(self.shelves.own(entry.id, visitor)), '')}"

    def _shipped(self) -> dict[str, Report]:
        """Those of our own method first, of many images before few."""
        reports = self.shelves.shipped.all()

        def rank(name: str) -> tuple[bool, int, str]:
            report = reports[name]
            return report.method != METHOD, -report.catalog.get("items", 0), report.title

        return {name: reports[name] for name in sorted(reports, key=rank)}

    def find(self, looked: Looked, current: str, visitor: Visitor, lang: str) -> Chosen | None:
        """None where the report has gone; EvalError where it cannot be read, UnknownCatalog where it may not be seen.

        current: the catalog that is searched, which a report of the same images may be shown with.
        """
        key = looked.report
        if key == OPENED:
            measured = self.shelves.shipped.measured(Path(looked.path))
            title = word("measure_opened", lang, title=title_of(measured.report, lang) or Path(looked.path).stem)
            return self._with_pictures(Chosen(key, title, Path(looked.path), measured), current, visitor)
        catalog, _, name = key.rpartition("/")
        shelf: ReportShelf = self.shelves.of(catalog, visitor) if catalog else self.shelves.shipped
        if not name or name not in shelf.all():
            return None
        measured = shelf.measured(shelf.folder / name)
        if not catalog:
            title = word("measure_shipped", lang, title=title_of(measured.report, lang) or Path(name).stem)
            return self._with_pictures(Chosen(key, title, shelf.folder / name, measured), current, visitor)
        entry = self.library.entry(catalog, visitor)
        made = report_time(name)
        title = word("own_report", lang, name=entry.name, time=made)
        return Chosen(key, title, shelf.folder / name, measured, entry, self.pictures(entry, visitor), made)

    def _with_pictures(self, chosen: Chosen, current: str, visitor: Visitor) -> Chosen:
        """A report of the images of the catalog that is searched, with these."""
        try:
            entry = self.library.entry(current, visitor)
        except LibraryError:
            return chosen
        pictures = self.pictures(entry, visitor)
        if pictures.catalog.digest != chosen.report.catalog.get("digest"):
            return chosen
        return Chosen(chosen.key, chosen.title, chosen.file, chosen.measured, entry, pictures, chosen.made)

    def pictures(self, entry: Entry, visitor: Visitor) -> Pictures:
        catalog = self.library.ledger(entry.id).catalog
        return Pictures(catalog, self.library.thumbnails(entry), self.library.may_change(entry, visitor))

    def others(self, chosen: Chosen, visitor: Visitor, lang: str) -> dict[str, tuple[str, Path]]:
        """Key → title and file of the reports of the same catalog or shelf, the baseline among them, without the one chosen."""
        folder, catalog = chosen.file.parent, chosen.entry.id if chosen.entry is not None else ""
        shelf = self.shelves.shipped
        if catalog and folder != shelf.folder:
            shelf = self.shelves.of(catalog, visitor)
        digest, there = chosen.report.catalog.get("digest"), shelf.all()
        own, place = f"{chosen.file.stem}{BASELINE}", ""
        if shelf is not self.shelves.shipped and chosen.entry is not None:
            place = chosen.entry.name
        found = {}
        for name in sorted(there, key=lambda name: (name == own, name), reverse=True):
            if name == chosen.file.name or (name.endswith(BASELINE) and name != own and own in there):
                continue  # ordinary similarity on the same queries once is enough
            if not place and there[name].catalog.get("digest") != digest:
                continue
            title = word("global_similarity", lang) if name == own else self._title(name, there[name], place, lang)
            found[f"{catalog}/{name}" if place else name] = (title, shelf.folder / name)
        return found

    def apart(self, chosen: Chosen) -> list[str]:
        """The test sets of Lapel's own that cannot be compared with a report, since other pictures were measured and so other
        queries asked, by name."""
        digest = chosen.report.catalog.get("digest")
        names = [
            str(report.catalog.get("name", ""))
            for report in self._shipped().values()
            if report.method == METHOD and report.catalog.get("digest") != digest
        ]
        return list(dict.fromkeys(names))

    def example(self, lang: str) -> Chosen | None:
        """The first report that comes with Lapel: what can be expected of pictures that were not measured yet."""
        shelf = self.shelves.shipped
        name = next((name for name, report in self._shipped().items() if report.method == METHOD), None)
        if name is None:
            return None
        measured = shelf.measured(shelf.folder / name)
        return Chosen(name, title_of(measured.report, lang) or Path(name).stem, shelf.folder / name, measured)

    def _title(self, name: str, report: Report, place: str, lang: str) -> str:
        """As in the list of reports. place: the name of the catalog, '' for reports that come with Lapel."""
        if place:
            title = word("global_similarity", lang) if report.method == GLOBAL else place
            return word("own_report", lang, name=title, time=report_time(name))
        return word("measure_shipped", lang, title=title_of(report, lang) or Path(name).stem)

    def measured(self, file: Path, chosen: Chosen, visitor: Visitor) -> Measured:
        """A report that is compared with the one chosen."""
        own = chosen.entry is not None and file.parent != self.shelves.shipped.folder
        shelf = self.shelves.of(chosen.entry.id, visitor) if own and chosen.entry is not None else self.shelves.shipped
        return shelf.measured(file)
