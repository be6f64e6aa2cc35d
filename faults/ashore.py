"""Everybody outside the system in one run: the crowd and its emitter, who follows the river, sleepers, a real game.

Here is where a plan's people come from and where they go to; what they saw is in the recorder. It refuses to know what
is done to the system meanwhile. Strange: the many events of `bulk` are told through the crowd's own emitter, because
what is tried is one spool that is full, not many that are empty.
"""

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self
from uuid import uuid4

from contract.events import EVENT_OF, RockHit
from faults.crowd import Crowd
from faults.game import Game
from faults.plan import Plan
from faults.record import Recorded, Recorder, Shore, listen
from faults.site import Site
from faults.sleepers import Sleepers
from producers.emitter import Emitter
from producers.kafka import KafkaStream, at
from producers.spool import Spool

GATHERED_MS: Final = 150.0
"""A crowd's events travel together for so long where they are to be shuffled: disorder needs somebody to overtake."""
BULK_PLAYERS: Final = 100
BULK_AT_ONCE: Final = 2_000
BULK_S: Final = 3.0
"""So long before the plan's end the bulk is told: time to get it on disk."""
ROCK: Final = RockHit(0.4, 12.0, 1, 2)
LOOK_S: Final = 0.05
FOLLOWED: Final = 6
"""Players whom one WebSocket follows."""
_rock_hit: Any = EVENT_OF[RockHit]


class Ashore:
    """The people of one plan; enter it with `async with`."""

    def __init__(self, plan: Plan, site: Site, recorder: Recorder, folder: Path) -> None:
        """`folder` is this run's own and holds what a game's home would."""
        self._plan = plan
        self._recorder = recorder
        stream = Recorded(KafkaStream(at(site.kafka)), recorder, plan.mangling, plan.seed)
        linger_ms = GATHERED_MS if plan.mangling.shuffled_in > 1 else 0.0
        spool = Spool(folder / "spool") if plan.spooled else None
        self.emitter = Emitter(stream, spool, linger_ms=linger_ms)
        self.shore = Shore(self.emitter, recorder)
        self.crowd = Crowd(plan, self.shore)
        self.game = Game(site.api, folder / "game") if plan.game else None
        self.sleepers = Sleepers(site.api, plan.sleepers)
        self.cut = 0
        """Sleepers that the server was done with."""
        self._river, run = site.river, f"r-{uuid4().hex[:12]}"
        self._bulk: dict[str, int] = {f"{run}-{n}": 0 for n in range(BULK_PLAYERS if plan.bulk else 0)}
        self._open = AsyncExitStack()

    @property
    def players(self) -> frozenset[str]:
        """Everybody who played so far."""
        return self.crowd.players | self._bulk.keys() | ({self.game.player} if self.game else set())

    @property
    def held(self) -> int:
        """Events that wait to leave, the game's included."""
        return self.emitter.outbox.held + (self.game.held if self.game else 0)

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self.emitter)
        # Several readers: whoever follows everybody could not be told of a stranger.
        players = sorted(self.crowd.players)
        for at_first in range(0, len(players), FOLLOWED):
            followed = players[at_first : at_first + FOLLOWED]
            listening = listen(self._river, at_first // FOLLOWED, followed, self._recorder, self.crowd.heard)
            self._open.push_async_callback(_cancel, asyncio.create_task(listening))
        if self.game is not None:
            await self._open.enter_async_context(self.game)
        await self._open.enter_async_context(self.sleepers)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def play(self) -> None:
        """Everybody plays to the end of the plan."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.crowd.play())
            tasks.create_task(self._tell_much())
            sleeping = tasks.create_task(self.sleepers.ask(self.crowd.players))
            await asyncio.sleep(self._plan.seconds)
            sleeping.cancel()

    async def leave(self, within_s: float) -> float | None:
        """Everybody leaves once nothing waits any more; how many seconds that took, None where it was too long."""
        began_s = time.monotonic()
        while self.held and time.monotonic() - began_s < within_s:  # noqa: ASYNC110 - files have no event for it
            await asyncio.sleep(LOOK_S)
        took_s = time.monotonic() - began_s
        if self.game is not None:
            await self.game.end(self._recorder)
        self.cut = await self.sleepers.cut()
        return None if self.held else took_s

    async def _tell_much(self) -> None:
        """Until so many wait as the plan wants, a hundred others tell of rocks."""
        if not self._plan.bulk:
            return
        await asyncio.sleep(self._plan.seconds - BULK_S)
        while (short := self._plan.bulk - self.emitter.outbox.held) > 0:
            for n in range(min(short, BULK_AT_ONCE)):
                self._tell_of_a_rock(list(self._bulk)[n % len(self._bulk)])
            await asyncio.sleep(0.0)

    def _tell_of_a_rock(self, player: str) -> None:
        self._bulk[player] = sequence = self._bulk[player] + 1
        self.shore.emit(
            _rock_hit(
                id=f"{player}-{sequence}",
                source="/whitewater/faults",
                subject=player,
                time=datetime.now(UTC),
                sessionid=f"s-{player}",
                sequence=sequence,
                playerkind="bot",
                data=ROCK,
            )
        )


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})
