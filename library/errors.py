"""Errors of the library."""


class LibraryError(ValueError):
    """What was asked of the library cannot be done; the message says why and what to do."""


class UnknownCatalog(LibraryError):  # noqa: N818 - reads as what it says
    """There is no such catalog, or it is another visitor's: nobody is told which."""
