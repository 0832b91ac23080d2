"""One language for the whole page: ours and Gradio's own words agree with what `words.choose_language` says."""

import json
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.words import choose_language

SCRIPT = (
    "<script>for(const [name,value] of [['language',{lang}],['languages',[{lang}]]])"
    "Object.defineProperty(navigator,name,{{get:()=>value}});document.documentElement.lang={lang};</script>"
)


class LanguageMiddleware:
    """Tells the page, before Gradio starts in it, which language to use: Gradio asks only `navigator.language`."""

    def __init__(self, app: ASGIApp, default: str | None = None) -> None:
        self.app = app
        self.default = default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or scope["path"].rstrip("/") != scope.get("root_path", "")
        ):
            await self.app(scope, receive, send)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [None])[0]
        lang = choose_language(asked, Headers(scope=scope).get("accept-language"), self.default)
        await Rewriter(send, SCRIPT.format(lang=json.dumps(lang))).serve(self.app, scope, receive)


class Rewriter:
    """Holds a response back until it is whole, puts the script after <head>, and sends it on."""

    def __init__(self, send: Send, script: str) -> None:
        self.send = send
        self.script = script.encode()
        self.start: Message | None = None
        self.body = b""

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive) -> None:
        await app(scope, receive, self.take)

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        if message["type"] != "http.response.body" or self.start is None:
            await self.send(message)
            return
        self.body += message.get("body", b"")
        if message.get("more_body", False):
            return
        headers = MutableHeaders(raw=list(self.start["headers"]))
        if headers.get("content-type", "").startswith("text/html"):
            self.body = self.body.replace(b"<head>", b"<head>" + self.script, 1)
            headers["content-length"] = str(len(self.body))
            headers.add_vary_header("accept-language")
        await self.send({**self.start, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": self.body})
