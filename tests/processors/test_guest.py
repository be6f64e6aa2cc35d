"""When the broker may hold a fetch open: only while many events come."""

import asyncio
from contextlib import AbstractContextManager, nullcontext

from faust.types import TP

from processors.app import Settings, new_app
from processors.guest import Guest
from tests.processors.test_batching import EVENTS, Bench


class Fetcher:
    """As much of aiokafka's as a fetch touches; brings as many records as it is told to."""

    def __init__(self) -> None:
        self._closed = False
        self._subscriptions = self
        self._fetch_min_bytes, self._fetch_max_wait_ms = 1, 1_500
        self.brings = 0

    def fetch_context(self) -> AbstractContextManager[None]:
        return nullcontext()

    async def fetched_records(self, *_: object, **__: object) -> dict[TP, list[None]]:
        return {EVENTS: [None] * self.brings}

    @property
    def patience(self) -> tuple[int, int]:
        """The least it asks for, in bytes, and how long it may be held open, in milliseconds."""
        return self._fetch_min_bytes, self._fetch_max_wait_ms


class Kafka:
    """The consumer around it."""

    def __init__(self) -> None:
        self._closed = False
        self._fetcher = Fetcher()


class Clock:
    """A loop of which only the time is asked."""

    now_s = 100.0

    def time(self) -> float:
        return self.now_s


async def test_a_fetch_is_held_open_only_while_many_events_come() -> None:
    """More than 4,000 a second, over a quarter of a second at least: 1,201 in 0.3 s are many, none in 0.4 s are few."""
    bench, clock, kafka = Bench(new_app(Settings())), Clock(), Kafka()
    loop = asyncio.get_running_loop()
    guest = Guest(bench.consumer, loop=loop, thread_loop=loop)
    guest.parent_loop = clock
    patience = []
    for now_s, brings in ((100.0, 1), (100.1, 601), (100.3, 600), (100.4, 0), (100.7, 0)):
        clock.now_s, kafka._fetcher.brings = now_s, brings
        await guest._fetch_records(kafka, {EVENTS}, timeout=0.1)
        patience.append(kafka._fetcher.patience)
    eager, held = (1, 250), (1_000_000, 20)
    assert patience == [eager, eager, held, held, eager]
