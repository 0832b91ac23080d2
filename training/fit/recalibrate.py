"""Trained weights calibrated anew, and their β chosen anew; nothing of the network is trained."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from catalog import Catalog, spelled_alike
from common import environment
from common.say import Say, to_stderr
from eval import readable
from model import RPF, TIMM, choose_device, load, save, with_general
from training import data, provenance
from training.average import average
from training.calibrate import calibrate
from training.errors import TrainingError
from training.fit.plan import check_splits, has
from training.gating import check_power, gated, lessons
from training.validation import choose_beta, curves, validated
from training.views import together


@dataclass(frozen=True)
class Recalibration:
    """What is done before calibrating."""

    average: tuple[str, ...] = ()
    """Weights of other runs of the same network, averaged with these first."""
    gate: float = 0.0
    """Power of the foreground gate that weights without one get, as for fit; 0: none."""
    general: str = ""
    """Network of timm whose frozen features become the general view, such as vit_tiny_patch16_224; weights that have one
    keep it otherwise. With a general view, the mix of each attribute, its reading, its match levels and what can be seen
    are found too."""
    trunks: str = TIMM
    """Where its pretrained weights come from: a folder that holds them as timm names them, or timm."""
    drawn: tuple[str, ...] = ()
    """Names of catalogs of drawings, which say nothing of photographs."""


def recalibrate(
    catalogs: Sequence[Catalog],
    weights: str | Path,
    out: Path,
    plan: Recalibration = Recalibration(),
    device: str = "auto",
    say: Say = to_stderr,
    masked: Catalog | None = None,
) -> dict[str, Any]:
    """Calibrate trained weights on the `train` splits of catalogs, choose β, or with a general view
    the mixes (`training.views`), on `valid`, write them to `out`.

    masked: images with masks that a gate learns from (`training.gating.lessons`). Attributes that
    no catalog labels stay as they are, averaged ones without calibration. Returns the record: how
    the weights were trained, where their record is at hand, and new validation figures; what else
    was measured of the old weights is not of these. TrainingError when `out` holds weights, or no
    catalog has the splits or a known attribute.
    """
    if (out / "config.json").exists():
        raise TrainingError(f"--out {out} holds weights already; choose another folder")
    network, where = average([weights, *plan.average]) if plan.average else load(weights), choose_device(device)
    check_power(plan.gate, network.config.method)
    check_splits(catalogs)
    names = list(network.config.attributes)
    catalogs = spelled_alike(catalogs, names)
    known = [catalog for catalog in catalogs if any(attribute.name in names for attribute in catalog.attributes)]
    if not known:
        raise TrainingError(f"the catalogs label none of the attributes that {weights} know; teach them with `teach`")
    network, materials = network.to(where), []
    if plan.gate or not (plan.general or network.config.general_trunk):
        materials = data.read_all(known, names, say)
    if plan.gate:
        network = gated(network, lessons(materials, network.config.input_size, masked), plan.gate)
    if plan.general:
        network = with_general(network.cpu(), plan.general, plan.trunks)
    record = provenance.training(weights)
    if network.config.general_trunk:
        network, found = together(network, known, environment.home(), str(where), plan.drawn, say)
    else:
        network, found = _calibrated(network, known, materials, where, say)
    record |= {**found, "calibrated_on": [catalog.digest for catalog in known]}
    if plan.average:
        record["averaged"] = [load(one).digest for one in (weights, *plan.average)]
    save(network, out, record)
    return record


def _calibrated(
    network: RPF, catalogs: Sequence[Catalog], materials: Sequence[data.Material], device: torch.device, say: Say
) -> tuple[RPF, dict[str, Any]]:
    """The network with region and crop view calibrated and β chosen, and its validation figures."""
    network = calibrate(network, materials, device)
    valid = [readable(catalog.split("valid"), say) for catalog in catalogs if has(catalog, "valid")]
    patches = network.config.patch_trunk is not None
    found = curves(network, [catalog for catalog in valid if len(catalog)], str(device), patches)
    if patches:
        choose_beta(network, found, say)
    return network, {"valid": validated(found, network)}
