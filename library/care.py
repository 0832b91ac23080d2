"""What is done with a catalog that is there: single items, labels from a table, taught attributes, its folder, its disk."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from catalog import Catalog, Item, Wish, load_catalog, look
from library.changing import Twins, item_of, replace_picture
from library.disk import Disk, disk_of, prune
from library.entries import Entry
from library.errors import LibraryError
from library.lessons import Lesson, forget_lesson, lessons
from library.updating import LabelUpdate, apply_update, read_update
from library.upload_terms import check_share
from library.visitors import HOST, Visitor
from library.watching import can_watch

if TYPE_CHECKING:
    from library.library import Library


class Care:
    """Changes to the catalogs of a library, each for a visitor who may make it: LibraryError says why not, UnknownCatalog that
    there is no such catalog."""

    def __init__(self, library: "Library") -> None:
        self.library = library
        self._twins = Twins()

    def rename(self, id: str, name: str, visitor: Visitor = HOST) -> Entry:
        """LibraryError for a blank name."""
        if not name.strip():
            raise LibraryError("the name is blank; give the catalog a name")
        entry = self.library.own(id, visitor)
        return self.library.entries.change(entry.id, name=name.strip())

    def remove(self, id: str, ids: Sequence[str], visitor: Visitor = HOST) -> None:
        """Take items out of a catalog; LibraryError for one that is not there."""
        entry = self.library.own(id, visitor)
        self.library.entries.ledger(entry).remove(ids)
        self.library.refresh(entry.id)

    def reread(self, id: str, visitor: Visitor = HOST) -> int:
        """Read a catalog again whose pictures lie in a folder of the host's; gives how many items are new, changed or gone."""
        entry = self.library.own(id, visitor)
        if entry.wish:
            catalog = look(entry.root, self.library.settings.home, Wish.from_dict(entry.wish)).catalog
        else:
            catalog = load_catalog(entry.source, self.library.settings.home, mend=self.library.settings.mend)
        changed = self.library.entries.ledger(entry).sync(catalog)
        self.library.entries.note(entry, catalog.notes, catalog.left_out)
        self.library.refresh(entry.id, look=True)
        return changed

    def put_back(self, id: str, items: Sequence[Item], visitor: Visitor = HOST) -> None:
        """Undo a removal; LibraryError where an item of the same id has come meanwhile."""
        entry = self.library.own(id, visitor)
        ledger = self.library.entries.ledger(entry)
        there = {item.id for item in ledger.catalog.items}
        back = next((item.id for item in items if item.id in there), None)
        if back is not None:
            raise LibraryError(f"'{back}' is in the catalog again; remove it first")
        ledger.put(items)
        self.library.refresh(entry.id)

    def replace_picture(self, id: str, item: str, picture: Path, visitor: Visitor = HOST) -> Item:
        """Put another picture in the place of an item's first; its labels stay. LibraryError where that cannot be done."""
        entry = self.library.own(id, visitor)
        self.check_room(picture.stat().st_size, 1, visitor)
        new = replace_picture(self.library.entries, entry, item, picture)
        self.library.refresh(entry.id)
        self.library.submit("embed", {}, entry.id, entry.owner)
        return new

    def twins_of(self, id: str, item: str, visitor: Visitor = HOST) -> list[Item]:
        """Other items with the same picture; LibraryError for an item that is not there."""
        catalog = self.library.entries.ledger(self.library.entry(id, visitor)).catalog
        return self._twins.of(catalog, item_of(catalog, item))

    def read_update(self, id: str, table: Path, visitor: Visitor = HOST) -> LabelUpdate:
        """What a table of labels would change; LibraryError where it is none."""
        return read_update(table, self.library.entries.ledger(self.library.own(id, visitor)).catalog)

    def update_labels(self, id: str, update: LabelUpdate, visitor: Visitor = HOST) -> int:
        """Give the labels of a table; gives how many."""
        entry = self.library.own(id, visitor)
        count = apply_update(self.library.entries.ledger(entry), update)
        self.library.refresh(entry.id)
        return count

    def watch(self, id: str, watched: bool, visitor: Visitor = HOST) -> Entry:
        """Read a catalog's folder again whenever it changes, or no longer; LibraryError where there is no folder to watch."""
        entry = self.library.own(id, visitor)
        if watched and not can_watch(entry):
            raise LibraryError(f"'{entry.name}' was not made from a folder of this server, so nothing can be watched")
        return self.library.entries.change(entry.id, watched=watched)

    def lessons(self, id: str, visitor: Visitor = HOST) -> list[Lesson]:
        """The attributes that were taught on a catalog, with these weights or others."""
        return lessons(self.library.catalog(self.library.entry(id, visitor)), self.library.settings.home)

    def forget_lesson(self, id: str, name: str, visitor: Visitor = HOST) -> None:
        """Delete a taught attribute; LibraryError where there is none."""
        entry = self.library.own(id, visitor)
        forget_lesson(self.library.catalog(entry), self.library.settings.home, name)
        self.library.reopen(entry.id)

    def disk(self, id: str, visitor: Visitor = HOST) -> Disk:
        """What a catalog takes on the disk, by part."""
        entry = self.library.entry(id, visitor)
        return disk_of(self.library.entries, entry, self.library.thumbnails(entry).folder, self.library.settings.home)

    def prune(self, visitor: Visitor = HOST) -> int:
        """Remove vectors, small pictures and files that no catalog uses; gives the bytes. LibraryError for who is not the host,
        and while something is imported."""
        if self.library.settings.public and not visitor.admin:
            raise LibraryError("only the host of this server prunes it")
        if any(job.kind == "import" and not job.over for job in self.library.jobs.all()):
            raise LibraryError("something is being imported; prune when that is done")
        folders = [self.library.thumbnails(entry).folder for entry in self.library.entries]
        return prune(self.library.entries, self.library.settings.home, folders)

    def check_room(self, size: int, files: int, visitor: Visitor) -> None:
        """LibraryError where a visitor of a public host would have more bytes or files here than his share, catalogs that he has
        deleted and can have back counted in."""
        library = self.library
        if not library.settings.public or visitor.admin:
            return
        own = [entry for entry in library.entries if entry.owner and entry.owner == visitor.mark]
        held = [(library.entries.size(entry), _pictures(library.catalog(entry))) for entry in own if not entry.root]
        check_share(library.uploads.share(visitor), [*held, (size, files)], "your catalogs here")

    def label_all(
        self, id: str, items: Sequence[str], attribute: str, value: str, why: str, visitor: Visitor = HOST
    ) -> int:
        """Give several items a label; gives how many."""
        entry = self.library.own(id, visitor)
        self.library.entries.ledger(entry).label_all([(item, attribute, value) for item in items], why)
        self.library.refresh(entry.id)
        return len(items)

    def can_watch(self, entry: Entry) -> bool:
        """Whether a catalog was made from a folder of this server."""
        return can_watch(entry)


def _pictures(catalog: Catalog) -> int:
    return sum(len(item.pictures) for item in catalog.items)
