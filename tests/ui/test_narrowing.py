import json
from pathlib import Path

import pytest

from catalog import Catalog, Columns, Item
from library import Opened
from ui.narrowing import MOST_LISTED, filters_of, narrowing, numbers_of


def columns_of(**cells: list[str]) -> Columns:
    rows = zip(*cells.values(), strict=True)
    items = [Item(f"i{n}", f"{n}.png", columns=dict(zip(cells, row, strict=True))) for n, row in enumerate(rows)]
    return Columns(Catalog(Path("shop"), "shop", tuple(items)))


def test_labels_and_splits_are_offered_value_by_value(opened: Opened) -> None:
    found = narrowing(opened.columns)
    assert ("color", "red") in found.values and ("split", "test") in found.values
    assert all(value for _, value in found.values) and not found.ranges and not found.unlisted
    assert ("色：赤", '["color", "red"]') in found.choices("ja")


def test_a_price_with_many_values_is_offered_in_ranges_and_by_value() -> None:
    prices = [str(19 + n % 81) for n in range(600)]
    columns = columns_of(price=prices, shelf=["a" if n % 2 else "b" for n in range(600)])
    found = narrowing(columns)
    texts = [text for text, _ in found.choices("en")]
    ranges = ["price: under 20", "price: 20 – 39", "price: 40 – 59", "price: 60 – 79", "price: 80 and more"]
    assert texts[:5] == ranges and "price: 42" in texts and "shelf: a" in texts
    assert texts.index("shelf: a") > texts.index("price: 99") > texts.index("price: 42")
    sent = [text for _, text in found.choices("en")]
    accepted = [filters_of([text], columns)["price"] for text in sent[:5]]
    assert [value for part in accepted for value in part] == sorted(set(prices), key=int), "each price is in one range"
    rows = [len(columns.rows({"price": part})) for part in accepted]
    assert sum(rows) == 600 and max(rows[1:4]) < 1.2 * min(rows[1:4])
    assert [text for text, _ in found.choices("ja")[:2]] == ["価格：20未満", "価格：20〜39"]


@pytest.mark.parametrize(
    "price", [lambda n: f"¥{n},800", lambda n: f"{n}.50", lambda n: f"{n} EUR", lambda n: f"-{n}", lambda n: f"{n}円"]
)
def test_numbers_are_read_with_a_currency_or_a_unit(price: object) -> None:
    assert callable(price)
    found = narrowing(columns_of(price=[price(n) for n in range(1, 101)]))
    assert {one.column for one in found.ranges} == {"price"}


def test_what_is_a_number_and_what_is_none() -> None:
    assert numbers_of(["$1,200.50", "-3", "１２", "A0000", "2024-01-02", "3-5", "", "1e5x9"]) == {
        "$1,200.50": 1200.5,
        "-3": -3.0,
        "１２": 12.0,
    }


def test_columns_with_too_many_texts_are_named_and_others_are_searchable() -> None:
    count = 4 * MOST_LISTED
    columns = columns_of(
        title=[f"a shirt {chr(97 + n % 26)}{n}" for n in range(count)],
        brand=[f"brand {n % 150}" for n in range(count)],
        price=[str(n / 4) for n in range(count)],
        same=["one"] * count,
    )
    found = narrowing(columns)
    assert found.unlisted == (("title", count),)
    assert {name for name, _ in found.values} == {"brand"} and len(found.ranges) == 6
    assert found.unlisted_line("en") == "Not listed, since there are too many different values: title (1,200)."
    assert "title (1,200)" in found.unlisted_line("ja")


def test_values_and_ranges_of_one_column_are_any() -> None:
    numbers = [0] * 50 + list(range(1, 21)) + [1000]
    columns = columns_of(stock=[str(number) for number in numbers])
    found = narrowing(columns)
    assert [(one.low, one.high) for one in found.ranges] == [(None, 5), (5, 10), (10, None)]
    chosen = [json.dumps(["stock", 3, 6]), json.dumps(["stock", "1000"])]
    assert filters_of(chosen, columns) == {"stock": ["3", "4", "5", "1000"]}
    assert filters_of([json.dumps(["stock", None, 2])], columns) == {"stock": ["0", "1"]}
    assert filters_of([json.dumps(["stock", 5000, None])], columns) == {"stock": []}
    assert filters_of(None, columns) == {}


def test_values_that_would_read_the_same_are_shown_as_they_are_written() -> None:
    columns = columns_of(color=["紺", "navy", "red", "polka_dots", "polka dots"], 色=["a", "b"] * 2 + ["a"])
    english, japanese = (dict(narrowing(columns).choices(lang)) for lang in ("en", "ja"))
    assert {"color: 紺", "color: navy", "color: polka_dots", "color: polka dots"} <= english.keys()
    assert {"color：紺", "color：navy", "color：赤", "color：polka_dots", "色：a"} <= japanese.keys()
    assert json.loads(japanese["color：紺"]) == ["color", "紺"] and len(japanese) == 7
