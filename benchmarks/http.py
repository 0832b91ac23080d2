"""A client of one local server that costs little itself."""

import asyncio
from collections.abc import AsyncIterator


class Pool:
    """Connections to one port, kept open and taken again: little HTTP, so that the client does not hide the server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, path: str, body: bytes) -> bytes:
        head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\ncontent-type: application/json\r\n"
        return await self._ask(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)

    async def get(self, path: str) -> bytes:
        return await self._ask(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\n\r\n".encode())

    async def _ask(self, request: bytes) -> bytes:
        while self.free:
            reader, writer = self.free.pop()
            if not reader.at_eof():  # the server ends connections that were idle for seconds
                break
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if b"\r\ncontent-length: " in head:
            body = await reader.readexactly(int(head.split(b"\r\ncontent-length: ")[1].split(b"\r\n")[0]))
        else:
            body = b"".join([part async for part in _chunks(reader)])
        self.free.append((reader, writer))
        return body

    def close(self) -> None:
        for _, writer in self.free:
            writer.close()


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int(await reader.readline(), 16):
        yield await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
