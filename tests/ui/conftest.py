"""A small drawn catalog, a library with it, and the app itself, started as a visitor would."""

import csv
import os
import signal
import socket
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image, ImageDraw

from catalog import Catalog, load_catalog
from eval import Embedded, compared
from library import Entry, Library, Opened, Settings
from model import Derivation, MatchMap
from tests.ui.levelled_app import UNSEEN
from tests.ui.started import start

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.ui.browsing import Watched

ROOT = Path(__file__).resolve().parents[2]
COLORS = {"red": (190, 40, 40), "blue": (40, 70, 180), "green": (40, 140, 70)}


def draw_garment(color: tuple[int, int, int], stripes: bool, size: tuple[int, int] = (120, 150)) -> Image.Image:
    """A shirt of sorts on a grey ground."""
    picture = Image.new("RGB", size, (205, 203, 200))
    draw = ImageDraw.Draw(picture)
    width, height = size
    draw.rectangle((width * 0.3, height * 0.25, width * 0.7, height * 0.8), fill=color)
    draw.polygon([(width * 0.3, height * 0.25), (width * 0.1, height * 0.6), (width * 0.3, height * 0.5)], fill=color)
    draw.polygon([(width * 0.7, height * 0.25), (width * 0.9, height * 0.6), (width * 0.7, height * 0.5)], fill=color)
    if stripes:
        for y in range(int(height * 0.3), int(height * 0.8), 12):
            draw.rectangle((width * 0.3, y, width * 0.7, y + 5), fill=(240, 240, 240))
    return picture


def draw_catalog(folder: Path, count: int = 12, broken: Collection[int] = ()) -> Path:
    """Twelve garments, or `count`: four of each color, every other one striped, number 11 without a color label. The
    image files of those in `broken` are none.
    """
    (folder / "images").mkdir(parents=True)
    with (folder / "catalog.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "image", "split", "title", "color", "pattern"])
        for number in range(count):
            name = list(COLORS)[number % 3]
            striped = number % 2 == 0
            draw_garment(COLORS[name], striped).save(folder / "images" / f"{number}.png")
            if number in broken:
                (folder / "images" / f"{number}.png").write_text("not a picture")
            label = "" if number == 11 else name
            split = "test" if number < 6 else "train"
            table.writerow(
                [
                    f"g{number}",
                    f"images/{number}.png",
                    split,
                    f"number {number}",
                    label,
                    "stripe" if striped else "solid",
                ]
            )
    return folder


def draw_distinct(folder: Path, count: int) -> Path:
    """A drawn catalog of which no two pictures are equal, since equal ones are embedded once."""
    draw_catalog(folder, count)
    for number, path in enumerate(sorted((folder / "images").iterdir())):
        with Image.open(path) as picture:
            picture.putpixel((0, 0), (number, 0, 0))
            picture.save(path)
    return folder


@pytest.fixture(scope="session")
def small_catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return load_catalog(draw_catalog(tmp_path_factory.mktemp("small") / "catalog"))


@pytest.fixture(scope="session")
def library(small_catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """On the small catalog, which is opened and ready, with the embedded weights."""
    return ready(library_on(small_catalog, tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="session")
def opened(library: Library) -> Opened:
    """The small catalog, ready."""
    return library.opened("")


def library_on(source: Path | Catalog, home: Path, **settings: Any) -> Library:
    """A library that opens with a catalog or a folder, which is entered and not opened yet, and on the CPU unless told."""
    place = source.root if isinstance(source, Catalog) else source
    library = Library(Settings(home, str(place), **{"device": "cpu", **settings}))
    library.begin()
    return library


def ready(library: Library) -> Library:
    """The same library, when its first catalog can be searched."""
    opened = library.opened("")
    assert opened.wait(60) and opened.stage.name == "ready", opened.stage.error
    return library


def library_of(folder: Path, count: int = 12, broken: Collection[int] = ()) -> Library:
    """A library of its own on a drawn catalog, ready."""
    return ready(library_on(draw_catalog(folder / "catalog", count, broken), folder / "home"))


def add_catalog(library: Library, folder: Path, count: int = 2, owner: str = "") -> Entry:
    """A catalog beside the first one, on drawn items, named after its folder."""
    drawn = load_catalog(draw_catalog(folder, count))
    entry = library.entries.add(folder.name, root=str(folder), owner=owner)
    library.entries.ledger(entry).put(drawn.items, drawn.attributes)
    return entry


def embedded(opened: Opened) -> Embedded:
    """What `evaluate` takes of an opened catalog."""
    engine = opened.engine
    vectors = {name: engine.vectors(name) for name in engine.attributes}
    return Embedded(compared(opened.embedder, vectors), engine.readable)


@pytest.fixture
def levelled(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The small catalog as if its weights had match levels for all attributes, and color could not be seen on some items."""
    own, view = opened.embedder.derivation, opened.engine._view

    def derivation(name: str) -> Derivation:
        found = own(name)
        mix = tuple(found.mix[section.name] for section in found.sections)
        return replace(found, match=MatchMap((-1.0, 1.0), (0.02, 0.98), (0.001, 0.999), mix), seen=None)

    monkeypatch.setattr(opened.embedder, "derivation", derivation)
    monkeypatch.setattr(view, "_matches", {})
    unseen = np.isin([item.id for item in view.catalog], UNSEEN)
    monkeypatch.setattr(view, "hidden", lambda name: unseen if name == "color" else None)
    return opened


@contextmanager
def running_app(home: Path, *arguments: str, script: str = "app.py", **variables: str) -> Iterator[str]:
    """The address of the app with some flags, on a free port. script: what is run instead; variables: what its environment
    says of Lapel."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    flags = ["--port", str(port), "--home", str(home), "--device", "cpu", *arguments]
    log = home / "log.txt"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LAPEL_")}
    process = start(script, flags, environment | variables, home, log)
    url = f"http://127.0.0.1:{port}/"
    try:
        _await(url, process, log)
        yield url
    finally:
        if process.is_alive() and process.pid is not None:
            os.kill(process.pid, signal.SIGINT)
        process.join(20)
        if process.exitcode is None:
            process.kill()
            process.join()


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with its demo catalog."""
    with running_app(tmp_path_factory.mktemp("app-home")) as url:
        yield url


@pytest.fixture(scope="module")
def levelled_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on a small catalog, with levels and unseen items as `levelled_app.py` gives them."""
    folder = tmp_path_factory.mktemp("levelled")
    catalog = str(draw_catalog(folder / "catalog"))
    with running_app(folder, "--catalog", catalog, script="tests/ui/levelled_app.py") as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    from tests.ui.browsing import ARGUMENTS, CHROMIUM

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watched(browser: "Browser") -> Iterator["Watched"]:
    from tests.ui.browsing import Watched

    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    yield Watched(context)
    context.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    draw_garment(COLORS["red"], stripes=True, size=(600, 800)).save(path)
    return path


def _await(url: str, process: BaseProcess, log: Path) -> None:
    until = time.monotonic() + 120
    while not _answers(url):
        assert process.is_alive() and time.monotonic() < until, log.read_text() if log.exists() else "not begun"
        time.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except OSError:
        return False
