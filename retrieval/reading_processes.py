"""Pictures opened by processes of their own, which do not wait for this one's lock as threads do.

A process gives its pixels through a file in memory that has no name (`memfd_create`), so that nothing is left in /dev/shm
however things end; and it ends by itself when this process is gone. Where there are no such files, threads do the work.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue

import numpy as np

import catalog
from catalog import CatalogError
from retrieval.errors import RetrievalError

IDLE = 20.0
"""Seconds after which processes that nobody uses are ended; parts of one catalog follow faster than that."""
TURN = 0.0002
"""Seconds that a thread may go on while others wait for Python's lock, in place of 5 ms, while processes read: the threads that
send work to a GPU give the lock up with every step, and would wait so long for it each time."""

_ROOT = str(Path(catalog.__file__).resolve().parents[1])
_START = """
import os, sys
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")  # numpy has no work here
sys.path.insert(0, sys.argv[1])
from catalog.decoding import serve
serve(int(sys.argv[2]))
"""


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_read() -> bool:
    """Whether processes can be started here, and there is unnamed memory to share with them."""
    return hasattr(os, "memfd_create") and bool(sys.executable)


class _Reader:
    """One process and its memory; for one thread at a time. It is started when something is to be read."""

    def __init__(self) -> None:
        """OSError where there is no memory."""
        self._memory = os.memfd_create("lapel-picture")
        self.process: subprocess.Popen[bytes] | None = None

    def read(self, path: str, name: str, largest: int, tries: int) -> np.ndarray | str | None:
        """Pixels uint8 (height, width, 3), or why there are none; None where as many processes ended over it. RetrievalError
        where none can be started."""
        question = json.dumps((path, name, largest)).encode()
        try:
            return self._read(self.start(), question)
        except EOFError:
            self.end(0)
            return self.read(path, name, largest, tries - 1) if tries > 1 else None
        except BaseException:  # what it answers now would be taken for the next answer
            self.end(0)
            raise

    def _read(self, process: "subprocess.Popen[bytes]", question: bytes) -> np.ndarray | str:
        asked, told = process.stdin, process.stdout
        assert asked is not None and told is not None
        try:
            asked.write(question + b"\n")
            asked.flush()
        except OSError as error:
            raise EOFError from error
        line = told.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        answer = json.loads(line)
        return answer if isinstance(answer, str) else self._pixels(*answer)

    def told_to_end(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            with suppress(OSError):  # it ended before it had the last line
                self.process.stdin.close()

    def end(self, patience: float = 1.0) -> None:
        """patience: seconds before it is killed, which may be in the middle of a large picture."""
        if self.process is None or self.process.stdout is None:
            return
        self.told_to_end()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process = None

    def close(self) -> None:
        self.end()
        os.close(self._memory)

    def start(self) -> "subprocess.Popen[bytes]":
        """The process. RetrievalError where it cannot be started."""
        if self.process is not None:
            return self.process
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _START, _ROOT, str(self._memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=(self._memory,),
                start_new_session=True,  # Ctrl-C is for this process, which ends that one
            )
        except OSError as error:
            raise RetrievalError(f"cannot start a process that opens pictures: {error}") from error
        return self.process

    def _pixels(self, height: int, width: int) -> np.ndarray:
        pixels: np.ndarray = np.empty((height, width, 3), np.uint8)
        rest, start = pixels.reshape(-1).data, 0
        while start < len(rest):
            count = os.preadv(self._memory, [rest[start:]], start)
            if not count:
                raise EOFError
            start += count
        return pixels


class ReadingProcesses:
    """Some processes that open pictures. Thread-safe; as many threads as there are processes are served at once."""

    def __init__(self, count: int) -> None:
        """RetrievalError where none can be started."""
        try:
            self.readers = [_Reader() for _ in range(count)]
        except OSError as error:
            raise RetrievalError(f"no memory to share with processes that open pictures: {error}") from error
        self._free: SimpleQueue[_Reader] = SimpleQueue()
        for reader in self.readers:
            self._free.put(reader)

    def open(self, path: Path, name: str, largest: int) -> np.ndarray:
        """Pixels uint8 (height, width, 3) of a picture file, its short side `largest` at most; CatalogError, as of
        `catalog.open_image`, where it cannot be read. A picture on which two processes end cannot be read."""
        reader = self._free.get()
        try:
            found = reader.read(str(path), name, largest, tries=2)
        finally:
            self._free.put(reader)
        if found is None:
            raise CatalogError(f"'{name}' ends the process that opens it; save it again or use another")
        if isinstance(found, str):
            raise CatalogError(found)
        return found

    def close(self) -> None:
        """End the processes. Nobody may be reading."""
        for reader in self.readers:
            reader.told_to_end()  # all of them, so that none is waited for alone
        for reader in self.readers:
            reader.close()


def _begun(count: int) -> ReadingProcesses:
    """All of them, so that they import what they need at the same time."""
    pool = ReadingProcesses(count)
    try:
        for reader in pool.readers:
            reader.start()
    except RetrievalError:
        pool.close()
        raise
    return pool


class _Shared:
    """The processes of this one, kept for a while for whoever reads next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ReadingProcesses | None = None
        self._users = 0
        self._timer: threading.Timer | None = None
        self._interval = 0.0

    @contextmanager
    def lent(self, count: int) -> Iterator[ReadingProcesses]:
        """`count` processes at least, which are there already or are started; RetrievalError where they cannot be."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._pool is not None and len(self._pool.readers) < count and not self._users:
                self._pool.close()
                self._pool = None
            pool = self._pool = self._pool or _begun(count)
            self._users += 1
            if self._users == 1:
                self._interval = sys.getswitchinterval()
                sys.setswitchinterval(min(self._interval, TURN))
        try:
            yield pool
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    sys.setswitchinterval(self._interval)
                    self._timer = threading.Timer(IDLE, self.end)
                    self._timer.daemon = True
                    self._timer.start()

    def end(self) -> None:
        """End the processes if nobody reads."""
        with self._lock:
            if self._pool is not None and not self._users:
                self._pool.close()
                self._pool = None


_shared = _Shared()
lent = _shared.lent
end = _shared.end
atexit.register(end)
