"""Thousands of games in one event loop: one schedule, one emitter, one connection to the river.

A task per bot, each with a sleep of its own, drifts and hides that it drifts. Here the 33 ms tick is cut into slots,
every seat belongs to one slot, and slot k is due k slot lengths after the start whatever happened before (an open
model: nobody waits for an answer). A fleet that falls behind does not skip: it catches up, and every step that began
more than 10 ms after its time is counted, so that a saturated generator is noticed.

A seat is never empty for long. Whoever takes a break comes back to it, as the same player in a new session; whoever
leaves for good makes room for a new player with latents of its own. So the crowd keeps its size, while the players in
it come, play and go as the churn family of the run says.

Strange: events carry the time their step was *due*, not the time it ran. A generator that is late therefore makes every
latency worse instead of hiding it (coordinated omission).
"""

import asyncio
import gc
import math
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import uuid_utils
from msgspec import Struct

from bots.churn import Family
from bots.report import Tally
from bots.seats import Crowd, Seat, a_journal, absence_s, reserve, vacancy_s
from bots.sitting import Facts, come_back, get_up, hear, move_on, take_a_seat
from contract.adaptations import AdaptationDecided
from contract.events import AdaptationApplied, AdaptationExpired, AdaptationRejected, Event
from game_client.follow import Following, follow
from game_client.journal import stamp
from game_client.world import STEP_S
from producers.kafka import kafka_emitter
from producers.outbox import Outbox

LATE_S: Final = 0.010
SLOTS: Final = 16
"""Portions of a tick; between two of them the network gets its turn."""
SLOT_S: Final = STEP_S / SLOTS
SMALL_CROWD: Final = 300
"""Up to so many, events leave at once, as a person's do; more travel together, which is cheaper and later."""
LINGER_MS: Final = 10.0
ARRIVAL_S: Final = 24.0
"""The bots sit down one after the other over a round's time, or their rounds would end in step ever after."""


class Options(Struct, frozen=True, kw_only=True):
    """What crowd to send out, and for how long."""

    players: int = 50
    seconds: float = 60.0
    persona: str | None = None
    """None: all of them in turn, or, with a family, as many of each as the population has."""
    family: type[Family] | None = None
    """How players leave; None: each persona by its own patience, without breaks."""
    seed: int = 1
    kafka: str = "127.0.0.1:9092"
    river: str | None = None
    """The address of the WebSocket on which goals arrive; None: nobody listens."""


class Shore(Protocol):
    """Where events go: taken at once, delivered later."""

    @property
    def outbox(self) -> Outbox:
        """The counts of what has not left yet, and of what was given up."""

    def emit(self, event: Event) -> None:
        """Takes one event and does not wait."""


class Outing(Struct, frozen=True):
    """A run that is over."""

    tally: Tally
    players: Mapping[str, str]
    """Every player and its persona."""
    seconds: float
    acknowledged: Mapping[str, set[int]]
    """Per session, the sequences that the broker acknowledged: what the ledger holds everybody to."""
    family: str = "persona"


