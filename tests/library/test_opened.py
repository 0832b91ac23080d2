from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog
from library import Opened, Settings, Thumbnails, Unreadable, Weights
from model import REGION, Column, Reading
from retrieval import WEIGHTS, Embedder, ItemSource, Query, RetrievalError, Term, taught_folders
from tests.ui.conftest import draw_distinct, library_of, library_on, ready
from ui.asked import Asked, Picture
from ui.attribute_rows import attribute_rows
from ui.searching import pickable


def test_ready_with_an_example(opened: Opened) -> None:
    item, attribute = opened.example()
    assert item is not None and attribute == "color"
    assert item.split == "test" and "color" in item.labels
    assert opened.labelled == ["color", "pattern"]
    assert "color" not in opened.unlabelled and opened.unlabelled
    assert opened.weights.fallback is None


def test_weights_that_cannot_be_loaded_give_way_to_the_embedded_ones(small_catalog: Catalog, opened: Opened) -> None:
    asked = str(opened.settings.home / "nowhere")
    library = ready(library_on(small_catalog, opened.settings.home, weights=asked))
    other, fallback = library.opened(""), library.weights.fallback
    assert fallback is not None
    assert fallback.weights == asked and fallback.error
    assert other.embedder.digest == opened.embedder.digest


def test_a_failure_is_told_and_searching_says_so(small_catalog: Catalog, tmp_path: Path) -> None:
    settings = Settings(tmp_path, device="abacus")
    thumbnails = Thumbnails(lambda: small_catalog, tmp_path, "shop")
    broken = Opened("shop", small_catalog, Weights(settings), settings, thumbnails)
    assert not broken.wait(0)
    with pytest.raises(RetrievalError, match="starting"):
        _ = broken.engine
    broken.open()
    assert broken.wait(0)
    assert broken.stage.name == "failed" and "abacus" in broken.stage.error
    with pytest.raises(RetrievalError, match="abacus"):
        _ = broken.engine


def test_attributes_are_embedded_when_wanted(small_catalog: Catalog, tmp_path: Path) -> None:
    opened = ready(library_on(small_catalog, tmp_path)).opened("")
    name = opened.unlabelled[0]
    assert name not in opened.engine.attributes
    stages = list(opened.embed([name]))
    assert name in opened.engine.attributes
    assert all(stage.name == "table" and 0 <= stage.done <= len(small_catalog) for stage in stages)


def test_embedding_an_unknown_attribute_is_an_error(opened: Opened) -> None:
    with pytest.raises(RetrievalError, match="wings"):
        list(opened.embed(["wings"]))


def test_what_cannot_be_read_is_left_out_named_and_offered_nowhere(tmp_path: Path) -> None:
    opened = library_of(tmp_path, 12, broken=[0, 3, 7]).opened("")
    item, _ = opened.example()
    assert item is not None and item.id == "g1"
    assert [left.id for left in opened.unreadable] == ["g0", "g3", "g7"]
    assert isinstance(opened.unreadable[0], Unreadable) and opened.unreadable[0].file == "0.png"
    assert "not a JPEG" in opened.unreadable[0].reason
    offered = {item.id for page in range(4) for item in pickable(opened, page, 5)}
    assert offered and not offered & {"g0", "g3", "g7"}


def test_the_time_to_embed_comes_from_the_speed_measured(small_catalog: Catalog, tmp_path: Path) -> None:
    opened = ready(library_on(small_catalog, tmp_path)).opened("")
    probed = opened.seconds_to_embed(["category"])
    assert probed is not None and 0 < probed < 60
    opened.measured(1, 0.5)
    assert opened.seconds_to_embed(["category"]) == len(small_catalog) / 0.5


def test_taught_attributes_are_listed_and_searched_by_without_a_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = library_of(tmp_path).opened("")
    catalog, embedder = first.catalog, first.embedder
    folder = taught_folders(catalog, first.settings.home)[0]
    part = Column("color", REGION)
    weights = np.random.default_rng(0).standard_normal((256, 2)).astype(np.float16)
    fit = Reading("fit", ("a", "b"), (part,), (np.zeros(256, np.float16),), (weights,), {"posterior": 1.0})
    replace(fit, record={WEIGHTS: embedder.digest}).save(folder / "fit.safetensors")
    replace(fit, name="hem").save(folder / "hem.safetensors")
    monkeypatch.setattr(Embedder, "embed", lambda *arguments: pytest.fail("the network was asked"))
    library = ready(library_on(catalog, first.settings.home))
    opened = library.opened("")
    assert opened.taught == ["fit"] and opened.known_attributes["fit"] == ["a", "b"]
    assert "fit" in opened.unlabelled and "fit" in opened.engine.attributes and not opened.catalog.warnings
    assert len(opened.engine.search(Query((Term("fit", ItemSource("g1")),)), 3)) == 3
    for lang, said in (("en", "fit (taught)"), ("ja", "fit（学習済み）")):
        assert said in attribute_rows(opened, Asked(), Picture(), lang)


def test_only_what_is_embedded_is_offered_and_the_rest_is_counted(tmp_path: Path) -> None:
    folder = draw_distinct(tmp_path / "shop", 100)  # more than are embedded while a catalog is opened
    opened = ready(library_on(folder, tmp_path / "home")).opened("")
    assert 0 < len(opened.readable) < 100 == opened.searchable and opened.pending == 100 - len(opened.readable)
    item, _ = opened.example()
    assert item in opened.readable
    offered = {item.id for page in range(30) for item in pickable(opened, page, 12)}
    assert offered == {item.id for item in opened.readable}
    opened.engine.embed()
    assert len(opened.readable) == 100 and not opened.pending
