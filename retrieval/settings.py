"""What the environment says: LAPEL_WEIGHTS, LAPEL_DEVICE (LAPEL_HOME: `catalog.loading.default_home`)."""

import os
from pathlib import Path

_ASSETS = Path(__file__).resolve().parents[1] / "assets"
EMBEDDED_WEIGHTS = _ASSETS / "weights" / "rpf-tiny"
DEMO_CATALOG = _ASSETS / "catalog"
DEMO_TABLE = _ASSETS / "demo-table"


def weights() -> str:
    """Folder or Hub repository of the weights; `LAPEL_WEIGHTS`, by default the embedded ones."""
    return os.environ.get("LAPEL_WEIGHTS") or str(EMBEDDED_WEIGHTS)


def device() -> str:
    """`LAPEL_DEVICE`, by default auto."""
    return os.environ.get("LAPEL_DEVICE") or "auto"


def shipped_tables(catalog: str | Path) -> list[Path]:
    """The embedding table that travels with the drawn demo catalog, when that is the one given."""
    return [DEMO_TABLE] if Path(catalog).resolve() == DEMO_CATALOG else []
