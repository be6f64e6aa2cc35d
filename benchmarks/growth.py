"""What becomes dearer as players grow from 1,000 to 100,000, with the same number of events a second in all.

    python benchmarks/growth.py [--per-second 4000] [--seconds 15] [--quick] [--json [FILE]]

For each size a new stack. Everybody is met (three events each), then the same rate is spread over all players, one
event each in turn, and counted over 15 s: CPU per event of each part, snapshots and their bytes, beliefs. The more
players share the events, the fewer events of one player fall into one snapshot and one belief, until each event costs
one of both: that is what grows, not the fold. Then the resident memory, the size of the changelog on disk and of its
newest values, which is what compaction leaves, and the time from kill -9 of the worker until the one started in its
place is ready with all 8 partitions, the broker's 6 s of waiting for the dead one included.

Memory per player is the slope from the smallest to the largest size.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition
from msgspec import Struct, to_builtins

from benchmarks.answer import answer, options
from benchmarks.chorus import Singer, Voice, backlog, in_turn, recorded, singers
from benchmarks.concert import Sung, perform, pour
from benchmarks.watched import Usage, a_stack, lags, less, metrics, says
from contract.topics import PLAYER_EVENTS
from infra.local import stack as stacks
from infra.local.health import wait_until
from processors.state import CHANGELOG

SIZES: Final = (1_000, 10_000, 100_000)
MET: Final = 3
DRAINED_S: Final = 120.0
RECOVERED_S: Final = 300.0
PARTITIONS: Final = [TopicPartition(CHANGELOG, number) for number in range(PLAYER_EVENTS.partitions)]


class Grown(Struct, frozen=True, kw_only=True):
    """What so many players took."""

    players: int
    events_per_s: float
    us_cpu_per_event: dict[str, float]
    """By part; the worker's is the fold and all around it."""
    us_cpu_per_belief: dict[str, float]
    """Of those that work on beliefs."""
    beliefs_per_event: float
    snapshots_per_event: float
    snapshot_bytes_per_event: float
    state_bytes_per_player: float
    """A player's newest value in the changelog."""
    changelog_mb: float
    """Of values, after a perfect compaction."""
    changelog_records: int
    """What a worker reads to recover: every value that the broker has not compacted away."""
    changelog_disk_mb: float
    """On disk when the load ended; the broker compacts when a segment is a minute old."""
    memory_mb: dict[str, float]
    recovery_s: float
    recovery_cpu_s: float
    """Of the new worker until it was ready, its start included."""


class Written(Struct, frozen=True):
    """What is in the changelog."""

    since_bytes: int
    """Of values that were written since some offsets."""
    newest_bytes: int
    """Of the newest value per player."""
    players: int
    records: int


async def written(kafka: str, since: Mapping[TopicPartition, int]) -> Written:
    """Read the changelog through."""
    newest: dict[bytes, int] = {}
    since_bytes = records_read = 0
    async with AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest") as consumer:
        consumer.assign(PARTITIONS)
        ends = await consumer.end_offsets(PARTITIONS)
        await consumer.seek_to_beginning(*PARTITIONS)
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for place, records in (await consumer.getmany(timeout_ms=500)).items():
                records_read += len(records)
                newest.update((record.key, len(record.value)) for record in records)
                since_bytes += sum(len(record.value) for record in records if record.offset >= since[place])
    return Written(since_bytes, sum(newest.values()), len(newest), records_read)


async def ends_of(kafka: str) -> dict[TopicPartition, int]:
    """Where the changelog ends now."""
    async with AIOKafkaConsumer(bootstrap_servers=kafka) as consumer:
        ends: dict[TopicPartition, int] = await consumer.end_offsets(PARTITIONS)
        return ends


