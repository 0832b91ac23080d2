"""Put what an attribute learnt into a network: one more row, branches of its own, the rest as it was."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from model import RPF
from training.adapt.branches import Fitted
from training.calibrate import rows_of, with_rows


def extend(network: RPF, attribute: str, values: Sequence[str], fitted: Fitted, beta: float) -> RPF:
    """A new network, in evaluation mode, that also knows `attribute` with these values (new ones follow the known).

    Every other attribute keeps its row, its branches and its β; the ViT's last blocks become those of `fitted`.
    """
    old = network.config
    known = old.attributes.get(attribute, [])
    attributes = {**old.attributes, attribute: [*known, *(value for value in values if value not in known)]}
    adapted = old.adapted if attribute in old.adapted else [*old.adapted, attribute]
    stored = dict(network.state_dict())
    rows = torch.cat((stored["attributes.weight"], fitted.row[None]))[: len(attributes)]
    rows[list(attributes).index(attribute)] = fitted.row
    stored["attributes.weight"] = rows
    first = len(network.vit.blocks) - len(fitted.tail.blocks)
    places = {f"own.{adapted.index(attribute)}": fitted.branches}
    places |= {f"vit.blocks.{first + place}": block for place, block in enumerate(fitted.tail.blocks)}
    for place, module in places.items():
        stored |= {f"{place}.{name}": value for name, value in module.state_dict().items()}
    config = replace(old, attributes=attributes, adapted=adapted, betas={**old.betas, attribute: beta})
    extended = RPF(replace(config, calibration_axes=None))
    extended.load_state_dict({name: value for name, value in stored.items() if not name.startswith("calibration.")})
    index, calibrations = list(attributes).index(attribute), rows_of(network)
    calibrations.pop(index, None)
    if fitted.calibration is not None:
        calibrations[index] = fitted.calibration
    if calibrations:
        extended = with_rows(extended, calibrations)
    return extended.requires_grad_(False).eval()
