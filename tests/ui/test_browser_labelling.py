"""Labelling in a real browser: by keys, one picture after another, and none is lost."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from library import Ledger
from library.given import standing
from tests.ui.browsing import BROWSER_MARKS, Watched, violations
from tests.ui.conftest import draw_catalog, running_app

pytestmark = BROWSER_MARKS

COUNT = 20


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of the app on a drawn catalog, and its home."""
    folder = tmp_path_factory.mktemp("labelling")
    with running_app(folder, "--catalog", str(draw_catalog(folder / "catalog", COUNT))) as url:
        yield url, folder


def asked(page: Page) -> str:
    return str(page.locator("#label-stage figure").first.get_attribute("data-item"))


def test_a_catalog_is_labelled_by_keys_and_taught(watched: Watched, shop: tuple[str, Path]) -> None:
    url, home = shop
    page = watched.open(url)
    page.get_by_role("tab", name="Catalogs").click()
    page.click("#catalog-list button[data-act=label]")
    page.fill("#label-name :is(input, textarea)", "stripes")
    page.fill("#label-values :is(input, textarea)", "with, without")
    page.click("#label-begin")
    expect(page.locator("#label-stage figure").first).to_be_visible()
    with (home / "catalog" / "catalog.csv").open(newline="") as file:
        keys = {row["id"]: "2" if row["pattern"] == "solid" else "1" for row in csv.DictReader(file)}

    pressed = {}
    for _ in range(8):  # faster than any answer of the server
        pressed[asked(page)] = key = keys[asked(page)]
        page.keyboard.press(key)
    skipped = asked(page)
    page.keyboard.press("Space")
    page.keyboard.press("0")
    page.keyboard.press("u")
    first = asked(page)
    page.keyboard.press("u")
    assert asked(page) == skipped and first != skipped
    for _ in range(COUNT - len(pressed)):
        expect(page.locator("#label-stage figure").first).to_be_visible()
        pressed[asked(page)] = keys[asked(page)]
        page.keyboard.press(keys[asked(page)])
    expect(page.locator("#label-stage .none")).to_contain_text("Every picture has been asked for")
    expect(page.locator("#label-known .facts")).to_contain_text(f"{COUNT} given here")
    ledger = next((home / "library" / "catalogs").glob("host-*"))
    given = {one.item: one.value for one in standing(Ledger(ledger, home, "").given)}
    assert given == {id: ("with", "without")[int(key) - 1] for id, key in keys.items()} and len(pressed) == COUNT

    page.locator("#label-known .last button").nth(1).click()
    expect(page.locator("#label-stage figcaption").first).to_contain_text("choose again to correct it")
    assert not violations(page)
    page.keyboard.press("Space")
    page.click("#label-known button.teach")
    expect(page.locator("#label-lesson")).to_contain_text("is taught and stands among the attributes")
    expect(page.locator("#label-lesson button")).to_have_text("Search by it")
    page.keyboard.press("Escape")
    expect(page.locator("#labelling")).to_have_count(0)
    expect(page.locator("#catalog-list")).to_contain_text("stripes")
    page.get_by_role("tab", name="Search").click()
    expect(page.locator("#rows")).to_contain_text("stripes (taught)")
    before = str(page.locator("#results .lapel-ranked").get_attribute("data-search"))
    page.locator('#rows button[data-act=unlike][data-attribute="stripes"]').click()
    expect(page.locator("#results .lapel-ranked")).not_to_have_attribute("data-search", before)
    expect(page.locator("#which label")).to_have_count(2)
    page.click("#verdict button[data-act=unseen]")
    expect(page.locator("#verdict .lapel-saved")).to_contain_text("Saved: color: cannot be seen")
    page.click("#verdict button[data-act=undo_label]")
    expect(page.locator("#verdict .lapel-saved")).to_have_text("Undone.")
    page.select_option("#verdict select", ":value:blue")
    expect(page.locator("#results .hit").first).to_contain_text("blue")
    expect(page.locator("#why h3").nth(1)).to_contain_text("color: blue")
    assert not watched.faults
