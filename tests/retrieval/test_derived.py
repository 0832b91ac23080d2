"""Derived vectors: made of raw columns, kept in a file when they are large, never at the cost of a pass."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from mmap import mmap
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
import torch

from catalog import Catalog, load_catalog
from model import CROP, GENERAL, REGION, WHOLE, Calibrated, CalibrationRow, Column
from retrieval import ItemSource, ItemVectors, Query, Term, derived, open_engine
from retrieval.pictures import Kept, _Rederived
from tests.retrieval.support import HashEmbedder, noise_catalog

MIXES: Mapping[str, dict[str, float]] = {
    "color": {REGION: 0.2, WHOLE: 0.3, GENERAL: 0.5},
    "neck": {REGION: 0.4, CROP: 0.3, WHOLE: 0.2, GENERAL: 0.1},
}
BOTH = Query((Term("color", ItemSource("item-3")), Term("neck", ItemSource("item-5"), 0.5)))


class CalibratedEmbedder(HashEmbedder):
    """A `HashEmbedder` whose weights calibrate every view, by a seed."""

    def __init__(self, seed: int = 0, **given) -> None:  # type: ignore[no-untyped-def]
        super().__init__(**given)
        self.seed = seed

    def derivation(self, attribute: str) -> Calibrated:
        own = super().derivation(attribute)
        lots = torch.Generator().manual_seed(self.seed)
        rows = tuple(
            CalibrationRow(*(torch.randn(shape, generator=lots) / 3 for shape in ((n,), (n, 2), (n, 2))))
            for n in (section.width for section in own.sections)
        )
        digest = hashlib.sha256(f"{attribute} {self.seed} {own.sections}".encode()).hexdigest()
        return replace(own, rows=rows, digest=digest)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return noise_catalog(tmp_path / "catalog", 20)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is derived is large, and derived in several parts."""
    monkeypatch.setattr("retrieval.derived.KEPT", 0)
    monkeypatch.setattr("retrieval.derived.CHUNK", 7)


def files(home: Path) -> list[Path]:
    return sorted(home.glob("store/*/catalogs/*/derived/*/*.f16"))


def spoiled(catalog: Catalog) -> Catalog:
    (catalog.root / "4.png").write_text("not an image")
    return load_catalog(catalog.root)


def expected(table: ItemVectors, embedder: HashEmbedder, attribute: str) -> np.ndarray:
    """Centred on the readable images."""
    own = embedder.derivation(attribute)
    rows = np.flatnonzero(table.readable)
    means = {column: table.column(column)[rows].astype(np.float32).mean(0) for column in own.needs}
    return own.on(means, len(rows)).apply([np.array(table.column(column)) for column in own.needs]).astype(np.float16)


def _memory_of(vectors: np.ndarray) -> object:
    """What an array is a view of."""
    memory: object = vectors
    while (base := getattr(memory, "base", None)) is not None:
        memory = base
    return memory


