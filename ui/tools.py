"""MCP tools, one for each of `ui.operations`, on the MCP server that Gradio opens at /gradio_api/mcp.

Gradio's own tools answer with Python's notation and check parameters in jsonschema's words. These answer with JSON and
structured content, describe both with schemas, and refuse in sentences.
"""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import anyio
import gradio as gr
import orjson
from gradio.context import LocalContext
from mcp import types
from mcp.server.lowlevel import Server

from catalog import CatalogError
from retrieval import RetrievalError
from ui.addresses import root_of
from ui.answers import flat_schema
from ui.operations import OPERATIONS, Asking, Operation
from ui.program_examples import examples_of
from ui.programs import Programs
from ui.questions import pathless, question
from ui.visitors import visitor_of

_log = logging.getLogger("lapel.ui")


def tools_in(page: gr.Blocks, programs: Programs) -> Callable[[Any], Any]:
    """A lifespan for the app that serves `page`: when it begins, our tools take the place of Gradio's."""

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        gradios = getattr(page, "mcp_server_obj", None)
        if gradios is not None:
            _install(gradios.mcp_server, programs)
        yield

    return lifespan


def _install(server: Server, programs: Programs) -> None:
    async def listed() -> list[types.Tool]:
        return [_described(operation) for operation in OPERATIONS.values()]

    async def call(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        operation = OPERATIONS.get(name)
        if operation is None:
            return _told(f"there is no tool '{name}'; there are: {', '.join(OPERATIONS)}")
        try:
            asked = question(operation.asks, arguments)
            request = server.request_context.request
            LocalContext.request.set(request)
            root = root_of(request).replace("gradio_api/mcp/", "") if request is not None else ""
            asking = Asking(asked, visitor_of(request), root)
            found = await anyio.to_thread.run_sync(partial(operation.answer, programs, asking))
        except (CatalogError, RetrievalError) as error:
            return _told(pathless(str(error)))
        except Exception as error:
            _log.error("unexpected", exc_info=error)
            return _told("something unexpected went wrong; the log of the server says what")
        text = types.TextContent(type="text", text=orjson.dumps(found).decode())
        return types.CallToolResult(content=[text], structuredContent=found)

    server.list_tools()(listed)
    server.call_tool(validate_input=False)(call)


def _described(operation: Operation) -> types.Tool:
    examples = [example.question for example in examples_of(operation.name) if example.picture is None]
    return types.Tool(
        name=operation.name,
        description=operation.description,
        inputSchema=flat_schema(operation.asks) | {"examples": examples},
        outputSchema=flat_schema(operation.answers),
        annotations=types.ToolAnnotations(readOnlyHint=True),
    )


def _told(sentence: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=sentence)], isError=True)
