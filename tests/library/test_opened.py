from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog, load_catalog
from library.opened import Service, Settings, Unreadable
from model import REGION, Column, Reading
from retrieval import WEIGHTS, Embedder, ItemSource, Query, RetrievalError, Term, taught_folders
from tests.ui.conftest import open_service
from tests.ui.test_search_events import handlers
from ui.searching import pickable


def test_ready_with_an_example(service: Service) -> None:
    item, attribute = service.example()
    assert item is not None and attribute == "color"
    assert item.split == "test" and "color" in item.labels
    assert service.labelled == ["color", "pattern"]
    assert "color" not in service.unlabelled and service.unlabelled
    assert service.fallback is None


def test_weights_that_cannot_be_loaded_give_way_to_the_embedded_ones(small_catalog: Catalog, service: Service) -> None:
    asked = str(service.settings.home / "nowhere")
    other = Service(small_catalog, Settings(service.settings.home, weights=asked, device="cpu"))
    other.open()
    assert other.stage.name == "ready"
    assert other.fallback is not None
    assert other.fallback.weights == asked and other.fallback.error
    assert other.embedder.digest == service.embedder.digest


def test_a_failure_is_told_and_searching_says_so(small_catalog: Catalog, tmp_path: Path) -> None:
    broken = Service(small_catalog, Settings(tmp_path, device="abacus"))
    assert not broken.wait(0)
    with pytest.raises(RetrievalError, match="starting"):
        _ = broken.engine
    broken.open()
    assert broken.wait(0)
    assert broken.stage.name == "failed" and "abacus" in broken.stage.error
    with pytest.raises(RetrievalError, match="abacus"):
        _ = broken.engine


def test_attributes_are_embedded_when_wanted(small_catalog: Catalog, tmp_path: Path) -> None:
    service = Service(small_catalog, Settings(tmp_path, device="cpu"))
    service.open()
    name = service.unlabelled[0]
    assert name not in service.engine.attributes
    stages = list(service.embed([name]))
    assert name in service.engine.attributes
    assert all(stage.name == "table" and 0 <= stage.done <= len(small_catalog) for stage in stages)


def test_embedding_an_unknown_attribute_is_an_error(service: Service) -> None:
    with pytest.raises(RetrievalError, match="wings"):
        list(service.embed(["wings"]))


def test_what_cannot_be_read_is_left_out_named_and_offered_nowhere(tmp_path: Path) -> None:
    service = open_service(tmp_path, 12, broken=[0, 3, 7])
    item, _ = service.example()
    assert item is not None and item.id == "g1"
    assert [left.id for left in service.unreadable] == ["g0", "g3", "g7"]
    assert isinstance(service.unreadable[0], Unreadable) and service.unreadable[0].file == "0.png"
    assert "not a JPEG" in service.unreadable[0].reason
    offered = {item.id for page in range(4) for item in pickable(service, page, 5)}
    assert offered and not offered & {"g0", "g3", "g7"}


def test_the_time_to_embed_comes_from_the_speed_measured(small_catalog: Catalog, tmp_path: Path) -> None:
    service = Service(small_catalog, Settings(tmp_path, device="cpu"))
    service.open()
    probed = service.seconds_to_embed(["category"])
    assert probed is not None and 0 < probed < 60
    service.measured(1, 0.5)
    assert service.seconds_to_embed(["category"]) == len(small_catalog) / 0.5


def test_taught_attributes_are_listed_and_searched_by_without_a_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_service(tmp_path, 12)
    catalog, embedder = first.catalog, first.embedder
    folder = taught_folders(catalog, first.settings.home)[0]
    part = Column("color", REGION)
    weights = np.random.default_rng(0).standard_normal((256, 2)).astype(np.float16)
    fit = Reading("fit", ("a", "b"), (part,), (np.zeros(256, np.float16),), (weights,), {"posterior": 1.0})
    replace(fit, record={WEIGHTS: embedder.digest}).save(folder / "fit.safetensors")
    replace(fit, name="hem").save(folder / "hem.safetensors")
    monkeypatch.setattr(Embedder, "embed", lambda *arguments: pytest.fail("the network was asked"))
    service = Service(load_catalog(catalog.root), first.settings)
    service.open()
    assert service.stage.name == "ready", service.stage.error
    assert service.taught == ["fit"] and service.known_attributes["fit"] == ["a", "b"]
    assert "fit" in service.unlabelled and "fit" in service.engine.attributes and not service.catalog.warnings
    assert len(service.engine.search(Query((Term("fit", ItemSource("g1")),)), 3)) == 3
    events = handlers(service)
    assert ("fit (taught)", "fit") in events._named(["fit", "color"], "en")
    assert events._named(["fit", "color"], "ja") == [("fit（学習済み）", "fit"), ("色", "color")]
