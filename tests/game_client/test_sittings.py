"""Whole sessions, from the title to getting up, with a window that draws nothing and a clock that leaps."""

from random import Random

import pytest
from msgspec.structs import replace

from contract.adaptations import AdaptationDecided
from contract.events import (
    AdaptationApplied,
    ConsentChanged,
    ErrorRaised,
    Event,
    FeelingRated,
    PlayPaused,
    PlayResumed,
    RapidFinished,
    RapidStarted,
    SessionEnded,
    SessionHeartbeat,
    SessionStarted,
    StrokeMade,
)
from game_client.frame import Input, frame
from game_client.journal import Journal
from game_client.loop import play
from game_client.scene import Best, Link, Preferences, Scene
from game_client.session import sit_down
from game_client.state import FORWARD, LEFT, RIGHT
from tests.game_client.props import NOON, STARTED, MemoryWire, NullWindow, decided, doors, goal, sitting

IDLE = Input()


def key(*names: str) -> Input:
    """One frame in which these keys were pressed."""
    return Input(presses=names)


def frames(seconds: float, seen: Input = IDLE) -> list[Input]:
    """The same input for so long, at sixty frames a second."""
    return [seen] * round(seconds * 60)


def down(lines: int) -> list[Input]:
    """Down so many lines, and choose."""
    return [*[key("down")] * lines, key("return")]


EVENING = [
    *frames(0.5),
    *down(2),
    key("escape"),
    key("up", "up"),
    *down(0),
    *frames(2.0),
    *frames(0.5, Input(held=LEFT)),
    key("escape"),
    *frames(1.0),
    *down(1),
    *down(0),
    key("escape"),
    key("escape"),
    *frames(1.0),
    key("p"),
    *down(3),
    *frames(0.5),
    *down(0),
    *frames(1.0, Input(held=FORWARD | RIGHT)),
    key("escape"),
    *down(4),
    *frames(0.2),
    *down(3),
]
"""Help, play, pause, sound off, play, pause, give up, try again, pause, leave the river, quit."""


def test_a_whole_session_from_the_title_to_getting_up() -> None:
    """Help, play, pause, settings in between, give up, try again, and quit: every step is told, in order."""
    window, wire = NullWindow(EVENING), MemoryWire()
    summary = sitting(window, wire)
    told = [type(fact) for fact in wire.facts if not isinstance(fact, SessionHeartbeat)]
    assert told == [
        SessionStarted,
        RapidStarted,
        StrokeMade,
        PlayPaused,
        PlayResumed,
        PlayPaused,
        RapidFinished,
        RapidStarted,
        StrokeMade,
        StrokeMade,
        PlayPaused,
        RapidFinished,
        SessionEnded,
    ]
    assert wire.facts[-1] == SessionEnded("quit", pytest.approx(4.5, abs=0.2), 2)
    assert window.scenes[-1].preferences.mute is True
    assert {scene.screen for scene in window.scenes} == {"title", "help", "play", "paused", "settings", "over"}
    assert [event.sequence for event in wire.events] == list(range(1, summary.events + 1))
    assert (summary.rounds, summary.frames) == (2, len(window.scenes))


def test_an_autopilot_plays_by_itself_for_as_long_as_it_is_told() -> None:
    """A minute is two cleared rapids and a part of the third; the paddle is a bot's, and says so."""
    window, wire = NullWindow(frames(61.0)), MemoryWire()
    summary = sitting(window, wire, autopilot=True, seconds=60.0)
    finished = [fact for fact in wire.facts if isinstance(fact, RapidFinished)]
    assert [fact.outcome for fact in finished] == ["cleared", "cleared", "abandoned"]
    assert [fact.rapid for fact in finished] == [1, 2, 3]
    assert wire.facts[-1] == SessionEnded("timeout", pytest.approx(55.0, abs=0.5), 3)
    assert {event.playerkind for event in wire.events} == {"bot"}
    assert summary.rounds == 3


@pytest.mark.parametrize("touch", [key("x"), Input(held=LEFT)])
def test_the_first_touch_takes_the_paddle_from_the_autopilot(touch: Input) -> None:
    """From then on a person plays; the touch itself is no menu key."""
    window, wire = NullWindow([*frames(3.0), touch, *frames(3.0)]), MemoryWire()
    sitting(window, wire, autopilot=True)
    assert window.scenes[170].autopilot is True
    assert window.scenes[185].autopilot is False
    assert window.scenes[-2].screen == "play"
    assert wire.events[-1].playerkind == "human"


def test_losing_the_players_eye_pauses() -> None:
    """The clock of play stands still until the player says so, however often the window is looked at again."""
    away = Input(focused=False)
    window, wire = NullWindow([*down(0), *frames(1.0), *frames(5.0, away), *frames(1.0)]), MemoryWire()
    sitting(window, wire)
    assert [type(fact) for fact in wire.facts].count(PlayPaused) == 1
    assert window.scenes[-2].screen == "paused"
    assert wire.facts[-1] == SessionEnded("closed", pytest.approx(1.0, abs=0.1), 1)


def test_the_game_says_every_five_seconds_that_it_is_alive() -> None:
    """Twelve seconds at the title are two heartbeats, at sixty frames a second."""
    wire = MemoryWire()
    wire.state = Link("away", waiting=40, dropped=3)
    sitting(NullWindow(frames(12.0)), wire)
    beats = [fact for fact in wire.facts if isinstance(fact, SessionHeartbeat)]
    assert beats == [SessionHeartbeat(True, 60.0, 60.0, 40, 3)] * 2  # noqa: FBT003 - a fact's first field


def harder_after_a_round(event: Event) -> AdaptationDecided | None:
    """A server that answers the end of every round with a goal."""
    if isinstance(event.data, RapidFinished):
        return decided(goal(event.data.rapid, difficulty=-1.2, because="You had room to spare."))
    return None


