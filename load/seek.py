"""find-max as it is made: one run after the other, each as long as it was asked, as `search` says.

Nothing of a try may be left for the next one: the crowd is home, the lag it left is drained and its events are counted
before the next begins; where it does not drain, the search ends. The figures are those of the highest load that held,
as it was when it was confirmed (of the last try, where none held); the seconds are those of all tries in a row.
It refuses to know how a try is made. Strange: a try that was stopped half-way is no try.
"""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from bots.schedule import Point, Schedule
from bots.shifts import arriving
from load.gathering import STAGES, Seconds
from load.plan import News, Plan, Ran, Watch
from load.profiles import length_s
from load.run import run
from load.search import HELD, Bounds, highest, lowest, next_try, outcome, told_of
from load.timeline import Loaded, Moment, Try

Attempt = Callable[[Plan, Watch, asyncio.Event], Awaitable[Ran]]


async def seek(plan: Plan, bounds: Bounds, watch: Watch, stop: asyncio.Event, attempt: Attempt) -> Ran:
    """The search and its figures. Raises `NobodyThereError`."""
    row = Row()
    while (players := next_try(bounds, row.tries)) is not None:
        watch(f"Try {len(row.tries) + 1}: {players} players for {length_s(plan.schedule):.0f} s.")
        asked = msgspec.structs.replace(plan, schedule=arriving(players, length_s(plan.schedule)))
        ran = await attempt(asked, _later(watch, row.so_far_s), stop)
        whole = ran.counted and not stop.is_set()
        row.add(players, ran, whole=whole)
        if not whole:
            break
        watch(told_of(row.tries[-1]))
        if not ran.drained:
            watch("What the last try left was not folded in time: the search ends here.")
            break
    watch(outcome(bounds, row.tries))
    return row.ran()


async def search_or_run(plan: Plan, watch: Watch, stop: asyncio.Event) -> Ran:
    """Whichever the plan asks for. Raises `NobodyThereError`."""
    return await (seek(plan, plan.bounds, watch, stop, run) if plan.bounds else run(plan, watch, stop))


class Row:
    """Tries one after the other, on one line of time."""

    def __init__(self) -> None:
        self._moments: list[Moment] = []
        self._seconds = {stage: Seconds() for stage in STAGES}
        self._points: list[Point] = []
        self._runs: list[Ran] = []
        self.tries: list[Try] = []
        self.so_far_s = 0.0

    def add(self, players: int, ran: Ran, *, whole: bool) -> None:
        """One more run; only a whole one is a try."""
        later_s = self.so_far_s
        loaded = ran.loaded
        self._moments += [msgspec.structs.replace(m, at_s=m.at_s + later_s) for m in loaded.moments]
        self._points += [Point(p.at_s + later_s, p.players) for p in (*loaded.schedule, _down(loaded.schedule))]
        for stage, seconds in self._seconds.items():
            for at_s, latency in ran.latencies[stage]:
                seconds.add(at_s + later_s, latency.encode())
        self.so_far_s = max([self._points[-1].at_s, *(m.at_s for m in self._moments[-1:])])
        self._runs.append(ran)
        if whole:
            self.tries.append(tried(players, loaded))

    def ran(self) -> Ran:
        """The whole search: the figures of its best try, and the seconds of all."""
        best, limit = highest(self.tries), lowest(self.tries)
        place = len(self._runs) - 1 if best is None else max(
            number for number, one in enumerate(self.tries) if one == best
        )  # fmt: skip
        loaded = msgspec.structs.replace(
            self._runs[place].loaded,
            schedule=tuple(self._points),
            moments=tuple(self._moments),
            tries=tuple(self.tries),
            highest=best,
            gave_first=limit.why if limit else None,
        )
        last = self._runs[-1]
        return Ran(loaded, self._seconds, last.drained, last.broken, last.away)


def tried(players: int, loaded: Loaded) -> Try:
    """What a run says about its load."""
    holds = not loaded.saturated and all(judged.holds for judged in loaded.thresholds)
    why = HELD if holds else loaded.gave_first or "a threshold did not hold"
    return Try(players, loaded.events_per_s, holds, why)


def _down(schedule: Schedule) -> Point:
    """After its end nobody plays until the next try."""
    return Point(length_s(schedule), 0)


def _later(watch: Watch, later_s: float) -> Watch:
    """The same, told of a run that began so much later."""

    def tell(news: News) -> None:
        watch(msgspec.structs.replace(news, at_s=news.at_s + later_s) if isinstance(news, Moment) else news)

    return tell
