"""Keeps folders of the server out of what Gradio tells: its protocol names files by their absolute paths.

Outwards each folder is replaced by a name of ours, and inwards the name by the folder, so browser and `gradio_client`
hand the names back as they would the paths. What may be read is decided by Gradio, on the real paths, as ever.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOLD = ("application/json", "text/html", "text/event-stream")


class Veil:
    """Middleware. folders: the name that stands for a folder, such as `/-/uploads`, to its absolute path."""

    def __init__(self, app: ASGIApp, folders: Mapping[str, Path]) -> None:
        self.app = app
        self.folders = {name: path.as_posix() for name, path in folders.items()}
        self._inwards = [
            (f"{name}/".encode(), f"{json.dumps(path, ensure_ascii=False)[1:-1]}/".encode())
            for name, path in self.folders.items()
        ]
        spelled = {(form.encode(), name.encode()) for name, path in self.folders.items() for form in _forms(path)}
        self._outwards = sorted(spelled, key=lambda pair: -len(pair[0]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = self._named(scope)
        if scope["method"] == "POST" and Headers(scope=scope).get("content-type", "").startswith("application/json"):
            receive = await self._unveiled(receive, scope)
        await self.app(scope, receive, _Veiling(send, self.veil).take)

    def veil(self, content: bytes) -> bytes:
        for folder, name in self._outwards:
            content = content.replace(folder, name)
        return content

    def _named(self, scope: Scope) -> Scope:
        """The scope with the real path of a file that is asked for by its name."""
        before, asks, file = scope["path"].partition("/file=")
        for name, path in self.folders.items():
            if asks and file.startswith(f"{name}/"):
                whole = before + asks + path + file.removeprefix(name)
                return {**scope, "path": whole, "raw_path": quote(whole, safe="/=:@").encode()}
        return scope

    async def _unveiled(self, receive: Receive, scope: Scope) -> Receive:
        """The request's body with the real paths, whole, and its length told anew."""
        parts = []
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return _once(message, receive)
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                break
        body = b"".join(parts)
        for name, folder in self._inwards:
            body = body.replace(name, folder)
        headers = MutableHeaders(raw=list(scope["headers"]))
        if "content-length" in headers:
            headers["content-length"] = str(len(body))
        scope["headers"] = headers.raw
        return _once({"type": "http.request", "body": body, "more_body": False}, receive)


class _Veiling:
    """Sends a response on: streams message by message, other texts when they are whole, all else as it comes."""

    def __init__(self, send: Send, veil: Callable[[bytes], bytes]) -> None:
        self.send = send
        self.veil = veil
        self.start: Message | None = None
        self.kind = ""
        self.parts: list[bytes] = []

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = Headers(raw=message["headers"]).get("content-type", "").partition(";")[0]
            self.kind = kind if kind in TOLD else ""
            if self.kind in ("", "text/event-stream"):
                await self.send(message)
            else:
                self.start = message
        elif message["type"] != "http.response.body" or not self.kind:
            await self.send(message)
        elif self.start is None:
            await self.send({**message, "body": self.veil(message.get("body", b""))})
        else:
            self.parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._whole(self.start)

    async def _whole(self, start: Message) -> None:
        body = self.veil(b"".join(self.parts))
        headers = MutableHeaders(raw=list(start["headers"]))
        if "content-length" in headers:
            headers["content-length"] = str(len(body))
        await self.send({**start, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": body})


def _once(message: Message, receive: Receive) -> Receive:
    waiting = [message]

    async def next_one() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_one


def _forms(path: str) -> set[str]:
    """A path as it can stand in what is told: plain, in JSON, in an address."""
    return {path, json.dumps(path)[1:-1], json.dumps(path, ensure_ascii=False)[1:-1], quote(path), quote(path, safe="")}
