"""Uploads in parts: what visitors send, kept on disk until it is imported, deleted, or a day old.

`home/library/uploads/<id>/` holds `upload.json` (whose, what, how much), `layout.json` (the files) and `files/`. How much
is there is read off the files, so an upload goes on after a broken connection and after a restart of the server.
"""

import json
import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from catalog import CatalogError, open_image
from common.files import write_in_one_step
from library.sending import Sending
from library.upload_files import Layout, clean_paths
from library.upload_terms import Share, Upload, UploadError, UploadLimits, check_share
from library.visitors import Visitor, is_key, new_key

NAME_LETTERS = 200
LIMITS = UploadLimits()


@dataclass(frozen=True)
class _Record:
    """owner: as `_owner` gives it. host: whether it counts as the host's."""

    owner: str
    host: bool
    name: str
    size: int
    files: int
    finished: bool = False


class Uploads:
    """All uploads of an installation. Thread-safe within one process; an upload is written by one sender at a time.

    Every method raises UploadError. An upload of another visitor is "gone", as one that never was.
    """

    def __init__(self, home: Path, limits: UploadLimits = LIMITS) -> None:
        self.folder = home / "library" / "uploads"
        self.limits = limits
        self._creating = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._sendings: dict[str, Sending] = {}

    def share(self, visitor: Visitor) -> Share:
        """What a visitor may have here at once."""
        return self.limits.host if visitor.admin else self.limits.visitor

    def create(self, visitor: Visitor, name: str, files: Sequence[tuple[str, int]]) -> Upload:
        """A new upload. files: path (relative, with `/`) and bytes of each, in the order in which they will be sent."""
        try:
            paths = clean_paths([path for path, _ in files])
        except ValueError as error:
            raise UploadError("name", str(error)) from error
        sizes = [size for _, size in files]
        if not files or min(sizes) < 0 or sum(sizes) == 0:
            raise UploadError("name", "there is nothing to upload: no file has any bytes; choose others")
        name = "".join(letter for letter in name if letter.isprintable()).strip()[:NAME_LETTERS] or paths[0]
        record = _Record(_owner(visitor), visitor.admin, name, sum(sizes), len(files))
        with self._creating:
            self.sweep()
            self._check_share(visitor, record)
            self._check_disk(record.size)
            id = new_key()
            new = self.folder / f".new-{id}"
            new.mkdir(parents=True)
            write_in_one_step(new / "layout.json", json.dumps({"paths": paths, "sizes": sizes}, ensure_ascii=False))
            write_in_one_step(new / "upload.json", json.dumps(asdict(record), ensure_ascii=False))
            new.rename(self.folder / id)
        return self.find(id, visitor)

    def find(self, id: str, visitor: Visitor) -> Upload:
        """An upload as it stands."""
        return self._upload(id, self._record(id, visitor))

    def all(self, visitor: Visitor) -> list[Upload]:
        """The uploads of a visitor, oldest first."""
        found = [
            self._upload(folder.name, record) for folder, record in self._records() if record.owner == _owner(visitor)
        ]
        return sorted(found, key=lambda upload: upload.expires)

    def begin(self, id: str, visitor: Visitor, offset: int, sha256: str | None = None) -> Sending:
        """Start to send bytes from `offset` on; it may lie before what is there, not after it ("offset"). Who was sending
        to this upload cannot go on: his connection is taken to be broken.
        """
        record = self._record(id, visitor)
        with self._lock(id):
            layout = _layout(self.folder / id)
            received = layout.received()
            if not 0 <= offset <= received:
                raise UploadError(
                    "offset",
                    f"{received} bytes are there, and these begin at {offset}; send from {received} on",
                    received,
                )
            self._stop_sending(id)
            self._touch(id)
            self._sendings[id] = Sending(layout, record.size, offset, received, sha256, self._lock(id))
            return self._sendings[id]

    def append(self, id: str, visitor: Visitor, offset: int, content: bytes, sha256: str | None = None) -> int:
        """Add bytes that begin at `offset`, and give how many are there then; those that are there already are passed
        over. sha256: digest (hex) of `content`; where it differs nothing is added ("digest").
        """
        sending = self.begin(id, visitor, offset, sha256)
        sending.write(content)
        return sending.end()

    def finish(self, id: str, visitor: Visitor) -> Upload:
        """The upload is whole ("incomplete" where it is not); once more does nothing."""
        record = self._record(id, visitor)
        with self._lock(id):
            if not record.finished:
                layout = _layout(self.folder / id)
                received = layout.received()
                if received < record.size:
                    raise UploadError(
                        "incomplete", f"{received} of {record.size} bytes are there; send the rest", received
                    )
                layout.add_empty()
                record = replace(record, finished=True)
                write_in_one_step(self.folder / id / "upload.json", json.dumps(asdict(record), ensure_ascii=False))
        return self._upload(id, record)

    def path(self, id: str, visitor: Visitor) -> Path:
        """What `catalog.look` reads of a finished upload, which is kept for another day: the file, where it is a single
        one and no picture, or else the folder.
        """
        record = self._record(id, visitor)
        if not record.finished:
            raise UploadError("incomplete", "the upload is not finished; send the rest first")
        self._touch(id)
        layout = _layout(self.folder / id)
        if len(layout.paths) == 1 and not _is_picture(layout.folder / layout.paths[0]):
            return layout.folder / layout.paths[0]
        tops = {path.partition("/")[0] for path in layout.paths}
        inside = len(tops) == 1 and all("/" in path for path in layout.paths)
        return layout.folder / tops.pop() if inside else layout.folder

    def delete(self, id: str, visitor: Visitor) -> None:
        """Take an upload away, at any time."""
        self._record(id, visitor)
        self.drop(id)

    def erase(self, visitor: Visitor) -> int:
        """Take all uploads of a visitor away; how many they were."""
        found = [folder.name for folder, record in self._records() if record.owner == _owner(visitor)]
        for id in found:
            self.drop(id)
        return len(found)

    def sweep(self) -> int:
        """Take away what is too old, and what a kill left half made or half deleted; how many there were."""
        old = [
            folder.name
            for folder in self._folders()
            if time.time() > self._expires(folder) or folder.name[:5] == ".gone"
        ]
        for id in old:
            self.drop(id)
        return len(old)

    def _check_share(self, visitor: Visitor, new: _Record) -> None:
        held = [record for _, record in self._records()] + [new]
        own = [(record.size, record.files) for record in held if record.owner == new.owner]
        check_share(self.share(visitor), own, "your uploads here")
        if not new.host:
            others = [(record.size, record.files) for record in held if not record.host]
            check_share(self.limits.all_visitors, others, "the uploads of all visitors here")

    def _check_disk(self, size: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        promised = sum(
            record.size - self._upload(folder.name, record).received
            for folder, record in self._records()
            if not record.finished
        )
        free = shutil.disk_usage(self.folder).free - promised - self.limits.spare
        if size > free:
            raise UploadError(
                "space",
                f"the disk has room for {max(0, free) >> 20} MB, the upload has {size >> 20} MB; make room first",
            )

    def _record(self, id: str, visitor: Visitor) -> _Record:
        record = _read(self.folder / id) if is_key(id) else None
        if record is None or record.owner != _owner(visitor) or time.time() > self._expires(self.folder / id):
            raise UploadError("gone", "there is no such upload, or no longer; send the files again")
        return record

    def _records(self) -> Iterator[tuple[Path, _Record]]:
        for folder in self._folders():
            record = _read(folder) if is_key(folder.name) else None
            if record is not None:
                yield folder, record

    def _folders(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.is_dir() else []

    def _upload(self, id: str, record: _Record) -> Upload:
        folder = self.folder / id
        received = record.size if record.finished else _layout(folder).received()
        return Upload(id, record.name, record.size, record.files, received, record.finished, self._expires(folder))

    def _expires(self, folder: Path) -> float:
        try:
            file = folder / "upload.json"
            return (file if file.exists() else folder).stat().st_mtime + self.limits.lasting
        except FileNotFoundError:
            return 0.0

    def _touch(self, id: str) -> None:
        os.utime(self.folder / id / "upload.json")

    def _stop_sending(self, id: str) -> None:
        earlier = self._sendings.pop(id, None)
        if earlier is not None:
            earlier.stopped = True

    def _lock(self, id: str) -> threading.Lock:
        return self._locks.setdefault(id, threading.Lock())

    def drop(self, id: str) -> None:
        with self._lock(id):
            self._stop_sending(id)
            gone = self.folder / f".gone-{id.lstrip('.')}"
            try:
                (self.folder / id).rename(gone)
            except FileNotFoundError:
                return
        shutil.rmtree(gone, ignore_errors=True)
        self._locks.pop(id, None)


def _owner(visitor: Visitor) -> str:
    """What an upload remembers whose it is by; nothing is that of a visitor without a key."""
    return visitor.mark or ("host" if visitor.admin else new_key())


def _read(folder: Path) -> _Record | None:
    try:
        return _Record(**json.loads((folder / "upload.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@lru_cache(maxsize=16)
def _layout(folder: Path) -> Layout:
    read = json.loads((folder / "layout.json").read_text("utf-8"))
    return Layout(folder / "files", tuple(read["paths"]), tuple(read["sizes"]))


def _is_picture(path: Path) -> bool:
    try:
        open_image(path)
    except CatalogError:
        return False
    return True
