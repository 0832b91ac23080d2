"""Files that jobs have made, for the visitor whose job it was: /v1/jobs/{job}/file."""

from functools import partial

import anyio
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException

from common.jobs import JobError
from library import Library, LibraryError, Visitor, result_file
from ui.visitors import visitor_of


def add_job_files(app: FastAPI, library: Library) -> None:
    """Add the endpoint to an application. A job of somebody else is one that is not there."""

    async def file(request: Request) -> Response:
        id, visitor = request.path_params["job"], visitor_of(request)
        return await anyio.to_thread.run_sync(partial(_file, library, id, visitor))

    app.add_api_route(
        "/v1/jobs/{job}/file",
        file,
        methods=["GET"],
        response_model=None,
        summary="The file that a job of yours has made",
        operation_id="job_file",
    )


def _file(library: Library, id: str, visitor: Visitor) -> Response:
    try:
        job = library.job(id, visitor)
        path = result_file(library.jobs.files(job.id), job.result)
    except (JobError, LibraryError):
        path = None
    if path is None:
        raise HTTPException(404, "there is no such file, or no longer; export the catalog again")
    name = f"{library.name_of(job) or 'catalog'}{path.suffix}"
    return FileResponse(path, filename=name, headers={"cache-control": "no-store"})
