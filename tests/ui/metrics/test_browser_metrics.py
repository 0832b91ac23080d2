"""Metrics in a real browser: from a figure to its pictures, to Search and back; a label put right; reports compared."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from eval import Sampling, evaluate, save_report
from library import Opened
from tests.ui.browsing import BROWSER_MARKS, LETTERS, Watched, violations
from tests.ui.conftest import draw_distinct, embedded, running_app
from tests.ui.metrics.measured_app import STEMS

pytestmark = BROWSER_MARKS

SAID_IN_LATIN = re.compile(
    r"Lapel( again)?|PoC|P@12|MAP|Top-[18]|CSV|JSON|HTML|PNG|SVG|RPF|\bcatalog\b|test|train|python[^、]*|numpy[^、]*|title|"
    r"images?/\d+\.png|\bg\d+\b|number \d+|Shift|Enter|Esc|Delete"
)
"""Names, also of keys, and abbreviations, as they are in every language."""


@pytest.fixture(scope="module")
def measured_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("measured-app")
    catalog = str(draw_distinct(folder / "catalog", 36))
    with running_app(folder, "--catalog", catalog, script="tests/ui/metrics/measured_app.py") as url:
        yield url


def metrics(watched: Watched, url: str, query: str = "") -> Page:
    page = watched.page
    page.goto(f"{url}?tab=metrics{query}")
    expect(page.locator("#measures tbody tr")).to_have_count(2)
    expect(page.locator("#cases .lapel-cases > li").first).to_be_visible()
    expect(page.locator("#plot-dots .main-svg").first).to_be_visible()
    expect(page.locator("#metrics .empty")).to_have_count(0)  # of Gradio, while plotly is loaded; axe faults it
    return page


@pytest.mark.parametrize(("width", "scheme", "lang"), [(390, "dark", "ja"), (1440, "light", "en")])
def test_the_answer_is_in_the_first_screen_and_what_is_shown_is_taken_away(
    browser: Browser, measured_app: str, width: int, scheme: str, lang: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, locale="ja-JP" if lang == "ja" else "en-US"
    )
    watched = Watched(context)
    page = metrics(watched, measured_app)
    for place in ("#metrics-head h2", "#metrics-head .decided", "#metrics-head section:nth-of-type(1)"):
        box = page.locator(place).first.bounding_box()
        assert box is not None and box["y"] + box["height"] <= 844, place
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if lang == "ja":
        left = [SAID_IN_LATIN.sub("", text) for text in page.evaluate(LETTERS)]
        assert [text for text in left if re.search("[A-Za-z]{2,}", text)] == []
    assert violations(page) == []
    if lang == "en":
        sort_by_keys(page)  # before a pointer lies on the table, whose columns it would explain
        take_away(page)
    assert not watched.faults
    context.close()


def test_from_a_figure_to_search_and_back_and_a_label_is_put_right(watched: Watched, measured_app: str) -> None:
    page = metrics(watched, measured_app)
    expect(page.locator("#metrics-head h2")).to_contain_text("Of the first 12 results")
    page.locator("#measures button[data-sort=attribute]").click()
    page.locator("#measures button[data-sort=attribute]").click()
    page.locator("#measures button[data-name=color]").press("Enter")
    expect(page.locator("#one h2")).to_have_text("color")
    expect(page.locator("#one h2")).to_be_focused()
    expect(page.locator("#one h2")).to_be_in_viewport()
    expect(page.locator("#measures th[data-column=attribute]")).to_have_attribute("aria-sort", "descending")
    expect(page.locator("#measures tbody button").first).to_have_text("pattern")
    expect(page).to_have_url(re.compile("tab=metrics.*of=color"))
    wrong = page.locator("#parts td:not(.same) button[data-act=cell]").first
    told = str(wrong.get_attribute("aria-label"))
    wrong.click()
    expect(page.locator("#cases .narrowed button")).to_have_count(2)
    expect(page.locator("#cases h2")).to_be_in_viewport()
    chosen = page.locator('#cases .wrong .picture:not([data-key$="-1"])').first  # not the first result
    item, picture = str(chosen.get_attribute("data-item")), str(chosen.locator("img").get_attribute("src"))
    assert "Asked for" in told
    chosen.click()
    expect(page.get_by_role("tab", name="Search")).to_have_attribute("aria-selected", "true")
    expect(page.locator(f'#picker [data-pick="{item}"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".lapel-chip-list > li")).to_have_count(1)
    expect(page.locator(".lapel-chip-list")).to_contain_text("color")
    expect(page.locator("#why figure img")).to_have_count(4)
    expect(page.locator("#results .hit[aria-pressed=true] img")).to_have_attribute("src", picture)
    expect(page.locator("#arrived")).to_contain_text("Metrics ranked those labelled with color alone")
    page.go_back()
    expect(page.get_by_role("tab", name="Metrics")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#cases .narrowed button")).to_have_count(2)
    expect(page.locator(f'#cases [data-key="ask-{item}"]').first).to_be_in_viewport()
    page.go_forward()
    expect(page.get_by_role("tab", name="Search")).to_have_attribute("aria-selected", "true")
    page.go_back()
    put_a_label_right(page)
    assert not watched.faults


def test_two_reports_are_compared_and_a_file_is_shown_or_refused(
    watched: Watched, measured_app: str, opened: Opened, tmp_path: Path
) -> None:
    page = metrics(watched, measured_app)
    field = page.locator("#against input")
    field.click()
    page.get_by_role("option", name="ordinary similarity").first.click()
    expect(page.locator("#compared tbody tr")).to_have_count(2)
    field.click()
    page.get_by_role("option", name="catalog · 2026-11-26 07:00").first.click()
    expect(page.locator("#compared thead th")).to_have_count(4)
    expect(page.locator("#compared tfoot td").nth(2)).to_contain_text("±0.0")
    expect(page.locator("#compared .lapel-counts li").first).to_contain_text("ordinary similarity")
    expect(page.locator("#plot-differences .js-plotly-plot")).to_be_visible()
    assert violations(page) == []
    show_a_file(page, opened, tmp_path)
    assert not watched.faults
    assert STEMS[0] not in page.url


def take_away(page: Page) -> None:
    """Every export of what is shown is a file of its kind, and changes nothing on the page."""
    for form, begins in (("csv", "\ufeffpart,attribute"), ("json", "{"), ("page", "<!doctype html>")):
        with page.expect_download() as download:
            page.locator(f"#source [data-act=export_{form}]").click()
        assert Path(download.value.path()).read_text("utf-8").startswith(begins), form
    expect(page.locator("#plot-dots .main-svg").first).to_be_visible()
    for kind, begins in (("svg", b"<svg"), ("png", b"\x89PNG")):
        with page.expect_download() as download:
            page.locator(f"#save-dots [data-save={kind}]").click()
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(begins) and len(content) > 2000
        if kind == "svg":
            assert "Right among the first 12, by attribute" in content.decode("utf-8"), "a picture says what it shows"
        with page.expect_download() as download:
            page.locator(f"#parts [data-save={kind}]").click()
        assert re.fullmatch(
            rf"lapel-catalog-\w+-confusion-2026-11-26-0[78]00\.{kind}", download.value.suggested_filename
        )
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(begins) and len(content) > 2000
        if kind == "svg":
            cells = page.locator("#parts table.lapel-heat .cell")
            lines = re.findall(r">([^<]+)</text>", content.decode("utf-8"))
            assert ": what is found for what" in " ".join(" ".join(lines).split())
            assert content.count(b"rgb(") > cells.count() > 1 and b"color(" not in content


def sort_by_keys(page: Page) -> None:
    """The table is sorted and explained by keys, and stays sorted when an attribute is chosen."""
    queries = page.locator("#measures button[data-sort=queries]")
    queries.focus()
    expect(page.locator("#measures .about")).to_contain_text("How many pictures asked")
    page.keyboard.press("Enter")
    expect(page.locator("#measures th[data-column=queries]")).to_have_attribute("aria-sort", "descending")
    counts = [int(text.split()[0]) for text in page.locator("#measures tbody td:last-child").all_inner_texts()]
    page.keyboard.press("Enter")
    again = [int(text.split()[0]) for text in page.locator("#measures tbody td:last-child").all_inner_texts()]
    assert counts == sorted(counts, reverse=True) and again == counts[::-1]
    page.locator("#measures button[data-name=color]").press("Enter")
    expect(page.locator("#one h2")).to_have_text("color")
    expect(page.locator("#measures th[data-column=queries]")).to_have_attribute("aria-sort", "ascending")


def put_a_label_right(page: Page) -> None:
    """Flagged in a report, a label is another one, and the same again when that is taken back."""
    page.locator("#cases .found .flag").first.click()
    panel = page.locator("#cases .lapel-flagged")
    expect(panel).to_be_in_viewport()
    assert violations(page) == []
    own = panel.locator("select").input_value()
    other = ":value:green" if own != ":value:green" else ":value:red"
    panel.locator("select").select_option(other)
    expect(page.locator("#metrics-head")).to_contain_text("Labels that are others now than those measured by: 1.")
    expect(page.locator("#cases .changed").first).to_be_visible()
    panel.locator("[data-act=unrelabel]").click()
    expect(page.locator("#metrics-head")).not_to_contain_text("Labels changed")
    expect(panel.locator("select")).to_have_value(own)
    expect(panel.locator("select")).to_be_focused()


def show_a_file(page: Page, opened: Opened, folder: Path) -> None:
    """A report file is shown in place of the one before, and one that is none is refused and changes nothing."""
    report = evaluate(opened.catalog, embedded(opened), Sampling(queries=0.5), "My <shop>")
    path, other = folder / "mine.json", folder / "other.json"
    save_report(report, path)
    other.write_text("[1, 2]")
    page.set_input_files("#metrics .lapel-reports input[type=file]", path)
    expect(page.locator("#report input")).to_have_value("Opened file · mine")
    expect(page.locator("#measures tbody tr").first).to_contain_text(f"{report.attributes['color'].map:.1f}")
    page.locator("#source summary").click()
    expect(page.locator("#source dl")).to_contain_text("My <shop>")
    expect(page.locator("#cases")).to_contain_text("did not keep what its queries found")
    page.set_input_files("#metrics .lapel-reports input[type=file]", other)
    expect(page.get_by_role("alert").filter(has_text="no report")).to_be_visible()
    expect(page.locator("#measures tbody tr")).to_have_count(len(report.attributes))
