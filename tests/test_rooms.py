"""The house (README): who may import whom, and what only one room may do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = (
    ("app",),
    ("ui",),
    ("library",),
    ("training",),
    ("eval",),
    ("retrieval",),
    ("catalog", "model"),
    ("common",),
)
"""Top to bottom; a file imports from its own room and from lower floors."""
HEIGHT = {room: height for height, rooms in enumerate(reversed(FLOORS)) for room in rooms}
BESIDE = {"atelier": {"catalog", "common"}, "deploy": {"common"}}
"""Rooms beside the house, and what they may import."""
PUBLIC_MODULES = {"eval.figures", "eval.metrics"}
"""Modules that other rooms import as such: one loads plotly, the other is a name space of pure functions."""
FILES = [
    path.relative_to(ROOT)
    for room in [*HEIGHT, *BESIDE]
    for path in ([ROOT / f"{room}.py"] if room == "app" else sorted((ROOT / room).rglob("*.py")))
]


def room_of(module: str) -> str:
    return module.partition(".")[0]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Absolute names of the modules that a file imports, wherever in it, with their lines."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def test_there_are_files_in_every_room() -> None:
    assert {room_of(path.parts[0].removesuffix(".py")) for path in FILES} >= set(HEIGHT)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_imports_only_from_lower_floors(path: Path) -> None:
    own = room_of(path.parts[0].removesuffix(".py"))
    for module, line in imports(path):
        room = room_of(module)
        if room == own or room not in HEIGHT:
            assert room not in BESIDE or room == own, f"{path}:{line} imports {module}, a room beside the house"
            continue
        allowed = room in BESIDE[own] if own in BESIDE else HEIGHT[room] < HEIGHT[own]
        assert allowed, f"{path}:{line} imports {module}, which is not below {own}"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_other_rooms_are_asked_for_what_they_export(path: Path) -> None:
    """Imports from another room name the room, or a room in it, and never a module behind it."""
    own = room_of(path.parts[0].removesuffix(".py"))
    for module, line in imports(path):
        room = room_of(module)
        if room in (own, "common") or room not in HEIGHT or module in PUBLIC_MODULES:
            continue
        package = ROOT / module.replace(".", "/") / "__init__.py"
        assert package.is_file(), f"{path}:{line} imports {module}; export what it needs from {room}"


@pytest.mark.parametrize(
    "library, rooms",
    [
        ("gradio", ("app.py", "ui")),
        ("plotly", ("eval/figures.py", "eval/poc_figures.py")),
        ("skia", ("atelier",)),
        ("hnswlib", ("retrieval/index.py",)),
        ("rapidfuzz", ("retrieval/wording/alike.py",)),
    ],
)
def test_a_library_has_one_room(library: str, rooms: tuple[str, ...]) -> None:
    for path in FILES:
        if not any(path.as_posix() == room or path.is_relative_to(room) for room in rooms):
            found = [line for module, line in imports(path) if room_of(module) == library]
            assert not found, f"{path}:{found[0]} imports {library}, which belongs to {', '.join(rooms)}"


def test_one_file_reads_the_environment() -> None:
    for path in FILES:
        if path.as_posix() in ("common/environment.py", "app.py"):  # app.py sets what libraries read
            continue
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            read = isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
            assert not read, f"{path}:{node.lineno} reads the environment; ask common.environment"


def test_other_rooms_take_from_retrieval_what_it_exports() -> None:
    for path in FILES:
        if room_of(path.parts[0]) != "retrieval":
            deep = [f"{path}:{line} {module}" for module, line in imports(path) if module.startswith("retrieval.")]
            assert not deep, f"{deep[0]} is private; import it from retrieval, which exports it or should"
