"""MCP tools `search`, `attributes`, `items` and `catalogs`, on the MCP server that Gradio opens at /gradio_api/mcp.

Gradio's own tools answer with Python's notation and check parameters in jsonschema's words. These answer with JSON and
structured content, describe both with schemas, and refuse in sentences.
"""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
import gradio as gr
import orjson
from gradio.context import LocalContext
from mcp import types
from mcp.server.lowlevel import Server

from catalog import CatalogError
from library import Visitor
from retrieval import RetrievalError
from ui.addresses import root_of
from ui.answers import AttributesAnswer, CatalogsAnswer, ItemsAnswer, SearchAnswer, flat_schema
from ui.programs import Found, Programs
from ui.questions import (
    AttributesQuestion,
    CatalogsQuestion,
    ItemsQuestion,
    Question,
    SearchQuestion,
    pathless,
    question,
)
from ui.visitors import visitor_of

_log = logging.getLogger("lapel.ui")


@dataclass(frozen=True)
class Tool:
    """A tool: the question that it takes, and how it is answered for a caller who sees the app at `root`."""

    asks: type[Question]
    answers: Any
    answer: Callable[[Any, str, Visitor], Found]


def tools(programs: Programs) -> dict[str, Tool]:
    return {
        "search": Tool(
            SearchQuestion, SearchAnswer, lambda asked, root, visitor: programs.search(asked, None, root, visitor)
        ),
        "attributes": Tool(
            AttributesQuestion, AttributesAnswer, lambda asked, root, visitor: programs.attributes(asked, visitor)
        ),
        "items": Tool(ItemsQuestion, ItemsAnswer, programs.items),
        "catalogs": Tool(
            CatalogsQuestion, CatalogsAnswer, lambda asked, root, visitor: programs.catalogs(asked, visitor)
        ),
    }


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
    offered = tools(programs)

    async def listed() -> list[types.Tool]:
        return [_described(name, tool) for name, tool in offered.items()]

    async def call(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        tool = offered.get(name)
        if tool is None:
            return _told(f"there is no tool '{name}'; there are: {', '.join(offered)}")
        try:
            asked = question(tool.asks, arguments)
            request = server.request_context.request
            LocalContext.request.set(request)
            root = root_of(request).replace("gradio_api/mcp/", "") if request is not None else ""
            found = await anyio.to_thread.run_sync(partial(tool.answer, asked, root, visitor_of(request)))
        except (CatalogError, RetrievalError) as error:
            return _told(pathless(str(error)))
        except Exception as error:
            _log.error("unexpected", exc_info=error)
            return _told("something unexpected went wrong; the log of the server says what")
        text = types.TextContent(type="text", text=orjson.dumps(found).decode())
        return types.CallToolResult(content=[text], structuredContent=found)

    server.list_tools()(listed)
    server.call_tool(validate_input=False)(call)


def _described(name: str, tool: Tool) -> types.Tool:
    return types.Tool(
        name=name,
        description=tool.asks.__doc__,
        inputSchema=flat_schema(tool.asks),
        outputSchema=flat_schema(tool.answers),
        annotations=types.ToolAnnotations(readOnlyHint=True),
    )


def _told(sentence: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=sentence)], isError=True)
