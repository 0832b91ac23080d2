"""A catalog embedded through Ray, on two nodes of one CPU each that run here, has the vectors that it has anyway."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from catalog import Catalog, CatalogError, load_catalog, open_image
from common import environment
from model import RPF
from model.config import tiny
from retrieval import Embedder, EngineOptions, RetrievalError, SearchEngine, columns_of, open_engine
from retrieval.plan import File, LocalExecutor, Part
from retrieval.ray_executor import RayExecutor, RayOptions
from retrieval.ray_worker import answer_of, embedded, row_of
from retrieval.slots import image_digest
from tests.extras import needs
from tests.retrieval.support import noise_catalog

needs("ray")

HERE = "127.0.0.2"
"""Of this machine alone; not 127.0.0.1, which Ray takes for the machine's address in the network."""
ITEMS = 72
"""Parts of 16, 48 and 8 pictures."""
NAMES = ["color"]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """As each worker computes; sums of several threads differ in their last bits."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    environment.quiet_ray()
    patch = pytest.MonkeyPatch()
    patch.setenv("RAY_prestart_worker_first_driver", "0")  # nobody would use those
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": 80 * 2**20, "node_ip_address": HERE}
    cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
    try:
        cluster.add_node(**node)
        yield cluster.address
    finally:
        cluster.shutdown()
        patch.undo()
    deadline = time.monotonic() + 10
    while left := descendants("ray"):
        assert time.monotonic() < deadline, f"left behind: {left}"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    torch.manual_seed(0)
    return Embedder(RPF(tiny({"color": ["blue", "green", "red"]})), "cpu", batch_size=6, precision="float32")


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Two of its pictures are damaged."""
    root = noise_catalog(tmp_path_factory.mktemp("catalog"), ITEMS).root
    for row in (4, 20):
        damaged = root / f"{row}.png"
        damaged.write_bytes(damaged.read_bytes()[:90])
    return load_catalog(root)


@pytest.fixture(scope="module")
def expected(catalog: Catalog, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    return open_engine(catalog, embedder, tmp_path_factory.mktemp("home"), NAMES)


def descendants(named: str) -> dict[int, str]:
    """Processes that this one or its children have started, whose command holds a word."""
    parents, commands = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
            commands[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        state, parent = stat.rpartition(")")[2].split()[:2]
        if state != "Z":
            parents[int(folder.name)] = int(parent)
    found = {os.getpid()}
    for _ in range(8):
        found |= {pid for pid, parent in parents.items() if parent in found}
    return {pid: commands[pid] for pid in found - {os.getpid()} if named in commands.get(pid, "")}


def same(engine: SearchEngine, expected: SearchEngine) -> bool:
    assert dict(engine.unreadable) == dict(expected.unreadable) and len(engine.unreadable) == 2
    return np.array_equal(engine.vectors("color"), expected.vectors("color"))


def test_with_workers_killed_and_when_stopped_the_vectors_are_the_same(
    catalog: Catalog, embedder: Embedder, expected: SearchEngine, address: str, tmp_path: Path
) -> None:
    seen: list[int] = []

    def progress(done: int, total: int) -> None:
        seen.append(done)
        if len(seen) > 1:
            raise KeyboardInterrupt
        workers = descendants("ray::MapWorker")
        assert len(workers) == 2
        for pid in workers:
            os.kill(pid, signal.SIGKILL)

    with RayExecutor(embedder, RayOptions(address, cpus=1)) as executor:
        engine = open_engine(catalog, embedder, tmp_path, NAMES, options=EngineOptions(pending=True, executor=executor))
        total = engine.pending
        with pytest.raises(KeyboardInterrupt):
            engine.embed(progress)
    left = engine.pending
    assert 0 < left < total - 16  # what came before the workers were killed is kept, and what came from new ones
    assert dict(engine.unreadable).items() <= dict(expected.unreadable).items()  # no order of parts is promised
    kept = engine.readable
    assert kept.any() and np.array_equal(engine.vectors("color")[kept], expected.vectors("color")[kept])
    engine = open_engine(catalog, embedder, tmp_path, NAMES)  # the rest, in this process
    assert engine.pending == 0 and same(engine, expected)


def test_a_node_that_has_other_files_is_named(catalog: Catalog, embedder: Embedder) -> None:
    """Where nodes are to read the pictures themselves; a picture that has gone here too is one that cannot be read."""
    columns = tuple(columns_of(embedder, NAMES))
    part = Part(columns, (0, 1, 2))
    files = [
        File(catalog.root / f"{row}.png", f"{row}.png", image_digest(catalog.root / f"{row}.png")) for row in range(3)
    ]
    files[1] = replace(files[1], digest="0" * 32)
    row = embedded(row_of(7, part, files), LocalExecutor(embedder), "10.0.0.9")
    answer = answer_of(row, part, {column: embedder.width(column) for column in columns})
    ((opened, vectors),) = answer.outcome.vectors
    assert (answer.number, answer.unseen, opened, answer.outcome.unreadable) == (7, [1], [0, 2], {})
    images = [open_image(catalog.root / f"{row}.png") for row in opened]
    assert np.array_equal(np.concatenate([*vectors.values()], 1), embedder.embed(iter(images), columns))

    def gone(slot: int) -> Image.Image:
        raise CatalogError("'1.png' was changed meanwhile")

    executor = RayExecutor(embedder, RayOptions(shared=True))
    assert executor._unseen(answer, gone, files.__getitem__) == {1: "'1.png' was changed meanwhile"}
    with pytest.raises(RetrievalError, match=r"node 10\.0\.0\.9 does not see .*1\.png"):
        executor._unseen(answer, lambda slot: images[0], files.__getitem__)


@pytest.mark.parametrize(
    ("address", "said"), [("nowhere", "host:port"), ("ray://a:1", "host:port"), (f"{HERE}:PORT", "no Ray cluster at")]
)
def test_a_cluster_that_is_not_there_is_said_at_once(
    catalog: Catalog, embedder: Embedder, tmp_path: Path, address: str, said: str
) -> None:
    with socket.socket() as free:
        free.bind((HERE, 0))
        address = address.replace("PORT", str(free.getsockname()[1]))
        executor = RayExecutor(embedder, RayOptions(address))
        with executor, pytest.raises(RetrievalError, match=said):
            open_engine(catalog, embedder, tmp_path, NAMES, options=EngineOptions(executor=executor))
