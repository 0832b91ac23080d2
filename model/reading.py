"""A reading: raw embeddings in, the chances of an attribute's values out, by one linear map.

`training.teach` fits it in closed form. Two images score the sum over the values of p p', the chance
that they share the value, which is an inner product; beside it may stand the cosine of the general
view, or the score that the attribute has in the weights.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from common.files import replacing
from model.columns import Derivation, Section
from model.config import GENERAL, Column
from model.errors import ModelError
from model.match import MatchMap

FORMAT = "lapel-reading/1"
POSTERIOR = "posterior"
_GENERAL = Column("", GENERAL)


@dataclass(frozen=True, eq=False)
class Reading:
    """A taught attribute; a `model.derivation.Derivation`.

    parts: raw columns that are read. centres: float16 (D,) each. weights: float16 (D, values) each;
    the logits of the values are the sum over the parts of `centred` @ weights, in which the parts' own
    weights and the temperature are contained already. mix: share of "posterior" and of the
    sections beside it; they sum to 1. own: how the weights' attribute of this name is derived, where
    its score has a share. record: how it was fitted and what left-out labels say, for JSON. match: from
    the same left-out labels.
    """

    name: str
    values: tuple[str, ...]
    parts: tuple[Column, ...]
    centres: tuple[np.ndarray, ...]
    weights: tuple[np.ndarray, ...]
    mix: Mapping[str, float]
    general_centre: np.ndarray | None = None
    own: Derivation | None = None
    record: Mapping[str, Any] = field(default_factory=dict)
    match: MatchMap | None = None
    plain = False
    seen = None

    @cached_property
    def needs(self) -> tuple[Column, ...]:
        """Raw columns in the order of `apply`: those read first, then what stands beside lacks."""
        beside = [_GENERAL] if self.general_centre is not None else []
        beside += list(self.own.needs) if self.own is not None else []
        return tuple(dict.fromkeys([*self.parts, *(Column(*column) for column in beside)]))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        found = [Section(POSTERIOR, len(self.values), False)]
        if self.general_centre is not None:
            found.append(Section(GENERAL, len(self.general_centre)))
        return (*found, *(self.own.sections if self.own is not None else ()))

    @property
    def read_from(self) -> str | None:
        """The attribute of the weights that the values are read from most; None for the general view alone."""
        sizes: dict[str, float] = {}
        for part, weights in zip(self.parts, self.weights, strict=True):
            if part.attribute:
                size = float(np.linalg.norm(weights.astype(np.float32)))
                sizes[part.attribute] = sizes.get(part.attribute, 0.0) + size
        return max(sizes, key=lambda name: sizes[name]) if sizes else None

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over all that derived vectors depend on beside the raw columns."""
        sha = hashlib.sha256(json.dumps([self.values, self.needs]).encode())
        for array in (*self.centres, *self.weights, *self._general()):
            sha.update(np.ascontiguousarray(array, np.float16).tobytes())
        if self.own is not None:
            sha.update(self.own.digest.encode())
        return sha.hexdigest()

    def posterior(self, raw: Sequence[np.ndarray]) -> np.ndarray:
        """Chances of the values, float32 (n, values), each row of sum 1; raw: as for `apply`."""
        logits = np.zeros((len(raw[0]), len(self.values)), np.float32)
        for part, centre, weights in zip(raw, self.centres, self.weights, strict=False):
            logits += centred(part, centre) @ weights.astype(np.float32)
        logits = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances: np.ndarray = logits / logits.sum(axis=1, keepdims=True)
        return chances

    def on(self, means: Mapping[Column, np.ndarray], count: int) -> "Reading":
        """Itself, but for the weights' attribute beside it: it was taught on the catalog."""
        return self if self.own is None else replace(self, own=self.own.on(means, count))

    def apply(self, raw: Sequence[np.ndarray]) -> np.ndarray:
        """Derived vectors float32 (n, sum of widths); raw: unit (n, D) each, as `needs` names them."""
        found = [self.posterior(raw)]
        by_column = dict(zip(self.needs, raw, strict=True))
        if self.general_centre is not None:
            found.append(centred(by_column[_GENERAL], self.general_centre))
        if self.own is not None:
            found.append(self.own.apply([by_column[Column(*column)] for column in self.own.needs]))
        return np.concatenate(found, axis=1, dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write one .safetensors file, in one step; what it says of itself is JSON in its header."""
        tensors = {f"centre.{place}": array for place, array in enumerate(self.centres)}
        tensors |= {f"weights.{place}": array for place, array in enumerate(self.weights)}
        tensors |= {} if self.general_centre is None else {"general": self.general_centre}
        said = {"name": self.name, "values": self.values, "parts": self.parts, "mix": dict(self.mix)}
        some: dict[str, Any] = {"own": self.own.digest} if self.own is not None else {}
        some |= {"match": self.match.to_json()} if self.match is not None else {}
        header = json.dumps({**said, **some, "record": dict(self.record)})
        stored = {name: np.ascontiguousarray(array, np.float16) for name, array in tensors.items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as new:
            save_file(stored, new, {"format": FORMAT, "reading": header})

    def _general(self) -> tuple[np.ndarray, ...]:
        return () if self.general_centre is None else (self.general_centre,)


def centred(raw: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Embeddings (n, D) less their centre (D,), of length 1 again, float32."""
    moved = np.asarray(raw, np.float32) - centre
    unit: np.ndarray = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)
    return unit


