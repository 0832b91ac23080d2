"""A catalog in detail in a real browser: items ticked, removed and put back, by keys too, and one that is searched with."""

import re

from playwright.sync_api import expect

from tests.ui.browsing import BROWSER_MARKS, Watched, violations

pytestmark = BROWSER_MARKS


def test_items_are_removed_put_back_and_searched_with(watched: Watched, app_url: str) -> None:
    page = watched.open(app_url)
    page.get_by_role("tab", name="Catalogs").click()
    page.locator("#catalog-list button[data-act=detail]").first.click()
    cards, total = page.locator("#items .card"), page.locator("#items .total")
    expect(cards).to_have_count(48)
    before, first = total.inner_text(), cards.first.inner_text()
    assert violations(page) == []

    bulk = page.locator("#items .bulk")
    expect(bulk).to_be_hidden()
    for place in (0, 2):
        page.locator("#items input[data-item]").nth(place).check()
    expect(bulk).to_contain_text("2 ticked")
    bulk.get_by_role("button", name="Remove").click()
    expect(page.locator("#detail-line")).to_contain_text("Items removed: 2.")
    expect(cards.first).not_to_have_text(first)
    page.locator("#detail-line button[data-act=undo]").click()
    expect(total).to_have_text(before)
    expect(cards.first).to_have_text(first)

    following = page.locator("#items .lapel-pages button").last
    following.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#items .lapel-pages")).to_contain_text(re.compile("Page 2 of"))
    expect(page.locator("#items .lapel-pages button").last).to_be_focused()

    card = cards.nth(5)
    id = card.get_attribute("data-id")
    card.click()
    expect(page.locator("#item article")).to_have_attribute("data-id", str(id))
    expect(page.locator("#item .pictures img")).to_have_js_property("complete", True)
    assert violations(page) == []
    page.locator("#item button[data-act=search]").click()
    expect(page.get_by_role("tab", name="Search")).to_have_attribute("aria-selected", "true")
    expect(page).not_to_have_url(re.compile("tab="))  # read again, the page opens with what is seen
    expect(page.locator(f'#picker [data-pick="{id}"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#results .hit")).to_have_count(12)
    assert not watched.faults
