"""What is taken of a million malformed messages over Kafka and 100,000 over HTTP and WebSockets, and who suffers.

    python benchmarks/fuzz.py [--messages 1000000] [--requests 100000] [--per-s 5000] [--asked-per-s 300] [--quick]

The whole stack runs and a chorus (chorus.py) sings to it all the time: the good traffic, open-loop, with one worker
for both. In turns it is alone and has strangers beside it (strangers_apart.py), who say what malformed.py and
strangers.py make of the seed: through Kafka at a steady rate, then to every socket of the API at another one. That one
is a choice, as much as the API hears from one address; eight who ask as fast as they are answered fill two cores. p99
of the loop is that of the chorus, in the windows of each kind together; a window's first second is not counted.

Afterwards everything is read back (kept.py): what was accepted is shown to an independent validator of the published
schemas, what was refused must lie in failed-events to the byte and once, and both together must be what was sent, by
the worker's own count too. Over HTTP a refusal is told in the answer, so the answers are held against the same
validator. Strangers come from several addresses of this machine (127.0.0.2 and so on, which Linux has), because one
address is heard 300 times a second.
"""

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
import uvloop
from msgspec import Struct, to_builtins

from benchmarks.answer import answer, options
from benchmarks.chorus import TICK_S, by_heart, recorded, singers
from benchmarks.concert import Sung, perform
from benchmarks.kept import became_of, ends_of
from benchmarks.stack import CHORUS, Listeners, heard
from benchmarks.strangers_apart import apart, at_kafka, at_the_sockets
from benchmarks.watched import Usage, a_stack, lags, says
from bots.report import Latency
from contract.topics import PLAYER_EVENTS
from infra.local import stack as stacks

TURNS: Final = 4
WARM_S: Final = 1.0
ALONE_S: Final = 20.0
SHORT_S: Final = 5.0
LATE_S: Final = 3.0
"""After a window, for the goals that are late: they belong to it."""
LONG: Final = 500_000
"""From so many messages on, the windows are long."""
DRAINED_S: Final = 600.0
NEVER_OF_KAFKA: Final = ("wrongly_accepted", "unexplained", "altered", "twice", "sound_refused")
NEVER_OF_SOCKETS: Final = ("wrongly_accepted", "failures")
ALWAYS: Final = ("all_taken_up", "adds_up")
HOURS: Final = 6
"""The chorus sings until it is stopped."""


class Given(Struct, frozen=True):
    """What was asked for."""

    messages: int
    requests: int
    per_s: float
    asked_per_s: float
    players: int
    seed: int

    @property
    def alone_s(self) -> float:
        """How long a window of the chorus alone is."""
        return ALONE_S if self.messages >= LONG else SHORT_S


class Beside(Struct):
    """The loop of the chorus in ms: alone, and with strangers beside it."""

    alone: Latency
    beside: Latency

    def told(self) -> dict[str, object]:
        """Both, and the ratio of their p99."""
        alone, beside = self.alone.spread(), self.beside.spread()
        ratio = round(beside.p99 / alone.p99, 2) if alone.p99 and beside.p99 else None
        return {"alone_ms": to_builtins(alone), "beside_ms": to_builtins(beside), "p99_ratio": ratio}


async def in_turns(listeners: Listeners, alone_s: float, strangers: Callable[[], Awaitable[object]]) -> Beside:
    """Alone, then with strangers, and again; each into its own latencies."""
    found = Beside(Latency(), Latency())
    for _ in range(TURNS):
        for loop, meanwhile in ((found.alone, asyncio.sleep), (found.beside, lambda _: strangers())):
            listeners.loop, listeners.since_s, listeners.until_s = loop, time.time() + WARM_S, float("inf")
            await meanwhile(alone_s)
            listeners.until_s = time.time()
            await asyncio.sleep(LATE_S)
    return found


@asynccontextmanager
async def a_chorus(stack: stacks.Stack, players: int) -> AsyncIterator[tuple[Listeners, Sung]]:
    """Good traffic and who hears its goals, while the block runs."""
    run, sung, crowd = f"fuzz-{time.time_ns() // 1_000_000:x}", Sung(), singers(recorded(), players)
    listeners = Listeners(run)
    async with heard(stack.api, [singer.player for singer in crowd], listeners):
        performing = asyncio.create_task(perform(stack.kafka, by_heart(crowd, 5.0, run), HOURS * 3600.0, sung))
        await asyncio.sleep(6.0)
        try:
            yield listeners, sung
        finally:
            sung.over = True
            await performing


def counted(stack: stacks.Stack) -> Counter[str]:
    """What the workers have counted since they started."""
    found = Counter[str]()
    for port in stack.workers.values():
        found.update({name: int(says(port).get(name, 0)) for name in ("folded", "repeated", "failed")})
    return found


