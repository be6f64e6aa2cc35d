"""Thousands of games in one event loop: one schedule, one emitter, a few connections to the river.

A task per bot, each with a sleep of its own, drifts and hides that it drifts. Here the 33 ms tick is cut into slots,
every seat belongs to one slot, and slot k is due k slot lengths after the start whatever happened before (an open
model: nobody waits for an answer). A fleet that falls behind does not skip: it catches up, and every start (a step, or
somebody sitting down) that began more than 10 ms after its time is counted, so that a saturated generator is noticed.

Seats are wanted as the schedule says (`shifts`); whoever is wanted no longer gets up properly. Meanwhile no seat is
empty for long. Whoever takes a break comes back to it, as the same player in a new session; whoever leaves for good
makes room for a new player with latents of its own. So the crowd keeps its size, while the players in it come, play and
go as the churn family of the run says.

Strange: events carry the time their step was *due*, not the time it ran. A generator that is late therefore makes every
latency worse instead of hiding it (coordinated omission).
"""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import chain
from typing import Final, Protocol

import uuid_utils
from msgspec import Struct

from bots.churn import Family
from bots.report import Tally
from bots.schedule import Schedule, share_of
from bots.seats import Crowd, Seat, a_journal, absence_s, reserve, vacancy_s
from bots.shifts import Shift, arriving, shifts
from bots.sitting import Facts, come_back, get_up, hear, move_on, take_a_seat
from contract.adaptations import AdaptationDecided
from contract.events import Event
from game_client.follow import SOCKET_PLAYERS, shared_out
from game_client.journal import stamp
from game_client.world import STEP_S
from producers.outbox import Outbox

LATE_S: Final = 0.010
SLOTS: Final = 16
"""Portions of a tick; between two of them the network gets its turn."""
SLOT_S: Final = STEP_S / SLOTS
NEVER: Final = Shift(math.inf, math.inf)


class Options(Struct, frozen=True, kw_only=True):
    """What crowd to send out, and for how long."""

    players: int = 50
    seconds: float = 60.0
    schedule: Schedule = ()
    """How many are wanted when; it wins over `players` and `seconds`. Empty: all of them, soon, to the end."""
    share: tuple[int, int] = (0, 1)
    """Of a crowd of several processes: the place of this one among them, from 0, and how many there are."""
    persona: str | None = None
    """None: all of them in turn, or, with a family, as many of each as the population has."""
    family: type[Family] | None = None
    """How players leave; None: each persona by its own patience, without breaks."""
    seed: int = 1
    kafka: str = "127.0.0.1:9092"
    river: str | None = None
    """The address of the WebSocket on which goals arrive; None: nobody listens."""


def own_schedule(options: Options) -> Schedule:
    """What this process plays: its share of the schedule, or of everybody arriving one after the other."""
    return share_of(options.schedule or arriving(options.players, options.seconds), *options.share)


class Shore(Protocol):
    """Where events go: taken at once, delivered later."""

    @property
    def outbox(self) -> Outbox:
        """The counts of what has not left yet, and of what was given up."""

    def emit(self, event: Event) -> None:
        """Takes one event and does not wait."""


