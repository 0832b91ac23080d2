"""The box that uploads, in a real browser: it goes on after a broken line, a pause and a new page."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from library import Visitor
from tests.ui.browsing import BROWSER_MARKS, Watched, violations
from tests.ui.upload_page import UploadPage, upload_page

pytestmark = BROWSER_MARKS

SIZE = 30 << 20
CONTENT = (np.arange(SIZE // 4, dtype=np.uint32) * np.uint32(2654435761)).tobytes()
STATUS = ".lapel-upload .status"
CHOOSER = ".lapel-upload input[type=file]:not([webkitdirectory])"
DROP_BIG = """([name, count]) => {
  const numbers = new Uint32Array(count);
  for (let at = 0; at < count; at++) numbers[at] = Math.imul(at, 2654435761);
  const files = new DataTransfer();
  files.items.add(new File([numbers], name, { type: 'application/zip' }));
  const target = document.querySelector('.lapel-upload');
  for (const kind of ['dragenter', 'dragover', 'drop'])
    target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: files }));
}"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UploadPage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAPEL_PUBLIC", "1")
        with upload_page(tmp_path_factory.mktemp("uploads")) as page:
            yield page


def opened(watched: Watched, shown: UploadPage) -> Page:
    watched.page.goto(shown.url)
    expect(watched.page.get_by_role("button", name="Choose files")).to_be_visible()
    return watched.page


def finished(page: Page, shown: UploadPage, name: str) -> Path:
    """What was uploaded, as the catalog room would read it."""
    expect(page.locator(STATUS)).to_have_text(f"{name} is uploaded.")
    expect(page.locator("#said p")).to_contain_text("input")
    kind, data, visitor = shown.events.pop()
    assert kind == "input" and data["name"] == name and not visitor.admin
    return shown.uploads.path(data["upload"], visitor)


def test_a_dropped_zip_survives_a_broken_line(watched: Watched, shown: UploadPage) -> None:
    page = opened(watched, shown)
    shown.line.breaks_after = 13_000_000
    page.evaluate(DROP_BIG, ["shop.zip", SIZE // 4])
    expect(page.locator(STATUS)).to_contain_text("connection to the server broke")
    [upload] = shown.uploads.all(visitor_in(page))
    assert 12_000_000 < upload.received <= 13_000_000
    shown.line.mend()
    path = finished(page, shown, "shop.zip")
    assert path.name == "shop.zip" and path.read_bytes() == CONTENT
    assert [fault for fault in watched.faults if "ERR_" not in fault] == []


def test_a_new_page_goes_on_where_the_earlier_was_left(watched: Watched, shown: UploadPage, tmp_path: Path) -> None:
    file = tmp_path / "big.zip"
    file.write_bytes(CONTENT)
    page = opened(watched, shown)
    shown.line.breaks_after = 20_000_000
    page.set_input_files(CHOOSER, file)
    expect(page.locator(STATUS)).to_contain_text("connection to the server broke")
    page.goto("about:blank")
    shown.line.mend()
    page = opened(watched, shown)
    expect(page.locator(STATUS)).to_contain_text("of “big.zip” have been sent before")
    [upload] = [upload for upload in shown.uploads.all(visitor_in(page)) if not upload.finished]
    assert 19_000_000 < upload.received <= 20_000_000
    shown.line.flowing.clear()
    page.set_input_files(CHOOSER, file)
    expect(page.locator(STATUS)).to_have_text("Uploading big.zip")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.locator(STATUS)).to_have_text("Paused: big.zip")
    assert violations(page) == []
    shown.line.flowing.set()
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    page.keyboard.press("Enter")
    path = finished(page, shown, "big.zip")
    assert path.parents[1].name == upload.id and path.read_bytes() == CONTENT


def visitor_in(page: Page) -> Visitor:
    [cookie] = [cookie for cookie in page.context.cookies() if cookie["name"] == "lapel_visitor"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    return Visitor(cookie["value"])
