"""A catalog written out whole, with its pictures: as a zip, or as a data set for the Hugging Face Hub."""

import csv
import hashlib
import io
import json
import re
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from catalog.errors import CatalogError
from catalog.files import in_one_cell
from catalog.folders import TAUGHT, name_fault
from catalog.items import Catalog, Item
from catalog.layout import VALUES
from catalog.mend import CSV, clean_table, clean_values
from catalog.notes import few
from catalog.vocabulary import SPLITS, known_split
from common.files import replacing

Progress = Callable[[int, int], object]
"""Called with files written and files in all; an exception of it ends the export, and nothing is left of it."""
README, METADATA = "README.md", "metadata.jsonl"
UNSPLIT, MORE = "unsplit", "more"
_UNSAFE = re.compile(r'[\x00-\x1f<>:"\\|?*]')
_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_LONGEST = 120


@dataclass(frozen=True)
class Written:
    """What an export consists of: texts by path, the files of the catalog as (path there, path in the export), and others by
    their path in the export."""

    texts: dict[str, str]
    files: Sequence[tuple[str, str]]
    others: Mapping[str, Path] = field(default_factory=dict)


def export_zip(catalog: Catalog, path: Path, progress: Progress | None = None, taught: Sequence[Path] = ()) -> Path:
    """Write `catalog.csv`, `attributes.json`, the pictures of all items and their masks into a zip, in one step, with the
    files of its taught attributes in `taught/`. The table begins with the mark by which Excel knows UTF-8.

    `load_catalog` gives the same items and attributes of it, but for columns that say the id once more. Pictures keep their
    paths, but for names that some systems refuse. Nothing is compressed, since pictures are already, and nothing held in
    memory. CatalogError where a picture is not there, or the zip cannot be written.
    """
    catalog = _with_one_id(catalog)
    names = safe_names(_files(catalog))
    safe = replace(catalog, items=tuple(_renamed(item, names, names) for item in catalog))
    texts = {CSV: f"\ufeff{clean_table(safe)}", VALUES: clean_values(safe)}
    lessons = {f"{TAUGHT}/{file.name}": file for file in taught}
    return _write(catalog, Written(texts, list(names.items()), lessons), path, progress)


def export_hub(catalog: Catalog, path: Path, progress: Progress | None = None) -> Path:
    """Write a data set in the ImageFolder layout of the Hub: a folder a split, with its pictures and `metadata.jsonl`.

    path: a new or empty folder, or a zip by its suffix. Items without a split lie in `unsplit/`, further pictures of an
    item in `more/`. The card (`README.md`) counts what is there and asks for the licence, which nobody but the owner
    of the pictures knows. `load_catalog` gives the same items of it, split after split, but for the folders of their
    pictures; errors as for `export_zip`.
    """
    catalog = _with_one_id(catalog)
    folders = [_folder(item.split) for item in catalog]
    places = _places(dict.fromkeys((folder, item.image) for folder, item in zip(folders, catalog, strict=True)))
    further = {name: f"{MORE}/{name}" for item in catalog for name in item.more}
    masks = dict.fromkeys(_masks(catalog))
    safe = safe_names([*places.values(), *further.values(), *masks])
    more = {name: safe[place] for name, place in further.items()}
    items = [
        _renamed(item, {**more, item.image: safe[places[folder, item.image]]}, safe)
        for folder, item in zip(folders, catalog, strict=True)
    ]
    texts = {README: hub_card(catalog), VALUES: clean_values(catalog)}
    texts |= _metadata(replace(catalog, items=tuple(items)), folders)
    files = [(image, safe[place]) for (_, image), place in places.items()]
    files += [*more.items(), *((mask, safe[mask]) for mask in masks)]
    return _write(catalog, Written(texts, files), path, progress)


