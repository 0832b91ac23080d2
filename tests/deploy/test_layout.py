"""The folder of a Space: whole, and no more than the app needs."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import RepoCard

from deploy import DeployError, lay_out
from deploy.imports import imports_of
from deploy.requirements import space_requirements, versions

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("space") / "space"
    files = lay_out(ROOT, folder, "A shop")
    assert sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file()) == files
    return folder


def test_every_module_of_it_can_be_imported_from_it_alone(space: Path) -> None:
    code = """
import importlib, json, pathlib, sys
for path in sorted(pathlib.Path().rglob("*.py")):
    parts = path.with_suffix("").parts
    importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
rooms = {path.parts[0].removesuffix(".py") for path in pathlib.Path().rglob("*.py")}
ours = {m.__file__ for name, m in sys.modules.items() if name.partition(".")[0] in rooms}
print(json.dumps(sorted(ours)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=space, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    loaded = [Path(file) for file in json.loads(done.stdout)]
    assert len(loaded) == len(list(space.rglob("*.py")))
    assert all(file.is_relative_to(space) for file in loaded)


def test_it_holds_what_the_app_reads_and_no_more(space: Path) -> None:
    for name in ("app.py", "ui/style.css", "assets/catalog/catalog.csv", "assets/weights/rpf-tiny/model.safetensors"):
        assert (space / name).read_bytes() == (ROOT / name).read_bytes()
    assert len(list((space / "assets/catalog/images").iterdir())) == 1260
    rooms = {path.name for path in space.iterdir()}
    assert not rooms & {"tests", "atelier", "benchmarks", "deploy", "docs", "Makefile", "constraints.txt"}
    place = ROOT / "assets/reports"
    wanted = {
        path.relative_to(place) for kind in ("*.json", "*.detail.npz", "foreground/*") for path in place.glob(kind)
    }
    assert {Path("street.json"), Path("street.detail.npz"), Path("foreground/attention.json")} <= wanted
    there = space / "assets/reports"
    assert {path.relative_to(there) for path in there.rglob("*") if path.is_file()} == wanted
    assert (space / "retrieval/wording/vocabulary.csv").is_file() and (space / "assets/poc/prices.json").is_file()


def test_front_matter_and_requirements_are_those_of_a_zero_gpu_space(space: Path) -> None:
    told = RepoCard.load(space / "README.md").data.to_dict()
    assert (told["title"], told["sdk"], told["app_file"]) == ("A shop", "gradio", "app.py")
    assert told["python_version"] in ("3.12.12", "3.10.13")
    assert told["sdk_version"] == versions(ROOT)["gradio"]
    assert len(told["short_description"]) <= 60
    lines = dict(line.split("==") for line in (space / "requirements.txt").read_text().splitlines())
    assert lines["torch"] in ("2.8.0", "2.9.1", "2.10.0", "2.11.0")
    assert {"torchvision", "timm", "hnswlib", "pillow", "numpy"} <= set(lines)
    assert not {"gradio", "spaces", "huggingface-hub", "accelerate", "pytest"} & set(lines)
    assert (space / "packages.txt").read_text().split() == ["g++"]


def test_it_is_made_anew_and_nothing_else_is_overwritten(space: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(space, again, ignore=shutil.ignore_patterns("images"))
    (again / "left.py").write_text("")
    lay_out(ROOT, again)
    assert not (again / "left.py").exists()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("keep")
    with pytest.raises(DeployError, match="holds something else"):
        lay_out(ROOT, mine)
    assert (mine / "letter.txt").read_text() == "keep"


def test_imports_are_followed_into_functions_and_packages(tmp_path: Path) -> None:
    for name, text in {
        "app.py": "from typing import TYPE_CHECKING\nimport json\nif TYPE_CHECKING:\n    import mypy_only\n"
        "def run():\n    from room import part\n",
        "room/__init__.py": "import numpy.linalg\n",
        "room/part.py": "from room.deep.down import thing\n",
        "room/deep/__init__.py": "",
        "room/deep/down.py": "from PIL import Image\nthing = 1\n",
        "room/unused.py": "import torch\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = imports_of(tmp_path, "app.py")
    assert {file.as_posix() for file in found.files} == {
        "app.py",
        "room/__init__.py",
        "room/part.py",
        "room/deep/__init__.py",
        "room/deep/down.py",
    }
    assert {"numpy", "PIL", "json"} <= found.others and not {"torch", "mypy_only"} & found.others


def test_a_package_that_requirements_lack_is_named() -> None:
    with pytest.raises(DeployError, match="does not list: left-pad"):
        space_requirements(ROOT, {"numpy", "left_pad"})
