"""What is kept of every query, and what is read off it, against loops over the items."""

from dataclasses import replace

import numpy as np
import pytest

from eval import EvalError, Sampling, confusion, evaluate, kept, per_query, relabelled, worst
from eval.detail import MOST_RANKS
from eval.protocol import seeded_trials
from tests.eval.support import embedded, labelled_catalog, vectors_of

NAMES = ["color", "fit"]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    catalog = labelled_catalog(tmp_path_factory.mktemp("detail") / "shop", 200)
    vectors = vectors_of(catalog, NAMES, (0.9, 1.5))
    return catalog, evaluate(catalog, embedded(vectors, NAMES, lambda _: 0.5), Sampling(0.3, 2))


def test_a_detail_has_the_queries_of_the_report_and_their_figures(case):
    catalog, report = case
    detail = report.detail
    assert detail.ids == [item.id for item in catalog] and list(detail.attributes) == list(report.attributes) == NAMES
    for name, trial in zip(NAMES, seeded_trials(catalog, NAMES, 0.3, 2), strict=True):
        asked, figures = detail.of(name), report.attributes[name]
        assert asked.queries.tolist() == trial.queries.tolist() and list(asked.names) == figures.values
        assert asked.values.tolist() == trial.query_values.tolist()
        labels = catalog.labels(name)
        assert asked.item_values.tolist() == labels.tolist()
        for figure in ("map", "p8", "p12", "top1", "top8"):
            assert asked.figure(figure).mean() == pytest.approx(getattr(figures, figure), abs=1e-4)
        for view, mean in figures.map_by_view.items():
            assert asked.ap_by_view[view].mean() * 100 == pytest.approx(mean, abs=1e-4)
        for place in range(len(asked)):
            hits = asked.hits[place]
            there = hits >= 0
            assert (
                len(hits) == 50
                and set(hits[there]) <= set(trial.candidates)
                and there.sum() == min(50, asked.ranked[place])
            )
            assert asked.right[place][there].tolist() == (labels[hits[there]] == asked.values[place]).tolist()
            ranks = asked.ranks_of(place)
            assert len(ranks) == asked.relevant[place] and (np.diff(ranks) > 0).all()
            assert [rank for rank in ranks if rank <= 50] == (np.flatnonzero(asked.right[place]) + 1).tolist()
            assert asked.ap[place] == pytest.approx(np.mean(np.arange(1, len(ranks) + 1) / ranks), abs=1e-6)
            assert labels[asked.miss[place]] != asked.values[place]
            assert hits[asked.miss_rank[place] - 1] == asked.miss[place] and asked.miss_rank[place] <= 50
            assert asked.right[place, : asked.miss_rank[place] - 1].all()
        assert per_query(report, name) == report.attributes[name].per_query
        assert per_query(report, name)["first"] == [int(asked.ranks_of(place)[0]) for place in range(len(asked))]


def test_confusion_is_the_share_of_each_value_among_the_first_hits(case):
    catalog, report = case
    labels, values = catalog.labels("color"), report.attributes["color"].values
    asked = report.detail.of("color")
    for k in (1, 12, 50):
        table = confusion(report.detail, "color", report, k)
        assert table.index.tolist() == table.columns.tolist() == values
        for place, value in enumerate(values):
            rows = [asked.hits[query, :k] for query in range(len(asked)) if asked.values[query] == place]
            found = labels[np.concatenate(rows)]
            assert table.loc[value].tolist() == pytest.approx([(found == of).mean() * 100 for of in range(3)])
    table = confusion(report.detail, "color")
    by_value = report.attributes["color"].by_value
    assert [table.loc[value, value] for value in values] == pytest.approx(
        [by_value[value]["p12"] for value in values], abs=1e-3
    )
    assert np.allclose(table.sum(axis=1), 100)


def test_a_value_that_nobody_asks_for_has_no_row_and_short_rankings_count_what_is_there(tmp_path):
    catalog = labelled_catalog(tmp_path / "small", 14)
    report = evaluate(catalog, embedded(vectors_of(catalog, ["color"]), ["color"], lambda _: 0.5))
    asked = report.detail.of("color")
    silent = [value for place, value in enumerate(asked.names) if place not in asked.values]
    assert silent and asked.hits.shape[1] < 12
    table = confusion(report.detail, "color")
    assert table.loc[silent].isna().all(axis=None) and np.allclose(table.drop(silent).sum(axis=1), 100)


