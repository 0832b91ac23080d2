"""How many labels are missing, and whether so many are then enough."""

import numpy as np
import pytest

from eval import Sampling, evaluate, shortages
from eval.shortage import LEAST, labels_for
from tests.eval.support import embedded, labelled_catalog, vectors_of

ALONE = Sampling(0.2, alone=100)


@pytest.mark.parametrize(("queries", "labels"), [(30, 30), (100, 100), (101, 505), (200, 1000)])
def test_labels_for_so_many_queries_where_few_ask_all_others(queries, labels):
    assert labels_for(queries, ALONE) == labels
    assert labels_for(queries, Sampling(0.5)) == queries * 2


def test_queries_are_enough_when_the_interval_is_narrow(tmp_path):
    catalog = labelled_catalog(tmp_path / "shop", 100)
    labelled = int((catalog.labels("color") >= 0).sum())
    rng = np.random.default_rng(0)
    wide, narrow = rng.choice([0.0, 1.0], 40), rng.normal(0.5, 0.05, 40)
    assert shortages(catalog, {"color": narrow}, ["color"], Sampling(0.5)) == []
    (short,) = shortages(catalog, {"color": wide}, ["color"], Sampling(0.5))
    needed = (1.96 * wide.std(ddof=1) * 100 / 5) ** 2
    assert short.labels == labelled and short.more == pytest.approx(2 * needed - labelled, abs=2)
    assert str(short) == f"color: 40 queries say little; {short.more} more labels would do"
    (few,) = shortages(catalog, {"color": narrow[:10]}, ["color"], Sampling(0.5))
    assert few.more == max(1, 2 * LEAST - labelled)
    (none,) = shortages(catalog, {}, ["fit"], Sampling(0.2))
    assert none.queries == 0 and f"are too few to measure it; {none.more} more would do" in str(none)
    assert shortages(catalog, {}, ["fit"], Sampling(trials=[])) == []


def test_a_report_says_it_as_data_and_in_words(tmp_path):
    catalog = labelled_catalog(tmp_path / "shop", 60)
    report = evaluate(catalog, embedded(vectors_of(catalog, ["fit"]), ["fit"], lambda _: 0.5))
    (short,) = report.shortages
    assert short["attribute"] == "fit" and short["queries"] == report.attributes["fit"].queries < LEAST
    assert any(
        line.startswith(f"fit: {short['queries']} queries say little; {short['more']} more") for line in report.warnings
    )
