"""What one event costs a worker, against the same work in idiomatic Faust, in Quix Streams and in bare aiokafka.

    python benchmarks/consume.py [--kafka HOST:PORT] [--events 120000] [--players 1000] [--turns 3] [--json [FILE]]

One broker (its own if none is given), one topic of events, each contender in a fresh process and a group of its own,
in turns. The work is all of it: fetch, decode, the fold, beliefs out, and durable state; the bare one keeps none, and
is the limit. Counted is the CPU time of the whole process, every thread, from the first event done to the last one;
nobody is done before the state is written and the offsets are committed.

Ours and the bare one tell a belief at once where the river may answer, and let the others wait in line for a turn
(docs/decisions/what-can-wait.md); Faust and Quix, by the book, tell one belief an event, which is much of their price.
`beliefs_per_event` says how many that were, and Quix told each second is a Quix that tells fewer than ours does.
"""

import asyncio
import importlib.util
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import uvloop
from aiokafka import AIOKafkaConsumer

from benchmarks.answer import Figures, Spent, a_broker, answer, in_turns, medians, options
from benchmarks.arrivals import fill
from benchmarks.idiomatic_faust import Idiomatic
from contract.topics import ENGAGEMENT_SIGNALS, PLAYER_EVENTS
from processors.app import TELL_S, TOLD_A_TURN, Settings, Worker, new_app
from processors.partition import Partition
from processors.signals import engagement
from processors.tell import Teller, new_producer

if TYPE_CHECKING:
    from benchmarks.quix import Way

OURS: Final = "ours"
FAUST: Final = "idiomatic Faust"
QUIX: Final = "Quix Streams, state"
QUIX_KEPT: Final = "Quix Streams, players kept"
QUIX_LATE: Final = "Quix Streams, told each second"
BARE: Final = "bare aiokafka"
LEAST: Final = 20_000
"""Fewer events are all folded in two fetches, before a clock can be started."""
REACH: Final = {
    "times cheaper than Faust": 25,
    "times cheaper than Quix": 2,
    "share of the limit": 0.7,
    "a core": 60_000,
}

FAUST_SHARE: Final = 8
"""Faust folds one in so many of the events: it would take a minute for all of them."""


async def measured(wanted: int, folded: Callable[[], int], done: Callable[[], Awaitable[None]]) -> Figures:
    """CPU and wall time from the first event seen until `wanted` are folded and `done`."""
    while not folded():  # noqa: ASYNC110 - what is measured must not signal
        await asyncio.sleep(0.001)
    before, spent = folded(), Spent()
    while folded() < wanted:  # noqa: ASYNC110 - what is measured must not signal
        await asyncio.sleep(0.002)
    await done()
    return spent.over(folded() - before)


async def ours(address: str, name: str, wanted: int) -> Figures:
    """The worker of processors/app.py, all of it but its health server."""
    async with new_producer(address) as producer:
        worker = Worker(new_app(Settings(kafka=address), name), producer, Settings())

        async def done() -> None:
            await worker.snapshot()
            await worker.app.consumer.commit()

        await worker.app.start()
        result = await measured(wanted, lambda: worker.folded, done)
        await worker.app.stop()
    return result | {"beliefs_per_event": worker.teller.told / worker.folded}


async def faust(address: str, name: str, wanted: int) -> Figures:
    """The idiomatic app; its table writes and signals are flushed before it is done."""
    with tempfile.TemporaryDirectory() as directory:
        idiomatic = Idiomatic(address, name, Path(directory))
        await idiomatic.app.start()

        async def done() -> None:
            await idiomatic.app.producer.flush()
            await idiomatic.app.consumer.commit()

        result = await measured(wanted, lambda: idiomatic.folded, done)
        await idiomatic.app.stop()
    return result | {"beliefs_per_event": 1.0}


async def quix(address: str, name: str, wanted: int, *, way: "Way") -> Figures:
    """The peer of quix.py, which has a loop of its own and holds up this one."""
    from benchmarks.quix import Quix  # noqa: PLC0415 - only here: its extra need not be installed for the others

    with tempfile.TemporaryDirectory() as directory:
        return Quix(address, name, Path(directory), way).run(wanted)