def load_reading(path: Path, own: Callable[[str], Derivation] | None = None) -> Reading:
    """The reading of a file; own: how an attribute of the weights is derived, by its name.

    ModelError when the file is none, is damaged, or needs an attribute of other weights than these.
    """
    try:
        with safe_open(path, framework="np") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if header.get("format") != FORMAT:
            raise ValueError(f"its format is {header.get('format')!r}, not {FORMAT!r}")
        said = json.loads(header["reading"])
        parts = tuple(Column(*column) for column in said["parts"])
        reading = Reading(
            said["name"],
            tuple(said["values"]),
            parts,
            tuple(tensors[f"centre.{place}"] for place in range(len(parts))),
            tuple(tensors[f"weights.{place}"] for place in range(len(parts))),
            said["mix"],
            tensors.get("general"),
            _derived(said, own),
            said["record"],
            MatchMap.from_json(said["match"]) if "match" in said else None,
        )
        _check(reading)
    except (OSError, SafetensorError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, ModelError):
            raise
        line = str(error).partition("\n")[0]
        raise ModelError(f"{path} is no taught attribute; teach it again: {line}") from error
    return reading


def reading_about(path: Path) -> tuple[str, tuple[str, ...], Mapping[str, Any]]:
    """Name, values and record of a reading's file, whatever weights it is for; ModelError when it is none."""
    try:
        with safe_open(path, framework="np") as file:
            said = json.loads((file.metadata() or {})["reading"])
        return str(said["name"]), tuple(map(str, said["values"])), dict(said["record"])
    except (OSError, SafetensorError, LookupError, TypeError, ValueError) as error:
        raise ModelError(f"{path} is no taught attribute; teach it again") from error


def _derived(said: Mapping[str, Any], own: Callable[[str], Derivation] | None) -> Derivation | None:
    """How the weights derive the attribute whose score has a share; None where none has."""
    if "own" not in said:
        return None
    found = own(said["name"]) if own is not None else None
    if found is None or found.digest != said["own"]:
        raise ModelError(f"'{said['name']}' was taught on top of other weights; teach it again with these")
    return found


def _check(reading: Reading) -> None:
    """ValueError where arrays do not fit each other."""
    for centre, weights in zip(reading.centres, reading.weights, strict=True):
        if weights.shape != (*centre.shape, len(reading.values)):
            raise ValueError(f"weights of shape {weights.shape} for {len(reading.values)} values")
    if set(reading.mix) != {section.name for section in reading.sections}:
        raise ValueError("its shares do not fit its sections")
