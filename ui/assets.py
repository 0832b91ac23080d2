"""What ships with the app, by its place."""

from pathlib import Path

ASSETS = Path(__file__).resolve().parent.parent / "assets"
EMBEDDED_WEIGHTS = ASSETS / "weights" / "rpf-tiny"
DEMO_CATALOG = ASSETS / "catalog"
DEMO_TABLE = ASSETS / "demo-table"
REPORTS = ASSETS / "reports"
