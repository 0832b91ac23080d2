"""What the README names after `make run` runs after `make run`: without what only tests, drawing and lint install."""

import json
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
STARTS = ["app.py", *(f"{room}/__main__.py" for room in ROOMS if (ROOT / room / "__main__.py").is_file())]
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
HELP = """
import io, json, runpy, sys
from contextlib import redirect_stdout, suppress
told = {}
for command in COMMANDS:
    flag, *words = command.split()
    sys.argv = [flag, *words[1:], "--help"]
    with redirect_stdout(io.StringIO()) as told[command], suppress(SystemExit):
        runpy.run_module(words[0], run_name="__main__", alter_sys=True) if words else runpy.run_path(flag, run_name="__main__")
print(json.dumps({command: text.getvalue() for command, text in told.items()}))
"""


def listed(name: str) -> set[str]:
    return {requirement.name.lower() for requirement in requirements(ROOT / name)}


def blocked() -> set[str]:
    """Names to import of what `make run` does not install."""
    dev = listed("requirements-dev.txt") | listed("requirements-scale.txt") | listed("atelier/requirements.txt")
    dev -= listed("requirements.txt")
    dev -= {"packaging"}  # others bring it
    return {name.removesuffix("-python").replace("-", "_") for name in dev} | {"xdist", "_pytest"}


def test_what_is_blocked_is_what_only_development_installs() -> None:
    assert {"skia", "pytest", "hypothesis", "playwright", "kaleido", "mypy", "spaces"} <= blocked()
    assert not {"torch", "gradio", "PIL", "numpy", "tyro"} & blocked()


def run_here(code: str) -> str:
    """What a fresh process prints."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_everything_that_commands_import_can_be_imported_after_make_run() -> None:
    files = {file for start in STARTS for file in imports_of(ROOT, start).files}
    modules = sorted(".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in files)
    assert {"app", "training.adapt.teach", "ui.page"} <= set(modules)
    run_here(f"BLOCKED = {blocked()!r}\nMODULES = {modules!r}\n{IMPORT}")


@pytest.mark.parametrize("start", STARTS)
def test_everything_that_a_command_imports_is_listed(start: str) -> None:
    found = imports_of(ROOT, start)
    wanted = {distribution(name) for name in found.others} - set(sys.stdlib_module_names) - OF_GRADIO - {"spaces"}
    asked_for = listed("requirements-scale.txt")  # imported where that is asked for
    assert wanted <= listed("requirements.txt") | asked_for, f"{start} imports what requirements.txt does not list"


def readme_commands() -> list[str]:
    """`-m package command` of every command line in the README and the guide to training."""
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "training/README.md"))
    found = re.findall(r"(?:\.venv/bin/)?python (-m [a-z]+(?: [a-z]+)?|app\.py)(?=[ `\n])", text)
    return sorted(set(found))


def test_the_readme_names_commands() -> None:
    assert {"app.py", "-m eval run", "-m retrieval search", "-m catalog check"} <= set(readme_commands())


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """What each command of the README prints for `--help`, all asked of one process that imports torch once."""
    return dict(json.loads(run_here(f"COMMANDS = {readme_commands()!r}\n{HELP}")))


@pytest.mark.parametrize("command", readme_commands())
def test_a_command_of_the_readme_tells_its_flags(command: str, told: dict[str, str]) -> None:
    assert "usage" in told[command].lower(), told[command]
