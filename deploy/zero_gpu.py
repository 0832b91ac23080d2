"""A stand-in, on loopback, for the service that lends ZeroGPU's devices, as the package `spaces` talks to it."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

WITHOUT_CUDA = Path(__file__).with_name("without_cuda")
"""A folder for PYTHONPATH: a worker is told of its GPU and goes on without one, on the CPU."""


@dataclass
class DeviceService:
    """Use as a context manager. calls: path and parameters of each request. quota: seconds that a visitor has left."""

    quota: int = 300
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __enter__(self) -> "DeviceService":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"service": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def environment(self) -> dict[str, str]:
        """Variables by which the package `spaces` finds itself on ZeroGPU, lent devices by this service."""
        return {
            "SPACES_ZERO_GPU": "true",
            "SPACES_ZERO_DEVICE_API_URL": self.url,
            "ZERO_GPU_PATCH_TORCH_DEVICE": "1",
            "PYTHONPATH": str(WITHOUT_CUDA),
        }

    def of(self, path: str) -> list[dict[str, str]]:
        """Parameters of the requests to one path."""
        return [parameters for called, parameters in self.calls if called == path]


class _Handler(BaseHTTPRequestHandler):
    service: DeviceService
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = urlsplit(self.path)
        parameters = {name: values[0] for name, values in parse_qs(asked.query).items()}
        self.service.calls.append((asked.path, parameters))
        if asked.path == "/schedule":
            return self._schedule(int(parameters.get("durationSeconds", 60)))
        return self._send(200 if asked.path in ("/startup-report", "/allow", "/release") else 404)

    def _schedule(self, seconds: int) -> None:
        if seconds > self.service.quota:
            return self._send(429, {"left": self.service.quota, "wait": 3600})
        number = len(self.service.of("/schedule"))
        lent = {"idle": True, "nvidiaIndex": 0, "nvidiaUUID": "GPU-0", "allowToken": f"token-{number}"}
        return self._send(200, lent)

    def _send(self, status: int, body: object = None) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)
