"""Zips of images, unpacked without trusting a word of them."""

import hashlib
import lzma
import os
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from catalog.errors import CatalogError
from catalog.folders import (
    READING,
    SYSTEM,
    TAUGHT,
    Fetched,
    PassedOver,
    is_table,
    name_fault,
    passed_note,
    printable,
    why_not,
)
from catalog.kinds import HEAD, describe, head_of, image_kind
from catalog.text import decode
from common.files import sha256_of

MOST_ENTRIES = 5
"""Entries of a zip that are looked at, as a multiple of the files that are unpacked."""
HOLDING = (".parquet",)
"""Tables that can hold the images themselves."""
_DRIVE = re.compile("^[A-Za-z]:" if os.name != "nt" else "^[^/]*:")
_JAPANESE = re.compile("[ぁ-ゖァ-ヺ㐀-鿿ｦ-ﾟ]")
_ENCRYPTED, _UTF8 = 0x1, 0x800  # flags of an entry
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError),
    *(struct.error, IndexError),
)


@dataclass(frozen=True)
class Entry:
    """A file of a zip, and its path in it."""

    info: zipfile.ZipInfo
    inside: PurePosixPath


@dataclass(frozen=True)
class ZipLimits:
    """The most that `unpack` writes: files, bytes of one file, bytes of all."""

    files: int = 200_000
    file_bytes: int = 512 * 2**20
    bytes: int = 20 * 2**30