def test_large_vectors_are_kept_in_a_file_and_are_the_same(
    catalog: Catalog, tmp_path: Path, kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, embedder = tmp_path / "home", CalibratedEmbedder(mixes=dict(MIXES))
    engine = open_engine(catalog, embedder, home, ["color", "neck"])
    assert files(home) == []  # until they are asked for
    found = engine.vectors("neck")
    (path,) = files(home)
    assert isinstance(_memory_of(found), mmap) and found.shape == (20, 4 + 4 + 4 + 3)
    assert np.array_equal(found, expected(engine.table, embedder, "neck"))
    engine.vectors("color")
    assert len(files(home)) == 2
    written = path.stat().st_mtime_ns
    again = open_engine(catalog, CalibratedEmbedder(mixes=dict(MIXES)), home, ["color", "neck"])
    monkeypatch.setattr("retrieval.pictures.derived", lambda *given: pytest.fail("derived again"))
    assert np.array_equal(again.vectors("neck"), found) and path.stat().st_mtime_ns == written
    monkeypatch.undo()
    monkeypatch.setattr("retrieval.derived.KEPT", 10**6)
    small = open_engine(catalog, embedder, home, ["color", "neck"])
    assert not isinstance(_memory_of(small.vectors("neck")), mmap) and np.array_equal(small.vectors("neck"), found)


def nonsense(path: Path) -> None:
    path.write_bytes(b"nonsense")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def no_marks(path: Path) -> None:
    path.with_suffix(".done").unlink()


@pytest.mark.parametrize("damage", [nonsense, empty, truncate, no_marks])
def test_a_damaged_file_is_made_again_without_a_pass(catalog: Catalog, tmp_path: Path, kept: None, damage) -> None:  # type: ignore[no-untyped-def]
    home = tmp_path / "home"
    found = np.array(open_engine(catalog, CalibratedEmbedder(), home, ["neck"]).vectors("neck"))
    (path,) = files(home)
    stored = path.read_bytes()
    damage(path)
    embedder = CalibratedEmbedder()
    assert np.array_equal(open_engine(catalog, embedder, home, ["neck"]).vectors("neck"), found)
    assert embedder.embedded == [] and files(home) == [path]
    assert path.read_bytes() == stored


@pytest.mark.parametrize("large", [False, True])
def test_another_calibration_costs_no_pass(
    catalog: Catalog, tmp_path: Path, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.derived.KEPT", 0 if large else 10**6)
    home = tmp_path / "home"
    before = open_engine(catalog, CalibratedEmbedder(0), home, ["color", "neck"])
    one = before.search(BOTH, 20)
    embedder = CalibratedEmbedder(1)
    after = open_engine(catalog, embedder, home, ["color", "neck"])
    two = after.search(BOTH, 20)
    assert embedder.embedded == []
    for column in before.table.columns:
        assert np.array_equal(after.table.column(column), before.table.column(column))
    assert np.array_equal(after.vectors("neck"), expected(after.table, embedder, "neck"))
    assert [hit.score for hit in one] != [hit.score for hit in two]
    assert len(files(home)) == (4 if large else 0)


@pytest.mark.parametrize("large", [False, True])
def test_an_unreadable_image_stays_a_row_of_zeros(
    catalog: Catalog, tmp_path: Path, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.derived.KEPT", 0 if large else 10**6)
    embedder = CalibratedEmbedder(mixes=dict(MIXES))
    engine = open_engine(spoiled(catalog), embedder, tmp_path / "home", ["color", "neck"])
    for name in ("color", "neck"):
        found = engine.vectors(name)
        assert np.flatnonzero(~found.any(1)).tolist() == [4] and bool(np.isfinite(found).all())
        others = np.arange(20) != 4
        assert np.array_equal(found[others], expected(engine.table, embedder, name)[others])
    assert "item-4" not in [hit.id for hit in engine.search(BOTH, 20)]


def test_plain_vectors_are_columns_put_together(catalog: Catalog, tmp_path: Path) -> None:
    embedder = HashEmbedder(mixes=dict(MIXES))
    engine = open_engine(catalog, embedder, tmp_path / "home", ["color", "neck"])
    assert engine.table.columns[0] == Column("", GENERAL) and engine.table.columns.count(Column("", GENERAL)) == 1
    parts = [engine.table.column(Column("color", view)) for view in (REGION, WHOLE)]
    together = np.hstack([*parts, engine.table.column(Column("", GENERAL))])
    assert np.array_equal(engine.vectors("color"), together)


def test_vectors_of_a_few_images_are_those_of_the_table_but_for_its_centre(catalog: Catalog, tmp_path: Path) -> None:
    embedder = CalibratedEmbedder(mixes=dict(MIXES))
    engine = open_engine(catalog, embedder, tmp_path / "home", ["color", "neck"])
    some = [catalog.open(catalog.items[row]) for row in (7, 2)]
    found = derived.derived_vectors(embedder, some, ["neck", "color"])
    assert list(found) == ["neck", "color"]
    for name, vectors in found.items():
        own = embedder.derivation(name)
        raw = [np.array(engine.table.column(column)[[7, 2]]) for column in own.needs]
        assert np.array_equal(vectors, own.apply(raw).astype(np.float16))


def test_a_view_more_costs_its_columns_only(catalog: Catalog, tmp_path: Path) -> None:
    class Noting(HashEmbedder):
        asked: set[Column] = set()  # noqa: RUF012

        def embed(self, images, columns, progress=None):  # type: ignore[no-untyped-def]
            self.asked = self.asked | set(columns)
            return super().embed(images, columns, progress)

    home = tmp_path / "home"
    before = open_engine(catalog, HashEmbedder(), home, ["color", "neck"])
    embedder = Noting(mixes={"neck": {REGION: 0.3, CROP: 0.3, GENERAL: 0.4}})
    after = open_engine(catalog, embedder, home, ["color", "neck"])
    assert embedder.asked == {Column("", GENERAL)} and len(embedder.embedded) == 20
    for column in before.table.columns:
        assert np.array_equal(after.table.column(column), before.table.column(column))
    whole = open_engine(catalog, HashEmbedder(mixes=embedder.mixes), tmp_path / "other", ["color", "neck"])
    for column in whole.table.columns:
        assert np.array_equal(after.table.column(column), whole.table.column(column))
    assert after.attributes == ["color", "neck"]


def test_an_attribute_is_looked_at_while_another_one_is_derived(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes locks that the other one has; the first search of an app and what it prepares met so, and waited for ever."""
    pictures = open_engine(catalog, CalibratedEmbedder(mixes=MIXES), tmp_path, list(MIXES))._view.pictures
    making, looking = Event(), Event()
    remade, mean = _Rederived.__getitem__, Kept.mean

    def make(own: _Rederived, slots: np.ndarray) -> np.ndarray:
        making.set()
        assert looking.wait(20)
        return remade(own, slots)

    def look(kept: Kept, *given) -> np.ndarray:  # type: ignore[no-untyped-def]
        if making.is_set():  # of the second attribute, while vectors of the first one are made
            looking.set()
        return mean(kept, *given)

    monkeypatch.setattr(_Rederived, "__getitem__", make)
    monkeypatch.setattr(Kept, "mean", look)
    first = Thread(target=pictures.vectors, args=["color"], daemon=True)
    first.start()
    assert making.wait(20)
    second = Thread(target=pictures.derivation, args=["neck"], daemon=True)
    second.start()
    for thread in (first, second):
        thread.join(20)
        assert not thread.is_alive()
