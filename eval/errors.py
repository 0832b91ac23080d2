class EvalError(ValueError):
    """An evaluation cannot be made, or a report not be read; the message is one line and says what to do."""
