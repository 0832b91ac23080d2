"""A small page with the box that uploads, and a line to its server that can break."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware import Middleware

from library import UploadLimits, Uploads
from ui.doors import Doors
from ui.language import LanguageMiddleware
from ui.logins import add_visitors
from ui.theme import theme
from ui.upload_box import upload_box
from ui.uploads import add_uploads
from ui.visitors import VisitorMiddleware, visitor_of
from ui.words import LANGUAGES, dictionary

STYLES = [Path(__file__).parents[2] / "ui" / name for name in ("style.css", "catalogs.css", "metrics.css")]
PREFIX = "lapel_"


class Line:
    """Carries connections to a port. It breaks after `breaks_after` bytes to the server, with all that go over it, and
    carries none until it is mended. While it is held, nothing goes to the server.
    """

    def __init__(self, to: int) -> None:
        self.to = to
        self.breaks_after: int | None = None
        self.is_broken = False
        self.flowing = threading.Event()
        self.flowing.set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def mend(self) -> None:
        with self._lock:
            self.breaks_after = None
            self.is_broken = False

    def close(self) -> None:
        self._listening.close()
        with self._lock:
            self._break()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                with self._lock:
                    if self.is_broken:
                        near.close()
                        continue
                    far = socket.create_connection(("127.0.0.1", self.to))
                    self._open += [near, far]
                for ends in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(1 << 16):
                if up:
                    self.flowing.wait()
                    self._count(len(piece))
                target.sendall(piece)
        source.close()
        target.close()

    def _count(self, size: int) -> None:
        with self._lock:
            if self.breaks_after is not None:
                self.breaks_after -= size
                if self.breaks_after <= 0:
                    self.breaks_after = None
                    self._break()

    def _break(self) -> None:
        """With the lock held: what is open ends, what is accepted from now on is closed at once."""
        self.is_broken = True
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.clear()


class UploadPage:
    """The page, started; `events` are what its box has told, with the visitor who did."""

    def __init__(self, home: Path) -> None:
        self.uploads = Uploads(home, replace(UploadLimits(), spare=0))
        self.events: list[tuple[str, dict[str, Any], Any]] = []
        with gr.Blocks(analytics_enabled=False) as page:
            box = upload_box(lambda key: gr.i18n.I18nData(PREFIX + key))
            gr.HTML("<h1>Upload</h1>")
            said = gr.HTML(elem_id="said")

            def tell(name: str) -> Any:
                def take(event: gr.EventData, request: gr.Request) -> str:
                    self.events.append((name, event._data, visitor_of(request)))
                    return f"<p>{name} {len(self.events)}</p>"

                return take

            box.input(tell("input"), None, said)
            box.clear(tell("clear"), None, said)
        self.page = page
        rest = FastAPI()
        add_uploads(rest, self.uploads)
        add_visitors(rest, self.uploads.erase)
        middleware = [Middleware(Doors, rest=rest, largest=1 << 20), Middleware(LanguageMiddleware)]
        words = {tag: {PREFIX + key: text for key, text in dictionary(tag).items()} for tag in LANGUAGES}
        page.launch(
            prevent_thread_lock=True,
            quiet=True,
            ssr_mode=False,
            theme=theme(),
            css_paths=STYLES,
            i18n=gr.I18n(**words),
            footer_links=[],
            app_kwargs={"middleware": [*middleware, Middleware(VisitorMiddleware)]},
        )
        self.line = Line(page.server_port)
        self.url = f"http://127.0.0.1:{self.line.port}/"


@contextmanager
def upload_page(home: Path) -> Iterator[UploadPage]:
    shown = UploadPage(home)
    try:
        yield shown
    finally:
        shown.line.close()
        shown.page.close()
