"""Whether a kept sheet still tells of the catalog and the weights that there are."""

from typing import TYPE_CHECKING, Literal

from library.measuring import honest
from library.poc.sheet import SCHEMA, Sheet
from retrieval import RetrievalError

if TYPE_CHECKING:
    from library.library import Library

Changed = Literal["", "catalog", "weights", "lapel"]


def changed_since(library: "Library", id: str, sheet: Sheet) -> Changed:
    """What is another than when a catalog's sheet was measured, "" for nothing; "lapel": it was measured by an earlier
    version, which counted otherwise. Weights that are still being loaded count as the same. UnknownCatalog."""
    ledger = library.ledger(id)
    if honest(ledger.catalog, ledger.given).digest != sheet.digest:
        return "catalog"
    if sheet.schema < SCHEMA:
        return "lapel"
    try:
        used = library.weights.embedder.weights_digest
    except RetrievalError:
        return ""
    return "" if used == sheet.licence.digest else "weights"