class Bare:
    """Aiokafka's getmany, the same fold, the same beliefs out; no partitions to give up, no state kept."""

    def __init__(self, consumer: AIOKafkaConsumer, teller: Teller) -> None:
        self._consumer = consumer
        self._teller = teller
        self._partitions: dict[int, Partition] = {}
        self.folded = 0

    async def fold(self) -> None:
        """Until cancelled."""
        while True:
            for tp, records in (await self._consumer.getmany(timeout_ms=200, max_records=2_000)).items():
                partition = self._partitions.setdefault(tp.partition, Partition(tp.partition, lambda _: None))
                taken = partition.take(records, datetime.now(UTC))
                self.folded += taken.folded
                await self._teller.tell_all(tp.partition, taken.beliefs)
            await asyncio.sleep(0)  # a fetch that is there already does not wait, and beliefs must leave meanwhile

    async def tell_waiting(self) -> None:
        """What can wait, by the worker's rule and in its turns; until cancelled."""
        while True:
            await asyncio.sleep(TELL_S)
            for number, partition in self._partitions.items():
                for key, belief in partition.untold(TOLD_A_TURN // len(self._partitions), datetime.now(UTC)):
                    self._teller.tell(number, key, belief)


async def bare(address: str, name: str, wanted: int) -> Figures:
    """The limit."""
    fetch = AIOKafkaConsumer(
        PLAYER_EVENTS.name, bootstrap_servers=address, group_id=name, auto_offset_reset="earliest",
        enable_auto_commit=False,
    )  # fmt: skip
    async with new_producer(address) as producer, fetch as consumer:
        teller = Teller(producer, ENGAGEMENT_SIGNALS.name)
        limit = Bare(consumer, teller)
        tasks = [asyncio.create_task(each) for each in (teller.run(), limit.fold(), limit.tell_waiting())]

        async def done() -> None:
            """The last beliefs leave when the teller is told to end."""
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        result = await measured(wanted, lambda: limit.folded, done)
    return result | {"beliefs_per_event": teller.told / limit.folded}


CONTENDERS: Final[dict[str, Callable[[str, str, int], Awaitable[Figures]]]] = {
    OURS: ours,
    FAUST: faust,
    QUIX: partial(quix, way="state"),
    QUIX_KEPT: partial(quix, way="kept"),
    QUIX_LATE: partial(quix, way="late"),
    BARE: bare,
}


async def contend(contender: str, address: str, events: int) -> Figures:
    """One contender's figures, in a group that nobody else was ever in."""
    engagement.warm()  # as a worker's front door does
    name = f"bench-{contender.translate({ord(' '): '-', ord(','): None})}-{os.getpid()}-{time.time_ns()}"
    return await CONTENDERS[contender](address, name, events // FAUST_SHARE if contender == FAUST else events)


def compare(address: str, events: int, players: int, turns: int) -> dict[str, object]:
    """Every contender in turns; medians."""
    asyncio.run(fill(address, events, players))
    found = in_turns(__file__, list(CONTENDERS), turns, "--kafka", address, "--events", events)
    cost = medians(found, "us_per_event")
    return {
        "question": "microseconds of CPU of one process per event, from fetch to durable state",
        "us_per_event": {name: round(us, 2) for name, us in cost.items()},
        "events_per_s_per_core": {name: round(1e6 / us) for name, us in cost.items()},
        "times_cheaper_than": {name: round(us / cost[OURS], 2) for name, us in cost.items() if name != OURS},
        "share_of_the_limit": round(cost[BARE] / cost[OURS], 2),
        "beliefs_per_event": {name: round(n, 3) for name, n in medians(found, "beliefs_per_event").items()},
        "reach": REACH,
        "runs": found,
        "events": events,
        "players": players,
        "turns": turns,
    }


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    asked = options(__doc__, contenders=CONTENDERS)
    asked.add_argument("--events", type=int, default=120_000)
    asked.add_argument("--players", type=int, default=1_000)
    given = asked.parse_args()
    if given.contend:
        uvloop.install()
        print(json.dumps(asyncio.run(contend(given.contend, given.kafka, given.events))))
        return
    if given.events < LEAST:
        asked.error(f"--events {given.events} are too few to tell one from another: at least {LEAST}")
    if importlib.util.find_spec("quixstreams") is None:
        sys.exit("Quix Streams is not installed: `make bench ARGS=consume` brings it along.")
    with a_broker(given.kafka) as address:
        answer(compare(address, given.events, given.players, given.turns), given.json)


if __name__ == "__main__":
    main()
