"""Where weights look, and how little the background counts, as files beside the shipped reports say it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ATTENTION, SWAP = "lapel-attention/2", "lapel-swap/1"


@dataclass(frozen=True)
class Attention:
    """Shares of the attention of one attribute, 0 to 1, mean over `images` pictures with masks of pixels.

    foreground: on person and garment; foreground_area: what the same everywhere would put there. part: on what the
    attribute is about, over the `part_images` that show it, low and high its 95 % interval; part_area as before. None
    where no mask tells.
    """

    masks: str
    images: int
    foreground: float
    foreground_area: float
    part: float | None = None
    part_area: float | None = None
    low: float | None = None
    high: float | None = None
    part_images: int = 0


@dataclass(frozen=True)
class Swap:
    """Share of the first ten results that stay when the background alone changes, 0 to 1: of one attribute, of global
    similarity, and by chance, over `images` pictures. pictures: what they are of, "drawn" or the catalog of masks."""

    pictures: str
    images: int
    kept: float
    kept_global: float
    kept_chance: float


@dataclass(frozen=True)
class Foreground:
    """What was measured of one attribute; swaps: on photographs first."""

    attention: Attention | None = None
    swaps: tuple[Swap, ...] = ()


def load_foreground(folder: Path, digest: str) -> dict[str, Foreground]:
    """Attribute → what was measured of the weights with this digest; nothing for others, and for files of another format."""
    files = [_read(path) for path in sorted(folder.glob("*.json"))]
    own = [file for file in files if digest and file.get("weights", {}).get("digest") == digest]
    attention = next((file for file in own if file.get("format") == ATTENTION), None)
    swaps = sorted((file for file in own if file.get("format") == SWAP), key=lambda file: "drawn" in file)
    names = dict.fromkeys(name for file in own for name in file.get("attributes", {}))
    return {
        name: Foreground(
            _attention(attention, name) if attention is not None and name in attention["attributes"] else None,
            tuple(_swap(file, file["attributes"][name]) for file in swaps if name in file["attributes"]),
        )
        for name in names
    }


def _attention(file: Mapping[str, Any], name: str) -> Attention:
    row = file["attributes"][name]
    shown = "shown" if "shown" in row else "region"
    told: dict[str, Any] = {}
    if row.get("part_images"):
        low, high = file.get("intervals", {}).get(name, {}).get(f"part_{shown}", (None, None))
        told = {"part": row[f"part_{shown}"], "part_area": row["part_pixels"], "low": low, "high": high}
        told["part_images"] = int(row["part_images"])
    return Attention(str(file["masks"]), int(file["images"]), row[shown], row["pixels"], **told)


def _swap(file: Mapping[str, Any], row: Mapping[str, float]) -> Swap:
    pictures = "drawn" if "drawn" in file else str(file.get("masks", ""))
    return Swap(pictures, int(row["items"]), row["overlap"], row["overlap_global"], row["overlap_chance"])


def _read(path: Path) -> dict[str, Any]:
    """Nothing where a file cannot be read."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
