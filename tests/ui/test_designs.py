"""Similar designs on the page: what is offered, asked, told meanwhile, shown and taken away."""

import asyncio
import csv
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from library import Library, Opened
from model import Level
from retrieval import Across, DesignGroup, DesignPair, DesignQuery, Designs, DesignStep, RetrievalError, comparing
from tests.ui.test_search_events import request
from ui.designs import DesignsEvents, asking, build_designs, cards
from ui.designs.tab import Seen
from ui.refusals import told
from ui.words import WORDS

QUERY = DesignQuery(("color", "pattern"))


@pytest.fixture(scope="module")
def events(library: Library) -> DesignsEvents:
    """Built inside an event loop: outside of one, gr.Blocks makes loops that nobody closes."""

    async def build() -> DesignsEvents:
        with gr.Blocks(analytics_enabled=False):
            tab = build_designs(lambda key: key)
            return DesignsEvents(library, tab, gr.State(""), gr.State(("", 0, "")), gr.Tabs())

    return asyncio.run(build())


def pair(one: str, other: str, color: float, twin: bool = False) -> DesignPair:
    return DesignPair(one, other, color * 0.9, {"color": color, "pattern": 0.9}, {"color": 0.7, "pattern": 0.8}, twin)


def found(**changes: Any) -> Designs:
    pairs = (pair("g0", "g6", 0.97, True), pair("g0", "g3", 0.6), pair("g1", "g0", 0.5))
    groups = (DesignGroup(("g0", "g3", "g6", "g9"), {"color": 0.55, "pattern": 0.81}),)
    made = Designs(QUERY, pairs, 3, groups, False, 12, 66, 2, {"g0": ("g4", "g5")}, {})
    return replace(made, **changes)


def page(opened: Opened, lang: str = "en", pairs: bool = False, **changes: Any) -> str:
    return unescape(cards.results(opened, Seen(opened.id, found(**changes), pairs), Level.LIKELY, lang))


def act(events: DesignsEvents, seen: Seen, **data: Any) -> Any:
    return events.act(SimpleNamespace(_data=data), seen, request())  # type: ignore[arg-type]


def ask(events: DesignsEvents, catalog: str, **changes: Any) -> list[Any]:
    asked: dict[str, Any] = {
        "names": ["color", "pattern"], "level": 0.5, "least": {}, "differ": [], "across": "", "one": None, "other": None,
        "filters": [], "once": True, **changes,
    }  # fmt: skip
    return list(events.find(**asked, catalog=catalog, request=request()))


def test_groups_name_their_size_the_least_chance_the_labels_and_what_stands_for_others(opened: Opened) -> None:
    shown = page(opened)
    for said in (
        "3 pairs agree, of 66 among 12 items",
        "1 group of three or more",
        "2 items left out, on which it cannot be seen",
        "2 items show the very same picture as another and are not shown",
        "Group 1: 4 items",
        "color: 55 % or more",
        "labelled red: 4 of 4",
        "pattern: 81 % or more",
        "labelled stripe: 2 of 4",
        "also g4, g5 (very same picture)",
    ):
        assert said in shown, said
    assert re.findall(r'data-act="search" data-item="(\w+)"', shown) == ["g0", "g3", "g6", "g9"]
    assert shown.count('alt="Search with color: red') == 4


def test_pairs_name_their_chances_and_whether_labels_agree(opened: Opened) -> None:
    shown = page(opened, pairs=True)
    first, second, third = shown.split('class="lapel-pair"')[1:]
    assert "87 % that they agree on all" in first and "very same picture" in first
    assert '<li class="very_likely"><span>color: 97 %</span>' in first
    assert '<li class="likely"><span>color: 60 %</span>' in second
    assert "labels agree: red" in second and "labels differ: stripe / solid" in second
    assert '<small class="wrong">' in third and "labels differ: green / red" not in second
    assert re.search(r'data-act="pairs"[^>]*aria-pressed="true"', shown)


