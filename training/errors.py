class TrainingError(ValueError):
    """Training cannot start or go on; the message is one line and says what to do."""
