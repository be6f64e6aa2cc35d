"""An application asked without a socket and without a client: thousands of requests in the time a client makes one."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from litestar import Litestar
from msgspec import Struct


class Heard(Struct):
    """What came back."""

    status: int = 0
    """Of HTTP; of a WebSocket 101, or the code with which it was closed."""
    body: bytes = b""
    headers: dict[str, str] = {}


async def ask(
    app: Litestar,
    method: str,
    path: str,
    query: str = "",
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Heard:
    """One HTTP request; `path` is as the application sees it, decoded. A stream is left when it has begun."""
    heard, begun = Heard(), asyncio.Event()
    asked = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI's messages
        if message["type"] == "http.response.start":
            heard.status = message["status"]
            heard.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        else:
            heard.body += message.get("body", b"")
            begun.set()

    length = {"content-type": "application/json", "content-length": str(len(body))} if body else {}
    scope = _scope("http", path, query, {**length, **(headers or {})}) | {"method": method}
    await app(scope, receive, send)  # type: ignore[arg-type] # ASGI's dictionaries
    return heard


async def follow(app: Litestar, words: object, headers: Mapping[str, str] | None = None) -> Heard:
    """One WebSocket that says `words` and goes: every frame it got, and how it was closed, if it was."""
    heard, told = Heard(), asyncio.Event()
    asked = iter([{"type": "websocket.connect"}, {"type": "websocket.receive", "text": json.dumps(words)}])

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        for _ in range(3):  # what was greeted has the turn to be sent
            await asyncio.sleep(0)  # noqa: TID251 - gives way, and waits for nothing
        return {"type": "websocket.disconnect", "code": 1000}

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI's messages
        match message["type"]:
            case "websocket.accept":
                heard.status = 101
            case "websocket.close":
                heard.status = message["code"]
                heard.body += (message.get("reason") or "").encode()
            case "websocket.send":
                heard.body += (message.get("text") or "").encode()
                told.set()

    scope = _scope("websocket", "/v1/river", "", headers or {}) | {"subprotocols": []}
    await app(scope, receive, send)  # type: ignore[arg-type] # ASGI's dictionaries
    return heard


def _scope(kind: str, path: str, query: str, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in {"host": "here.example", **headers}.items()],
        "server": ("here.example", 80),
        "client": ("192.0.2.1", 40_000),
    }
