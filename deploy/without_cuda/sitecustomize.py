"""For a machine without a GPU: leaves out the two calls of a ZeroGPU worker that start CUDA; the rest is the package's own.

The worker is scheduled, forked, allowed, given its task and released as on ZeroGPU, and computes on the CPU.
"""

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

PATCHED = "spaces.zero.torch"


class _Finder(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != PATCHED:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            vars(module).update(init=lambda nvidia_uuid: None, move=lambda callback=None: None)

        vars(spec.loader)["exec_module"] = exec_module
        return spec


sys.meta_path.insert(0, _Finder())
