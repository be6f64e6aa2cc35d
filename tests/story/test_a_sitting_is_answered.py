"""The player's side of the promises: whole sittings with menus and frames, answered by the real hearts behind the wire.

Everything travels as bytes. The window draws nothing; what would have been on screen is looked at instead.
"""

from datetime import timedelta

import pytest

from contract.course import designed_difficulty
from contract.events import (
    AdaptationApplied,
    AdaptationRejected,
    ConsentChanged,
    Event,
    RapidFinished,
    RapidStarted,
    StrokeMade,
)
from game_client.scene import Link
from tests.game_client.props import NOON, MemoryWire, NullWindow, sitting
from tests.story.answered import AnsweredWire, drifting, presses


def told(wire: MemoryWire, fact: type) -> list[Event]:
    """The events that carry this kind of fact."""
    return [event for event in wire.events if isinstance(event.data, fact)]


def test_who_loses_reads_why_the_river_grows_gentler_and_finds_it_so() -> None:
    """Hands in the lap lose the first rapid; the end of the round says why, and the second attempt is easier."""
    window = NullWindow([*presses("return"), *drifting(40.0), *presses("return"), *drifting(1.0)])
    wire = AnsweredWire()
    sitting(window, wire)
    first, second = (event.data for event in told(wire, RapidStarted))
    assert isinstance(first, RapidStarted)
    assert isinstance(second, RapidStarted)
    assert second.difficulty < first.difficulty
    goal = next(told.data for told in wire.watchers.goals if told.data.evidence["rounds"] == 1.0)
    over = next(scene for scene in reversed(window.scenes) if scene.screen == "over")
    assert over.heading == "Swamped"
    assert over.lines[-1] == f"Next: easier. {goal.because}"


def test_the_answer_comes_within_a_frame_by_the_players_own_clock() -> None:
    """In memory the loop takes one frame: what is told at the end of one is heard at the start of the next."""
    window, wire = NullWindow(drifting(61.0)), AnsweredWire()
    summary = sitting(window, wire, autopilot=True, seconds=60.0)
    latencies = [fact.latency_ms for fact in wire.facts if isinstance(fact, AdaptationApplied)]
    assert len(latencies) > 1
    assert max(latencies) == pytest.approx(1000 / 60, abs=0.01)
    assert summary.loop_ms == latencies[-1]


def test_who_asks_to_be_left_alone_gets_the_designers_river_from_the_next_round_on() -> None:
    """Settings, sixth line; the goals that still come are refused, and the page says whose river it is."""
    opt_out = presses("down", "return", *["down"] * 5, "return", "escape", "up", "return")
    window = NullWindow([*opt_out, *drifting(40.0), *presses("return"), *drifting(1.0)])
    wire = AnsweredWire()
    sitting(window, wire)
    (wish,) = told(wire, ConsentChanged)
    assert all(event.sequence < wish.sequence for event in told(wire, AdaptationApplied))
    assert told(wire, AdaptationRejected)
    assert [event.data.difficulty for event in told(wire, RapidStarted)] == [designed_difficulty(1)] * 2
    over = next(scene for scene in reversed(window.scenes) if scene.screen == "over")
    assert over.lines[-1].startswith("The river leaves you alone.")


def test_a_wire_that_is_away_changes_nothing_but_a_small_sign() -> None:
    """The same hands on the same river play the same game; the scene says that the wire is away."""
    away, alone = MemoryWire(), MemoryWire()
    away.state, alone.state = Link("away", waiting=12), Link("alone")
    windows = [NullWindow(drifting(31.0)), NullWindow(drifting(31.0))]
    for window, wire in zip(windows, (away, alone), strict=True):
        sitting(window, wire, autopilot=True, seconds=30.0)
    finished = [[event.data for event in told(wire, RapidFinished)] for wire in (away, alone)]
    assert finished[0] == finished[1]
    assert windows[0].scenes[-1].link == Link("away", waiting=12)
    assert away.events[-1].time <= NOON + timedelta(seconds=31)


def test_a_long_line_of_waiting_events_thins_the_strokes_and_nothing_else() -> None:
    """With 2,000 events in line the same game tells a quarter of its strokes, says so, and its numbers have no gap."""
    crowded, free = MemoryWire(), MemoryWire()
    crowded.state = Link("away", waiting=2_000)
    for wire in (crowded, free):
        sitting(NullWindow(drifting(31.0)), wire, autopilot=True, seconds=30.0)
    few, all_of_them = told(crowded, StrokeMade), told(free, StrokeMade)
    assert len(few) == len(all_of_them) // 4 > 5
    assert {event.data.sampledrate for event in few} == {4}
    assert len(free.events) - len(crowded.events) == len(all_of_them) - len(few)
    assert [event.sequence for event in crowded.events] == list(range(1, len(crowded.events) + 1))
