"""The highest rate that the whole stack sustains with p99 of the loop within 250 ms, and what gave first.

    python benchmarks/stack.py [--seconds 20] [--from 1000] [--to 16000] [--workers 1] [--bots N] [--quick]

The whole stack runs: broker, worker, Redis, API and history. Its load is a chorus (chorus.py), bots recorded once and
sung again by thousands of players, because bots that play would take the core that the stack needs. The search is that
of `whitewater load --profile find-max` (load/search.py): doubled until a step does not hold, then halved in between,
and the highest confirmed. A step is 20 s, of which the first quarter, in which players arrive, is not counted.

A step holds when the chorus kept its time, everything it sang was taken, nobody is further behind than four seconds of
what comes in, and p99 of the loop is at most 250 ms: from when an event was *due* until the goal it caused was heard on
the WebSocket. Asked with `--bots N`, up to N bots that really play look for the same afterwards: what is left of the
machine when it carries the games too.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx
import msgspec
import uvloop
from msgspec import Struct

from benchmarks.answer import RUNS, answer, options
from benchmarks.chorus import Voice, by_heart, notes_per_s, recorded, singers
from benchmarks.concert import Sung, perform
from benchmarks.watched import Lags, Usage, a_stack, lags, less, machine_s
from bots.report import LATE_SHARE, Latency, Spread
from contract.adaptations import AdaptationDecided
from game_client.follow import follow
from infra.local import stack as stacks
from load.search import Bounds, highest, next_try, outcome, told_of
from load.timeline import Try

P99_MS: Final = 250.0
ACCEPT_MS: Final = P99_MS / 2
"""A broker that takes longer to take an event leaves too little for the two hops behind it; ours."""
BEHIND_S: Final = 4.0
"""A worker writes its state once a second and commits once a second: up to two seconds are no delay."""
FOLLOWED: Final = 4_500
"""Players a WebSocket of ours follows; the API takes 5,000."""
DRAINED_S: Final = 90.0
CHORUS: Final = "chorus"


class Step(Struct, frozen=True, kw_only=True):
    """One load, held for some seconds; rates, cores and lags are those of the seconds counted."""

    players: int
    offered_per_s: float
    acked_per_s: float
    late_share: float
    accept_ms: Spread
    loop_ms: Spread
    behind_s: dict[str, float]
    """By reader, what it had not committed in the end, in seconds of what comes in."""
    cores: dict[str, float]
    """In use, by part, the chorus included."""
    us_per_event: dict[str, float]
    """The same, as CPU per event."""
    beliefs_per_event: float
    elsewhere: float
    """Cores in use by whatever is neither; the kernel's own share of the network is in it."""
    memory_mb: dict[str, float]


def gave_first(step: Step) -> str:
    """What a step broke on; empty where it held."""
    if step.late_share > LATE_SHARE:
        return "the chorus could not keep its time: the figures are void"
    for part, seconds in step.behind_s.items():
        if seconds > BEHIND_S:
            return f"the {part} is {seconds:.1f} s behind"
    if (step.accept_ms.p99 or 0.0) > ACCEPT_MS:
        return f"the broker takes {step.accept_ms.p99:.0f} ms for an event (p99)"
    if step.loop_ms.p99 is None:
        return "no goal was heard"
    if step.loop_ms.p99 > P99_MS:
        part = max((name for name in step.cores if name != CHORUS), key=lambda name: step.cores[name])
        return f"the loop takes {step.loop_ms.p99:.0f} ms (p99), the {part} most of the cores ({step.cores[part]:.2f})"
    return ""


def tried(step: Step, cpus: int) -> Try:
    """The step as the search knows it."""
    why, used = gave_first(step), sum(step.cores.values())
    if why and used + step.elsewhere > 0.9 * cpus:
        why += f"; all {cpus} cores are in use, {used:.2f} by the stack and {step.elsewhere:.2f} by others"
    return Try(step.players, step.offered_per_s, not why, why or "everything held")


class Listeners:
    """Hears the goals of a chorus; keeps how long those took that events between two moments (POSIX) caused."""

    def __init__(self, run: str) -> None:
        self._run = run
        self.since_s = self.until_s = float("inf")
        self.loop = Latency()

    def heard(self, goal: AdaptationDecided) -> None:
        """A goal came: its cause says when it was due, by this machine's clock."""
        cause = goal.data.cause
        if cause.session.startswith(self._run) and self.since_s <= (due_s := cause.time.timestamp()) < self.until_s:
            self.loop.record((time.time() - due_s) * 1000)


@asynccontextmanager
async def heard(api: str, names: Sequence[str], listeners: Listeners) -> AsyncIterator[None]:
    """The goals of all these players are heard while this lasts."""
    river = (await asyncio.to_thread(httpx.get, f"{api}/v1/doors")).json()["river"]
    following = [
        asyncio.create_task(follow(river, names[first : first + FOLLOWED], listeners.heard))
        for first in range(0, len(names), FOLLOWED)
    ]
    try:
        yield
    finally:
        for task in following:
            task.cancel()
        await asyncio.wait(following)


