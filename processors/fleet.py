"""Everybody in one partition together: how many paddle, how many came back, how far they get, how late we are.

No event is counted; players and sessions are *put into sketches*, one per day, minute or rapid. A HyperLogLog sketch
(Flajolet et al. 2007, here that of Apache DataSketches) of a fixed size answers how many different things were put in.
Putting a thing in again changes nothing, and two sketches can be united: so events that are delivered again, a
partition that moves, and several workers all come out right without anybody taking care. `note` is told of a player's
first event in a batch and of every beginning and end of a session or a round; the events between could add nothing.

How late we are (from an event until its batch was taken up) is an HdrHistogram a minute. It is the one figure that
counts instead of uniting: what is folded again after a crash is counted again, for the minutes that it is kept.

Time is the events' own; the clock that is handed in says only what may be forgotten. Days older than `DAYS` are, and
minutes older than `MINUTES`; rapids beyond `RAPIDS` are not counted: so the size is bounded, whatever the crowd.

Retention is classic: of those who began on day X, who was seen on day X+1, on day X+7 (days in UTC). When a player
began is known from the player's own state and is handed in, because here nobody is known by name.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from datasketches import hll_sketch, hll_union, tgt_hll_type
from hdrh.histogram import HdrHistogram

from contract.codec import Unreadable, read_fleet
from contract.events import Event, RapidFinished, RapidStarted, SessionEnded, SessionStarted
from contract.fleet import DIGITS, LG_K, LONGEST_US, MINUTES_A_DAY, Counted, FleetTold, Lag, Sketches, Tally

SOURCE: Final = "/whitewater/processors"
DAYS: Final = 35
"""28 cohorts of the newest, each with its seventh day over."""
MINUTES: Final = 10
"""Five are shown; twice that, so that a clock which is off by minutes still finds them."""
RAPIDS: Final = 30
TURNS: Final = frozenset({SessionStarted, SessionEnded, RapidStarted, RapidFinished})
"""Facts that are noted each time; of all others, one in a batch is enough."""


class WrongSketchError(ValueError):
    """Bytes that are no figures; the text says which and why."""


class Fleet:
    """What partition `number` has counted; a class and not a value, because a sketch changes in place."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.changed = False
        """Whether something was noted since this was last told."""
        self._tallies: dict[tuple[Counted, int], hll_sketch] = {}
        self._lags: dict[int, HdrHistogram] = {}
        self._lates: dict[int, Counter[int]] = {}
        """By minute, latencies not yet in their histogram, which takes a hundred equal ones for the price of one."""
        self._noted: dict[tuple[str, str], int] = {}
        """The minute in which a player's session was noted last: the same again could change no sketch."""
        self._minute = 0
        """By the clock, when something was noted last."""

    def note(self, event: Event, began_s: float, now_s: float) -> None:
        """`event` was folded, its batch taken up at `now_s`; the player's first event was at `began_s` (both POSIX)."""
        self.changed = True
        at_s = event.time.timestamp()
        minute, now_minute = int(at_s // 60), int(now_s // 60)
        if now_minute != self._minute:
            self._forget(now_minute)
        self._late(now_minute, int((now_s - at_s) * 1e6))
        who = (event.subject, event.sessionid)
        if self._noted.get(who) != minute:
            self._noted[who] = minute
            session = f"{event.subject} {event.sessionid}"
            self._see_on_day(event.subject, session, minute // MINUTES_A_DAY, int(began_s // 86_400))
            if minute >= now_minute - MINUTES:
                self._tally("seen_in_minute", minute).update(event.subject)
                self._tally("sessions_in_minute", minute).update(session)
        if type(event.data) in TURNS:
            self._turn(event)

    def merge(self, raw: bytes) -> None:
        """Take in what was told of the same partition before. Raises `WrongSketchError`, with nothing taken in."""
        told = read_fleet(raw)
        if isinstance(told, Unreadable):
            raise WrongSketchError(told.detail)
        tallies = [((tally.counted, tally.of), _counts(tally)) for tally in told.data.tallies]
        lags = [(lag.minute, _times(lag)) for lag in told.data.lags]
        for name, theirs in tallies:
            self._tallies[name] = united(self._tally(*name), theirs)
        for minute, times in lags:
            self._lag(minute).add(times)

    def told(self, now: datetime) -> FleetTold:
        """All of it but what is too old at `now`; that is forgotten."""
        self._forget(int(now.timestamp() // 60))
        for minute, lates in self._lates.items():
            for late_us, times in lates.items():
                self._lag(minute).record_value(min(max(late_us, 1), LONGEST_US), times)
        self._lates.clear()
        self.changed = False
        sketches = Sketches(partition=self.number, tallies=tuple(self._written()), lags=tuple(self._timed()))
        return FleetTold(
            id=f"fleet-{self.number}-{int(now.timestamp() * 1000)}",
            source=SOURCE,
            subject=str(self.number),
            time=now,
            data=sketches,
        )

    def _forget(self, minute: int) -> None:
        if minute != self._minute:
            self._minute = minute
            self._noted.clear()
        self._tallies = {name: sketch for name, sketch in self._tallies.items() if not _too_old(*name, minute)}
        self._lags = {at: times for at, times in self._lags.items() if at >= minute - MINUTES}
        self._lates = {at: lates for at, lates in self._lates.items() if at >= minute - MINUTES}

    def _turn(self, event: Event) -> None:
        match event.data:
            case RapidStarted(rapid=rapid) if rapid <= RAPIDS:
                self._tally("started_rapid", rapid).update(event.subject)
            case RapidFinished(rapid=rapid, outcome="cleared") if rapid <= RAPIDS:
                self._tally("cleared_rapid", rapid).update(event.subject)

    def _see_on_day(self, player: str, session: str, day: int, began: int) -> None:
        self._tally("seen_on_day", day).update(player)
        self._tally("sessions_on_day", day).update(session)
        match day - began:
            case 0:
                self._tally("began_on_day", began).update(player)
            case 1:
                self._tally("back_after_1_day", began).update(player)
            case 7:
                self._tally("back_after_7_days", began).update(player)

    def _tally(self, counted: Counted, of: int) -> hll_sketch:
        found = self._tallies.get((counted, of))
        if found is None:
            found = self._tallies[counted, of] = hll_sketch(LG_K, tgt_hll_type.HLL_4)
        return found

    def _late(self, minute: int, late_us: int) -> None:
        """Ten significant bits are kept, a thousandth: the histogram keeps fewer, and equal ones need counting only."""
        lates = self._lates.get(minute)
        if lates is None:
            lates = self._lates[minute] = Counter()
        less = max(late_us.bit_length() - 10, 0)
        late_us = late_us >> less << less
        lates[late_us] = lates.get(late_us, 0) + 1

    def _lag(self, minute: int) -> HdrHistogram:
        found = self._lags.get(minute)
        if found is None:
            found = self._lags[minute] = HdrHistogram(1, LONGEST_US, DIGITS, b64_wrap=False)
        return found

    def _written(self) -> Iterator[Tally]:
        for (counted, of), sketch in sorted(self._tallies.items(), key=lambda each: each[0]):
            yield Tally(counted, of, sketch.serialize_compact())

    def _timed(self) -> Iterator[Lag]:
        for minute, times in sorted(self._lags.items()):
            yield Lag(minute, times.encode())


def united(one: hll_sketch, other: hll_sketch) -> hll_sketch:
    """The sketch of what is in either."""
    union = hll_union(LG_K)
    union.update(one)
    union.update(other)
    return union.get_result(tgt_hll_type.HLL_4)


def _too_old(counted: Counted, of: int, minute: int) -> bool:
    if counted in ("started_rapid", "cleared_rapid"):
        return False
    if counted in ("seen_in_minute", "sessions_in_minute"):
        return of < minute - MINUTES
    return of < minute // MINUTES_A_DAY - DAYS


def _counts(tally: Tally) -> hll_sketch:
    try:
        return hll_sketch.deserialize(tally.sketch)
    except (ValueError, IndexError, RuntimeError) as fault:
        text = f"{tally.counted} of {tally.of}: {len(tally.sketch)} bytes are no HyperLogLog sketch ({fault})"
        raise WrongSketchError(text) from fault


def _times(lag: Lag) -> HdrHistogram:
    try:
        return HdrHistogram.decode(lag.sketch, b64_wrap=False)
    except Exception as fault:  # the library raises what zlib, struct and ctypes raise
        text = f"the latencies of minute {lag.minute}: {len(lag.sketch)} bytes are no HdrHistogram ({fault})"
        raise WrongSketchError(text) from fault
