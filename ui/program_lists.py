"""What a program gets when it lists attributes, columns and items."""

from collections.abc import Mapping
from typing import Any

from catalog import MOST_VALUES, Catalog
from library import Opened
from retrieval import Term, ValueSource, written
from ui.program_search import capped
from ui.questions import MOST_ITEMS, ItemsQuestion


def attributes(opened: Opened) -> dict[str, Any]:
    """As `ui.answers.AttributesAnswer` has it."""
    catalog, examples = opened.catalog, _examples(opened.catalog)
    return {
        "attributes": [_attribute(opened, name, examples.get(name, {})) for name in opened.known_attributes],
        "columns": [_column(opened, name) for name in catalog.columns],
        "items": len(catalog),
        "notes": [],
    }


def items(opened: Opened, asked: ItemsQuestion, root: str) -> dict[str, Any]:
    """As `ui.answers.ItemsAnswer` has it."""
    catalog, limit = opened.catalog, min(asked.limit, MOST_ITEMS)
    rows = opened.columns.rows(opened.columns.resolve(asked.filters or {}))
    page = [catalog.items[row] for row in rows[asked.offset : asked.offset + limit]]
    after = asked.offset + limit
    return {
        "items": [
            {
                "id": item.id,
                "split": item.split,
                "labels": item.labels,
                "columns": item.columns,
                "image": root + opened.thumbnails.url(item),
            }
            for item in page
        ],
        "total": len(rows),
        "offset": asked.offset,
        "next": after if after < len(rows) else None,
        "notes": capped("limit", asked.limit, MOST_ITEMS),
    }


def _examples(catalog: Catalog) -> dict[str, dict[str, str]]:
    """Attribute → value → id of the first item that has it."""
    found: dict[str, dict[str, str]] = {}
    for item in catalog.items:
        for name, value in item.labels.items():
            found.setdefault(name, {}).setdefault(value, item.id)
    return found


def _attribute(opened: Opened, name: str, examples: Mapping[str, str]) -> dict[str, Any]:
    labelled = next((attribute for attribute in opened.catalog.attributes if attribute.name == name), None)
    counts = opened.columns.counts(name) if labelled is not None else {}
    values = labelled.values if labelled is not None else opened.known_attributes[name]
    embedded = name in opened.engine.attributes
    return {
        "name": name,
        "embedded": embedded,
        "labelled": sum(counts.values()),
        "values": [
            {
                "value": value,
                "items": counts.get(value, 0),
                "term": written(Term(name, ValueSource(value))) if embedded and value in examples else None,
                "example": examples.get(value),
            }
            for value in values
        ],
    }


def _column(opened: Opened, name: str) -> dict[str, Any]:
    counts = opened.columns.counts(name)
    listed = counts.most_common() if len(counts) <= MOST_VALUES else []
    return {
        "name": name,
        "distinct": len(counts),
        "values": [{"value": value, "items": count} for value, count in listed],
    }
