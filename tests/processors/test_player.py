"""The fold over a player's events: each once, in order, whatever the stream does to them."""

import random
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.events import Event, PlayPaused, PlayResumed
from contract.signals import Signals
from processors.player import PATIENCE_EVENTS, Player, advance, signals, step
from processors.state import WrongStateError, read, write
from processors.window import NUMBERS, SESSIONS, OutOfWindowError
from tests.processors.river import START, cleared, event, folded, played, started, stroke, swamped, told


def long_session(seed: int, events: int = 400) -> list[Event]:
    """A session as a paddler might have it."""
    return played("p-1", "s-1", events, START, random.Random(seed))


@given(st.integers(0, 1000), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_repeats_change_nothing(seed: int, dice: random.Random) -> None:
    """Every event once to five times, repeats up to 200 numbers late."""
    events = long_session(seed)
    repeated = [each for n, event_ in enumerate(events) for each in (event_, *_some_before(events, n, dice))]
    assert folded(repeated) == folded(events)


@given(st.integers(0, 1000), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_shuffles_inside_the_bound_change_nothing(seed: int, dice: random.Random) -> None:
    """Blocks of eight events (some 4 s) in any order give the in-order player, to the last bit."""
    events = long_session(seed)
    shuffled = [each for at in range(0, len(events), 8) for each in dice.sample(events[at : at + 8], k=8)]
    assert folded(shuffled) == folded(events)


@given(st.integers(0, 1000), st.integers(1, 398), st.floats(0.0, 1700.0))
@settings(max_examples=20, deadline=None)
def test_a_pause_however_long_changes_no_belief(seed: int, at: int, pause_s: float) -> None:
    """The same session with a pause in it is believed to be the same, but for the last bits of the clock.

    And for `days`, which are the calendar's: a pause is a part of the day.
    """
    timed = [((each.time - START).total_seconds(), each.data) for each in long_session(seed)]
    stop_s = timed[at][0]
    later = [(at_s + pause_s, fact) for at_s, fact in timed[at + 1 :]]
    paused = [*timed[: at + 1], (stop_s, PlayPaused()), (stop_s + pause_s, PlayResumed()), *later]
    plain, rested = (_but_days(signals(folded(told(*facts)))) for facts in (timed, paused))
    assert rested == pytest.approx(plain, abs=1e-6)


def test_advance_and_signals_are_step() -> None:
    """Reading the beliefs once at the end is what `step` answered last."""
    events, player, stepped, believed = long_session(3), Player(), Player(), None
    for each in events:
        player = advance(player, each)
        stepped, believed = step(stepped, each)
    assert player == stepped
    assert signals(player) == believed


def test_a_repeat_answers_none_and_the_very_same_player() -> None:
    """Nothing changed, and it can be seen that nothing did."""
    player = folded(told((0, stroke())))
    again, believed = step(player, told((0, stroke()))[0])
    assert again is player
    assert believed is None


def test_an_event_before_its_turn_counts_at_once_and_is_put_in_order_when_the_missing_one_comes() -> None:
    """Lost then cleared, told as cleared then lost: first a run of +1, at the end a run of +1 after a loss."""
    first, second = told((0, swamped()), (5, cleared()))
    early = folded([second])
    assert signals(early).streak == 1
    both = folded([second, first])
    assert both == folded([first, second])
    assert (signals(both).streak, signals(both).last3, both.waiting) == (1, 0b01, ())


def test_nobody_waits_longer_than_ten_seconds_of_play_for_a_lost_event() -> None:
    """Number 2 never comes: what came after it is settled once 10 s have been played, and what it said is not lost."""
    one, two, *others = told(*((float(n), stroke()) for n in range(15)))
    waiting = folded([one, *others[:10]])
    assert len(waiting.waiting) == 10
    settled = folded([one, *others])
    assert len(settled.waiting) == 0
    late = folded([one, *others, two])
    assert late.belief.life.late == 1
    assert late.heard[0].events == 15
    assert signals(late).apm == pytest.approx(signals(folded([one, two, *others])).apm)


def test_a_round_that_comes_too_late_is_counted_and_judges_nobody() -> None:
    """Rounds 2, but only the one in order moved skill and streak."""
    events = told((0, stroke()), (1, swamped()), (2, cleared()), *((3.0 + n, stroke()) for n in range(12)))
    player = folded([events[0], *events[2:], events[1]])
    assert (signals(player).rounds, signals(player).streak) == (2, 1)


def test_only_so_many_events_wait() -> None:
    """With everything at one instant it is the number that bounds the waiting."""
    events = told(*((0.0, stroke()) for _ in range(PATIENCE_EVENTS + 3)))
    assert len(folded([*events[:1], *events[2 : 2 + PATIENCE_EVENTS]]).waiting) == PATIENCE_EVENTS
    assert folded([*events[:1], *events[2:]]).waiting == ()


def test_a_state_with_events_that_wait_survives_its_trip_through_bytes() -> None:
    """The waiting events travel with it, and the missing one still finds its place."""
    first, second, third = told((0, started()), (1, stroke()), (2, stroke()))
    player = read(write(folded([first, third]), 3))
    assert player.waiting == (third,)
    assert folded([second], player) == folded([first, second, third])


def test_what_is_older_than_the_window_is_refused_and_not_guessed() -> None:
    """A repeat 255 behind is known; one 256 behind could be anything."""
    events = told(*((n / 10, stroke()) for n in range(NUMBERS + 1)))
    player = folded(events)
    assert step(player, events[1])[1] is None
    with pytest.raises(OutOfWindowError, match="256 behind the newest"):
        step(player, events[0])


def test_a_jump_in_numbers_keeps_the_window_small() -> None:
    """From number 1 to a thousand million: 255 numbers are missed, no more."""
    player = folded([event(stroke(), 1, 0), event(stroke(), 1_000_000_000, 1)])
    assert len(player.heard[0].missing) == NUMBERS - 1
    assert player.heard[0].events == 2


def test_four_sessions_are_remembered_and_the_fifth_is_not_taken_for_new() -> None:
    """The oldest session's events are refused when they come again; a new session never is."""
    events = [event(stroke(), 1, 4000.0 * n, session=f"s-{n}") for n in range(SESSIONS + 1)]
    player = folded(events)
    assert [heard.session for heard in player.heard] == ["s-4", "s-3", "s-2", "s-1"]
    assert step(player, events[1])[1] is None
    with pytest.raises(OutOfWindowError, match="session s-0 is not among the last 4"):
        step(player, events[0])


def test_a_late_word_of_an_earlier_session_is_taken() -> None:
    """The end of one session may come after the beginning of the next."""
    first, ended = told((0, stroke()), (1, stroke()))
    opened = event(stroke(), 1, 2, session="s-2")
    player = folded([first, opened, ended])
    assert {heard.session: heard.events for heard in player.heard} == {"s-1": 2, "s-2": 1}
    assert step(player, ended)[1] is None


def test_bytes_that_are_no_player_are_refused_by_name() -> None:
    """Neither rubbish nor another format is read as something else."""
    with pytest.raises(WrongStateError, match="no player of format 2"):
        read(b"rubbish")
    other = msgspec.msgpack.encode([3, *msgspec.msgpack.decode(write(Player(), 0))[1:]])
    with pytest.raises(WrongStateError, match="a player of format 3"):
        read(other)
    with pytest.raises(WrongStateError, match="no player of format 2"):
        read(msgspec.msgpack.encode([1, "another", "shape"]))


def test_the_time_of_day_does_not_matter() -> None:
    """The same session a year later is the same belief."""
    then = played("p-1", "s-1", 200, START, random.Random(5))
    later = played("p-1", "s-1", 200, datetime(2027, 11, 23, 9, 0, tzinfo=UTC), random.Random(5))
    expected = msgspec.to_builtins(signals(folded(then)))
    assert msgspec.to_builtins(signals(folded(later))) == pytest.approx(expected, abs=1e-6)


def _some_before(events: list[Event], n: int, dice: random.Random) -> list[Event]:
    return [events[max(n - dice.randint(0, 200), 0)] for _ in range(dice.randint(0, 4))]


def _but_days(believed: Signals) -> dict[str, object]:
    return {name: value for name, value in msgspec.to_builtins(believed).items() if name != "days"}
