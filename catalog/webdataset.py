"""WebDataset shards (tar files of samples: `0001.jpg`, `0001.json`, `0001.cls`), unpacked once into a folder with a table."""

import csv
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from catalog.errors import CatalogError
from catalog.files import in_one_cell
from catalog.kinds import HEAD, SUFFIXES, image_kind
from catalog.notes import Note, few
from catalog.parquet import MOST_BYTES, Unpacked, digest_of, split_of_shard, write_image
from catalog.records import as_text
from catalog.text import decode

SHARD = ".tar"
MOST_OF_A_FIELD = 40 * 2**20
LABEL = "label"
"""The column of `.cls`, as `datasets` calls it for folders of classes."""


def unpack_shards(root: Path, names: Sequence[str], home: Path) -> Unpacked | None:
    """Write the images of tar files under `home`, in one step, once for each content.

    names: paths of the tar files below `root`. A sample is made of the files of one name up to its first
    dot; what follows is the field: images, `json` (its entries are columns), `txt` and other short texts,
    `cls`. Its split is that of the shard's name (`train-0000.tar`). None where no shard holds an image.
    CatalogError when there is no room for the images, or a file is damaged.
    """
    names = sorted(names)
    if not any(_holds_images(root / name) for name in names):
        return None
    folder = home / f"shards-{digest_of(root, names)[:16]}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder.parent))
        try:
            _write_table(root, names, beside)
            try:
                beside.rename(folder)
            except OSError:
                if not folder.is_dir():  # else another process was quicker
                    raise
        except (tarfile.TarError, OSError, EOFError) as error:
            raise CatalogError(f"the tar files of '{root.name}' cannot be read ({error}); pack them again") from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return Unpacked(folder, (Note("table", {"table": few(names)}),))


def _holds_images(path: Path) -> bool:
    """By the first files of a tar."""
    try:
        with tarfile.open(path) as shard:
            for _, member in zip(range(20), shard, strict=False):
                if member.isfile() and (file := shard.extractfile(member)) and image_kind(file.read(HEAD)):
                    return True
    except (tarfile.TarError, OSError, EOFError):
        pass
    return False


def _write_table(root: Path, names: Sequence[str], folder: Path) -> None:
    (folder / "images").mkdir()
    rows = [row for name in names for row in _rows(root, name, folder)]
    header = dict.fromkeys(("id", "image", "more", "split", *(field for row in rows for field in row)))
    with (folder / "catalog.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(header), restval="")
        writer.writeheader()
        writer.writerows(rows)


def _rows(root: Path, name: str, folder: Path) -> Iterator[dict[str, str]]:
    """The samples of a shard as rows; their images are written on the way."""
    split = split_of_shard(name) or ""
    room = min(MOST_BYTES, shutil.disk_usage(folder).free)
    samples: dict[str, tuple[list[str], dict[str, str]]] = {}
    with tarfile.open(root / name) as shard:
        for member in shard:
            path = PurePosixPath(member.name)
            stem, _, field = path.name.partition(".")
            file = shard.extractfile(member) if member.isfile() and stem else None
            if file is None or member.size > MOST_OF_A_FIELD:
                continue
            room -= member.size
            if room < 0:
                raise CatalogError("the tar files hold more than there is room for; split them")
            pictures, fields = samples.setdefault(str(path.parent / stem), ([], {}))
            _take(file, path.name, field.lower(), folder, pictures, fields)
    for key, (pictures, fields) in samples.items():
        own = {"id": key, "image": pictures[0] if pictures else "", "more": in_one_cell(pictures[1:]), "split": split}
        yield {**fields, **own}


def _take(file: IO[bytes], name: str, field: str, folder: Path, pictures: list[str], fields: dict[str, str]) -> None:
    content = file.read()
    if image_kind(content[:HEAD]) or f".{field.rpartition('.')[2]}" in SUFFIXES:
        pictures.append(write_image(content, name, folder))
    elif field == "json":
        try:
            found = json.loads(decode(content, name).text)
        except (ValueError, RecursionError):  # a broken record costs its labels alone
            return
        fields.update({str(key): as_text(value) for key, value in found.items()} if isinstance(found, dict) else {})
    elif len(content) < 10_000:
        try:
            fields[LABEL if field == "cls" else field] = " ".join(decode(content, name).text.split())
        except CatalogError:
            return