def test_the_worst_queries_come_first(case):
    _, report = case
    asked, table = report.detail.of("color"), confusion(report.detail, "color")
    everyone = worst(report.detail, "color")
    right = asked.right[:, :12].sum(axis=1)
    assert everyone == sorted(range(len(asked)), key=lambda place: (right[place], asked.ap[place], place))
    red, blue = asked.place("red"), asked.place("blue")
    of_red = worst(report.detail, "color", "red")
    assert of_red == [place for place in everyone if asked.values[place] == red] and of_red
    assert worst(report.detail, "color", red) == of_red
    cell = worst(report.detail, "color", "red", "blue")
    expected = [p for p in of_red if (asked.item_values[asked.hits[p, :12]] == blue).any()]
    assert cell == expected and bool(cell) == bool(table.loc["red", "blue"])
    assert worst(report.detail, "color", "red", "blue", k=1) == [
        place for place in of_red if asked.item_values[asked.hits[place, 0]] == blue
    ]


def test_what_is_not_there_is_said(case):
    _, report = case
    with pytest.raises(EvalError, match="'sleeve' was not asked; it can be one of: color, fit"):
        report.detail.of("sleeve")
    with pytest.raises(EvalError, match="no value 'pink'; it can be one of: blue, green, red"):
        worst(report.detail, "color", "pink")
    with pytest.raises(EvalError, match="ask for 1 to 50, not 51"):
        confusion(report.detail, "color", k=51)
    with pytest.raises(EvalError, match="no figure 'ndcg'"):
        report.detail.of("color").figure("ndcg")
    renamed = replace(report.attributes["color"], values=["a", "b", "c"])
    with pytest.raises(EvalError, match="other values of 'color'"):
        confusion(report.detail, "color", replace(report, attributes={"color": renamed}))


def test_ranks_of_many_right_ones_are_kept_up_to_a_number(case, monkeypatch):
    catalog, report = case
    whole = report.detail.of("color")
    monkeypatch.setattr(kept, "MOST_KEPT", len(whole) * 5)
    vectors = vectors_of(catalog, NAMES, (0.9, 1.5))
    short = evaluate(catalog, embedded(vectors, NAMES, lambda _: 0.5), Sampling(0.3, 2)).detail.of("color")
    assert short.most_ranks == 5 < whole.relevant.min() and whole.most_ranks == MOST_RANKS
    for place in range(len(whole)):
        assert short.ranks_of(place).tolist() == whole.ranks_of(place)[:5].tolist()
    assert short.ap.tolist() == whole.ap.tolist() and short.relevant.tolist() == whole.relevant.tolist()


def test_labels_that_have_changed_since_are_found(case):
    catalog, report = case
    assert relabelled(report.detail, catalog) == {}
    items = list(catalog.items)
    (one, two, *_), (unlabelled, *_) = (
        [place for place in range(len(items)) if ("color" in items[place].labels) is there] for there in (True, False)
    )
    other = "red" if items[one].labels["color"] != "red" else "blue"
    items[one] = replace(items[one], labels={**items[one].labels, "color": other})
    items[two] = replace(items[two], labels={})
    items[unlabelled] = replace(items[unlabelled], labels={**items[unlabelled].labels, "color": "red"})
    changed = relabelled(report.detail, replace(catalog, items=tuple(items)))
    assert changed.pop("color") == [items[one].id, items[two].id]
    assert changed == ({"fit": [items[two].id]} if "fit" in catalog.items[two].labels else {})
    gone = relabelled(report.detail, replace(catalog, items=catalog.items[1:]))
    assert all(ids == [catalog.items[0].id] for ids in gone.values())
    numbered = replace(report.detail.of("color"), names=("0", "1", "2"))
    assert relabelled(replace(report.detail, attributes={"color": numbered}), catalog) == {}