async def over_kafka(stack: stacks.Stack, given: Given) -> dict[str, object]:
    """Everything that is found about malformed messages on the topic of players."""
    each, usage = given.messages // TURNS, Usage({**stack.pids, CHORUS: os.getpid()})
    since, before = await ends_of(stack.kafka, PLAYER_EVENTS), counted(stack)
    async with lags(stack.kafka) as lag, apart(at_kafka, stack.kafka, given.seed, given.per_s) as strangers:
        async with a_chorus(stack, given.players) as (listeners, sung):
            began_mb = usage.memory_mb()
            loop = await in_turns(listeners, given.alone_s, lambda: strangers.go_on(each))
            ended_mb = usage.memory_mb()
        drained = await lag.gone(DRAINED_S)
    added = counted(stack)
    added.subtract(before)
    found = await became_of(stack.kafka, since, lambda key: key.startswith(b"c-"))
    return {
        "tried": each * TURNS,
        "per_s": round(each * TURNS / strangers.took_s, 1),
        "good": sung.acked,
        "good_per_s": round(sung.acked / (sung.ticks * TICK_S), 1),
        **{name: figure for name, figure in to_builtins(found).items() if name != "shown"},
        "harmless_accepted": found.accepted - found.wrongly_accepted - sung.acked,
        "failed": found.failed,
        "all_taken_up": drained and found.messages == sung.acked + each * TURNS,
        "worker_counted": added,
        "adds_up": added["folded"] + added["repeated"] == found.accepted and added["failed"] == found.failed,
        "look_at": found.shown,
        "loop": loop.told(),
        "memory_mb": _from_to(began_mb, ended_mb),
    }


async def over_sockets(stack: stacks.Stack, given: Given) -> dict[str, object]:
    """Everything that is found about malformed requests and frames at the API."""
    each, usage = given.requests // TURNS, Usage({**stack.pids, CHORUS: os.getpid()})
    async with (
        apart(at_the_sockets, stack.api, given.seed, given.asked_per_s) as strangers,
        a_chorus(stack, given.players) as (listeners, sung),
    ):
        began_mb = usage.memory_mb()
        loop = await in_turns(listeners, given.alone_s, lambda: strangers.go_on(each))
        ended_mb = usage.memory_mb()
    return {
        "per_s": round(each * TURNS / strangers.took_s, 1),
        "good_per_s": round(sung.acked / (sung.ticks * TICK_S), 1),
        **strangers.told,
        "loop": loop.told(),
        "memory_mb": _from_to(began_mb, ended_mb),
    }


def _from_to(before: dict[str, float], after: dict[str, float]) -> dict[str, list[float]]:
    return {part: [round(before[part], 1), round(mb, 1)] for part, mb in after.items()}


async def asked(home: Path, stack: stacks.Stack, given: Given) -> dict[str, object]:
    """Both, and the parts of the stack that are not the processes any more that they were."""
    kafka = await over_kafka(stack, given)
    print(f"over Kafka: {kafka}", file=sys.stderr)
    sockets = await over_sockets(stack, given)
    left = stacks.read(home)
    now = left.pids if left is not None else {}
    crashes = [part for part, pid in stack.pids.items() if now.get(part) != pid or not psutil.pid_exists(pid)]
    return {"kafka": kafka, "sockets": sockets, "crashes": crashes, "asked": to_builtins(given)}


def broken(figures: Mapping[str, Any]) -> list[str]:
    """What of it must not be, as words; speed is no promise and not among it."""
    found = [f"{part} fell" for part in figures["crashes"]]
    for where, whats in (("kafka", NEVER_OF_KAFKA), ("sockets", NEVER_OF_SOCKETS)):
        found += [f"{what} is {figures[where][what]} over {where}" for what in whats if figures[where][what]]
    return found + [f"{what} is not so over Kafka" for what in ALWAYS if not figures["kafka"][what]]


def main() -> None:
    """Print the figures, keep them where that is asked for, and end with 1 where a promise is broken."""
    told = options(__doc__)
    told.add_argument("--messages", type=int, default=1_000_000)
    told.add_argument("--requests", type=int, default=100_000)
    told.add_argument("--per-s", type=float, default=5_000.0, help="malformed messages a second over Kafka")
    told.add_argument("--asked-per-s", type=float, default=300.0, help="malformed requests and frames a second")
    told.add_argument("--players", type=int, default=400, help="of the chorus, some five events a second each")
    told.add_argument("--seed", type=int, default=6)
    told.add_argument("--quick", action="store_true", help="a twentieth of all: to see it work, not to quote")
    given = told.parse_args()
    rates = given.per_s, given.asked_per_s
    share = 20 if given.quick else 1
    wanted = Given(given.messages // share, given.requests // share, *rates, given.players, given.seed)
    with a_stack() as (stack, home):
        figures = uvloop.run(asked(home, stack, wanted))
    answer(figures, given.json)
    if said := "; ".join(broken(figures)):
        sys.exit(f"A promise is broken: {said}.")


if __name__ == "__main__":
    main()
