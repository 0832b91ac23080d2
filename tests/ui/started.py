"""Starts the app in a process that has its libraries already, since importing them takes most of a start.

The first app of a test run makes a server that imports torch, Gradio and the rest once; each app is a fork of it that runs
its script as `python app.py` does, with arguments, an environment, a folder and a log of its own. That `python app.py` starts
from nothing is looked at in `test_app.py`.
"""

import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_CONTEXT = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
if sys.platform == "linux":
    _CONTEXT.set_forkserver_preload(["tests.ui.preloaded"])


def start(script: str, arguments: Sequence[str], environment: Mapping[str, str], home: Path, log: Path) -> BaseProcess:
    """A process that runs a script, named from the root of the project. home: the app's. log: gets what it prints."""
    process = _CONTEXT.Process(target=_run, args=(script, list(arguments), dict(environment), home, log))
    process.start()
    return process


def _run(script: str, arguments: list[str], environment: dict[str, str], home: Path, log: Path) -> None:
    with log.open("w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = [script, *arguments]
    sys.path.insert(0, str(ROOT))
    from gradio import mcp

    vars(mcp)["DEFAULT_TEMP_DIR"] = str(home.resolve() / "uploads")  # it reads what `app.py` sets when it is imported
    runpy.run_path(script, run_name="__main__")
