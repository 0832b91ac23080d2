"""The browser is that of the page's tests."""

from tests.ui.conftest import browser

__all__ = ["browser"]
