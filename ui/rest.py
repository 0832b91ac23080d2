"""REST beside the page: all of `ui.operations` under /v1/, /v1/health, thumbnails, and their OpenAPI at /docs.

A search by item takes less than a millisecond in the engine, so little is done round it: parameters are read by pydantic
once, and answers are plain dictionaries written by orjson. Where the catalog is small it is answered at once, on the event
loop, since a change of threads would cost more; else a few threads, no more, take searches in turn.
"""

import logging
import os
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import anyio
import orjson
from anyio import CapacityLimiter
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response
from gradio.context import LocalContext
from starlette.exceptions import HTTPException

from catalog import CatalogError
from library import Opened, Visitor
from retrieval import AT_ONCE, RetrievalError
from ui.addresses import root_of
from ui.answers import ErrorAnswer, HealthAnswer
from ui.bodies import from_body
from ui.documented import question_as_body, question_as_query
from ui.job_files import add_job_files
from ui.logins import add_visitors
from ui.operations import OPERATIONS, Asking, Operation
from ui.program_errors import NotAllowed, NotFound, NotReady
from ui.program_examples import examples_of
from ui.program_terms import needs_network
from ui.programs import Found, Programs
from ui.questions import pathless, question
from ui.reading import from_query
from ui.uploads import add_uploads
from ui.visitors import visitor_of

PATIENCE = 60.0
"""Seconds that a call waits for the app to become ready."""

STATUS: dict[type[Exception], int] = {NotFound: 404, NotAllowed: 403, NotReady: 503}
ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": ErrorAnswer, "description": said}
    for code, said in {
        403: "Only the host may have that done",
        404: "No such item",
        422: "Refused",
        503: "Starting",
    }.items()
}

_log = logging.getLogger("lapel.ui")


class Rest:
    """The endpoints over `Programs`. Searches by item do not wait behind searches by image, which cost the network."""

    def __init__(self, programs: Programs) -> None:
        self.programs = programs
        self.quick = CapacityLimiter(AT_ONCE)
        self.slow = CapacityLimiter(max(1, (os.cpu_count() or 2) // 2))

    async def ask(self, operation: Operation, request: Request) -> Response:
        if request.method == "GET":
            parameters, picture = from_query(request.query_params, operation.asks), None
        else:
            parameters, picture = await from_body(request, operation.asks)
        asked: Any = question(operation.asks, parameters)
        LocalContext.request.set(request)  # on ZeroGPU the caller's quota is found by it
        visitor = visitor_of(request)
        ask = partial(operation.answer, self.programs, Asking(asked, visitor, root_of(request), picture))
        if operation.searches:
            opened = await self._ready(asked.catalog, visitor)
            if operation.pictured:
                if operation.slow or needs_network(asked, picture):
                    return await _answer(ask, self.slow)
                if self.programs.is_brief(opened, asked):
                    return _written(ask())
        return await _answer(ask, self.quick)

    async def health(self, request: Request) -> Response:
        found = self.programs.health()
        return _written(found, 200 if found["status"] == "ready" else 503)

    async def thumbnail(self, request: Request) -> Response:
        thumbnails = self.programs.library.by_door(request.path_params["door"])
        name = request.path_params["name"]
        found = None
        if thumbnails is not None:
            found = await anyio.to_thread.run_sync(thumbnails.find, name, limiter=self.slow)
        if found is None:
            raise HTTPException(404, "there is no such thumbnail")
        path, lasting = found
        return FileResponse(path, headers={"cache-control": "public, max-age=604800" if lasting else "no-store"})

    async def _ready(self, catalog: str | None, visitor: Visitor) -> Opened:
        opened = self.programs.opened(catalog, visitor)
        with anyio.move_on_after(PATIENCE):
            while not opened.wait(0):
                await anyio.sleep(0.1)
        return opened


def rest_app(programs: Programs) -> FastAPI:
    """An ASGI application with the endpoints; it needs no lifespan."""
    library = programs.library
    app = FastAPI(
        title="Lapel",
        description="Search a fashion catalog by attributes, each from its own source. Errors are "
        '{"error": sentence}. docs/programs.md has examples for all three faces.',
        version="1",
        redoc_url=None,
    )
    rest = Rest(programs)

    def add(path: str, ask: Callable[[Request], Awaitable[Response]], answer: Any, **options: Any) -> None:
        options = {
            "methods": ["GET"],
            "response_model": None,
            "responses": {200: {"model": answer}, **ERRORS},
            **options,
        }
        app.add_api_route(path, ask, **options)

    for operation in OPERATIONS.values():
        _add_operation(add, rest, operation)
    add(
        "/v1/health",
        rest.health,
        HealthAnswer,
        summary="Whether searches are answered",
        operation_id="health",
        responses={200: {"model": HealthAnswer}, 503: {"model": HealthAnswer}},
    )
    add_uploads(app, library.uploads)
    add_visitors(app, library.keeping.erase)
    add_job_files(app, library)
    add("/thumbnails/{door}/{name}", rest.thumbnail, None, include_in_schema=False)
    app.add_exception_handler(CatalogError, _refused)
    app.add_exception_handler(RetrievalError, _refused)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _unexpected)
    return app


def _add_operation(add: Callable[..., None], rest: Rest, operation: Operation) -> None:
    """By GET; also by POST where the question may hold a picture."""
    common: dict[str, Any] = {"description": operation.description, "operation_id": operation.name}

    async def ask(request: Request) -> Response:
        return await rest.ask(operation, request)

    if operation.pictured:
        body = question_as_body(operation.asks, examples_of(operation.name))
        add(
            f"/v1/{operation.name}",
            ask,
            operation.answers,
            summary=operation.summary,
            methods=["POST"],
            openapi_extra=body,
            **common,
        )
        common["operation_id"] = f"{operation.name}_by_address"
    query = question_as_query(operation.asks, examples_of(operation.name), ("image",) if operation.pictured else ())
    summary = f"{operation.summary}, without an image" if operation.pictured else operation.summary
    add(f"/v1/{operation.name}", ask, operation.answers, summary=summary, openapi_extra=query, **common)


async def _answer(ask: Callable[[], Found], limiter: CapacityLimiter) -> Response:
    return _written(await anyio.to_thread.run_sync(ask, limiter=limiter))


def _written(found: Found, status: int = 200) -> Response:
    return Response(orjson.dumps(found), status, media_type="application/json")


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        said = {404: "there is nothing here; /docs lists what there is", 405: "this address does not take this method"}
        sentence = (
            said.get(error.status_code, "") if error.detail in ("Not Found", "Method Not Allowed") else error.detail
        )
        return _written({"error": sentence}, error.status_code)
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)
    return _written({"error": pathless(str(error))}, status)


async def _unexpected(request: Request, error: Exception) -> Response:
    _log.error("unexpected", exc_info=error)
    return _written({"error": "something unexpected went wrong; the log of the server says what"}, 500)
