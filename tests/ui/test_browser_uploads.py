"""The box that uploads, in a real browser: it goes on after a broken line, a pause and a new page."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.ui.browsing import BROWSER_MARKS, Watched, violations
from tests.ui.upload_page import UploadPage, upload_page

pytestmark = BROWSER_MARKS

SIZE = 30 << 20
CONTENT = (np.arange(SIZE // 4, dtype=np.uint32) * np.uint32(2654435761)).tobytes()
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


def status(page: Page) -> str:
    return page.locator(".lapel-upload .status").inner_text()


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def finished(page: Page, shown: UploadPage, name: str) -> Path:
    """What was uploaded, as the catalog room would read it."""
    expect(page.locator(".lapel-upload .status")).to_have_text(f"{name} is uploaded.")
    expect(page.locator("#said p")).to_contain_text("input")
    kind, data, visitor = shown.events.pop()
    assert kind == "input" and data["name"] == name and not visitor.admin
    return shown.uploads.path(data["upload"], visitor)


def test_a_dropped_zip_survives_a_broken_line(watched: Watched, shown: UploadPage) -> None:
    page = watched.page
    page.goto(shown.url)
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    shown.line.breaks_after = 13_000_000
    page.evaluate(DROP_BIG, ["shop.zip", SIZE // 4])
    expect(page.locator(".lapel-upload .status")).to_contain_text("connection to the server broke")
    path = finished(page, shown, "shop.zip")
    assert shown.line.broken == 1
    assert path.name == "shop.zip" and path.read_bytes() == CONTENT
    assert [fault for fault in watched.faults if "ERR_" not in fault] == []


def test_paused_and_gone_on_with_by_a_new_page(watched: Watched, shown: UploadPage, tmp_path: Path) -> None:
    file, other = tmp_path / "big.zip", tmp_path / "other.zip"
    file.write_bytes(CONTENT)
    other.write_bytes(b"PK other")
    page = watched.page
    page.goto(shown.url)
    chooser = page.locator(".lapel-upload input[type=file]").first
    expect(chooser).to_be_attached()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    shown.line.breaks_after = 20_000_000
    chooser.set_input_files(file)
    expect(page.locator(".lapel-upload .status")).to_contain_text("connection to the server broke")
    page.reload()
    expect(page.locator(".lapel-upload .status")).to_contain_text("of “big.zip” have been sent before")
    [upload] = [upload for upload in shown.uploads.all(_visitor(shown, page)) if not upload.finished]
    assert 10_000_000 < upload.received < 20_000_000
    shown.line.pace.clear()
    chooser.set_input_files(file)
    expect(page.locator(".lapel-upload .status")).to_have_text("Uploading big.zip")
    button(page, "Pause")
    expect(page.locator(".lapel-upload .status")).to_have_text("Paused: big.zip")
    assert violations(page) == []
    shown.line.pace.set()
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    page.keyboard.press("Enter")
    path = finished(page, shown, "big.zip")
    assert path.parents[1].name == upload.id and path.read_bytes() == CONTENT


def _visitor(shown: UploadPage, page: Page) -> object:
    from library import Visitor

    [cookie] = [cookie for cookie in page.context.cookies() if cookie["name"] == "lapel_visitor"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    return Visitor(cookie["value"])
