"""What one event costs a worker, against the same work in idiomatic Faust and in bare aiokafka.

    python benchmarks/consume.py [--kafka host:port] [--events 120000] [--players 1000] [--rounds 3] [--json FILE]

One broker (its own if none is given), one topic of events, each contender in a fresh process and a group of its own,
in turns. The work is all of it: fetch, decode, the fold, beliefs out, and for ours and the peer durable state. Counted
is the CPU time of the whole process, every thread, from the first event seen to the last one done; ours is not done
before its state is written and its offsets are committed. The bare one keeps no state: it is the limit.
"""

import argparse
import asyncio
import contextlib
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import uvloop
from aiokafka import AIOKafkaConsumer
from aiokafka.partitioner import murmur2

from benchmarks.answer import machine, options
from benchmarks.idiomatic_faust import Idiomatic
from contract.codec import encode
from contract.topics import ENGAGEMENT_SIGNALS, PLAYER_EVENTS
from infra.local import health, kafka
from infra.topics import create_topics
from processors.app import Settings, Worker, new_app
from processors.partition import Partition
from processors.tell import Teller, new_producer, write
from tests.processors.river import played

PEER_SHARE = 8
"""The peer folds one in so many of the events: it would take a minute for all of them."""


@contextlib.contextmanager
def broker() -> Iterator[str]:
    """A broker of our own in a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        own = kafka.prepare(Path(folder), health.any_free_port(), health.any_free_port())
        with (Path(folder) / "kafka.log").open("wb") as out:
            process = subprocess.Popen(own.command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:
            up = health.wait_until(lambda: health.answers(own.port), within_s=60, unless=lambda: False)
            assert up, "the broker did not come up"  # noqa: S101 - a benchmark without a broker has no answer
            asyncio.run(create_topics(own.address))
            yield own.address
        finally:
            process.terminate()
            process.wait()


async def fill(address: str, events: int, players: int) -> None:
    """Write `events` events of `players` players, woven together as they would come."""
    dice, start = random.Random(1), datetime.now(UTC) - timedelta(hours=1)
    sessions = [played(f"p-{n:05d}", f"s-{n}", events // players, start, dice) for n in range(players)]
    keys = [session[0].subject.encode() for session in sessions]
    lanes = [(murmur2(key) & 0x7FFFFFFF) % PLAYER_EVENTS.partitions for key in keys]
    async with new_producer(address) as producer:
        for moment in zip(*sessions, strict=True):
            told = ((lane, key, encode(event)) for lane, key, event in zip(lanes, keys, moment, strict=True))
            await write(producer, PLAYER_EVENTS.name, told)


async def measured(wanted: int, folded: Callable[[], int], done: Callable[[], Awaitable[None]]) -> dict[str, float]:
    """CPU and wall time from the first event seen until `wanted` are folded and `done`."""
    while not folded():  # noqa: ASYNC110 - what is measured must not signal
        await asyncio.sleep(0.001)
    before, cpu, wall = folded(), time.process_time(), time.perf_counter()
    while folded() < wanted:  # noqa: ASYNC110 - what is measured must not signal
        await asyncio.sleep(0.002)
    await done()
    events = folded() - before
    return {
        "us_per_event": (time.process_time() - cpu) / events * 1e6,
        "events_per_s": events / (time.perf_counter() - wall),
        "events": events,
    }


async def ours(address: str, name: str, wanted: int) -> dict[str, float]:
    """The worker of processors/app.py, health server and all but that."""
    async with new_producer(address) as producer:
        worker = Worker(new_app(Settings(kafka=address), name), producer, Settings())

        async def done() -> None:
            await worker.snapshot()
            await worker.app.consumer.commit()

        await worker.app.start()
        result = await measured(wanted, lambda: worker.folded, done)
        await worker.app.stop()
    return result


async def peer(address: str, name: str, wanted: int) -> dict[str, float]:
    """The idiomatic app; its table writes and signals are flushed before it is done."""
    with tempfile.TemporaryDirectory() as directory:
        idiomatic = Idiomatic(address, name, Path(directory))
        await idiomatic.app.start()
        result = await measured(wanted, lambda: idiomatic.folded, idiomatic.app.producer.flush)
        await idiomatic.app.stop()
    return result


async def bare(address: str, name: str, wanted: int) -> dict[str, float]:
    """Aiokafka's getmany, the same fold, the same beliefs out; no groups to share with, no state kept."""
    partitions: dict[int, Partition] = {}
    folded = 0

    async def consume(consumer: AIOKafkaConsumer, teller: Teller) -> None:
        nonlocal folded
        while True:
            for tp, records in (await consumer.getmany(timeout_ms=200, max_records=2_000)).items():
                partition = partitions.setdefault(tp.partition, Partition(tp.partition, lambda _: None))
                taken = partition.take(records, datetime.now(UTC))
                partition.snapshots()
                folded += taken.folded
                for key, belief in taken.beliefs:
                    teller.tell(tp.partition, key, belief)

    async def nothing() -> None:
        pass

    fetch = AIOKafkaConsumer(
        PLAYER_EVENTS.name, bootstrap_servers=address, group_id=name, auto_offset_reset="earliest",
        enable_auto_commit=False,
    )  # fmt: skip
    async with new_producer(address) as producer, fetch as consumer:
        teller = Teller(producer, ENGAGEMENT_SIGNALS.name)
        tasks = [asyncio.create_task(teller.run()), asyncio.create_task(consume(consumer, teller))]
        result = await measured(wanted, lambda: folded, nothing)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return result


