"""What the README names after `make run` runs after `make run`: without what only tests, drawing and lint install."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.imports import imports_of
from deploy.requirements import OF_GRADIO, distribution, requirements

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("common", "catalog", "model", "retrieval", "eval", "training", "library", "ui")
"""Of the app and its commands: `make run` installs what they need."""
COMMANDS = [f"{room}/__main__.py" for room in ROOMS if (ROOT / room / "__main__.py").is_file()]
IMPORT = """
import importlib
from importlib.machinery import PathFinder
find = PathFinder.find_spec
def absent(name, path=None, target=None):
    return None if name.partition(".")[0] in BLOCKED else find(name, path, target)
PathFinder.find_spec = staticmethod(absent)
for module in MODULES:
    importlib.import_module(module)
"""


def listed(name: str) -> set[str]:
    return {requirement.name.lower() for requirement in requirements(ROOT / name)}


def blocked() -> set[str]:
    """Names to import of what `make run` does not install."""
    dev = (listed("requirements-dev.txt") | listed("atelier/requirements.txt")) - listed("requirements.txt")
    dev -= {"packaging"}  # others bring it
    return {name.removesuffix("-python").replace("-", "_") for name in dev} | {"xdist", "_pytest"}


def test_what_is_blocked_is_what_only_development_installs() -> None:
    assert {"skia", "pytest", "hypothesis", "playwright", "kaleido", "mypy", "spaces"} <= blocked()
    assert not {"torch", "gradio", "PIL", "numpy", "tyro"} & blocked()


@pytest.mark.parametrize("start", ["app.py", *COMMANDS])
def test_everything_that_a_command_imports_is_installed_by_make_run(start: str) -> None:
    found = imports_of(ROOT, start)
    modules = sorted(".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in found.files)
    code = f"BLOCKED = {blocked()!r}\nMODULES = {modules!r}\n{IMPORT}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    wanted = {distribution(name) for name in found.others} - set(sys.stdlib_module_names) - OF_GRADIO - {"spaces"}
    assert wanted <= listed("requirements.txt"), f"{start} imports what requirements.txt does not list"


def readme_commands() -> list[str]:
    """`-m package command` of every command line in the README and the guide to training."""
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "training/README.md"))
    found = re.findall(r"(?:\.venv/bin/)?python (-m [a-z]+(?: [a-z]+)?|app\.py)(?=[ `\n])", text)
    return sorted(set(found))


def test_the_readme_names_commands() -> None:
    assert {"app.py", "-m eval run", "-m retrieval search", "-m catalog check"} <= set(readme_commands())


@pytest.mark.parametrize("command", readme_commands())
def test_a_command_of_the_readme_tells_its_flags(command: str) -> None:
    done = subprocess.run(
        [sys.executable, *command.split(), "--help"], cwd=ROOT, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout.lower()
