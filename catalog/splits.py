"""The published split files of FashionAI, DARN and DeepFashion (RPF.md §7)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from catalog.errors import CatalogError
from catalog.text import read_text
from common.names import find_name


@dataclass(frozen=True)
class Splits:
    """One split of one dataset, as published.

    files: image paths; None where the list is not there. attributes: name → number of values, in index order.
    queries, candidates, labels: int64 (n, 3), rows (file, attribute, value), all indices from 0; None where not there.
    """

    dataset: str
    split: str
    attributes: dict[str, int]
    files: tuple[str, ...] | None
    queries: np.ndarray | None
    candidates: np.ndarray | None
    labels: np.ndarray | None

    def respelled(self, names: Iterable[str]) -> "Splits":
        """The same split with its attributes spelled as in `names` where they are the same name."""
        known = list(names)
        spelled = {find_name(name, known) or name: count for name, count in self.attributes.items()}
        return replace(self, attributes=spelled) if len(spelled) == len(self.attributes) else self

    def of(self, attribute: str) -> tuple[np.ndarray, np.ndarray]:
        """Queries and candidates of one attribute, each int64 (n, 2) with rows (file, value), in published order.

        CatalogError for an unknown attribute, or when the split has no query and candidate files.
        """
        if attribute not in self.attributes:
            raise CatalogError(f"{self.dataset} has no attribute '{attribute}'; it has: {', '.join(self.attributes)}")
        if self.queries is None or self.candidates is None:
            raise CatalogError(f"{self.dataset} has no query and candidate files for the split '{self.split}'")
        index = list(self.attributes).index(attribute)
        queries, candidates = (rows[rows[:, 1] == index][:, [0, 2]] for rows in (self.queries, self.candidates))
        return queries, candidates


def load_splits(folder: str | Path, split: str = "test", meta: str | Path | None = None) -> Splits:
    """Read `filenames_*`, `query_*`, `candidate_*` and `label_*` of a split; those that are missing become None.

    folder: that of one dataset; its name is looked up in `meta` (default: `meta.json` in it or beside it). CatalogError
    when nothing of the split is there, half of queries and candidates is, or an index is out of range.
    """
    folder = Path(folder).resolve()
    attributes = _attributes(folder, Path(meta) if meta is not None else None)
    paths = {kind: folder / f"{kind}_{split}.txt" for kind in ("filenames", "query", "candidate", "label")}
    there = {kind: path for kind, path in paths.items() if path.is_file()}
    if not there:
        raise CatalogError(f"'{folder}' holds no files of the split '{split}', such as query_{split}.txt")
    if ("query" in there) != ("candidate" in there):
        lacking = "candidate" if "query" in there else "query"
        raise CatalogError(f"'{folder}' lacks {lacking}_{split}.txt; queries and candidates go together")
    files = tuple(_lines(there["filenames"])) if "filenames" in there else None
    rows = {kind: _triples(path) for kind, path in there.items() if kind != "filenames"}
    if "label" in rows:
        rows["label"] = _from_zero(rows["label"], attributes)
    for kind, triples in rows.items():
        _check(paths[kind], triples, attributes, files)
    return Splits(folder.name, split, attributes, files, rows.get("query"), rows.get("candidate"), rows.get("label"))


def _attributes(folder: Path, meta: Path | None) -> dict[str, int]:
    tried = [meta] if meta is not None else [folder / "meta.json", folder.parent / "meta.json"]
    path = next((path for path in tried if path.is_file()), None)
    if path is None:
        raise CatalogError(f"there is no meta.json in or beside '{folder}'; it names the attributes, give its path")
    try:
        entry = json.loads(read_text(path).text)[folder.name]
        return {name: int(entry["ATTRIBUTES_NUM"][name]) for name in entry["ATTRIBUTES"]}
    except (ValueError, KeyError, TypeError) as error:
        raise CatalogError(f"'{path}' does not describe '{folder.name}' with ATTRIBUTES and ATTRIBUTES_NUM") from error


def _lines(path: Path) -> list[str]:
    return read_text(path).text.splitlines()


def _triples(path: Path) -> np.ndarray:
    """Lines `file (attribute value)+`, parted by blanks or tabs, however many → int64 (n, 3), one row a pair."""
    triples = []
    for number, line in enumerate(_lines(path), 1):
        cells = line.split()
        if not cells:
            continue
        if len(cells) < 3 or len(cells) % 2 == 0 or not all(cell.isdecimal() for cell in cells):
            raise CatalogError(
                f"'{path}', line {number}: expected numbers `file (attribute value)+`, found '{line[:60]}'"
            )
        file, *pairs = map(int, cells)
        triples += [(file, *pair) for pair in zip(pairs[::2], pairs[1::2], strict=True)]
    return np.array(triples, np.int64).reshape(-1, 3)


def _from_zero(labels: np.ndarray, attributes: dict[str, int]) -> np.ndarray:
    """DeepFashion's label files count attributes from 1, and values through all attributes: make both as in its query
    files, where each attribute's values count from 0, in the same order.
    """
    if not len(labels) or labels[:, 1].min() < 1 or labels[:, 1].max() != len(attributes):
        return labels
    out = labels.copy()
    out[:, 1] -= 1
    for index, (name, count) in enumerate(attributes.items()):
        rows = out[:, 1] == index
        values, places = np.unique(out[rows, 2], return_inverse=True)
        if len(values) != count:
            raise CatalogError(
                f"the labels name {len(values)} values of '{name}', meta.json {count}: they do not match"
            )
        out[rows, 2] = places
    return out


def _check(path: Path, rows: np.ndarray, attributes: dict[str, int], files: tuple[str, ...] | None) -> None:
    if not len(rows):
        raise CatalogError(f"'{path}' is empty; fetch it again")
    counts = np.array(list(attributes.values()))
    bad = rows[:, 1] >= len(counts)
    bad |= rows[:, 2] >= counts[np.minimum(rows[:, 1], len(counts) - 1)]
    if files is not None:
        bad |= rows[:, 0] >= len(files)
    if bad.any():
        raise CatalogError(f"'{path}' names a file, attribute or value that is not there: {rows[bad][0].tolist()}")
