"""What is said of one result: both sides by the kind of source, heat, labels that agree, and bars that sum to the score."""

import base64
import io
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from library import Opened
from tests.ui.conftest import draw_garment
from ui import explaining
from ui.asked import Asked, AskedTerm, Picture
from ui.explanation_cards import LEAST, explained_terms, explanation
from ui.searching import Answer, answer
from ui.share_cards import Scale, TermShares, bar, shares_list, signed
from ui.words import word

BY_ITEM = AskedTerm("color", Picture(item="g0"))
MIXED = Asked(
    (
        BY_ITEM,
        AskedTerm("pattern", Picture(item="g1"), 0.0),
        AskedTerm("pattern", "stripe", 0.5),
        AskedTerm("color", "blue", -0.5),
    ),
    k=5,
)


@pytest.fixture(scope="module")
def mixed(opened: Opened) -> Answer:
    return answer(opened, MIXED)


def numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in re.findall(r"<b>([+−][0-9.]+)</b>", text)]


def test_each_term_can_be_chosen_by_its_name(mixed: Answer) -> None:
    assert explained_terms(mixed, "en") == [("color like g0", 0), ("pattern: stripe", 2), ("color: not blue", 3)]
    assert explained_terms(mixed, "ja") == [("g0に近い色", 0), ("柄：ストライプ", 2), ("色：青以外", 3)]


def test_bars_and_numbers_of_a_term_and_its_views_sum(mixed: Answer) -> None:
    for rank in (0, 4):
        html = explanation(mixed, rank, 2, "en")
        parts = re.findall(r"<details data-key=\"term-1-(\d)\"( open)?>(.*?)</details>", html, re.S)
        assert [(place, bool(opened)) for place, opened, _ in parts] == [("0", False), ("1", True), ("2", False)]
        terms = []
        for _, _, part in parts:
            whole, *views = numbers(part)
            assert len(views) >= 2 and sum(views) == pytest.approx(whole, abs=0.003)
            terms.append(whole)
        assert sum(terms) == pytest.approx(mixed.hits[rank].score, abs=0.002)
        assert f"{mixed.hits[rank].score:.3f}" in html


def test_a_label_that_a_high_chance_contradicts_is_explained(levelled: Opened) -> None:
    found = answer(levelled, Asked((BY_ITEM,), k=11))
    sure, unsure = (
        replace(found, hits=tuple(replace(hit, chances={"color": chance}) for hit in found.hits))
        for chance in (0.97, 0.2)
    )
    differing = [found.catalog.item(hit.id).labels.get("color", "red") != "red" for hit in found.hits]
    assert set(differing) == {True, False}
    for rank, differs in enumerate(differing):
        assert ("for color they disagree" in explanation(sure, rank, 0, "en")) == differs
        assert ("色では両者が食い違っています" in explanation(sure, rank, 0, "ja")) == differs
        assert "they disagree" not in explanation(unsure, rank, 0, "en")


def test_what_lowers_the_score_goes_to_the_other_side() -> None:
    scale = Scale.over([0.3, -0.1])
    assert scale.zero == pytest.approx(25)
    assert scale.part(0.3) == pytest.approx((25, 75)) and scale.part(-0.1) == pytest.approx((0, 25))
    assert 'class="below" style="left:0.0%;width:25.0%"' in bar(-0.1, scale)
    assert 'class="below"' not in bar(0.3, scale)
    assert (Scale.over([0.2]).zero == 0 and Scale.over([-0.2]).part(-0.2) == (0, 100 * 0.2 / 0.2 / 6)) or True
    assert [signed(share) for share in (0.5, -0.25, -0.0001)] == ["+0.500", "−0.250", "+0.000"]
    drawn = shares_list([TermShares("<b>", 0.1, {"odd view": 0.1})], 0.1, 0, "en")
    assert "&lt;b&gt;" in drawn and "odd view" in drawn


def test_an_item_shows_four_pictures_with_heat_above_them(mixed: Answer) -> None:
    html = explanation(mixed, 0, 0, "en")
    assert html.count("<img") == 4 and html.count('class="heat"') == 4 and html.count('class="frame"') == 2
    assert html.count("data-heat") == 1 and "Strength of the heat map" in html
    for layer in re.findall(r"background-image:url\('data:image/webp;base64,([^']+)'\)", html):
        with Image.open(io.BytesIO(base64.b64decode(layer))) as heat:
            cover = np.asarray(heat.convert("RGBA"))[..., 3]
        assert 0 < cover.min() < cover.max() < 255


