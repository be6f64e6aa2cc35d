"""How soon a worker has caught up with a million events that wait, while more keep coming.

    python benchmarks/backlog.py [--waiting 1000000] [--rate 10000] [--players 2000] [--stack] [--json [FILE]]

The question of the OpenMessaging benchmark. `--rate` is what 2,000 bots that really play make in a second; it arrives
from a process of its own while the worker drains, and goes on afterwards. Caught up is a worker that owes no more than
a quarter of a second of what arrives. Then, for ten seconds, the latency of what is believed: from the time in an event
to when the belief that it caused is read from its topic, by this process, on this machine's one clock.

Alone the worker is `python -m processors`, before it a broker and behind it nobody. With `--stack` it is that of a
whole stack, which is stopped while the events come, killed, and started again by its supervisor; behind it the API
reads what is believed, and its own lag is told as well.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec
import uvloop
from aiokafka import AIOKafkaConsumer
from msgspec import Struct

from benchmarks.answer import a_broker, answer, options, spread
from benchmarks.arrivals import arrive, fill
from benchmarks.watched import Lags, a_stack, lags, says, workers
from contract.topics import ENGAGEMENT_SIGNALS

NEARLY_S: Final = 0.25
SETTLED_S: Final = 2.0
HEARD_S: Final = 10.0
LOOK_S: Final = 0.05
GIVEN_UP_S: Final = 300.0


class Told(Struct, frozen=True):
    """What is read of a belief here."""

    causetime: datetime


class Drained(Struct, frozen=True):
    """A backlog that is gone."""

    events: int
    """Folded between the two: what waited and what came meanwhile."""
    from_start_s: float
    from_first_event_s: float


async def hear(kafka: str, heard: list[tuple[float, float]]) -> None:
    """Note when each belief came, and how many milliseconds after its cause, until cancelled."""
    read = msgspec.json.Decoder(Told).decode
    async with AIOKafkaConsumer(ENGAGEMENT_SIGNALS.name, bootstrap_servers=kafka) as consumer:
        while True:
            found = await consumer.getmany(timeout_ms=200)
            now, at_s = datetime.now(UTC), time.monotonic()
            for records in found.values():
                heard += [(at_s, (now - read(record.value).causetime).total_seconds() * 1000) for record in records]


async def drain(behind: Lags, port: int, waiting: int, rate: float) -> Drained:
    """Wait until the worker at `port` owes nearly nothing of `waiting` events and all that came since."""
    began, first, before = time.monotonic(), 0.0, (await behind.written())["worker"] - waiting
    while time.monotonic() - began < GIVEN_UP_S:
        said = await asyncio.to_thread(says, port)
        folded = said.get("folded", 0) + said.get("repeated", 0) + said.get("failed", 0)
        first = first or (time.monotonic() if folded else 0.0)
        if folded and (await behind.written())["worker"] - before - folded <= rate * NEARLY_S:
            now = time.monotonic()
            return Drained(folded, now - began, now - first)
        await asyncio.sleep(LOOK_S)
    sys.exit(f"The worker had not caught up after {GIVEN_UP_S:.0f} s: {rate:,.0f} events a second are too many for it.")


async def watch(kafka: str, port: int, given: argparse.Namespace) -> dict[str, object]:
    """From the moment the worker starts until it has told for ten seconds what it believes of the present."""
    heard: list[tuple[float, float]] = []
    async with lags(kafka) as behind:
        listening = asyncio.create_task(hear(kafka, heard))
        drained = await drain(behind, port, given.waiting, given.rate)
        of_api = {"api_is_behind_by": (await behind.now())["api"]} if given.stack else {}
        since = time.monotonic() + SETTLED_S
        await asyncio.sleep(SETTLED_S + HEARD_S)
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        of_api |= {"api_is_behind_12_s_later_by": (await behind.now())["api"]} if given.stack else {}
    per_s = drained.events / drained.from_first_event_s
    return {
        "drained_s": round(drained.from_first_event_s, 1),
        "drained_s_from_the_start_of_the_worker": round(drained.from_start_s, 1),
        "events_per_s": round(per_s),
        "times_the_arrival_rate": round(per_s / given.rate, 1),
        "belief_ms_after_it_caught_up": spread([ms for at_s, ms in heard if at_s > since]),
        **of_api,
    }


@contextmanager
def a_crowd(kafka: str, given: argparse.Namespace) -> Iterator[None]:
    """A process from which events keep coming."""
    words = ["--arrive-at", kafka, "--rate", str(given.rate), "--players", str(given.players)]
    crowd = subprocess.Popen([sys.executable, __file__, *words])
    try:
        yield
    finally:
        crowd.kill()
        crowd.wait()


def alone(given: argparse.Namespace) -> dict[str, object]:
    """A worker with nobody behind it."""
    with a_broker() as kafka:
        asyncio.run(fill(kafka, given.waiting, given.players))
        with a_crowd(kafka, given), workers(kafka, 1) as (worker,):
            figures = uvloop.run(watch(kafka, worker.port, given))
            return figures | {"worker_cpu_s": round(worker.cpu_s, 1)}


def in_a_stack(given: argparse.Namespace) -> dict[str, object]:
    """A stack whose worker was away."""
    with a_stack() as (stack, _):
        (name,) = (name for name in stack.pids if name.startswith("worker"))
        os.kill(stack.pids[name], signal.SIGSTOP)
        asyncio.run(fill(stack.kafka, given.waiting, given.players))
        with a_crowd(stack.kafka, given):
            os.kill(stack.pids[name], signal.SIGKILL)
            return uvloop.run(watch(stack.kafka, stack.workers[name], given))


def main() -> None:
    """Print the figures, and keep them where that is asked."""
    asked = options(__doc__)
    asked.add_argument("--waiting", type=int, default=1_000_000)
    asked.add_argument("--rate", type=float, default=10_000.0, help="events a second that arrive meanwhile")
    asked.add_argument("--players", type=int, default=2_000)
    asked.add_argument("--stack", action="store_true", help="the worker of a whole stack, the API behind it")
    asked.add_argument("--arrive-at", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.arrive_at:
        uvloop.run(arrive(given.arrive_at, given.rate, given.players, float("inf")))
        return
    question = f"how soon {given.waiting:,} events are drained while {given.rate:,.0f} a second keep coming"
    found = in_a_stack(given) if given.stack else alone(given)
    answer({"question": question, **found, "players": given.players, "stack": given.stack}, given.json)


if __name__ == "__main__":
    main()
