"""Networks and losses: tensors in, tensors out; weights from and to the Hub."""

from model.adapted import Branches
from model.applicability import Applicability, applicability_features
from model.calibration import PATCH, REGION, CalibrationRow
from model.card import card
from model.config import CONFIGS, GLOBAL, PATCH_ONLY, Config
from model.crop import LONGEST
from model.device import choose_device, has_bfloat16, mixed_precision
from model.errors import DeviceError, ModelError, WeightsError
from model.gate import Gate
from model.hub import RECORD, download_trunk, load, load_record, push, save
from model.pretrained import TIMM, init_patch_trunk, init_region_trunk
from model.region import RegionBranch
from model.rpf import RPF, Output

__all__ = [
    "CONFIGS",
    "GLOBAL",
    "LONGEST",
    "PATCH",
    "PATCH_ONLY",
    "RECORD",
    "REGION",
    "RPF",
    "TIMM",
    "Applicability",
    "Branches",
    "CalibrationRow",
    "Config",
    "DeviceError",
    "Gate",
    "ModelError",
    "Output",
    "RegionBranch",
    "WeightsError",
    "applicability_features",
    "card",
    "choose_device",
    "download_trunk",
    "has_bfloat16",
    "init_patch_trunk",
    "init_region_trunk",
    "load",
    "load_record",
    "mixed_precision",
    "push",
    "save",
]
