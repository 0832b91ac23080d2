"""On a telephone what answers a tap comes into view with the focus on its heading, wherever the tap was."""

from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.library.test_importing import packed
from tests.ui.browsing import BROWSER_MARKS, Watched

pytestmark = BROWSER_MARKS

SMALL = """(least) => [...document.querySelectorAll('button, a[href], select, summary, input:not([type=file])')].filter((part) => {
  const { width, height } = (part.closest('label') ?? part).getBoundingClientRect();
  return part.checkVisibility() && width > 2 && height > 2 && Math.min(width, height) < least;
}).map((part) => `${part.outerHTML.slice(0, 120)} ${part.getBoundingClientRect().height}`)"""
"""What can be pressed and is smaller than so many pixels; a field in a label is as large as that."""


def answered(page: Page, part: Locator, heading: Locator) -> None:
    expect(part).to_be_in_viewport()
    expect(heading).to_be_focused()


def test_taps_are_answered_in_view(browser: Browser, app_url: str, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="en-US")
    watched = Watched(context)
    page = watched.open(app_url)
    assert page.evaluate(SMALL, 24) == []
    page.get_by_role("tab", name="Catalogs").tap()
    page.locator("#place input, #place textarea").first.fill(str(packed(tmp_path, 12)))
    page.locator("#look-at").tap()
    expect(page.locator("#found h2")).to_be_in_viewport()
    expect(page.locator("#found h3").last).to_have_text("What could be better")
    assert page.evaluate(SMALL, 24) == []
    page.locator("#catalog-name textarea, #catalog-name input").first.fill("Shop of taps")
    page.locator("#accept").scroll_into_view_if_needed()
    page.locator("#accept").tap()
    line = page.locator("#catalogs-line .lapel-line")
    expect(line).to_contain_text("is being imported")
    expect(line).to_be_in_viewport()
    card = page.locator("#catalog-list .lapel-catalog", has_text="Shop of taps")
    card.locator("button[data-act=add]").tap()
    answered(page, page.locator("#adding .lapel-line"), page.locator("#adding"))
    card.locator("button[data-act=add]").tap()
    answered(page, page.locator("#adding .lapel-line"), page.locator("#adding"))
    card.locator("button[data-act=detail]").tap()
    answered(page, page.locator("#detail-head h2"), page.locator("#detail-head h2"))
    assert page.evaluate(SMALL, 24) == []
    page.locator("#items .card").last.tap()
    expect(page.locator("#item h3")).to_be_in_viewport()
    table = tmp_path / "labels.csv"
    table.write_text("id,color\ng1,green\n")
    page.set_input_files("input[type=file][accept*=csv]", table)
    expect(page.locator("#detail-update .lapel-update")).to_be_in_viewport()
    page.locator("#detail-head [data-act=back]").tap()
    expect(page.locator("#list-title")).to_be_in_viewport()
    page.on("dialog", lambda dialog: dialog.accept())
    card.locator("button[data-act=delete]").tap()
    expect(line).to_contain_text("deleted")
    expect(line).to_be_in_viewport()
    expect(card).to_have_count(0)
    assert not watched.faults
    context.close()
