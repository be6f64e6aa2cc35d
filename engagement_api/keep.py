"""After the player was told: the topic, the present beliefs, the history, and only then the offsets.

None of this may delay the next goal, so it waits in line here: first what other readers wait for, then the history.
A store that is away is asked again for as long as it takes; meanwhile decisions wait in memory, and when `ROOM` of them
wait, `put` waits too: listening stops, Kafka keeps what comes. An offset is committed when everything before it is in
the history, never earlier: a process killed at any moment hears again what was not kept.

Whoever is to be forgotten leaves SQL, Redis and the topic, in this order, when nothing waits in line any more.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Final

from msgspec import Struct

from engagement_api.meters import Meters
from engagement_api.ports import AWAY, Past, Present, Stream
from engagement_api.record import Record

ROOM: Final = 10_000
AGAIN_S: Final = 0.5
FEEL_S: Final = 0.05
"""Between two writes of present beliefs: nobody looks sooner, and writing one costs more than judging it."""
FELT_AT_ONCE: Final = 200
"""Beliefs of one write, who waits longest first: of more than 4,000 a second some are replaced by their next."""
KEEP_S: Final = 0.1
"""Between two commits: a crash repeats so much more, but a commit a batch would cost the broker more than the batch."""
PATIENCE_S: Final = 5.0
log = logging.getLogger(__name__)


class Batch(Struct, frozen=True):
    """One fetched batch, judged: what was decided, the newest belief per player, and where the batch ends."""

    records: Sequence[Record]
    beliefs: Mapping[str, bytes]
    offsets: Mapping[object, int]
    heard_at: datetime


class _Told(Struct):
    """What is on the topic and not yet in the history: however long the history is away, the offsets are eight."""

    records: list[Record] = []
    offsets: dict[object, int] = {}
    batches: int = 0


class Keeper:
    """The line of batches behind the loop, in order."""

    def __init__(self, stream: Stream, live: Present, history: Past, meters: Meters) -> None:
        self._stream = stream
        self._live = live
        self._history = history
        self._meters = meters
        self._untold: asyncio.Queue[Batch] = asyncio.Queue()
        self._unfelt: dict[str, bytes] = {}
        self._felt_at = datetime.min.replace(tzinfo=UTC)
        self._something_felt = asyncio.Event()
        self._told = _Told()
        self._due = asyncio.Event()
        self._waiting = 0
        self._room = asyncio.Event()
        self._room.set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._batches = 0
        self._settling = asyncio.Lock()
        """Held by whoever may write of a player what was said before that player was forgotten."""
        self.mended = asyncio.Event()
        """What a killed process left is kept, or nobody knows of any."""

    async def put(self, batch: Batch) -> None:
        """Take over a batch; waits while there is no room."""
        await self._room.wait()
        self._count(len(batch.records), 1)
        self._untold.put_nowait(batch)
        if batch.beliefs:
            self._unfelt |= batch.beliefs
            self._felt_at = batch.heard_at
            self._something_felt.set()

    async def settle(self) -> None:
        """Returns when nothing waits any more, or when patience ends."""
        try:
            await asyncio.wait_for(self._idle.wait(), PATIENCE_S)
        except TimeoutError:
            log.warning("%s decisions wait for the history; whoever takes over hears of them again.", self._waiting)

    async def forget(self, player: str) -> None:
        """The player has left every store, and the topic says so, when this returns; each store is waited for."""
        await self._idle.wait()
        async with self._settling:
            self._unfelt.pop(player, None)
            await self._until_done("sql", partial(self._history.forget, player))
            await self._until_done("redis", partial(self._live.forget, player))
            await self._until_done("kafka", partial(self._stream.bury, player))

    async def run(self) -> None:
        """Work through the line for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._mend())
            tasks.create_task(self._feel_on())
            tasks.create_task(self._tell_on())
            tasks.create_task(self._keep_on())

    async def _feel_on(self) -> None:
        """Present beliefs, the newest per player. With Redis away they are let go: the next is the whole truth."""
        while True:
            await self._something_felt.wait()
            async with self._settling:
                beliefs = {player: self._unfelt.pop(player) for player in [*islice(self._unfelt, FELT_AT_ONCE)]}
                if not self._unfelt:
                    self._something_felt.clear()
                answered = not beliefs or await self._once("redis", partial(self._live.feel, beliefs, self._felt_at))
            await asyncio.sleep(FEEL_S if answered else AGAIN_S)

    async def _tell_on(self) -> None:
        while True:
            batch = await self._untold.get()
            if batch.records:
                await self._until_done("kafka", partial(self._stream.publish, batch.records))
            self._told.records.extend(batch.records)
            self._told.offsets.update(batch.offsets)
            self._told.batches += 1
            self._due.set()

    async def _keep_on(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            told, self._told = self._told, _Told()
            if told.records:
                await self._until_done("sql", partial(self._history.keep, told.records))
                await self._once("redis", partial(self._live.kept, told.records))
            await self._once("kafka", partial(self._stream.commit, told.offsets))
            self._count(-len(told.records), -told.batches)
            await asyncio.sleep(KEEP_S)

    async def _mend(self) -> None:
        """What a killed process left unkept goes into the history and onto the topic, before new goals do.

        With Redis away nobody waits for this: it is done when Redis is back. A goal may then stand on the topic behind
        a newer one; which of two is newer is said by the revision, never by the place.
        """
        left: list[Record] = []

        async def look() -> None:
            left.extend(await self._live.unkept())

        while True:
            async with self._settling:
                if await self._once("redis", look):
                    await self._keep_left(sorted(left, key=lambda record: record.revision))
                    break
            self.mended.set()
            await asyncio.sleep(AGAIN_S)
        self.mended.set()

    async def _keep_left(self, left: Sequence[Record]) -> None:
        if left:
            await self._until_done("sql", partial(self._history.keep, left))
            await self._until_done("kafka", partial(self._stream.publish, left))
            await self._once("redis", partial(self._live.kept, left))
            log.warning("%s decisions that a stopped process had left were kept.", len(left))

    async def _once(self, store: str, work: Callable[[], Awaitable[None]]) -> bool:
        try:
            await asyncio.wait_for(work(), PATIENCE_S)
        except AWAY as fault:
            self._meters.faults.labels(store).inc()
            log.warning("%s did not answer: %s", store, str(fault).splitlines()[0] if str(fault) else repr(fault))
            return False
        return True

    async def _until_done(self, store: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            if await self._once(store, work):
                return
            await asyncio.sleep(AGAIN_S)

    def _count(self, records: int, batches: int) -> None:
        self._waiting += records
        self._batches += batches
        self._meters.waiting.set(self._waiting)
        (self._room.set if self._waiting < ROOM else self._room.clear)()
        (self._idle.clear if self._batches else self._idle.set)()
