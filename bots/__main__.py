"""The crowd's front door: `python -m bots` sends fifty bots to the server for a minute; `whitewater bots` says more.

It asks the server where Kafka and the river are, gives the fleet a real clock and the interrupt key, and has the ledger
count what became of every acknowledged event. Who can read the state is handed in, because bots know nothing of those
who judge them: without such a reader `lost` and `doubled` stay unknown.
"""

import asyncio
import logging
import os
import platform
import signal
import sys
from collections.abc import Callable, Coroutine
from importlib.metadata import version
from typing import Any, Final, TypeVar

import httpx
import msgspec
import uvloop
from msgspec import Struct

from bots.fleet import Options
from bots.ledger import Folded, Ledger, NobodyThereError
from bots.mind import PERSONAS
from bots.outing import Heard, Outing
from bots.processes import send_out_together
from bots.reckoning import Verdict
from bots.report import Machine, Summary, summarise
from contract.environment import read_settings

VERSIONS: Final = ("whitewater", "aiokafka", "faust-streaming", "litestar", "msgspec")
NOT_REACHED: Final = 3
SATURATED: Final = 4
ASK_S: Final = 5.0
_T = TypeVar("_T")


class Settings(Struct, frozen=True):
    """Whose river the crowd paddles."""

    server: str = "http://127.0.0.1:8080"
    """The engagement API."""


class Doors(Struct, frozen=True):
    """Where to go, as the API says it."""

    kafka: str
    river: str


class Reader(Struct, frozen=True):
    """How the state can be counted: the changelog's topic, and what its values say was folded per session."""

    topic: str
    folded: Folded


class UnknownPersonaError(ValueError):
    """Nobody is like that; the text says who there is."""


class BrokenCrowdError(RuntimeError):
    """Not every process of a crowd came home; the text says which, `summary` what the others brought."""

    def __init__(self, sentence: str, summary: Summary) -> None:
        super().__init__(sentence)
        self.summary = summary


def find_doors(server: str) -> Doors:
    """Where Kafka and the river are. Raises `NobodyThereError`."""
    try:
        with httpx.Client(timeout=ASK_S, trust_env=False) as client:
            answer = client.get(server.rstrip("/") + "/v1/doors").raise_for_status()
            return msgspec.json.decode(answer.content, type=Doors)
    except (httpx.HTTPError, httpx.InvalidURL, msgspec.DecodeError) as fault:
        sentence = f"No river at {server} ({type(fault).__name__}). Start it with `whitewater up`, or say where it is."
        raise NobodyThereError(sentence) from fault


async def outing(
    options: Options,
    reader: Reader | None = None,
    *,
    processes: int = 1,
    heard: Heard = lambda _: None,
    stop: asyncio.Event | None = None,
) -> Summary:
    """Sends out the crowd, brings it home and says what came of it.

    `stop` ends it early and as properly; `heard` is told its pulse every second.
    Raises `UnknownPersonaError`, `NobodyThereError` and `BrokenCrowdError`.
    """
    if options.persona is not None and options.persona not in PERSONAS:
        sentence = f"Nobody is like {options.persona!r}: there are {', '.join(PERSONAS)}."
        raise UnknownPersonaError(sentence)
    stop = stop or asyncio.Event()
    if reader is None:
        return _whole(await send_out_together(options, processes, heard, stop), None)
    ledger = await Ledger(options.kafka, reader.topic, reader.folded).open()
    try:
        home = await send_out_together(options, processes, heard, stop)
        verdict = await ledger.audit(home.acknowledged)
    finally:
        await ledger.close()
    home.tally.signal.merge(ledger.signal)
    return _whole(home, verdict)


def _whole(home: Outing, verdict: Verdict | None) -> Summary:
    if home.broken:
        raise BrokenCrowdError(" ".join(home.broken), report(home, verdict))
    return report(home, verdict)


def report(home: Outing, verdict: Verdict | None) -> Summary:
    """The summary of an outing on this machine."""
    versions = {name: version(name) for name in VERSIONS} | {"python": platform.python_version()}
    return summarise(
        home.tally,
        len(home.players),
        home.seconds,
        versions=versions,
        machine=this_machine(),
        audited=verdict,
        family=home.family,
    )


def this_machine() -> Machine:
    """What the figures were measured on."""
    bytes_of_memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(
        cores=os.cpu_count(),
        memory_gb=round(bytes_of_memory / 2**30, 1),
        python=platform.python_version(),
        system=platform.platform(terse=True),
    )


def run(
    options: Options, reader: Reader | None = None, watch: Heard = lambda _: None, *, processes: int = 1
) -> Summary:
    """An outing with a loop of its own; Ctrl-C brings everybody home early. `watch` is told the pulse every second."""
    return until_stopped(lambda stop: outing(options, reader, processes=processes, heard=watch, stop=stop))


def until_stopped(ride: Callable[[asyncio.Event], Coroutine[Any, Any, _T]]) -> _T:
    """What comes of `ride` in a loop of its own; Ctrl-C or a request to end sets its event, and it ends properly.

    Afterwards both mean what they meant before: a loop that closes leaves them meaning nothing.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    async def out() -> _T:
        stop = asyncio.Event()
        for number in before:
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        return await ride(stop)

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(out())
    finally:
        for number, meaning in before.items():
            signal.signal(number, meaning)


def main() -> int:
    """Fifty bots for a minute, and their summary as JSON."""
    logging.basicConfig(level=logging.WARNING)
    try:
        doors = find_doors(read_settings(Settings, os.environ).server)
    except NobodyThereError as fault:
        sys.stderr.write(f"{fault}\n")
        return NOT_REACHED
    summary = run(Options(kafka=doors.kafka, river=doors.river))
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(summary)).decode() + "\n")
    return SATURATED if summary.saturated else 0


if __name__ == "__main__":
    sys.exit(main())