def test_what_is_to_differ_is_told_the_other_way_round(opened: Opened) -> None:
    query = DesignQuery(("pattern",), differ=("color",))
    one = DesignPair("g0", "g1", 0.81, {"pattern": 0.9, "color": 0.1}, {"pattern": 0.8, "color": 0.1})
    shown = unescape(cards.results(opened, Seen(opened.id, found(query=query, pairs=(one,)), True), Level.LIKELY, "en"))
    assert "81 % that they are as asked" in shown
    assert "color: differs, 90 %" in shown
    assert '<small class="right"><span aria-hidden="true">✓ </span>labels differ: red / blue' in shown


@pytest.mark.parametrize(("lang", "place"), [("en", 0), ("ja", 1)])
def test_nothing_and_too_much_say_what_to_do(opened: Opened, lang: str, place: int) -> None:
    none = {"pairs": (), "groups": (), "count": 0}
    assert WORDS["designs_none"][place] in page_of(opened, lang, **none)
    unreachable = page_of(opened, lang, **none, unreachable={"color": 0.42})
    assert "42" in unreachable and WORDS["designs_none"][place] not in unreachable
    assert "2,000,000" in page_of(opened, lang, groups=(), crowded=True)
    assert WORDS["designs_no_groups"][place] in page_of(opened, lang, groups=())


def page_of(opened: Opened, lang: str, **changes: Any) -> str:
    return unescape(cards.results(opened, Seen(opened.id, found(**changes)), Level.LIKELY, lang))


def test_progress_says_how_much_agrees_and_that_nothing_does_so_far() -> None:
    assert "1,234 pairs agree so far" in cards.progress(DesignStep("pairs", 0.5, 1234), "en")
    assert 'value="0.500"' in cards.progress(DesignStep("pairs", 0.5, 1234), "en")
    assert "nothing agrees so far" in cards.progress(DesignStep("pairs", 0.5), "en")
    assert "まだ一致する組はありません" in cards.progress(DesignStep("pairs", 0.5), "ja")


def test_no_text_of_a_catalog_becomes_markup(opened: Opened) -> None:
    bad = "<b>&"
    made = found(query=DesignQuery(("color", "pattern"), across=Across(bad, bad, bad + bad)), twins={"g0": (bad,)})
    assert bad not in cards.results(opened, Seen(opened.id, made), Level.LIKELY, "en")


def test_another_catalog_is_offered_once(events: DesignsEvents, opened: Opened) -> None:
    filled = events.fill(opened.id, Seen(), request())
    tab = events.tab
    names = [name for _, name in filled[tab.attributes].choices]
    assert names[:2] == ["color", "pattern"] == filled[tab.attributes].value
    assert set(names) == set(opened.engine.attributes)
    assert [value for _, value in filled[tab.across].choices] == ["", "split", "color", "pattern", "title"]
    begun = filled[tab.seen]
    assert (begun.catalog, begun.found) == (opened.id, None)
    looked = replace(begun, found=found())
    assert set(events.fill(opened.id, looked, request())) == {tab.line}  # what was found stays
    more = events.fill(opened.id, replace(looked, offered=("color",)), request())  # embedded for others meanwhile
    assert set(more) == {tab.seen, tab.attributes, tab.differ}
    assert more[tab.seen].found is looked.found and more[tab.seen].offered == begun.offered


def test_across_two_sides_there_are_pairs_alone(opened: Opened) -> None:
    query = DesignQuery(("color",), across=Across("split", "test", "train"))
    shown = page(opened, pairs=True, query=query, groups=())
    assert "split: test against train" in shown
    assert 'data-act="pairs"' in shown and 'data-act="groups"' not in shown and "csv_groups" not in shown


