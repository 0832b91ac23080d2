"""Two digests of a network: of its weights as they are published, and of what its embeddings depend on."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from torch import Tensor

from model.config import Config

WITHOUT_EFFECT = ("beta", "betas", "mix", "mixes", "views", "calibration_axes", "matches", "applicability", "reading")
"""Fields of `Config` that say how raw embeddings are compared, not what they are."""
DERIVING = ("calibration.", "general_calibration.", "applicability.", "readout.")
"""What makes derived vectors of raw embeddings."""
BY_ATTRIBUTE = ("attributes",)
"""Fields that `embedding_digest` reads attribute by attribute: names count, values and order do not."""
_ROWS = ("attributes.",)


def weights_digest(config: Config, state: Mapping[str, Tensor]) -> str:
    """SHA-256 (hex) over configuration and weights as they are stored.

    state: as `state_dict()` gives it. Float16 and float32 copies of one file agree.
    """
    return _sha256([_text(_unusual(config)), *_tensors(state)])


def embedding_digest(config: Config, state: Mapping[str, Tensor]) -> str:
    """SHA-256 (hex) over what the raw embeddings of an image depend on; state: as for `weights_digest`.

    Left out are calibration and mix, the names of values, and the order of attributes:
    each attribute counts with its name and its rows.
    """
    skipped = (*WITHOUT_EFFECT, *BY_ATTRIBUTE)
    fields = {key: value for key, value in _unusual(config).items() if key not in skipped}
    shared = {name: value for name, value in state.items() if not name.startswith((*_ROWS, *DERIVING))}
    parts = [_text(fields), *_tensors(shared)]
    for attribute in sorted(config.attributes):
        parts += [_text(attribute), *_tensors(_part_of(attribute, config, state))]
    return _sha256(parts)


def _part_of(attribute: str, config: Config, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What only one attribute uses: its rows."""
    index = config.attribute_index(attribute)
    return {name: value[index] for name, value in state.items() if name.startswith(_ROWS)}


def _unusual(config: Config) -> dict[str, Any]:
    """The fields that differ from the defaults, so that a field added later changes no digest."""
    given, usual = (json.loads(json.dumps(asdict(each))) for each in (config, Config()))
    return {key: value for key, value in given.items() if value != usual[key]}


def _tensors(state: Mapping[str, Tensor]) -> list[bytes]:
    parts = []
    for name, value in sorted(state.items()):
        parts += [name.encode(), value.detach().half().cpu().contiguous().numpy().tobytes()]
    return parts


def _text(value: object) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


def _sha256(parts: list[bytes]) -> str:
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part)
    return sha.hexdigest()
