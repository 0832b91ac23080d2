"""Zips of images, unpacked without trusting a word of them."""

import lzma
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from catalog.errors import CatalogError
from catalog.kinds import SUFFIXES
from common.files import sha256_of

TABLES = frozenset({".csv", ".json"})
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
Entry = tuple[zipfile.ZipInfo, PurePosixPath]


@dataclass(frozen=True)
class ZipLimits:
    """The most that `unpack` writes: files, bytes of one file, bytes of all."""

    files: int = 200_000
    file_bytes: int = 512 * 2**20
    bytes: int = 20 * 2**30


def unpack(path: Path, home: Path, limits: ZipLimits = ZipLimits()) -> Path:
    """Unpack images and tables of a zip under `home`, in one step, once for each content; gives the catalog's folder.

    A single folder at the top is stepped into. CatalogError when the file is no zip, damaged, encrypted or empty of
    images, when an entry leads out of the folder or is a link, and when it holds more than `limits` allow.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            wanted = _wanted(archive, path.name, limits)
            folder = home / f"{_safe(path.stem)}-{sha256_of(path)[:16]}"
            if not folder.is_dir():
                _extract(archive, wanted, folder, path.name, limits)
    except CatalogError:
        raise
    except OSError as error:
        raise CatalogError(f"'{path.name}' cannot be unpacked ({error.strerror or error})") from error
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError, struct.error) as error:
        raise CatalogError(f"'{path.name}' is not a sound zip ({error}); pack it again") from error
    return _step_in(folder)


def _wanted(archive: zipfile.ZipFile, name: str, limits: ZipLimits) -> list[Entry]:
    """The entries to unpack, after a look at all of them."""
    wanted = []
    for entry in archive.infolist():
        inside = PurePosixPath(_spelled(entry).replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts or ":" in inside.as_posix().split("/")[0]:
            raise CatalogError(f"'{name}' holds a path that leads out of it: '{inside}'; pack it again without")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise CatalogError(f"'{name}' holds a link, '{inside}'; pack the file itself")
        if entry.is_dir() or any(part.startswith(".") or part == "__MACOSX" for part in inside.parts):
            continue
        if inside.suffix.lower() in SUFFIXES | TABLES:
            if entry.flag_bits & 1:
                raise CatalogError(f"'{name}' is encrypted; pack it without a password")
            wanted.append((entry, inside))
    if not any(inside.suffix.lower() in SUFFIXES for _, inside in wanted):
        raise CatalogError(f"'{name}' holds no images; pack a folder with images, and catalog.csv if there are labels")
    if len(wanted) > limits.files:
        raise CatalogError(f"'{name}' holds {len(wanted):,} files, at most {limits.files:,} are unpacked; split it")
    return wanted


def _spelled(entry: zipfile.ZipInfo) -> str:
    """The name of an entry. Where the zip does not say that it is UTF-8, macOS means UTF-8 and Japanese Windows cp932,
    and zipfile takes it for cp437.
    """
    if entry.flag_bits & 0x800 or entry.filename.isascii():
        return entry.filename
    raw = entry.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "cp932"):
        with suppress(UnicodeDecodeError):
            name = raw.decode(encoding)
            if encoding == "utf-8" or JAPANESE.search(name):
                return name
    return entry.filename


def _extract(archive: zipfile.ZipFile, wanted: list[Entry], folder: Path, name: str, limits: ZipLimits) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    room = min(limits.bytes, shutil.disk_usage(folder.parent).free)
    if sum(entry.file_size for entry, _ in wanted) > room:
        raise CatalogError(f"'{name}' unpacks to more than the {room / 2**30:.1f} GB there is room for; split it")
    beside = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder.parent))
    try:
        left = room
        for entry, inside in wanted:
            left -= _write(archive, entry, beside / inside, min(left, limits.file_bytes))
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


def _safe(stem: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in stem)[:60] or "catalog"
