"""Networks and losses: tensors in, tensors out; weights from and to the Hub."""

from model.adapted import Branches
from model.calibration import CalibrationRow
from model.card import card
from model.config import CONFIGS, CROP, GENERAL, GLOBAL, PATCH_ONLY, REGION, VIEWS, WHOLE, Config
from model.crop import LONGEST
from model.derivation import Calibrated, Column, Derivation, Section, derivation, repeated
from model.device import choose_device, has_bfloat16, mixed_precision
from model.errors import DeviceError, ModelError, WeightsError
from model.gate import Gate
from model.hub import RECORD, download_trunk, load, load_record, push, save
from model.pretrained import TIMM, init_patch_trunk, init_region_trunk, with_general
from model.reading import POSTERIOR, Reading, centred, load_reading
from model.region import RegionBranch
from model.rpf import RPF, Output

__all__ = [
    "CONFIGS",
    "CROP",
    "GENERAL",
    "GLOBAL",
    "LONGEST",
    "PATCH_ONLY",
    "POSTERIOR",
    "RECORD",
    "REGION",
    "RPF",
    "TIMM",
    "VIEWS",
    "WHOLE",
    "Branches",
    "Calibrated",
    "CalibrationRow",
    "Column",
    "Config",
    "Derivation",
    "DeviceError",
    "Gate",
    "ModelError",
    "Output",
    "Reading",
    "RegionBranch",
    "Section",
    "WeightsError",
    "card",
    "centred",
    "choose_device",
    "derivation",
    "download_trunk",
    "has_bfloat16",
    "init_patch_trunk",
    "init_region_trunk",
    "load",
    "load_reading",
    "load_record",
    "mixed_precision",
    "push",
    "repeated",
    "save",
    "with_general",
]
