"""Passes of a trunk recorded as CUDA graphs and played again: one call in place of the hundreds that a pass is made of.

Each of those calls gives Python's lock up and waits for it again, which the threads that read pictures hold meanwhile.
"""

import logging
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

SIZES = (128, 64)
"""Squares of a recorded pass, the largest first."""
FULL = 0.75
"""Share of the smallest that are left over from which on they are seen by it too, beside others; fewer are not recorded."""

_log = logging.getLogger("lapel.retrieval")
_Run = Callable[[Tensor], Tensor]


class Recorded:
    """A pass over squares (n, ...), which gives rows (n, ...) that do not depend on each other.

    On a stream of its own of a GPU (`executor.Placed.apart`), the squares are seen in pieces of `SIZES`; what a piece needs is
    recorded when a stream sees one for the second time. Everywhere else it is `run` as it is. Thread-safe where threads share
    no stream. run: computes on its device alone, and waits for nothing.
    """

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._passes: dict[tuple[object, ...], _Pass | None] = {}

    def __call__(self, squares: Tensor) -> Tensor:
        if not squares.is_cuda or not len(squares):
            return self._run(squares)
        stream = torch.cuda.current_stream(squares.device)
        if stream == torch.cuda.default_stream(squares.device):
            return self._run(squares)
        found, start = [], 0
        for count, size in pieces(len(squares)):
            piece = squares[start : start + count]
            found.append(self._piece(piece, size, stream.cuda_stream) if size else self._run(piece))
            start += count
        return found[0] if len(found) == 1 else torch.cat(found)

    def _piece(self, piece: Tensor, size: int, stream: int) -> Tensor:
        key = (stream, size, piece.shape[1:], piece.dtype)
        if key not in self._passes:  # what a library sets up at a first pass cannot be recorded
            self._passes[key] = None
            return self._run(piece)
        known = self._passes[key] or _Pass(self._run, piece, size)
        self._passes[key] = known
        return known(piece)


class _Pass:
    """One recording, and the memory that it reads and writes; for one stream."""

    def __init__(self, run: _Run, piece: Tensor, size: int) -> None:
        self._run = run
        self._squares = piece.new_zeros(size, *piece.shape[1:])
        self._graph: torch.cuda.CUDAGraph | None = torch.cuda.CUDAGraph()
        self._found = self._squares
        try:
            self._graph.capture_begin(capture_error_mode="thread_local")  # other threads allocate meanwhile
            try:
                self._found = run(self._squares)
            finally:
                self._graph.capture_end()
        except RuntimeError as error:
            _log.warning("a pass could not be recorded, and is slower: %s", str(error).partition("\n")[0])
            self._graph = None

    def __call__(self, piece: Tensor) -> Tensor:
        if self._graph is None:
            return self._run(piece)
        self._squares[: len(piece)].copy_(piece)
        self._graph.replay()
        return self._found[: len(piece)].clone()


def pieces(count: int) -> Iterator[tuple[int, int]]:
    """How squares are shared out: how many, and of how many the pass is that sees them; 0: of as many."""
    for size in SIZES:
        while count >= size:
            yield size, size
            count -= size
    if count:
        yield count, SIZES[-1] if count >= FULL * SIZES[-1] else 0
