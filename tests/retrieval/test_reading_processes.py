"""Pictures opened by processes: the same pixels and errors, in order, and nothing of them is left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from catalog import CatalogError, open_image, shrunk_to
from model import Column
from retrieval import RetrievalError, open_engine, plan, reading_processes
from retrieval.batches import to_tensor
from retrieval.reading_processes import ReadingProcesses, can_read
from tests.retrieval.support import HashEmbedder, noise_catalog

pytestmark = pytest.mark.skipif(not can_read(), reason="there is no unnamed memory to share here")
ROOT = Path(__file__).resolve().parents[2]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def ended(pids: list[int], within: float = 5.0) -> bool:
    until = time.monotonic() + within
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.01)
    return not any(map(alive, pids))


def pids_of(pool: ReadingProcesses) -> list[int]:
    return [reader.process.pid for reader in pool.readers if reader.process is not None]


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingProcesses]:
    pool = ReadingProcesses(2)
    yield pool
    pids = pids_of(pool)
    pool.close()
    assert pids and ended(pids, 0)


def test_pixels_are_those_that_this_process_reads(pool: ReadingProcesses, tmp_path: Path) -> None:
    noise = Image.effect_noise((300, 200), 80).convert("RGB")
    for name, options in {"a.png": {}, "b\udcff.jpg": {"quality": 90}, "c ü\n.webp": {}}.items():
        noise.save(tmp_path / name, **options)
        for largest in (64, 1024):
            assert np.array_equal(pool.open(tmp_path / name, name, largest), expected(tmp_path / name, largest))


def expected(path: Path, largest: int) -> np.ndarray:
    return np.asarray(shrunk_to(open_image(path, enough=largest), largest))


def test_a_picture_that_cannot_be_read_is_told_as_it_is_here(pool: ReadingProcesses, tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    for name in ("bad.jpg", "none.png"):
        with pytest.raises(CatalogError) as here:
            expected(tmp_path / name, 1024)
        with pytest.raises(CatalogError) as there:
            pool.open(tmp_path / name, name, 1024)
        assert str(there.value) == str(here.value) and f"'{name}'" in str(there.value)


def test_another_process_takes_the_place_of_one_that_was_killed(pool: ReadingProcesses, tmp_path: Path) -> None:
    Image.new("RGB", (5, 4), "red").save(tmp_path / "red.png")
    for _ in range(2):
        pool.open(tmp_path / "red.png", "red.png", 1024)
    before = pids_of(pool)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert ended(before)
    assert pool.open(tmp_path / "red.png", "red.png", 1024).tolist() == [[[255, 0, 0]] * 5] * 4
    assert not set(before) & set(pids_of(pool)) - {before[1]}


def test_a_process_imports_no_torch() -> None:
    told = (
        "import sys, catalog.decoding; print(*(name for name in ('torch', 'pandas', 'pyarrow') if name in sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def read_until_ended(path: Path, tell: int) -> None:
    """In a process of its own: tell the pids of those that read for it, and wait."""
    with reading_processes.lent(2) as pool:
        pool.open(path, path.name, 9)
        os.write(tell, b"%d %d" % tuple(pids_of(pool)))
        signal.pause()


@pytest.mark.usefixtures("short_idle")
def test_the_processes_end_with_who_is_killed(tmp_path: Path) -> None:
    Image.new("RGB", (5, 4), "red").save(tmp_path / "red.png")
    hear, tell = os.pipe()
    user = os.fork()
    if not user:
        try:
            read_until_ended(tmp_path / "red.png", tell)
        finally:
            os._exit(0)
    pids = [int(pid) for pid in os.read(hear, 99).split()]
    try:
        assert len(pids) == 2 and all(map(alive, pids))
    finally:
        os.kill(user, signal.SIGKILL)
        os.waitpid(user, 0)
        os.close(hear)
        os.close(tell)
    assert ended(pids)


@pytest.fixture
def short_idle(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    reading_processes.end()
    monkeypatch.setattr(reading_processes, "IDLE", 0.05)
    yield
    reading_processes.end()


@pytest.mark.usefixtures("short_idle")
def test_a_catalog_is_embedded_as_by_threads_and_the_processes_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = noise_catalog(tmp_path / "catalog", 30)
    (tmp_path / "catalog" / "7.png").write_bytes(b"no picture")
    by_threads, by_processes = HashEmbedder(), HashEmbedder()
    by_processes.processes = 2
    monkeypatch.setattr(plan, "SEGMENT", 8)
    first = open_engine(catalog, by_threads, tmp_path / "threads", ["color", "neck"])
    used: list[int] = []
    close = ReadingProcesses.close

    def noting(pool: ReadingProcesses) -> None:
        used.extend(pids_of(pool))
        close(pool)

    monkeypatch.setattr(ReadingProcesses, "close", noting)
    second = open_engine(catalog, by_processes, tmp_path / "processes", ["color", "neck"])
    assert second.unreadable == first.unreadable and list(second.unreadable) == ["item-7"]
    for name in ("color", "neck"):
        column = Column(name, "region")
        assert np.array_equal(first.table.column(column), second.table.column(column))
    until = time.monotonic() + 5
    while not used and time.monotonic() < until:
        time.sleep(0.01)
    assert len(used) == 2 and ended(used)


@pytest.mark.usefixtures("short_idle")
def test_what_stops_the_work_leaves_no_picture_in_a_process(tmp_path: Path) -> None:
    before = sys.getswitchinterval()
    catalog = noise_catalog(tmp_path / "catalog", 12)
    embedder = HashEmbedder()
    embedder.processes = 2

    def opened(slot: int, door: Callable[[Path, str], np.ndarray]) -> np.ndarray:
        item = catalog.items[slot]
        return door(catalog.path(item), item.image)

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    columns = (Column("color", "region"),)
    parts = [plan.Part(columns, tuple(range(start, start + 4))) for start in (0, 4, 8)]
    with pytest.raises(KeyboardInterrupt):
        list(plan.LocalExecutor(embedder).run(parts, opened, stop))
    seen: list[int] = []
    found = [*plan.LocalExecutor(embedder).run(parts, opened, seen.append)]
    assert [slots for outcome in found for slots, _ in outcome.vectors] == [list(part.slots) for part in parts]
    assert seen == list(range(1, 13)) and sys.getswitchinterval() == pytest.approx(before)
    expected = HashEmbedder().embed([catalog.open(item) for item in catalog.items], columns)
    assert np.array_equal(np.concatenate([outcome.vectors[0][1][columns[0]] for outcome in found]), expected)


@pytest.mark.usefixtures("short_idle")
def test_threads_read_where_no_process_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = noise_catalog(tmp_path / "catalog", 5)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    embedder = HashEmbedder()
    embedder.processes = 2
    assert open_engine(catalog, embedder, tmp_path / "home", ["color"]).readable.all()
    with pytest.raises(RetrievalError, match="cannot start a process"):
        ReadingProcesses(1).open(tmp_path / "catalog" / "0.png", "0.png", 9)


def test_pixels_become_the_tensor_that_their_image_becomes() -> None:
    image = Image.effect_noise((30, 20), 80).convert("RGB")
    assert to_tensor(np.asarray(image).copy()).equal(to_tensor(image))
