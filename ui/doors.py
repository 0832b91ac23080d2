"""What stands before Gradio's own application: the REST face, and a limit for what is sent."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OURS = ("/v1/", "/thumbnails/", "/docs/")
OUR_PAGES = ("/v1", "/docs", "/openapi.json")
UPLOADS = "/gradio_api/upload"
"""Gradio limits files that are uploaded there by `max_file_size`."""


class Doors:
    """Middleware: hands our addresses to `rest` and the others on, and refuses requests of too many bytes."""

    def __init__(self, app: ASGIApp, rest: ASGIApp, largest: int) -> None:
        self.app = app
        self.rest = rest
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path in OUR_PAGES or path.startswith(OURS):
            await self.rest(scope, receive, send)
        elif scope["method"] == "POST" and not path.startswith(UPLOADS):
            await self._limited(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self.largest:
            await self._refuse(scope, receive, send)
            return
        counted, answered = 0, False

        async def count() -> Message:
            nonlocal counted
            message = await receive()
            counted += len(message.get("body", b""))
            if counted > self.largest:
                raise _TooLargeError
            return message

        async def note(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self.app(scope, count, note)
        except _TooLargeError:
            if not answered:
                await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = f"the request is larger than {self.largest >> 20} MiB; send a smaller picture"
        await JSONResponse({"error": said, "detail": said}, 413)(scope, receive, send)


class _TooLargeError(Exception):
    """More came than may."""
