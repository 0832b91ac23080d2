"""The app as a process of its own, for as long as something is asked of it."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def started(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None, quiet: bool = False
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """`python app.py` on a free port of the loopback, which may not listen yet, and its process; it is ended afterwards.

    environment: instead of this process's own. quiet: nothing of what it says is shown, otherwise its errors are.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "app.py", "--port", str(port), *arguments]
    errors = subprocess.DEVNULL if quiet else None
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors, env=environment)
    try:
        yield port, process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
