"""Uploads in parts over plain HTTP: /v1/uploads.

Create with the names and sizes of the files, send their bytes one file after another, in parts of any length, and finish.
After a broken connection ask how much is there, and send from there on.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import anyio
import orjson
from anyio import CapacityLimiter
from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from library import Upload, UploadError, Uploads, Visitor
from ui.bodies import LARGEST_BODY
from ui.logins import check_json, check_origin
from ui.visitors import visitor_of

BLOCK = 1 << 20
"""Bytes that are written at once."""
WRITERS = 4
STATUS = {
    "gone": 404,
    "offset": 409,
    "incomplete": 409,
    "bytes": 413,
    "files": 413,
    "name": 422,
    "digest": 422,
    "uploads": 429,
    "space": 507,
}
"""What reasons of UploadError are in HTTP."""

Found = TypeVar("Found")


def add_uploads(app: FastAPI, uploads: Uploads) -> None:
    """Add the endpoints to an application."""
    rest = UploadsRest(uploads)
    one = "/v1/uploads/{upload}"
    for path, methods, ask, name, summary in (
        ("/v1/uploads", ["GET"], rest.all, "uploads", "Uploads of mine, and what I may upload"),
        ("/v1/uploads", ["POST"], rest.create, "create_upload", "Create an upload of files"),
        (one, ["GET"], rest.find, "upload", "How much of an upload is there"),
        (one, ["HEAD"], rest.find, "", ""),
        (one, ["PUT"], rest.put, "send_part", "Send bytes of an upload, from ?offset= on"),
        (one, ["DELETE"], rest.delete, "delete_upload", "Delete an upload"),
        (f"{one}/finish", ["POST"], rest.finish, "finish_upload", "All has been sent"),
    ):
        options: dict[str, Any] = {"operation_id": name, "summary": summary, "include_in_schema": bool(name)}
        app.add_api_route(path, ask, methods=methods, response_model=None, **options)
    app.add_exception_handler(UploadError, _refused)


class UploadsRest:
    """The endpoints over `Uploads`. Bytes go to the disk as they come; a few threads write them."""

    def __init__(self, uploads: Uploads) -> None:
        self.uploads = uploads
        self.writers = CapacityLimiter(WRITERS)

    async def all(self, request: Request) -> Response:
        visitor = visitor_of(request)
        found = await self._run(self.uploads.all, visitor)
        return _written({"uploads": [_told(upload) for upload in found], **self._limits(visitor)})

    async def create(self, request: Request) -> Response:
        """{"name": …, "files": [{"path": …, "size": bytes}, …]}, or {"name": …, "size": bytes} for one file."""
        check_json(request)
        visitor = visitor_of(request)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST_BODY:
                raise HTTPException(413, "the list of files is too long; send them as a zip")
        made = await self._run(self._create, visitor, bytes(body))
        return _written({**_told(made), **self._limits(visitor)}, 201)

    async def find(self, request: Request) -> Response:
        return self._answer(await self._run(self.uploads.find, request.path_params["upload"], visitor_of(request)))

    async def put(self, request: Request) -> Response:
        check_origin(request)
        asked = request.query_params.get("offset", "")
        if not asked.isascii() or not asked.isdigit() or len(asked) > 15:
            raise HTTPException(422, "say where the bytes begin, as ?offset=0")
        id, digest = request.path_params["upload"], request.headers.get("x-lapel-sha256")
        sending = await self._run(self.uploads.begin, id, visitor_of(request), int(asked), digest)
        held = bytearray()
        try:
            async for piece in request.stream():
                held += piece
                if len(held) >= BLOCK:
                    await self._run(sending.write, bytes(held))
                    held.clear()
            await self._run(sending.write, bytes(held))
        except ClientDisconnect:
            await self._run(sending.write, bytes(held))
            await self._run(sending.broken)
            return Response(status_code=400)  # nobody reads it
        return _written({"received": await self._run(sending.end)})

    async def finish(self, request: Request) -> Response:
        check_origin(request)
        return self._answer(await self._run(self.uploads.finish, request.path_params["upload"], visitor_of(request)))

    async def delete(self, request: Request) -> Response:
        check_origin(request)
        await self._run(self.uploads.delete, request.path_params["upload"], visitor_of(request))
        return Response(status_code=204)

    def _create(self, visitor: Visitor, body: bytes) -> Upload:
        try:
            asked = orjson.loads(body)
            name = str(asked["name"])
            listed = asked.get("files") or [{"path": name, "size": asked["size"]}]
            files = [(str(file["path"]), int(file["size"])) for file in listed]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            said = 'send {"name": "shop", "files": [{"path": "shop/a.jpg", "size": 12345}, …]}, sizes in bytes'
            raise UploadError("name", said) from error
        return self.uploads.create(visitor, name, files)

    def _limits(self, visitor: Visitor) -> dict[str, Any]:
        share = self.uploads.share(visitor)
        limits = {"bytes": share.bytes, "files": share.files, "uploads": share.uploads}
        return {"limits": limits, "part": self.uploads.limits.part}

    async def _run(self, act: Callable[..., Found], *arguments: Any) -> Found:
        return await anyio.to_thread.run_sync(partial(act, *arguments), limiter=self.writers)

    def _answer(self, upload: Upload) -> Response:
        headers = {"upload-offset": str(upload.received), "upload-length": str(upload.size)}
        return _written(_told(upload), headers=headers)


def _told(upload: Upload) -> dict[str, Any]:
    return {
        "upload": upload.id,
        "name": upload.name,
        "size": upload.size,
        "files": upload.files,
        "received": upload.received,
        "finished": upload.finished,
        "expires": round(upload.expires),
    }


def _written(answer: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    headers = {"cache-control": "no-store", **(headers or {})}
    return Response(orjson.dumps(answer), status, headers, media_type="application/json")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, UploadError)
    received = {} if error.received is None else {"received": error.received}
    return _written({"error": str(error), "reason": error.reason, **received}, STATUS[error.reason])
