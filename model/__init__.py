"""Networks and losses: tensors in, tensors out; weights from and to the Hub."""

from model.config import CONFIGS, Config
from model.errors import DeviceError, ModelError, WeightsError
from model.hub import load, push, save
from model.rpf import RPF, Output

__all__ = ["CONFIGS", "RPF", "Config", "DeviceError", "ModelError", "Output", "WeightsError", "load", "push", "save"]
