"""What long work tells people while it goes on: lines, to stderr unless somebody else listens."""

import sys
from collections.abc import Callable

Say = Callable[[str], None]


def to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
