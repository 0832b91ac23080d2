"""What a file is, told by its first bytes: one of the image kinds that are read, or what else."""

import posixpath
import struct
from pathlib import Path

HEAD = 4096
"""Bytes of a file that are looked at."""

KINDS = "JPEG, PNG, WebP, HEIC, AVIF, GIF, BMP or TIFF"
SUFFIXES = frozenset(
    f".{suffix}"
    for suffix in (
        *("jpg", "jpeg", "jpe", "jfif", "jif", "pjpeg", "pjp", "mpo", "png", "apng", "webp", "gif"),
        *("heic", "heif", "heics", "heifs", "hif", "avif", "avifs", "bmp", "dib", "tif", "tiff"),
    )
)
"""What the name of an image usually ends with. Only a claim: it makes a file that is no image a
damaged image.
"""

LFS = "a Git LFS pointer (the file itself was not fetched)"
ANNEX = "a git-annex pointer (the file itself was not fetched)"
EMPTY = "empty"
UNKNOWN = "of an unknown kind"
ADVICE = {
    "a web page": "download the picture itself",
    "a raw photograph": "export it as JPEG",
    LFS: "fetch it with `git lfs pull`",
    ANNEX: "fetch it with `git annex get`",
}
"""What to do about a file that should have been an image; for others: use one of the kinds that are
read.
"""
_BMP_HEADERS = frozenset((12, 16, 40, 52, 56, 64, 108, 124))
_TIFF = {b"II*\0": "<", b"MM\0*": ">", b"II+\0": "", b"MM\0+": ""}
_HEIF_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
_AVIF_BRANDS = frozenset((b"avif", b"avis"))
_STILL_BRANDS = frozenset((b"mif1", b"msf1"))
_OTHERS = (
    (b"%PDF-", "a PDF"),
    (b"8BPS", "a Photoshop file"),
    (b"%!PS", "a PostScript file"),
    (b"PK\3\4", "a zip"),
    (b"PK\5\6", "a zip"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\0\0\1\0", "an icon"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"\0\0\1\xba", "a video"),
    (b"FLV\1", "a video"),
    (b"ID3", "sound"),
    (b"fLaC", "sound"),
    (b"OggS", "sound or video"),
    (b"FUJIFILMCCD-RAW", "a raw photograph"),
    (b"IIRO", "a raw photograph"),
    (b"IIRS", "a raw photograph"),
    (b"MMOR", "a raw photograph"),
    (b"IIU\0", "a raw photograph"),
    (b"FOVb", "a raw photograph"),
    (b"\0MRM", "a raw photograph"),
    (b"II\x1a\0\0\0HEAPCCDR", "a raw photograph"),
    (b"\0\5\x16\7", "what macOS keeps beside a file"),
    (b"\xd0\xcf\x11\xe0", "an Office document or a cache of thumbnails"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet table"),
    (b"version https://git-lfs", LFS),
    (b"version https://git-annex", ANNEX),
    (b"/annex/objects/", ANNEX),
)


def head_of(path: Path) -> bytes:
    """The first bytes of a file, none where it is no file or cannot be read."""
    try:
        if not path.is_file():  # a pipe would wait for ever
            return b""
        with path.open("rb") as file:
            return file.read(HEAD)
    except (OSError, ValueError):
        return b""


def image_kind(head: bytes) -> str | None:
    """Pillow's name of the format that a file with these first bytes has; None when it is no image
    that is read.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    if head[:4] in _TIFF:
        return None if _is_raw(head) else "TIFF"
    return _still(_brands(head))


def claims_image(name: str) -> bool:
    """Whether a file's name says that it is an image."""
    return posixpath.splitext(name)[1].lower() in SUFFIXES


def describe(head: bytes, name: str = "") -> str:
    """What a file that is no image is, in a few words; `name` helps where the bytes do not tell."""
    if not head:
        return EMPTY
    for magic, words in _OTHERS:
        if head.startswith(magic):
            return words
    if head[:4] in _TIFF:
        return "a raw photograph"
    brands = _brands(head)
    if brands:
        return "a raw photograph" if b"crx " in brands else "a video"
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "a video"
    if head[:4] == b"RIFF":
        return {b"AVI ": "a video", b"WAVE": "sound"}.get(head[8:12], UNKNOWN)
    return _describe_text(head) or UNKNOWN


def _describe_text(head: bytes) -> str:
    """`text` and its kinds; nothing where it is not text."""
    if b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return ""
    if sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head) > len(head) // 50:
        return ""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start[:2000]:
        return "an SVG drawing"
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "a web page"
    if start.startswith(b"<?xml"):
        return "XML"
    return "text"


def _brands(head: bytes) -> list[bytes]:
    """Major and compatible brands of an ISO media file (ISO/IEC 14496-12, `ftyp`), none for another
    file.
    """
    if head[4:8] != b"ftyp":
        return []
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return [head[8:12], *(head[place : place + 4] for place in range(16, end - 3, 4))]


def _still(brands: list[bytes]) -> str | None:
    """AVIF and HEIC share a container. Where the major brand does not tell them apart, the
    compatible ones do.
    """
    if not brands:
        return None
    for brand in brands:
        if brand in _AVIF_BRANDS:
            return "AVIF"
        if brand in _HEIF_BRANDS:
            return "HEIF"
    return "HEIF" if brands[0] in _STILL_BRANDS else None


def _is_raw(head: bytes) -> bool:
    """Whether a TIFF is a camera's raw file: what Pillow would show of it is a thumbnail.

    Told by the first directory: the tags of DNG or of a colour filter array, a raw compression, or
    a reduced picture that points to larger ones (tags 254 and 330). A directory beyond the first
    bytes is an ordinary TIFF's.
    """
    order = _TIFF[head[:4]]
    if head[8:10] == b"CR":
        return True
    if not order or len(head) < 8:
        return False
    (start,) = struct.unpack(f"{order}I", head[4:8])
    if start + 2 > len(head):
        return False
    (count,) = struct.unpack(f"{order}H", head[start : start + 2])
    tags = {}
    for place in range(start + 2, min(start + 2 + 12 * count, len(head) - 11), 12):
        tag, kind, _, value = struct.unpack(f"{order}HHI4s", head[place : place + 12])
        tags[tag] = struct.unpack(f"{order}H", value[:2])[0] if kind == 3 else struct.unpack(f"{order}I", value)[0]
    return (
        0xC612 in tags  # DNG version
        or tags.get(262) in (32803, 34892)  # colour filter array, linear raw
        or tags.get(259) in (32767, 32769, 32770, 34713, 65535)  # raw compressions
        or (bool(tags.get(254, 0) & 1) and 330 in tags)
    )
