"""The lists of published data sets as tables: FashionAI, DeepFashion, DARN and the split files of experiments on them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from catalog.errors import CatalogError
from catalog.splits import Splits, load_splits
from catalog.table import Row, Table

FASHIONAI = {
    "skirt_length": "invisible / short / knee / midi / ankle / floor",
    "sleeve_length": "invisible / sleeveless / cup / short / elbow / 3/4 / wrist / long / extra long",
    "coat_length": "invisible / high waist / regular / long / micro / knee / midi / ankle & floor",
    "pant_length": "invisible / short / mid / 3/4 / cropped / full",
    "collar_design": "invisible / shirt collar / peter pan / puritan / rib",
    "lapel_design": "invisible / notched / collarless / shawl / plus-size shawl",
    "neckline_design": "invisible / strapless / deep v / straight / v / square / off shoulder / round / sweetheart / "
    "one shoulder",
    "neck_design": "invisible / turtle / ruffle semi-high / low turtle / draped",
}
"""Attribute → its values in the order of the columns of a label."""
_VALUES = {name: values.split(" / ") for name, values in FASHIONAI.items()}
_MARKS = re.compile(r"^[nmy]*y[nmy]*$")
SEVERAL = "; "
TYPES = {1: "texture", 2: "fabric", 3: "shape", 4: "part", 5: "style"}
FINE_TYPES = {1: "texture", 2: "sleeve length", 3: "length", 4: "neckline", 5: "fabric", 6: "fit"}
FORMS = {"FashionAI": "fashionai", "DARN": "darn", "DeepFashion": "deepfashion"}


def of_marks(table: Table) -> Table:
    """FashionAI's `label.csv` (image, attribute, `nnyn`) as a table with a column an attribute; others as they are.

    `y` is the value, `m` one that may be meant too. Rows of one image are one row.
    """
    head = [list(row.cells.values()) for row in table.rows[:20]]
    if not head or len(table.header) != 3 or not all(_MARKS.match(cells[2]) for cells in head if cells[2]):
        return table
    if not any(cells[2] for cells in head) or not all(_attribute(cells[1]) in _VALUES for cells in head):
        return table
    lines: dict[str, int] = {}
    labels: dict[str, dict[str, list[str]]] = {}
    for row in table.rows:
        image, attribute, marks = row.cells.values()
        name = _attribute(attribute)
        lines.setdefault(image, row.line)
        values = labels.setdefault(image, {})
        if name in _VALUES and "y" in marks[: len(_VALUES[name])]:
            values[name] = [_VALUES[name][marks.index("y")]]
    return _table(table.name, lines, labels, {}, "fashionai", notes=table)


def _attribute(text: str) -> str:
    return text.removesuffix("_labels")


def read_lists(folder: Path, names: Sequence[str]) -> list[Table]:
    """The tables that the lists among some text files make; none where they are no lists of a known form.

    names: paths of the text files below the folder. CatalogError when a list is damaged.
    """
    there = set(names)
    tables = [_coarse(folder, name, there) for name in names if _last(name) == "list_attr_img.txt"]
    tables += [_fine(folder, name, there) for name in names if _last(name) == "train_attr.txt"]
    bases = dict.fromkeys(_above(name) for name in names if re.match(r"filenames_\w+\.txt$", _last(name)))
    tables += [_split_lists(folder, base, names) for base in bases]
    return [table for table in tables if table and table.rows]


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _above(name: str) -> str:
    return name.rpartition("/")[0]


def _beside(name: str, other: str) -> str:
    return f"{_above(name)}/{other}".removeprefix("/")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines from 1, stripped; read one by one, since some of these lists have a gigabyte."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from ((number, line.strip()) for number, line in enumerate(file, 1) if line.strip())
    except OSError as error:
        raise CatalogError(f"{path.name} cannot be read ({error.strerror or error})") from error


def _named_types(path: Path) -> list[tuple[str, int]]:
    """The attributes of `list_attr_cloth.txt`, or categories, with their types: a name with blanks, then a number."""
    pairs = [line.rpartition(" ") for _, line in _lines(path)][2:]
    return [(name.strip(), int(kind)) for name, _, kind in pairs if kind.isdigit()]


def _coarse(folder: Path, name: str, there: set[str]) -> Table | None:
    """DeepFashion's attribute prediction: `list_attr_img.txt` and the lists beside it."""
    if _beside(name, "list_attr_cloth.txt") not in there:
        return None
    attributes = _named_types(folder / _beside(name, "list_attr_cloth.txt"))
    kinds = FINE_TYPES if len(attributes) <= 26 else TYPES
    labels: dict[str, dict[str, list[str]]] = {}
    lines: dict[str, int] = {}
    for number, line in _skipped(_lines(folder / name), 2):
        image, _, marks = line.partition(" ")
        lines.setdefault(image, number)
        labels[image] = _marked(marks.split(), attributes, kinds)
    _categories(folder, name, there, labels)
    partition = next((other for other in sorted(there) if _last(other) == "list_eval_partition.txt"), None)
    pairs = (line.split() for _, line in _skipped(_lines(folder / partition), 2)) if partition else ()
    splits = {pair[0]: pair[-1] for pair in pairs if len(pair) == 2}
    return _table(name, lines, labels, splits, "deepfashion")


