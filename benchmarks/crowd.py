"""How many real-time bots one core carries.

    python benchmarks/crowd.py                 events go nowhere: the games, the minds and the schedule alone
    python benchmarks/crowd.py 127.0.0.1:9092  and once more with the real emitter, to that Kafka

A crowd is carried when fewer than 1 % of its ticks (30 a second for every bot) begin more than 10 ms late. The crowd
grows by a quarter until one is not; the answer is the largest that was, with its CPU time for each bot's tick. A fleet
is one thread, so it is never given more than one core; whatever else runs on the machine takes its share first.
"""

import asyncio
import gc
import os
import sys
import time
from datetime import UTC, datetime
from typing import Final

import msgspec
import uvloop
from msgspec import Struct

from bots.fleet import Fleet, Options
from bots.outing import send_out
from bots.report import LATE_SHARE, Tally
from contract.events import Event
from producers.outbox import Outbox

TRIAL_S: Final = 8.0
FIRST: Final = 250
LARGEST: Final = 8000
GROWTH: Final = 1.25
TRIES: Final = 2
"""A crowd that another program disturbed gets a second chance."""


class Trial(Struct, frozen=True):
    """One crowd, once."""

    players: int
    late_share: float
    cpu_us_per_tick: float
    cores: float
    """CPU seconds of this process per second."""
    events_per_s: float


class Nowhere:
    """A shore where events are forgotten."""

    outbox = Outbox()

    def emit(self, event: Event) -> None:
        """Forgets it."""


async def trial(players: int, kafka: str | None) -> Trial:
    """One crowd of so many for some seconds."""
    tally, cpu, began = Tally(), time.process_time(), time.monotonic()
    options = Options(players=players, seconds=TRIAL_S)
    if kafka:
        await send_out(msgspec.structs.replace(options, kafka=kafka), tally)
    else:
        fleet = Fleet(options, Nowhere(), tally, lambda: time.monotonic() - began, datetime.now(UTC))
        await fleet.play(asyncio.Event())
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    return Trial(
        players=players,
        late_share=round(tally.late / tally.ticks, 4),
        cpu_us_per_tick=round(cpu / tally.ticks * 1e6, 2),
        cores=round(cpu / seconds, 3),
        events_per_s=round(tally.offered / seconds),
    )


def most(kafka: str | None) -> dict[str, object]:
    """The largest crowd that was carried, and every trial on the way there."""
    trials: list[Trial] = []
    players = FIRST
    while players <= LARGEST:
        for _ in range(TRIES):
            gc.collect()
            trials.append(uvloop.run(trial(players, kafka)))
            if trials[-1].late_share < LATE_SHARE:
                break
        else:
            break
        players = round(players * GROWTH / 50) * 50
    carried = [each.players for each in trials if each.late_share < LATE_SHARE]
    return {"carried": max(carried, default=0), "trials": [msgspec.to_builtins(each) for each in trials]}


def main() -> None:
    """Prints the answer as JSON."""
    answer: dict[str, object] = {"cores": os.cpu_count(), "load_before": os.getloadavg()[0], "nowhere": most(None)}
    if len(sys.argv) > 1:
        answer["kafka"] = most(sys.argv[1])
    print(msgspec.json.format(msgspec.json.encode(answer)).decode())


if __name__ == "__main__":
    main()
