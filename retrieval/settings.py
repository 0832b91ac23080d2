"""What the environment says: LAPEL_HOME, LAPEL_WEIGHTS, LAPEL_DEVICE."""

import os
from pathlib import Path

EMBEDDED_WEIGHTS = Path(__file__).resolve().parents[1] / "assets" / "weights" / "rpf-tiny"


def home() -> Path:
    """Folder of caches and imported catalogs; `LAPEL_HOME`, by default `~/.cache/lapel`."""
    return Path(os.environ.get("LAPEL_HOME") or Path.home() / ".cache" / "lapel").expanduser()


def weights() -> str:
    """Folder or Hub repository of the weights; `LAPEL_WEIGHTS`, by default the embedded ones."""
    return os.environ.get("LAPEL_WEIGHTS") or str(EMBEDDED_WEIGHTS)


def device() -> str:
    """`LAPEL_DEVICE`, by default auto."""
    return os.environ.get("LAPEL_DEVICE") or "auto"
