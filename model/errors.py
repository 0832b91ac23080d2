class ModelError(ValueError):
    """Something asked of networks cannot be had; the message is one line and says what to do."""


class WeightsError(ModelError):
    """Weights, or an attribute asked of them, cannot be used."""


class DeviceError(ModelError):
    """A device cannot be used."""
