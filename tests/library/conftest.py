"""The small drawn catalog and its library are those of the page's tests."""

from tests.ui.conftest import library, opened, small_catalog

__all__ = ["library", "opened", "small_catalog"]
