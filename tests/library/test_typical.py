"""Values that can be asked for, and the items that show them, against what a search by the value finds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog
from library import Opened, typical, typical_items
from model import REGION, Column, Reading
from retrieval import WEIGHTS, Query, Term, ValueSource, taught_folders
from tests.ui.conftest import library_of, library_on, ready


def searched(opened: Opened, attribute: str, value: str) -> str:
    """The best hit for a value that is labelled with it."""
    hits = opened.engine.search(Query((Term(attribute, ValueSource(value)),)), len(opened.catalog))
    return next(hit.id for hit in hits if opened.catalog.item(hit.id).labels.get(attribute) == value)


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered of a catalog that other tests use too."""
    monkeypatch.setattr(typical, "_known", type(typical._known)())


@pytest.mark.parametrize("large", [10_000, 0])
def test_a_value_is_shown_by_what_a_search_for_it_finds(
    opened: Opened, large: int, forgetful: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typical, "LARGE", large)
    found = typical_items(opened, "pattern")
    assert [(own.value, own.count) for own in found] == [("solid", 6), ("stripe", 6)]
    assert [own.item for own in found] == [searched(opened, "pattern", own.value) for own in found]
    colors = {own.value: own for own in typical_items(opened, "color")}
    assert {value: own.count for value, own in colors.items()} == {"red": 4, "blue": 4, "green": 3}
    assert all(opened.catalog.item(own.item).labels["color"] == value for value, own in colors.items())


def test_an_item_on_which_the_attribute_cannot_be_seen_shows_no_value(
    opened: Opened, forgetful: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {own.item for own in typical_items(opened, "color")}
    typical._known.clear()
    unseen = np.isin([item.id for item in opened.catalog], list(before))
    monkeypatch.setattr(opened.engine._view, "hidden", lambda name: unseen)
    assert not {own.item for own in typical_items(opened, "color")} & before
    typical._known.clear()
    monkeypatch.setattr(opened.engine._view, "hidden", lambda name: np.ones(12, bool))
    assert {own.item for own in typical_items(opened, "color")} == before


def test_what_nobody_labelled_or_nobody_embedded_has_no_values(opened: Opened) -> None:
    assert typical_items(opened, opened.unlabelled[0]) == ()
    assert typical_items(opened, "wings") == ()


def test_labels_that_change_are_counted_anew(small_catalog: Catalog, tmp_path: Path) -> None:
    opened = ready(library_on(small_catalog, tmp_path)).opened("")
    before, patterns = typical_items(opened, "color"), typical_items(opened, "pattern")
    assert typical_items(opened, "color") is before
    items = tuple(replace(item, labels={**item.labels, "color": "red"}) for item in opened.catalog.items)
    opened.update(replace(opened.catalog, items=items))
    assert [(own.value, own.count) for own in typical_items(opened, "color")] == [("red", 12)]
    assert typical_items(opened, "pattern") is patterns, "their labels are as they were"


def test_a_taught_value_without_labels_is_shown_by_what_it_finds(tmp_path: Path) -> None:
    first = library_of(tmp_path).opened("")
    weights = np.random.default_rng(0).standard_normal((256, 2)).astype(np.float16)
    part, home = Column("color", REGION), first.settings.home
    fit = Reading("fit", ("a", "b"), (part,), (np.zeros(256, np.float16),), (weights,), {"posterior": 1.0})
    folder = taught_folders(first.catalog, home)[0]
    replace(fit, record={WEIGHTS: first.embedder.digest}).save(folder / "fit.safetensors")
    opened = ready(library_on(first.catalog, home)).opened("")
    found = typical_items(opened, "fit")
    assert [(own.value, own.count) for own in found] == [("a", 0), ("b", 0)]
    assert [own.item for own in found] == [
        opened.engine.search(Query((Term("fit", ValueSource(value)),)), 1)[0].id for value in "ab"
    ]