class Fleet:
    """A crowd at play. `clock` is monotonic seconds; `started` is the wall clock at its zero."""

    def __init__(
        self, options: Options, shore: Shore, tally: Tally, clock: Callable[[], float], started: datetime
    ) -> None:
        self._shore = shore
        self._tally = tally
        self._clock = clock
        self._started = started
        self._place, self._processes = options.share
        self._crowd = Crowd(options.seed, options.persona, options.family)
        schedule = own_schedule(options)
        self._shifts = [list(reversed(each)) for each in shifts(schedule)]
        self._seconds = schedule[-1].at_s
        self._seats = [self._reserve(place, place) for place in range(len(self._shifts))]
        self._playing: list[list[Seat]] = [[] for _ in range(SLOTS)]
        self._agenda: list[tuple[float, int, bool]] = []
        """When, at which place, and whether somebody sits down or the shift is over; a heap."""
        for seat in self._seats:
            self._next_shift(seat)
        self._by_player = {seat.player: seat for seat in self._seats}
        self._players = {seat.player: seat.life.latents.persona for seat in self._seats}
        self.followings = shared_out([*self._players])

    @property
    def seats(self) -> Sequence[Seat]:
        """Every seat, with the player whose it is now."""
        return self._seats

    @property
    def sitting(self) -> int:
        """How many sit at their game at this moment."""
        return sum(map(len, self._playing))

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
        """One step for everybody who sits in this slot, and then whoever is to sit down or get up does so."""
        due_s = slot * SLOT_S
        outbox, playing, risen = self._shore.outbox, self._playing[slot % SLOTS], False
        for seat in playing:
            seat.sitting, facts = move_on(seat.sitting, seat.dice, outbox, seat.family)  # type: ignore[arg-type] # they sit
            if facts:
                self._tell(seat, facts, self._started + timedelta(seconds=due_s))
                risen = risen or seat.sitting.gone
        starts = len(playing)
        if risen:
            self._rise(slot % SLOTS, due_s)
        if self._agenda and self._agenda[0][0] <= due_s:
            starts += self._come_and_go(due_s)
        self._tally.ticks += starts
        self._tally.late += starts * late

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
            self._tally.answered(fact)
        self._tell(seat, facts, now)

    def everybody_up(self, at_s: float) -> None:
        """Whoever still sits gets up properly."""
        now = self._started + timedelta(seconds=at_s)
        for seat in chain.from_iterable(self._playing):
            self._get_up(seat, now)
        self._agenda.clear()
        for playing in self._playing:
            playing.clear()

    def _reserve(self, place: int, number: int) -> Seat:
        """A seat for the `number`-th player of this process; no two processes have a player in common."""
        return reserve(self._crowd, number * self._processes + self._place, place)

    def _next_shift(self, seat: Seat) -> None:
        own = self._shifts[seat.place]
        shift = own.pop() if own else NEVER
        seat.due_s = shift.from_s
        for at_s, over in ((shift.from_s, False), (shift.until_s, True)):
            if at_s < self._seconds:
                heappush(self._agenda, (at_s, seat.place, over))

    def _come_and_go(self, due_s: float) -> int:
        """Does what is on the agenda by now; how many sat down."""
        sat = 0
        while self._agenda and self._agenda[0][0] <= due_s:
            at_s, place, over = heappop(self._agenda)
            seat = self._seats[place]
            if over:
                self._end_shift(seat, due_s)
            elif at_s == seat.due_s:  # otherwise it is a plan that somebody has changed
                self._sit_down(seat, due_s)
                sat += 1
        return sat

    def _end_shift(self, seat: Seat, due_s: float) -> None:
        """Whoever sits gets up, and comes when the seat is wanted again."""
        playing = self._playing[seat.place % SLOTS]
        if seat in playing:
            playing.remove(seat)
            self._get_up(seat, self._started + timedelta(seconds=due_s))
        self._next_shift(seat)

    def _get_up(self, seat: Seat, now: datetime) -> None:
        if seat.sitting is not None:
            seat.sitting, facts = get_up(seat.sitting, "timeout")
            self._tell(seat, facts, now)

    def _sit_down(self, seat: Seat, due_s: float) -> None:
        if seat.sitting is None:
            seat.sitting, facts = take_a_seat(seat.life, seat.dice)
        else:
            seat.sitting, facts = come_back(seat.sitting, seat.journal.session, seat.dice)
            seat.journal = a_journal(seat.player)
        self._playing[seat.place % SLOTS].append(seat)
        self._tally.sittings += 1
        self._tell(seat, facts, self._started + timedelta(seconds=due_s))

    def _rise(self, slot: int, due_s: float) -> None:
        """Whoever got up of its own accord leaves its seat: to itself, for later, or to somebody new."""
        playing = self._playing[slot]
        self._playing[slot] = [seat for seat in playing if seat.sitting and not seat.sitting.gone]
        for seat in playing:
            if seat.sitting and seat.sitting.gone:
                self._leave(seat, due_s, for_good=seat.sitting.mood == "has had enough")

    def _leave(self, seat: Seat, due_s: float, *, for_good: bool) -> None:
        if for_good:
            self._tally.left += 1
            fresh = self._reserve(seat.place, len(self._players))
            fresh.due_s = due_s + vacancy_s(seat.dice)
            self._seats[seat.place] = self._by_player[fresh.player] = fresh
            self._players[fresh.player] = fresh.life.latents.persona
            del self._by_player[seat.player]
            self.followings[seat.place // SOCKET_PLAYERS].replace(seat.player, fresh.player)
        else:
            seat.due_s = due_s + absence_s(seat.dice)
        heappush(self._agenda, (self._seats[seat.place].due_s, seat.place, False))

    def _tell(self, seat: Seat, facts: Facts, now: datetime) -> None:
        for fact in facts:
            seat.journal, event = stamp(seat.journal, fact, now, str(uuid_utils.uuid7()))
            self._shore.emit(event)
        self._tally.offered += len(facts)
