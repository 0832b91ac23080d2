"""Indexes in files: written in one step with their digests, read only where these are right."""

import json
import logging
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from common.files import beside as free_name
from common.files import sha256_of, write_in_one_step
from retrieval.backend import Backend, Index
from retrieval.errors import RetrievalError

_log = logging.getLogger("lapel.retrieval")

MANIFEST = "indexes.json"
ABANDONED = 24 * 3600
"""Seconds after which a folder that the manifest does not name was left by a process that ended."""


class IndexFiles:
    """The saved indexes of one catalog: a folder for each, and `indexes.json`.

    This installation alone writes them: an index is loaded only when the SHA-256 of each of its files
    stands in `indexes.json`, since hnswlib trusts what it reads.
    """

    def __init__(self, folder: Path, backend: Backend) -> None:
        self._folder = folder
        self._backend = backend

    def save(self, attribute: str, digest: str, index: Index) -> None:
        """Keep an index, made of the vectors that `digest` names, in the place of the attribute's old one."""
        self._folder.mkdir(parents=True, exist_ok=True)
        new = free_name(self._folder / "building")
        new.mkdir()
        try:
            index.save(new)
            files = {path.name: sha256_of(path) for path in sorted(new.iterdir())}
            name = f"index-{os.urandom(8).hex()}"
            new.replace(self._folder / name)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        entries = self._entries()
        old = entries.get(attribute)
        made = {"vectors": digest, "backend": self._backend.name, "parameters": self._backend.parameters}
        entries[attribute] = {"folder": name, "files": files, "rows": len(index), **made}
        write_in_one_step(self._folder / MANIFEST, json.dumps(entries, indent=1, ensure_ascii=False))
        self._sweep(entries, old)

    def load(self, attribute: str, digest: str, width: int) -> Index | None:
        """The index of vectors (rows, width) that `digest` names, made by this backend; None where there
        is none, or where it is damaged, which is logged."""
        entry = self._entries().get(attribute)
        if not isinstance(entry, dict) or not self._fits(entry, digest):
            return None
        try:
            folder = self._folder / Path(entry["folder"]).name
            if {path.name: sha256_of(path) for path in folder.iterdir()} != entry["files"]:
                raise ValueError(f"its files are not those that {MANIFEST} names")
            index = self._backend.load(folder, width)
            if len(index) != entry["rows"]:
                raise ValueError(f"it holds {len(index)} rows and not {entry['rows']}")
        except RetrievalError:  # a server that is away says nothing of its index
            raise
        except (OSError, KeyError, TypeError, AttributeError, ValueError, RuntimeError) as error:
            _log.warning("the index of '%s' is damaged (%s); building it again", attribute, error)
            return None
        return index

    def _fits(self, entry: Mapping[str, Any], digest: str) -> bool:
        made = {"vectors": digest, "backend": self._backend.name, "parameters": self._backend.parameters}
        return all(entry.get(key) == value for key, value in made.items())

    def _sweep(self, entries: Mapping[str, Any], old: Any) -> None:
        """Remove what an attribute's index replaced, and what no process is writing any more."""
        named = {entry.get("folder") for entry in entries.values() if isinstance(entry, dict)}
        for path in self._folder.iterdir():
            if not path.is_dir() or path.name in named:
                continue
            replaced = isinstance(old, dict) and path.name == old.get("folder")
            if replaced or time.time() - path.stat().st_mtime > ABANDONED:
                forget = getattr(self._backend, "forget", None)
                if forget is not None:  # its indexes are elsewhere too
                    forget(path, [self._folder / name for name in named if isinstance(name, str)])
                shutil.rmtree(path, ignore_errors=True)

    def _entries(self) -> dict[str, Any]:
        try:
            entries = json.loads((self._folder / MANIFEST).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return entries if isinstance(entries, dict) else {}
