"""Ends a part on purpose, as `kill -9` would, and sees when it is well again.

Only a child of the supervisor of this machine's own stack is ever ended; who that is, is handed in and then checked
with the system, because a number in a file may by now be somebody else's. It refuses to know how a part is started
again: that is the supervisor's work, and the reason why this can be asked of a run at all.
"""

import asyncio
import re
import signal
from collections.abc import Callable, Mapping
from typing import Final

import psutil
from msgspec import Struct

from load.timeline import PARTS, Fault, Part

BETWEEN_LOOKS_S: Final = 0.1
PROCESS: Final[Mapping[Part, str]] = {"worker": "worker", "api": "api", "broker": "kafka", "redis": "redis"}
"""What the stack calls it."""
UNITS: Final = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
_FORM: Final = re.compile(r"\s*([\w-]*)\s*@\s*(\d+(?:\.\d+)?)\s*([smh]?)\s*")


class BadKillError(ValueError):
    """Not a part and a time; the text says what would be."""


class NotOursError(RuntimeError):
    """The process is not (or no longer) a part of this machine's own stack."""


class Kill(Struct, frozen=True):
    """A part to end, so many seconds after the run began."""

    part: Part
    at_s: float


class Stack(Struct, frozen=True):
    """The stack of this machine, as it is whenever somebody asks."""

    pids: Callable[[], Mapping[str, int]]
    """Its processes by name, the supervisor among them."""
    is_well: Callable[[str], bool]
    """Whether the part of that name answers; may take a second."""


def parse(text: str) -> Kill:
    """Reads `worker@30s`. Raises `BadKillError`."""
    found = _FORM.fullmatch(text)
    if found is None or found[1] not in PARTS:
        sentence = f"{text!r} says nothing to kill: name one of {', '.join(PARTS)} and a time, like worker@30s."
        raise BadKillError(sentence)
    return Kill(found[1], float(found[2]) * UNITS[found[3]])


def end(part: Part, stack: Stack) -> int:
    """Ends the part at once and answers which process that was. Raises `NotOursError`."""
    pids = stack.pids()
    name = PROCESS[part]
    try:
        process = psutil.Process(pids[name])
        is_ours = process.ppid() == pids["supervisor"]
        if is_ours:
            process.send_signal(signal.SIGKILL)
    except (KeyError, psutil.Error) as fault:
        sentence = f"This machine's stack has no {part} now: nothing was ended."
        raise NotOursError(sentence) from fault
    if not is_ours:
        sentence = f"Process {process.pid} is no part of this machine's stack: {part} was left alone."
        raise NotOursError(sentence)
    return process.pid


async def see_it_back(part: Part, ended: int, stack: Stack) -> None:
    """Returns when another process does the work of the one that was `ended`, and does it well."""
    name = PROCESS[part]
    while stack.pids().get(name, ended) == ended or not await asyncio.to_thread(stack.is_well, name):  # noqa: ASYNC110 - another process is asked, which sets no event here
        await asyncio.sleep(BETWEEN_LOOKS_S)


async def kill(planned: Kill, stack: Stack, clock: Callable[[], float], tell: Callable[[Fault], None]) -> None:
    """Waits for its time, ends the part and sees it back; tells the fault when it happens and when it is over.

    `clock` is seconds since the run began. Cancelled while it waits, it is as if the part had not come back.
    Raises `NotOursError`.
    """
    while (left_s := planned.at_s - clock()) > 0.0:  # noqa: ASYNC110 - a timer may ring a little before its time
        await asyncio.sleep(left_s)
    at_s = clock()
    ended = end(planned.part, stack)
    tell(Fault(planned.part, at_s, None))
    await see_it_back(planned.part, ended, stack)
    tell(Fault(planned.part, at_s, clock() - at_s))
