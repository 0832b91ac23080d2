"""Passes of a trunk recorded as CUDA graphs and played again: one call in place of the hundreds that a pass is made of.

Each of those calls gives Python's lock up and waits for it again, which the threads that read pictures hold meanwhile.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

SIZES = (128, 64)
"""Squares of a recorded pass, the largest first."""
FULL = 0.75
"""Share of the smallest that are left over from which on they are seen by it too, beside others; fewer are not recorded."""

TRIES = 3
"""Times that a recording is tried."""

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
        self._passes: dict[tuple[object, ...], _Pass | int] = {}

    def __call__(self, squares: Tensor) -> Tensor:
        if squares.is_cuda and len(squares):
            stream = torch.cuda.current_stream(squares.device)
            if stream != torch.cuda.default_stream(squares.device):
                return self.on(stream.cuda_stream, squares)
        return self._run(squares)

    def on(self, stream: int, squares: Tensor) -> Tensor:
        """Rows of one square or more, on the stream of a number, which is the current one."""
        found, start = [], 0
        for count, size in pieces(len(squares)):
            piece = squares[start : start + count]
            found.append(self._piece(piece, size, stream) if size else self._run(piece))
            start += count
        return found[0] if len(found) == 1 else torch.cat(found)

    def _piece(self, piece: Tensor, size: int, stream: int) -> Tensor:
        key = (stream, size, piece.shape[1:], piece.dtype)
        known = self._passes.get(key, 0)
        if isinstance(known, _Pass):
            return known(piece)
        found = self._run(piece)  # what libraries set up for a thread at its first pass cannot be recorded
        if known <= TRIES:
            self._passes[key] = (_recorded(self._run, piece, size) if known else None) or known + 1
        return found


@dataclass(frozen=True, eq=False)
class _Pass:
    """A recording, and the memory that it reads and writes; for one stream."""

    graph: torch.cuda.CUDAGraph
    squares: Tensor
    found: Tensor

    def __call__(self, piece: Tensor) -> Tensor:
        self.squares[: len(piece)].copy_(piece)
        self.graph.replay()
        return self.found[: len(piece)].clone()


def _recorded(run: _Run, piece: Tensor, size: int) -> _Pass | None:
    """None where that fails, as it does when another thread does something meanwhile that a recording forbids."""
    graph, squares = torch.cuda.CUDAGraph(), piece.new_zeros(size, *piece.shape[1:])
    try:
        graph.capture_begin(capture_error_mode="thread_local")  # other threads allocate meanwhile
        try:
            found = run(squares)
        finally:
            graph.capture_end()
    except RuntimeError as error:
        _log.info("a pass was not recorded: %s", str(error).partition("\n")[0])
        return None
    return _Pass(graph, squares, found)


def pieces(count: int) -> Iterator[tuple[int, int]]:
    """How squares are shared out: how many, and of how many the pass is that sees them; 0: of as many."""
    for size in SIZES:
        while count >= size:
            yield size, size
            count -= size
    if count:
        yield count, SIZES[-1] if count >= FULL * SIZES[-1] else 0
