"""Who looks at the page: each onlooker gets what happens as it happens, and misses what it is too slow for.

An onlooker is no player: a lost line on a page harms nobody, so a slow one loses the oldest and is never cut.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

BEHIND = 256
"""Pieces of news one onlooker may have waiting."""


class News(Struct, frozen=True):
    """One server-sent event: its name, and its JSON."""

    event: str
    json: str


class Onlookers:
    """Every open page of this process."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[News]] = set()

    @contextmanager
    def looking(self) -> Iterator[asyncio.Queue[News]]:
        """A queue of news for as long as somebody looks."""
        queue: asyncio.Queue[News] = asyncio.Queue(BEHIND)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def tell(self, event: str, json: str) -> None:
        """Everybody who looks gets this."""
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(News(event, json))