async def step(stack: stacks.Stack, lag: Lags, voices: Sequence[Voice], players: int, seconds: float) -> Step:
    """So many singers for some seconds."""
    run, sung, warm_s = f"{time.time_ns() // 1_000_000:x}", Sung(), seconds / 4
    listeners, crowd = Listeners(run), singers(voices, players)
    async with heard(stack.api, [singer.player for singer in crowd], listeners):
        performing = asyncio.create_task(perform(stack.kafka, by_heart(crowd, warm_s, run), seconds, sung))
        await asyncio.sleep(warm_s)
        listeners.since_s, usage = time.time(), Usage({**stack.pids, CHORUS: os.getpid()})
        written, began, cpu, machine = await lag.written(), time.monotonic(), usage.cpu_s(), machine_s()
        offered, acked, sung.accept = sung.offered, sung.acked, Latency()
        await asyncio.sleep(seconds - warm_s - 0.5)
        took, spent, of_machine = time.monotonic() - began, less(usage.cpu_s(), cpu), machine_s() - machine
        offered, acked = sung.offered - offered, sung.acked - acked
        behind, added = await lag.now(), less(await lag.written(), written)
        await performing
    await lag.gone(DRAINED_S)
    return Step(
        players=players,
        offered_per_s=round(offered / took, 1),
        acked_per_s=round(acked / took, 1),
        late_share=round(sung.late_share, 4),
        accept_ms=sung.accept.spread(),
        loop_ms=listeners.loop.spread(),
        behind_s={part: round(count / max(added[part] / took, 1.0), 2) for part, count in behind.items()},
        cores={part: round(cpu_s / took, 3) for part, cpu_s in spent.items()},
        us_per_event={part: round(cpu_s / max(added["worker"], 1) * 1e6, 2) for part, cpu_s in spent.items()},
        beliefs_per_event=round(added["api"] / max(added["worker"], 1), 3),
        elsewhere=round(max(of_machine - sum(spent.values()), 0.0) / took, 2),
        memory_mb={part: round(mb, 1) for part, mb in usage.memory_mb().items()},
    )


async def search(stack: stacks.Stack, within: Bounds, seconds: float) -> tuple[list[Try], list[Step]]:
    """Every step on the way to the highest that holds."""
    voices, tries, steps, cpus = recorded(), list[Try](), list[Step](), os.cpu_count() or 1
    print(f"a singer sings {notes_per_s(voices):.2f} events a second", file=sys.stderr)
    async with lags(stack.kafka) as lag:
        while (players := next_try(within, tries)) is not None:
            steps.append(await step(stack, lag, voices, players, seconds))
            tries.append(tried(steps[-1], cpus))
            print(f"{tries[-1]} {msgspec.json.encode(steps[-1]).decode()}", file=sys.stderr)
    return tries, steps


def playing_bots(home: Path, most: int, seconds: float) -> object:
    """What `whitewater load` finds on the same stack, in its own words."""
    command = [sys.executable, "-m", "whitewater", "load", "--profile", "find-max", "--to", str(most), "--json"]
    options = ["--for", f"{seconds:.0f}s", "--threshold", f"e2e_ms:p99<{P99_MS:.0f}", "--out", str(home / "load")]
    environment = os.environ | {"WHITEWATER_HOME": str(home)}
    done = subprocess.run([*command, *options], env=environment, capture_output=True, text=True, check=False)
    try:
        told = json.loads(done.stdout)
    except json.JSONDecodeError:
        return {"exit": done.returncode, "said": (done.stdout + done.stderr).strip()[-500:]}
    return {"exit": done.returncode, **{name: told.get(name) for name in ("highest", "gave_first", "tries")}}


def main() -> None:
    """Print the figures, and write them to a file where one is named."""
    asked = options(__doc__)
    asked.add_argument("--seconds", type=float, default=20.0)
    asked.add_argument("--from", type=int, default=1_000, dest="first", help="singers to begin with")
    asked.add_argument("--to", type=int, default=16_000, help="the most to try")
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument("--bots", type=int, default=0, help="search once more with up to so many bots that really play")
    asked.add_argument("--quick", action="store_true", help="steps of 8 s: to see it work, not to quote")
    given = asked.parse_args()
    seconds, within = 8.0 if given.quick else given.seconds, Bounds(given.first, given.to)
    with a_stack(given.workers) as (stack, home):
        tries, steps = uvloop.run(search(stack, within, seconds))
        bots = playing_bots(home, given.bots, seconds) if given.bots else None
    best = highest(tries)
    at_best = next((each for each in steps[::-1] if best and each.players == best.players), None)
    broken = min((each for each in tries if not each.holds), key=lambda each: each.players, default=None)
    figures = {
        "question": f"events a second through the whole stack with p99 of the loop within {P99_MS:.0f} ms",
        "events_per_s": best.events_per_s if best else 0.0,
        "at_the_highest": msgspec.to_builtins(at_best),
        "gave_first": broken.why if broken else None,
        "how_it_searched": [*map(told_of, tries), outcome(within, tries)],
        "with_bots_that_play": bots,
        "workers": given.workers,
        "step_s": seconds,
        "reach": {"events_per_s": 20_000, "loop_p99_ms": P99_MS},
        RUNS: msgspec.to_builtins(steps),
    }
    answer(figures, given.json)


if __name__ == "__main__":
    main()
