"""The crowd of a run: real bots on the real rules, at a pace of several seconds of play in a second.

Their clock runs ahead of the machine's by that pace and begins so much earlier that no event comes from the future:
ten times the rounds, decisions and leavings in the same wait. Everything that judges by event time sees an ordinary
afternoon.
"""

import asyncio
import random
import time
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from bots.fleet import SLOT_S, Fleet, Options
from bots.report import Tally
from contract.adaptations import AdaptationDecided
from contract.events import Event
from faults.plan import Mangling, Plan
from faults.record import Shore
from producers.outbox import Outbox

BETWEEN_S = 0.01


class Skewed:
    """A shore on which some players' clocks are wrong."""

    def __init__(self, shore: Shore, mangling: Mangling, seed: int, middle: datetime) -> None:
        self._shore = shore
        self._mangling = mangling
        self._middle = middle
        self._dice = random.Random(f"skew/{seed}")
        self._off: dict[str, timedelta] = {}
        self._set_back: dict[str, timedelta] = {}

    @property
    def outbox(self) -> Outbox:
        return self._shore.outbox

    def emit(self, event: Event) -> None:
        """Hands the event over as its player's clock dates it."""
        if event.subject not in self._off:
            self._off[event.subject] = timedelta(seconds=self._mangling.skew_s * self._dice.choice((-1, 0, 1)))
            self._set_back[event.subject] = timedelta(seconds=self._mangling.set_back_s * self._dice.choice((0, 1)))
        off = self._off[event.subject]
        if event.time >= self._middle:
            off -= self._set_back[event.subject]
        self._shore.emit(replace(event, time=event.time + off) if off else event)


class Crowd:
    """Everybody who plays in one run."""

    def __init__(self, plan: Plan, shore: Shore) -> None:
        self._plan = plan
        options = Options(players=plan.players, seconds=plan.seconds * plan.pace, seed=plan.seed)
        started = datetime.now(UTC) - timedelta(seconds=plan.seconds * plan.pace)
        self._began_s = time.monotonic()
        middle = started + timedelta(seconds=plan.seconds * plan.pace / 2)
        is_right = not (plan.mangling.skew_s or plan.mangling.set_back_s)
        seen = shore if is_right else Skewed(shore, plan.mangling, plan.seed, middle)
        self._fleet = Fleet(options, seen, Tally(), self._clock, started)

    def _clock(self) -> float:
        return (time.monotonic() - self._began_s) * self._plan.pace

    @property
    def players(self) -> frozenset[str]:
        """Everybody who played so far."""
        return frozenset(self._fleet.players)

    def heard(self, goal: AdaptationDecided) -> None:
        """A goal came for one of them."""
        self._fleet.heard(goal)

    async def play(self) -> None:
        """Plays to the end of the plan; then everybody gets up."""
        slot, seconds = 0, self._plan.seconds * self._plan.pace
        self._began_s = time.monotonic()
        while slot * SLOT_S < seconds:
            while slot * SLOT_S < min(self._clock(), seconds):
                self._fleet.play_slot(slot, late=False)
                slot += 1
            await asyncio.sleep(BETWEEN_S)
        self._fleet.everybody_up(slot * SLOT_S)
