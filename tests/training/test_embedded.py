"""Raw tables of whole catalogs: which rows and labels there are, and what an attribute derives within one split."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from catalog import Attribute, Catalog
from model import APPLICABILITY, CROP, GENERAL, REGION, RPF, WHOLE, Calibrated, CalibrationRow, Column, Section
from retrieval import Embedder, EmbeddingTable, ItemVectors, Manifest
from tests.retrieval.support import made_up_catalog, unit_rows
from tests.training.conftest import small
from training.embedded import Ground, grounds

COLUMNS = (Column("color", REGION), Column("", GENERAL))
WIDTHS = (4, 3)


def ground_of(items: int = 12, unreadable: tuple[int, ...] = (2,)) -> Ground:
    """Every second item is of `test`, the others of `train`; red cannot be seen, and is spelled in capitals."""
    catalog = made_up_catalog(items)
    labelled = [
        replace(item, labels={k: v.replace("red", "Invisible") for k, v in item.labels.items()}) for item in catalog
    ]
    catalog = replace(catalog, items=tuple(labelled), attributes=(Attribute("color", ("blue", "green", "Invisible")),))
    rng = np.random.default_rng(0)
    vectors = np.hstack([unit_rows(rng.normal(size=(items, width)) + 0.5) for width in WIDTHS]).astype(np.float16)
    manifest = Manifest(
        weights="w",
        catalog=catalog.digest,
        columns=[(*column, width) for column, width in zip(COLUMNS, WIDTHS, strict=True)],
        ids=[item.id for item in catalog],
        images=[str(row) for row in range(items)],
        file="embeddings.npy",
        sha256="",
        unreadable={f"item-{row}": "cut off" for row in unreadable},
    )
    return Ground(catalog, EmbeddingTable(vectors, manifest))


def test_rows_are_the_readable_items_of_a_split() -> None:
    ground = ground_of()
    assert ground.rows("train").tolist() == [1, 3, 5, 7, 9, 11]
    assert ground.rows("test").tolist() == [0, 4, 6, 8, 10]
    assert len(ground.rows("valid")) == 0


def test_what_is_blank_or_cannot_be_seen_has_no_label() -> None:
    ground = ground_of()
    given = [item.labels.get("color") for item in ground.catalog]
    assert [label >= 0 for label in ground.labels("color")] == [name in ("blue", "green") for name in given]
    assert "Invisible" in given and None in given
    assert ground.labelled("color", "test").tolist() == [0, 6, 10]
    assert ground.catalog.labels("color").max() == 2, "the catalog's own labels stay as they were"


def own_of() -> Calibrated:
    rng = np.random.default_rng(1)
    rows = tuple(
        CalibrationRow(*(torch.from_numpy(rng.normal(size=shape) / 4).float() for shape in ((w,), (w, 2), (w, 2))))
        for w in WIDTHS
    )
    sections = (Section(REGION, WIDTHS[0]), Section(GENERAL, WIDTHS[1]))
    return Calibrated(COLUMNS, sections, {REGION: 0.6, GENERAL: 0.4}, rows, "digest")


@pytest.mark.parametrize("split", ["train", "test"])
def test_derived_vectors_are_centred_as_their_split_is(split: str) -> None:
    ground, own = ground_of(), own_of()
    rows = ground.labelled("color", split)
    found = ground.derived(own, rows, split)
    assert list(found) == [REGION, GENERAL] and own.rows is not None
    inside = [row for row, item in enumerate(ground.catalog) if item.split == split and row != 2]
    for column, row in zip(COLUMNS, own.rows, strict=True):
        raw = ground.table.column(column).astype(np.float64)
        centre = (len(inside) * raw[inside].mean(0) + 50 * row.centre.numpy()) / (len(inside) + 50)
        moved = raw[rows] / np.linalg.norm(raw[rows], axis=1, keepdims=True) - centre
        drawn = moved + moved @ row.reads.numpy() @ row.axes.numpy().T
        expected = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        np.testing.assert_allclose(found[column.view], expected, atol=1e-3)
        np.testing.assert_array_equal(ground.raw(column, rows).numpy(), raw[rows].astype(np.float32))


def test_every_view_of_every_attribute_is_kept_and_never_embedded_twice(
    shop: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    config = replace(small({"color": ["red"], "shade": ["dark"]}), region_trunk="test_resnet", dim=192)
    config = replace(config, views=(REGION, CROP, WHOLE), general_trunk="test_vit", general_size=160)
    network = RPF(config).eval()
    some = replace(shop, items=shop.items[:8])
    (ground,) = grounds(network, [some], tmp_path, "cpu")
    views = {Column(name, view) for name in ("color", "shade") for view in (REGION, CROP, WHOLE)}
    assert isinstance(ground.table, ItemVectors)
    assert set(ground.table.columns) == views | set(APPLICABILITY) and ground.name == shop.name
    monkeypatch.delattr(Embedder, "embed")
    (again,) = grounds(network, [some], tmp_path, "cpu")
    for column in views:
        np.testing.assert_array_equal(again.table.column(column), ground.table.column(column))
