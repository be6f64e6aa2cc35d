"""How many real-time players one process carries: bots that really play, thirty steps a second each, on one core.

    python benchmarks/crowd.py [--quick] [--kafka HOST:PORT] [--turns 3] [--json [FILE]]

`nowhere`: events are stamped and forgotten, so it is the games, the minds and the schedule alone. `kafka`: the whole
outing with its emitter, acknowledged by a broker. A crowd is carried when fewer than 1 % of its starts are more than
10 ms late. A small crowd says what a step costs; from where that points, crowds grow by an eighth, or are halved in
between, until one is carried and one an eighth larger is not. A crowd that was disturbed gets a second chance. What is
counted is eight seconds from the tenth on, in which everybody sits: the first ones of a first round cost a sixth less.

Where the system allows it (Linux), the crowd is pinned to the first core and the broker to the others: a fleet is one
thread, but aiokafka's answers and the collector would wander. Elsewhere, and on a single core, nothing is pinned and
`pinned` says so. Six minutes a turn and more; with --quick, one turn of shorter looks: to see it work.
"""

import asyncio
import gc
import json
import math
import os
import sys
import time
from pathlib import Path
from typing import Final

import msgspec
import uvloop
from msgspec import Struct

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.answer import RUNS, Figures, a_broker, answer, in_turns, medians, options
from bots.fleet import Fleet, Options
from bots.outing import begin_soon, send_out
from bots.report import LATE_SHARE, Tally
from bots.schedule import Point
from contract.events import Event
from producers.outbox import Outbox

MODES: Final = ("nowhere", "kafka")
ARRIVED_S: Final = 8.0
SETTLED_S: Final = 10.0
"""Later than the cheap seconds of a first round, in which nothing has come up yet."""
LOOK_S: Final = 8.0
QUICK_S: Final = 1.5
FIRST: Final = 300
GROWTH: Final = 1.125
LARGEST: Final = 20_000
TRIES: Final = 2
HOPED: Final = 0.85
"""Of a core: where the search begins."""
STEPS_PER_S: Final = 30


class Trial(Struct, frozen=True):
    """One crowd, once, while everybody sat."""

    players: int
    late_share: float
    us_per_tick: float
    us_per_event: float
    cores: float
    events_per_s: float

    @property
    def carried(self) -> bool:
        """Whether the crowd kept its time."""
        return self.late_share < LATE_SHARE


class Nowhere:
    """A shore where events are forgotten."""

    outbox = Outbox()

    def emit(self, event: Event) -> None:
        """Forgets it."""


async def trial(players: int, look_s: float, kafka: str | None) -> Trial:
    """One crowd of so many, looked at for so long."""
    tally = Tally()
    end_s = SETTLED_S + look_s + 0.5
    schedule = (Point(0.0, 0), Point(ARRIVED_S, players), Point(end_s, players))
    asked, begun = Options(schedule=schedule, kafka=kafka or ""), begin_soon(players)

    async def look() -> Trial:
        await asyncio.sleep(SETTLED_S - begun.clock())
        cpu_s, wall_s, ticks, late, events = _now(tally)
        await asyncio.sleep(look_s)
        cpu_s, wall_s, ticks, late, events = (
            now - then for now, then in zip(_now(tally), (cpu_s, wall_s, ticks, late, events), strict=True)
        )
        return Trial(
            players, late / ticks, cpu_s / ticks * 1e6, cpu_s / max(events, 1) * 1e6, cpu_s / wall_s, events / wall_s
        )

    looking = asyncio.create_task(look())
    if kafka:
        await send_out(asked, tally, beginning=begun)
    else:
        fleet = Fleet(asked, Nowhere(), tally, begun.clock, begun.wall)
        gc.freeze()
        await fleet.play(asyncio.Event())
    return await looking


def _now(tally: Tally) -> tuple[float, ...]:
    return time.process_time(), time.monotonic(), tally.ticks, tally.late, tally.offered


def search(look_s: float, kafka: str | None) -> Figures:
    """The largest crowd that was carried, and what a step of it cost."""

    def tried(players: int) -> Trial:
        for _ in range(TRIES):
            gc.unfreeze()
            gc.collect()
            found = uvloop.run(trial(players, look_s, kafka))
            if found.carried:
                break
        return found

    best = tried(FIRST)
    if not best.carried:
        return {"carried": 0, **msgspec.structs.asdict(best)}
    high, players = LARGEST, round(HOPED * 1e6 / (STEPS_PER_S * best.us_per_tick))
    while FIRST < players < high:
        found = tried(players)
        if found.carried:
            best = found
        else:
            high = players
        if high <= best.players * GROWTH:
            break
        players = round(best.players * GROWTH if high == LARGEST else math.sqrt(best.players * high))
    return {"carried": best.players, **msgspec.structs.asdict(best)}


def pin(cores: set[int]) -> bool:
    """Keeps this process, and whatever it starts, on these cores; False where that cannot be."""
    if not cores or not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, cores)
    return True


def main() -> None:
    """Prints the answer as JSON."""
    asked = options(__doc__, contenders=MODES)
    asked.add_argument("--quick", action="store_true", help="one turn of short looks: to see it work, not to quote")
    given = asked.parse_args()
    look_s, turns = (QUICK_S, 1) if given.quick else (LOOK_S, given.turns)
    first, *others = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    if given.contend:
        print(json.dumps(search(look_s, given.kafka if given.contend == "kafka" else None)))
        return
    pinned = pin(set(others))
    with a_broker(given.kafka) as kafka:
        if pinned:
            pin({first})
        quick = ["--quick"] if given.quick else []
        found = in_turns(__file__, MODES, turns, "--kafka", kafka, *quick)
    columns = ("carried", "us_per_tick", "us_per_event", "events_per_s", "cores")
    by_mode = {mode: {name: round(medians(found, name)[mode], 2) for name in columns} for mode in MODES}
    answer({**by_mode, "pinned": pinned, "turns": turns, RUNS: found}, given.json)


if __name__ == "__main__":
    main()
