"""When a crowd's log is whole: silence about our players ends it, whatever is told about others."""

from collections.abc import Iterator
from itertools import count

from msgspec import Struct

from bots.log import QUIET_S, Log
from contract.codec import encode
from contract.topics import ADAPTATIONS
from tests.bots.shore import goal

STEP_S = 0.25


class Record(Struct):
    """One message as a consumer hands it out."""

    topic: str
    value: bytes


class Babble:
    """A consumer on a river where a stranger is told about all the time, and whose clock goes on with every poll.

    At the polls in `ours` something about our player comes too.
    """

    def __init__(self, *ours: int) -> None:
        self.polls = 0
        self._ours = ours
        self._revisions: Iterator[int] = count(1)

    def clock(self) -> float:
        """Seconds since it began."""
        return self.polls * STEP_S

    async def getmany(self, *, timeout_ms: int) -> dict[int, list[Record]]:
        """A goal of the stranger's, one that nobody can read, and now and then one of ours."""
        assert timeout_ms < QUIET_S * 1000
        self.polls += 1
        values = [encode(goal("stranger", "s")), b"no goal"]
        if self.polls in self._ours:
            values.append(encode(goal("ours", "s", next(self._revisions))))
        return {0: [Record(ADAPTATIONS.name, value) for value in values]}


async def test_a_log_ends_although_somebody_else_plays_on() -> None:
    """Nothing of ours comes: it is over after the quiet, and holds nothing."""
    river = Babble()
    told = await Log(river, river.clock).read({"ours"})
    assert (told.beliefs, told.goals) == ((), ())
    assert river.clock() == QUIET_S


async def test_whatever_comes_of_ours_begins_the_quiet_anew() -> None:
    """Twice, each shortly before it would have been over; in the order in which it was told."""
    last = round(QUIET_S / STEP_S)
    river = Babble(last, 2 * last - 1)
    told = await Log(river, river.clock).read({"ours"})
    assert [one.data.revision for one in told.goals] == [1, 2]
    assert river.clock() == (2 * last - 1) * STEP_S + QUIET_S
