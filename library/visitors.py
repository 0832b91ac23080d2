"""Who asks: the host of this installation, or a visitor of a public one."""

import hashlib
from dataclasses import dataclass


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
