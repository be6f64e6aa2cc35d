"""Where a worker's microsecond goes: in a backlog, and at a trickle of so many events a second.

    python benchmarks/microsecond.py [--events 400000] [--rates 1000 5000 10000] [--seconds 30] [--json [FILE]]

The worker of processors/app.py in a process of its own, on a broker of its own; at a trickle the events come from
another process, a batch each 10 ms. The kernel interrupts the worker after every few milliseconds of its own CPU time
(SIGPROF; a jiffy, mostly 4 ms), and the interrupt is handled where the interpreter stands. Each interrupt carries the
CPU time since the one before, so that the groups add up to what was measured; the rest is the share of no interrupt.

What is strange: the interpreter answers an interrupt only after a call into C, at the end of a loop's turn, or on
entering a function. So time in C belongs to the function that called it; a function that has only just been entered has
done nothing, and is passed over for its caller, or for the loop (polling, sockets, uvloop) where it has none; and the
last few instructions of a function are found in its caller, which makes `fold: each event to its player` look larger
than it is: hold `decode` and `step` against benchmarks/fold.py. With n interrupts a share s is uncertain by the square
root of s (1 - s) / n: 2 % of 40 % at 600 of them.
"""

import argparse
import asyncio
import dis
import gc
import json
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import uvloop

from benchmarks.answer import Figures, Spent, a_broker, answer, in_a_fresh_process, options
from benchmarks.arrivals import arrive, fill
from processors.app import Settings, Worker, new_app
from processors.signals import engagement
from processors.tell import new_producer

PLAYERS: Final = 1_000
WARM_S: Final = 3.0
INTERRUPT_S: Final = 0.001
RESUME: Final = dis.opmap["RESUME"]

GROUPS: Final = (
    ("decode", ("contract/codec.py:read",)),
    (
        "emit: signals read and encoded",
        ("contract/codec.py:encode", "partition.py:_told", "partition.py:untold", "belief.py:read"),
    ),
    ("emit: batches and requests", ("processors/tell.py", "app.py:_tell", "aiokafka/producer/")),
    ("snapshot: state encoded, chunks acked", ("processors/state.py", "partition.py:snapshots", "app.py:snapshot")),
    ("step: advance", ("processors/player.py", "processors/belief.py", "processors/life.py", "processors/window.py")),
    ("fold: each event to its player", ("processors/partition.py",)),
    ("fold: everybody's figures", ("processors/fleet.py", "processors/logbook.py")),
    ("Kafka: fetch and parse", ("aiokafka/consumer/",)),
    ("Kafka: connections and group", ("aiokafka/",)),
    ("framework: Faust, mode, our transport", ("processors/", "/faust/", "/mode/")),
)
"""Where a file, or a function by its beginning, belongs: the first that fits, from the innermost frame outwards."""
PASSED_OVER: Final = ("processors/signals/", "aiokafka/record/", "aiokafka/protocol/", "aiokafka/util.py")
"""What these do they do for whoever called."""
LOOP: Final = "loop, sockets and the rest"
AT: Final = "at "
"""What a function's own share is called, beside those of the groups."""
MOST: Final = 12