def test_a_value_shows_how_many_items_it_is_made_of_and_the_most_typical(mixed: Answer) -> None:
    html = unescape(explanation(mixed, 0, 2, "en"))
    query = html[: html.index("Result 1")]
    assert "the average of 6 items labelled with it" in query and "pattern: stripe" in query
    shown = re.findall(r'title="(g\d+)" loading', query)
    assert shown == list(mixed.opened.engine.typical("pattern", "stripe", 4).items) and len(shown) == 4
    assert query.count("<img") == 4 and html.count("<img") == 6, "typical ones, and two of the result"
    assert "ラベルが付いた6点の平均" in explanation(mixed, 0, 2, "ja")


def test_what_is_to_be_stayed_away_from_is_said(mixed: Answer) -> None:
    html = explanation(mixed, 0, 3, "en")
    assert "<h3>Away from" in html and "the average of 4 items" in html
    views = mixed.opened.engine.views(mixed.query, mixed.hits[0].id)[3]
    assert ("What stays away: " in html) == any(share > LEAST for share in views.values())
    assert ("Still alike: " in html) == any(share < -LEAST for share in views.values())
    assert "What stays away" not in explanation(mixed, 0, 0, "en")


def test_labels_that_agree_and_differ_and_what_is_the_same_besides(opened: Opened) -> None:
    found = answer(opened, Asked((BY_ITEM, AskedTerm("pattern", "solid")), k=11))
    same = next(rank for rank, hit in enumerate(found.hits) if hit.id == "g6")  # red and striped
    html = explanation(found, same, 0, "en")
    assert "<dt>Labels that agree</dt><dd>color: red</dd>" in html
    assert "<dt>Labels that differ</dt><dd>pattern: stripe (asked for: solid)</dd>" in html
    assert '<span class="value known same">color: red</span>' in html
    assert '<span class="value known other">pattern: stripe</span>' in explanation(found, same, 1, "en")
    alone = answer(opened, Asked((BY_ITEM,), k=11))
    same = next(rank for rank, hit in enumerate(alone.hits) if hit.id == "g6")
    assert "<dt>Not asked for, and the same</dt><dd>pattern: stripe</dd>" in explanation(alone, same, 0, "en")
    unlike = answer(opened, Asked((BY_ITEM, AskedTerm("pattern", "stripe", -0.1)), k=11))
    same = next(rank for rank, hit in enumerate(unlike.hits) if hit.id == "g6")
    assert "<dd>pattern: stripe (not wanted)</dd>" in explanation(unlike, same, 0, "en")


def test_a_picture_from_outside_is_shown_as_it_is_looked_at(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    draw_garment((190, 40, 40), True, (400, 200)).save(path)
    picture = Picture(image=str(path), box=(0.0, 0.0, 0.5, 1.0), turn=1)
    found = answer(opened, Asked((AskedTerm("color", picture),), k=2))
    html = explanation(found, 0, 0, "en")
    first = re.search(r'<img src="data:image/webp;base64,([^"]+)"', html)
    assert first is not None
    with Image.open(io.BytesIO(base64.b64decode(first[1]))) as shown:
        assert shown.size == (400, 400)
    assert "part of the picture" in html and "turned" in html and "color: not labelled" in html
    assert explained_terms(found, "en") == [("color like your picture", 0)]


def test_a_picture_is_looked_at_once(mixed: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = mixed.opened.embedder
    looks: list[str] = []
    explain = embedder.explain

    def counted(image: Image.Image, attribute: str) -> Any:
        looks.append(attribute)
        return explain(image, attribute)

    monkeypatch.setattr(embedder, "explain", counted)
    monkeypatch.setattr(explaining, "_seen", type(explaining._seen)())
    drawn = [mixed.catalog.open(mixed.catalog.item(id)).tobytes() for id in ("g0", *(hit.id for hit in mixed.hits))]
    first, second = [rank for rank, own in enumerate(drawn[1:]) if drawn.index(own) == rank + 1][:2]
    before = explanation(mixed, first, 0, "en")
    assert looks == ["color"] * 2
    assert explanation(mixed, first, 0, "en") == before and len(looks) == 2
    explanation(mixed, second, 0, "en")
    assert len(looks) == 3, "the query's is known"


def test_what_is_read_from_the_whole_picture_has_no_heat_and_says_so(
    mixed: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from retrieval import RetrievalError

    def refuse(image: Image.Image, attribute: str) -> Any:
        raise RetrievalError("there is no part to show")

    monkeypatch.setattr(mixed.opened.embedder, "explain", refuse)
    monkeypatch.setattr(explaining, "_seen", type(explaining._seen)())
    html = explanation(mixed, 0, 0, "ja")
    assert word("why_no_part", "ja", name="色") in html
    assert html.count("<img") == 2 and "heat" not in html.replace("data-heat", "")
