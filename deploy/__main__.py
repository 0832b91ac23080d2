"""Command line: `python -m deploy --help`."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from deploy.errors import DeployError
from deploy.layout import lay_out
from deploy.push import push
from deploy.requirements import PYTHON, versions

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"


@dataclass
class Lay:
    """Lay out the folder that a Space gets."""

    out: Path = BUILD / "space"
    """Where; an earlier one there is replaced."""
    title: str = "Lapel"
    """Title of the Space."""

    def run(self) -> None:
        files = lay_out(ROOT, self.out, self.title)
        size = sum((self.out / file).stat().st_size for file in files)
        print(f"{self.out}: {len(files)} files, {size / 1e6:.0f} MB", file=sys.stderr)


@dataclass
class Check:
    """Start a laid-out folder as a Space starts it, and search by an uploaded picture."""

    folder: Path = BUILD / "space"
    """What `lay` has written."""
    env: Path = BUILD / "space-env"
    """Environment to make, about 5 GB; kept for the next time."""
    python: Path | None = None
    """Interpreter to make it with; by default a Python 3.12 or 3.10 that is found."""
    modes: tuple[str, ...] = ("zero", "plain")
    """zero: as on ZeroGPU, with a stand-in for the service that lends devices. plain: as on a CPU."""

    def run(self) -> None:
        from deploy.check import check, environment
        from deploy.pythons import find_python

        python = self.python or find_python(PYTHON, "3.10")
        own = environment(self.folder, self.env.resolve(), python, versions(ROOT)["gradio"])
        for mode in self.modes:
            found = check(self.folder, own, mode)
            ways = f" ({', '.join(found.calls)})" if found.calls else ""
            print(f"{mode}: {found.query} found {found.best} after {found.seconds:.0f} s{ways}", file=sys.stderr)


@dataclass
class Push:
    """Upload a laid-out folder to a Space, made when absent (`hf auth login` first)."""

    repository: Annotated[str, tyro.conf.Positional]
    """owner/name"""
    folder: Path = BUILD / "space"
    """What `lay` has written."""
    private: bool = False
    """Make a private Space."""

    def run(self) -> None:
        print(push(self.folder, self.repository, self.private))


@dataclass
class Others:
    """Lint and quick tests on the oldest and the newest Python that Lapel is for, where they are on this machine."""

    versions: tuple[str, ...] = ("3.10", "3.13")
    """By two numbers."""

    def run(self) -> None:
        with ThreadPoolExecutor() as pool:  # side by side: most of the time of each is one process of mypy
            list(pool.map(_check, self.versions))


def _check(version: str) -> None:
    """Check one version, and tell how long it took or why it is left out. DeployError for what fails."""
    from deploy.other import check_other
    from deploy.pythons import find_python

    try:
        python = find_python(version)
    except DeployError as error:
        print(f"left out: {error}", file=sys.stderr)
        return
    began = time.monotonic()
    check_other(ROOT, python)
    print(f"Python {version}: clean, after {time.monotonic() - began:.0f} s", file=sys.stderr)


def main() -> int:
    """Run the command; 1 and one line on standard error when it fails."""
    command = tyro.extras.subcommand_cli_from_dict(
        {"lay": Lay, "check": Check, "push": Push, "others": Others},
        prog="python -m deploy",
        description="A Space from this checkout, and this checkout on other Pythons.",
    )
    try:
        command.run()
    except DeployError as error:
        print(f"deploy: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
