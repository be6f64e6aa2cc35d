"""What is done to a crowd's messages before they leave, and what is written down of them."""

import random
from collections import Counter
from datetime import UTC, datetime

import pytest

from contract.codec import Unreadable, read_events
from faults.plan import Mangling
from faults.record import Recorded, Recorder, mangled, poisoned
from producers.port import Parcel
from tests.producers.told import NOON, line, parcel

HUNDRED = [parcel("p-1", sequence) for sequence in range(1, 101)]


class Half:
    """A stream that gives every second parcel back."""

    most = 100

    def __init__(self) -> None:
        self.sent: list[Parcel] = []

    async def start(self) -> None:
        """It is there."""

    async def send(self, parcels: list[Parcel]) -> list[Parcel]:
        """Takes the odd ones."""
        self.sent += parcels
        return [each for each in parcels if each.sequence % 2 == 0]

    async def stop(self) -> None:
        """It is gone."""


def test_a_plan_that_mangles_nothing_changes_nothing() -> None:
    """The same parcels in the same order."""
    assert mangled(HUNDRED, Mangling(), random.Random(1)) == HUNDRED


def test_every_message_is_there_once_to_five_times() -> None:
    """None is left out, none is there six times, and some are there five times."""
    often = Counter(each.sequence for each in mangled(HUNDRED, Mangling(copies=5), random.Random(1)))
    assert set(often) == set(range(1, 101))
    assert set(often.values()) == {1, 2, 3, 4, 5}


def test_disorder_stays_within_its_window() -> None:
    """Within 64, the first may be the 64th, and the 65th is never among the first 64."""
    sent = [each.sequence for each in mangled(HUNDRED, Mangling(shuffled_in=64), random.Random(1))]
    assert sorted(sent[:64]) == list(range(1, 65))
    assert sorted(sent[64:]) == list(range(65, 101))
    assert sent[:64] != sorted(sent[:64])


def test_poison_comes_beside_the_good_ones() -> None:
    """With as many malformed ones as good ones, every good one is still there, in order."""
    sent = mangled(HUNDRED, Mangling(poison=1.0), random.Random(1))
    assert len(sent) == 200
    assert [each for each in sent if each in HUNDRED] == HUNDRED


@pytest.mark.parametrize("seed", range(64))
def test_poison_is_refused_whatever_it_is(seed: int) -> None:
    """No spoiled event can be read: a poison that passes would prove nothing."""
    spoiled = poisoned(line("p-1", 1), random.Random(seed))
    read = read_events(spoiled, NOON)
    assert read
    assert all(isinstance(each, Unreadable) for each in read)


async def test_what_came_back_is_a_fail_and_what_did_not_is_acknowledged() -> None:
    """Of four, two and four came back: perhaps they arrived, and nobody was promised anything."""
    recorder, before_s = Recorder(), datetime.now(UTC).timestamp()
    returned = await Recorded(Half(), recorder, Mangling(), 1).send(HUNDRED[:4])  # type: ignore[arg-type]
    assert [each.sequence for each in returned] == [2, 4]
    assert recorder.history.acknowledged == {("s-p-1", 1), ("s-p-1", 3)}
    assert [op.sequence for op in recorder.history.ops("fail")] == [2, 4]
    assert all(op.at_s >= before_s for op in recorder.history.ops("ok"))


async def test_a_good_one_whose_copy_came_back_is_not_acknowledged() -> None:
    """A copy is the same parcel: as long as one of them is in doubt, so is the event."""
    recorder = Recorder()
    returned = await Recorded(Half(), recorder, Mangling(copies=5), 1).send(HUNDRED[:2])  # type: ignore[arg-type]
    assert {each.sequence for each in returned} == {2}
    assert recorder.history.acknowledged == {("s-p-1", 1)}
