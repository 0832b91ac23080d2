"""What the environment says; no other file reads it. A variable that is set but empty counts as not set."""

import os
from pathlib import Path

from common.assets import EMBEDDED_WEIGHTS


def home() -> Path:
    """`LAPEL_HOME`: the one folder of app and commands for what an installation keeps; by default `~/.lapel`."""
    return Path(os.environ.get("LAPEL_HOME") or Path.home() / ".lapel").expanduser()


def weights() -> str:
    """`LAPEL_WEIGHTS`: folder or Hub repository `owner/name[@revision]`; by default the embedded weights."""
    return asked_weights() or str(EMBEDDED_WEIGHTS)


def asked_weights() -> str | None:
    """`LAPEL_WEIGHTS` where somebody has set it."""
    return os.environ.get("LAPEL_WEIGHTS") or None


def catalog() -> str | None:
    """`LAPEL_CATALOG`: folder, zip or Hub dataset, where somebody has set it."""
    return os.environ.get("LAPEL_CATALOG") or None


def device() -> str:
    """`LAPEL_DEVICE`: auto, cuda, mps or cpu; by default auto."""
    return os.environ.get("LAPEL_DEVICE") or "auto"


def embed_on_request() -> bool:
    """`LAPEL_EMBED_ON_REQUEST`: whether a program's search may have the catalog embedded; by default not."""
    return os.environ.get("LAPEL_EMBED_ON_REQUEST", "").strip().lower() in ("1", "true", "yes", "on")


def on_spaces() -> bool:
    """Whether this is a Hugging Face Space."""
    return "SPACE_ID" in os.environ


def mend() -> bool:
    """`LAPEL_MEND`: whether catalogs are opened with their labels put right; by default not."""
    return os.environ.get("LAPEL_MEND", "").lower() in ("1", "true", "yes", "on")


def zero_gpu() -> bool:
    """Whether this is a ZeroGPU Space, as its package `spaces` tells: a GPU is lent to decorated functions alone."""
    return os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")


def host() -> str:
    """`GRADIO_SERVER_NAME`, the address to listen on: by default this machine alone, every address on a Space."""
    return os.environ.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if on_spaces() else "127.0.0.1")


def port() -> int:
    """`GRADIO_SERVER_PORT`; by default 7860."""
    return int(os.environ.get("GRADIO_SERVER_PORT") or 7860)


def public() -> bool:
    """`LAPEL_PUBLIC`: whether strangers are served, each with what is his alone; by default on a Space."""
    asked = os.environ.get("LAPEL_PUBLIC", "").strip().lower()
    return asked in ("1", "true", "yes", "on") if asked else on_spaces()


def usage_log() -> bool:
    """`LAPEL_USAGE_LOG`: whether kinds of searches, clicks and times are written down, without pictures or visitors; by default
    not."""
    return os.environ.get("LAPEL_USAGE_LOG", "").strip().lower() in ("1", "true", "yes", "on")


def admin_token() -> str | None:
    """`LAPEL_ADMIN_TOKEN`: who has it may change what belongs to the host of a public server; None: nobody may."""
    return os.environ.get("LAPEL_ADMIN_TOKEN") or None


def ray_address() -> str | None:
    """`RAY_ADDRESS`: a node of a Ray cluster, `host:port`, where somebody has set it."""
    return os.environ.get("RAY_ADDRESS") or None


def quiet_ray() -> None:
    """Keep Ray from sending statistics of use and from warning of what is so on purpose, unless somebody asked for it. Before
    `ray` is imported."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
