"""The PoC tab in a real browser: a sheet is made, an assumption changed and kept, the sheet printed and its text read back."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.library.poc.pdf import pages_of
from tests.ui.browsing import BROWSER_MARKS, LETTERS, Watched, violations
from tests.ui.conftest import draw_catalog, running_app

pytestmark = BROWSER_MARKS
LONG = 240_000
"""Milliseconds that a sheet of 36 items may take."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on a drawn catalog with labels enough."""
    folder = tmp_path_factory.mktemp("poc")
    with running_app(folder, "--catalog", str(draw_catalog(folder / "shop", 36))) as url:
        yield url


def opened(watched: Watched, url: str, name: str = "PoC") -> Page:
    page = watched.open(url)
    page.get_by_role("tab", name=name).click()
    return page


def test_a_sheet_is_made_changed_and_printed(watched: Watched, shop: str, tmp_path: Path) -> None:
    page = opened(watched, shop)
    expect(page.locator("#poc-head")).to_contain_text("Is Lapel worth it on these images?")
    assert violations(page) == []
    page.locator("#poc-make").click()
    expect(page.locator("#poc-job progress")).to_be_visible()
    expect(page.locator("#poc-head .lapel-poc-verdict")).to_be_visible(timeout=LONG)
    expect(page.locator("#poc-job progress")).to_have_count(0)
    expect(page.locator("#plot-poc-bars .js-plotly-plot").first).to_be_visible()
    assert violations(page) == []

    page.locator("#poc-images-button").click()
    expect(page.locator("#poc-images-part table")).to_be_visible()
    assert violations(page) == []
    for step, seen in (
        ("gain", "#plot-poc-gain .js-plotly-plot"),
        ("labels", "#plot-poc-curve .js-plotly-plot"),
        ("running cost", "#poc-prices form"),
    ):
        page.get_by_role("button", name=f"Next: {step}").click()
        expect(page.locator(seen)).to_be_visible()
        assert violations(page) == []

    now = page.locator("#poc-line .lapel-poc-now")
    before = now.inner_text()
    page.get_by_label("wage an hour").fill("77")
    page.get_by_label("searches a month").fill("4321")
    page.keyboard.press("Tab")
    expect(now).not_to_have_text(before)
    page.get_by_label("months to pay within").fill("0")
    page.keyboard.press("Tab")
    expect(page.locator("#poc-line [role=alert]")).to_contain_text("months to pay within: '0' makes no sense")

    page.get_by_role("button", name="Next: decision").click()
    with page.expect_download() as picture:
        page.get_by_role("button", name="SVG").last.click()
    assert "<svg" in Path(picture.value.path()).read_text("utf-8")
    assert picture.value.suggested_filename == "poc-bars-shop.svg"

    assert "tab=poc" in page.url
    page.reload()
    expect(page.get_by_label("wage an hour")).to_have_value("77")
    expect(page.locator("#poc-stated")).to_contain_text("was 25")
    page.context.add_init_script("window.print = () => { window.printed = true }")
    with page.expect_popup() as printed:
        page.get_by_role("button", name="Print").click()
    sheet = printed.value
    sheet.wait_for_function("window.printed")
    sheet.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
    first, second = (unicodedata.normalize("NFKC", text) for text in pages_of(tmp_path / "sheet.pdf"))
    assert "Proofofconcept:shop" in first and "Break-even:" in first
    assert "wageanhour77" in second and "4,321" in second
    sheet.close()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download JSON").click()
    found = json.loads(Path(saved.value.path()).read_text("utf-8"))
    assert saved.value.suggested_filename == "poc-shop.json"
    assert (found["assumed"]["wage"], found["assumed"]["searches"]) == (77, 4321)
    assert found["measured"]["catalog"] == "shop"
    assert not watched.faults


def test_a_telephone_and_japanese(watched: Watched, shop: str) -> None:
    """After the first test, whose sheet it shows."""
    watched.page.set_viewport_size({"width": 390, "height": 844})
    page = opened(watched, f"{shop}?lang=ja")
    verdict = page.locator("#poc-head .lapel-poc-verdict")
    expect(verdict).to_contain_text("95%信頼区間")
    box = verdict.locator("p").nth(1).bounding_box()
    assert box is not None and box["y"] + box["height"] < 844, (
        "is it better, by how much, how sure: in the first screen"
    )
    expect(page.locator("#plot-poc-bars .js-plotly-plot")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    known = {"Lapel", "PoC", "shop", "rpf-tiny", "USD", "CPU", "Spaces", "PNG", "SVG"}
    left = [text for text in page.evaluate(LETTERS) if not any(word in text for word in known)]
    assert not [text for text in left if not re.search(r"[\u3040-\u30ff]", text)], "English in a Japanese page"
    assert violations(page) == []
    page.locator("#poc-images-button").click()
    expect(page.locator("#poc-decision-button")).to_be_enabled()
    page.locator("#poc-running-button").click()  # a step after the one that is shown: the sheet is there
    expect(page.locator("#poc-prices form")).to_be_visible()
    page.locator("#poc-images-button").click()
    page.locator("#poc-import").click()
    expect(page.get_by_role("tab", name="カタログ")).to_have_attribute("aria-selected", "true")
    assert not watched.faults
