"""Quick scores are right to within their slack, from the table and from vectors kept in float32."""

from pathlib import Path

import numpy as np
import pytest

from retrieval import SearchEngine, TableHolding, scan, view
from retrieval.scan import SLACK
from tests.retrieval.support import HashEmbedder, made_up_catalog, table_of, unit_rows


@pytest.mark.parametrize("kept", [0, view.WIDE], ids=["table", "float32"])
def test_quick_scores_are_right_to_within_their_slack(
    kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "WIDE", kept)
    rng = np.random.default_rng(0)
    catalog, embedder = made_up_catalog(700), HashEmbedder(dim=16)
    vectors = unit_rows(rng.standard_normal((700, 3, 2, 16)))
    table = table_of(catalog, embedder, vectors, embedder.attributes)
    own = SearchEngine(catalog, TableHolding(table, tmp_path), embedder)._view
    terms = {"neck": rng.standard_normal(32) / 8, "color": rng.standard_normal(32) / 8}
    positions = np.sort(rng.permutation(700)[:650])
    quick = own.quick_scores(positions, terms)
    exact = scan.shares(own.pairs(terms), positions).sum(1)
    assert quick.dtype == np.float32 and np.abs(quick - exact).max() < SLACK
    assert bool(own.pictures.kept.derived._wide) == (kept > 0)
