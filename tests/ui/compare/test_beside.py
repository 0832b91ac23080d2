"""A catalog compared by weights that are not in use."""

import shutil
import time
from pathlib import Path

import pytest

from catalog import Catalog
from common.assets import EMBEDDED_WEIGHTS
from library import LibraryError, Opened
from tests.ui.conftest import library_on
from ui.asked import Asked, Picture, like
from ui.compare.beside import OtherWeights, Preparing
from ui.compare.sides import Sides
from ui.compare.ways import Way, ways

BY_COLOR = Asked(like(Picture(item="g0"), {"color": 1.0}))


def test_other_weights_are_made_ready_beside_those_in_use(
    opened: Opened, small_catalog: Catalog, tmp_path: Path
) -> None:
    shutil.copytree(opened.settings.home / "store", tmp_path / "home" / "store")  # so that nothing has to be embedded
    library, source = library_on(small_catalog, tmp_path / "home"), str(tmp_path / "others")
    shutil.copytree(EMBEDDED_WEIGHTS, source)
    others = OtherWeights(library)
    with pytest.raises(LibraryError, match="not used here yet"):
        others(opened, source)
    used = library.weights.switch(source)
    sides, way = Sides(others), Way("weights", source)
    assert way in ways(opened, BY_COLOR, [source])
    first = sides.compare(opened, BY_COLOR, (Way("lapel"), way))
    assert isinstance(first.right.reason, Preparing) and first.left.ids and not first.right.ids
    until = time.monotonic() + 60
    while (found := sides.compare(opened, BY_COLOR, (Way("lapel"), way))).right.reason is not None:
        assert isinstance(found.right.reason, Preparing) and time.monotonic() < until
        time.sleep(0.1)
    assert found.right.ids == found.left.ids  # a copy of the same weights
    assert library.weights.source == source and library.weights.embedder is used
