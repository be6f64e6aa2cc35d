"""find-max on stacks whose limit is known, and on one that is moody."""

from collections.abc import Callable

import pytest

from load.search import HELD, MOST_TRIES, Bounds, bounds, highest, next_try, outcome, told_of
from load.timeline import GENERATOR, Try

LATE = f"{GENERATOR} (3.1% of its steps were late)"


def searched(within: Bounds, holds: Callable[[int, int], bool], why: str = "the worker") -> list[Try]:
    """Every try on a stack of which `holds` says, by players and tries so far, whether it held; 2 events each."""
    tries: list[Try] = []
    while (players := next_try(within, tries)) is not None:
        well = holds(players, len(tries))
        tries.append(Try(players, 2.0 * players, well, HELD if well else why))
    return tries


def test_it_doubles_until_a_try_fails_then_bisects_then_confirms() -> None:
    """Limit 700 of 1000, from 100: 800 fails; 400..800, 600..800, 700..800, 700..750; 37 is under 5 % of 737."""
    tries = searched(Bounds(100, 1000), lambda players, _: players <= 700)
    assert [one.players for one in tries] == [100, 200, 400, 800, 600, 700, 750, 725, 700]
    best = highest(tries)
    assert best is not None
    assert (best.players, best.events_per_s) == (700, 1400.0)


def test_what_holds_at_the_most_is_confirmed_there() -> None:
    """10, 20, 40, 80 and then 100, twice."""
    assert [one.players for one in searched(Bounds(10, 100), lambda *_: True)] == [10, 20, 40, 80, 100, 100]


def test_a_load_that_held_by_luck_is_not_the_highest() -> None:
    """400 holds once; when it is confirmed it fails, and the search goes on below it, to what holds twice."""
    tries = searched(Bounds(100, 400), lambda players, so_far: players <= 300 or so_far < 3)
    assert [one.players for one in tries] == [100, 200, 400, 400, 300, 350, 325, 312, 300]
    assert outcome(Bounds(100, 400), tries) == "The highest that held: 300 players, 600 events a second; 312 did not."


def test_where_the_first_load_fails_it_goes_down_to_an_eighth_of_it() -> None:
    """And then says that nothing held."""
    tries = searched(Bounds(80, 1000), lambda *_: False)
    assert [one.players for one in tries] == [80, 40, 20, 10]
    assert highest(tries) is None
    assert outcome(Bounds(80, 1000), tries).startswith("Not even 10 players held")


def test_a_late_generator_ends_the_way_up_and_says_so() -> None:
    """Beyond 200 nothing can be known; what it can drive is found all the same, and is no limit of the stack."""
    tries = searched(Bounds(100, 1000), lambda players, _: players <= 200, LATE)
    assert [one.players for one in tries] == [100, 200, 400, 300, 250, 225, 212, 206, 200]
    assert told_of(tries[2]) == "400 players, 800 events/s: the generator (3.1% of its steps were late)"
    assert outcome(Bounds(100, 1000), tries).startswith(
        "The highest that held: 200 players, 400 events a second; at 206 the generator gave first, so the stack may"
    )


def test_where_the_generator_gives_at_once_nothing_is_said_of_the_stack() -> None:
    """80, 40, 20 and 10 were too many for it."""
    tries = searched(Bounds(80, 1000), lambda *_: False, LATE)
    assert outcome(Bounds(80, 1000), tries).startswith(
        "Not even 10 players: the generator gave first, so the stack was not tested"
    )


def test_it_ends_however_the_stack_jumps() -> None:
    """One that holds every other time, whatever is asked."""
    assert len(searched(Bounds(1000, 100_000), lambda _, so_far: so_far % 2 == 0)) <= MOST_TRIES


def test_a_search_that_was_stopped_says_that_nothing_was_confirmed() -> None:
    """One try, and it held; or none, which says nothing of anybody."""
    assert outcome(Bounds(5, 50), []) == "No try came to its end, so nothing is known."
    assert ", though it was not confirmed; " in outcome(Bounds(5, 50), [Try(5, 10.0, holds=True, why=HELD)])


@pytest.mark.parametrize(("to", "start", "first"), [(1000, None, 100), (5, None, 1), (1000, 300, 300)])
def test_it_begins_at_a_tenth_or_where_it_was_told(to: int, start: int | None, first: int) -> None:
    """At least with one."""
    assert bounds(to, start) == Bounds(first, to)
