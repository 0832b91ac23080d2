from pathlib import Path

import pytest

from catalog import Catalog
from retrieval import RetrievalError
from tests.ui.conftest import open_service
from ui.searching import pickable
from ui.service import Service, Settings, Unreadable


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
