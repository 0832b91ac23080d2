"""Who a visitor of a public host is: the key that his browser keeps, and how every way of asking tells it.

On a machine that is not public everyone is the host. On a public one the page gives the browser a cookie with a key that
nobody can guess. A cookie comes with everything that a browser asks: Gradio's events, our own calls, pictures. On a
Space the page lies in a frame of another site, and some browsers send no cookies from there. Then, and only then, a
script in the page keeps a key in the browser's storage and sends it as a header with each call. Pictures are asked for
without headers, so their addresses must be unguessable themselves, as those of `library.Thumbnails` are.

The header goes before the cookie. The key itself is in no page and no address.
"""

import hashlib
import hmac
import re
import time
from typing import Any, TypeAlias

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common import environment
from library import HOST, Visitor, is_key, new_key
from ui.language import Rewriter
from ui.scripts import script

COOKIE = "lapel_visitor"
ADMIN = "lapel_admin"
HEADER = "x-lapel-visitor"
LASTING = 60 * 86400
"""Seconds that a browser keeps the key after the page was opened last."""
LOGGED_IN = 7 * 86400
"""Seconds that a login lasts."""

Asking: TypeAlias = "gr.Request | HTTPConnection | None"


def visitor_of(request: Asking) -> Visitor:
    """Who asks. A stranger who brings no key gets a fresh one, so that nothing is his."""
    if not environment.public():
        return HOST
    key = _key_of(request) or new_key()
    return Visitor(key, _is_admin(str(_cookies(request).get(ADMIN, "")), key))


def brings_cookie(request: Asking) -> bool:
    """Whether the browser sends our cookie."""
    return is_key(_cookies(request).get(COOKIE, ""))


def admin_cookie(key: str, until: int) -> str:
    """What the browser of a visitor keeps while he is logged in, until a time (seconds since 1970). It tells nothing of
    the token, is worth nothing with another key, and ends when the token is changed.
    """
    token = hashlib.sha256(f"lapel admin {environment.admin_token()}".encode()).digest()
    return f"{until}.{hmac.new(token, f'{key} {until}'.encode(), hashlib.sha256).hexdigest()}"


def give_key(response: Response, request: HTTPConnection, key: str) -> None:
    """Have the browser keep a key."""
    set_cookie(response, request, COOKIE, key, LASTING)


def set_cookie(response: Response, request: HTTPConnection, name: str, value: str, seconds: int) -> None:
    """A cookie that no script reads and no other site has sent; within the frame of a Space it is kept for that frame."""
    response.headers.append("set-cookie", _cookie(request.scope, name, value, seconds))


class VisitorMiddleware:
    """Gives the page of a public host its cookie, and the script for browsers that do not send it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._script = f"<script>{script('visitor')}</script>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not (scope["type"] == "http" and environment.public() and _is_page(scope)):
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        known = brings_cookie(request)
        key = request.cookies[COOKIE] if known else new_key()
        cookie = _cookie(scope, COOKIE, key, LASTING)

        async def give(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", cookie)
                    headers["cache-control"] = "no-store"
                message = {**message, "headers": headers.raw}
            await send(message)

        if known:
            await self.app(scope, receive, give)
        else:
            await Rewriter(give, self._script).serve(self.app, scope, receive)


def _is_page(scope: Scope) -> bool:
    return bool(scope["method"] == "GET" and scope["path"].rstrip("/") == scope.get("root_path", ""))


def _cookie(scope: Scope, name: str, value: str, seconds: int) -> str:
    parts = [f"{name}={value}", "Path=/", f"Max-Age={seconds}", "HttpOnly"]
    if environment.on_spaces():
        return "; ".join([*parts, "SameSite=None", "Secure", "Partitioned"])
    told = HTTPConnection(scope).headers.get("x-forwarded-proto", scope["scheme"])
    return "; ".join([*parts, "SameSite=Lax", *(["Secure"] if told.split(",")[0].strip() == "https" else [])])


def _key_of(request: Asking) -> str | None:
    brought = (_mapping(request, "headers").get(HEADER, ""), _cookies(request).get(COOKIE, ""))
    return next((key for key in brought if is_key(str(key))), None)


def _cookies(request: Asking) -> Any:
    return _mapping(request, "cookies")


def _mapping(request: Asking, name: str) -> Any:
    """Headers or cookies; a request of Gradio's that went to another process has them as plain ones."""
    if isinstance(request, gr.Request):
        found = getattr(request.request, name) if request.request is not None else request.kwargs.get(name)
    else:
        found = getattr(request, name, None)
    return found or {}


def _is_admin(brought: str, key: str) -> bool:
    until = brought.partition(".")[0]
    if environment.admin_token() is None or not re.fullmatch(r"[0-9]{1,12}", until) or int(until) < time.time():
        return False
    return hmac.compare_digest(brought.encode(), admin_cookie(key, int(until)).encode())
