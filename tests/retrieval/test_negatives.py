"""What a "not" does to queries of two terms, measured on garments whose colors and patterns are easily told."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.negatives import ASKED, Negation, negatives
from retrieval import RetrievalError
from tests.ui.conftest import library_of


def test_a_not_keeps_away_what_is_not_wanted(tmp_path: Path) -> None:
    opened = library_of(tmp_path, 42).opened("")
    wanted = Negation(split="train", prototypes="test", weights=(0.5,), queries=8)
    found = negatives(str(opened.catalog.root), opened.catalog, opened.embedder, opened.settings.home, wanted)
    assert [one.name for one in found] == [f"{way}, {weight}" for way in ASKED for weight in ("0", "0.5")]
    for alone, with_not in zip(found[::2], found[1::2], strict=True):
        assert alone.more["pairs"] == with_not.more["pairs"] == 2 and alone.runs == 16
        assert with_not.more["second"] > alone.more["second"], "more that are not what was not wanted"
        assert alone.more["both"] < with_not.more["both"] <= with_not.more["most"]
    one = replace(opened.catalog, attributes=opened.catalog.attributes[:1])
    with pytest.raises(RetrievalError, match="fewer than two"):
        negatives(str(one.root), one, opened.embedder, opened.settings.home, wanted)
