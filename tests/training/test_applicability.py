import os
from pathlib import Path

import numpy as np
import pytest

from catalog import Attribute, Catalog, Item, load_catalog
from model import Applicability
from training.applicability import (
    Shown,
    auc,
    evidence_of,
    known_pairs,
    learn,
    of_labels,
    read_judged,
    threshold,
)
from training.parts import ARTICLE_TYPES, CATEGORIES, MASKS, PARTS, of_drawn, of_mask, part_of

JUDGED = Path(__file__).parents[1] / "data" / "judged.csv"
DATA = Path(os.environ.get("LAPEL_DATA", "../shared/data"))


def test_every_attribute_needs_one_part_at_most() -> None:
    names = [name for names in PARTS.values() for name in names]
    assert len(names) == len(set(names))
    assert part_of("lapel_design") == "coat" and part_of("pant_length") == "trousers"
    assert part_of("color") is None


def test_article_types_say_what_a_picture_lacks() -> None:
    assert of_labels({"article_type": "trousers"}) == {**dict.fromkeys(PARTS, False), "trousers": True}
    assert not any(of_labels({"article_type": "heels", "color": "red"}).values())
    assert of_labels({"article_type": "tshirts"})["coat"] is False
    assert of_labels({"article_type": "jackets"})["coat"] is True
    assert of_labels({"article_type": "a thing nobody has heard of"}) == {}


def test_of_what_people_in_the_street_wear_below_little_is_known() -> None:
    assert not {"skirt", "trousers"} & set(of_labels({"category": "outerwear"}))
    assert not {"skirt", "trousers"} & set(of_labels({"category": "shirt"}))
    assert of_labels({"category": "dress"})["trousers"] is False


def test_a_labelled_attribute_is_seen_and_an_invisible_one_is_not() -> None:
    found = of_labels({"sleeve_length": "short", "lapel_design": "invisible", "neckline": "Invisible"})
    assert found == {"sleeve": True, "coat": False, "neck": False}
    assert of_labels({"neckline_design": "round", "collar_design": "invisible"})["neck"] is True


def test_drawn_garments() -> None:
    dress = of_drawn(["skirt_length", "neckline_design", "color"])
    assert dress["skirt"] and dress["neck"] and not dress["trousers"] and not dress["coat"]
    skirt = of_drawn(["skirt_length"])
    assert "neck" not in skirt and skirt["skirt"]
    assert of_drawn(["sleeve_length", "coat_length", "collar_design"])["coat"] is True
    assert of_drawn(["collar_design"])["coat"] is False
    assert of_drawn(["color"]) == {}


def test_pixel_masks_leave_open_what_is_small_or_like_it() -> None:
    assert of_mask({"jeans": 0.2}) == {"trousers": True, "skirt": False, "coat": False}
    assert "trousers" not in of_mask({"jeans": 0.001})
    assert "trousers" not in of_mask({"tights": 0.2})
    assert of_mask({"dress": 0.2, "cardigan": 0.1}) == {"trousers": False, "skirt": True}
    assert set(MASKS) <= set(PARTS)


