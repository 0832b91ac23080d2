"""Parquet data sets that hold the images themselves, unpacked once into a folder with a table."""

import csv
import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from catalog.errors import CatalogError
from catalog.kinds import image_kind
from catalog.notes import Note, few
from catalog.records import as_text, class_names, hub_features, texts
from catalog.vocabulary import IMAGE_COLUMNS, known_split, rank
from common.files import sha256_of

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 64
MOST_BYTES = 20 * 2**30
_SHARD = re.compile(r"^(.*?)-\d{3,}(-of-\d{3,})?$")
_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "BMP": ".bmp", "TIFF": ".tif"}
_SUFFIXES |= {"HEIF": ".heic", "AVIF": ".avif"}


@dataclass(frozen=True)
class Unpacked:
    """The folder with `catalog.csv` and the images, and what to say of the files that were read."""

    folder: Path
    notes: tuple[Note, ...]


def unpack_parquet(root: Path, tables: Sequence[str], asked: str | None, home: Path) -> Unpacked | None:
    """Write the images of Parquet files under `home`, in one step, once for each content.

    tables: paths of the tables below `root`. asked: the only one to read. None where no Parquet file
    has a column of images (bytes, or a struct with them), or where another table comes first
    (`catalog.*`, `metadata.*`). The split of a row is that of its file's name or folder
    (`data/train-00000-of-00001.parquet`). CatalogError when there is no room for the images, or a file
    is damaged.
    """
    first = any(PurePosixPath(name).stem.lower() in ("catalog", "metadata") for name in tables if "/" not in name)
    names = [name for name in tables if name.lower().endswith(".parquet") and asked in (None, name)]
    if asked is None and first and not all(name in names for name in tables):
        return None
    try:
        found = {name: column for name in sorted(names) if (column := _image_column(root / name))}
        if not found:
            return None
        folder = home / f"parquet-{digest_of(root, list(found))[:16]}"
        if not folder.is_dir():
            _unpack(root, found, folder)
    except CatalogError:
        raise
    except Exception as error:  # pyarrow raises its own kinds, and OSError
        raise CatalogError(f"the Parquet files of '{root.name}' cannot be read ({few([error])})") from error
    others = [name for name in tables if name not in found]
    said = {"table": few(found), "others": few(others)}
    return Unpacked(folder, (Note("other-tables" if others else "table", said),))


def _image_column(path: Path) -> str | None:
    """The column that holds images: one that the Hub's features call so, a struct with bytes, or bytes so named."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pq.read_schema(path)
    features = hub_features(schema.metadata)
    ranked = []
    for field in schema:
        binary = _is_binary(field.type)
        struct = pa.types.is_struct(field.type) and any(
            part.name == "bytes" and _is_binary(part.type) for part in field.type
        )
        told = isinstance(features.get(field.name), dict) and features[field.name].get("_type") == "Image"
        place = rank(field.name, IMAGE_COLUMNS)
        if (binary or struct) and (told or struct or place is not None):
            ranked.append((not told, len(IMAGE_COLUMNS) if place is None else place, field.name))
    return min(ranked)[2] if ranked else None


def _is_binary(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def digest_of(root: Path, names: Sequence[str]) -> str:
    """Of the names and contents of files below a folder."""
    return hashlib.sha256("".join(f"{name}:{sha256_of(root / name)}\n" for name in names).encode()).hexdigest()


def _unpack(root: Path, found: dict[str, str], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder.parent))
    try:
        (beside / "images").mkdir()
        room = min(MOST_BYTES, shutil.disk_usage(folder.parent).free)
        rows = _rows(root, found, beside, room)
        first = next(rows, None)
        if first is None:
            raise CatalogError("the Parquet files have no rows")
        header = list(first)
        with (beside / "catalog.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, header, restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerow(first)
            writer.writerows(rows)
        try:
            beside.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was quicker
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _rows(root: Path, found: dict[str, str], folder: Path, room: int) -> Iterator[dict[str, str]]:
    """The rows of all files as text; their images are written on the way."""
    import pyarrow.parquet as pq

    counts: dict[str, int] = {}
    for name, column in found.items():
        file = pq.ParquetFile(root / name)
        classes = class_names(file.schema_arrow.metadata)
        split = split_of_shard(name)
        for batch in file.iter_batches(batch_size=BATCH):
            cells = {
                "image (2)" if other == "image" else other: texts(batch.column(other).to_pylist(), classes.get(other))
                for other in batch.schema.names
                if other != column
            }
            for row, value in enumerate(batch.column(column).to_pylist()):
                content, path = _content(value)
                room -= len(content)
                if room < 0:
                    raise CatalogError("the Parquet files hold more images than there is room for; split them")
                group = split or PurePosixPath(name).stem
                counts[group] = number = counts.get(group, -1) + 1
                own = {"image": write_image(content, path, folder) or path, "split": split or ""}
                yield {"id": f"{group}-{number:06d}", **own, **{other: texts[row] for other, texts in cells.items()}}


def _content(value: Any) -> tuple[bytes, str]:
    """The bytes of a cell, and the path beside them."""
    if isinstance(value, dict):
        return value.get("bytes") or b"", as_text(value.get("path"))
    return value or b"", ""


def write_image(content: bytes, path: str, folder: Path) -> str:
    """Path below the folder, named by the content; '' for none."""
    if not content:
        return ""
    kind = image_kind(content[:4096])
    suffix = _SUFFIXES[kind] if kind in _SUFFIXES else PurePosixPath(path).suffix.lower() or ".bin"
    name = f"images/{hashlib.sha256(content).hexdigest()[:24]}{suffix}"
    if not (folder / name).is_file():
        (folder / name).write_bytes(content)
    return name


def split_of_shard(name: str) -> str | None:
    """train, valid or test by the name of a shard (`train-00000-of-00002`), else by its folders."""
    path = PurePosixPath(name)
    shard = _SHARD.match(path.stem)
    stem = shard.group(1) if shard else path.stem
    return next((split for part in (stem, *reversed(path.parts[:-1])) if (split := known_split(part))), None)