CONTENDERS = {"ours": ours, "idiomatic faust": peer, "bare aiokafka": bare}


def in_a_fresh_process(contender: str, address: str, name: str, wanted: int) -> dict[str, float]:
    """One contender's figures, from a process that did nothing else."""
    command = [sys.executable, __file__, "--contend", contender, "--kafka", address, "--name", name]
    done = subprocess.run([*command, "--events", str(wanted)], capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        sys.exit(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def compare(address: str, events: int, players: int, rounds: int) -> dict[str, object]:
    """Every contender in turns; medians."""
    asyncio.run(fill(address, events, players))
    run = f"bench-{time.time_ns()}"
    found: dict[str, list[dict[str, float]]] = {contender: [] for contender in CONTENDERS}
    for turn in range(rounds):
        for contender, figures in found.items():
            wanted = events // PEER_SHARE if contender == "idiomatic faust" else events
            name = f"{run}-{turn}-{contender.replace(' ', '-')}"
            figures.append(in_a_fresh_process(contender, address, name, wanted))
    cost = {name: statistics.median(each["us_per_event"] for each in figures) for name, figures in found.items()}
    return {
        "us_cpu_per_event": {name: round(us, 2) for name, us in cost.items()},
        "events_per_s_per_core": {name: round(1e6 / us) for name, us in cost.items()},
        "times_cheaper_than_idiomatic_faust": round(cost["idiomatic faust"] / cost["ours"], 1),
        "share_of_the_limit": round(cost["bare aiokafka"] / cost["ours"], 2),
        "runs": found,
        "events": events,
        "players": players,
        "machine": machine(),
    }


def main() -> None:
    """Print the figures, and write them to a file where one is named."""
    asked = options(__doc__)
    asked.add_argument("--kafka")
    asked.add_argument("--events", type=int, default=120_000)
    asked.add_argument("--players", type=int, default=1_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--contend", choices=CONTENDERS, help=argparse.SUPPRESS)
    asked.add_argument("--name", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.contend:
        uvloop.install()
        print(json.dumps(asyncio.run(CONTENDERS[given.contend](given.kafka, given.name, given.events))))
        return
    with contextlib.nullcontext(given.kafka) if given.kafka else broker() as address:
        figures = compare(address, given.events, given.players, given.rounds)
    print(json.dumps({name: figure for name, figure in figures.items() if name != "runs"}, indent=2))
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
