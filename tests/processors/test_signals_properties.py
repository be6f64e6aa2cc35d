"""What holds for every signal, whatever happens to a player and in whatever order it is told."""

import random
from datetime import UTC, datetime
from typing import Final

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.events import EVENT_OF, Event, Fact
from contract.signals import Signals
from processors.player import PATIENCE_S, Player, signals, step
from processors.state import read, write
from processors.window import OutOfWindowError
from tests.contract.invented import messages
from tests.processors.river import event, folded, told

FACTS: Final = st.one_of([messages(of).map(lambda event: event.data) for of in EVENT_OF.values()])
GAPS_S: Final = st.sampled_from([0.0, 0.001, 0.4, 6.0, 1_799.0, 1_801.0, 86_400.0, 1e7]) | st.floats(-1e5, 1e5)
"""A moment, a long gap, a silence, a night, half a year; and clocks that jump, back as well."""
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
FAR_OFF: Final = datetime(7999, 12, 31, tzinfo=UTC)


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """Any facts, of up to three sessions at a time, at any distance, some of them told twice or out of turn."""
    start = draw(st.sampled_from([LONG_AGO, datetime(2026, 11, 23, 9, 0, tzinfo=UTC), FAR_OFF]))
    at_s, told_, numbers = 1e6, [], dict.fromkeys(("a", "b", "c"), 0)
    for gap_s, session, fact in draw(st.lists(st.tuples(GAPS_S, st.sampled_from("aaaabc"), FACTS), max_size=30)):
        at_s = max(at_s + gap_s, 0.0)
        numbers[session] += draw(st.sampled_from([1, 1, 1, 2]))
        told_.append(event(fact, numbers[session], at_s, session=session, start=start))
    return draw(st.permutations(told_)) if draw(st.booleans()) else told_


@given(lives())
@settings(max_examples=80, deadline=None)
def test_every_signal_stays_in_its_range_whatever_happens(events: list[Event]) -> None:
    """After each event of any life the contract takes what is believed, and the state is the same after bytes."""
    player = Player()
    for each in events:
        try:
            player, believed = step(player, each)
        except OutOfWindowError:
            continue
        if believed is not None:
            assert msgspec.convert(msgspec.to_builtins(believed), Signals) == believed
    assert signals(read(write(player, 1))) == signals(player)


@given(st.lists(st.tuples(st.floats(0, PATIENCE_S / 5), FACTS), min_size=1, max_size=30), st.randoms())
@settings(max_examples=40, deadline=None)
def test_late_inside_the_bound_is_not_late(happened: list[tuple[float, Fact]], dice: random.Random) -> None:
    """Any facts, told five by five in any order: every signal has the value that their own order gives it."""
    at_s, timed = 0.0, []
    for gap_s, fact in happened:
        at_s += gap_s
        timed.append((at_s, fact))
    events = told(*timed)
    fives = [events[n : n + 5] for n in range(0, len(events), 5)]
    shuffled = [each for five in fives for each in dice.sample(five, len(five))]
    assert signals(folded(shuffled)) == signals(folded(events))


@given(lives())
@settings(max_examples=20, deadline=None)
def test_a_replay_is_the_same_life(events: list[Event]) -> None:
    """The same events give the same signals, however often each is told."""
    assert signals(_bold(events)) == signals(_bold(events))
    known = _bold(events)
    assert signals(_bold(events, known)) == signals(known)


def _bold(events: list[Event], player: Player | None = None) -> Player:
    """The player after all events that are not too old to be told from repeats."""
    player = player or Player()
    for each in events:
        try:
            player, _ = step(player, each)
        except OutOfWindowError:
            continue
    return player
