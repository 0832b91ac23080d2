"""Lays out the folder of a Space: what the app imports and reads, a card with front matter, requirements."""

import shutil
from pathlib import Path

from common import assets
from deploy.errors import DeployError
from deploy.imports import imports_of
from deploy.requirements import ZERO_GPU_PYTHON, space_requirements, versions

CARD = """\
---
title: {title}
emoji: 🧥
colorFrom: indigo
colorTo: gray
sdk: gradio
sdk_version: {gradio}
python_version: {python}
app_file: app.py
license: apache-2.0
suggested_hardware: zero-a10g
short_description: Search a fashion catalogue by one attribute at a time
---

# {title}

Lapel searches a fashion catalogue **by one attribute at a time**: show it a jacket, choose *lapel design*, and it ranks
the catalogue by that lapel, whatever the colour, the model or the room behind.

Variables of the Space: `LAPEL_WEIGHTS` (a Hub repository `owner/name[@revision]`), `LAPEL_CATALOG` (a Hub dataset),
`LAPEL_HOME` (a mounted bucket, to keep what was embedded and imported), `LAPEL_DEVICE`, and as a secret
`LAPEL_ADMIN_TOKEN`, by which the host logs in. Visitors may import catalogues of their own: nobody else sees them, and
they end after a day. On ZeroGPU, pictures of visitors are embedded
on the GPU, catalogues and searches on the CPU.

Laid out by `make space`; the code is Apache-2.0, the weights' own card names the images that they were trained on.
"""
PACKAGES = "g++\n"  # hnswlib compiles
_REPORTS = ("*.json", "*.detail.npz", "foreground/*.json")
_NOT_DATA = {".py", ".pyc", ".md"}


def lay_out(root: Path, out: Path, title: str = "Lapel") -> list[Path]:
    """Write a Space's folder to `out`, which is made anew; returns its files, relative to it.

    DeployError when `out` holds something that is not a Space's folder.
    """
    if out.exists() and any(out.iterdir()) and not (out / "packages.txt").is_file():
        raise DeployError(f"{out} holds something else; give a new folder or an earlier one of `make space`")
    found = imports_of(root, "app.py")
    written = {
        "README.md": CARD.format(title=title, gradio=versions(root)["gradio"], python=ZERO_GPU_PYTHON),
        "requirements.txt": "\n".join(space_requirements(root, found.others)) + "\n",
        "packages.txt": PACKAGES,
    }
    files = set(found.files)
    for folder in {file.parent for file in found.files} - {Path()}:
        files |= {p.relative_to(root) for p in (root / folder).iterdir() if p.is_file() and p.suffix not in _NOT_DATA}
    for place in _shipped(root):
        files |= {p.relative_to(root) for p in place}
    shutil.rmtree(out, ignore_errors=True)
    for file in sorted({*files, Path("LICENSE")}):
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / file, out / file)
    for name, text in written.items():
        (out / name).write_text(text, encoding="utf-8")
    return sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())


def _shipped(root: Path) -> list[list[Path]]:
    """The files of `common.assets` that the app reads, under `root`."""
    whole = (assets.DEMO_CATALOG, assets.DEMO_TABLE, assets.EMBEDDED_WEIGHTS)
    here = [root / place.relative_to(assets.ASSETS.parent) for place in whole]
    reports = root / assets.REPORTS.relative_to(assets.ASSETS.parent)
    return [
        *([p for p in place.rglob("*") if p.is_file()] for place in here),
        sorted(p for kind in _REPORTS for p in reports.glob(kind)),
        [root / assets.PRICES.relative_to(assets.ASSETS.parent)],
    ]
