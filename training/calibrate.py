"""Calibration of a trained network from its training labels, in closed form: nothing is trained, no trunk moves."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from model import RPF, CalibrationRow
from retrieval import Embedder
from training.data import Material

AXES = 32
"""At most so many axes for an attribute: one less than it has values is all that linear
discriminants can use."""
GAIN = 8.0
"""How much longer an embedding becomes along the axes."""
SHRINKAGE = 0.3
"""Added to the eigenvalues of the scatter within values, in parts of their mean."""
WHOLE, GENERAL = (4.0, 0.3), (2.0, 1.0)
"""Gain and shrinkage of the whole and of the general view: those of two each that were best by
the rule of `training.mixing`. The whole view is less the `middle` of all catalogs."""
MOST, LEAST = 1000, 8
"""Training images of a catalog that are embedded for it, and how many of each value are among
them."""


def calibrate(network: RPF, materials: Sequence[Material], device: torch.device, seed: int = 0) -> RPF:
    """The same network, in evaluation mode, with the attributes that are labelled here calibrated,
    anew where they were.

    An attribute of several catalogs is calibrated on all of them: values differ from catalog to
    catalog, and only differences within one count.
    """
    plain = without(network).to(device).eval()
    found: dict[int, list[tuple[Tensor, np.ndarray]]] = {}
    for material in materials:
        rows = sample(material, MOST, seed)
        pairs = _embed(plain, material, rows, device)
        for place, attribute in enumerate(material.labelled):
            found.setdefault(attribute, []).append((pairs[:, place], material.labels[rows, attribute]))
    calibrated = rows_of(network) | {attribute: solve(parts) for attribute, parts in found.items()}
    return with_rows(plain, calibrated) if calibrated else plain


def sample(material: Material, most: int, seed: int = 0) -> np.ndarray:
    """Rows of a material, drawn by seed: at least `LEAST` with each value of each attribute,
    where it has them, and others up to `most`. int64, shuffled; more than `most` where that many
    values ask for it."""
    shuffled = np.random.default_rng(seed).permutation(len(material))
    wanted = np.zeros(len(material), bool)
    for attribute in material.labelled:
        column = material.labels[shuffled, attribute]
        for value in np.unique(column[column >= 0]):
            wanted[np.flatnonzero(column == value)[:LEAST]] = True
    others = np.flatnonzero(~wanted)[: max(0, most - int(wanted.sum()))]
    return shuffled[np.sort(np.concatenate((np.flatnonzero(wanted), others)))]


def solve(
    parts: Sequence[tuple[Tensor, np.ndarray]], gain: float = GAIN, shrinkage: float = SHRINKAGE
) -> CalibrationRow:
    """Calibration of one attribute from one or more catalogs: unit embeddings (n, branches, D) and
    values (n,), negative for unknown. Catalogs of which fewer than two values are known do not
    count; where none does, nothing is changed: the centre is 0 and there are no axes.

    Regularised linear discriminants: the leading eigenvectors of the scatter between values after
    whitening that within them, (S_w / mean eigenvalue + shrinkage)^-1/2.
    """
    count = parts[0][0].shape[1]
    branches = [
        stretch([(pairs[:, branch], values) for pairs, values in parts], gain, shrinkage) for branch in range(count)
    ]
    return CalibrationRow(*(torch.stack(column) for column in zip(*branches, strict=True)))


def stretch(
    parts: Sequence[tuple[Tensor, np.ndarray]], gain: float = GAIN, shrinkage: float = SHRINKAGE
) -> tuple[Tensor, Tensor, Tensor]:
    """Centre (D,), reads and axes (D, AXES), float32, of one attribute in one view of any width D.

    parts: unit vectors (n, D) and values (n,), negative for unknown, of one or more catalogs; as
    in `solve`, with zeros where no catalog knows two values.
    """
    known = [(vectors[values >= 0].double(), values[values >= 0]) for vectors, values in parts]
    known = [(vectors, values) for vectors, values in known if len(np.unique(values)) > 1]
    if not known:
        dim = parts[0][0].shape[1]
        return torch.zeros(dim), torch.zeros(dim, AXES), torch.zeros(dim, AXES)
    centre, reads, axes = _solve(known, gain, shrinkage)
    return centre.float(), reads.float(), axes.float()


def middle(catalogs: Sequence[Tensor]) -> Tensor:
    """Mean of the catalogs' means, float32 (D,): unit vectors (n, D) of each, labelled or not. As
    the centre of a view it depends less than one catalog's mean on what its photographs share."""
    return torch.stack([vectors.double().mean(0) for vectors in catalogs]).mean(0).float()


