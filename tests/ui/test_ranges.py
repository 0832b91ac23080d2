"""Numbers in ranges: round, few, none of them empty, each number in one."""

import random

import pytest

from ui.ranges import RANGES, Range, range_text, ranges_of


def texts(numbers: list[float], lang: str = "en") -> list[str]:
    return [range_text(one, lang) for one in ranges_of("price", numbers)]


def held(numbers: list[float]) -> list[int]:
    return [sum(number in one for number in numbers) for one in ranges_of("price", numbers)]


def test_numbers_that_lie_evenly_get_ranges_of_one_width() -> None:
    assert texts(list(range(1, 101))) == ["under 20", "20 – 39", "40 – 59", "60 – 79", "80 and more"]
    quarters = [number / 4 for number in range(1200)]
    assert texts(quarters)[:2] == ["under 50", "50 to under 100"] and held(quarters) == [200] * 6
    assert texts(quarters, "ja")[:2] == ["50未満", "50以上100未満"] and texts(quarters, "ja")[-1] == "250以上"


def test_prices_of_which_most_are_low_get_ranges_of_about_as_many_items() -> None:
    draw = random.Random(0)
    prices = [float(round(draw.lognormvariate(8.5, 0.8), -1)) for _ in range(500)]
    shown, counts = texts(prices), held(prices)
    assert 5 <= len(counts) <= RANGES and max(counts) < 2.5 * min(counts)
    ends = [part for text in shown for part in text.replace(",", "").split() if part.isdigit()]
    assert all(int(end) % 500 in (0, 499) for end in ends), shown


def test_years_have_no_comma_and_a_range_of_one_number_is_that_number() -> None:
    assert texts([2007 + number % 15 for number in range(300)])[:2] == ["under 2008", "2008 – 2009"]
    assert range_text(Range("size", 4, 5, "whole"), "en") == "4"
    assert range_text(Range("size", 4, 5), "ja") == "4以上5未満"


@pytest.mark.parametrize("scale", [0.01, 1, 1000, 1e9])
def test_each_number_is_in_one_range_and_no_range_is_empty(scale: float) -> None:
    draw = random.Random(1)
    for _ in range(300):
        kinds = (lambda: draw.gauss(0, 1), lambda: draw.lognormvariate(0, 2), lambda: draw.randint(0, 3))
        numbers = [draw.choice(kinds)() * scale for _ in range(draw.randint(1, 60))]
        ranges = ranges_of("price", numbers)
        assert len(ranges) <= RANGES and min(held(numbers)) > 0
        assert all(sum(number in one for one in ranges) == 1 for number in numbers)
    assert ranges_of("price", []) == []
