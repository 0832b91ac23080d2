"""JSON lines, Excel sheets and Parquet files as rows of text."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any

from catalog.errors import CatalogError
from catalog.notes import Note, few
from catalog.raw import Raw, Record

MOST_ROWS = 5_000_000
SEPARATOR = "; "


def as_text(value: Any) -> str:
    """A cell as text: '' for none, `true` and `false`, lists with semicolons, whole numbers without a point."""
    if value is None or value != value:  # NaN is not itself
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bytes):
        return f"({len(value):,} bytes)"
    if isinstance(value, list | tuple):
        if all(item is None or isinstance(item, str | int | float) for item in value):
            return SEPARATOR.join(as_text(item) for item in value)
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, Mapping):
        path = value.get("path")
        return path if isinstance(path, str) else json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value).strip()


def read_jsonl(text: str) -> Raw:
    """One JSON object a line, or one JSON document: an array of objects, alone or within an object, or an object of
    objects, of which the keys are ids. Lines that are no objects are faults of the kind `json`.
    """
    try:
        return _from_objects(*_within(json.loads(text)))
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("["):
            raise CatalogError(f"the table is not JSON ({few([error])}); mend it") from error
    rows, faults = [], []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip():
            continue
        row = _object(line)
        if row is None:
            faults.append((number, "json"))
        else:
            rows.append((number, row))
    return _from_objects(rows, faults)


def _within(document: Any) -> tuple[list[tuple[int, dict[str, Any]]], list[tuple[int, str]]]:
    """The objects of a JSON document that are rows, numbered, and the faults."""
    rows = document
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list) and value]
        if document and all(isinstance(value, dict) for value in document.values()):
            rows = [{"id": id, **row} for id, row in document.items()]
        elif len(lists) == 1 and "file_name" not in document and all(isinstance(row, dict) for row in lists[0]):
            rows = lists[0]
        else:
            rows = [document]
    numbered = list(enumerate(rows if isinstance(rows, list) else [], 1))
    good = [(line, row) for line, row in numbered if isinstance(row, dict)]
    return good, [(line, "json") for line, row in numbered if not isinstance(row, dict)]


def _object(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _from_objects(rows: list[tuple[int, dict[str, Any]]], faults: list[tuple[int, str]]) -> Raw:
    header = list(dict.fromkeys(name for _, row in rows for name in row))
    records = [Record(line, [as_text(row.get(name)) for name in header]) for line, row in rows]
    return Raw([name.strip() for name in header], records, faults)


def read_xlsx(path: Path) -> Raw:
    """The first sheet of an Excel file that holds anything, its first filled row as the header."""
    import pandas as pd

    try:
        sheets = pd.read_excel(path, sheet_name=None, header=None, dtype=object, keep_default_na=False)
    except Exception as error:  # a damaged or encrypted file raises whatever its reader stumbles on
        raise CatalogError(f"{path.name} is not a sound .xlsx file; save it again, without a password") from error
    filled = {str(name): sheet for name, sheet in sheets.items() if not sheet.empty}
    raw = Raw()
    for sheet in list(filled.values())[:1]:
        for line, values in enumerate(sheet.itertuples(index=False, name=None), 1):
            cells = [as_text(value) for value in values]
            if any(cells) and raw.header:
                raw.records.append(Record(line, cells))
            elif any(cells):
                raw.header = cells
    first, *others = filled or [""]
    if others:
        raw.notes.append(Note("sheets", {"table": path.name, "sheet": first, "others": few(others)}))
    return raw


def read_parquet(path: Path) -> Raw:
    """The columns of a Parquet file as text, ClassLabels of the Hub by their names."""
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        if file.metadata.num_rows > MOST_ROWS:
            raise CatalogError(f"{path.name} has more than {MOST_ROWS:,} rows; split it")
        names = class_names(file.schema_arrow.metadata)
        columns = {
            name: texts(column.to_pylist(), names.get(name))
            for name, column in zip(file.schema_arrow.names, file.read().columns, strict=True)
        }
    except CatalogError:
        raise
    except Exception as error:  # pyarrow raises its own kinds, and OSError
        raise CatalogError(f"{path.name} is not a sound Parquet file ({few([error])}); fetch it again") from error
    rows = zip(*columns.values(), strict=True)
    return Raw(list(columns), [Record(number, list(cells)) for number, cells in enumerate(rows, 1)])


def texts(values: Iterable[Any], names: list[str] | None) -> list[str]:
    """Cells of a column; names: those of its classes, where its numbers stand for classes."""
    if names is None:
        return [as_text(value) for value in values]
    return [
        names[value]
        if isinstance(value, int) and 0 <= value < len(names)
        else ""
        if value in (None, -1)
        else str(value)
        for value in values
    ]


def class_names(metadata: Mapping[bytes, bytes] | None) -> dict[str, list[str]]:
    """Column → names of its classes, as the Hub's datasets write them into the schema."""
    features = hub_features(metadata)
    return {
        name: [str(value) for value in feature["names"]]
        for name, feature in features.items()
        if isinstance(feature, dict) and feature.get("_type") == "ClassLabel" and isinstance(feature.get("names"), list)
    }


def hub_features(metadata: Mapping[bytes, bytes] | None) -> dict[str, Any]:
    """The `features` of a dataset of the Hub, from the metadata of a Parquet schema; {} where there are none."""
    try:
        features = json.loads((metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
    except (ValueError, KeyError, TypeError):
        return {}
    return features if isinstance(features, dict) else {}