def hub_card(catalog: Catalog) -> str:
    """README.md of a data set: its splits for `datasets`, what is labelled, and the licence as a question."""
    folders = Counter(_folder(item.split) for item in catalog)
    head = ["---", f"pretty_name: {json.dumps(catalog.name, ensure_ascii=False)}"]
    head += ["# license: name the licence of the pictures here, such as cc-by-4.0"]
    head += ["task_categories:", "- image-feature-extraction", "configs:", "- config_name: default", "  data_files:"]
    for folder in folders:
        head += [f"  - split: {_split_name(folder)}", f"    path: {json.dumps(f'{folder}/**', ensure_ascii=False)}"]
    body = [
        f"# {catalog.name}",
        "",
        f"{len(catalog):,} items of a fashion catalogue.",
        "",
        "| split | items |",
        "| --- | ---: |",
    ]
    body += [f"| {folder} | {count:,} |" for folder, count in folders.items()]
    if catalog.attributes:
        body += ["", "| attribute | labelled | values |", "| --- | ---: | --- |"]
    for attribute in catalog.attributes:
        counts = Counter(item.labels[attribute.name] for item in catalog if attribute.name in item.labels)
        values = few((f"{value} {counts[value]:,}" for value in attribute.values), 40)
        body += [f"| {_in_table(attribute.name)} | {sum(counts.values()):,} | {_in_table(values)} |"]
    body += ["", "## Licence", "", "To be named by the owner of the pictures, above as `license:` and here in words."]
    body += [
        "",
        "## Reading it",
        "",
        f"Each folder has a `{METADATA}`: `file_name`, `id`, labels and other columns. A blank",
    ]
    body += [f"label is unknown. `{MORE}` names further pictures of an item. Lapel opens the folder as it is."]
    return "\n".join([*head, "---", "", *body, ""])


def safe_names(paths: Iterable[str]) -> dict[str, str]:
    """Path below a catalog → path in an export: the same, but for what some system refuses, hides, or holds for another.

    What is changed gets a mark of its own text, so that no two become one. CatalogError for a path that leads out.
    """
    paths = list(dict.fromkeys(paths))
    folded = Counter(path.casefold() for path in paths)
    return {path: path if _is_safe(path) and folded[path.casefold()] == 1 else _made_safe(path) for path in paths}


def _is_safe(path: str) -> bool:
    parts = path.split("/")
    if path.startswith("/") or ".." in parts:
        raise CatalogError(f"the picture '{path}' lies outside of its catalog; import the catalog again")
    return all(
        part and part == part.strip().rstrip(".") and len(part) <= _LONGEST and not name_fault(part)
        and not _UNSAFE.search(part) and not _WINDOWS.match(part)
        for part in parts
    )  # fmt: skip


def _made_safe(path: str) -> str:
    mark = hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    parts = [_UNSAFE.sub("_", part.encode("utf-8", "replace").decode()).strip().strip(".") for part in path.split("/")]
    parts = [f"_{part}" if name_fault(part) or _WINDOWS.match(part) else part for part in parts if part]
    file = PurePosixPath(parts[-1] if parts else "picture")
    stem = file.stem[: _LONGEST - len(mark) - len(file.suffix) - 1]
    return "/".join([*(part[:_LONGEST].strip() for part in parts[:-1]), f"{stem}-{mark}{file.suffix}"])


def _with_one_id(catalog: Catalog) -> Catalog:
    """Without the columns that only say the id again, under the name that it had in a table of old."""
    names = {name for item in catalog for name in item.columns}
    again = {name for name in names if all(item.columns.get(name) == item.id for item in catalog)}
    if not again:
        return catalog
    columns = [{name: text for name, text in item.columns.items() if name not in again} for item in catalog]
    return replace(catalog, items=tuple(replace(item, columns=own) for item, own in zip(catalog, columns, strict=True)))


def _renamed(item: Item, pictures: dict[str, str], masks: dict[str, str]) -> Item:
    mask = item.columns.get("mask", "")
    columns = {**item.columns, "mask": masks[mask]} if mask in masks else item.columns
    more = tuple(pictures[name] for name in item.more)
    return replace(item, image=pictures[item.image], more=more, columns=columns)


def _files(catalog: Catalog) -> list[str]:
    return [*(picture for item in catalog for picture in item.pictures), *_masks(catalog)]


