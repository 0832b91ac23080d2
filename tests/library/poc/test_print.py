"""The sheet printed by a real browser: two pages of A4 whose text can be read back, and one column on a telephone."""

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from common.attribute_names import plain_name
from library.poc import Assumptions, Sheet, as_html
from tests.library.poc.pdf import pages_of
from tests.library.poc.support import curve, gain, sheet
from tests.ui.browsing import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
STATED = Assumptions(wage=30, searches=3000, seconds_a_picture=6)
CLOSE = Assumptions(wage=77, searches=4321)
"""What is stated so that the verdict changes at many values, each of which is told."""
MANY = sheet(
    gains=tuple(gain(f"attribute_{n}") for n in range(12)),
    curves=tuple(curve(f"attribute_{n}", None) for n in range(12)),
    trained_on=True,
    twins=12,
)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("made", [sheet(), sheet(gains=(gain(),), curves=(curve(),)), MANY], ids=["two", "one", "many"])
def test_it_prints_on_two_pages_and_is_read_back(browser: "Browser", tmp_path: Path, made: Sheet, lang: str) -> None:
    page = browser.new_page()
    page.set_content(as_html(made, CLOSE if len(made.gains) == 2 else STATED, lang))
    page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
    page.close()
    first, second = (unicodedata.normalize("NFKC", text) for text in pages_of(tmp_path / "sheet.pdf"))
    said = {
        "en": (("Worthdoing", "Break-even:", "1Gain", "2Labels"), ("3Runningcost", "4Decision", "wageanhour")),
        "ja": (("導入の価値があります", "損益分岐", "1効果", "2ラベル"), ("3運用費", "4判断", "時給")),
    }[lang]
    for text, wanted in zip((first, second), said, strict=True):
        assert all(one in text for one in wanted), text
    name = unicodedata.normalize("NFKC", plain_name(made.gains[-1].attribute, lang)).replace(" ", "")
    assert name in first and "shop" in first and "rpf-tiny" in first
    assert "https://huggingface.co/docs/hub/spaces-gpus" in second and "0123456789ab" in second


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_telephone_shows_it_in_one_column_without_scrolling_sideways(browser: "Browser", lang: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.set_content(as_html(MANY, STATED, lang))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        "[...document.querySelectorAll('p, td, th, dd, dt, span, b')].filter(e => e.offsetParent && e.innerText.trim()"
        " && parseFloat(getComputedStyle(e).fontSize) < 10).map(e => e.innerText)"
    )
    assert not small and not fetched
    assert not violations(page)
    page.close()
