"""Calibration of a trained network from its training labels, in closed form: nothing is trained, no trunk moves."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from model import CROP, GENERAL, REGION, RPF, WHOLE, CalibrationRow, Column
from retrieval import Embedder, slices
from training.data import Material

AXES = 32
"""At most so many axes for an attribute: one less than it has values is all that linear
discriminants can use."""
GAIN = 8.0
"""How much longer an embedding becomes along the axes."""
SHRINKAGE = 0.3
"""Added to the eigenvalues of the scatter within values, in parts of their mean."""
STRETCH = {REGION: (GAIN, SHRINKAGE), CROP: (GAIN, SHRINKAGE), WHOLE: (4.0, SHRINKAGE), GENERAL: (2.0, 1.0)}
"""Gain and shrinkage by view: features that were not trained for the values bear less."""
CALIBRATIONS = ("calibration.", "general_calibration.")
"""What of a network's state is calibration."""
Part = tuple[Tensor, np.ndarray]
"""Of a catalog: unit embeddings (n, D) and values (n,)."""
Rows = dict[tuple[int, str], CalibrationRow]
"""By index of attribute and view."""
MOST, LEAST = 1000, 8
"""Training images of a catalog that are embedded for it, and how many of each value are among
them."""


def calibrate(network: RPF, materials: Sequence[Material], device: torch.device, seed: int = 0) -> RPF:
    """The same network, in evaluation mode, with the attributes that are labelled here calibrated in
    every view, anew where they were.

    An attribute of several catalogs is calibrated on all of them: values differ from catalog to
    catalog, and only differences within one count.
    """
    plain = without(network).to(device).eval()
    views = [view for view in network.config.views if view == REGION or network.config.patch_trunk is not None]
    views += [GENERAL] if network.config.general_trunk else []
    names, found = list(network.config.attributes), dict[tuple[int, str], list[Part]]()
    for material in materials:
        rows = sample(material, MOST, seed)
        embedded = _embed(plain, material, rows, views, device)
        for attribute in material.labelled:
            for view in views:
                own = embedded[Column("" if view == GENERAL else names[attribute], view)]
                found.setdefault((attribute, view), []).append((own, material.labels[rows, attribute]))
    solved = {key: solve(parts, *STRETCH[key[1]]) for key, parts in found.items()}
    calibrated = rows_of(network) | solved
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


def solve(parts: Sequence[Part], gain: float = GAIN, shrinkage: float = SHRINKAGE) -> CalibrationRow:
    """Calibration of one attribute in one view from one or more catalogs: unit embeddings (n, D) and
    values (n,), negative for unknown. Catalogs of which fewer than two values are known do not
    count; where none does, nothing is changed: the centre is 0 and there are no axes.

    Regularised linear discriminants: the leading eigenvectors of the scatter between values after
    whitening that within them, (S_w / mean eigenvalue + shrinkage)^-1/2.
    """
    dim = parts[0][0].shape[1]
    known = [(own[values >= 0].double(), values[values >= 0]) for own, values in parts]
    known = [(own, values) for own, values in known if len(np.unique(values)) > 1]
    if not known:
        return CalibrationRow(torch.zeros(dim), torch.zeros(dim, AXES), torch.zeros(dim, AXES))
    within, between = torch.zeros(dim, dim).double(), torch.zeros(dim, dim).double()
    centre, rank = torch.zeros(dim).double(), 0
    for embeddings, values in known:
        mean = embeddings.mean(0)
        centre += mean / len(known)
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
    return CalibrationRow(centre.float(), reads.float(), along.float())


def rows_of(network: RPF) -> Rows:
    """Calibrations by index of attribute and view; none where the network has no calibration."""
    config = network.config
    if config.calibration_axes is None:
        return {}
    every = range(len(config.attributes))
    rows = {(index, view): network.calibration.row(index, i) for index in every for i, view in enumerate(config.views)}
    if config.general_trunk is not None:
        rows |= {(index, GENERAL): network.general_calibration.row(index, 0) for index in every}
    return rows


def with_rows(plain: RPF, rows: Rows) -> RPF:
    """A copy of a network without calibration that has these; those of views that it lacks are left
    out."""
    axes = max(row.axes.shape[-1] for row in rows.values())
    calibrated = RPF(replace(plain.config, calibration_axes=axes))
    calibrated.load_state_dict(plain.state_dict(), strict=False)
    views = plain.config.views
    for (index, view), row in rows.items():
        if view == GENERAL and plain.config.general_trunk is not None:
            own, place = calibrated.general_calibration, 0
        elif view in views:
            own, place = calibrated.calibration, views.index(view)
        else:
            continue
        missing = (0, axes - row.axes.shape[-1])
        own.centre[index, place] = row.centre
        own.reads[index, place], own.axes[index, place] = F.pad(row.reads, missing), F.pad(row.axes, missing)
    return calibrated.to(next(plain.parameters()).device).eval()


def without(network: RPF) -> RPF:
    """The network as its branches are, to train or to calibrate anew: itself where it has no
    calibration."""
    if network.config.calibration_axes is None:
        return network
    plain = RPF(replace(network.config, calibration_axes=None))
    plain.load_state_dict({k: v for k, v in network.state_dict().items() if not k.startswith(CALIBRATIONS)})
    return plain.train(network.training)


def _embed(
    network: RPF, material: Material, rows: np.ndarray, views: Sequence[str], device: torch.device
) -> dict[Column, Tensor]:
    """Raw unit embeddings (rows, D) of training images, in the precision of search, on the CPU."""
    embedder = Embedder(network, str(device), batch_size=16)
    columns = [
        Column(embedder.attributes[index], view) for index in material.labelled for view in views if view != GENERAL
    ]
    columns += [Column("", GENERAL)] * (GENERAL in views)
    images = (Image.fromarray(material.images[row].permute(1, 2, 0).numpy()) for row in rows)
    embedded = torch.from_numpy(embedder.embed(images, columns)).float()
    places = slices(columns, {column: embedder.width(column) for column in columns})
    return {column: embedded[:, place] for column, place in places.items()}
