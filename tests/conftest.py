"""What tests of several rooms share."""

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import torch


@pytest.fixture(scope="session")
def device() -> "torch.device":
    """`LAPEL_TEST_DEVICE`, where the tests marked `device` compute: cpu by default, or cuda, or mps. It has to be there."""
    from model.device import choose_device

    return choose_device(os.environ.get("LAPEL_TEST_DEVICE") or "cpu")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with browser tests first: they take longest, and would be waited for by the other process at the end."""
    slow = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in slow)
