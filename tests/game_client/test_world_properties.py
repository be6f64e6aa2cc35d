"""What holds on every river, whatever the paddle does."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from contract.codec import encode, read_event
from contract.events import GateMissed, GatePassed, RapidFinished
from game_client.journal import Journal, stamp
from game_client.state import HALF_WIDTH, HULL, STEP_S, Happening, Held, World
from game_client.world import advance, begin
from tests.game_client.props import NOON

HANDS = st.lists(st.tuples(st.integers(0, 15), st.integers(1, 40)), max_size=40)
"""What is held, and for how many steps."""


def paddled(difficulty: float, seed: int, hands: list[tuple[Held, int]], pace: float = 1.0) -> list[World | Happening]:
    """Every world and happening on the way, the hands' last grip held to the end."""
    dice = Random(seed)
    world, told = begin(1, 1, difficulty, seed, pace=pace)
    way: list[World | Happening] = [world, *told]
    grips = iter(held for held, steps in hands for _ in range(steps))
    while world.phase == "running":
        world, told = advance(world, next(grips, 0), STEP_S, dice)
        way += [world, *told]
    return way


@settings(max_examples=25, deadline=None)
@given(st.floats(-3.0, 3.0), st.integers(0, 2**53), HANDS)
def test_the_same_seed_strokes_and_dice_give_the_same_world(
    difficulty: float, seed: int, hands: list[tuple[int, int]]
) -> None:
    """Step by step, to the last happening."""
    assert paddled(difficulty, seed, hands) == paddled(difficulty, seed, hands)


@settings(max_examples=8, deadline=None)
@given(st.floats(-3.0, 3.0), st.integers(0, 2**53), HANDS)
def test_whoever_looks_everywhere_in_every_step_meets_nothing_more(
    difficulty: float, seed: int, hands: list[tuple[int, int]]
) -> None:
    """Looking only where the next thing comes up is cheaper, and nothing else: the same boat, the same happenings."""
    grips = [held for held, steps in hands for _ in range(steps)]
    thrifty, _ = begin(1, 1, difficulty, seed)
    wary = thrifty
    one, other = Random(seed), Random(seed)
    while thrifty.phase == "running":
        held = grips.pop() if grips else 0
        thrifty, told = advance(thrifty, held, STEP_S, one)
        wary, seen = advance(replace(wary, next_look=0.0), held, STEP_S, other)
        assert (thrifty.kayak, thrifty.ahead, told) == (wary.kayak, wary.ahead, seen)


@settings(max_examples=40, deadline=None)
@given(st.floats(-3.0, 3.0), st.integers(0, 2**53), HANDS, st.floats(0.0, 1.0))
def test_every_round_ends_once_and_accounts_for_its_gates(
    difficulty: float, seed: int, hands: list[tuple[int, int]], pace: float
) -> None:
    """Gates are told once each and in order, the hull and the kayak stay within bounds, and what is told can travel."""
    way = paddled(difficulty, seed, hands, pace)
    worlds = [thing for thing in way if isinstance(thing, World)]
    facts = [thing for thing in way if not isinstance(thing, World)]
    assert [isinstance(fact, RapidFinished) for fact in facts] == [False] * (len(facts) - 1) + [True]
    gates = [fact.gate for fact in facts if isinstance(fact, GatePassed | GateMissed)]
    assert gates == list(range(1, len(gates) + 1))
    for world in worlds:
        assert abs(world.kayak.x) < HALF_WIDTH
        assert 0 <= world.kayak.hull <= HULL
        assert world.score >= 0
    for fact in facts:
        _, event = stamp(Journal("p", "s", "/test"), fact, NOON, "id")
        assert read_event(encode(event), NOON) == event


@settings(max_examples=25, deadline=None)
@given(st.floats(-3.0, 3.0), st.integers(0, 2**53), st.floats(0.0, 1.0))
def test_a_lower_pace_never_adds_a_rock(difficulty: float, seed: int, pace: float) -> None:
    """What is there at a lower pace is there at the full one, and as hard."""
    full, _ = begin(1, 1, difficulty, seed, pace=1.0)
    less, _ = begin(1, 1, difficulty, seed, pace=pace)
    assert set(less.ahead) <= set(full.ahead)
