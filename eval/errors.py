class EvalError(ValueError):
    """An evaluation cannot be made, or a report not be read; the message is one line and says what to do."""


class Stopped(EvalError):  # noqa: N818 - nothing went wrong
    """An evaluation was told to stop, and did."""
