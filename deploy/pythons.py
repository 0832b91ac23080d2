"""Finds a Python of another version on this machine."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from deploy.errors import DeployError


def find_python(*versions: str) -> Path:
    """The first of some versions, such as 3.12, that starts: on the PATH or among pyenv's. DeployError when none does."""
    for version in versions:
        for candidate in _candidates(version):
            if _says(candidate) == version:
                return candidate
    raise DeployError(f"there is no Python {' or '.join(versions)} here; install one, or name one with --python")


def _candidates(version: str) -> Iterator[Path]:
    if found := shutil.which(f"python{version}"):
        yield Path(found)
    yield from sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python{version}"), reverse=True)


def _says(python: Path) -> str:
    """Its version, by two numbers; empty where it does not start (pyenv's shims of versions that are not chosen do not)."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
