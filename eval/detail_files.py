"""What an evaluation kept of every query, as a file of arrays beside the report: `NAME.detail.npz`."""

import hashlib
import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from eval.detail import Asked, Detail
from eval.errors import EvalError

FORMAT = "lapel-detail/1"
MOST_BYTES = 2 * 2**30
_DAMAGE = (KeyError, IndexError, TypeError, ValueError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error)
ARRAYS = (
    "queries",
    "values",
    "hits",
    "right",
    "miss",
    "miss_rank",
    "first",
    "relevant",
    "ranked",
    "ap",
    "item_values",
    "ranks",
    "offsets",
)


def detail_path(path: str | Path) -> Path:
    """Where the detail of a report's file lies: `NAME.detail.npz` beside `NAME.json`."""
    path = Path(path)
    return path.with_name(f"{path.name.removesuffix('.json')}.detail.npz")


def to_bytes(detail: Detail) -> bytes:
    """The file's content: numpy's npz, compressed, without a pickled object."""
    head = {
        "format": FORMAT,
        "ids": detail.ids,
        "attributes": [
            {"name": name, "names": asked.names, "most_ranks": asked.most_ranks, "views": list(asked.ap_by_view)}
            for name, asked in detail.attributes.items()
        ],
    }
    arrays: dict[str, Any] = {"head": np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8)}
    if detail.groups is not None:
        arrays["groups"] = detail.groups
    for place, asked in enumerate(detail.attributes.values()):
        arrays |= {f"{place}_{name}": getattr(asked, name) for name in ARRAYS}
        arrays[f"{place}_ranks"] = np.diff(asked.ranks, prepend=np.int32(0))  # small numbers take less room
        arrays |= {f"{place}_view_{view}": ap for view, ap in enumerate(asked.ap_by_view.values())}
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def digest_of(content: bytes) -> str:
    """SHA-256 (hex)."""
    return hashlib.sha256(content).hexdigest()


def read_detail(path: Path, digest: str) -> Detail:
    """A detail whose SHA-256 is known; EvalError where the file is missing, damaged, or another's."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise EvalError(f"'{path.name}' is larger than {MOST_BYTES >> 30} GB; that is no detail of a report")
        content = path.read_bytes()
    except OSError as error:
        raise EvalError(
            f"the detail '{path.name}' cannot be read ({error.strerror or error}); evaluate again"
        ) from error
    if digest_of(content) != digest:
        raise EvalError(f"'{path.name}' does not belong to the report beside it; evaluate again")
    try:
        return _from_bytes(content)
    except _DAMAGE as error:
        raise EvalError(f"the detail '{path.name}' is damaged; evaluate again") from error


def _from_bytes(content: bytes) -> Detail:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        head = json.loads(arrays["head"].tobytes())
        if head["format"] != FORMAT:
            raise ValueError(f"the format is {head['format']}")
        ids = [str(id) for id in head["ids"]]
        found = {one["name"]: _asked(arrays, place, one) for place, one in enumerate(head["attributes"])}
        groups = arrays.get("groups")
    for asked in found.values():
        _check(asked, len(ids))
    if groups is not None and groups.shape != (len(ids),):
        raise ValueError("its groups are not of its items")
    return Detail(ids, found, groups)


def _asked(arrays: np.lib.npyio.NpzFile, place: int, head: dict[str, Any]) -> Asked:
    read = {name: arrays[f"{place}_{name}"] for name in ARRAYS}
    read["ranks"] = np.cumsum(read["ranks"], dtype=np.int32)
    return Asked(
        names=tuple(head["names"]),
        most_ranks=int(head["most_ranks"]),
        ap_by_view={view: arrays[f"{place}_view_{number}"] for number, view in enumerate(head["views"])},
        **read,
    )


def _check(asked: Asked, items: int) -> None:
    """ValueError for arrays that do not fit each other, or point at what is not there."""
    queries = len(asked.queries)
    columns = (asked.values, asked.miss, asked.miss_rank, asked.first, asked.relevant, asked.ranked, asked.ap)
    flat = all(column.shape == (queries,) for column in (asked.queries, *columns, *asked.ap_by_view.values()))
    shaped = asked.hits.shape == asked.right.shape and asked.hits.ndim == 2 and len(asked.hits) == queries
    ranked = asked.offsets.shape == (queries + 1,) and (np.diff(asked.offsets) >= 0).all()
    if not (flat and shaped and ranked and asked.offsets[-1] == len(asked.ranks) and asked.right.dtype == bool):
        raise ValueError("its arrays do not fit each other")
    places = ((asked.queries, 0, items), (asked.hits, -1, items), (asked.miss, -1, items))
    values = ((asked.values, 0, len(asked.names)), (asked.item_values, -1, len(asked.names)))
    within = all(((low <= array) & (array < high)).all() for array, low, high in (*places, *values))
    if not within or asked.item_values.shape != (items,):
        raise ValueError("it points at items or values that are not there")
