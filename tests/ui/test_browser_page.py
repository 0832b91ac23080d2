"""What the page must do in a real browser: pictures, dials, filters, telephones, Japanese, and for everybody."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from library import Library, Settings
from tests.ui.browsing import BROWSER_MARKS, LETTERS, Watched, give, tick, violations
from tests.ui.conftest import COLORS, draw_catalog, draw_garment, running_app

pytestmark = BROWSER_MARKS

SAID_IN_LATIN = re.compile(
    r"Lapel|PoC|RPF|MAP|PNG|Top-\d|P@12|CSV|JSON|HTML|SVG|Ctrl\+V|studio|street|[Dd]emo|rpf-tiny|plotly-logomark|^k$|"
    r"title( \(\d+\))?|Shift|Enter|Esc|Delete"
)
"""Names, abbreviations, and titles of reports: as they are in every language."""


def show_shipped(page: Page) -> None:
    """The first report of several attributes that comes with Lapel, in Metrics."""
    page.locator("#report input").click()
    page.locator("#report [role=option]").filter(has_text="street").first.click()
    expect(page.locator("#plot-dots .js-plotly-plot")).to_be_visible()
    expect(page.locator("#plot-curve .js-plotly-plot")).to_be_visible()
    expect(page.locator("#metrics .empty")).to_have_count(0)  # of Gradio, while plotly is loaded; axe faults it


def picture(size: tuple[int, int], color: str = "red", kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    drawn = draw_garment(COLORS[color], True, size) if min(size) > 30 else Image.new("RGB", size, COLORS[color])
    drawn.save(buffer, kind)
    return buffer.getvalue()


def serial(page: Page) -> str:
    return str(page.locator("#results .lapel-ranked").get_attribute("data-search"))


def expect_new_results(page: Page, before: str) -> None:
    expect(page.locator("#results .lapel-ranked")).not_to_have_attribute("data-search", before)


def test_every_new_picture_replaces_the_one_that_is_there(watched: Watched, app_url: str) -> None:
    page = watched.open(app_url)
    shown = page.locator("#query-image img")
    sizes = [(300, 400), (1, 1), (3000, 20), (64, 640)]
    given = [(way, size) for size in sizes for way in ("drop", "paste", "choose")]
    for (way, size), color in zip(given, list(COLORS) * len(sizes), strict=True):
        before, source = serial(page), shown.get_attribute("src")
        give(page, way, "a.png", picture(size, color))
        expect(shown).not_to_have_attribute("src", str(source))
        expect_new_results(page, before)
        expect(page.locator("#results .hit")).to_have_count(12)
        expect(page.locator("#picker [aria-pressed=true]")).to_have_count(0)
        expect(page.locator("#why figure img")).to_have_count(4)
        expect(page.locator("#query-line")).to_have_text("")
    assert not watched.faults


def test_pictures_that_browsers_cannot_show_are_shown(watched: Watched, app_url: str) -> None:
    page = watched.open(app_url)
    accepted = str(page.locator("#query-image input[type=file]").get_attribute("accept"))
    assert {"image/*", ".heic", ".avif"} <= set(accepted.split(","))
    shown = page.locator("#query-image img")
    for number, kind in enumerate(("TIFF", "HEIF", "AVIF")):
        size = (300 + 10 * number, 400)
        give(page, "choose", f"telephone.{kind.lower()}", picture(size, kind=kind))
        page.wait_for_function(f"document.querySelector('#query-image img')?.naturalWidth === {size[0]}")
        expect(shown).to_have_attribute("src", re.compile("^data:image/webp"))
        expect(page.locator("#query-line")).to_have_text("")
    assert not watched.faults


def test_a_file_that_cannot_be_read_is_answered_in_the_visitors_language(watched: Watched, app_url: str) -> None:
    page = watched.open(app_url + "?lang=ja")
    give(page, "choose", "good.png", picture((300, 400)))
    expect(page.locator("#picker [aria-pressed=true]")).to_have_count(0)
    source = str(page.locator("#query-image img").get_attribute("src"))
    for content, said in (
        (b"hello", "画像として読み込めない"),
        (b"", "空です"),
        (picture((90, 90))[:80], "壊れている"),
    ):
        give(page, "drop", "bad.jpg", content)
        expect(page.locator("#query-line [role=alert]")).to_contain_text(said)
        expect(page.locator("#query-image img")).to_have_attribute("src", source)
        expect(page.locator("#results .hit")).to_have_count(12)
        expect(page.locator("[aria-busy]")).to_have_count(0)
    assert not watched.faults


def test_removing_the_picture_clears_the_query_and_another_can_be_given(watched: Watched, app_url: str) -> None:
    page = watched.open(app_url)
    page.get_by_role("button", name="Remove the picture").click()
    expect(page.locator("#query-image img")).to_have_count(0)
    expect(page.locator("#picker [aria-pressed=true]")).to_have_count(0)
    expect(page.locator("#results .hit")).to_have_count(0)
    expect(page.locator("#bar .none")).to_contain_text("Nothing is asked yet")
    expect(page.locator("#explanation")).to_be_hidden()
    give(page, "drop", "a.png", picture((300, 400)))
    expect(page.locator("#results .hit")).to_have_count(12)
    expect(page.locator("#line")).to_have_text("")
    assert not watched.faults


def test_results_are_narrowed_counted_and_go_on(watched: Watched, app_url: str) -> None:
    page = watched.open(app_url)
    heading = page.locator("#results .lapel-ranked")
    expect(heading).to_contain_text("12 of 1,260 items")
    page.locator("#facets details.lapel-facet summary").first.click()
    page.locator("#facets button[data-act=filter]").first.click()
    expect(heading).to_contain_text("items that pass the filters")
    page.locator("#facets [data-act=clear_filters]").first.click()
    expect(heading).to_contain_text("12 of 1,260 items")
    page.locator("#results button[data-act=k]").first.click()
    expect(page.locator("#results .hit")).to_have_count(36)
    assert "k=36" in page.url and not watched.faults


def test_an_attribute_to_embed_says_so_and_stops_when_it_is_removed(watched: Watched, app_url: str) -> None:
    page = watched.open(app_url)
    tick(page, "color", "unlike")
    page.locator("#rows summary", has_text="More attributes").click()
    expect(page.locator("#rows")).to_contain_text(re.compile(r"in the background: about \d+ (s|min)"))
    wanted = page.locator('#rows details[data-key="rows-more"] button[data-act=like]').first
    wanted.click()
    expect(page.locator("#line")).to_contain_text(re.compile(r"about \d+ (s|min) for 1,260 items"))
    expect(page.locator("#banner .left")).to_contain_text("left")
    expect(page.locator("#banner progress")).to_be_visible()
    before = serial(page)
    page.locator("#picker .pick").nth(4).click()  # a search goes on meanwhile
    expect_new_results(page, before)
    wanted.click()
    expect(page.locator("#banner progress")).to_have_count(0)
    expect(page.locator("#stop")).to_be_hidden()
    wanted.click()
    expect(page.locator("#banner progress")).to_be_visible()
    page.locator("#stop").click()
    expect(page.locator("#banner progress")).to_have_count(0)
    expect(page.locator(".lapel-chip")).to_have_count(2)
    expect(page.locator("#line")).to_contain_text("Stopped")
    assert not watched.faults


def test_on_a_telephone_the_view_moves_to_new_results(browser: Browser, app_url: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-US", reduced_motion="reduce")
    watched = Watched(context)
    page = watched.open(app_url)
    assert page.evaluate("scrollY") == 0
    in_view = (
        "(({top}) => top >= 0 && top < innerHeight / 2)(document.querySelector('#results h2').getBoundingClientRect())"
    )

    def acted(act: str) -> None:
        before = serial(page)
        if act == "hit":
            page.locator("#results .hit").nth(5).click()
            expect(page.locator("#why h3").nth(1)).to_contain_text("Result 6")
            page.locator("#search-hit").click()
        elif act == "item":
            page.locator("#picker .pick").nth(2).click()
        elif act == "attribute":
            page.locator("#rows button[data-act=like][data-attribute=color]").dispatch_event(
                "click"
            )  # without a scroll
            expect_new_results(page, before)
            assert not page.evaluate(in_view)  # another may be ticked after it
            page.locator(".lapel-pill").click()
        else:
            give(page, "choose", "a.png", picture((300, 400)))
        expect_new_results(page, before)
        page.wait_for_function(in_view)

    for act in ("item", "attribute", "picture", "hit"):
        if act != "hit":
            page.evaluate("scrollTo(0, 0)")
            assert not page.evaluate(in_view)
        acted(act)
    assert not watched.faults
    context.close()


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("ja", "dark")])
def test_it_is_for_everybody(browser: Browser, app_url: str, lang: str, scheme: str) -> None:
    locale = "ja-JP" if lang == "ja" else "en-US"
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme, locale=locale)  # type: ignore[arg-type]
    watched = Watched(context)
    page = watched.open(app_url)
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    tick(page, "color", "unlike")
    expect(page.locator(".lapel-chip")).to_have_count(2)
    expect(page.locator("#which label")).to_have_count(2)
    page.locator("#advanced > button").click()
    page.locator("#facets details.lapel-facet summary").first.click()
    page.locator("#facets button[data-act=filter]").first.click()
    page.locator("#rows details.values summary").nth(1).click()
    expect(page.locator("#results .lapel-ranked")).to_contain_text("条件に合う" if lang == "ja" else "pass the filters")
    assert violations(page) == []
    for alt in page.locator("#results .hit img, #picker img").evaluate_all("images => images.map(i => i.alt)"):
        assert re.match(r"[^：]+：[^：]+" if lang == "ja" else r"[a-z ]+: .+", alt), alt
    page.get_by_role("button", name="画像を外す" if lang == "ja" else "Remove the picture").click()
    expect(page.locator("#query-image .invite")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("tab", name="比較" if lang == "ja" else "Compare").click()
    expect(page.locator("#compare-found .lapel-twin")).to_have_count(24)
    assert violations(page) == []
    page.get_by_role("tab", name="精度" if lang == "ja" else "Metrics").click()
    expect(page.locator("#metrics-head [data-act=evaluate]")).to_be_visible()
    assert violations(page) == []
    show_shipped(page)
    assert violations(page) == []
    context.close()


def test_japanese_has_no_english_left(browser: Browser, app_url: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP")
    page = Watched(context).open(app_url)

    def english() -> list[str]:
        return [text for text in page.evaluate(LETTERS) if re.search("[A-Za-z]{2,}", SAID_IN_LATIN.sub("", text))]

    tick(page, "color", "unlike")
    page.locator("#advanced > button").click()
    page.locator("#settings button[data-act=beta]").click()
    page.locator("#facets details.lapel-facet summary").first.click()
    page.locator("#facets button[data-act=filter]").first.click()
    page.locator(".lapel-chip summary").first.click()
    page.locator('#rows details[data-key="rows-more"] > summary').click()
    expect(page.locator("#rows")).to_contain_text("約")
    page.locator('#rows details[data-key="rows-more"] button[data-act=like]').first.click()
    expect(page.locator("#banner .left")).to_contain_text("残り約")
    assert english() == []
    page.locator("#stop").click()
    expect(page.locator("#line")).to_contain_text("中止しました")
    give(page, "choose", "bad.jpg", b"hello")
    expect(page.locator("#query-line [role=alert]")).to_be_visible()
    page.get_by_role("button", name="画像を外す").click()
    expect(page.locator("#query-image .invite")).to_be_visible()
    assert [text for text in english() if "JPEG" not in text] == []
    page.get_by_role("tab", name="精度").click()
    expect(page.locator("#metrics-head [data-act=evaluate]")).to_be_visible()
    assert english() == []
    show_shipped(page)
    assert english() == []
    context.close()


def test_three_items_of_which_one_is_broken_and_another_catalog_beside_them(watched: Watched, tmp_path: Path) -> None:
    catalog, home = draw_catalog(tmp_path / "tiny", 3, broken=[0]), tmp_path / "home"
    home.mkdir()
    Library(Settings(home)).adopt(draw_catalog(tmp_path / "other", 4))
    with running_app(home, "--catalog", str(catalog)) as url:
        page = watched.open(url, hits=1)
        expect(page.locator("#picker .pick")).to_have_count(2)
        expect(page.locator("#left-out summary").first).to_contain_text("Left out: 1 of 3 items")
        page.locator("#left-out summary").first.click()
        expect(page.locator("#left-out li").first).to_contain_text("0.png")
        give(page, "drop", "a.png", picture((300, 400)))
        expect(page.locator("#results .hit")).to_have_count(2)
        page.locator("#catalog input").click()
        page.get_by_role("option", name="other", exact=True).click()
        expect(page.locator("#results .hit")).to_have_count(3)
        expect(page.locator("#picker .pick")).to_have_count(4)
        expect(page.locator("#left-out summary").filter(has_text="Left out")).to_have_count(0)
        other = Watched(page.context)  # of a page that is left, the console says what was broken off
        other.page.goto(f"{url}?catalog=nobody")
        expect(other.page.locator("#query-line")).to_contain_text("a catalog that is not here ('nobody')")
        expect(other.page.locator("#picker .pick")).to_have_count(2)
        assert not watched.faults and not other.faults
