"""What more workers bring, and how long beliefs pause when one joins, leaves or is killed.

    python benchmarks/workers.py [--events 200000] [--turns 3] [--quick] [--json [FILE]]

First 1, 2 and 4 workers, each in a process of its own with its share of the 8 partitions, drain the same backlog: the
workers have their shares of an empty topic and are halted, the backlog is written, and all are let go at once. Then one
worker folds a steady 3,000 events a second of 1,000 players while a second one joins, leaves when asked to, joins again
and is killed. A pause is the longest time in which one partition, which has some 375 events a second, told no belief.

On a machine of 2 cores, 4 workers and their broker share 2 cores, so events a second in all say nothing about 4
workers; CPU per event is the figure that carries over to a larger one.
"""

import asyncio
import os
import signal
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.answer import RUNS, a_broker, answer, options
from benchmarks.chorus import Voice, backlog, in_turn, recorded, singers
from benchmarks.concert import Sung, perform, pour
from benchmarks.watched import Worker, workers
from contract.topics import ENGAGEMENT_SIGNALS, PLAYER_EVENTS
from infra.local.health import wait_until

COUNTS: Final = (1, 2, 4)
PLAYERS: Final = 1_000
PER_S: Final = 3_000.0
HALT_S: Final = 4.5
"""A worker that is halted longer is given up by the broker, which waits 6 s for a heartbeat that comes every 2 s."""
READY_S: Final = 60.0
BETWEEN_S: Final = 8.0
"""Between two changes: longer than the broker waits for a dead worker."""


def drained(voices: list[Voice], count: int, events: int) -> dict[str, float]:
    """One backlog, drained by so many workers."""
    share = PLAYER_EVENTS.partitions // count
    parcels = list(backlog(singers(voices, PLAYERS), events, "drain"))
    with a_broker() as kafka, workers(kafka, count) as team:
        if not wait_until(lambda: all(worker.folds(share) for worker in team), within_s=READY_S):
            sys.exit(f"{count} workers did not get their shares within {READY_S:.0f} s.")
        halted: list[float] = []

        def halt() -> None:
            halted.append(time.monotonic())
            for worker in team:
                worker.process.send_signal(signal.SIGSTOP)

        uvloop.run(pour(kafka, parcels, halt))
        halted_s = time.monotonic() - halted[0]
        if halted_s > HALT_S:
            sys.exit(f"Writing the backlog took {halted_s:.1f} s, too long to halt workers: give fewer --events.")
        cpu_s, began = sum(worker.cpu_s for worker in team), time.monotonic()
        for worker in team:
            worker.process.send_signal(signal.SIGCONT)
        done = wait_until(lambda: sum(worker.folded for worker in team) >= events, within_s=READY_S)
        took, cpu_s = time.monotonic() - began, sum(worker.cpu_s for worker in team) - cpu_s
        if not done:
            sys.exit(f"{count} workers did not fold {events} events within {READY_S:.0f} s.")
        return {"events_per_s": events / took, "us_cpu_per_event": cpu_s / events * 1e6, "halted_s": halted_s}


class Pauses:
    """Listens to beliefs; by partition, the longest time without one since it was last asked."""

    def __init__(self) -> None:
        self._last: dict[TopicPartition, float] = {}
        self._longest_s = 0.0

    async def listen(self, kafka: str) -> None:
        """Until cancelled."""
        async with AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="latest") as consumer:
            name = ENGAGEMENT_SIGNALS.name
            consumer.assign([TopicPartition(name, number) for number in range(ENGAGEMENT_SIGNALS.partitions)])
            while True:
                for partition in await consumer.getmany(timeout_ms=200):
                    now = time.monotonic()
                    self._longest_s = max(self._longest_s, now - self._last.get(partition, now))
                    self._last[partition] = now

    def longest_s(self) -> float:
        """And forget it."""
        longest, self._longest_s = self._longest_s, 0.0
        return round(longest, 3)


