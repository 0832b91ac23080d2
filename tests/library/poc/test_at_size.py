"""Rates at other sizes: how they are carried over, what they cost, and that they are measured once a machine."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from library.poc import Assumptions, Sheet, as_html, costs, read_prices
from library.poc.at_size import is_measured, memory, on_disk, search_seconds, searches_a_second
from library.poc.cost import bytes_an_item, memory_bytes
from library.poc.scaled import SIZES, scaled
from library.poc.sheet import Scaled, SearchAt
from retrieval import Tuning, open_engine
from tests.library.poc.support import running, sheet
from tests.library.poc.support import scaled as round_figures
from tests.retrieval.support import HashEmbedder, noise_catalog


@pytest.mark.parametrize(
    "items, milliseconds, measured",
    [
        (500, 1.0, False),  # never less than the smallest
        (1000, 1.0, True),
        (2500, 2.5, True),
        (5000, 5.0, False),  # the line of the last two sizes goes on
        (6000, 2.0, False),  # the index answers, not slower than at the size it was timed at
        (10_000, 2.0, True),
        (100_000_000, 4.0, False),  # twice the logarithm
    ],
)
def test_a_scan_grows_with_the_items_and_an_index_with_their_logarithm(
    items: int, milliseconds: float, measured: bool
) -> None:
    found = round_figures()
    assert 1000 * search_seconds(found, items) == pytest.approx(milliseconds)
    assert is_measured(found, items) == measured
    assert searches_a_second(found, items) == pytest.approx(400 * 2 / milliseconds), "400 where a search takes 2 ms"


def test_without_an_index_a_search_takes_as_long_as_the_largest_scan() -> None:
    scans = round_figures(sizes=round_figures().sizes[:2])
    assert search_seconds(scans, 5000) == search_seconds(scans, 1e9) == pytest.approx(0.005)
    two = (*scans.sizes, SearchAt(10_000, 0.002, "index"), SearchAt(100_000, 0.003, "index"))
    between = search_seconds(round_figures(sizes=two), 31_623)
    assert between == pytest.approx(0.0025, rel=1e-4), "half way of the logarithm"


def test_bytes_at_a_size_are_those_of_the_parts_that_are_used_there() -> None:
    found = round_figures()  # of each of 10 attributes: raw 1000, derived 1400, sketch 200, index 300; 1000 shared
    assert memory(found, 5000) == 14_000 * 5000 and memory(found, 6000) == 19_000 * 6000
    assert on_disk(found, 5000) == 25_000 * 5000 and on_disk(found, 6000) == 28_000 * 6000
    run = running()  # 26,500 an item in files, thumbnails and records 1,500 of them
    assert bytes_an_item(run) == 26_500 and bytes_an_item(run, 1e6) == 29_500
    assert memory_bytes(replace(run, scaled=None), 10) == 200_000, "as older sheets had it"


def test_the_stated_size_decides_how_long_a_search_takes_and_how_many_machines_answer() -> None:
    def cost(items: float, **changes: object):  # type: ignore[no-untyped-def]
        stated = Assumptions(items=items, uploads=0, searches_a_second=1000)
        rows = costs(running(**changes), stated, read_prices())
        return next(row for row in rows if row.id == "cpu-upgrade")

    small, large = cost(5000), cost(10_000)
    assert small.search_seconds.low == small.search_seconds.high == pytest.approx(0.005)
    assert large.search_seconds.mean == pytest.approx(0.002), "by the index"
    assert large.machines.high == 5, "400 a second here, half of them idle"
    assert large.machines.low == 2, "eight cores in place of two may answer four times as many"
    many = cost(1e7)
    assert many.memory == pytest.approx(190) and not many.fits and large.fits
    old = cost(10_000, scaled=None).search_seconds
    assert old.low == 0.004 and old.high == pytest.approx(0.004 * min(10_000, Tuning().exact_below) / 1000)


@pytest.mark.parametrize("lang, said", [("en", "beyond what was measured"), ("ja", "測定範囲外の推定")])
def test_the_sheet_says_what_was_measured_when_and_what_was_not(lang: str, said: str) -> None:
    page = as_html(sheet(), Assumptions(items=200_000), lang)
    assert said in page and "2026-11-02" in page and "2026-11-01" in page and "10,000" in page
    without = sheet(running=running(scaled=None))
    assert said not in as_html(without, Assumptions(items=200_000), lang), "an older sheet"
    assert Sheet.from_dict(json.loads(json.dumps(sheet().to_dict()))) == sheet()


def test_sizes_are_timed_by_both_ways_on_vectors_like_those_of_the_catalog(tmp_path: Path) -> None:
    engine = open_engine(noise_catalog(tmp_path / "catalog", 6), HashEmbedder(), tmp_path / "home", ["color", "neck"])
    found = scaled(engine, "noise", Tuning(exact_below=1000))
    assert [(one.items, one.way) for one in found.sizes][:2] == [(SIZES[0], "scan"), (SIZES[1], "index")]
    assert all(one.seconds > 0 for one in found.sizes) and found.together > 0
    assert (found.attributes, found.raw, found.derived, found.shared) == (2, 16, 16, 0), "two views of 4 float16 each"
    assert found.sketch > 0 and found.index > 16 and isinstance(found, Scaled)
