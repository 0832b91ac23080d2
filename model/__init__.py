"""Networks and losses: tensors in, tensors out; weights from and to the Hub."""

from model import lean as lean  # isort: skip  (before whatever loads timm)
from model.applicability import APPLICABILITY, Applicability, Seen, applicability_features
from model.calibration import CalibrationRow
from model.card import card
from model.columns import Derivation, Section, repeated
from model.config import (
    CONFIGS,
    CROP,
    GENERAL,
    GLOBAL,
    OF_IMAGE,
    PATCH_ONLY,
    REGION,
    SUMMARY,
    VIEWS,
    WHOLE,
    Column,
    Config,
)
from model.crop import LONGEST
from model.derivation import Calibrated, derivation
from model.device import choose_device, has_bfloat16, mixed_precision, sent
from model.errors import DeviceError, ModelError, WeightsError
from model.gate import Gate
from model.hub import RECORD, download_trunk, load, load_record, push, save
from model.match import AT_LEAST, NEAR, Level, MatchMap, NoMatch, level, near, no_match
from model.matching import FIRST, among, fit_match
from model.pretrained import TIMM, init_patch_trunk, init_region_trunk, with_general
from model.reading import POSTERIOR, Reading, centred, load_reading, reading_about
from model.readout import NEVER, READING, Readout
from model.region import RegionBranch
from model.rpf import RPF, Output

__all__ = [
    "APPLICABILITY",
    "AT_LEAST",
    "CONFIGS",
    "CROP",
    "FIRST",
    "GENERAL",
    "GLOBAL",
    "LONGEST",
    "NEAR",
    "NEVER",
    "OF_IMAGE",
    "PATCH_ONLY",
    "POSTERIOR",
    "READING",
    "RECORD",
    "REGION",
    "RPF",
    "SUMMARY",
    "TIMM",
    "VIEWS",
    "WHOLE",
    "Applicability",
    "Calibrated",
    "CalibrationRow",
    "Column",
    "Config",
    "Derivation",
    "DeviceError",
    "Gate",
    "Level",
    "MatchMap",
    "ModelError",
    "NoMatch",
    "Output",
    "Reading",
    "Readout",
    "RegionBranch",
    "Section",
    "Seen",
    "WeightsError",
    "among",
    "applicability_features",
    "card",
    "centred",
    "choose_device",
    "derivation",
    "download_trunk",
    "fit_match",
    "has_bfloat16",
    "init_patch_trunk",
    "init_region_trunk",
    "level",
    "load",
    "load_reading",
    "load_record",
    "mixed_precision",
    "near",
    "no_match",
    "push",
    "reading_about",
    "repeated",
    "save",
    "sent",
    "with_general",
]
