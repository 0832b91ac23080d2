"""What long work tells people while it goes on: lines, to stderr unless somebody else listens."""

import sys
from collections.abc import Callable

Say = Callable[[str], None]


def to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def counted(count: int, what: str) -> str:
    """Such as "1 value", "1,200 values": a number of things whose name takes an s."""
    return f"{count:,} {what}{'s' * (count != 1)}"
