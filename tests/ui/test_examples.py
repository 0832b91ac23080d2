"""Ready queries: made of whatever a catalog has, each of which finds something."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl

from catalog import Catalog
from library import Opened
from retrieval import WrittenTerm
from tests.ui.conftest import library_of
from ui.asked import Asked, AskedTerm, Picture
from ui.examples import Example, example_buttons, examples
from ui.searching import answer

CUTS: dict[str, Callable[[Catalog], Catalog]] = {
    "all": lambda catalog: catalog,
    "one labelled": lambda catalog: replace(
        catalog,
        attributes=catalog.attributes[:1],
        items=tuple(replace(item, labels={"color": item.labels.get("color", "red")}) for item in catalog.items),
    ),
    "no labels": lambda catalog: replace(
        catalog, attributes=(), items=tuple(replace(item, labels={}) for item in catalog.items)
    ),
    "two items": lambda catalog: replace(catalog, items=catalog.items[:2]),
    "one item": lambda catalog: replace(catalog, items=catalog.items[:1]),
}
KINDS = {
    "all": ["item", "value", "item item", "item -item"],
    "one labelled": ["item", "value", "item item", "item -item"],
    "no labels": ["item", "item item", "item -item"],
    "two items": ["item", "value", "item -item"],
    "one item": ["item"],
}


def kinds(found: list[Example]) -> list[str]:
    """What each asks by: the signs and sources of its terms."""
    return [
        " ".join(
            ("-" if term.weight < 0 else "") + ("value" if isinstance(term.source, str) else "item")
            for term in example.asked.terms
        )
        for example in found
    ]


def test_the_examples_of_a_labelled_catalog(opened: Opened) -> None:
    found = examples(opened, "en")
    assert kinds(found) == ["item", "value", "item item", "item -item"]
    assert [example.title for example in found] == [
        "Color like this",
        "Color: blue",
        "Color of this, pattern of that",
        "Same color, other pattern",
    ]
    assert [example.title for example in examples(opened, "ja")] == [
        "色がこれに近いもの",
        "色：青",
        "色はこれ、柄はあれ",
        "色は同じ、柄は別",
    ]
    this, that = (opened.catalog.item(id).labels for id in found[2].items)
    assert this["color"] != that["color"] and this["pattern"] != that["pattern"], "neither item alone is what is asked"


def test_examples_find_what_they_ask_for(opened: Opened) -> None:
    _, value, both, without = examples(opened, "en")
    labels = [opened.catalog.item(hit.id).labels for hit in answer(opened, replace(value.asked, k=3)).hits]
    assert [own["color"] for own in labels] == ["blue"] * 3
    this, that = (opened.catalog.item(id).labels for id in both.items)
    best = opened.catalog.item(answer(opened, both.asked).hits[0].id).labels
    assert (best["color"], best["pattern"]) == (this["color"], that["pattern"])
    asked = opened.catalog.item(without.items[0]).labels
    best = opened.catalog.item(answer(opened, without.asked).hits[0].id).labels
    assert best["color"] == asked["color"] and best["pattern"] != asked["pattern"]


def test_poor_catalogs_have_fewer_examples_and_all_can_be_asked(tmp_path: Path) -> None:
    opened = library_of(tmp_path).opened("")
    whole = opened.catalog
    for name, cut in CUTS.items():
        opened.update(cut(whole))
        found = examples(opened, "en")
        assert kinds(found) == KINDS[name], name
        assert [bool(answer(opened, example.asked).hits) for example in found] == [len(opened.catalog) > 1] * len(found)


def test_a_button_sends_the_query_as_its_address(opened: Opened) -> None:
    found = examples(opened, "en")[1:]
    text = example_buttons(opened, found, "en")
    addresses = [unescape(part.partition('"')[0]) for part in text.split('data-address="')[1:]]
    for example, address in zip(found, addresses, strict=True):
        terms = [WrittenTerm.read(text) for name, text in parse_qsl(address, strict_parsing=True) if name == "term"]
        assert [
            AskedTerm(term.attribute, term.source if term.by_value else Picture(item=term.source), term.weight)
            for term in terms
        ] == list(example.asked.terms)
    assert text.count("<img") == 4 and text.count('data-act="query"') == 3
    assert example_buttons(opened, [], "en") == ""


def test_an_item_with_an_odd_name_is_text(opened: Opened) -> None:
    odd = Example('<b>"', Asked((AskedTerm('a"b', "<i>&"),)))
    text = example_buttons(opened, [odd], "en")
    assert "<b>" not in text and "<i>" not in text and 'a"b' not in text