def _masks(catalog: Catalog) -> list[str]:
    masks = dict.fromkeys(item.columns.get("mask", "") for item in catalog)
    return [mask for mask in masks if mask and (catalog.root / mask).is_file()]


def _folder(split: str | None) -> str:
    """Folder of a split, by a name that `datasets` takes for one."""
    if split is None or split in SPLITS:
        return split or UNSPLIT
    return (
        f"split-{re.sub(r'[^a-z0-9]+', '-', split.lower()).strip('-')}-{hashlib.sha256(split.encode()).hexdigest()[:6]}"
    )


def _split_name(folder: str) -> str:
    return "validation" if folder == "valid" else folder.replace("-", "_")


def _places(pictures: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(folder, picture) → its path in the data set: without folders that name the split, where that mixes up no two."""
    full = {(folder, image): f"{folder}/{image}" for folder, image in pictures}
    short = {key: f"{key[0]}/{_below(key[1])}" for key in full}
    return short if len(set(short.values())) == len(short) else full


def _below(image: str) -> str:
    *folders, name = image.split("/")
    return "/".join([*(part for part in folders if known_split(part) is None), name])


def _metadata(catalog: Catalog, folders: Sequence[str]) -> dict[str, str]:
    """`metadata.jsonl` of each folder, all with the same columns. Pictures stand in it as they lie from there.

    No `metadata.csv`: of that, `datasets` guesses the columns of each folder anew, takes `007` for 7 and one that is blank
    in a folder for numbers, and then refuses the whole.
    """
    header, *rows = csv.reader(io.StringIO(clean_table(catalog)))
    lines: dict[str, list[str]] = {}
    for folder, item, row in zip(folders, catalog, rows, strict=True):
        about = {name: cell for name, cell in zip(header, row, strict=True) if name not in ("id", "image", "file_name")}
        own = {"file_name": item.image.removeprefix(f"{folder}/"), "id": item.id}
        more = {MORE: in_one_cell(f"../{name}" for name in item.more)} if MORE in header else {}
        lines.setdefault(folder, []).append(json.dumps({**own, **about, **more}, ensure_ascii=False) + "\n")
    return {f"{folder}/{METADATA}": "".join(own) for folder, own in lines.items()}


def _in_table(text: str) -> str:
    return text.replace("|", "\\|")


def _write(catalog: Catalog, written: Written, path: Path, progress: Progress | None) -> Path:
    lost = [name for name, _ in written.files if not (catalog.root / name).is_file()]
    if lost:
        raise CatalogError(f"{len(lost):,} pictures are not there any more ({few(lost, 3)}); remove their items first")
    zipped = path.suffix.lower() == ".zip"
    if path.is_dir() and (zipped or any(path.iterdir())):
        raise CatalogError(f"'{path}' is not empty; name a new one")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        (_zipped if zipped else _in_folder)(catalog, written, path, progress)
    except OSError as error:
        raise CatalogError(f"'{path}' cannot be written ({error.strerror or error})") from error
    return path


def _zipped(catalog: Catalog, written: Written, path: Path, progress: Progress | None) -> None:
    with replacing(path) as new, zipfile.ZipFile(new, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
        for name, text in written.texts.items():
            archive.writestr(name, text)
        for name, file in written.others.items():
            archive.write(file, name)
        for done, (source, target) in enumerate(written.files, 1):
            archive.write(catalog.root / source, target)
            if progress:
                progress(done, len(written.files))


def _in_folder(catalog: Catalog, written: Written, path: Path, progress: Progress | None) -> None:
    beside = Path(tempfile.mkdtemp(prefix=".exporting-", dir=path.parent))
    try:
        beside.chmod(0o755)
        for done, (source, target) in enumerate(written.files, 1):
            (beside / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(catalog.root / source, beside / target)
            if progress:
                progress(done, len(written.files))
        for name, text in written.texts.items():
            (beside / name).parent.mkdir(parents=True, exist_ok=True)
            (beside / name).write_text(text, "utf-8", newline="\n")
        beside.replace(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
