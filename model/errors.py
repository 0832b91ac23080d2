class WeightsError(ValueError):
    """Weights, or an attribute asked of them, cannot be used; the message is one line and says what to do."""
