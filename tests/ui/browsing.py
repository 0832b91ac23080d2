"""A real Chromium, and a page that is watched for what should not be in it."""

import base64
import os
import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import BrowserContext, Page, expect

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000
"""Milliseconds that anything may take on a busy machine."""
expect.set_options(timeout=PATIENCE)
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")

BROWSER_MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists() and "CI" not in os.environ, reason=f"there is no {CHROMIUM}"),
]

DROP = """([content, name, type]) => {
  const files = new DataTransfer();
  files.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name, { type }));
  const target = document.querySelector('#query-image');
  for (const kind of ['dragenter', 'dragover', 'drop'])
    target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: files }));
}"""
PASTE = """([content, name, type]) => {
  const files = new DataTransfer();
  files.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name, { type }));
  const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: files });
  document.body.dispatchEvent(event);
}"""
LETTERS = r"""() => {
  const found = [];
  const latin = /[A-Za-z]{2,}/;
  for (const node of document.querySelectorAll('body *')) {
    if (node.closest('script, style, [lang=en], [translate=no]')) continue;
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
      if (latin.test(node.getAttribute(name) ?? '')) found.push(node.getAttribute(name));
    for (const child of node.childNodes)
      if (child.nodeType === Node.TEXT_NODE && latin.test(child.data) && node.checkVisibility())
        found.push(child.data.trim());
  }
  return found;
}"""

VIOLATIONS = "async () => (await axe.run({ resultTypes: ['violations'] })).violations"
"""All of axe's rules on all of the page. Places are made up for what fails alone: of what passes, that takes longest."""


class Watched:
    """A page, and everything in it that should not be: errors, failed answers, requests that leave this machine."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        self.page.on("console", lambda said: self._fault(f"console: {said.text}") if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self._fault(f"page: {error}"))
        self.page.on("response", lambda got: self._fault(f"{got.status} {got.url}") if got.status >= 400 else None)
        self.page.on("request", lambda asked: self._outside(asked.url))

    def _fault(self, text: str) -> None:
        self.faults.append(text)

    def _outside(self, url: str) -> None:
        if not re.match(r"(http://127\.0\.0\.1:|data:|blob:)", url):
            self._fault(f"outside: {url}")

    def open(self, url: str, hits: int = 12) -> Page:
        self.page.goto(url)
        expect(self.page.locator("#results .hit")).to_have_count(hits, timeout=PATIENCE)
        expect(self.page.locator("#why figure img")).to_have_count(4, timeout=PATIENCE)
        return self.page


def give(page: Page, way: str, name: str, content: bytes) -> None:
    """Give the page a picture: way is drop, paste or choose."""
    if way == "choose":
        file = {"name": name, "mimeType": "", "buffer": content}
        page.set_input_files("#query-image input[type=file]", files=[file])  # type: ignore[list-item]
    else:
        page.evaluate(DROP if way == "drop" else PASTE, [base64.b64encode(content).decode(), name, "image/png"])


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is, moderately or worse: rule, place and reason."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found = page.evaluate(VIOLATIONS)
    return [
        f"{fault['id']} {node['target']} {node.get('failureSummary', '')}"
        for fault in found
        if fault["impact"] != "minor"
        for node in fault["nodes"]
    ]


def tick(page: Page, attribute: str, act: str = "like") -> None:
    """Press an attribute: like the picture, or "unlike" it."""
    page.locator(f'#rows button[data-act={act}][data-attribute="{attribute}"]').click()


def chips(page: Page) -> list[str]:
    """What the query is, chip by chip."""
    return [text.replace("\n", " ") for text in page.locator(".lapel-chip summary").all_inner_texts()]
