"""What a program imports, read from its source: our own files, and the packages of others."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Imports:
    """files: our own, relative to the root. others: top-level names of packages that are neither ours nor Python's."""

    files: set[Path] = field(default_factory=set)
    others: set[str] = field(default_factory=set)


def imports_of(root: Path, *starts: str) -> Imports:
    """Everything that the files `starts` (relative to `root`) import, directly or not, inside functions too.

    What is imported for type checkers alone does not count.
    """
    found, todo = Imports(), [Path(start) for start in starts]
    while todo:
        file = todo.pop()
        if file in found.files:
            continue
        found.files.add(file)
        for name in _names(ast.parse((root / file).read_text(encoding="utf-8"))):
            own = _files(root, name)
            todo += own
            if not own:
                found.others.add(name.partition(".")[0])
    return found


def _names(tree: ast.AST) -> Iterator[str]:
    """Dotted names that are imported; of `from a import b` both `a.b` and `a`, since b can be a module."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        yield from _names(node)


def _files(root: Path, name: str) -> list[Path]:
    """Our files that importing a dotted name runs: each package on the way, and the module."""
    found, parts = [], name.split(".")
    for end in range(1, len(parts) + 1):
        place = Path(*parts[:end])
        found += [file for file in (place / "__init__.py", place.with_suffix(".py")) if (root / file).is_file()]
    return found
