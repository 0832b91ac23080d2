class RetrievalError(ValueError):
    """A search, a table or an index cannot be made as asked; the message is one line and says what to do."""


class MissingAttributes(RetrievalError):  # noqa: N818 - reads as what it says
    """The weights know these attributes, the catalog is not embedded for them yet."""

    def __init__(self, attributes: list[str]) -> None:
        self.attributes = attributes
        names = ", ".join(attributes)
        super().__init__(f"the catalog is not embedded for: {names}; embed them first (`ensure`, or `retrieval embed`)")
