"""What one event costs on its way to Kafka: our emitter, aiokafka's `send`, a coroutine per bot.

Same broker, same events of 2,000 players, acks=all, idempotent, linger 10 ms, uvloop; each peer in a fresh process, in
turns, so that a busy moment of the machine hits all of them. The figure is CPU time of the client from the first event
to the last acknowledgement, encoding included. The peers run as everybody writes them (aiokafka's batches of 16 KiB),
and once more with our batch size, so that nobody need wonder what a tuned peer would do. Prints JSON.

    python benchmarks/produce.py [--kafka HOST:PORT] [--events 60000] [--runs 3]
"""

import argparse
import asyncio
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import uvloop
from aiokafka import AIOKafkaProducer

sys.path.insert(0, str(Path(__file__).parent.parent))

from contract.codec import encode
from contract.events import EVENT_OF, Event, RockHit, StrokeMade
from contract.topics import PLAYER_EVENTS
from infra.local import health
from infra.local import kafka as local
from infra.topics import create_topics
from producers.kafka import BATCH_BYTES, kafka_emitter

PLAYERS: Final = 2_000
BURST: Final = 100
"""Events between two turns of the loop, as a tick of a crowd makes them."""
WAITING: Final = 8_000
LINGER_MS: Final = 10
THEIR_BATCH_BYTES: Final = 16_384
TOPIC: Final = PLAYER_EVENTS.name


def crowd_events(number: int) -> list[Event]:
    """Strokes and rocks of all players in turn."""
    now = datetime.now(UTC)
    facts = (
        StrokeMade("left", 312.5),
        StrokeMade("forward", None),
        StrokeMade("right", None),
        RockHit(0.4, 81.2, 1, 2),
    )
    return [
        EVENT_OF[type(fact := facts[place % len(facts)])](
            id=f"01937{place:028x}",
            source="/whitewater/bots",
            subject=f"b-{place % PLAYERS:012x}",
            time=now,
            sessionid=f"s-{place % PLAYERS:016x}",
            sequence=place // PLAYERS + 1,
            playerkind="bot",
            data=fact,
        )
        for place in range(number)
    ]


async def with_emitter(kafka: str, events: list[Event]) -> float:
    """Our emitter; CPU seconds."""
    async with kafka_emitter(kafka, spool=None, linger_ms=LINGER_MS) as emitter:
        emitter.emit(crowd_events(1)[0])
        await _until(lambda: not emitter.outbox.held)
        begun = time.process_time()
        for start in range(0, len(events), BURST):
            for event in events[start : start + BURST]:
                emitter.emit(event)
            await asyncio.sleep(0)
            await _until(lambda: emitter.outbox.waiting < WAITING)
        await _until(lambda: not emitter.outbox.held)
        spent = time.process_time() - begun
        if emitter.account.events <= len(events):
            raise AssertionError
    return spent


async def _until(fact: Callable[[], bool]) -> None:
    while not fact():  # noqa: ASYNC110 - the price of an Event in `emit` would be part of the figure
        await asyncio.sleep(0.002)


async def with_send(kafka: str, events: list[Event], batch_bytes: int = THEIR_BATCH_BYTES) -> float:
    """A plain loop over `send`, all answers awaited at the end; CPU seconds."""
    producer = await _producer(kafka, batch_bytes)
    begun = time.process_time()
    answers = [await producer.send(TOPIC, encode(event), key=event.subject.encode()) for event in events]
    await asyncio.gather(*answers)
    spent = time.process_time() - begun
    await producer.stop()
    return spent


async def with_coroutines(kafka: str, events: list[Event], batch_bytes: int = THEIR_BATCH_BYTES) -> float:
    """A coroutine per bot, each awaiting `send_and_wait`; CPU seconds."""
    producer = await _producer(kafka, batch_bytes)

    async def bot(number: int) -> None:
        for event in events[number::PLAYERS]:
            await producer.send_and_wait(TOPIC, encode(event), key=event.subject.encode())

    begun = time.process_time()
    async with asyncio.TaskGroup() as crowd:
        for number in range(PLAYERS):
            crowd.create_task(bot(number))
    spent = time.process_time() - begun
    await producer.stop()
    return spent


async def _producer(kafka: str, batch_bytes: int) -> AIOKafkaProducer:
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka, acks="all", enable_idempotence=True, linger_ms=LINGER_MS, max_batch_size=batch_bytes
    )
    await producer.start()
    await producer.send_and_wait(TOPIC, b"{}", key=b"warm")
    return producer


PEERS: Final[dict[str, Callable[[str, list[Event]], Awaitable[float]]]] = {
    "emitter": with_emitter,
    "send": with_send,
    "coroutines": with_coroutines,
    "send, our batch size": partial(with_send, batch_bytes=BATCH_BYTES),
    "coroutines, our batch size": partial(with_coroutines, batch_bytes=BATCH_BYTES),
}


@contextmanager
def a_broker(given: str | None) -> Iterator[str]:
    """The broker that was named, or one for the time being."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        broker = local.prepare(Path(folder), health.any_free_port(), health.any_free_port())
        process = subprocess.Popen(
            broker.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        try:
            health.wait_until(lambda: health.answers(broker.port), within_s=local.STARTS_WITHIN_S)
            asyncio.run(create_topics(broker.address))
            yield broker.address
        finally:
            process.terminate()
            process.wait()


def one(peer: str, kafka: str, events: int) -> float:
    """Microseconds of CPU per event, in a process of its own."""
    command = [sys.executable, __file__, "--one", peer, "--kafka", kafka, "--events", str(events)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Run the peers in turns and print what they cost."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--kafka")
    asked.add_argument("--events", type=int, default=60_000)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--one", choices=list(PEERS), help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one is not None:
        uvloop.install()
        spent = asyncio.run(PEERS[given.one](given.kafka, crowd_events(given.events)))
        print(spent / given.events * 1e6)
        return
    costs: dict[str, list[float]] = {peer: [] for peer in PEERS}
    with a_broker(given.kafka) as kafka:
        for _ in range(given.runs):
            for peer, found in costs.items():
                found.append(one(peer, kafka, given.events))
    median = {peer: statistics.median(found) for peer, found in costs.items()}
    answer = {
        "question": "CPU microseconds of the client per event, encoding included",
        "us_per_event": {peer: round(cost, 2) for peer, cost in median.items()},
        "every_run": {peer: [round(cost, 2) for cost in found] for peer, found in costs.items()},
        "times_cheaper_than": {peer: round(median[peer] / median["emitter"], 1) for peer in PEERS if peer != "emitter"},
        "reach": {"send": 3, "coroutines": 15},
        "events": given.events,
        "bytes_per_event": round(sum(len(encode(event)) for event in crowd_events(100)) / 100),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main()
