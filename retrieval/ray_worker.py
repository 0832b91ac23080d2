"""What runs in Ray's workers: a copy of the network, which embeds parts of a plan as `LocalExecutor` does.

Rows go there and come back as plain values, so that nodes need no more in common than this code.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image

from catalog import CatalogError, ImageLimits, open_image
from model import RPF, Column, Config
from retrieval.batches import LARGEST
from retrieval.embedder import MANY, Embedder
from retrieval.errors import RetrievalError
from retrieval.interfaces import slices
from retrieval.plan import File, LocalExecutor, Outcome, Part

Row = dict[str, Any]
MOST = ImageLimits().bytes + 1
"""Bytes of a file that are read: one more than `open_image` takes."""


@dataclass(frozen=True)
class Recipe:
    """An embedder as it is sent: configuration and weights as they are, device by name, pictures a pass (None: what suits the
    device), and the digest that it has to have."""

    config: dict[str, Any]
    weights: dict[str, np.ndarray]
    device: str
    precision: str
    batch_size: int | None
    digest: str

    @classmethod
    def of(cls, embedder: Embedder, device: str) -> "Recipe":
        """On the kind of device that the embedder is on it computes as that does, on another as suits it."""
        network, same = embedder.model, embedder.device.type == device
        weights = {name: value.detach().cpu().numpy() for name, value in network.state_dict().items()}
        precision = embedder.precision if same else "auto"
        batch = embedder.batch_size if same and embedder.batch_size != MANY else None
        return cls(asdict(network.config), weights, device, precision, batch, embedder.digest)

    def embedder(self) -> Embedder:
        """RetrievalError where this machine's code or libraries make something else of it."""
        network = RPF(Config(**self.config))
        network.load_state_dict({name: torch.tensor(value) for name, value in self.weights.items()})
        found = Embedder(network.float(), self.device, self.batch_size, self.precision)
        if found.digest != self.digest:
            raise RetrievalError("a worker has other weights than it was sent; install the same version on every node")
        return found


@dataclass(frozen=True)
class Answer:
    """What came of a part. unseen: slots whose files a node does not have as the catalog's machine has them. node: its address."""

    number: int
    outcome: Outcome
    unseen: list[int]
    node: str


def row_of(number: int, part: Part, files: Sequence[File]) -> Row:
    """A part as it is sent; files: those of its slots."""
    work = {
        "columns": part.columns,
        "slots": part.slots,
        "files": [(str(file.path), file.name, file.digest) for file in files],
    }
    return {"part": number, "work": json.dumps(work)}


def reading(most: int = MOST) -> Callable[[Row], Row]:
    """What adds to a row the bytes of its files, `most` at most of each; none of one that cannot be read. It is sent as it stands, so
    that who reads need not load the network's libraries."""

    def content(path: str) -> bytes:
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - no names of this module
                return file.read(most)
        except (OSError, ValueError):
            return b""

    def with_contents(row: Row) -> Row:
        import json

        return row | {"contents": [content(path) for path, _, _ in json.loads(row["work"])["files"]]}

    return with_contents


def answer_of(row: Mapping[str, Any], part: Part, widths: Mapping[Column, int]) -> Answer:
    """What a worker's row says about a part. widths: of its columns."""
    opened, total = json.loads(row["opened"]), sum(widths[column] for column in part.columns)
    vectors = np.frombuffer(row["vectors"], np.float16).reshape(len(opened), total)
    by_column = {column: vectors[:, place] for column, place in slices(part.columns, widths).items()}
    unreadable = {int(slot): str(reason) for slot, reason in json.loads(row["unreadable"])}
    outcome = Outcome([(opened, by_column)], unreadable)
    return Answer(int(row["part"]), outcome, json.loads(row["unseen"]), str(row["node"]))


class Worker:
    """Holds the network on a node; called with a row of `row_of`, it gives one for `answer_of`."""

    def __init__(self, recipe: Any, cpus: int) -> None:
        """recipe: Ray's reference to a `Recipe`. cpus: threads to compute with."""
        import ray

        torch.set_num_threads(cpus)
        self._local = LocalExecutor(ray.get(recipe).embedder())
        self._node = ray.util.get_node_ip_address()

    def __call__(self, row: Row) -> Row:
        return embedded(row, self._local, self._node)


def embedded(row: Row, local: LocalExecutor, node: str) -> Row:
    """What a worker makes of a row of `row_of`, with contents or without."""
    work = json.loads(row["work"])
    part = Part(tuple(Column(*column) for column in work["columns"]), tuple(work["slots"]))
    files = dict(zip(part.slots, work["files"], strict=True))
    contents = dict(zip(part.slots, (row if "contents" in row else reading()(row))["contents"], strict=True))
    unseen: list[int] = []

    def picture(slot: int) -> Image.Image:
        _, name, digest = files[slot]
        content = contents.pop(slot)
        if hashlib.sha256(content).hexdigest()[: len(digest)] != digest:
            unseen.append(slot)
            raise CatalogError("not the file that it was")
        return open_image(content, name=name, enough=LARGEST)

    (outcome,) = local.run([part], picture, lambda done: None)
    ((opened, vectors),) = outcome.vectors
    unreadable = [(slot, reason) for slot, reason in outcome.unreadable.items() if slot not in unseen]
    return {
        "part": row["part"],
        "opened": json.dumps(opened),
        "vectors": np.concatenate([vectors[column] for column in part.columns], 1).tobytes(),
        "unreadable": json.dumps(unreadable),
        "unseen": json.dumps(unseen),
        "node": node,
    }
