"""`whitewater watch`: beliefs and answers as they happen, in the terminal; the live page shows the same."""

import asyncio
from collections.abc import Awaitable
from typing import Annotated

import typer

from whitewater import news, say, screen, server


def watch(
    *,
    address: Annotated[
        str | None, typer.Option("--server", help="The engagement API; default: the local stack's.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(min=0.1, help="Stop after so long; default: at Ctrl-C.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Every message as a line of JSON.")] = False,
) -> None:
    """Watch every player's signals and the river's answers live."""
    found = server.find(address)
    server.ask(found, "/v1/adaptation")
    if json:
        asyncio.run(_until(seconds, news.follow(found, screen.as_line)))
        return
    seen = screen.Screen(say.console(), f"The river at {found}")
    with seen:
        asyncio.run(_until(seconds, news.follow(found, seen.heard)))


async def _until(seconds: float | None, following: Awaitable[None]) -> None:
    try:
        async with asyncio.timeout(seconds):
            await following
    except TimeoutError:
        return
