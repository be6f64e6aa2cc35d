"""What one event costs on its way to Kafka: our emitter, aiokafka's `send`, a coroutine per bot.

    python benchmarks/produce.py [--kafka HOST:PORT] [--events 60000] [--turns 3] [--json [FILE]]

One broker (its own if none is given), the same events of 2,000 players, acks=all, idempotent, linger 10 ms, uvloop;
each contender in a fresh process, in turns. The figure is CPU time of the client, every thread, from the first event to
the last acknowledgement, encoding included. The peers run as everybody writes them (aiokafka's batches of 16 KiB), and
once more with our batch size, so that nobody need wonder what a tuned peer would do.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import uvloop
from aiokafka import AIOKafkaProducer

from benchmarks.answer import Figures, Spent, a_broker, answer, in_turns, medians, options
from contract.codec import encode
from contract.events import EVENT_OF, Event, RockHit, StrokeMade
from contract.topics import PLAYER_EVENTS
from producers.kafka import BATCH_BYTES, kafka_emitter

OURS: Final = "emitter"
SEND: Final = "send"
COROUTINES: Final = "a coroutine per bot"
REACH: Final = {SEND: 3, COROUTINES: 15}

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
        EVENT_OF[type(fact := facts[place % len(facts)])](  # type: ignore[call-arg] # as in game_client/journal.py
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


async def with_emitter(kafka: str, events: list[Event]) -> Figures:
    """Our emitter."""
    async with kafka_emitter(kafka, spool=None, linger_ms=LINGER_MS) as emitter:
        emitter.emit(crowd_events(1)[0])
        await _until(lambda: not emitter.outbox.held)
        spent = Spent()
        for start in range(0, len(events), BURST):
            for event in events[start : start + BURST]:
                emitter.emit(event)
            await asyncio.sleep(0)
            await _until(lambda: emitter.outbox.waiting < WAITING)
        await _until(lambda: not emitter.outbox.held)
        figures = spent.over(len(events))
        if emitter.account.events <= len(events):
            raise AssertionError
    return figures


async def _until(fact: Callable[[], bool]) -> None:
    while not fact():  # noqa: ASYNC110 - the price of an Event in `emit` would be part of the figure
        await asyncio.sleep(0.002)


async def with_send(kafka: str, events: list[Event], batch_bytes: int = THEIR_BATCH_BYTES) -> Figures:
    """A plain loop over `send`, all answers awaited at the end."""
    producer = await _producer(kafka, batch_bytes)
    spent = Spent()
    answers = [await producer.send(TOPIC, encode(event), key=event.subject.encode()) for event in events]
    await asyncio.gather(*answers)
    figures = spent.over(len(events))
    await producer.stop()
    return figures


async def with_coroutines(kafka: str, events: list[Event], batch_bytes: int = THEIR_BATCH_BYTES) -> Figures:
    """A coroutine per bot, each awaiting `send_and_wait`."""
    producer = await _producer(kafka, batch_bytes)

    async def bot(number: int) -> None:
        for event in events[number::PLAYERS]:
            await producer.send_and_wait(TOPIC, encode(event), key=event.subject.encode())

    spent = Spent()
    async with asyncio.TaskGroup() as crowd:
        for number in range(PLAYERS):
            crowd.create_task(bot(number))
    figures = spent.over(len(events))
    await producer.stop()
    return figures


async def _producer(kafka: str, batch_bytes: int) -> AIOKafkaProducer:
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka, acks="all", enable_idempotence=True, linger_ms=LINGER_MS, max_batch_size=batch_bytes
    )
    await producer.start()
    await producer.send_and_wait(TOPIC, b"{}", key=b"warm")
    return producer


CONTENDERS: Final[dict[str, Callable[[str, list[Event]], Awaitable[Figures]]]] = {
    OURS: with_emitter,
    SEND: with_send,
    COROUTINES: with_coroutines,
    "send, our batch size": partial(with_send, batch_bytes=BATCH_BYTES),
    "a coroutine per bot, our batch size": partial(with_coroutines, batch_bytes=BATCH_BYTES),
}


async def contend(contender: str, kafka: str, number: int) -> Figures:
    """What one contender finds."""
    return await CONTENDERS[contender](kafka, crowd_events(number))


def compare(kafka: str, events: int, turns: int) -> dict[str, object]:
    """All contenders in turns: medians, and how many times cheaper ours is."""
    found = in_turns(__file__, list(CONTENDERS), turns, "--kafka", kafka, "--events", events)
    cost, rate = medians(found, "us_per_event"), medians(found, "events_per_s")
    return {
        "us_per_event": {contender: round(each, 2) for contender, each in cost.items()},
        "events_per_s": {contender: round(each) for contender, each in rate.items()},
        "times_cheaper_than": {peer: round(cost[peer] / cost[OURS], 1) for peer in CONTENDERS if peer != OURS},
        "reach": REACH,
        "events": events,
        "bytes_per_event": round(sum(len(encode(event)) for event in crowd_events(100)) / 100),
        "turns": turns,
        "runs": found,
    }


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    asked = options(__doc__, contenders=CONTENDERS)
    asked.add_argument("--events", type=int, default=60_000)
    given = asked.parse_args()
    if given.contend:
        uvloop.install()
        print(json.dumps(asyncio.run(contend(given.contend, given.kafka, given.events))))
        return
    with a_broker(given.kafka) as kafka:
        answer(compare(kafka, given.events, given.turns), given.json)


if __name__ == "__main__":
    main()
