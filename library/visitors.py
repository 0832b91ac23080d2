"""Who asks: the host of this installation, or a visitor of a public one."""

import hashlib
import re
import secrets
from dataclasses import dataclass

_KEY = re.compile(r"[A-Za-z0-9_-]{32,64}")


@dataclass(frozen=True)
class Visitor:
    """key: unguessable, kept in the visitor's browser; '' where there is none. admin: whether this is the host."""

    key: str = ""
    admin: bool = False

    @property
    def mark(self) -> str:
        """What the library remembers a visitor by, which does not give the key away; '' for nobody."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:32] if self.key else ""


HOST = Visitor("", True)
"""The only one on one's own machine."""


def new_key() -> str:
    """A key for a visitor: 32 characters, of 24 random bytes."""
    return secrets.token_urlsafe(24)


def is_key(text: str) -> bool:
    """Whether a text has the form of `new_key`; what is longer may be one that a program made itself."""
    return _KEY.fullmatch(text) is not None