def test_a_goal_heard_makes_the_next_rapid_and_its_words_are_on_screen() -> None:
    """It comes while the end of the round is on show, is answered, and the next rapid is what it asks for."""
    window, wire = NullWindow(frames(41.0)), MemoryWire(harder_after_a_round)
    summary = sitting(window, wire, autopilot=True, seconds=40.0)
    started = [fact for fact in wire.facts if isinstance(fact, RapidStarted)]
    assert [round(fact.difficulty, 2) for fact in started] == [-1.6, -1.2]
    assert any(isinstance(fact, AdaptationApplied) for fact in wire.facts)
    over = next(scene for scene in reversed(window.scenes) if scene.screen == "over")
    assert over.lines[-1] == "Next: harder. You had room to spare."
    assert window.scenes[-1].goal is not None
    assert summary.loop_ms is not None


def test_the_river_leaves_alone_whoever_asks_it_to() -> None:
    """The wish is told once, kept, and no goal counts from then on; the designer's next rapid is -1.38."""
    kept: list[tuple[Preferences, tuple[Best, ...]]] = []
    script = [*down(1), *down(5), key("escape"), key("up"), *down(0), *frames(60.0)]
    window, wire = NullWindow(script), MemoryWire(harder_after_a_round)
    sitting(window, wire, kept=kept)
    assert wire.facts.count(ConsentChanged(consent=False)) == 1
    assert not any(isinstance(fact, AdaptationApplied) for fact in wire.facts)
    assert kept[0][0].consent is False
    assert window.scenes[-1].world.consent is False


def test_a_best_run_is_kept_for_its_class() -> None:
    """The autopilot clears class I; its score stands on the shelf before the next rapid begins."""
    kept: list[tuple[Preferences, tuple[Best, ...]]] = []
    old = Best("III", 900, 5, 24.0)
    window, wire = NullWindow(frames(30.0)), MemoryWire()
    sitting(window, wire, autopilot=True, kept=kept, bests=(old,), seconds=29.0)
    finished = next(fact for fact in wire.facts if isinstance(fact, RapidFinished))
    assert kept[0][1] == (old, Best("I", finished.score, 1, finished.active_s))
    assert window.scenes[-1].world.best in {0, finished.score}


def test_a_shelf_that_keeps_nothing_is_told_and_stops_nobody() -> None:
    """The sentence goes out as a warning; play goes on to the end of the script."""
    window, wire, dice = NullWindow([*down(1), *down(0), *frames(1.0)]), MemoryWire(), Random(1)
    full = replace(doors(window, wire, []), keep=lambda _preferences, _bests, _rapid: "The disk is full.")
    summary = play(sit_down(Preferences(), (), dice, autopilot=False), (STARTED,), Journal("p", "s", "/t"), full, dice)
    assert ErrorRaised("warning", "keep", "The disk is full.") in wire.facts
    assert summary.frames == 1 + 2 + 60 + 1


def test_a_fault_of_the_games_own_is_told_before_it_ends_the_game() -> None:
    """A window that breaks in the second frame: the last event names the fault, and nobody swallows it."""

    class BreakingWindow(NullWindow):
        def draw(self, scene: Scene) -> None:
            super().draw(scene)
            if len(self.scenes) == 2:
                raise gone

    gone, wire = OSError("the screen is gone"), MemoryWire()
    with pytest.raises(OSError, match="the screen is gone"):
        sitting(BreakingWindow(frames(1.0)), wire)
    assert wire.facts[-1] == ErrorRaised("critical", "OSError", "the screen is gone")


def test_every_fifth_round_asks_how_it_felt() -> None:
    """Five rounds given up; the question stands after the fifth, and 4 answers it."""
    give_up = [*frames(0.3), key("p"), *down(3), *frames(0.1)]
    again = [*down(0)]
    window = NullWindow([*down(0), *(give_up + again) * 4, *give_up, key("4"), *frames(0.1)])
    wire = MemoryWire()
    sitting(window, wire)
    assert [fact for fact in wire.facts if isinstance(fact, FeelingRated)] == [FeelingRated(4, "flow")]
    assert len([scene for scene in window.scenes if scene.question]) == pytest.approx(7, abs=1)
    assert window.scenes[-1].question is None


def test_a_frame_that_took_far_too_long_does_not_make_the_kayak_jump() -> None:
    """Ten seconds lost to a sleeping machine are a quarter of a second of play."""
    dice = Random(1)
    session = sit_down(Preferences(), (), dice, autopilot=False)
    session, _ = frame(session, key("return"), [], link=Link(), elapsed_s=0.0, now=NOON, dice=dice)
    session, _ = frame(session, IDLE, [], link=Link(), elapsed_s=10.0, now=NOON, dice=dice)
    assert session.scene.world.clock == pytest.approx(7 / 30)
    assert session.scene.blend == pytest.approx(0.5)


def test_drawing_is_between_two_steps_of_the_world() -> None:
    """Frames are twice as many as steps: the blend goes back and forth between a half and nothing."""
    window = NullWindow([*down(0), *frames(1.0)])
    sitting(window, MemoryWire())
    assert {round(scene.blend, 3) for scene in window.scenes[2:-1]} <= {0.0, 0.5, 1.0}
    assert window.scenes[-2].world.clock == pytest.approx(1.0, abs=0.05)


def test_a_session_alone_says_so_on_its_title() -> None:
    """No wire, no goal; the words are there from the first frame."""
    session = sit_down(Preferences(), (), Random(1), autopilot=False, link=Link("alone"), note="A note.")
    assert session.scene.lines[0].startswith("You paddle alone")
    assert session.scene.lines[1] == "A note."
