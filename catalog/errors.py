class CatalogError(ValueError):
    """A catalog, or an image of it, cannot be used; the message is one line and says what to do."""
