"""What programs get back: the fields of every answer with their descriptions, for OpenAPI, MCP and Gradio's API.

These models describe; answers are plain dictionaries of the same shape, so that nothing is checked twice on the way.
"""

from typing import Any, Literal

from pydantic import BaseModel, Field

NOTES = "What was understood otherwise than asked, in sentences; empty for nothing."


class Value(BaseModel):
    value: str = Field(description="The value as the catalog spells it.")
    items: int = Field(description="How many items have it.")
    term: str | None = Field(
        default=None,
        description="What asks for it in `terms` of a search; null where no item shows what it looks like.",
    )
    example: str | None = Field(default=None, description="Id of the first item that has it, to be looked at.")


class AttributeEntry(BaseModel):
    name: str = Field(description="Name to search by.")
    embedded: bool = Field(description="Whether it can be searched by now.")
    labelled: int = Field(description="How many items are labelled with it; 0 when the catalog has no such labels.")
    values: list[Value] = Field(description="Its values in order: those of the catalog, or else those of the weights.")


class ColumnEntry(BaseModel):
    name: str = Field(description="Name to filter by.")
    distinct: int = Field(description="How many different values it has.")
    values: list[Value] = Field(description="Its values, most frequent first; empty when it is free text.")


class AttributesAnswer(BaseModel):
    attributes: list[AttributeEntry] = Field(description="Attributes that the weights know.")
    columns: list[ColumnEntry] = Field(description="Columns that `filters` can name.")
    items: int = Field(description="How many items the catalog has.")
    notes: list[str] = Field(description=NOTES)


class ItemEntry(BaseModel):
    id: str = Field(description="Id of the item.")
    split: str | None = Field(description="train, valid or test; null when the catalog has no splits.")
    labels: dict[str, str] = Field(description="Attribute to value, where labelled.")
    columns: dict[str, str] = Field(description="The other columns of the catalog.")
    image: str = Field(description="Address of a thumbnail (WebP).")


class ItemsAnswer(BaseModel):
    items: list[ItemEntry] = Field(description="The items of this page, in catalog order.")
    total: int = Field(description="How many items pass the filters.")
    offset: int = Field(description="How many were passed over.")
    next: int | None = Field(description="Offset of the next page; null on the last.")
    notes: list[str] = Field(description=NOTES)


class CatalogEntry(BaseModel):
    id: str = Field(description="What `catalog` names it by.")
    name: str = Field(description="What people call it.")
    made: float = Field(description="When it was entered, in seconds since 1970.")


class CatalogsAnswer(BaseModel):
    catalogs: list[CatalogEntry] = Field(description="The catalogs, the one that the page opens with first.")
    notes: list[str] = Field(description=NOTES)


class ReportEntry(BaseModel):
    id: str = Field(description="What `report` names it by.")
    title: str = Field(description="What was measured, and on what.")
    of: Literal["catalog", "weights"] = Field(
        description="Whether this catalog was measured here, or another one, for the weights, before."
    )
    method: str = Field(description="What ranked.")
    split: str = Field(
        description="Which split of the catalog was measured; empty for all of it, or where it is not said."
    )
    items: int | None = Field(description="How many items were ranked.")
    queries: int = Field(description="How many queries were asked.")
    attributes: list[str] = Field(description="Attributes that were measured.")
    map: float = Field(description="Mean average precision over all queries, in percent.")
    interval: list[float] | None = Field(description="Where it lies with 95 %, low and high; null where not computed.")
    chance: float = Field(description="What a ranking by lot reaches.")
    p12: float | None = Field(description="Share of the first 12 that is right, in percent; null in old reports.")
    baseline: float | None = Field(
        description="What global similarity reaches on the same queries (map); null where it was not measured."
    )
    baseline_report: str | None = Field(description="Id of the report of global similarity.")


class ReportsAnswer(BaseModel):
    reports: list[ReportEntry] = Field(
        description="Reports of the catalog, the newest first, then those of the weights."
    )
    report: dict[str, Any] | None = Field(
        description="The report that was named, whole: `overall` has the figures over all queries, `attributes` those of "
        "each attribute with its values, in percent; without what single queries reached."
    )
    notes: list[str] = Field(description=NOTES)


class HealthAnswer(BaseModel):
    status: Literal["ready", "starting", "failed"] = Field(description="Whether searches are answered.")
    items: int = Field(description="How many items the catalog has.")
    done: int = Field(description="While starting: items embedded so far.")


class ErrorAnswer(BaseModel):
    error: str = Field(description="What is wrong and what to do, in one sentence.")


def flat_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a model with its definitions put where they are used: some callers do not follow `$ref`."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})

    def put(node: Any) -> Any:
        if isinstance(node, list):
            return [put(part) for part in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return put(
                {**definitions[node["$ref"].rpartition("/")[2]], **{k: v for k, v in node.items() if k != "$ref"}}
            )
        return {name: put(part) for name, part in node.items() if name != "title" or not isinstance(part, str)}

    result: dict[str, Any] = put(schema)
    return result