def _solve(parts: Sequence[tuple[Tensor, np.ndarray]], gain: float, shrinkage: float) -> tuple[Tensor, Tensor, Tensor]:
    """centre (D,), reads and axes (D, AXES) of one view, float64."""
    dim = parts[0][0].shape[1]
    within, between = torch.zeros(dim, dim).double(), torch.zeros(dim, dim).double()
    centre, rank = torch.zeros(dim).double(), 0
    for embeddings, values in parts:
        mean = embeddings.mean(0)
        centre += mean / len(parts)
        names = np.unique(values)
        rank += len(names) - 1
        for name in names:
            own = embeddings[values == name]
            apart = own.mean(0) - mean
            within += (own - own.mean(0)).T @ (own - own.mean(0)) / len(embeddings)
            between += len(own) / len(embeddings) * torch.outer(apart, apart)
    sizes, directions = torch.linalg.eigh(within)
    scale = ((1 + shrinkage) / (sizes / sizes.mean().clamp_min(1e-12) + shrinkage)).sqrt()
    whiten = directions * scale @ directions.T
    leading = torch.linalg.eigh(whiten @ between @ whiten)[1].flip(1)[:, : min(rank, AXES)]
    empty = torch.zeros(dim, AXES).double()
    reads, along = empty.clone(), empty.clone()
    reads[:, : leading.shape[1]], along[:, : leading.shape[1]] = gain * whiten @ leading, leading
    return centre, reads, along


def rows_of(network: RPF) -> dict[int, CalibrationRow]:
    """Calibrations by index of attribute; none where the network has no calibration."""
    if network.config.calibration_axes is None:
        return {}
    return {index: network.calibration.row(index) for index in range(len(network.config.attributes))}


def with_rows(plain: RPF, rows: dict[int, CalibrationRow]) -> RPF:
    """A copy of a network without calibration that has these."""
    axes = max(row.axes.shape[-1] for row in rows.values())
    calibrated = RPF(replace(plain.config, calibration_axes=axes))
    calibrated.load_state_dict(plain.state_dict(), strict=False)
    own = calibrated.calibration
    for index, row in rows.items():
        missing = (0, axes - row.axes.shape[-1])
        own.centre[index], own.reads[index], own.axes[index] = (
            row.centre,
            F.pad(row.reads, missing),
            F.pad(row.axes, missing),
        )
    return calibrated.to(next(plain.parameters()).device).eval()


def without(network: RPF) -> RPF:
    """The network as its branches are, to train or to calibrate anew: itself where it has no
    calibration."""
    if network.config.calibration_axes is None:
        return network
    plain = RPF(replace(network.config, calibration_axes=None))
    plain.load_state_dict({k: v for k, v in network.state_dict().items() if not k.startswith("calibration.")})
    return plain.train(network.training)


def _embed(network: RPF, material: Material, rows: np.ndarray, device: torch.device) -> Tensor:
    """Unit embeddings (rows, labelled attribute, 2, D) of training images, in the precision of
    search, on the CPU; zeros without a patch branch."""
    embedder = Embedder(network, str(device), batch_size=16)
    names = [embedder.attributes[attribute] for attribute in material.labelled]
    images = (Image.fromarray(material.images[row].permute(1, 2, 0).numpy()) for row in rows)
    return torch.from_numpy(embedder.embed(images, names)).float()
