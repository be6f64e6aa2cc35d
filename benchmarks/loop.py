"""How long the loop takes: an event is emitted, Kafka carries it, Faust folds it, the API decides, the game hears.

Measured where there is one clock: the process that emitted the event subtracts when the goal that names it as its cause
arrives. Two settings, each on the whole running stack: one person beside 50 bots, and 200 bots, every process with
linger 0. In the same run, on the same broker, a message takes two bare hops (produce, consume, produce, consume,
nothing decided): the floor under any loop made of two topics. Prints JSON; the aim is p50 6 ms and p99 25 ms.

    python benchmarks/loop.py [--seconds 60]      with the stack that WHITEWATER_HOME holds, or one for the time being

With `--json [FILE]` the figures are kept as well.
"""

import argparse
import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.answer import answer, options, spread
from benchmarks.watched import a_stack
from bots.fleet import Fleet, Options
from bots.report import Tally
from contract.adaptations import AdaptationDecided
from contract.events import Event
from contract.topics import DAY_MS, Topic
from game_client.follow import follow
from infra.local import stack as stacks
from infra.topics import create_topics
from producers.emitter import Emitter
from producers.kafka import kafka_emitter
from producers.outbox import Outbox

WARM_S: Final = 5.0
"""Arrivals and first goals are not counted."""
HOPS_PER_S: Final = 50
HOPS: Final = tuple(
    Topic(f"bare-hop-{number}-{os.getpid()}", 8, "delete", DAY_MS, "A benchmark's; deleted after it.")
    for number in (1, 2)
)


class Timed:
    """An emitter that remembers when it was given what."""

    def __init__(self, emitter: Emitter) -> None:
        self._emitter = emitter
        self.given: dict[tuple[str, int], float] = {}

    @property
    def outbox(self) -> Outbox:
        """The emitter's."""
        return self._emitter.outbox

    def emit(self, event: Event) -> None:
        """Note the time, then emit."""
        self.given[event.sessionid, event.sequence] = time.perf_counter()
        self._emitter.emit(event)


async def play(kafka: str, river: str, players: int, seconds: float) -> list[float]:
    """Milliseconds from `emit` to the goal it caused, for every goal that came after the warm-up."""
    found: list[float] = []
    began = time.monotonic()
    async with kafka_emitter(kafka, spool=None, linger_ms=0) as emitter:
        shore = Timed(emitter)
        fleet = Fleet(
            Options(players=players, seconds=seconds),
            shore,
            Tally(),
            lambda: time.monotonic() - began,
            datetime.now(UTC),
        )

        def heard(decided: AdaptationDecided) -> None:
            cause = decided.data.cause
            given = shore.given.pop((cause.session, cause.sequence), None)
            if given is not None and time.monotonic() - began > WARM_S:
                found.append((time.perf_counter() - given) * 1000)
            fleet.heard(decided)

        following = [asyncio.create_task(follow(river, each, heard)) for each in fleet.followings]
        await fleet.play(asyncio.Event())
        for task in following:
            task.cancel()
        await asyncio.wait(following)
    return found


def _since(value: bytes) -> float:
    return (time.perf_counter() - float(value)) * 1000


async def hops(kafka: str, seconds: float) -> list[float]:
    """Milliseconds for two bare hops."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it has much to say about topics a second old
    await create_topics(kafka, HOPS)
    first, second = (topic.name for topic in HOPS)
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    relay, end = (AIOKafkaConsumer(name, bootstrap_servers=kafka) for name in (first, second))
    for part in (producer, relay, end):
        await part.start()
    found: list[float] = []
    deadline = time.monotonic() + seconds

    async def pass_on() -> None:
        async for record in relay:
            await producer.send(second, record.value, key=record.key)

    async def arrive() -> None:
        async for record in end:
            found.append(_since(record.value))  # noqa: PERF401 - cancelled, a comprehension would lose all

    tasks = [asyncio.create_task(pass_on()), asyncio.create_task(arrive())]
    number = 0
    while time.monotonic() < deadline:
        number += 1
        await producer.send(first, str(time.perf_counter()).encode(), key=str(number).encode())
        await asyncio.sleep(1 / HOPS_PER_S)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for part in (producer, relay, end):
        await part.stop()
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.delete_topics([first, second])
    await admin.close()
    return found[HOPS_PER_S:]


def together(stack: stacks.Stack, seconds: float, *parts: tuple[str, int]) -> dict[str, list[float]]:
    """Every part in a process of its own, all at once: its name and players; no players: the bare hops."""
    doors = httpx.get(f"{stack.api}/v1/doors").raise_for_status().json()
    running = {}
    for name, players in parts:
        one = [str(players), doors["kafka"], doors["river"], str(seconds)]
        running[name] = subprocess.Popen([sys.executable, __file__, "--one", *one], stdout=subprocess.PIPE)
    return {name: json.loads(process.communicate()[0]) for name, process in running.items()}


def setting(stack: stacks.Stack, seconds: float, *parts: tuple[str, int]) -> dict[str, object]:
    """One setting beside bare hops, which the last of its parts is held against."""
    found = together(stack, seconds, *parts, ("two bare hops", 0))
    told: dict[str, object] = {name: spread(times) for name, times in found.items()}
    own, bare = spread(found[parts[-1][0]]), spread(found["two bare hops"])
    if own["n"] and bare["n"]:
        told["p50 against two bare hops"] = round(own["p50"] / bare["p50"], 2)
    return told


def main() -> None:
    """Run both settings and print what the loop took."""
    asked = options(__doc__)
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one is not None:
        players, kafka, river, seconds = given.one
        uvloop.install()
        part = play(kafka, river, int(players), float(seconds)) if int(players) else None
        print(json.dumps(asyncio.run(part or hops(kafka, float(seconds)))))
        return
    with a_stack(home=os.environ.get("WHITEWATER_HOME")) as (stack, _):
        figures = {
            "question": "milliseconds from emit to the goal it caused",
            "one person and 50 bots": setting(stack, given.seconds, ("person", 1), ("50 bots", 50)),
            "200 bots": setting(stack, given.seconds, ("200 bots", 200)),
            "reach": {"p50": 6, "p99": 25, "p50 against two bare hops": 2.5},
        }
    answer(figures, given.json)


if __name__ == "__main__":
    main()
