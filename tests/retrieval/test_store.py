"""Vectors by content: what is put in is there, whatever happens to the process or the disk."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from model import Column
from retrieval.slots import Digests, Slots
from retrieval.store import Store
from retrieval.sums import row_sums

COLUMNS = (Column("color", "region"), Column("", "general"))
WIDTHS = dict(zip(COLUMNS, (5, 3), strict=True))


def image(number: int) -> str:
    return f"{number:032x}"


def vectors_of(numbers: range) -> dict[Column, np.ndarray]:
    """What each image has, whoever puts it in."""
    rows = [np.random.default_rng(number).standard_normal(8) for number in numbers]
    both = np.array(rows, np.float16).reshape(len(numbers), 8)
    return {COLUMNS[0]: both[:, :5], COLUMNS[1]: both[:, 5:]}


def opened(folder: Path) -> Store:
    return Store(folder, WIDTHS.__getitem__)


def there(store: Store, column: Column, numbers: range) -> list[int]:
    """The numbers of the images that have a vector; each is the right one."""
    rows = store.rows([image(number) for number in numbers])
    found = np.flatnonzero(store.there(column, rows))
    right = vectors_of(numbers)[column][found]
    assert np.array_equal(store.read(column, rows, found), right)
    return [numbers[place] for place in found]


def put(store: Store, numbers: range, columns: tuple[Column, ...] = COLUMNS) -> None:
    vectors = vectors_of(numbers)
    store.put([image(number) for number in numbers], {column: vectors[column] for column in columns})


def file_of(folder: Path, suffix: str) -> Path:
    (path,) = folder.glob(f"*/color_region-*{suffix}")
    return path


def test_columns_may_lack_rows_and_rows_are_only_added(tmp_path: Path) -> None:
    store = opened(tmp_path)
    put(store, range(4))
    put(store, range(2, 9), COLUMNS[1:])
    for again in (store, opened(tmp_path)):
        assert there(again, COLUMNS[0], range(12)) == [0, 1, 2, 3]
        assert there(again, COLUMNS[1], range(12)) == list(range(9))
    put(store, range(7, 8))
    assert there(opened(tmp_path), COLUMNS[0], range(12)) == [0, 1, 2, 3, 7]
    assert (tmp_path / "0" / "images").stat().st_size == 9 * 16


def test_what_is_there_is_not_written_again(tmp_path: Path) -> None:
    store = opened(tmp_path)
    put(store, range(4))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("0/*.*")}
    put(store, range(1, 3))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("0/*.*")} == before


def flip(path: Path, place: int) -> None:
    stored = bytearray(path.read_bytes())
    stored[place] ^= 1
    path.write_bytes(stored)


@pytest.mark.parametrize("suffix, row", [(".f16", 10), (".sum", 8)])
def test_a_damaged_row_is_missing_and_can_be_put_again(tmp_path: Path, suffix: str, row: int) -> None:
    put(opened(tmp_path), range(6))
    flip(file_of(tmp_path, suffix), 3 * row + 4)
    store = opened(tmp_path)
    assert there(store, COLUMNS[0], range(6)) == [0, 1, 2, 4, 5]
    assert there(store, COLUMNS[1], range(6)) == list(range(6))
    put(store, range(6))
    for again in (store, opened(tmp_path)):
        assert there(again, COLUMNS[0], range(6)) == list(range(6))


@pytest.mark.parametrize("left", [0, 7, 35])
def test_files_that_end_early_lose_their_last_rows_only(tmp_path: Path, left: int) -> None:
    put(opened(tmp_path), range(6))
    path = file_of(tmp_path, ".f16")
    path.write_bytes(path.read_bytes()[:left])
    assert there(opened(tmp_path), COLUMNS[0], range(6)) == list(range(left // 10))
    images = tmp_path / "0" / "images"
    images.write_bytes(images.read_bytes()[: 4 * 16 + 3])  # as a kill leaves it
    store = opened(tmp_path)
    assert there(store, COLUMNS[1], range(6)) == [0, 1, 2, 3]
    put(store, range(8))
    assert there(opened(tmp_path), COLUMNS[0], range(8)) == list(range(8))


def test_a_sum_tells_rows_places_and_single_bits_apart() -> None:
    vectors = np.random.default_rng(0).standard_normal((1, 256)).astype(np.float16)
    name = np.array([[1, 2]], np.uint64)
    sums = {int(row_sums(vectors, name)[0]), int(row_sums(vectors, name[:, ::-1])[0])}
    for bit in range(0, 512 * 8, 37):
        stored = bytearray(vectors.tobytes())
        stored[bit // 8] ^= 1 << bit % 8
        stored[-1] ^= 128  # the highest bit of another word as well
        sums.add(int(row_sums(np.frombuffer(bytes(stored), np.float16)[None], name)[0]))
    assert len(sums) == 2 + len(range(0, 512 * 8, 37)) and 0 not in sums


def writer(folder: Path, numbers: range) -> int:
    """A process that puts in five images at a time; its id."""
    process = os.fork()
    if not process:
        try:
            store = opened(folder)
            for start in range(numbers.start, numbers.stop, 5):
                put(store, range(start, start + 5))
        finally:
            os._exit(0)
    return process


def test_two_processes_add_to_one_store_and_one_of_them_is_killed(tmp_path: Path) -> None:
    whole, killed = writer(tmp_path, range(200)), writer(tmp_path, range(100, 2000))
    time.sleep(0.5)
    os.kill(killed, signal.SIGKILL)
    for process in (whole, killed):
        os.waitpid(process, 0)
    store = opened(tmp_path)
    for column in COLUMNS:
        found = there(store, column, range(2000))
        assert found[:200] == list(range(200)) and found == list(range(len(found)))
    stored = (tmp_path / "0" / "images").read_bytes()
    names = [stored[start : start + 16] for start in range(0, len(stored), 16)]
    assert len(names) == len(set(names))
    put(store, range(2000))
    assert there(opened(tmp_path), COLUMNS[0], range(2000)) == list(range(2000))


def test_unwanted_rows_are_pruned_under_those_who_read(tmp_path: Path) -> None:
    store, other = opened(tmp_path), opened(tmp_path)
    put(store, range(9))
    other.follow()
    rows = other.rows([image(number) for number in (2, 7)])
    assert other.there(COLUMNS[0], rows).all()
    assert store.prune({image(number) for number in (1, 7, 8)}) == 6
    assert there(store, COLUMNS[0], range(9)) == [1, 7, 8]
    assert np.array_equal(other.read(COLUMNS[0], rows, np.arange(2)), vectors_of(range(2, 8, 5))[COLUMNS[0]])
    put(other, range(20, 22))
    assert there(other, COLUMNS[1], range(30)) == [1, 7, 8, 20, 21]
    assert other.read(COLUMNS[0], rows, np.array([1])).any()
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["1"]
    assert store.prune({image(number) for number in range(99)}) == 0


def test_unreadable_images_are_remembered(tmp_path: Path) -> None:
    store, other = opened(tmp_path), opened(tmp_path)
    store.refuse({image(1): "is a web page"})
    other.refuse({image(2): "ends early", image(1): "is something else"})
    with (tmp_path / "unreadable.jsonl").open("a") as file:
        file.write('["half')
    again = opened(tmp_path)
    again.refuse({image(3): "画像"})
    assert opened(tmp_path).unreadable == {image(1): "is a web page", image(2): "ends early", image(3): "画像"}


def slots_of(folder: Path) -> Slots:
    return Slots(folder / "catalog", opened(folder).locked)


def test_slots_keep_their_numbers(tmp_path: Path) -> None:
    slots = slots_of(tmp_path)
    assert slots.numbered([("a", "1"), ("b", "2"), ("a", "1"), ("b\n\udc80", "2")]) == [0, 1, 0, 2]
    other = slots_of(tmp_path)
    assert other.numbered([("c", "1"), ("a", "1")]) == [3, 0]
    assert slots.numbered([("d", "1"), ("c", "1"), ("a", "9")]) == [4, 3, 5]
    again = slots_of(tmp_path)
    assert (again.id, again.items) == (slots.id, slots.items) and again.images == ["1", "2", "2", "1", "1", "9"]
    again.prune([0, 3])
    assert again.items == ["a", "c"] and again.id != slots.id
    assert slots.numbered([("c", "1"), ("x", "1")]) == [1, 2] and slots.id == again.id


@pytest.mark.parametrize("torn", ['["half', '["half"]\n', "\x00\x00\n", "{}\n"])
def test_slots_that_a_kill_or_damage_left_are_mended(tmp_path: Path, torn: str) -> None:
    slots_of(tmp_path).numbered([("a", "1"), ("b", "2")])
    path = tmp_path / "catalog" / "slots.jsonl"
    path.write_text(path.read_text() + torn)
    assert slots_of(tmp_path).numbered([("c", "3"), ("b", "2")]) in ([2, 1], [0, 1])
    assert len(slots_of(tmp_path)) >= 2
    path.write_text("nonsense")
    assert slots_of(tmp_path).numbered([("b", "2")]) == [0]


def test_only_touched_files_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        (tmp_path / name).write_text(name)
        os.utime(tmp_path / name, (10**9, 10**9))
    store, path = opened(tmp_path / "store"), tmp_path / "files.jsonl"
    monkeypatch.setattr("retrieval.slots._LAG", -(10**12))
    first = Digests(path, store.locked).of(tmp_path, ["a", "b", "c", "none"])
    assert first[3] == "missing" and len(set(first)) == 4
    read: list[str] = []
    digest = sys.modules["retrieval.slots"].image_digest
    monkeypatch.setattr("retrieval.slots.image_digest", lambda path: read.append(path.name) or digest(path))
    (tmp_path / "b").write_text("x")
    os.utime(tmp_path / "b", (10**9, 10**9))  # neither its size nor its time tells
    again = Digests(path, store.locked)
    second = again.of(tmp_path, ["a", "b", "c"])
    assert read == ["b"] and second[0] == first[0] and second[1] != first[1]
    assert again.same(tmp_path, "b") and not again.same(tmp_path, "none")
    assert json.loads(path.read_text().splitlines()[-1])[0] == "b"


def test_a_file_that_was_just_written_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    store, path = opened(tmp_path / "store"), tmp_path / "files.jsonl"
    Digests(path, store.locked).of(tmp_path, ["a"])
    assert not path.exists()  # it may change again within the tick of the clock
