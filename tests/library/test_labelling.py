"""Labels given one picture after another: order, why, counts, undo."""

import time
from collections import Counter
from pathlib import Path

import pytest

from catalog import Attribute, Catalog, Item
from library import Ledger, Library, LibraryError, Opened
from library.given import UNSEEN
from library.labelling import BATCH, WORTH, Labelling, Labellings, begin_attribute, spelled
from tests.ui.conftest import library_of

COUNT = 40


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("shop"), COUNT)


@pytest.fixture
def bare(tmp_path: Path) -> Ledger:
    """A catalog that is not open, so that nothing is known of its pictures."""
    made = Ledger(tmp_path, tmp_path, "bare")
    made.put([Item(f"i{number}", f"{number}.png") for number in range(COUNT)], [Attribute("Sleeve Length", ("short",))])
    return made


def labelling(shop: Library, name: str, *values: str) -> Labelling:
    ledger = shop.ledger(shop.default)
    begin_attribute(ledger, name, values)
    return Labellings().of(shop.opened(""), ledger, name)


def test_every_picture_is_asked_once_and_a_quarter_is_drawn_at_random(shop: Library) -> None:
    made = labelling(shop, "fit", "slim", "wide")
    asked: list[str] = []
    whys: Counter[str] = Counter()
    while found := made.questions(3):
        assert len({one.item for one in found}) == len(found) and not {one.item for one in found} & set(asked)
        asked.append(found[0].item)
        whys[found[0].why] += 1
        value = "wide" if int(found[0].item[1:]) % 2 else "slim"
        shop.label(shop.default, found[0].item, "fit", value, found[0].why)
        if len(asked) == COUNT // 2:
            assert 0.2 <= whys["random"] / len(asked) <= 0.5 and whys["typical"]
    assert sorted(asked) == sorted(item.id for item in shop.opened("").catalog.items)
    assert set(whys) == {"random", "typical", "unsure", "different"}
    known = made.known
    assert known.values == {"slim": COUNT // 2, "wide": COUNT // 2} and known.left == 0 and known.given == COUNT
    assert known.drawn == whys["random"] and known.worth and not known.needs
    assert shop.opened("").catalog.item("g1").labels["fit"] == "wide", "search has it at once"


def test_next_pictures_are_there_before_they_are_asked_for(shop: Library) -> None:
    made = labelling(shop, "mood", "calm", "loud")
    made.questions(2)
    until = time.monotonic() + 20
    while len(made._queue) < 2 + BATCH and time.monotonic() < until:
        made.questions(2)
        time.sleep(0.02)
    assert len(made._queue) >= 2 + BATCH
    first = made.questions(2)
    assert made.questions(1) == first[:1], "what was shown stays"


def test_passed_and_unseen_pictures_are_not_asked(shop: Library) -> None:
    made = labelling(shop, "shape", "boxy", "round")
    first, second, third = made.questions(3)
    shop.label(shop.default, second.item, "shape", UNSEEN, second.why)
    left = {one.item for one in made.questions(COUNT, passed=[first.item])}
    assert left == {item.id for item in shop.opened("").catalog.items} - {first.item, second.item}
    known = made.known
    assert (
        known.unseen == 1 and known.left == COUNT - 1 and known.given == 1 and known.values == {"boxy": 0, "round": 0}
    )
    assert known.needs == {"boxy": WORTH, "round": WORTH} and not known.worth
    assert "shape" not in shop.opened("").catalog.item(second.item).labels
    shop.undo(shop.default, made.last(1)[0])
    assert second.item in {one.item for one in made.questions(COUNT)} and made.known.left == COUNT
    assert third.item in left


def test_a_correction_keeps_the_reason_and_undo_the_label_before(shop: Library) -> None:
    made = labelling(shop, "length", "long", "short")
    question = made.questions(1)[0]
    assert made.why(question.item, "result") == question.why
    shop.label(shop.default, question.item, "length", "long", question.why)
    shop.label(shop.default, question.item, "length", "short", made.why(question.item, "unsure"))
    assert [(one.item, one.value, one.why) for one in made.last(5)] == [(question.item, "short", question.why)]
    shop.undo(shop.default, made.last(1)[0])
    assert [(one.item, one.value) for one in made.last(5)] == [(question.item, "long")]
    shop.undo(shop.default, made.last(1)[0])
    assert made.last(5) == [] and made.known.given == 0


def test_pictures_of_a_catalog_that_is_not_embedded_are_drawn_at_random(bare: Ledger) -> None:
    made = Labelling(bare, "sleeve_length")
    assert made.name == "Sleeve Length" and made.values == ("short",)
    found = made.questions(COUNT + 5)
    assert len(found) == COUNT and {one.why for one in found} == {"random"}
    assert [one.item for one in found] != [item.id for item in bare.catalog.items]
    assert Labelling(bare, "sleeve_length").questions(5) == found[:5], "the order by lot is always the same"
    bare.remove([found[0].item])
    assert made.questions(1)[0] == found[1]


def test_attributes_are_begun_and_get_further_values(bare: Ledger) -> None:
    assert begin_attribute(bare, "  fit ", ["slim", " wide", "Slim", ""]) == "fit"
    assert bare.catalog.attribute("fit").values == ("slim", "wide")
    assert begin_attribute(bare, "FIT", ["baggy"]) == "fit"
    assert bare.catalog.attribute("fit").values == ("slim", "wide", "baggy")
    size = bare.path.stat().st_size
    begin_attribute(bare, "fit", ["wide"])
    assert bare.path.stat().st_size == size
    assert spelled(bare.catalog, "sleeve-length") == "Sleeve Length" and spelled(bare.catalog, "hem") == "hem"
    with pytest.raises(LibraryError, match="no name"):
        begin_attribute(bare, " ", ["a", "b"])
    with pytest.raises(LibraryError, match="61 values"):
        begin_attribute(bare, "many", [str(number) for number in range(61)])


def test_values_that_the_weights_know_are_offered_and_declared_with_the_first_label(shop: Library) -> None:
    opened: Opened = shop.opened("")
    name = next(name for name in opened.unlabelled if len(opened.known_attributes[name]) > 2)
    ledger = shop.ledger(shop.default)
    made = Labellings().of(opened, ledger, name)
    assert list(made.values) == opened.known_attributes[name]
    assert name not in [one.name for one in ledger.catalog.attributes]
    made.declare()
    shop.label(shop.default, "g0", name, made.values[1], "typical")
    assert list(made.values) == opened.known_attributes[name] and made.known.values[made.values[1]] == 1


def test_labels_of_the_catalog_itself_count_and_are_not_asked_again(shop: Library) -> None:
    made = Labellings().of(shop.opened(""), shop.ledger(shop.default), "color")
    unlabelled = [item.id for item in shop.opened("").catalog.items if "color" not in item.labels]
    assert sorted(one.item for one in made.questions(COUNT)) == sorted(unlabelled)
    known = made.known
    assert known.given == known.drawn == 0 and sum(known.values.values()) == COUNT - len(unlabelled)


def test_answers_come_at_once_in_a_large_catalog(tmp_path: Path) -> None:
    made = Ledger(tmp_path, tmp_path, "large")
    items = [Item(f"i{number}", f"{number}.png") for number in range(7_667)]
    made.put(items, [Attribute("fit", ("slim", "wide"))])
    one = Labelling(made, "fit")
    one.questions(12)
    times = []
    for number in range(20):
        began = time.process_time()
        question = one.questions(12)[0]
        made.label(question.item, "fit", ("slim", "wide")[number % 2], question.why)
        _ = one.known
        times.append(time.process_time() - began)
    assert sorted(times)[10] < 0.1
    assert isinstance(made.catalog, Catalog) and one.known.given == 20
