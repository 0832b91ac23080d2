"""Embedding in the background, with the real network on a small catalog."""

import time
from pathlib import Path

import pytest

from catalog import Catalog
from library import Opened, Stage
from retrieval import RetrievalError
from tests.ui.conftest import library_on, ready
from ui.embedding import Embedding


@pytest.fixture
def fresh(small_catalog: Catalog, tmp_path: Path) -> Opened:
    return ready(library_on(small_catalog, tmp_path)).opened("")


def until_done(embedding: Embedding, visitor: str) -> list[Stage]:
    stages = []
    until = time.monotonic() + 60
    while (stage := embedding.stage(visitor)) is not None:
        stages.append(stage)
        assert time.monotonic() < until
        time.sleep(0.02)
    return stages


def test_it_goes_on_in_the_background_and_is_done(fresh: Opened) -> None:
    embedding, name = Embedding(fresh), fresh.unlabelled[0]
    embedding.want("one", [name])
    assert name not in fresh.engine.attributes
    stages = until_done(embedding, "one")
    assert name in fresh.engine.attributes
    assert stages and all(stage.total == 12 and stage.done <= 12 for stage in stages)
    assert embedding.wait(10)


def test_it_stops_when_nobody_wants_it(fresh: Opened) -> None:
    embedding, name = Embedding(fresh), fresh.unlabelled[0]
    embedding.want("one", [name])
    embedding.want("one", [])
    assert embedding.wait(30)
    assert embedding.stage("one") is None
    assert name not in fresh.engine.attributes


def test_it_goes_on_while_another_visitor_wants_it(fresh: Opened) -> None:
    embedding, name = Embedding(fresh), fresh.unlabelled[0]
    embedding.want("one", [name])
    embedding.want("two", [name])
    embedding.want("one", [])
    until_done(embedding, "two")
    assert name in fresh.engine.attributes


def test_a_wish_that_is_not_renewed_lapses(fresh: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.embedding.LEASE", 0.0)
    embedding, name = Embedding(fresh), fresh.unlabelled[0]
    embedding.want("gone", [name])
    assert embedding.wait(30)
    assert name not in fresh.engine.attributes


def test_what_goes_wrong_is_told_once_to_those_who_wait(fresh: Opened) -> None:
    embedding = Embedding(fresh)
    embedding.want("one", ["wings"])
    assert embedding.wait(30)
    with pytest.raises(RetrievalError, match="wings"):
        embedding.stage("one")
    assert embedding.stage("one") is None
