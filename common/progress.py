"""The progress bar of every command."""

import sys
from types import TracebackType
from typing import Any

from tqdm import tqdm


class ProgressBar:
    """A bar on stderr with the time left, which appears with the first movement.

    Called with items done and items in all, as the long functions report it, or moved on by `advance`.
    """

    def __init__(self, label: str, total: int | None = None, unit: str = "images") -> None:
        self._label, self._total, self._unit = label, total, unit
        self._bar: tqdm[Any] | None = None

    @property
    def moved(self) -> bool:
        return self._bar is not None

    def __call__(self, done: int, total: int) -> None:
        bar = self._shown(total)
        bar.update(done - bar.n)

    def advance(self, count: int = 1) -> None:
        self._shown(self._total).update(count)

    def _shown(self, total: int | None) -> "tqdm[Any]":
        if self._bar is None:
            self._bar = tqdm(total=total, desc=self._label, unit=f" {self._unit}", file=sys.stderr)
        return self._bar

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
