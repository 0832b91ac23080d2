"""Finished calls leave nothing behind: a page in this process, called over HTTP."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from urllib.request import Request, urlopen

import gradio as gr
import pytest

from library import Library, Opened
from ui.page import SESSIONS, build_page, launch_options

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def page(library: Library) -> Iterator[gr.Blocks]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    loops: list[asyncio.AbstractEventLoop] = []
    made = asyncio.new_event_loop

    def noted() -> asyncio.AbstractEventLoop:
        loops.append(made())
        return loops[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "new_event_loop", noted)
        patch.setattr(asyncio.events, "new_event_loop", noted)
        page = build_page(library)
        page.launch(
            server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, **launch_options(page, library)
        )
        yield page
        page.close()
    for loop in loops:
        if not loop.is_running():  # Gradio leaves loops open, which would be told of in whatever test runs later
            loop.close()


def call(page: gr.Blocks, data: list[object]) -> str:
    body = json.dumps({"data": data}).encode()
    address = page.local_url + "gradio_api/call/search"
    with urlopen(Request(address, body, {"content-type": "application/json"})) as response:
        event = json.load(response)["event_id"]
    with urlopen(f"{address}/{event}") as response:
        return response.read().decode()


def test_a_call_leaves_no_session(page: gr.Blocks, opened: Opened) -> None:
    for number in range(6):
        answer = call(page, [None, None, "g0", ["color"], number, *[None] * 6])  # k = 0 is refused
        assert answer.startswith("event: error" if number == 0 else "event: complete")
    assert len(page.app.state_holder.session_data) == 0
    assert len(page.app.state_holder.time_last_used) == 0
    queue = page._queue
    until = time.monotonic() + 60  # the last ones may just be ending
    while len(queue.pending_event_ids_session) + len(queue.event_ids_to_events) > 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(queue.pending_event_ids_session) <= 1
    assert len(queue.event_ids_to_events) <= 1


def test_visitors_keep_theirs_up_to_a_bound(page: gr.Blocks) -> None:
    assert page.app.state_holder.capacity == SESSIONS < 10_000
    begin = next(fn for fn in page.fns.values() if fn.targets and fn.targets[0][1] == "load")
    body = {"data": [], "fn_index": begin._id, "session_hash": "a visitor"}
    request = Request(
        page.local_url + "gradio_api/queue/join", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urlopen(request) as response:
        assert json.load(response)["event_id"]
    with urlopen(page.local_url + "gradio_api/queue/data?session_hash=a%20visitor") as response:
        assert "process_completed" in response.read().decode()
    assert "a visitor" in page.app.state_holder.session_data
    call(page, [None, None, "g0", ["color"], 3, None, None, None, None])
    assert list(page.app.state_holder.session_data) == ["a visitor"]
