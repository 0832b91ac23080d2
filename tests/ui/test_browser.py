"""The page in a real browser, as a visitor uses it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.ui.browsing import BROWSER_MARKS, Watched, chips, tick

pytestmark = BROWSER_MARKS


def test_upload_choose_see_and_read_the_metrics(watched: Watched, app_url: str, photo: Path) -> None:
    page = watched.open(app_url)
    first = page.locator("#results").inner_text()
    page.set_input_files("#query-image input[type=file]", photo)
    expect(page.locator("#picker [aria-pressed=true]")).to_have_count(0)
    tick(page, "color")
    expect(page.locator(".lapel-chip")).to_have_count(2)
    page.locator(".lapel-chip button[data-act=remove]").first.click()
    expect(page.locator(".lapel-chip")).to_have_count(1)
    assert chips(page) == ["color like"]
    expect(page.locator("#why figure img").first).to_have_attribute("alt", re.compile("for color$"))
    expect(page.locator("#results .hit img").first).to_be_visible()
    assert page.locator("#results").inner_text() != first
    assert re.search(r"\d ms", page.locator("#results .lapel-ranked").inner_text())
    figures = page.locator("#why figure img")
    expect(figures).to_have_count(4)
    for figure in figures.all():
        assert figure.evaluate("image => image.complete && image.naturalWidth > 100")

    page.locator("#results .hit").nth(2).click()
    expect(page.locator("#why h3").nth(1)).to_contain_text("Result 3")
    expect(page.locator("#results .hit").nth(2)).to_have_attribute("aria-pressed", "true")

    page.get_by_role("tab", name="Metrics").click()
    expect(page.locator("#open-report")).to_be_visible()
    assert not watched.faults


def test_a_query_of_several_parts_is_weighed_negated_taken_back_and_sent(watched: Watched, app_url: str) -> None:
    page = watched.open(app_url)
    first = page.url
    tick(page, "color", "unlike")
    expect(page.locator(".lapel-chip")).to_have_count(2)
    tick(page, "pattern")
    expect(page.locator(".lapel-chip")).to_have_count(3)
    page.locator(".lapel-chip summary").nth(2).click()
    page.locator("input[data-act=weigh][data-term='2']").press("ArrowLeft")
    expect(page.locator(".lapel-chip summary").nth(2)).to_contain_text("× 0.95")
    page.keyboard.press("Escape")
    page.locator("#which").get_by_text("pattern").click()
    expect(page.locator("#why figure img").first).to_have_attribute("alt", re.compile("for pattern$"))
    asked, link = chips(page), page.url
    page.locator("[data-act=undo]").click()
    expect(page.locator(".lapel-chip summary").nth(2)).not_to_contain_text("0.95")
    page.locator("[data-act=redo]").click()
    expect(page.locator(".lapel-chip summary").nth(2)).to_contain_text("0.95")
    page.go_back()
    expect(page.locator(".lapel-chip summary").nth(2)).not_to_contain_text("0.95")
    page.locator(".lapel-chip").nth(1).drag_to(page.locator("#picker .pick").nth(6))
    expect(page).to_have_url(re.compile(r"term=-color%40(?!a0001)"))
    assert not watched.faults
    page.goto(link)
    expect(page.locator(".lapel-chip")).to_have_count(3)
    assert chips(page) == asked
    page.locator("#header a[data-lang=ja]").click()
    expect(page.locator(".lapel-chip summary").nth(1)).to_contain_text("色が異なる")
    watched.faults.clear()  # of a page that is left, the console says what was broken off
    page.locator("[data-act=anew]").click()
    expect(page.locator(".lapel-chip")).to_have_count(0)
    page.locator("#rows details.values summary").first.click()
    page.locator("#rows button[data-act=value]").first.click()
    expect(page.locator("#results .hit")).to_have_count(12)
    page.locator("input[name=words]").fill("ストライプ 赤以外")
    page.keyboard.press("Enter")
    expect(page.locator(".lapel-chip")).to_have_count(3)
    assert page.url != first and not watched.faults


def test_a_result_is_explained_by_the_part_of_the_query_that_is_chosen(watched: Watched, app_url: str) -> None:
    page = watched.open(app_url)
    tick(page, "color", "unlike")
    tick(page, "pattern")
    expect(page.locator("#which label")).to_have_count(3)
    page.locator("#which").get_by_text("pattern").click()
    expect(page.locator("#why figure img").first).to_have_attribute("alt", re.compile("for pattern$"))
    assert not watched.faults


def test_the_hit_becomes_the_query(watched: Watched, app_url: str) -> None:
    page = watched.open(app_url)
    wanted = page.locator("#results .hit img").nth(1).get_attribute("src")
    page.locator("#results .hit").nth(1).click()
    expect(page.locator("#why h3").nth(1)).to_contain_text("Result 2")
    page.locator("#search-hit").click()
    expect(page.locator("#picker [aria-pressed=true] img")).to_have_attribute("src", str(wanted))
    expect(page.locator(f'#results img[src="{wanted}"]')).to_have_count(0)
    expect(page.locator("#results .hit")).to_have_count(12)
    assert not watched.faults


def test_a_text_named_jpg_is_one_line_and_nothing_is_lost(watched: Watched, app_url: str, tmp_path: Path) -> None:
    fake = tmp_path / "fake.jpg"
    fake.write_text("not a picture")
    page = watched.open(app_url)
    before = page.locator("#results").inner_text()
    page.set_input_files("#query-image input[type=file]", fake)
    expect(page.get_by_role("alert").filter(has_text="not a JPEG")).to_be_visible()
    expect(page.locator("#query-image img")).to_be_visible()
    expect(page.locator("#results .hit")).to_have_count(12)
    assert page.locator("#results .hit").first.inner_text() in before


@pytest.mark.parametrize(("width", "scheme", "lang"), [(390, "dark", "ja"), (390, "light", "en"), (1440, "dark", "en")])
def test_it_fits_the_screen(browser: Browser, app_url: str, width: int, scheme: str, lang: str) -> None:
    locale = "ja-JP" if lang == "ja" else "en-US"
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, locale=locale)
    watched = Watched(context)
    page = watched.open(app_url)
    said = "が近い" if lang == "ja" else " like"
    assert said in chips(page)[0]
    expect(page.get_by_role("tab", name="精度" if lang == "ja" else "Metrics")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == lang
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert "footer" not in page.evaluate(
        "[...document.querySelectorAll('footer')].map(f => f.checkVisibility() ? 'footer' : '')"
    )
    assert not watched.faults
    context.close()


def test_the_address_chooses_language_item_and_attribute(watched: Watched, app_url: str) -> None:
    page = watched.open(app_url + "?lang=ja&attribute=color&item=a0005")
    assert chips(page) == ["色が近い"]
    expect(page.locator("#picker [aria-pressed=true]")).to_have_attribute("data-pick", "a0005")
    assert not watched.faults
