"""A small page with the box that uploads, and a line to its server that can break."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
from ui.page import PREFIX, STYLE
from ui.theme import theme
from ui.upload_box import upload_box
from ui.uploads import add_uploads
from ui.visitors import VisitorMiddleware, visitor_of
from ui.words import LANGUAGES, dictionary


class Line:
    """Carries connections to a port, and breaks all of them once, after `breaks_after` bytes that go to the server.

    pace: seconds that each piece of 64 KiB waits.
    """

    def __init__(self, to: int) -> None:
        self.to = to
        self.breaks_after: int | None = None
        self.broken = 0
        self.pace = threading.Event()
        self.pace.set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()
        self._break()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.to))
            with self._lock:
                self._open += [near, far]
            threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        try:
            while piece := source.recv(1 << 16):
                if up:
                    self.pace.wait()
                    self._count(len(piece))
                target.sendall(piece)
        except OSError:
            pass
        finally:
            for end in (source, target):
                end.close()

    def _count(self, size: int) -> None:
        if self.breaks_after is None:
            return
        self.breaks_after -= size
        if self.breaks_after <= 0:
            self.breaks_after = None
            self.broken += 1
            self._break()

    def _break(self) -> None:
        with self._lock:
            for end in self._open:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue
            self._open.clear()


class UploadPage:
    """The page, started; `events` are what its box has told, with the visitor who did."""

    def __init__(self, home: Path) -> None:
        self.uploads = Uploads(home, replace(UploadLimits(), spare=0))
        self.events: list[tuple[str, dict[str, Any], Any]] = []
        with gr.Blocks(analytics_enabled=False) as page:
            box = upload_box(lambda key: gr.i18n.I18nData(PREFIX + key))
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
            css_paths=[STYLE],
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
