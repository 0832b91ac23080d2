"""The box that uploads, in a real browser: it goes on after a broken line, a pause and a new page."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from library import Visitor, is_key
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


@pytest.fixture
def framed(shown: UploadPage) -> Iterator[str]:
    """The address of a page of another site, with the page in a frame."""
    content = f"<title>Frame</title><iframe src='{shown.url}' width=900 height=600></iframe>"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, format: str, *values: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def opened(watched: Watched, shown: UploadPage) -> Page:
    shown.line.mend()
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
    assert received(page, shown, 8_000_000) <= 13_000_000
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
    assert received(page, shown, 16_000_000) <= 20_000_000
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


def received(page: Page, shown: UploadPage, least: int) -> int:
    """Bytes of the upload that goes on, when they are so many, or after a while."""
    until = monotonic() + 20
    while True:
        [upload] = [upload for upload in shown.uploads.all(visitor_in(page)) if not upload.finished]
        if upload.received > least:
            return upload.received
        assert monotonic() < until, upload.received
        sleep(0.05)


def visitor_in(page: Page) -> Visitor:
    [cookie] = [cookie for cookie in page.context.cookies() if cookie["name"] == "lapel_visitor"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    return Visitor(cookie["value"])


def test_in_a_frame_that_gets_no_cookie_the_key_goes_as_a_header(
    browser: Browser, shown: UploadPage, framed: str, tmp_path: Path
) -> None:
    """As on Spaces; a cookie that is Lax does not get into a frame of another site, and this browser lets it keep nothing."""
    page = browser.new_context().new_page()
    (tmp_path / "a.csv").write_text("id,image\n")
    page.goto(framed)
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("button", name="Choose files")).to_be_visible()
    inside.locator(CHOOSER).set_input_files(tmp_path / "a.csv")
    expect(inside.locator("#said p")).to_contain_text("input")
    _, data, visitor = shown.events.pop()
    assert shown.uploads.path(data["upload"], visitor).read_text() == "id,image\n"
    assert page.context.cookies() == []
    assert page.frames[1].evaluate("lapelVisitor()") == {"X-Lapel-Visitor": visitor.key}
    page.context.close()


def test_without_cookies_the_browser_keeps_the_key_until_all_is_erased(
    browser: Browser, shown: UploadPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.visitors.LASTING", 0)  # the browser lets such a cookie go at once
    page = browser.new_context().new_page()
    keys = []
    for _ in range(2):
        page.goto(shown.url)
        keys.append(page.evaluate("lapelVisitor()")["X-Lapel-Visitor"])
    assert is_key(keys[0]) and keys[0] == keys[1] and page.context.cookies() == []
    shown.uploads.create(Visitor(keys[0]), "mine", [("a", 1)])
    erase = "fetch('v1/erase', { method: 'POST', headers: { 'Content-Type': 'application/json' } })"
    assert page.evaluate(f"{erase}.then((answer) => answer.json())") == {"erased": True}
    assert shown.uploads.all(Visitor(keys[0])) == []
    now = page.evaluate("localStorage.getItem('lapel_visitor')")
    assert is_key(now) and now != keys[0]
    page.context.close()
