"""What happens, as it happens, for the page: signals, decisions, the switch and the loop (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec
from litestar import get
from litestar.datastructures import State
from litestar.response import ServerSentEvent, ServerSentEventMessage

from engagement_api.onlookers import News

LOOP_S: Final = 1.0
"""How often an open page hears of the loop's latency; also keeps its connection alive."""


@get("/v1/stream", include_in_schema=False)
async def stream(state: State) -> ServerSentEvent:
    """Signals, decisions, the switch and the loop's latency, as they happen: for the page."""
    return ServerSentEvent(_news(state.parts))


async def _news(parts: Any) -> AsyncIterator[ServerSentEventMessage]:  # noqa: ANN401 - the app's Parts, which knows us
    clock = asyncio.get_running_loop().time
    due = clock()
    with parts.onlookers.looking() as queue:
        while True:
            try:
                news = await asyncio.wait_for(queue.get(), max(due - clock(), 0))
            except TimeoutError:
                due = clock() + LOOP_S
                told = {"loop": parts.meters.loop(), "on": parts.adapting(), "readers": parts.river.open}
                news = News("loop", msgspec.json.encode(told).decode())
            yield ServerSentEventMessage(data=news.json, event=news.event)
