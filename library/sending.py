"""Bytes of an upload while they come, a piece at a time."""

import hashlib
import os
import threading
from errno import EDQUOT, ENOSPC

from library.upload_files import Layout
from library.upload_terms import UploadError


class Sending:
    """One row of bytes from `offset` on, of which those before `received` are there already and are passed over.

    What was written stays when the connection breaks, unless a digest was told: then only the whole is kept.
    """

    def __init__(
        self, layout: Layout, size: int, offset: int, received: int, sha256: str | None, lock: threading.Lock
    ) -> None:
        self.stopped = False
        self._layout = layout
        self._size = size
        self._next = offset
        self._before = self._received = received
        self._wanted = sha256.strip().lower() if sha256 else None
        self._digest = hashlib.sha256()
        self._lock = lock

    def write(self, content: bytes) -> None:
        """Add the next bytes; UploadError: "offset" after another has begun to send, "bytes" beyond the size, "space"."""
        with self._lock:
            self._check_current()
            if self._next + len(content) > self._size:
                raise UploadError(
                    "bytes",
                    f"more came than the {self._size} bytes that were announced; create another upload",
                    self._received,
                )
            fresh = content[max(0, self._received - self._next) :]
            try:
                self._layout.write(self._received, fresh)
                os.utime(self._layout.folder.parent / "upload.json")
            except OSError as error:
                full = error.errno in (ENOSPC, EDQUOT)
                said = "the disk is full; make room and go on" if full else f"cannot write ({error.strerror})"
                raise UploadError("space", said, self._layout.received()) from error
            if self._wanted:
                self._digest.update(content)
            self._next += len(content)
            self._received += len(fresh)

    def end(self) -> int:
        """All that was to come has come: the bytes that are there. UploadError "digest" when it is not what was told."""
        with self._lock:
            self._check_current()
            if self._wanted and self._digest.hexdigest() != self._wanted:
                self._layout.cut(self._before)
                raise UploadError("digest", "the bytes differ from their SHA-256; send them again", self._before)
            return self._received

    def broken(self) -> None:
        """The connection broke before all had come."""
        with self._lock:
            if self._wanted and not self.stopped:
                self._layout.cut(self._before)

    def _check_current(self) -> None:
        if self.stopped:
            raise UploadError("offset", "another connection sends to this upload now; ask how much is there")
