"""Who asks: the host of this installation, or a visitor of a public one, known by a key that nobody can guess."""

import re
import secrets
from dataclasses import dataclass

_KEY = re.compile(r"[A-Za-z0-9_-]{32,64}")


@dataclass(frozen=True)
class Visitor:
    """key: what his things are known by; it is a secret between his browser and this server.
    admin: whether he may change what belongs to the host.
    """

    key: str
    admin: bool = False


HOST = Visitor("", True)
"""Everyone on a machine that is not public."""


def new_key() -> str:
    """A key for a visitor: 32 characters, of 24 random bytes."""
    return secrets.token_urlsafe(24)


def is_key(text: str) -> bool:
    """Whether a text has the form of `new_key`; what is longer may be one that a program made itself."""
    return _KEY.fullmatch(text) is not None