def _pictures(seed: int, size: int = 80) -> Shown:
    """Pictures that have a coat where the first feature is high, and of which half is unknown; all have
    a neck."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(size, 6)).astype(np.float32)
    parts = np.full((size, len(PARTS)), np.nan, np.float32)
    parts[:, list(PARTS).index("coat")] = features[:, 0] > 0
    parts[: size // 2, list(PARTS).index("coat")] = np.nan
    parts[:, list(PARTS).index("neck")] = 1
    return Shown(features, parts)


def test_what_is_learnt_tells_shown_from_hidden() -> None:
    names = ["coat_length", "color", "lapel_design", "neckline"]
    network = learn([_pictures(0), _pictures(1)], names)
    other = _pictures(2)
    chance = network.read(other.features)
    assert auc(chance[40:, 0], other.parts[40:, list(PARTS).index("coat")] == 1) > 0.95
    np.testing.assert_array_equal(chance[:, 0], chance[:, 2])
    assert (chance[:, [1, 3]] == 1).all(), "colour is on every picture, and no neck was ever missing"


def test_weights_do_not_depend_on_how_many_pictures_show_it() -> None:
    """Twice the pictures of one kind change nothing."""
    one = _pictures(0)
    kept = one.parts[:, list(PARTS).index("coat")] == 1
    more = Shown(np.concatenate([one.features, one.features[kept]]), np.concatenate([one.parts, one.parts[kept]]))
    found, again = learn([one], ["coat_length"]), learn([more], ["coat_length"])
    np.testing.assert_allclose(found.weight.numpy(), again.weight.numpy(), atol=1e-5)


def test_learnt_weights_are_the_minimum_of_the_penalised_loss() -> None:
    """The slope of the loss, computed apart from the code, is 0 there."""
    one = _pictures(3)
    coat = one.parts[:, list(PARTS).index("coat")]
    x, y = one.features[~np.isnan(coat)].astype(np.float64), coat[~np.isnan(coat)].astype(np.float64)
    share = np.where(y == 1, 0.5 / (y == 1).sum(), 0.5 / (y == 0).sum())
    centre = share @ x
    scale = np.sqrt(share @ ((x - centre) ** 2).sum(1))
    network = learn([one], ["coat_length"], strength=0.01)
    weight = network.weight[0].double().numpy()
    chance = 1 / (1 + np.exp(-(x @ weight + float(network.bias[0]))))
    slope = (share * (chance - y)) @ ((x - centre) / scale) + 0.01 * weight * scale
    np.testing.assert_allclose(slope, 0, atol=1e-6)


def test_threshold_hides_few_of_those_that_are_seen() -> None:
    names = ["coat_length"]
    network, held_out = learn([_pictures(0), _pictures(1)], names), _pictures(2, 400)
    least = threshold(network, names, [held_out])
    pairs = known_pairs(network.read(held_out.features), held_out.parts, names)
    assert 0 < least <= 0.5
    assert (pairs.chance[pairs.there] < least).mean() <= 0.02
    assert (pairs.chance[~pairs.there] < least).mean() > 0.5


def test_auc_counts_pairs_in_order() -> None:
    rng = np.random.default_rng(0)
    chance, there = rng.integers(0, 8, 60).astype(float), rng.random(60) < 0.4
    pairs = [(a > b) + 0.5 * (a == b) for a in chance[there] for b in chance[~there]]
    assert auc(chance, there) == pytest.approx(np.mean(pairs))
    assert np.isnan(auc(chance, np.ones(60, bool)))


def test_known_pairs_leave_out_what_is_undecided_and_what_is_always_seen() -> None:
    parts = np.full((2, len(PARTS)), np.nan, np.float32)
    parts[0, list(PARTS).index("sleeve")] = 1
    parts[1, list(PARTS).index("skirt")] = 0
    chance = np.array([[0.9, 0.1, 0.5], [0.8, 0.2, 0.5]], np.float32)
    pairs = known_pairs(chance, parts, ["sleeve_length", "skirt_length", "color"])
    np.testing.assert_allclose(pairs.chance, [0.9, 0.2])
    assert pairs.there.tolist() == [True, False] and pairs.attribute.tolist() == [0, 1]


def test_evidence_of_a_catalog_is_a_row_an_item() -> None:
    items = (Item("a", "a.png", labels={"article_type": "heels"}), Item("b", "b.png"))
    rows = evidence_of(Catalog(Path(), "shop", items, (Attribute("article_type", ("heels",)),)))
    assert rows.shape == (2, len(PARTS)) and (rows[0] == 0).all() and np.isnan(rows[1]).all()


def test_judged_pictures_are_none_that_were_trained_on() -> None:
    judged = read_judged(JUDGED)
    assert {name: len(rows) for name, rows in judged.items()} == {"street": 100, "field": 100}
    assert all(set(verdicts) <= set(PARTS) for rows in judged.values() for verdicts in rows.values())
    for part in PARTS:
        found = [verdicts[part] for rows in judged.values() for verdicts in rows.values() if part in verdicts]
        assert len(found) >= 100 and 0 < sum(found) < len(found), f"{part} is judged both ways"
    for name, rows in judged.items():
        folder = DATA / name
        if not folder.is_dir():
            pytest.skip(f"no real images: {folder} is missing (LAPEL_DATA)")
        catalog = load_catalog(folder)
        assert {catalog.item(id).split for id in rows} <= {"valid", "test"}


def test_pictures_judged_for_choices_are_from_the_training_split() -> None:
    rows = read_judged(JUDGED.with_name("judged_for_choices.csv"))["street"]
    assert len(rows) == 75 and not set(rows) & set(read_judged(JUDGED)["street"])
    if not (DATA / "street").is_dir():
        pytest.skip(f"no real images: {DATA / 'street'} is missing (LAPEL_DATA)")
    catalog = load_catalog(DATA / "street")
    assert {catalog.item(id).split for id in rows} == {"train"}


@pytest.mark.parametrize(
    ("name", "column", "table"), [("studio", "article_type", ARTICLE_TYPES), ("street", "category", CATEGORIES)]
)
def test_the_table_has_every_value_of_the_catalogs(name: str, column: str, table: dict[str, object]) -> None:
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"no real images: {folder} is missing (LAPEL_DATA)")
    assert set(load_catalog(folder).attribute(column).values) == set(table)


def test_nothing_known_leaves_every_attribute_seen() -> None:
    nothing = Shown(np.ones((4, 6), np.float32), np.full((4, len(PARTS)), np.nan, np.float32))
    network = learn([nothing], ["coat_length"])
    assert isinstance(network, Applicability)
    assert (network.read(np.zeros((1, 6), np.float32)) == 1).all()
