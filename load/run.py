"""One load run: the crowd goes out, the stack is watched, faults are made, everybody comes home, all of it is judged.

    open     the ledger and the probes remember where the topics end: the run begins here
    play     every second a pulse of the crowd and a look at the stack become a `Moment`; parts are ended as planned
    home     when the schedule is over, or `stop` is set: everybody gets up properly, everything is delivered
    drain    what the crowd left on the topic is folded, and parts that were ended are well again; at most two minutes
    audit    every acknowledged event is looked for: lost, doubled, refused
    judge    thresholds, and who gave first

It refuses to know who judges players and how a stack is kept: names and callables are handed in. Strange: with several
processes the crowd begins later than the run was asked for, so seconds are counted from its first pulse.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec

from bots.__main__ import report
from bots.fleet import Options
from bots.ledger import Ledger, NobodyThereError
from bots.outing import Outing
from bots.processes import send_out_together
from bots.pulse import Pulse
from bots.reckoning import Verdict
from bots.report import Latency
from bots.schedule import most, players_at
from load.blame import blame
from load.gathering import Gathering, Seen
from load.kill import Kill, NotOursError, kill
from load.plan import Plan, Ran, Watch
from load.probes import Broker, Hunger, look, open_broker
from load.profiles import counts_from_s, length_s
from load.thresholds import AUDITED, Measured, judge
from load.timeline import Fault, Judged, Loaded

DRAIN_S: Final = 120.0
HURRY_S: Final = 15.0
AUDIT_S: Final = 30.0
BETWEEN_LOOKS_S: Final = 1.0
JUDGED_EVERY: Final = 5
"""Seconds between two verdicts on the way."""


async def run(plan: Plan, watch: Watch, stop: asyncio.Event) -> Ran:
    """Makes the run and tells `watch` of it as it goes; `stop` ends it early and as properly.

    Raises `NobodyThereError`.
    """
    target, away = plan.target, ""
    verdict: Verdict | None = None
    ledger = await Ledger(target.kafka, target.reader.topic, target.reader.folded).open()
    try:
        async with open_broker(target.kafka, target.group, most(plan.schedule)) as broker:
            ride = Ride(plan, broker, watch)
            home = await ride.out_and_home(stop)
            if not home.broken:  # otherwise a part of the book is missing
                watch("Everybody is home; counting what became of every event.")
                try:
                    verdict = await ledger.audit(home.acknowledged, AUDIT_S)
                except NobodyThereError as fault:
                    away = str(fault)  # what was measured until then is worth its report
    finally:
        await ledger.close()
    loaded = weigh(plan, ride, home, verdict)
    return Ran(loaded, ride.gathering.seconds, ride.drained, home.broken, away)


class Ride:
    """A run while it lasts."""

    def __init__(self, plan: Plan, broker: Broker, watch: Watch) -> None:
        self._plan = plan
        self._broker = broker
        self._watch = watch
        self._clock = asyncio.get_running_loop().time
        self._pulses: asyncio.Queue[Pulse] = asyncio.Queue()
        self._began: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._hunger = Hunger(stack.pids if (stack := plan.target.stack) else None, self._clock)
        self.gathering = Gathering(counts_from_s(plan.profile, plan.schedule))
        self.faults: dict[Kill, Fault] = {}
        self.drained = False

    async def out_and_home(self, stop: asyncio.Event) -> Outing:
        """The crowd's whole way, and what the stack still had to do after it."""
        try:
            return await self._out_and_home(stop)
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from faults  # whatever went wrong first has a sentence of its own

    async def _out_and_home(self, stop: asyncio.Event) -> Outing:
        plan = self._plan
        options = Options(
            players=most(plan.schedule),
            seconds=length_s(plan.schedule),
            schedule=plan.schedule,
            persona=plan.persona,
            family=plan.family,
            seed=plan.seed,
            kafka=plan.target.kafka,
            river=plan.target.river,
        )
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(self._gather())
            killing = [group.create_task(self._kill(planned)) for planned in plan.kills]
            home = await send_out_together(options, plan.processes, self._pulses.put_nowait, stop)
            await self._pulses.join()
            watching.cancel()
            self.gathering.go_home(home.tally.offered - home.tally.acked)
            for planned, task in zip(plan.kills, killing, strict=True):
                if planned not in self.faults:
                    task.cancel()  # its time did not come: the run was stopped
            await self._drain(killing, stop)
            for task in killing:
                task.cancel()
        return home

    async def _gather(self) -> None:
        """One moment for every pulse. Percentiles are reckoned beside the loop, or they would make the crowd late."""
        while True:
            pulse = await self._pulses.get()
            if not self._began.done():
                self._began.set_result(self._clock() - pulse.at_s)
            seen = await self._look() if self._pulses.empty() else Seen(None, 0, Latency(), {}, {})
            wanted = players_at(self._plan.schedule, pulse.at_s)
            moment = await asyncio.to_thread(self.gathering.take, pulse, seen, wanted)
            self._watch(moment)
            if len(self.gathering.moments) % JUDGED_EVERY == 0:
                self._watch(await asyncio.to_thread(self._so_far))
            self._pulses.task_done()

    def _so_far(self) -> tuple[Judged, ...]:
        """The thresholds that can be judged before the audit."""
        measured = Measured(self.gathering.latencies, self.gathering.numbers)
        return tuple(judge(each, measured) for each in self._plan.thresholds if each.metric not in AUDITED)

    async def _look(self) -> Seen:
        return await look(self._broker, self._hunger)

    async def _kill(self, planned: Kill) -> None:
        stack = self._plan.target.stack
        if stack is None:
            return
        began = await asyncio.shield(self._began)

        def tell(fault: Fault) -> None:
            self.faults[planned] = fault
            self._watch(fault)

        try:
            await kill(planned, stack, lambda: self._clock() - began, tell)
        except NotOursError as fault:
            self._watch(str(fault))

    async def _drain(self, killing: Sequence["asyncio.Task[None]"], stop: asyncio.Event) -> None:
        """Waits until what the crowd left is folded and whoever was ended is back; others may play on meanwhile."""
        home_s = self._clock()
        began = self._began.result() if self._began.done() else home_s
        until = None
        while True:
            until = until or await self._broker.ends()
            lag = await self._broker.lag(until) if until else None
            self.drained = lag == 0
            if (self.drained and all(task.done() for task in killing)) or self._is_over(home_s, stop):
                return
            await asyncio.sleep(BETWEEN_LOOKS_S)
            seen = await self._look()
            self._watch(self.gathering.quiet(self._clock() - began, seen))

    def _is_over(self, home_s: float, stop: asyncio.Event) -> bool:
        """Nobody waits longer for what is left; who asked for the end waits less."""
        return self._clock() - home_s > (HURRY_S if stop.is_set() else DRAIN_S)


