"""A child of a crowd, as its parent hears it: words over a pipe, and silence."""

import asyncio

import pytest

from bots.child import options_of
from bots.churn import Persistence
from bots.families import BadFamilyError
from bots.fleet import Options
from bots.orders import Home, Ready, Refused, Word, encode, read_orders
from bots.processes import _Child, _orders
from bots.pulse import Chorus, Pulse
from bots.schedule import Point


class Process:
    """One that ended."""

    def __init__(self, returncode: int) -> None:
        self.returncode = returncode


def child(*words: Word, returncode: int = 0, torn: bytes = b"") -> _Child:
    """A child that said this, the last of it `torn` in the middle, and then ended."""
    ears = asyncio.StreamReader()
    for word in words:
        ears.feed_data(encode(word) + b"\n")
    ears.feed_data(torn)
    ears.feed_eof()
    return _Child(1, Process(returncode), None, ears)  # type: ignore[arg-type]


async def test_a_child_that_comes_home_was_ready_told_its_pulse_and_brings_its_book() -> None:
    """Nobody sits there afterwards, and what it counted stays."""
    home = Home({"b-1": "novice"}, 3.0, {"s-1": ((1, 40), (42, 50))})
    one, chorus = child(Ready(), Pulse(at_s=1.0, players=1, offered=50), home), Chorus()
    await one.ready()
    await one.listen(chorus)
    assert one.home == home
    assert (chorus.together().offered, chorus.together().players) == (50, 0)


async def test_a_child_that_ends_in_the_middle_of_a_word_is_told_of_in_one_sentence() -> None:
    """Who, when, by what, and what is not known of whom."""
    one = child(Ready(), Pulse(at_s=31.2, acked=700), returncode=-9, torn=b'{"type":"Ho')
    await one.ready()
    await one.listen(Chorus())
    assert one.home is None
    assert one.sentence == (
        "Process 2 of the crowd ended after 31 s (SIGKILL): its players are gone, "
        "and what became of its 700 acknowledged events is not known; run it again."
    )


async def test_a_family_that_a_child_cannot_use_is_its_authors_fault() -> None:
    """The child's sentence is the parent's."""
    with pytest.raises(BadFamilyError, match="Mine cannot be made"):
        await child(Refused("Mine cannot be made")).ready()


def test_orders_arrive_as_they_were_given() -> None:
    """Schedule, share and family, through a line of JSON."""
    options = Options(schedule=(Point(0.0, 0), Point(9.0, 5)), family=Persistence, seed=4, river="ws://river")
    orders = read_orders(encode(_orders(options, (1, 3))))
    assert options_of(orders) == Options(
        schedule=(Point(0.0, 0), Point(9.0, 5)), family=Persistence, seed=4, river="ws://river", share=(1, 3)
    )