async def loaded(
    stack: stacks.Stack, home: Path, crowd: list[Singer], per_s: float, seconds: float
) -> dict[str, object]:
    """Everybody is met, then the load: all figures but the recovery."""
    usage, port = Usage(stack.pids), stack.workers["worker"]
    async with lags(stack.kafka) as lag:
        await pour(stack.kafka, list(backlog(crowd, MET * len(crowd), "met")))
        await lag.gone(DRAINED_S)
        since = await ends_of(stack.kafka)
        before, cpu, sung = await asyncio.to_thread(metrics, port), usage.cpu_s(), Sung()
        await perform(stack.kafka, in_turn(crowd, per_s, "load"), seconds, sung)
        await lag.gone(DRAINED_S)
        spent, counted = less(usage.cpu_s(), cpu), less(await asyncio.to_thread(metrics, port), before)
    disk = sum(file.stat().st_size for file in (home / "kafka" / "log").glob(f"{CHANGELOG}-*/*.log"))
    changelog = await written(stack.kafka, since)
    events = counted["whitewater_worker_events_folded"]
    beliefs = counted["whitewater_worker_beliefs_told"]
    return {
        "players": changelog.players,
        "events_per_s": round(events / seconds, 1),
        "us_cpu_per_event": {part: round(cpu_s / events * 1e6, 2) for part, cpu_s in spent.items()},
        "us_cpu_per_belief": {part: round(spent[part] / beliefs * 1e6, 2) for part in ("api", "redis")},
        "beliefs_per_event": round(beliefs / events, 3),
        "snapshots_per_event": round(counted["whitewater_worker_snapshots"] / events, 3),
        "snapshot_bytes_per_event": round(changelog.since_bytes / events, 1),
        "state_bytes_per_player": round(changelog.newest_bytes / changelog.players, 1),
        "changelog_mb": round(changelog.newest_bytes / 1e6, 1),
        "changelog_records": changelog.records,
        "changelog_disk_mb": round(disk / 1e6, 1),
        "memory_mb": {part: round(mb, 1) for part, mb in usage.memory_mb().items()},
    }


def recovered(home: Path) -> tuple[float, float]:
    """Seconds from kill -9 of the worker until the next one has everything, and the CPU seconds of that one."""
    stack = stacks.read(home)
    if stack is None:
        sys.exit("The stack is gone: its log is on the screen above.")
    old, port = stack.pids["worker"], stack.workers["worker"]
    began = time.monotonic()
    os.kill(old, signal.SIGKILL)

    def whole() -> bool:
        said = says(port)
        return bool(said) and bool(said["ready"]) and len(said["partitions"]) == PLAYER_EVENTS.partitions

    wait_until(lambda: not says(port), within_s=10)
    if not wait_until(whole, within_s=RECOVERED_S):
        sys.exit(f"The worker was not back within {RECOVERED_S:.0f} s.")
    took, again = time.monotonic() - began, stacks.read(home)
    if again is None:
        sys.exit("The stack gave up while the worker was starting again.")
    return round(took, 2), round(Usage({"worker": again.pids["worker"]}).cpu_s()["worker"], 2)


def grown(voices: Sequence[Voice], players: int, per_s: float, seconds: float) -> Grown:
    """One size, on a stack of its own."""
    with a_stack() as (stack, home):
        found = uvloop.run(loaded(stack, home, singers(voices, players), per_s, seconds))
        recovery_s, recovery_cpu_s = recovered(home)
    return Grown(**found, recovery_s=recovery_s, recovery_cpu_s=recovery_cpu_s)  # type: ignore[arg-type]  # by name


def slope(small: Grown, large: Grown) -> dict[str, object]:
    """What a player adds, from the smallest to the largest size."""
    more = large.players - small.players
    return {
        "memory_kb_per_player": {
            part: round((mb - small.memory_mb[part]) / more * 1e3, 2) for part, mb in large.memory_mb.items()
        },
        "recovery_s_per_100_000_players": round((large.recovery_s - small.recovery_s) / more * 1e5, 2),
        "worker_us_per_event_times": round(large.us_cpu_per_event["worker"] / small.us_cpu_per_event["worker"], 2),
    }


def main() -> None:
    """Print the figures, and write them to a file where one is named."""
    asked = options(__doc__)
    asked.add_argument("--per-second", type=float, default=4_000.0)
    asked.add_argument("--seconds", type=float, default=15.0)
    asked.add_argument("--quick", action="store_true", help="up to 10,000 players, 5 s each: to see it work")
    given = asked.parse_args()
    sizes, seconds = (SIZES[:2], 5.0) if given.quick else (SIZES, given.seconds)
    voices, sizes_found = recorded(), list[Grown]()
    for players in sizes:
        sizes_found.append(grown(voices, players, given.per_second, seconds))
        print(sizes_found[-1], file=sys.stderr)
    figures = {
        "question": f"what grows with players at {given.per_second:.0f} events a second in all",
        "sizes": to_builtins(sizes_found),
        "a_player_more": slope(sizes_found[0], sizes_found[-1]),
        "times_dearer_by_step": [
            round(then.us_cpu_per_event["worker"] / before.us_cpu_per_event["worker"], 2)
            for before, then in pairwise(sizes_found)
        ],
        "seconds": seconds,
    }
    answer(figures, given.json)


if __name__ == "__main__":
    main()