def weigh(plan: Plan, ride: Ride, home: Outing, verdict: Verdict | None) -> Loaded:
    """What the run was worth."""
    gathered = ride.gathering
    summary = report(home, verdict)
    late_share = summary.late_starts / max(summary.ticks, 1)
    numbers: dict[str, float | None] = {
        **gathered.numbers,
        "lost": summary.lost, "doubled": summary.doubled, "failed": summary.failed,
        "dropped": summary.offered - summary.acked,
    }  # fmt: skip
    measured = Measured(gathered.latencies, numbers)
    judged = [(threshold, judge(threshold, measured)) for threshold in plan.thresholds]
    broken = [(threshold, one) for threshold, one in judged if not one.holds]
    known = msgspec.structs.asdict(summary) | {
        "latency_ms": gathered.spreads, "events_per_s": gathered.events_per_s,
    }  # fmt: skip
    return Loaded(
        **known,
        profile=plan.profile,
        schedule=plan.schedule,
        thresholds=tuple(one for _, one in judged),
        faults=tuple(ride.faults[planned] for planned in plan.kills if planned in ride.faults),
        moments=tuple(gathered.moments),
        gave_first=blame(broken, gathered.counted, summary.machine.cores, late_share),
        processes=plan.processes,
        seed=plan.seed,
        target=plan.target.server,
    )
