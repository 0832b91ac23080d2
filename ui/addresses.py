"""The address of the app as a caller sees it."""

from functools import lru_cache

from fastapi import Request
from gradio.route_utils import get_root_url


def root_of(request: Request) -> str:
    """Address of the app as the caller sees it, through whatever proxy, with a slash at its end."""
    scope = request.scope
    told = tuple(pair for pair in scope["headers"] if pair[0] == b"host" or pair[0].startswith(b"x-forwarded"))
    return _root(scope["scheme"], scope["path"], scope.get("root_path") or "", told, tuple(scope.get("server") or ()))


@lru_cache(256)
def _root(
    scheme: str, path: str, root_path: str, headers: tuple[tuple[bytes, bytes], ...], server: tuple[object, ...]
) -> str:
    scope = {"type": "http", "scheme": scheme, "path": path, "root_path": root_path, "headers": list(headers)}
    request = Request({**scope, "server": server or None, "query_string": b"", "method": "GET"})
    return get_root_url(request, request.url.path, root_path) + "/"
