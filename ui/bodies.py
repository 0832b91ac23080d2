"""What came in the body of a request: JSON, a form, or a form with a picture, up to a limit of bytes."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import orjson
from fastapi import Request
from starlette.datastructures import QueryParams, UploadFile
from starlette.exceptions import HTTPException

from catalog import ImageLimits
from retrieval import RetrievalError
from ui.questions import Question
from ui.reading import from_form

LARGEST_BODY = ImageLimits().bytes * 4 // 3 + (1 << 20)
"""Bytes of a request: the largest picture as base64 text, and what goes with it."""


async def from_body(request: Request, kind: type[Question]) -> tuple[Any, bytes | None]:
    """Parameters of a question, still unchecked, and the picture that was uploaded with them.

    RetrievalError and HTTPException say what cannot be read, and why.
    """
    sent = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if sent == "application/json":
        return _json(await _whole(request)), None
    if sent == "application/x-www-form-urlencoded":
        return _urlencoded(await _whole(request), kind), None
    if sent == "multipart/form-data":
        return await _form(request, kind)
    raise HTTPException(415, "send JSON (content-type application/json) or a form (multipart/form-data)")


async def _form(request: Request, kind: type[Question]) -> tuple[dict[str, Any], bytes | None]:
    limited = Request(request.scope, partial(_counted, request.receive, [0]))
    try:
        form = await limited.form(max_files=1, max_fields=200)
    except HTTPException as error:
        if error.status_code != 400:
            raise
        said = f"the form cannot be read ({error.detail}); send fields and the picture as one file named 'image'"
        raise HTTPException(400, said) from error
    try:
        files = {name: value for name, value in form.multi_items() if isinstance(value, UploadFile)}
        for name in files:
            if name != "image":
                raise RetrievalError(f"the file '{name}' is not asked for; send the picture as 'image'")
        picture = await files["image"].read() if files else None
        return from_form(form, kind, without=files), picture
    finally:
        await form.close()


async def _whole(request: Request) -> bytes:
    parts: list[bytes] = []
    counted = [0]
    more = True
    while more:
        message = await _counted(request.receive, counted)
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _counted(receive: Callable[[], Awaitable[Any]], counted: list[int]) -> Any:
    """The next part of a request, unless there have been too many bytes."""
    message = await receive()
    counted[0] += len(message.get("body", b""))
    if counted[0] > LARGEST_BODY:
        raise HTTPException(413, f"the request is larger than {LARGEST_BODY >> 20} MiB; send a smaller picture")
    return message


def _urlencoded(body: bytes, kind: type[Question]) -> Any:
    """A form; or JSON that was sent under the name of one, as `curl -d` does."""
    if body.lstrip()[:1] == b"{":
        return _json(body)
    return from_form(QueryParams(body.decode("utf-8", "replace")), kind)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RetrievalError(f'the body is not JSON ({error}); send an object such as {{"item": "a1"}}') from error
