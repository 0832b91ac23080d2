"""What tests need that is installed only when it is asked for: `make scale`."""

import os
from importlib.util import find_spec

import pytest


def needs(*packages: str) -> None:
    """Skip the test file that calls this where a package is missing; with `LAPEL_TEST_SCALE`, where all of them have been
    installed, that is a failure."""
    missing = [name for name in packages if find_spec(name) is None]
    if not missing:
        return
    reason = f"{', '.join(missing)} is not installed: make scale"
    if os.environ.get("LAPEL_TEST_SCALE"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason, allow_module_level=True)
