"""Catalogs as raw tables to calibrate and choose by: embedded once, kept with all others, no pass of the network afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from catalog import Catalog
from common.progress import ProgressBar
from model import APPLICABILITY, RPF, Calibrated, Column, Section
from retrieval import Embedder, EmbeddingTable, ItemVectors, open_engine
from training.data import INVISIBLE


@dataclass(frozen=True)
class Ground:
    """One catalog with its raw embeddings of all attributes that the weights know."""

    catalog: Catalog
    table: EmbeddingTable | ItemVectors

    @property
    def name(self) -> str:
        return self.catalog.name

    def rows(self, split: str) -> np.ndarray:
        """Positions of the readable items of a split, int64."""
        inside = np.array([item.split == split for item in self.catalog.items], bool)
        return np.flatnonzero(inside & self.table.readable)

    def labels(self, attribute: str) -> np.ndarray:
        """Place of the value of every item within this catalog, int64 (items,): -1 for unlabelled, and where the attribute
        cannot be seen."""
        values = self.catalog.attribute(attribute).values
        labels = self.catalog.labels(attribute).copy()
        labels[np.isin(labels, [i for i, value in enumerate(values) if value.lower() == INVISIBLE])] = -1
        return labels

    def labelled(self, attribute: str, split: str) -> np.ndarray:
        """Positions of a split's items whose value is known, int64."""
        rows = self.rows(split)
        return rows[self.labels(attribute)[rows] >= 0]

    def raw(self, column: Column, rows: np.ndarray) -> Tensor:
        """Raw unit embeddings, float32 (rows, width)."""
        return torch.from_numpy(np.asarray(self.table.column(column)[rows], np.float32))

    def on(self, own: Calibrated, split: str) -> Calibrated:
        """A derivation centred as a catalog of one split alone would be."""
        rows = self.rows(split)
        means = {column: self.table.column(column)[rows].astype(np.float32).mean(0) for column in own.needs}
        return own.on(means, len(rows))

    def derived(self, own: Calibrated, rows: np.ndarray, split: str) -> dict[str, np.ndarray]:
        """By section, derived vectors (rows, width)."""
        vectors = self.on(own, split).apply([self.table.column(column)[rows] for column in own.needs])
        stops = np.cumsum([section.width for section in own.sections])[:-1]
        return dict(zip([section.name for section in own.sections], np.split(vectors, stops, axis=1), strict=True))


def grounds(network: RPF, catalogs: Sequence[Catalog], home: Path, device: str) -> list[Ground]:
    """Embed what no table in `home` holds: every view of every attribute, and what applicability is read off."""
    embedder = _Every(network, device)
    found = []
    for catalog in catalogs:
        with ProgressBar(f"embedding {catalog.name}", unit="items") as bar:
            engine = open_engine(catalog, embedder, home, embedder.attributes, bar)
        engine.close()
        found.append(Ground(engine.catalog, engine.table))
    return found


class _Every(Embedder):
    """An embedder of whose attributes every view is kept."""

    def derivation(self, attribute: str) -> Calibrated:
        self.check([attribute])
        views = [Column(attribute, view) for view in self.model.config.views]
        columns = (*views, *APPLICABILITY)
        sections = tuple(Section("/".join(column), self.width(column)) for column in columns)
        return Calibrated(
            columns, sections, dict.fromkeys([section.name for section in sections], 1 / len(columns)), None, ""
        )
