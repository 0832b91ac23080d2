"""Facets: live counts, what is chosen on top, ranges, groups, technical columns behind a switch."""

import json
import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog, Columns, Item
from library import Opened
from ui.facet_counts import Live
from ui.facet_groups import by_path, grouped
from ui.facets import FEW, facets, filtered, pressed


def columns_of(**cells: list[str]) -> Columns:
    rows = zip(*cells.values(), strict=True)
    items = [Item(f"i{n}", f"{n}.png", columns=dict(zip(cells, row, strict=True))) for n, row in enumerate(rows)]
    return Columns(Catalog(Path("shop"), "shop", tuple(items)))


def rows(page: str, column: str) -> list[tuple[str, str, str]]:
    """Value, count and state of the buttons of a column, in their order."""
    found = re.findall(
        rf'data-column="{column}" data-value="([^"]*)"[^>]*aria-pressed="(\w+)"[^>]*><span>[^<]*</span><small>([^<]*)<',
        page,
    )
    return [(value, count, state) for value, state, count in found]


def test_counts_are_of_what_the_other_columns_let_through(opened: Opened) -> None:
    """Four garments of each color, g11 without a label; every other one is striped."""
    page = facets(opened, {}, "en")
    assert sorted(rows(page, "color")) == [
        ("", "1", "false"),
        ("blue", "4", "false"),
        ("green", "3", "false"),
        ("red", "4", "false"),
    ]
    page = facets(opened, {"pattern": ["stripe"], "color": ["blue"]}, "en")
    assert {value: count for value, count, _ in rows(page, "color")} == {"red": "2", "blue": "2", "green": "2"}
    assert rows(page, "color")[0] == ("blue", "2", "true"), "what is chosen is on top"
    assert {value: count for value, count, _ in rows(page, "pattern")} == {"stripe": "2", "solid": "2"}


@pytest.mark.parametrize(
    "filters", [{}, {"color": ["red", ""]}, {"color": ["red"], "pattern": ["solid"]}, {"id": ["g1", "g2", "x"]}]
)
def test_a_count_is_what_the_search_finds(opened: Opened, filters: dict[str, list[str]]) -> None:
    live = Live(opened.columns, opened.engine.readable, filters)
    there = {name: values for name, values in filters.items() if name != "id"}
    if "id" in filters:
        there["id"] = [id for id in filters["id"] if id in opened.catalog.places(filters["id"])]
    for name in ("color", "pattern", "split"):
        for value, count in live.counts(name).items():
            assert count == opened.engine.count({**there, name: [value]}), (name, value)


def test_items_that_cannot_be_found_are_not_counted() -> None:
    columns = columns_of(size=["s", "s", "m"])
    assert Live(columns, np.array([True, False, True]), {}).counts("size") == {"s": 1, "m": 1}


def test_the_split_is_behind_a_switch_until_something_of_it_is_chosen(opened: Opened) -> None:
    for filters, technical, hidden in [({}, False, True), ({}, True, False), ({"split": ["test"]}, False, False)]:
        page = facets(opened, filters, "en", technical)
        plain, _, behind = page.partition('<div class="technical"')
        assert 'data-column="split"' not in plain and 'data-column="split"' in behind
        assert behind.startswith(" hidden>") == hidden
        assert (
            f'role="switch" class="switch" data-technical data-key="technical" aria-checked="{str(not hidden).lower()}"'
            in plain
        )


def test_words_are_those_of_the_language(opened: Opened) -> None:
    page = facets(opened, {"color": ["red"], "id": ["g0", "g3"]}, "ja")
    assert "絞り込みを解除" in page and "<span>赤</span>" in page and "選んだアイテム：2点" in page
    assert "1件選択中" in page and "空欄" not in page, "none of those that are left is blank"
    assert "空欄" in facets(opened, {}, "ja")


def test_acts_become_filters() -> None:
    chosen = filtered({}, "color", "red", True)
    assert chosen == {"color": ["red"]}
    assert filtered(chosen, "color", ["blue", "red"], True) == {"color": ["blue", "red"]}
    assert filtered(chosen, "color", "red", False) == {} and chosen == {"color": ["red"]}
    assert pressed(chosen, {"act": "filter", "column": "color", "value": "blue", "on": "true"}) == {
        "color": ["red", "blue"]
    }
    assert pressed(chosen, {"act": "filter", "column": "color", "value": "red", "on": "false"}) == {}
    assert pressed(chosen, {"act": "filter", "column": "price", "values": '["1", "2"]', "on": True}) == {
        "color": ["red"],
        "price": ["1", "2"],
    }
    assert pressed(chosen, {"act": "filters", "column": "color", "values": ["green", ""]}) == {"color": ["green", ""]}
    assert pressed(chosen, {"act": "filters", "column": "color", "values": "[]"}) == {}
    assert pressed(chosen, {"act": "clear_filters"}) == {}
    for forged in ("{", "3", '{"a": 1}', None, 7):
        assert pressed(chosen, {"act": "filters", "column": "size", "values": forged}) == chosen


