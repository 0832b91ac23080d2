"""What Gradio refuses or keeps before and after our functions: refusals become sentences, finished calls leave nothing."""

import logging
from collections.abc import Collection
from typing import Any

import gradio as gr
from gradio.exceptions import Error, InvalidPathError

_log = logging.getLogger("lapel.ui")


def guard(page: gr.Blocks, programs: Collection[str]) -> None:
    """Guard a page that is built. programs: names of the endpoints that hold no state for their callers.

    Gradio keeps a session, with a copy of the page's configuration and of the values sent, for every call without a
    session of its own, ten thousand of them by default: those of `programs` are let go when their call ends.
    """
    preprocess, process = page.preprocess_data, page.process_api

    async def refusing(block_fn: Any, inputs: list[Any], *rest: Any, **named: Any) -> Any:
        try:
            return await preprocess(block_fn, inputs, *rest, **named)
        except Error:
            raise
        except Exception as error:
            raise Error(_sentence(error, block_fn, inputs), print_exception=False) from error

    async def forgetting(block_fn: Any, *rest: Any, **named: Any) -> Any:
        try:
            return await process(block_fn, *rest, **named)
        finally:
            if getattr(block_fn, "api_name", None) in programs:
                forget(page, named.get("session_hash"))

    page.preprocess_data = refusing
    page.process_api = forgetting


def forget(page: gr.Blocks, session: str | None) -> None:
    """Let the state of a session go, and what finished sessions left in the queue."""
    holder = page.state_holder
    holder.session_data.pop(session, None)
    holder.time_last_used.pop(session, None)
    pending = page._queue.pending_event_ids_session
    for other in [other for other, events in list(pending.items()) if not events]:
        if other != session:
            pending.pop(other, None)


def _sentence(error: Exception, block_fn: Any, inputs: list[Any]) -> str:
    wanted = [getattr(block, "label", "") for block in block_fn.inputs]
    if len(inputs) < len(wanted):
        return f"{len(inputs)} values came for {len(wanted)} parameters; send, in this order: {', '.join(map(str, wanted))}"
    if isinstance(error, InvalidPathError):
        return "the file is not one that was uploaded here; upload it first, as gradio_client's handle_file does"
    _log.info("refused before our code", exc_info=error)
    return "a parameter is not of the kind that the endpoint takes; its description says what to send"
