"""Similar designs as tables: a line for each pair, and one for each member of a group."""

import csv
import io
from collections.abc import Iterator, Sequence

from catalog import Catalog
from retrieval.designs import DesignQuery, Designs

Row = dict[str, str | int | float]


def agreement(catalog: Catalog, attribute: str, ids: Sequence[str]) -> bool | None:
    """Whether the items that are labelled with an attribute have one label; None where fewer than two are labelled."""
    labels = [label for id in ids if (label := catalog.item(id).labels.get(attribute))]
    return len(set(labels)) == 1 if len(labels) > 1 else None


def pair_rows(found: Designs, catalog: Catalog) -> Iterator[Row]:
    """Best first: both items, the chance on all attributes, then of each attribute the chance, the score and both labels."""
    for rank, pair in enumerate(found.pairs, 1):
        row: Row = {"rank": rank, "one": pair.one, "other": pair.other, "chance": round(pair.chance, 4)}
        row["same picture"] = "yes" if pair.twin else ""
        for name in _named(found.query):
            row[f"{name} chance"] = pair.chances.get(name, "")
            row[f"{name} score"] = round(pair.scores[name], 4)
            for end, id in (("one", pair.one), ("other", pair.other)):
                row[f"{name} {end}"] = catalog.item(id).labels.get(name, "")
        for end, id in (("one", pair.one), ("other", pair.other)):
            row[f"image {end}"] = catalog.item(id).image
            row[f"same picture as {end}"] = " ".join(found.twins.get(id, ()))
        yield row


def group_rows(found: Designs, catalog: Catalog) -> Iterator[Row]:
    """The largest group first: each member with its labels, the least chance of any two of its group, and the items that it
    stands for."""
    for number, group in enumerate(found.groups, 1):
        for id in group.ids:
            item = catalog.item(id)
            row: Row = {"group": number, "size": len(group.ids), "id": id, "image": item.image}
            for name in _named(found.query):
                row[name] = item.labels.get(name, "")
                row[f"{name} least chance"] = group.chances.get(name, "")
            row["same picture"] = " ".join(found.twins.get(id, ()))
            yield row


def pairs_csv(found: Designs, catalog: Catalog) -> str:
    return _csv(_pair_columns(found.query), pair_rows(found, catalog))


def groups_csv(found: Designs, catalog: Catalog) -> str:
    names = [column for name in _named(found.query) for column in (name, f"{name} least chance")]
    return _csv(["group", "size", "id", "image", *names, "same picture"], group_rows(found, catalog))


def _pair_columns(query: DesignQuery) -> list[str]:
    own = [f"{name} {what}" for name in _named(query) for what in ("chance", "score", "one", "other")]
    ends = [f"{what} {end}" for end in ("one", "other") for what in ("image", "same picture as")]
    return ["rank", "one", "other", "chance", "same picture", *own, *ends]


def _named(query: DesignQuery) -> list[str]:
    return [*query.attributes, *query.differ]


def _csv(columns: Sequence[str], rows: Iterator[Row]) -> str:
    out = io.StringIO()
    table = csv.DictWriter(out, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()
