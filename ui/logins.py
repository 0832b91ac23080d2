"""A visitor of a public host: /v1/visitor says who he is, /v1/login and /v1/logout make him the host and a visitor again,
/v1/erase forgets him and all that is his.
"""

import hashlib
import hmac
import time
from collections import deque
from collections.abc import Callable
from functools import partial

import anyio
import orjson
from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from common import environment
from library import HOST, Visitor, new_key
from ui.visitors import ADMIN, LOGGED_IN, admin_cookie, brings_cookie, give_key, set_cookie, visitor_of

ATTEMPTS = 5
WINDOW = 60.0
"""So many wrong tokens in so many seconds, from all visitors together, and no other is looked at for as long."""
LARGEST = 4096
"""Bytes of the body of a login."""


def add_visitors(app: FastAPI, erase: Callable[[Visitor], object]) -> None:
    """Add the endpoints to an application. erase: takes away all that is a visitor's; it is called in a thread."""
    logins = Logins(erase)
    for path, method, ask, summary in (
        ("/v1/visitor", "GET", logins.visitor, "Whether this host is public, and who you are on it"),
        ("/v1/login", "POST", logins.login, 'Log in as the host, by {"token": …}'),
        ("/v1/logout", "POST", logins.logout, "Log out"),
        ("/v1/erase", "POST", logins.erase, "Erase everything of mine, and forget me"),
    ):
        app.add_api_route(
            path, ask, methods=[method], response_model=None, summary=summary, operation_id=path.rpartition("/")[2]
        )


class Logins:
    """The endpoints, and the wrong tokens of late."""

    def __init__(self, erase: Callable[[Visitor], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._erase = erase
        self._clock = clock
        self._wrong: deque[float] = deque(maxlen=ATTEMPTS)

    async def visitor(self, request: Request) -> Response:
        visitor = visitor_of(request)
        return _written({"public": environment.public(), "admin": visitor.admin, "cookie": brings_cookie(request)})

    async def login(self, request: Request) -> Response:
        check_json(request)
        if not environment.public():
            return _written({"admin": True})
        wanted = environment.admin_token()
        if wanted is None:
            raise HTTPException(403, "nobody can log in here; the host has to set LAPEL_ADMIN_TOKEN first")
        now = self._clock()
        if len(self._wrong) == ATTEMPTS and now - self._wrong[0] < WINDOW:
            raise HTTPException(429, "too many wrong tokens came; wait a minute")
        if not hmac.compare_digest(_digest(await _token(request)), _digest(wanted)):
            self._wrong.append(now)
            raise HTTPException(403, "that is not the token of this host; it is what LAPEL_ADMIN_TOKEN says there")
        key, until = visitor_of(request).key, int(time.time()) + LOGGED_IN
        answer = _written({"admin": True})
        give_key(answer, request, key)
        set_cookie(answer, request, ADMIN, admin_cookie(key, until), LOGGED_IN)
        return answer

    async def logout(self, request: Request) -> Response:
        check_origin(request)
        answer = _written({"admin": not environment.public()})
        set_cookie(answer, request, ADMIN, "", 0)
        return answer

    async def erase(self, request: Request) -> Response:
        check_json(request)
        visitor = visitor_of(request)
        if visitor is HOST:
            raise HTTPException(403, "this is your own machine, where everything is kept; delete catalogs one by one")
        await anyio.to_thread.run_sync(partial(self._erase, visitor))
        answer = _written({"erased": True})
        give_key(answer, request, new_key())
        set_cookie(answer, request, ADMIN, "", 0)
        return answer


def check_origin(request: Request) -> None:
    """HTTPException 403 when a page of another site has the browser ask."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "a page of another site cannot ask for this")


def check_json(request: Request) -> None:
    """HTTPException 415 for what is not sent as JSON: pages of other sites can send other kinds unasked."""
    check_origin(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "send JSON (content-type application/json)")


async def _token(request: Request) -> str:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise HTTPException(413, "a token is shorter than that")
    try:
        return str(orjson.loads(body)["token"])
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise HTTPException(422, 'send the token as {"token": "…"}') from error


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _written(answer: dict[str, bool]) -> Response:
    return Response(orjson.dumps(answer), media_type="application/json", headers={"cache-control": "no-store"})