async def seconds_until(fact: Callable[[], bool]) -> float:
    """How long until a fact about a worker holds; asked ten times a second."""
    began = time.monotonic()
    while not await asyncio.to_thread(fact):
        if time.monotonic() - began > READY_S:
            sys.exit(f"A worker was not there within {READY_S:.0f} s.")
        await asyncio.sleep(0.1)
    return round(time.monotonic() - began, 2)


async def changing(kafka: str, team: list[Worker], pauses: Pauses) -> dict[str, object]:
    """A second worker comes and goes while the first one folds."""
    half = PLAYER_EVENTS.partitions // 2

    async def join() -> dict[str, float]:
        team.append(Worker(kafka))
        ready_s = await seconds_until(lambda: team[-1].folds(half))
        folds_s = round(ready_s + await seconds_until(lambda: bool(team[-1].folded)), 2)
        await asyncio.sleep(BETWEEN_S)
        return {"ready_s": ready_s, "folds_s": folds_s, "pause_s": pauses.longest_s()}

    async def part(word: signal.Signals) -> dict[str, float]:
        leaving = team.pop()
        leaving.process.send_signal(word)
        alone_s = await seconds_until(lambda: team[0].folds(2 * half))
        await asyncio.to_thread(leaving.process.wait)
        await asyncio.sleep(BETWEEN_S)
        return {"taken_over_s": alone_s, "pause_s": pauses.longest_s()}

    await asyncio.sleep(BETWEEN_S)
    told: dict[str, object] = {"none": {"pause_s": pauses.longest_s()}}
    changes: list[tuple[str, Callable[[], Awaitable[dict[str, float]]]]] = [
        ("joins", join),
        ("leaves", lambda: part(signal.SIGTERM)),
        ("joins again", join),
        ("is killed", lambda: part(signal.SIGKILL)),
    ]
    for name, change in changes:
        told[name] = await change()
    return told


async def under_load(kafka: str, voices: list[Voice], team: list[Worker]) -> dict[str, object]:
    """The changes, under a steady load, and what the load was."""
    await seconds_until(lambda: team[0].folds(PLAYER_EVENTS.partitions))
    sung, pauses = Sung(), Pauses()
    crowd = singers(voices, PLAYERS)
    listening = asyncio.create_task(pauses.listen(kafka))
    performing = asyncio.create_task(perform(kafka, in_turn(crowd, PER_S, "steady"), 3_600.0, sung))
    try:
        told = await changing(kafka, team, pauses)
    finally:
        sung.over = True
        listening.cancel()
        await asyncio.wait((listening, performing))
    return {**told, "events_per_s": round(PER_S), "late_share": round(sung.late_share, 4)}


def main() -> None:
    """Print the figures, and write them to a file where one is named."""
    asked = options(__doc__)
    asked.add_argument("--events", type=int, default=200_000)
    asked.add_argument("--turns", type=int, default=3, help="medians of so many turns")
    asked.add_argument("--quick", action="store_true", help="one turn of half the events: to see it work, not to quote")
    given = asked.parse_args()
    events, turns = (given.events // 2, 1) if given.quick else (given.events, given.turns)
    voices = recorded()
    runs = [{count: drained(voices, count, events) for count in COUNTS} for _ in range(turns)]
    with a_broker() as kafka, workers(kafka, 1) as team:
        change = uvloop.run(under_load(kafka, voices, team))
    cores = os.cpu_count() or 1
    figures = {
        "question": "what more workers bring, and what joining and leaving costs",
        **{
            f"{count} worker{'s' * (count > 1)}": {
                figure: round(statistics.median(run[count][figure] for run in runs), digits)
                for figure, digits in (("events_per_s", 0), ("us_cpu_per_event", 2))
            }
            for count in COUNTS
        },
        "a second worker": change,
        "mind": f"{max(COUNTS)} workers and their broker share {cores} cores: CPU per event is what carries over",
        "events": events,
        "players": PLAYERS,
        RUNS: runs,
    }
    answer(figures, given.json)


if __name__ == "__main__":
    main()
