"""Why a program's question is refused, as far as faces tell it apart; everything else is a RetrievalError or CatalogError."""

from retrieval import RetrievalError


class NotFound(RetrievalError):  # noqa: N818 - reads as what it says
    """The item, catalog or report that was named is not there."""


class NotAllowed(RetrievalError):  # noqa: N818
    """Only the host of the server may have that done."""


class NotReady(RetrievalError):  # noqa: N818
    """The service is starting or could not start."""