class Fleet:
    """A crowd at play. `clock` is monotonic seconds; `started` is the wall clock at its zero."""

    def __init__(
        self, options: Options, shore: Shore, tally: Tally, clock: Callable[[], float], started: datetime
    ) -> None:
        self._shore = shore
        self._tally = tally
        self._clock = clock
        self._started = started
        self._seconds = options.seconds
        self._crowd = Crowd(options.seed, options.persona, options.family)
        spread_s = min(ARRIVAL_S, options.seconds / 4)
        seats = [reserve(self._crowd, place, spread_s * place / options.players) for place in range(options.players)]
        self._slots = [seats[place::SLOTS] for place in range(SLOTS)]
        self._by_player = {seat.player: seat for seat in seats}
        self._players = {seat.player: seat.life.latents.persona for seat in seats}
        self.following = Following(self._players)

    @property
    def seats(self) -> Sequence[Seat]:
        """Every seat, with the player whose it is now."""
        return [seat for slot in self._slots for seat in slot]

    @property
    def players(self) -> Mapping[str, str]:
        """Every player so far and its persona; known here and told to nobody who judges."""
        return self._players

    async def play(self, stop: asyncio.Event) -> None:
        """Plays until the time is over, or `stop` is set, or somebody cancels it; then everybody gets up."""
        slot = 0
        try:
            while (due_s := slot * SLOT_S) < self._seconds and not stop.is_set():
                await asyncio.sleep(max(due_s - self._clock(), 0.0))
                self.play_slot(slot, late=self._clock() - due_s > LATE_S)
                slot += 1
        finally:
            self.everybody_up(slot * SLOT_S)

    def play_slot(self, slot: int, *, late: bool) -> None:
        """One step for every seat of this slot."""
        due_s = slot * SLOT_S
        now = self._started + timedelta(seconds=due_s)
        seats = self._slots[slot % SLOTS]
        for place, seat in enumerate(seats):
            sitting = seat.sitting
            if sitting is None or sitting.gone:
                if due_s >= seat.due_s:
                    self._sit_down(seat, now)
                continue
            seat.sitting, facts = move_on(sitting, seat.dice, self._shore.outbox, seat.family)
            if facts:
                self._tell(seat, facts, now)
                if seat.sitting.gone:
                    seats[place] = self._rise(seat, due_s)
        self._tally.ticks += len(seats)
        self._tally.late += len(seats) * late

    def heard(self, decided: AdaptationDecided) -> None:
        """A goal came for one of the bots: its river takes it at once. One that came before is not counted again."""
        seat = self._by_player.get(decided.subject)
        if seat is None:
            return
        if decided.data.revision > seat.revision:
            seat.revision = decided.data.revision
            self._tally.decided += 1
        if seat.sitting is None or seat.sitting.gone:
            return
        now = self._started + timedelta(seconds=self._clock())
        seat.sitting, facts = hear(seat.sitting, decided.data, now)
        for fact in facts:
            self._count(fact)
        self._tell(seat, facts, now)

    def everybody_up(self, at_s: float) -> None:
        """Whoever still sits gets up properly."""
        now = self._started + timedelta(seconds=at_s)
        for seat in self.seats:
            if seat.sitting is not None and not seat.sitting.gone:
                seat.sitting, facts = get_up(seat.sitting, "timeout")
                self._tell(seat, facts, now)
            seat.due_s = math.inf

    def _sit_down(self, seat: Seat, now: datetime) -> None:
        if seat.sitting is None:
            seat.sitting, facts = take_a_seat(seat.life, seat.dice)
        else:
            seat.sitting, facts = come_back(seat.sitting, seat.journal.session, seat.dice)
            seat.journal = a_journal(seat.player)
        self._tally.sittings += 1
        self._tell(seat, facts, now)

    def _rise(self, seat: Seat, due_s: float) -> Seat:
        """Whose seat it is after this player got up: its own, for later, or somebody new's."""
        if seat.sitting is None or seat.sitting.mood != "has had enough":
            seat.due_s = due_s + absence_s(seat.dice)
            return seat
        self._tally.left += 1
        fresh = reserve(self._crowd, len(self._players), due_s + vacancy_s(seat.dice))
        self._players[fresh.player] = fresh.life.latents.persona
        del self._by_player[seat.player]
        self._by_player[fresh.player] = fresh
        self.following.unfollow([seat.player])
        self.following.follow([fresh.player])
        return fresh

    def _tell(self, seat: Seat, facts: Facts, now: datetime) -> None:
        for fact in facts:
            seat.journal, event = stamp(seat.journal, fact, now, str(uuid_utils.uuid7()))
            self._shore.emit(event)
        self._tally.offered += len(facts)

    def _count(self, fact: object) -> None:
        match fact:
            case AdaptationApplied():
                self._tally.applied += 1
                self._tally.adaptation.record(fact.latency_ms)
            case AdaptationRejected():
                self._tally.rejected += 1
            case AdaptationExpired():
                self._tally.expired += 1
            case _:
                pass


async def send_out(options: Options, tally: Tally, stop: asyncio.Event | None = None) -> Outing:
    """Sends the crowd out and brings it home: sessions ended, everything delivered that can be, and counted.

    `stop` ends it early and as properly; `tally` may be watched while it runs.
    """
    gc.freeze()  # what is imported stays: looking through it again and again is what makes a step late
    began = time.monotonic()
    linger_ms = 0.0 if options.players <= SMALL_CROWD else LINGER_MS
    async with kafka_emitter(options.kafka, spool=None, linger_ms=linger_ms) as emitter:
        fleet = Fleet(options, emitter, tally, lambda: time.monotonic() - began, datetime.now(UTC))
        async with _followed(options.river, fleet):
            await fleet.play(stop or asyncio.Event())
        seconds = time.monotonic() - began
    tally.sent = tally.offered - emitter.outbox.dropped - emitter.outbox.lost
    tally.acked = emitter.account.distinct()
    for milliseconds, times in emitter.account.times_ms():
        tally.accept.record(milliseconds, times)
    return Outing(
        tally, fleet.players, seconds, emitter.acked, options.family.__name__ if options.family else "persona"
    )


@asynccontextmanager
async def _followed(river: str | None, fleet: Fleet) -> AsyncIterator[None]:
    """The river's goals reach the fleet while this lasts."""
    if river is None:
        yield
        return
    following = asyncio.create_task(follow(river, fleet.following, fleet.heard), name="river")
    try:
        yield
    finally:
        following.cancel()
        await asyncio.wait({following})
        if not following.cancelled():
            following.result()
