"""Embeds a catalog through Ray Data: on the cores of this machine, or on those and the GPUs of a cluster.

A part of the plan is a row. Actors that hold the network turn it into vectors, in the batches that this process would have
had, so that who embeds makes no difference. Ray starts a worker again that was killed; where a node is lost, what is missing is
given to the others.
"""

import importlib.util
import itertools
import logging
import os
import socket
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import catalog
import common
import model
from catalog import CatalogError
from common import environment
from retrieval.embedder import MANY, Embedder
from retrieval.errors import RetrievalError
from retrieval.interfaces import Picture
from retrieval.plan import File, Outcome, Part
from retrieval.ray_worker import Answer, Recipe, Worker, answer_of, reading, row_of

KEEP = 2.0
"""Seconds for which what comes is gathered, since keeping it takes longer the larger the catalog is."""
ROUND = 4096
"""Segments after which it is looked again what is missing."""
IN_FLIGHT = 2
"""Parts that a worker has at once: one waits, with its pictures, while the other is embedded."""
READERS = 4
"""Processes, at most, that read pictures on this machine to send them."""
REACH = 5.0
"""Seconds within which a cluster has to answer."""
TRIES = 3
"""Times, one after the other, that workers may be lost without anything done."""
MOST_CPUS = 4
"""CPUs of a worker, unless others are asked for: the network gains little from more."""
STORE = 512 * 2**20
"""Bytes of shared memory of a Ray that runs on this machine only."""

_log = logging.getLogger("lapel.retrieval")


@dataclass(frozen=True)
class RayOptions:
    """address: `host:port` of a cluster; None: this machine. workers: how many at most; None: as many as there is room for. cpus:
    of each; None: `MOST_CPUS`, or all of the smallest node. shared: pictures lie under the same path on every node, and need not be
    sent. device: of the workers; auto: a GPU each where nodes have some."""

    address: str | None = None
    workers: int | None = None
    cpus: int | None = None
    shared: bool = False
    device: str = "auto"


