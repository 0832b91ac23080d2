"""How long a visitor waits: `python -m benchmarks.clicks URL PICTURE…` for a running app.

Milliseconds from a click, or from a picture that is chosen, to results that have changed, seen by Chromium itself.
"""

import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

import tyro
from playwright.sync_api import Page, sync_playwright

PAUSE = 1500
"""Milliseconds between two measurements, in which what comes after the results is drawn."""

WATCH = """(selector) => new Promise((done) => {
  const serial = () => document.querySelector('[data-search]')?.dataset.search;
  const before = serial();
  let begun = performance.now();
  const observer = new MutationObserver(() => {
    if (serial() === before) return;
    observer.disconnect();
    done(performance.now() - begun);
  });
  observer.observe(document.querySelector('#results'), { subtree: true, childList: true, attributes: true });
  setTimeout(() => done(null), 20000);
  if (selector) return document.querySelector(selector).click();
  const given = () => { begun = performance.now(); };
  document.querySelector('#query-image').addEventListener('change', given, { capture: true, once: true });
})"""


@dataclass
class Options:
    """Time the page of an app that is running, as a browser sees it."""

    url: tyro.conf.Positional[str]
    """Its address, such as http://127.0.0.1:7860/."""
    pictures: tyro.conf.Positional[tuple[Path, ...]] = ()
    """Pictures to search with, each once."""
    repeat: int = 8
    """How often a value and an item are clicked."""
    chromium: str = "/usr/bin/chromium"
    """The browser."""


def clicked(page: Page, selectors: list[str], repeat: int) -> list[float]:
    """Milliseconds of `repeat` clicks on some elements in turn."""
    taken = []
    for number in range(repeat):
        taken.append(page.evaluate(WATCH, selectors[number % len(selectors)]))
        page.wait_for_timeout(PAUSE)
    return taken


def uploaded(page: Page, pictures: tuple[Path, ...]) -> list[float]:
    taken = []
    for picture in pictures:
        page.evaluate(f"() => {{ window.lapelWait = ({WATCH})(null) }}")
        page.set_input_files("#query-image input[type=file]", picture)
        taken.append(page.evaluate("() => window.lapelWait"))
        page.wait_for_timeout(PAUSE)
    return taken


def main(options: Options) -> int:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(options.url)
        page.wait_for_selector("#why figure img")
        page.wait_for_timeout(2 * PAUSE)
        values = [f"#rows li.attribute:first-child li:nth-child({place}) [data-act=value]" for place in (1, 2)]
        found = {"value": clicked(page, values, options.repeat)}
        found["item"] = clicked(page, [f"#picker .pick:nth-child({place})" for place in (2, 3, 4)], options.repeat)
        page.goto(options.url)
        page.wait_for_selector("#why figure img")
        page.wait_for_timeout(2 * PAUSE)
        if options.pictures:
            found["picture"] = uploaded(page, options.pictures)
        browser.close()
    for name, taken in found.items():
        known = [one for one in taken if one is not None]
        if not known:
            print(f"{name}: no results within 20 s", file=sys.stderr)
            return 1
        print(f"{name}: {statistics.median(known):.0f} ms ({min(known):.0f} to {max(known):.0f}, {len(known)} times)")
    return 0


if __name__ == "__main__":
    sys.exit(main(tyro.cli(Options)))
