"""Lint and quick tests on another Python, in an environment without torch and Gradio: seconds instead of gigabytes.

Types of torch are read from the environment that runs this, since its sources are the same on every Python; the tests
are those of the rooms that compute nothing with it.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.errors import DeployError
from deploy.requirements import OF_GRADIO, requirements

HEAVY = {"gradio", "hnswlib", "kaleido", "playwright", "spaces", "timm", "torch", "torchmetrics", "torchvision"}
"""Not installed: large, or compiled, or bringing one that is."""
READ = ("torch",)
TESTS = ("tests/catalog", "tests/common", "tests/atelier", "tests/test_rooms.py")


def check_other(root: Path, python: Path) -> None:
    """Run ruff, mypy and quick tests on the interpreter `python`. DeployError for what fails."""
    with tempfile.TemporaryDirectory() as place:
        own = Path(place) / "bin" / "python"
        _run(python, "-m", "venv", place)
        names = [one for file in _files(root) for one in requirements(file) if one.name.lower() not in HEAVY]
        light = sorted({str(one) for one in names} | OF_GRADIO - {"gradio-client"})
        _run(own, "-m", "pip", "install", "--quiet", "--constraint", root / "constraints.txt", *light)
        _lend(own)
        _run(own, "-m", "ruff", "check", root)
        _run(own, "-m", "mypy", "--cache-dir", f"{place}/mypy")
        _run(own, "-m", "pytest", "--numprocesses", "auto", *(test for test in TESTS if (root / test).exists()))


def _files(root: Path) -> list[Path]:
    return [root / "requirements.txt", root / "requirements-dev.txt", root / "atelier" / "requirements.txt"]


def _lend(own: Path) -> None:
    """Link the packages of `READ` from this environment into that of the interpreter `own`, for their types alone."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    there = Path(subprocess.run([own, "-c", code], capture_output=True, text=True, check=True).stdout.strip())
    for name in READ:
        here = next((Path(place) / name for place in sys.path if (Path(place) / name / "__init__.py").is_file()), None)
        if here is None:
            raise DeployError(f"{name} is not installed here; run `make lint` first")
        (there / name).symlink_to(here)


def _run(*command: object) -> None:
    line = [str(part) for part in command]
    if subprocess.run(line, stdout=sys.stderr).returncode:
        raise DeployError(f"failed: {' '.join(line[:6])}")
