"""What a Space installs: the packages that the app imports, at the versions of the constraints."""

import sys
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement

from deploy.errors import DeployError

PYTHON = "3.12"
ZERO_GPU_PYTHON = "3.12.12"
"""As ZeroGPU takes it, by all three numbers."""
TORCH = {"torch": "2.11.0", "torchvision": "0.26.0"}
"""The newest of the few that ZeroGPU takes, and the torchvision of the same day."""
OF_THE_SPACE = {"gradio", "huggingface-hub", "spaces"}
"""Installed by the Space itself; it asks not to list them."""
UNLIKE = {"PIL": "pillow", "skimage": "scikit-image"}
"""Packages that are not imported by their own name."""
OF_GRADIO = {"anyio", "fastapi", "gradio-client", "mcp", "orjson", "pydantic", "starlette"}
"""Parts of what Gradio is made of, at the versions that it takes."""


def distribution(name: str) -> str:
    """The package that is installed for what is imported as `name`."""
    return UNLIKE.get(name, name.replace("_", "-")).lower()


def space_requirements(root: Path, others: Iterable[str]) -> list[str]:
    """Lines for the requirements of a Space that imports `others`, without what is imported only when it is asked for
    (requirements-scale.txt). DeployError for a package that requirements.txt lacks."""
    asked_for = {requirement.name.lower() for requirement in requirements(root / "requirements-scale.txt")}
    wanted = {distribution(name) for name in others} - set(sys.stdlib_module_names) - OF_GRADIO - asked_for
    known = {requirement.name.lower() for requirement in requirements(root / "requirements.txt")}
    if missing := sorted(wanted - known - OF_THE_SPACE):
        raise DeployError(f"the app imports what requirements.txt does not list: {', '.join(missing)}")
    fixed = versions(root) | TORCH
    listed = sorted((wanted | set(TORCH)) - OF_THE_SPACE)
    if loose := [name for name in listed if name not in fixed]:
        raise DeployError(f"constraints.txt does not fix {', '.join(loose)}; run `make constraints`")
    return [f"{name}=={fixed[name]}" for name in listed]


def requirements(path: Path) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def versions(root: Path, python: str = PYTHON) -> dict[str, str]:
    """The versions that constraints.txt fixes for a Python on Linux, by package."""
    there = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    there |= {"platform_machine": "x86_64", "platform_system": "Linux"}
    fixed = {}
    for one in requirements(root / "constraints.txt"):
        if one.marker is None or one.marker.evaluate(there):
            fixed[one.name.lower()] = str(one.specifier).removeprefix("==")
    return fixed
