"""A small Hugging Face Hub on loopback: enough of its HTTP API for the real client to push and pull models and Spaces."""

import hashlib
import json
import re
import threading
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

COMMIT = "c0ffee" + "0" * 34
LARGE = (".safetensors", ".npy", ".webp")
"""Endings of the files that it wants to be sent beside the commit."""


class Hub:
    """Files of each repository by path, and with what it was created; `url` to give as HF_ENDPOINT; use as a context manager."""

    def __init__(self) -> None:
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.created: dict[str, dict[str, Any]] = {}
        self.large: dict[str, bytes] = {}
        self.requests: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": self}))
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "Hub":
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        self.hub.requests.append(format % args)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _send(self, status: int, body: bytes | dict[str, Any], **headers: str) -> None:
        content = json.dumps(body).encode() if isinstance(body, dict) else body
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Type", "application/json" if isinstance(body, dict) else "application/octet-stream")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _missing(self) -> None:
        self._send(404, {"error": "Repository not found"}, X_Error_Code="RepoNotFound")

    def do_POST(self) -> None:
        body = self._body()
        if self.path == "/api/repos/create":
            asked = json.loads(body)
            name = f"{asked['organization']}/{asked['name']}" if asked.get("organization") else f"me/{asked['name']}"
            self.hub.repositories.setdefault(name, {})
            self.hub.created[name] = asked
            return self._send(200, {"url": f"{self.hub.url}/{name}", "name": name})
        if self.path == "/api/validate-yaml":
            return self._send(200, {"errors": [], "warnings": []})
        if match := re.match(r"/api/(?:models|spaces)/([^/]+/[^/]+)/preupload/", self.path):
            files = [
                {"path": f["path"], "uploadMode": "lfs" if f["path"].endswith(LARGE) else "regular"}
                for f in json.loads(body)["files"]
            ]
            return self._send(200, {"files": [{**f, "shouldIgnore": False, "oid": None} for f in files]})
        if re.match(r"/(?:spaces/)?([^/]+/[^/]+)\.git/info/lfs/objects/batch", self.path):
            objects = [
                {**o, "actions": {"upload": {"href": f"{self.hub.url}/lfs/{o['oid']}"}}}
                for o in json.loads(body)["objects"]
            ]
            return self._send(200, {"transfer": "basic", "objects": objects})
        if match := re.match(r"/api/(?:models|spaces)/([^/]+/[^/]+)/commit/", self.path):
            files = self.hub.repositories[match[1]]
            for line in map(json.loads, body.splitlines()):
                value = line["value"]
                if line["key"] == "file":
                    files[value["path"]] = b64decode(value["content"])
                if line["key"] == "lfsFile":
                    files[value["path"]] = self.hub.large[value["oid"]]
                if line["key"] == "deletedFile":
                    del files[value["path"]]
            url = f"{self.hub.url}/{match[1]}/commit/{COMMIT}"
            return self._send(200, {"commitUrl": url, "commitOid": COMMIT, "success": True})
        return self._send(404, {"error": f"no {self.path}"})

    def do_PUT(self) -> None:
        content = self._body()
        self.hub.large[hashlib.sha256(content).hexdigest()] = content
        self._send(200, b"")

    def do_GET(self) -> None:
        if match := re.match(r"/api/(?:models|spaces)/([^/]+/[^/]+)/tree/", self.path):
            files = self.hub.repositories[match[1]]
            entries = [
                {"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
                for name, content in files.items()
            ]
            return self._send(200, json.dumps(entries).encode())
        if match := re.match(r"/api/(?:models|spaces)/([^/?]+/[^/?]+)(?:/revision/([^/?]+))?", self.path):
            files = self.hub.repositories.get(match[1])
            if files is None:
                return self._missing()
            siblings = [{"rfilename": name, "size": len(content)} for name, content in files.items()]
            return self._send(
                200, {"id": match[1], "modelId": match[1], "sha": COMMIT, "siblings": siblings, "private": False}
            )
        if match := re.match(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", self.path):
            content = self.hub.repositories.get(match[1], {}).get(match[3])
            if content is None:
                return self._missing()
            return self._send(200, content, ETag=f'"{hashlib.sha256(content).hexdigest()}"', X_Repo_Commit=COMMIT)
        return self._send(404, {"error": f"no {self.path}"})

    do_HEAD = do_GET  # noqa: N815