def test_two_sides_are_values_of_the_column_the_commonest_first(events: DesignsEvents, opened: Opened) -> None:
    filled = events.take_column("color", opened.id, request())
    assert [value for _, value in filled[events.tab.one].choices][-1] == "green"  # three of it, four of the others
    assert filled[events.tab.one].value != filled[events.tab.other].value
    assert not events.take_column("", opened.id, request())[events.tab.one].visible


def test_an_answer_comes_with_the_pictures_that_agree(events: DesignsEvents, opened: Opened) -> None:
    first, *_, last = ask(events, opened.id, level=0.01, differ=[])
    tab = events.tab
    assert first[tab.stop].visible and not first[tab.find].interactive
    assert not last[tab.stop].visible and last[tab.find].interactive
    seen = last[tab.seen]
    assert seen.found.items == 6  # of each two items show one picture
    assert last[tab.line] == ""
    assert "also g6 (very same picture)" in unescape(last[tab.results])


def test_two_sides_filters_and_twins_reach_the_question(opened: Opened) -> None:
    query = asking.question(
        opened, ["color"], 0.8, {}, ["pattern"], ("split", "test", "train"), ['["color", "red"]'], False
    )
    assert query == DesignQuery(
        ("color",), 0.8, {}, ("pattern",), Across("split", "test", "train"), {"color": ["red"]}, True
    )


def test_a_question_that_lacks_something_says_so(events: DesignsEvents, opened: Opened) -> None:
    tab = events.tab
    (said,) = ask(events, opened.id, names=[])
    assert "at least one attribute" in said[tab.line]
    (said,) = ask(events, opened.id, across="split")
    assert "each of the two sides" in said[tab.line]
    (said,) = ask(events, opened.id, names=["color"], differ=["color"])
    assert "given twice" in said[tab.line]
    assert said[tab.find].interactive
    (said,) = ask(events, "no-such-catalog")
    assert 'role="alert"' in said[tab.line]


def test_buttons_turn_to_pairs_open_all_and_lead_to_search(events: DesignsEvents, opened: Opened) -> None:
    tab, seen = events.tab, Seen(opened.id, found())
    turned = act(events, seen, act="pairs")
    assert turned[tab.seen].pairs and "Pair 1" in turned[tab.results]
    many = found(groups=(DesignGroup(tuple(f"g{n}" for n in range(12)) * 2, {"color": 0.5}),))
    wide = act(events, Seen(opened.id, many), act="all", group="0")
    assert "Show all 24" in page_of(opened, "en", groups=many.groups)
    assert wide[tab.results].count("data-item") == 24
    went = act(events, seen, act="search", item="g3")
    assert went[events.go][0] == opened.id and went[events.go][2:] == ("g3", "color")
    assert "alert" in act(events, Seen("gone", found()), act="pairs")[tab.line]


def test_both_tables_are_taken_away(events: DesignsEvents, opened: Opened) -> None:
    for name, lines in (("csv_pairs", 3), ("csv_groups", 4)):
        path = act(events, Seen(opened.id, found()), act=name)[events.tab.file].value
        path = path["path"] if isinstance(path, dict) else path
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.DictReader(file))) == lines
        assert path.endswith(f"-{name[4:]}.csv")


def test_every_refusal_is_told_in_japanese(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MOST_COMPARED", 3)
    for changes, said in (
        ({"attributes": ()}, "1つ以上"),
        ({"attributes": tuple("abcdefghi")}, "8個まで"),
        ({"differ": ("color",)}, "「color」が2回"),
        ({"across": Across("split", "test", "test")}, "両側が同じ値「test」"),
        ({"across": Across("split", "test", "train"), "filters": {"split": ["test"]}}, "「train」のアイテムが残って"),
        ({}, "6点では15組になり、上限の3組を超えます"),
    ):
        with pytest.raises(RetrievalError) as caught:
            list(opened.engine.designs(DesignQuery(**{"attributes": ("color",), **changes})))  # type: ignore[arg-type]
        assert said in told(caught.value, "ja"), caught.value
