"""`python -m library`: catalogs of this installation, the same that the page shows, also while the page is running."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import tyro

from catalog import CatalogError, Wish
from common import environment
from common.jobs import JobError
from common.progress import ProgressBar
from library import poc
from library.errors import LibraryError
from library.library import Library
from library.settings import Settings
from library.terminal import Found, embed_job, entry_facts, look_text, looked, looking, run_job
from model import WeightsError
from retrieval import RetrievalError

Flag = Annotated[bool, tyro.conf.FlagCreatePairsOff]


@dataclass(frozen=True, kw_only=True)
class Common:
    home: Path = field(default_factory=environment.home)
    """The installation (LAPEL_HOME)."""
    json: Flag = False
    """Print JSON."""

    def library(self) -> Library:
        settings = Settings(
            self.home.resolve(),
            weights=environment.asked_weights(),
            device=environment.device(),
            milvus=environment.milvus(),
        )
        return Library(replace(settings, usage_log=environment.usage_log()))

    def tell(self, found: Found, text: str) -> int:
        print(json.dumps(found, indent=1, ensure_ascii=False) if self.json else text)
        return 0


@dataclass(frozen=True, kw_only=True)
class Import(Common):
    """Import a folder, zip, table or Hub dataset as a new catalog, and embed it."""

    source: Annotated[str, tyro.conf.Positional]
    """Folder, zip, table, or Hub dataset owner/name[@revision]."""
    name: str = ""
    """What to call it; default: as its folder."""
    attributes: tuple[str, ...] = ()
    """Columns to take as attributes, beside those that are proposed."""
    ignore: tuple[str, ...] = ()
    """Columns to leave out."""
    mend: Flag = field(default_factory=environment.mend)
    """Put right what can be without losing anything (LAPEL_MEND)."""
    look: Flag = False
    """Only look: say what is in it and what is wrong with it."""
    embed: bool = True
    """Embed it now; else the page does when it is opened."""

    def run(self) -> int:
        library = self.library()
        found = looked(self.source, library, self.attributes, self.ignore, self.mend)
        if self.look:
            return self.tell(found.to_dict(), look_text(found))
        job = library.import_look(looking(self.source, found), self.name)
        done = run_job(library, job)
        if self.embed:
            run_job(library, embed_job(library, done.catalog))
        return self.tell(done.result, f"{done.catalog}: {done.result['items']:,} items of '{library.name_of(done)}'")


@dataclass(frozen=True, kw_only=True)
class List(Common):
    """List the catalogs."""

    def run(self) -> int:
        library = self.library()
        found = [entry_facts(library, entry) for entry in library.all()]
        lines = [
            f"{one['id']}  {one['items']:>7,} items  {one['bytes'] / 1e6:>8.1f} MB  {one['name']}" for one in found
        ]
        return self.tell({"catalogs": found}, "\n".join(lines) or "no catalogs; import one")


@dataclass(frozen=True, kw_only=True)
class Add(Common):
    """Add items to a catalog; those with an id that is there are replaced."""

    catalog: Annotated[str, tyro.conf.Positional]
    """Id of the catalog."""
    source: Annotated[str, tyro.conf.Positional]
    """Folder, zip, table, or Hub dataset owner/name[@revision]."""
    mend: Flag = field(default_factory=environment.mend)
    """Put right what can be without losing anything (LAPEL_MEND)."""

    def run(self) -> int:
        library = self.library()
        entry = library.own(self.catalog)
        found = looked(self.source, library, (), (), self.mend, Wish.from_dict(entry.wish))
        done = run_job(library, library.import_look(looking(self.source, found, entry.id), ""))
        run_job(library, embed_job(library, done.catalog))
        result = done.result
        said = f"{entry.name}: {result['added']:,} items added, {result['replaced']:,} replaced"
        taught = ", ".join(result.get("taught", []))
        return self.tell(result, said + (f"; taught attributes: {taught}" if taught else ""))


@dataclass(frozen=True, kw_only=True)
class Remove(Common):
    """Take items out of a catalog."""

    catalog: Annotated[str, tyro.conf.Positional]
    """Id of the catalog."""
    items: Annotated[tuple[str, ...], tyro.conf.Positional]
    """Ids of the items."""

    def run(self) -> int:
        self.library().care.remove(self.catalog, self.items)
        return self.tell({"removed": len(self.items)}, f"{len(self.items):,} items removed")


@dataclass(frozen=True, kw_only=True)
class Export(Common):
    """Write a catalog with all labels given in the page: a zip that can be imported again, with its taught attributes, or a
    folder for the Hub."""

    catalog: Annotated[str, tyro.conf.Positional]
    """Id of the catalog."""
    out: Annotated[Path, tyro.conf.Positional]
    """A new .zip, or a new folder, which becomes a Hub dataset (ImageFolder)."""

    def run(self) -> int:
        from catalog import export_hub, export_zip
        from library.lessons import lesson_files

        library = self.library()
        entry = library.entry(self.catalog)
        with ProgressBar("exporting") as bar:
            catalog = library.ledger(entry.id).catalog
            if self.out.suffix.lower() == ".zip":
                path = export_zip(catalog, self.out, bar, lesson_files(catalog, library.settings.home))
            else:
                path = export_hub(catalog, self.out, bar)
        return self.tell({"path": str(path)}, f"{path}: '{entry.name}'")


@dataclass(frozen=True, kw_only=True)
class Delete(Common):
    """Delete a catalog; for a day `restore` brings it back."""

    catalog: Annotated[str, tyro.conf.Positional]
    """Id of the catalog."""

    def run(self) -> int:
        entry = self.library().keeping.delete(self.catalog)
        return self.tell({"deleted": entry.id}, f"'{entry.name}' is deleted; python -m library restore {entry.id}")


@dataclass(frozen=True, kw_only=True)
class Restore(Common):
    """Have a deleted catalog back."""

    catalog: Annotated[str, tyro.conf.Positional]
    """Id of the catalog."""

    def run(self) -> int:
        entry = self.library().keeping.restore(self.catalog)
        return self.tell({"restored": entry.id}, f"'{entry.name}' is back")


@dataclass(frozen=True, kw_only=True)
class Erase(Common):
    """Erase a deleted catalog for good, with all that was made of it."""

    catalog: Annotated[str, tyro.conf.Positional]
    """Id of the catalog."""

    def run(self) -> int:
        entry = self.library().keeping.erase_deleted(self.catalog)
        return self.tell({"erased": entry.id}, f"'{entry.name}' is erased")


@dataclass(frozen=True, kw_only=True)
class Label(Common):
    """Give an item a label, or take it away."""

    catalog: Annotated[str, tyro.conf.Positional]
    """Id of the catalog."""
    item: Annotated[str, tyro.conf.Positional]
    """Id of the item."""
    attribute: Annotated[str, tyro.conf.Positional]
    """Name of the attribute."""
    value: Annotated[str, tyro.conf.Positional] = ""
    """Its value; nothing takes the label away."""

    def run(self) -> int:
        given = self.library().label(self.catalog, self.item, self.attribute, self.value or None)
        found = {"item": given.item, "attribute": given.attribute, "value": given.value, "before": given.before}
        return self.tell(
            found, f"{given.item}: {given.attribute} is {given.value or 'blank'}, was {given.before or 'blank'}"
        )


@dataclass(frozen=True, kw_only=True)
class Poc(Common):
    """Measure what Lapel is worth on a catalog, and what it costs: the PoC sheet."""

    catalog: Annotated[str, tyro.conf.Positional]
    """Id or name of a catalog, or a folder, zip or table."""
    split: str = ""
    """Only the labels of this split; default: all."""
    lang: Literal["en", "ja"] = "en"
    """Language of the sheet."""
    html: Path | None = None
    """Write the sheet as one HTML file, which prints on two sheets of A4."""
    assume: tuple[str, ...] = ()
    """Assumptions key=value, such as wage=30 minutes_a_label=0.2 items=200000."""
    last: Flag = False
    """Measure nothing: the sheet that was measured last."""

    def run(self) -> int:
        assumptions = poc.Assumptions().with_text(self.assume)
        library = self.library()
        entry = library.find(self.catalog)
        folder = library.entries.folder / entry.id
        sheet = poc.last_sheet(folder) if self.last else None
        if sheet is None:
            if self.last:
                raise LibraryError(f"no PoC was measured on '{entry.name}'; leave out --last")
            done = run_job(library, library.submit("poc", {"split": self.split}, entry.id))
            sheet = poc.read_sheet(folder / "poc" / done.result["sheet"])
        sheet = poc.with_usage(library, entry.id, sheet)
        if self.html is not None:
            self.html.write_text(poc.as_html(sheet, assumptions, self.lang), "utf-8")
        return self.tell(poc.as_json(sheet, assumptions), poc.as_text(sheet, assumptions, self.lang))


COMMANDS: dict[str, Callable[..., Any]] = {
    "import": Import,
    "list": List,
    "add": Add,
    "remove": Remove,
    "export": Export,
    "delete": Delete,
    "erase": Erase,
    "restore": Restore,
    "label": Label,
    "poc": Poc,
}


def main() -> int:
    options = tyro.extras.subcommand_cli_from_dict(
        COMMANDS, prog="python -m library", description="The catalogs of this installation."
    )
    try:
        return int(options.run())
    except (CatalogError, LibraryError, JobError, RetrievalError, WeightsError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