class Sampler:
    """Interrupts, and the CPU time that each stands for."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.interrupts = 0
        self._before = time.process_time()

    def start(self) -> None:
        """Interrupt this process from now on."""
        signal.signal(signal.SIGPROF, self._note)
        self._before = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, INTERRUPT_S, INTERRUPT_S)

    def stop(self) -> None:
        """No more interrupts."""
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _note(self, _: int, frame: FrameType | None) -> None:
        now = time.process_time()
        for of in (group_of(frame), AT + place_of(frame)):
            self.seconds[of] += now - self._before
        self.interrupts += 1
        self._before = now


def group_of(frame: FrameType | None) -> str:
    """Where the interpreter stood."""
    if frame is not None and frame.f_code.co_code[frame.f_lasti] == RESUME:
        frame = frame.f_back
    while frame is not None:
        place = f"{frame.f_code.co_filename}:{frame.f_code.co_name}"
        if not any(each in place for each in PASSED_OVER):
            for group, places in GROUPS:
                if any(each in place for each in places):
                    return group
        frame = frame.f_back
    return LOOP


def place_of(frame: FrameType | None) -> str:
    """The function that had its time."""
    if frame is not None and frame.f_code.co_code[frame.f_lasti] == RESUME:
        frame = frame.f_back
    return "/".join(Path(frame.f_code.co_filename).parts[-2:]) + f":{frame.f_code.co_name}" if frame else LOOP


async def look(address: str, events: int, seconds: float) -> Figures:
    """What an event costs a worker, by group: of so many that wait, or for some seconds of those that come."""
    engagement.warm()
    sampler = Sampler()
    async with new_producer(address) as producer:
        worker = Worker(new_app(Settings(kafka=address)), producer, Settings())
        await worker.app.start()
        gc.collect()
        gc.freeze()
        while not worker.folded:  # noqa: ASYNC110 - what is measured must not signal
            await asyncio.sleep(0.001)
        if not events:
            await asyncio.sleep(WARM_S)
        before, spent = worker.folded, Spent()
        sampler.start()
        if not events:
            await asyncio.sleep(seconds)
        while worker.folded < events:  # noqa: ASYNC110 - what is measured must not signal
            await asyncio.sleep(0.002)
        if events:
            await worker.snapshot()
        sampler.stop()
        folded = worker.folded - before
        figures = spent.over(folded)
        await worker.app.stop()
    share = 2.0 * figures["us_per_event"] / max(sum(sampler.seconds.values()), 1e-9)  # each is there twice
    return figures | {"interrupts": sampler.interrupts} | {of: s * share for of, s in sampler.seconds.items()}


def backlog(events: int) -> Figures:
    """The worker before events that wait."""
    with a_broker() as address:
        asyncio.run(fill(address, events, PLAYERS))
        return in_a_fresh_process(__file__, "worker", "--kafka", address, "--events", events)


def trickle(per_s: float, seconds: float) -> Figures:
    """The worker while so many events a second come."""
    with a_broker() as address:
        words = ["--contend", "crowd", "--kafka", address, "--rate", str(per_s)]
        crowd = subprocess.Popen([sys.executable, __file__, *words])
        try:
            return in_a_fresh_process(__file__, "worker", "--kafka", address, "--events", 0, "--seconds", seconds)
        finally:
            crowd.terminate()
            crowd.wait()


def table(found: dict[str, Figures]) -> dict[str, dict[str, float]]:
    """Microseconds an event by group and setting, each setting's adding up to its total."""
    groups = [*(group for group, _ in GROUPS), LOOP]
    rows = {group: {name: round(of.get(group, 0.0), 2) for name, of in found.items()} for group in groups}
    return {**rows, "in all": {name: round(of["us_per_event"], 2) for name, of in found.items()}}


def functions(of: Figures) -> dict[str, float]:
    """The dearest functions of one setting, in microseconds an event."""
    own = {name.removeprefix(AT): round(us, 2) for name, us in of.items() if name.startswith(AT)}
    return dict(sorted(own.items(), key=lambda each: -each[1])[:MOST])


def main() -> None:
    """Print the table, and keep it where that is asked."""
    asked = options(__doc__)
    asked.add_argument("--events", type=int, default=400_000)
    asked.add_argument("--rates", type=float, nargs="*", default=[1_000.0, 5_000.0, 10_000.0])
    asked.add_argument("--seconds", type=float, default=30.0)
    asked.add_argument("--contend", choices=["worker", "crowd"], help=argparse.SUPPRESS)
    asked.add_argument("--kafka", help=argparse.SUPPRESS)
    asked.add_argument("--rate", type=float, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.contend == "crowd":
        uvloop.run(arrive(given.kafka, given.rate, PLAYERS, float("inf")))
        return
    if given.contend:
        uvloop.install()
        print(json.dumps(asyncio.run(look(given.kafka, given.events, given.seconds))))
        return
    found = {"backlog": backlog(given.events)}
    found |= {f"{rate:,.0f}/s": trickle(rate, given.seconds) for rate in given.rates}
    rows = table(found)
    for group, of in rows.items():
        print(f"{group:38s}", *(f"{us:9.2f}" for us in of.values()))
    answer(
        {
            "question": "microseconds of CPU of a worker per event, by what they go into",
            "us_per_event": rows,
            "events_per_s": {name: round(of["events_per_s"]) for name, of in found.items()},
            "dearest_functions": {name: functions(of) for name, of in found.items()},
            "interrupts": {name: round(of["interrupts"]) for name, of in found.items()},
            "players": PLAYERS,
        },
        given.json,
    )


if __name__ == "__main__":
    main()
