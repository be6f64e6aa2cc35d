"""Hints and rewards at the river: earned, sparing, seen in the game, and told about as events."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from contract.adaptations import Adaptation
from contract.events import AnyFact, HintDismissed, HintFollowed, HintShown, RewardClaimed, RewardGranted
from game_client.autopilot import steer
from game_client.frame import Input
from game_client.words import HINTS
from tests.game_client.props import NullWindow, sitting
from tests.story.answered import AnsweredWire, drifting, presses
from tests.story.river_loop import Game, Watchers, nobody


def lost_twice(*then: Input) -> tuple[NullWindow, AnsweredWire]:
    """Two rounds lost to the gates by hands in the lap, and the third begun."""

    def script() -> Iterator[Input]:
        yield from presses("return")
        for _ in range(2):
            yield from drifting(22.0)
            yield from presses("return")
        yield from then

    window, wire = NullWindow(script()), AnsweredWire()
    sitting(window, wire)
    return window, wire


def newest(wire: AnsweredWire, rounds: float) -> Adaptation:
    """The last goal for a player who had finished so many rounds."""
    return [goal.data for goal in wire.watchers.goals if goal.data.evidence["rounds"] == rounds][-1]


def told(facts: list[AnyFact], kind: type) -> list[str]:
    """What hints or rewards of this kind were told."""
    return [str(getattr(fact, "hint", None) or getattr(fact, "reward", "")) for fact in facts if isinstance(fact, kind)]


def test_two_losses_alike_bring_a_hint_that_stands_on_the_screen() -> None:
    """Gates missed twice: the words for gates are at the end of the second round, and over the third."""
    window, wire = lost_twice(*drifting(2.0))
    assert told(wire.facts, HintShown) == ["line_up_the_gate"]
    over = [scene for scene in window.scenes if scene.screen == "over"][-1]
    assert HINTS["line_up_the_gate"] in over.lines
    assert window.scenes[-2].hint_words == HINTS["line_up_the_gate"]
    (goal,) = (goal.data for goal in wire.watchers.goals if goal.data.hint)
    assert "A hint: line up with the gate" in goal.because


def test_a_hint_is_waved_away_with_one_key() -> None:
    """H: it is gone from the screen with the same frame, and it is told that it was."""
    window, wire = lost_twice(*drifting(1.0), *presses("h"), *drifting(1.0))
    assert told(wire.facts, HintDismissed) == ["line_up_the_gate"]
    assert told(wire.facts, HintFollowed) == []
    assert window.scenes[-2].hint_words == ""


def test_who_does_what_a_hint_says_has_followed_it() -> None:
    """The third round is paddled properly: through the first gate, and the hint has done its work."""
    game = Game("ada", nobody, Watchers())
    game.round()
    game.round()
    game.hands = steer
    game.round()
    assert told(game.facts, HintShown) == told(game.facts, HintFollowed) == ["line_up_the_gate"]


def test_hints_are_three_a_session_and_a_minute_apart() -> None:
    """Fifteen rounds lost to the gates have three; another day has three again."""
    game = Game("ada", nobody, Watchers())
    for _ in range(15):
        game.round()
    at = [goal.time for goal in game.watchers.goals if goal.data.hint]
    assert len(at) == len(told(game.facts, HintShown)) == 3
    assert all(later - earlier >= timedelta(seconds=60) for earlier, later in pairwise(at))
    game.leave()
    game.come_back(timedelta(days=1))
    for _ in range(15):
        game.round()
    assert len(told(game.facts, HintShown)) == 6


def test_not_giving_up_earns_a_reward_that_floats_on_the_river_to_be_taken() -> None:
    """Three attempts lost: a spare hull is granted in the fourth, and a good paddler takes it."""
    game = Game("ada", nobody, Watchers())
    for _ in range(3):
        game.round()
    assert game.watchers.goal().reward == "spare_hull"
    assert "You earned a spare hull for trying again." in game.watchers.goal().because
    game.hands = steer
    game.round()
    granted, claimed = (told(game.facts, kind) for kind in (RewardGranted, RewardClaimed))
    assert granted[0] == claimed[0] == "spare_hull"


def test_giving_up_is_no_effort() -> None:
    """Two attempts lost and the third given up: the goal that answers it grants nothing, and is no harder or easier."""
    _, wire = lost_twice(*drifting(2.0))
    second, third = (newest(wire, rounds) for rounds in (2.0, 3.0))
    assert third.because.startswith("You left that one before its end: the river stays as it is.")
    assert third.difficulty == second.difficulty
    assert [goal.data.reward for goal in wire.watchers.goals] == [None] * len(wire.watchers.goals)


def test_a_run_earns_a_reward_and_five_rounds_have_one_at_most() -> None:
    """Twelve rapids cleared in a row: a golden line after the fifth and the tenth, and nothing between."""
    game = Game("ada", steer, Watchers())
    for _ in range(12):
        assert game.round().outcome == "cleared"
    rewarded = [goal.data for goal in game.watchers.goals if goal.data.reward]
    assert [goal.evidence["streak"] for goal in rewarded] == [5.0, 10.0]
    assert {goal.reward for goal in rewarded} == {"golden_line"}
    assert told(game.facts, RewardClaimed) == ["golden_line", "golden_line"]


def test_losing_and_losing_earns_no_more_than_one_reward_in_five_rounds() -> None:
    """Twenty attempts at one rapid, all of them effort: rewarded after the third, then every fifth."""
    game = Game("ada", nobody, Watchers())
    game.rounds_of("L" * 20)
    rounds = [goal.data.evidence["rounds"] for goal in game.watchers.goals if goal.data.reward]
    assert rounds == [3.0, 8.0, 13.0, 18.0]
