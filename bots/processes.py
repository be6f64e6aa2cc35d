"""A crowd of several processes, told and counted as one.

One process is this one. More are children of it (`child`), each with its share of the schedule, players of its own and
connections of its own on which it follows those alone. They begin at the same moment, so that slots line up, and
tell their pulse every second; the pulses of a second are added up and told a quarter of a second later.

Children end with their parent: their standard input is a pipe, and its end brings them home. They are sessions of their
own, so that a terminal's Ctrl-C reaches the parent alone, which brings everybody home once.

A child that dies costs its players and a sentence, not the run. What it told until then stays counted; which of its
events were acknowledged, it would have told at the end, so nobody can audit them: they are in no book, and neither
lost nor found.
"""

import asyncio
import contextlib
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import msgspec

from bots.families import BadFamilyError, name_of
from bots.fleet import Options, own_schedule
from bots.orders import Begin, Home, Orders, Ready, Refused, encode, read_word
from bots.outing import Beginning, Heard, Outing, begin_soon, crowd_of, end, family_of, send_out, to_next_second_s
from bots.pulse import Chorus, Pulse, settle
from bots.report import Tally

READY_WITHIN_S: Final = 60.0
HOMECOMING_S: Final = 15.0
"""How long a child may take to come home once it is called, before it is ended."""
GRACE_S: Final = 5.0
"""How far behind its schedule a child may be at the end before it is called home."""
TOLD_AFTER_S: Final = 0.25
LINE_BYTES: Final = 256 * 2**20
"""The longest line: what a child brings home of a hundred thousand sessions is a few megabytes."""


async def send_out_together(options: Options, processes: int, heard: Heard, stop: asyncio.Event) -> Outing:
    """Sends the crowd out in so many processes and brings it home; every second `heard` is told the pulse of all.

    Raises `BadFamilyError` when the churn family cannot be used.
    """
    if processes == 1:
        return await send_out(options, Tally(), stop, heard=heard)
    async with _children(options, processes) as children:
        await asyncio.gather(*(child.ready() for child in children))
        crew = _Crew(children, begin_soon(crowd_of(options)), heard)
        await crew.play(own_schedule(options)[-1].at_s, stop)
    homes = [child.home for child in children if child.home]
    return Outing(
        crew.tally,
        {player: persona for home in homes for player, persona in home.players.items()},
        max((home.seconds for home in homes), default=0.0),
        {session: runs for home in homes for session, runs in home.acknowledged.items()},
        family_of(options),
        tuple(child.sentence for child in children if not child.home),
    )


class _Child:
    """One process of the crowd, as its parent sees it."""

    def __init__(self, place: int, process: Process, mouth: StreamWriter, ears: StreamReader) -> None:
        self.place = place
        self.pulse = Pulse(at_s=0.0)
        self.home: Home | None = None
        self._process = process
        self._mouth = mouth
        self._ears = ears

    async def ready(self) -> None:
        """Returns when it could begin, or never will. Raises `BadFamilyError`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(READY_WITHIN_S):
                await self._word()

    async def listen(self, chorus: Chorus) -> None:
        """Hears it until it says no more."""
        while word := await self._word():
            match word:
                case Pulse():
                    self.pulse = word
                    chorus.hear(self.place, word)
                case Home():
                    self.home = word
                case Ready():
                    pass
        chorus.silence(self.place)

    def tell(self, word: Begin | Orders) -> None:
        """Says a word to it; whether it hears that, its own words will show."""
        if not self._mouth.is_closing():
            self._mouth.write(encode(word) + b"\n")

    def call_home(self) -> None:
        """Nothing more will be said."""
        self._mouth.close()

    async def end(self) -> None:
        """It has ended when this returns, by itself or not."""
        self.call_home()
        try:
            async with asyncio.timeout(HOMECOMING_S):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()

    def kill(self) -> None:
        """Ends it, whatever it is doing."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    @property
    def sentence(self) -> str:
        """What became of one that did not come home."""
        code = self._process.returncode or 0
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return (
            f"Process {self.place + 1} of the crowd ended after {self.pulse.at_s:.0f} s ({how}): its players are gone, "
            f"and what became of its {self.pulse.acked} acknowledged events is not known; run it again."
        )

    async def _word(self) -> Ready | Pulse | Home | None:
        line = await self._ears.readline()
        word = read_word(line) if line.endswith(b"\n") else None
        if isinstance(word, Refused):
            raise BadFamilyError(word.sentence)
        return word


class _Crew:
    """All of them at play."""

    def __init__(self, children: Sequence[_Child], begun: Beginning, heard: Heard) -> None:
        self._children = children
        self._begun = begun
        self._heard = heard
        self._chorus = Chorus()
        self.tally = Tally()

    async def play(self, seconds: float, stop: asyncio.Event) -> None:
        """Plays until everybody is home, called by `stop` or not."""
        for child in self._children:
            child.tell(Begin(self._begun.at_s, self._begun.wall))
        beside = (asyncio.create_task(self._tell_on()), asyncio.create_task(self._call_home(seconds + GRACE_S, stop)))
        try:
            await asyncio.gather(*(child.listen(self._chorus) for child in self._children))
        finally:
            for task in beside:
                await end(task)
        self._tell()

    def _tell(self) -> None:
        pulse = self._chorus.together()
        settle(self.tally, pulse)
        self._heard(pulse)

    async def _tell_on(self) -> None:
        while True:
            await asyncio.sleep(to_next_second_s(self._begun.clock() - TOLD_AFTER_S))
            self._tell()

    async def _call_home(self, at_s: float, stop: asyncio.Event) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_s - self._begun.clock()):
                await stop.wait()
        for child in self._children:
            child.call_home()
        await asyncio.sleep(HOMECOMING_S)
        for child in self._children:
            child.kill()


@asynccontextmanager
async def _children(options: Options, processes: int) -> AsyncIterator[Sequence[_Child]]:
    """They have their orders; none of them is left when the block ends."""
    children: list[_Child] = []
    try:
        for place in range(processes):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bots.child"), stdin=PIPE, stdout=PIPE, limit=LINE_BYTES, start_new_session=True
            )
            if process.stdin is None or process.stdout is None:
                raise AssertionError
            children.append(_Child(place, process, process.stdin, process.stdout))
            children[-1].tell(_orders(options, (place, processes)))
        yield children
    finally:
        await asyncio.gather(*(child.end() for child in children))


def _orders(options: Options, share: tuple[int, int]) -> Orders:
    family = name_of(options.family) if options.family else None
    return Orders(**{**msgspec.structs.asdict(options), "family": family, "share": share})
