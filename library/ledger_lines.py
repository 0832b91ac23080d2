"""Lines of a file that several processes add to: each written in one piece, and what a killed one had begun cut away."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from catalog import Item


def write_lines(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    """Add lines at the end, on the disk when this returns; whoever calls holds the lock of the file."""
    if not lines:
        return
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    with path.open("ab") as file:
        if file.tell() and not _ends_whole(path):
            file.truncate(_whole(path))  # what a killed process had begun
        file.write(text.encode("utf-8", "surrogatepass"))
        file.flush()
        os.fsync(file.fileno())


def lines_from(path: Path, start: int) -> tuple[list[dict[str, Any]], int]:
    """The whole lines from a place in bytes on, and how many bytes they take."""
    with path.open("rb") as file:
        file.seek(start)
        block = file.read()
    whole = block[: block.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.decode("utf-8", "surrogatepass").split("\n")[:-1]], len(whole)


def item_line(item: Item) -> dict[str, Any]:
    """An item as a line has it: what is empty is left out."""
    return {name: value for name, value in asdict(item).items() if value or name in ("id", "image")}


def item_of(stored: Mapping[str, Any]) -> Item:
    """The item of a line."""
    return Item(**{**stored, "more": tuple(stored.get("more", ()))})


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _whole(path: Path) -> int:
    """Bytes up to the end of the last whole line."""
    return path.read_bytes().rfind(b"\n") + 1
