"""Match levels, the least one, and the list of what cannot be seen, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.browsing import BROWSER_MARKS, LETTERS, Watched, violations
from tests.ui.conftest import UNSEEN
from tests.ui.test_browser_page import SAID_IN_LATIN

pytestmark = BROWSER_MARKS

APART = "#results h3.lapel-apart"


@pytest.fixture
def levelled_url(levelled_app: str) -> str:
    return levelled_app + "?attribute=color&item="


def inside(page: Page, selector: str) -> bool:
    """Whether all that match stay within their card and on one line."""
    return bool(
        page.evaluate(
            """selector => [...document.querySelectorAll(selector)].filter(node => node.checkVisibility()).every(node => {
              const own = node.getBoundingClientRect(), card = node.closest('.hit').getBoundingClientRect();
              return own.left >= card.left - 1 && own.right <= card.right + 1 && node.scrollWidth <= node.clientWidth + 1
                && own.height < 24;
            })""",
            selector,
        )
    )


def test_levels_are_words_and_what_cannot_be_seen_is_apart(watched: Watched, levelled_url: str) -> None:
    page = watched.open(levelled_url + "g0", hits=11)
    said = page.locator("#results .score").all_text_contents()
    assert said == ["very likely"] * 2 + ["likely"] * 4 + ["unlikely"] * 5
    expect(page.locator(APART)).to_have_text("color: it seems that this cannot be seen on these items")
    lists = page.locator("#results ol.lapel-hits")
    expect(lists).to_have_count(2)
    expect(lists.nth(1).locator(".hit")).to_have_count(len(UNSEEN))
    expect(lists.nth(1).locator(".rank").first).to_have_text("9")
    expect(page.locator("#results .lapel-line")).to_have_count(0)
    lists.nth(1).locator(".hit").first.click()
    expect(page.locator("#why h3").nth(1)).to_contain_text("Result 9")
    expect(page.locator("#why")).to_contain_text("chance of the same value (unlikely)")
    assert not watched.faults


def test_the_least_level_is_chosen_and_taken_back(watched: Watched, levelled_url: str) -> None:
    page = watched.open(levelled_url + "g0", hits=11)
    page.locator("#advanced > button").click()
    hits = page.locator("#results .hit")
    for label, count in (("likely or better", 6), ("very likely", 2), ("any", 11)):
        page.locator("#settings select").select_option(label=label)
        expect(hits).to_have_count(count)
    expect(page.locator(APART)).to_have_count(1)
    assert not watched.faults


def test_a_query_that_does_not_show_the_attribute_is_said(watched: Watched, levelled_url: str) -> None:
    page = watched.open(levelled_url + UNSEEN[0], hits=11)
    expect(page.locator("#results .lapel-line")).to_contain_text("cannot be seen on your picture")
    page.locator("#picker [data-pick=g0]").click()
    expect(page.locator("#results .lapel-line")).to_have_count(0)
    assert not watched.faults


@pytest.mark.parametrize(
    ("width", "scheme", "lang"),
    [(390, "light", "en"), (390, "dark", "ja"), (1024, "light", "ja"), (1440, "dark", "en")],
)
def test_words_fit_their_cards_and_can_be_read(
    browser: Browser, levelled_url: str, width: int, scheme: str, lang: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="ja-JP" if lang == "ja" else "en-US",
    )
    watched = Watched(context)
    page = watched.open(levelled_url + UNSEEN[0], hits=11)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#results .score.level").count() == 11
    assert inside(page, "#results .score.level")
    assert inside(page, "#results .values .value")
    assert violations(page) == []
    page.locator("#advanced > button").click()
    expect(page.locator("#settings select")).to_be_visible()
    if lang == "ja":
        left = [SAID_IN_LATIN.sub("", text) for text in page.evaluate(LETTERS)]
        assert [text for text in left if re.search("[A-Za-z]{2,}", text)] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not watched.faults
    context.close()
