class DeployError(Exception):
    """A folder that cannot be laid out, checked or uploaded; the message says why and what to do."""
