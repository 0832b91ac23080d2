"""For a machine without a GPU: leaves out the two calls of a ZeroGPU worker that start CUDA; the rest is the package's own.

The worker is scheduled, forked, allowed, given its task and released as on ZeroGPU, and computes on the CPU.
"""

import importlib.util
import sys
from importlib.abc import MetaPathFinder

PATCHED = "spaces.zero.torch"


class _Finder(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != PATCHED:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            module.init = lambda nvidia_uuid: None
            module.move = lambda callback=None: None

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, _Finder())
