"""The attributes that were taught on a catalog: how good they are, and with which weights they were taught."""

import contextlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalog import READING, TAUGHT, Catalog
from library.errors import LibraryError
from model import ModelError, reading_about
from retrieval import WEIGHTS, taught_folders

MEASURED = 20
"""Labels left out below which no figure is told."""
DAMAGED = (ModelError, OSError, TypeError, LookupError, ValueError)
"""What reading a file can raise that is no taught attribute, or not a whole one."""
FIGURES = ("map", "chance_map", "map_global")


@dataclass(frozen=True)
class Lesson:
    """A taught attribute as it is kept. weights: digest of the embeddings that it reads, '' where none is told. quality:
    `FIGURES` by labels left out, in percent, with the interval of the first (low, high);
    empty where there are too few labels."""

    name: str
    values: tuple[str, ...]
    weights: str
    taught: float
    quality: Mapping[str, float] = field(default_factory=dict)


def lessons(catalog: Catalog, home: Path) -> list[Lesson]:
    """All attributes taught on a catalog, by name; a damaged file is left out."""
    found: dict[str, Lesson] = {}
    for path in _files(catalog, home):
        with contextlib.suppress(*DAMAGED):
            lesson = _read(path)
            found.setdefault(lesson.name, lesson)
    return [found[name] for name in sorted(found)]


def forget_lesson(catalog: Catalog, home: Path, name: str) -> None:
    """Delete a taught attribute; LibraryError where there is none, or where it lies in a folder that cannot be written."""
    gone = False
    for path in _files(catalog, home):
        with contextlib.suppress(ModelError):
            if reading_about(path)[0] != name:
                continue
            try:
                path.unlink()
            except OSError as error:
                raise LibraryError(f"'{name}' cannot be deleted ({error.strerror})") from error
            gone = True
    if not gone:
        raise LibraryError(f"no attribute '{name}' was taught on '{catalog.name}'")


def lesson_files(catalog: Catalog, home: Path) -> list[Path]:
    """The files of all attributes taught on a catalog, one each; what is damaged is left out."""
    found: dict[str, Path] = {}
    for path in [*_files(catalog, home), *sorted((catalog.root / TAUGHT).glob(f"*{READING}"))]:
        with contextlib.suppress(*DAMAGED):
            found.setdefault(_read(path).name, path)
    return list(found.values())


def keep_lessons(source: Catalog, catalog: Catalog, home: Path, weights: str = "") -> list[str]:
    """Give a catalog the attributes that were taught on the one that it is made from, or that is added to it, and give their
    names. They can be searched by with the weights that they were taught with.

    weights: digest of the embeddings in use. An attribute that the catalog has of its own stays as it is, unless the one
    that comes was taught with these weights and its own was not.
    """
    files, folder = lesson_files(source, home), taught_folders(catalog, home)[-1]
    if catalog.root.resolve() == source.root.resolve():
        return [_read(path).name for path in files]
    own = {_read(path).name: path for path in lesson_files(catalog, home)}
    names = []
    for path in files:
        lesson = _read(path)
        if not _comes(path, own.get(lesson.name), weights):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / path.name)
        names.append(lesson.name)
    return names


def _comes(new: Path, own: Path | None, weights: str) -> bool:
    """Whether a lesson takes the place of a catalog's own of the same name."""
    if own is None or own.read_bytes() == new.read_bytes():
        return True
    return bool(weights) and _read(new).weights == weights != _read(own).weights


def _files(catalog: Catalog, home: Path) -> list[Path]:
    return [path for folder in reversed(taught_folders(catalog, home)) for path in sorted(folder.glob(f"*{READING}"))]


def _read(path: Path) -> Lesson:
    name, values, record = reading_about(path)
    measured = record if record.get("queries", 0) >= MEASURED else {}
    quality = {key: float(measured[key]) for key in FIGURES if isinstance(measured.get(key), int | float)}
    interval = measured.get("map_interval")
    if isinstance(interval, Mapping):
        quality |= {"low": float(interval["low"]), "high": float(interval["high"])}
    return Lesson(name, values, str(record.get(WEIGHTS, "")), path.stat().st_mtime, quality)