def _categories(folder: Path, name: str, there: set[str], labels: dict[str, dict[str, list[str]]]) -> None:
    names, of_images = _beside(name, "list_category_cloth.txt"), _beside(name, "list_category_img.txt")
    if not {names, of_images} <= there:
        return
    categories = [category for category, _ in _named_types(folder / names)]
    for _, line in _skipped(_lines(folder / of_images), 2):
        image, _, number = line.partition(" ")
        if image in labels and number.strip().isdigit() and 0 < int(number) <= len(categories):
            labels[image]["category"] = [categories[int(number) - 1]]


def _fine(folder: Path, name: str, there: set[str]) -> Table | None:
    """DeepFashion's finer annotations: `train.txt`, `train_attr.txt`, the same of val and test, `list_attr_cloth.txt`."""
    if _beside(name, "list_attr_cloth.txt") not in there:
        return None
    attributes = _named_types(folder / _beside(name, "list_attr_cloth.txt"))
    labels: dict[str, dict[str, list[str]]] = {}
    splits: dict[str, str] = {}
    lines: dict[str, int] = {}
    for split in ("train", "val", "test"):
        images, marks = _beside(name, f"{split}.txt"), _beside(name, f"{split}_attr.txt")
        if {images, marks} <= there:
            for (number, image), (_, line) in zip(_lines(folder / images), _lines(folder / marks), strict=False):
                splits[image] = split
                lines.setdefault(image, number)
                labels[image] = _marked(line.split(), attributes, FINE_TYPES)
    return _table(name, lines, labels, splits, "deepfashion")


def _skipped(lines: Iterable[tuple[int, str]], count: int) -> Iterator[tuple[int, str]]:
    return (line for place, line in enumerate(lines) if place >= count)


def _marked(marks: Sequence[str], attributes: Sequence[tuple[str, int]], kinds: dict[int, str]) -> dict[str, list[str]]:
    labels: dict[str, list[str]] = {}
    for (value, kind), mark in zip(attributes, marks, strict=False):
        if mark == "1" and kind in kinds:
            labels.setdefault(kinds[kind], []).append(value)
    return labels


def _split_lists(folder: Path, base: str, names: Sequence[str]) -> Table | None:
    """The split files of one data set (`catalog.splits`); None where none of them can be read."""
    labels: dict[str, dict[str, list[str]]] = {}
    splits: dict[str, str] = {}
    lines: dict[str, int] = {}
    lists = [name for name in names if _above(name) == base and _last(name).startswith("filenames_")]
    dataset = ""
    for name in sorted(lists):
        split = PurePosixPath(name).stem.removeprefix("filenames_")
        try:
            read = load_splits(folder / base, split)
        except CatalogError:
            continue
        dataset = read.dataset
        for number, image in enumerate(read.files or ()):
            lines.setdefault(image, number + 1)
            splits.setdefault(image, split)
            labels.setdefault(image, {})
        _add(read, labels)
    return _table(sorted(lists)[0], lines, labels, splits, FORMS.get(dataset, "asfr")) if dataset else None


def _add(read: Splits, labels: dict[str, dict[str, list[str]]]) -> None:
    """The labels of a split: those of its label file, else those by which its images are queries and candidates."""
    names = list(read.attributes)
    rows = [read.labels] if read.labels is not None else [read.queries, read.candidates]
    for file, attribute, value in (tuple(map(int, row)) for part in rows if part is not None for row in part):
        name = names[attribute]
        known = _VALUES.get(name, []) if read.dataset == "FashionAI" else []
        text = known[value] if value < len(known) else str(value)
        there = labels[(read.files or ())[file]].setdefault(name, [])
        if text not in there:
            there.append(text)


def _table(
    name: str,
    lines: dict[str, int],
    labels: dict[str, dict[str, list[str]]],
    splits: dict[str, str],
    form: str,
    notes: Table | None = None,
) -> Table:
    attributes = list(dict.fromkeys(attribute for found in labels.values() for attribute in found))
    rows = []
    for image, line in lines.items():
        cells = {attribute: SEVERAL.join(labels[image].get(attribute, ())) for attribute in attributes}
        split = {"split": splits.get(image, "")} if splits else {}
        rows.append(Row(line, {"image": image, **split, **cells}))
    header = ("image", *(["split"] if splits else []), *attributes)
    made = Table(name, header, tuple(rows), form=form)
    return replace(made, notes=notes.notes, left_out=notes.left_out) if notes else made