class RayExecutor:
    """Embeds parts of a plan on Ray (`plan.Executor`). A context: what it has started ends with it."""

    segments = ROUND

    def __init__(self, embedder: Embedder, options: RayOptions = RayOptions()) -> None:
        """RetrievalError where Ray is not installed, or an option is wrong. Nothing is started before there is work."""
        if importlib.util.find_spec("ray") is None:
            raise RetrievalError("Ray is not installed: make scale, or pip install -r requirements-scale.txt")
        if min(options.workers or 1, options.cpus or 1) < 1:
            raise RetrievalError("Ray needs at least 1 worker with at least 1 CPU")
        self._embedder, self._options = embedder, options
        self._recipe: Any = None
        self._gpus = False

    def __enter__(self) -> "RayExecutor":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def batch_size(self) -> int:
        """Pictures that the workers like to have at once."""
        self._start()
        elsewhere = self._gpus and self._embedder.device.type != "cuda"
        return MANY if elsewhere else self._embedder.batch_size

    def close(self) -> None:
        """Leave the cluster; what was started on this machine is ended."""
        if self._recipe is not None:
            import ray

            self._recipe = None
            ray.shutdown()

    def run(
        self,
        parts: Sequence[Part],
        picture: Callable[..., Picture],
        progress: Callable[[int], None],
        file: Callable[[int], File],
    ) -> Iterator[Outcome]:
        """See `plan.Executor`. RetrievalError when the cluster cannot be used, a worker cannot work, or a node has other files."""
        self._start()
        todo, done = dict(enumerate(parts)), 0
        held, since = Outcome(), time.monotonic()
        try:
            for answer in self._answers(todo, file):
                part = todo.pop(answer.number)
                held.vectors += answer.outcome.vectors
                held.unreadable |= answer.outcome.unreadable | self._unseen(answer, picture, file)
                done += len(part.slots)
                progress(done)
                if time.monotonic() - since > KEEP:
                    yield held
                    held, since = Outcome(), time.monotonic()
        except (Exception, KeyboardInterrupt):
            yield held
            raise
        yield held

    def _answers(self, todo: Mapping[int, Part], file: Callable[[int], File]) -> Iterator[Answer]:
        """Of the parts that are to be done, which become fewer meanwhile, on the nodes that there are."""
        from ray.exceptions import RayError

        tries = 0
        while todo:
            before = len(todo)
            try:
                yield from self._pass(todo, file)
            except RayError as error:
                tries = 1 if len(todo) < before else tries + 1
                if not _lost(error) or tries >= TRIES:
                    raise RetrievalError(f"Ray cannot embed: {_told(error)}") from error
                _log.warning("workers of Ray were lost; the others go on with what they had")

    def _pass(self, todo: Mapping[int, Part], file: Callable[[int], File]) -> Iterator[Answer]:
        import ray.data
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        cpus, nodes = self._places(len(todo))
        turns = itertools.cycle(nodes)
        rows = [row_of(number, part, [file(slot) for slot in part.slots]) for number, part in todo.items()]
        data = ray.data.from_items(rows, override_num_blocks=len(rows))
        if self._options.address is not None and not self._options.shared:
            here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
            data = data.map(reading(), num_cpus=0, concurrency=min(READERS, len(nodes)), label_selector=here)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*ray_remote_args_fn")  # until Ray 2.64; it has nothing in its place
            data = data.map(
                Worker,
                fn_constructor_args=(self._recipe, cpus),
                num_cpus=cpus,
                num_gpus=1 if self._gpus else None,
                compute=ray.data.ActorPoolStrategy(size=len(nodes), max_tasks_in_flight_per_actor=IN_FLIGHT),
                # a worker belongs to its node: Ray would wait for room elsewhere for ever when that is lost
                ray_remote_args_fn=lambda: {
                    "scheduling_strategy": NodeAffinitySchedulingStrategy(next(turns), soft=False)
                },
            )
        for block in data.iter_batches(batch_size=None, prefetch_batches=0):
            for place in range(len(block["part"])):
                row = {name: values[place] for name, values in block.items()}
                part = todo[int(row["part"])]
                yield answer_of(row, part, {column: self._embedder.width(column) for column in part.columns})

    def _places(self, parts: int) -> tuple[int, list[str]]:
        """CPUs of a worker, and the node of each worker, those of a node apart from each other; RetrievalError where there is no
        room for one."""
        nodes = _nodes()
        cpus = self._options.cpus or max(1, min(MOST_CPUS, *(int(has.get("CPU", 0)) or 1 for has in nodes.values())))
        room = {
            node: min(int(has.get("CPU", 0)) // cpus, int(has.get("GPU", 0)) if self._gpus else parts)
            for node, has in nodes.items()
        }
        most = max(room.values(), default=0)
        places = [node for turn in range(most) for node, count in room.items() if turn < count]
        if not places:
            raise RetrievalError(f"no node of the Ray cluster has {cpus} CPUs{' and a GPU' if self._gpus else ''}")
        return cpus, places[: min(parts, self._options.workers or parts)]

    def _unseen(self, answer: Answer, picture: Callable[..., Picture], file: Callable[[int], File]) -> dict[int, str]:
        """Why pictures cannot be read that a node has not as they are here; RetrievalError where they can."""
        reasons = {slot: _unreadable(picture, slot) for slot in answer.unseen}
        readable = next((slot for slot, reason in reasons.items() if not reason), None)
        if readable is not None:
            raise RetrievalError(
                f"node {answer.node} does not see {file(readable).path} as this machine does; put the catalog on storage that "
                "all nodes share, or leave out --ray-shared"
            )
        return reasons

    def _start(self) -> None:
        """Connect, and send the network."""
        if self._recipe is not None:
            return
        connect(self._options.address)
        import ray

        wanted = self._options.device
        self._gpus = wanted == "cuda" or (wanted == "auto" and any(has.get("GPU") for has in _nodes().values()))
        self._recipe = ray.put(Recipe.of(self._embedder, "cuda" if self._gpus else "cpu"))


def _unreadable(picture: Callable[..., Picture], slot: int) -> str:
    """Why a picture cannot be read; '' where it can."""
    try:
        picture(slot)
    except (CatalogError, OSError) as error:
        return str(error)
    return ""


def connect(address: str | None) -> None:
    """Join the cluster at `host:port`, or start Ray on this machine alone; RetrievalError where that does not work."""
    if address is not None:
        _reach(address)
    environment.quiet_ray()
    import ray
    import ray.data

    root = Path(common.__file__).parents[1]
    rooms = [str(Path(str(room.__file__)).parent) for room in (common, catalog, model)] + [str(root / "retrieval")]
    how: dict[str, Any] = {"runtime_env": {"py_modules": rooms}, "log_to_driver": False, "logging_level": "CRITICAL"}
    if address is None:
        how |= {"include_dashboard": False, "num_cpus": os.cpu_count() or 1, "object_store_memory": STORE}
    try:
        ray.init(address or "local", **how)
    except Exception as error:  # other versions, no node of it here, no memory: each raises its own kind
        raise RetrievalError(f"cannot use Ray{f' at {address}' if address else ''}: {_told(error)}") from error
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    ray.data.DataContext.get_current().enable_progress_bars = False


def _reach(address: str) -> None:
    """RetrievalError unless something listens there; Ray itself tries for minutes."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or "/" in host:
        raise RetrievalError(
            f"'{address}' is no address of a Ray cluster; give the host:port that `ray start --head` prints"
        )
    try:
        socket.create_connection((host, int(port)), REACH).close()
    except (OSError, OverflowError) as error:
        raise RetrievalError(
            f"there is no Ray cluster at {address} ({error}); start one with `ray start --head`, or leave out --ray-address"
        ) from error


def _nodes() -> dict[str, dict[str, float]]:
    """What each node has that is there, the one of this process first."""
    import ray

    here = ray.get_runtime_context().get_node_id()
    alive = [(node["NodeID"], node["Resources"]) for node in ray.nodes() if node["Alive"]]
    return dict(sorted(alive, key=lambda node: node[0] != here))


def _lost(error: Exception) -> bool:
    """Whether it is the worker or its node that failed, not what it did."""
    from ray import exceptions

    if isinstance(error, exceptions.ActorDiedError) and "creation task" in str(error):
        return False
    lost = ("RayActorError", "ActorUnschedulableError", "NodeDiedError", "ObjectLostError", "WorkerCrashedError")
    return isinstance(error, tuple(getattr(exceptions, name) for name in lost))


def _told(error: BaseException) -> str:
    """One line of what went wrong: what a worker raised, or the last line that Ray says."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, Exception):
        return _told(cause)
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__
