"""What is said of uploads: what they are, how much they may be, and why one is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from library.errors import LibraryError


@dataclass(frozen=True)
class Share:
    """What somebody may have here at once: bytes and files in all, and uploads."""

    bytes: int
    files: int
    uploads: int


@dataclass(frozen=True)
class UploadLimits:
    """All limits of uploads. part: bytes that a page should send at once. lasting: seconds that an upload is kept after
    the last that came of it. spare: bytes of the disk that stay free.
    """

    host: Share = Share(64 << 30, 200_000, 50)
    visitor: Share = Share(1 << 30, 10_000, 5)
    all_visitors: Share = Share(20 << 30, 500_000, 200)
    part: int = 8 << 20
    lasting: float = 86400.0
    spare: int = 1 << 30


@dataclass(frozen=True)
class Upload:
    """size, received: bytes in all, and those that are there. files: how many. expires: seconds since 1970."""

    id: str
    name: str
    size: int
    files: int
    received: int
    finished: bool
    expires: float


class UploadError(LibraryError):
    """One sentence. reason: gone, offset, digest, incomplete, name, bytes, files, uploads or space. received: bytes that
    are there, where it is about them.
    """

    def __init__(self, reason: str, said: str, received: int | None = None) -> None:
        super().__init__(said)
        self.reason = reason
        self.received = received


def check_share(share: Share, held: Sequence[tuple[int, int]], whose: str) -> None:
    """UploadError when uploads, each of so many bytes and files, are more than a share. whose: such as "all uploads"."""
    size, files = sum(size for size, _ in held), sum(files for _, files in held)
    if size > share.bytes:
        raise UploadError(
            "bytes",
            f"{whose} would have {size >> 20} MB, and may have {share.bytes >> 20} MB; send fewer or smaller files",
        )
    if files > share.files:
        raise UploadError("files", f"{whose} would have {files} files, and may have {share.files}; send them as a zip")
    if len(held) > share.uploads:
        raise UploadError(
            "uploads", f"{whose} would be {len(held)}, and may be {share.uploads}; finish or delete one, or wait a day"
        )
