"""Who talks to the broker for Faust: in stock Faust a thread with a loop of its own, here a guest on the worker's loop.

The thread is there so that a slow agent starves no heartbeat. Chunks are short, and at a trickle two threads cost more
in handing the interpreter lock to and fro (6,500 futex calls a second, at 1,000 events) than all the rest.

What is strange:
- **Fetches wait only under load.** The driver hard-codes `fetch_max_wait_ms=1500`, and the broker answers at the first
  byte. At a trickle that is what one wants. From some thousand events a second on it makes hundreds of requests that
  bring a handful each, and a request costs as much as thirty events. So while more than `PLENTY_PER_S` come, counted
  over `LOOK_S` because events come in bursts, the broker may hold a fetch open for `HOLD_MS` and gather.
- **Calls go on when their caller is cancelled**, as calls into a thread do: no seek is left half done.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiokafka import AIOKafkaConsumer
from faust.transport.consumer import RecordMap
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from mode.utils.futures import maybe_async

PLENTY_PER_S: Final = 4_000
LOOK_S: Final = 0.25
HOLD_MS: Final = 20
EAGER_MS: Final = 250
"""How long the broker may hold an empty fetch open; an event ends it at once."""
PLENTY_BYTES: Final = 1_000_000


class Guest(AIOKafkaConsumerThread):
    """Faust's consumer thread without a thread."""

    _serving: asyncio.Task[None] | None = None
    _looked_at_s = 0.0
    _fetched = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self._calls: set[asyncio.Future[Any]] = set()

    async def start(self) -> None:
        self._thread_started.set()
        self._thread_running = running = self.parent_loop.create_future()
        self._serving = asyncio.create_task(self._serve())
        await running
        self._thread_running = None

    async def stop(self) -> None:
        await super().stop()
        if self._serving is not None:
            await asyncio.wait({self._serving})

    async def call_thread(self, fun: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Faust's own signature
        call = asyncio.ensure_future(maybe_async(fun(*args, **kwargs)))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        return await asyncio.shield(call)

    async def _gather_remaining_tasks(self) -> None:
        """None are its own: the loop is everybody's, and stock Faust would cancel them all."""

    async def _fetch_records(self, consumer: AIOKafkaConsumer, *args: Any, **kwargs: Any) -> RecordMap:  # noqa: ANN401 - Faust's own signature
        found: RecordMap = await super()._fetch_records(consumer, *args, **kwargs)
        self._fetched += sum(map(len, found.values()))
        long_s = self.parent_loop.time() - self._looked_at_s
        if long_s > LOOK_S:
            plenty = self._fetched > PLENTY_PER_S * long_s
            fetcher = consumer._fetcher  # noqa: SLF001 - read anew for every request, and nowhere to be said in public
            fetcher._fetch_min_bytes = PLENTY_BYTES if plenty else 1  # noqa: SLF001
            fetcher._fetch_max_wait_ms = HOLD_MS if plenty else EAGER_MS  # noqa: SLF001
            self._looked_at_s, self._fetched = self.parent_loop.time(), 0
        return found
