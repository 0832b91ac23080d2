"""Quick scores are right to within their slack, from the table and from vectors kept in float32."""

from pathlib import Path

import numpy as np
import pytest

from retrieval import SearchEngine, TableHolding, Tuning, scan, view
from retrieval.scan import SLACK
from tests.retrieval.support import HashEmbedder, made_up_catalog, table_of, unit_rows


@pytest.mark.parametrize(
    ("kept", "int8_from"), [(0, 10**9), (view.WIDE, 10**9), (view.WIDE, 0)], ids=["table", "float32", "8 bits"]
)
def test_quick_scores_are_right_to_within_their_slack(
    kept: int, int8_from: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "WIDE", kept)
    rng = np.random.default_rng(0)
    catalog, embedder = made_up_catalog(700), HashEmbedder(dim=16)
    vectors = unit_rows(rng.standard_normal((700, 3, 2, 16)))
    table = table_of(catalog, embedder, vectors, embedder.attributes)
    own = SearchEngine(catalog, TableHolding(table, tmp_path), embedder, Tuning(int8_from=int8_from))._view
    terms = {"neck": rng.standard_normal(32) / 8, "color": rng.standard_normal(32) / 8}
    positions = np.sort(rng.permutation(700)[:650])
    quick = own.quick_scores(positions, terms)
    exact = scan.shares([(own.exact(name), vector) for name, vector in terms.items()], positions).sum(1)
    assert quick.scores.dtype == np.float32 and np.abs(quick.scores - exact).max() < quick.slack
    assert (quick.slack == SLACK) == (int8_from > 0) and quick.slack < 0.05
    assert bool(own.pictures.kept.derived._wide) == (kept > 0 < int8_from)