def page_of(opened: Opened, columns: Columns, filters: dict[str, list[str]]) -> str:
    """The facets of made-up columns, every item of which can be found."""

    class Shop:
        def __init__(self) -> None:
            self.columns = columns
            self.engine = type("Engine", (), {"readable": np.ones(len(columns.catalog), bool)})

    return facets(Shop(), filters, "en")  # type: ignore[arg-type]


def test_numbers_are_chosen_by_range_and_a_range_is_one_press(opened: Opened) -> None:
    columns = columns_of(price=[str(19 + n % 81) for n in range(600)])
    page = page_of(opened, columns, {})
    first = re.search(
        r'data-values="([^"]*)" data-on="true"[^>]*aria-pressed="(\w+)"[^>]*><span>under 20</span><small>(\d+)', page
    )
    assert first is not None and first.groups()[1:] == ("false", "8")
    chosen = pressed({}, {"act": "filter", "column": "price", "values": unescape(first[1]), "on": "true"})
    assert chosen == {"price": ["19"]}
    again = page_of(opened, columns, chosen)
    assert re.search(r'data-on="false" aria-pressed="true"[^>]*><span>under 20</span>', again)
    assert "range" in again and 'class="all"' in again, "single prices are shown on demand"


def test_long_lists_are_cut_and_shown_on_demand(opened: Opened) -> None:
    shelves = [f"shelf {chr(97 + n % 12)}" for n in range(120)]
    page = page_of(opened, columns_of(shelf=shelves), {"shelf": ["shelf l"]})
    assert len(rows(page, "shelf")) == 12 and page.count("<li class=rest>") == 12 - FEW
    assert rows(page, "shelf")[0] == ("shelf l", "10", "true") and "Show all 12" in page


def test_paths_are_groups_and_a_group_is_chosen_whole(opened: Opened) -> None:
    paths = ["Tops > Shirts", "Tops > Polos > Long", "Shoes > Boots", "Shoes > Heels"]
    assert [(group.name, group.values) for group in by_path(paths)] == [
        ("Tops", ("Tops > Shirts", "Tops > Polos > Long")),
        ("Shoes", ("Shoes > Boots", "Shoes > Heels")),
    ]
    assert by_path(paths)[0].rest(paths[1]) == "Polos › Long"
    assert by_path(["black/white", "3/4", "red"]) == [] and by_path(["a > b", "c > d"]) == [], "no two share a step"
    page = page_of(opened, columns_of(kind=[paths[n % 4] for n in range(80)]), {"kind": paths[:1]})
    group = re.search(
        r'data-values="([^"]*)" data-on="(\w+)" aria-pressed="(\w+)"[^>]*><span>Tops</span><small>(\d+)', page
    )
    assert group is not None and group.groups()[1:] == ("true", "mixed", "40")
    assert json.loads(unescape(group[1])) == paths[:2]
    assert "<span>Shirts</span>" in page and "<span>Polos › Long</span>" in page


def test_a_column_that_sums_up_another_gives_its_groups() -> None:
    kinds = ["shirts", "polos", "boots", "heels", "belts"]
    over = {"shirts": "tops", "polos": "tops", "boots": "shoes", "heels": "shoes", "belts": "shoes"}
    cells = [kinds[n % 5] for n in range(100)]
    columns = columns_of(
        kind=cells, family=[over[kind] for kind in cells], color=[["red", "blue", "tan"][n % 3] for n in range(100)]
    )
    found = grouped(columns, ["kind", "family", "color"])
    assert {name: [(one.name, one.values) for one in groups] for name, groups in found.items()} == {
        "kind": [("tops", ("shirts", "polos")), ("shoes", ("boots", "heels", "belts"))]
    }
    mixed = [*[over[kind] for kind in cells[:-1]], "tops"]
    assert grouped(columns_of(kind=cells, family=mixed), ["kind", "family"]) == {}, "one belt is a top"
    few = columns_of(kind=cells[:20], family=[over[kind] for kind in cells[:20]])
    assert grouped(few, ["kind", "family"]) == {}, "of few items that is chance"
