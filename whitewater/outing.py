"""A demo's time on the river: the game and the crowd play, somebody watches, and in the end everything is counted.

The game is a process of its own, started with the very verb a person would use (`whitewater play --autopilot`): it
must not share an interpreter with fifty bots. It is given a pipe and ends when this process does.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from bots.__main__ import report
from bots.fleet import Options
from bots.ledger import Ledger
from bots.outing import send_out
from bots.report import Summary, Tally
from whitewater import crowd, news
from whitewater.screen import Screen

LOOK_S = 0.05
WEIGH_S = 2.0
HOMECOMING_S = 20.0
"""How long the game may take to deliver its last events and close."""


class Plan(Struct, frozen=True, kw_only=True):
    """What a demo was asked for, and where everything is."""

    server: str
    kafka: str
    river: str
    seconds: float
    players: int
    paddler: str
    """The name under which the autopilot plays."""
    out: Path
    """Where the game leaves its summary and its picture."""
    log: Path
    """Where the game leaves its words."""
    game_home: Path


class Sitting(Struct, frozen=True):
    """The part of the game's own summary that a demo tells of."""

    session: str
    events: int
    rounds: int
    score: int
    frame_p99_ms: float
    loop_ms: float | None
    dropped: int


class Ride(Struct, frozen=True):
    """What came of it."""

    summary: Summary
    sitting: Sitting | None
    """None: the game left no summary; its log says why."""
    first_adaptation_at: float | None
    """When a game first took a goal, as `time.time` counts."""
    heaviest_mb: float | None


async def ride(plan: Plan, screen: Screen, weigh: Callable[[], float] | None) -> Ride:
    """Plays, watches and counts."""
    tally = Tally()
    heaviest = _Heaviest(weigh)
    first = asyncio.create_task(_first_adaptation(tally))
    reader = crowd.reader()
    ledger = await Ledger(plan.kafka, reader.topic, reader.folded).open()
    try:
        async with _beside(news.follow(plan.server, screen.heard), heaviest.watch()), _game(plan) as game:
            home = await send_out(
                Options(players=plan.players, seconds=plan.seconds, kafka=plan.kafka, river=plan.river), tally
            )
            screen.say("everybody is home; counting what became of every event")
            await _await_home(game)
            sitting = _take_sitting(plan.out)
            told = {sitting.session: ((1, sitting.events),)} if sitting and not sitting.dropped else {}
            verdict = await ledger.audit({**home.acknowledged, **told})
    finally:
        first.cancel()
        await ledger.close()
    tally.signal.merge(ledger.signal)
    return Ride(
        summary=report(home, verdict),
        sitting=sitting,
        first_adaptation_at=first.result() if first.done() and not first.cancelled() else None,
        heaviest_mb=heaviest.mb,
    )


async def _first_adaptation(tally: Tally) -> float:
    while not tally.applied:  # noqa: ASYNC110 - the tally is plain numbers, by design
        await asyncio.sleep(LOOK_S)
    return time.time()


class _Heaviest:
    """The most that `weigh` ever said."""

    def __init__(self, weigh: Callable[[], float] | None) -> None:
        self._weigh = weigh
        self.mb: float | None = None

    async def watch(self) -> None:
        while self._weigh is not None:
            self.mb = max(await asyncio.to_thread(self._weigh), self.mb or 0.0)
            await asyncio.sleep(WEIGH_S)


@asynccontextmanager
async def _beside(*works: Awaitable[None]) -> AsyncIterator[None]:
    """Runs `works` beside the block and ends them with it; a fault in one of them ends the block."""

    async def run(work: Awaitable[None]) -> None:
        await work

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(run(work)) for work in works]
        yield
        for task in tasks:
            task.cancel()


@asynccontextmanager
async def _game(plan: Plan) -> AsyncIterator[asyncio.subprocess.Process]:
    """The game at play; it ends with the block, politely."""
    words = ("--autopilot", "--with-owner", "--seconds", str(plan.seconds), "--server", plan.server)
    with plan.log.open("wb") as log:
        game = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "whitewater", "play", *words, "--name", plan.paddler, "--out", str(plan.out)),
            stdin=asyncio.subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=_environment(plan),
        )
    try:
        yield game
    finally:
        if game.returncode is None:
            game.terminate()
            await _await_home(game)
        if game.returncode is None:
            game.kill()
            await game.wait()


def _environment(plan: Plan) -> dict[str, str]:
    """A home of its own: the autopilot's best runs are not the person's."""
    return {**os.environ, "WHITEWATER_HOME": str(plan.game_home)}


async def _await_home(game: asyncio.subprocess.Process) -> None:
    try:
        await asyncio.wait_for(game.wait(), HOMECOMING_S)
    except TimeoutError:
        return


def _take_sitting(out: Path) -> Sitting | None:
    written = out / "play.json"
    try:
        sitting = msgspec.json.decode(written.read_bytes(), type=Sitting)
    except FileNotFoundError:
        return None
    written.unlink()  # the run's own summary tells it all
    return sitting