def unpack(path: Path, home: Path, limits: ZipLimits = ZipLimits()) -> Fetched:
    """Unpack images, tables and taught attributes of a zip under `home`, in one step, once for each content.

    Images are told by content, as in a folder. A single folder at the top is stepped into.
    CatalogError when the file is no zip, damaged, encrypted or empty of images, when an entry leads
    out of the folder or is a link, and when it holds more than `limits` allow.
    """
    _check_zip(path)
    try:
        with zipfile.ZipFile(path) as archive:
            wanted, passed = _chosen(archive, path.name, limits)
            folder = home / f"{_safe(path.stem)}-{_digest(path, wanted)[:16]}"
            if not folder.is_dir():
                _extract(archive, wanted, folder, path.name, limits)
    except CatalogError:
        raise
    except OSError as error:
        raise CatalogError(f"'{path.name}' cannot be unpacked ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise CatalogError(f"'{path.name}' holds a file name that is no UTF-8, as it says; pack it again") from error
    except _DAMAGE as error:
        raise CatalogError(f"'{path.name}' is not a sound zip ({error}); pack it again") from error
    return Fetched(_step_in(folder), passed)


def _check_zip(path: Path) -> None:
    head = head_of(path)
    if head.startswith(b"PK") or zipfile.is_zipfile(path):
        return
    what = "an image" if image_kind(head) else describe(head)
    raise CatalogError(f"'{path.name}' is not a sound zip but {what}; give a folder, a zip or a table")


def _chosen(archive: zipfile.ZipFile, name: str, limits: ZipLimits) -> tuple[list[Entry], tuple[PassedOver, ...]]:
    """The entries to unpack, after a look at all of them, and those that are passed over."""
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES * limits.files:
        raise CatalogError(f"'{name}' holds {len(infos):,} files, at most {limits.files:,} are unpacked; split it")
    entries = [Entry(info, inside) for info, inside in zip(infos, _insides(infos), strict=True)]
    for entry in entries:
        _check_entry(entry, name)
    wanted, passed, images = [], [], 0
    for entry in entries:
        if entry.info.is_dir():
            continue
        what = _why_not(archive, entry, name)
        images += what is None or entry.inside.suffix.lower() in HOLDING
        if what is None or (what != SYSTEM and (is_table(entry.inside.name) or _is_taught(entry.inside))):
            wanted.append(entry)
        else:
            passed.append(PassedOver(printable(str(entry.inside)), what))
    if not images:
        said = f" ({passed_note(passed)})" if passed else ""
        raise CatalogError(
            f"'{name}' holds no images{said}; pack a folder with images, and catalog.csv if there are labels"
        )
    if len(wanted) > limits.files:
        raise CatalogError(f"'{name}' holds {len(wanted):,} files, at most {limits.files:,} are unpacked; split it")
    return wanted, tuple(passed)


def _is_taught(inside: PurePosixPath) -> bool:
    """Whether a file is a taught attribute of an exported catalog."""
    return inside.parent.name == TAUGHT and inside.name.endswith(READING) and not name_fault(inside.name)


def _check_entry(entry: Entry, name: str) -> None:
    inside = entry.inside
    if inside.is_absolute() or ".." in inside.parts or _DRIVE.match(str(inside)):
        raise CatalogError(f"'{name}' holds a path that leads out of it: '{inside}'; pack it again without")
    if stat.S_ISLNK(entry.info.external_attr >> 16):
        raise CatalogError(f"'{name}' holds a link, '{inside}'; pack the file itself")


def _why_not(archive: zipfile.ZipFile, entry: Entry, name: str) -> str | None:
    """As `folders.why_not`, for a file of a zip in its folders."""
    for part in entry.inside.parts:
        if fault := name_fault(part):
            return fault
    if entry.info.flag_bits & _ENCRYPTED:
        raise CatalogError(f"'{name}' is encrypted; pack it without a password")
    return why_not(entry.inside.name, partial(_head, archive, entry.info))


def _head(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as file:
        return file.read(HEAD)


def _insides(infos: list[zipfile.ZipInfo]) -> list[PurePosixPath]:
    """The paths of entries. Where a zip does not say that its names are UTF-8, macOS means UTF-8,
    Japanese Windows cp932, and others cp437. One program wrote all of them, so that all together
    tell which.
    """
    names = "\n".join(info.filename for info in infos if _is_foreign(info)).encode("cp437")
    text, encoding = decode(names, "a name")
    if encoding != "utf-8" and not (encoding == "cp932" and _JAPANESE.search(text)):
        encoding = "cp437"
    return [PurePosixPath(_spelled(info, encoding).replace("\\", "/")) for info in infos]


def _is_foreign(info: zipfile.ZipInfo) -> bool:
    """Whether zipfile took the bytes of a name for cp437 because nothing says what they are."""
    spelled_out = info.filename != info.orig_filename.partition("\0")[0]  # by a field of UTF-8 beside the name
    return not (info.flag_bits & _UTF8 or info.filename.isascii() or spelled_out)


def _spelled(info: zipfile.ZipInfo, encoding: str) -> str:
    return info.filename.encode("cp437").decode(encoding) if _is_foreign(info) else info.filename


def _extract(archive: zipfile.ZipFile, wanted: list[Entry], folder: Path, name: str, limits: ZipLimits) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    room = min(limits.bytes, shutil.disk_usage(folder.parent).free)
    if sum(entry.info.file_size for entry in wanted) > room:
        raise CatalogError(f"'{name}' unpacks to more than the {room / 2**30:.1f} GB there is room for; split it")
    beside = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder.parent))
    try:
        left = room
        for entry in wanted:
            left -= _write(archive, entry.info, beside / entry.inside, min(left, limits.file_bytes))
        try:
            beside.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was quicker
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, most: int) -> int:
    """Bytes written; what the zip says of an entry's size is not believed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(entry) as source, target.open("xb") as file:
        while block := source.read(1 << 20):
            written += len(block)
            if written > most:
                raise CatalogError(f"the zip's entry '{target.name}' unpacks to more than {most / 2**20:.0f} MB")
            file.write(block)
    return written


def _step_in(folder: Path) -> Path:
    inside = list(folder.iterdir())
    return _step_in(inside[0]) if len(inside) == 1 and inside[0].is_dir() else folder


def _digest(path: Path, wanted: list[Entry]) -> str:
    """Of the zip and of what is taken from it: a folder that was unpacked by narrower rules is not
    used again.
    """
    names = "\n".join(str(entry.inside) for entry in wanted)
    return hashlib.sha256(f"{sha256_of(path)}\n{names}".encode("utf-8", "surrogatepass")).hexdigest()


def _safe(stem: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in stem)[:60] or "catalog"
