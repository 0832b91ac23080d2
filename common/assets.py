"""Where the files lie that travel with the code."""

from pathlib import Path

ASSETS = Path(__file__).resolve().parents[1] / "assets"
DEMO_CATALOG = ASSETS / "catalog"
DEMO_TABLE = ASSETS / "demo-table"
EMBEDDED_WEIGHTS = ASSETS / "weights" / "rpf-tiny"
REPORTS = ASSETS / "reports"
PRICES = ASSETS / "poc" / "prices.json"
