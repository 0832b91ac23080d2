"""Published figures: as the paper's table has them, and beside the reports that they belong to only."""

import json
import os
from pathlib import Path

import pytest

from catalog.published import FASHIONAI
from eval import Report
from eval.published import FIGURES, beside
from tests.eval.test_differences import attribute, report, shares

SPLITS = Path(os.environ.get("LAPEL_DATA", "../shared/data")) / "asfr_splits"
BY_DATASET = {one.dataset: one for one in FIGURES}


def test_figures_are_marked_as_not_measured_and_name_their_source() -> None:
    for one in FIGURES:
        assert not one.measured and "arXiv:2305.10260" in one.source and one.figure == "map"


def test_the_plain_mean_of_fashionai_is_the_one_that_is_published_and_the_overall_is_not() -> None:
    """RPF.md §7: the published overall is query-weighted, 70.11, where the plain mean is 70.73."""
    fashionai = BY_DATASET["FashionAI"]
    assert sum(fashionai.attributes.values()) / 8 == pytest.approx(70.725, abs=0.01)
    assert fashionai.overall == 70.11
    assert set(fashionai.attributes) == set(FASHIONAI)


@pytest.mark.data
def test_each_attribute_of_the_published_splits_has_a_figure_and_the_overall_is_their_weighted_mean() -> None:
    if not SPLITS.is_dir():
        pytest.skip(f"no published split files: {SPLITS} is missing (LAPEL_DATA)")
    meta = json.loads((SPLITS / "meta.json").read_text(encoding="utf-8"))
    for dataset, told in meta.items():
        one = BY_DATASET[dataset]
        values = [one.of(name) for name in told["ATTRIBUTES"]]
        assert None not in values and len(values) == len(one.attributes)
        lines = (SPLITS / dataset / "query_test.txt").read_text(encoding="utf-8").split("\n")
        places = [int(line.split()[1]) for line in lines if line.strip()]
        mean = sum(values[place] for place in places) / len(places)
        assert mean == pytest.approx(one.overall, abs=0.01), dataset


def test_names_are_found_however_they_are_spelled() -> None:
    darn, deepfashion = BY_DATASET["DARN"], BY_DATASET["DeepFashion"]
    assert darn.of("Color") == darn.of("clothes color") == darn.of("clothes_color") == 55.08
    assert deepfashion.of("texture-related") == deepfashion.of("texture") == 15.62
    assert darn.of("lapel design") is None


def on(names: list[str], queries: object) -> Report:
    made = report(**{name: attribute(shares(30)) for name in names})
    made.protocol["queries"] = queries
    return made


def test_a_report_on_published_queries_is_known_by_its_attributes() -> None:
    (found,) = beside(on(["lapel_design", "Neck Design"], "published"))
    assert found.published.dataset == "FashionAI" and found.same_queries
    assert found.attributes == {"lapel_design": 73.18, "Neck Design": 75.01}
    assert beside(on(["lapel_design", "buttons"], "published")) == []


def test_other_queries_have_published_figures_only_where_the_data_set_is_named_and_it_is_said() -> None:
    other = on(["lapel_design", "buttons"], 0.2)
    assert beside(other) == []
    (found,) = beside(other, "fashionai")
    assert not found.same_queries and found.attributes == {"lapel_design": 73.18}
    assert beside(other, "darn") == [] and beside(other, "table") == []
