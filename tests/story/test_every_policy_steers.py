"""Each policy at the river: a bot paddles, the policy decides, the rails hold, and every goal says truly why."""

from functools import cache
from itertools import pairwise
from typing import Final

import pytest

from contract.adaptations import Adaptation
from contract.course import chance_of_clearing, designed_difficulty
from contract.signals import Signals
from engagement_api.policy.bandit import TARGETS, Posterior, chances
from engagement_api.policy.target import COLD_ROUNDS
from engagement_api.trial import PolicyName
from tests.story.arms import POLICIES, graph, under
from tests.story.bot_hands import BotsHands
from tests.story.river_loop import Game, Watchers, nobody

BURN_IN: Final = 2
COUNTED: Final = ("pulls", "stays")
HAIR: Final = 1e-6


@cache
def steered(policy: PolicyName) -> Game:
    """Six rounds that end as they must, then two that a bot really paddles."""
    game = Game("ada", BotsHands("hasty", 7), Watchers(under(policy, burn_in=BURN_IN)))
    game.rounds_of("WLLWWW")
    for _ in range(2):
        game.round()
    return game


def answers(game: Game) -> list[tuple[Signals, Adaptation]]:
    """Every goal that answers a finished round, with the belief behind it."""
    believed = {(belief.sessionid, belief.sequence): belief for belief in game.watchers.beliefs}
    told = [(believed[goal.data.cause.session, goal.data.cause.sequence], goal.data) for goal in game.watchers.goals]
    return [(belief.data, goal) for belief, goal in told if belief.because == "rapid.finished"]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_steers_and_the_rails_hold(policy: PolicyName) -> None:
    """The game plays what was decided: 0.3 a round and 0.8 a session at most, and nobody is sent over an edge.

    Where the odds are outside .45 to .92 the river is on its way back: the step from there never leads further out.
    """
    game = steered(policy)
    told = answers(game)
    assert [goal.difficulty for _, goal in told] == pytest.approx(game.difficulties()[1:])
    offsets = [0.0, *(goal.difficulty - designed_difficulty(round(goal.evidence["rapid"])) for _, goal in told)]
    assert all(abs(later - earlier) <= 0.3 + HAIR for earlier, later in pairwise(offsets))
    assert all(abs(offset) <= 0.8 + HAIR for offset in offsets)
    for (belief, goal), (before, after) in zip(told, pairwise(offsets), strict=True):
        likely = chance_of_clearing(belief.skill, goal.difficulty)
        assert policy == "P0" or likely >= 0.45 or after <= before + HAIR
        assert policy == "P0" or likely <= 0.92 or after >= before - HAIR
    assert (max(map(abs, offsets)) < HAIR) is (policy == "P0")


@pytest.mark.parametrize("policy", POLICIES)
def test_a_goal_says_whose_it_is_why_and_what_would_have_been(policy: PolicyName) -> None:
    """Trial, arm, policy, exposure from the end of the burn-in; reasons in words; evidence as it was believed then."""
    for belief, goal in answers(steered(policy)):
        acts = belief.rounds >= BURN_IN
        assert (goal.trial, goal.arm, goal.exposed) == (f"all {policy}", "everybody", acts)
        assert goal.policy == (policy if acts else "P0")
        assert goal.because.endswith((".", "!"))
        believed = {name: getattr(belief, name) for name in ("skill", "success", "streak", "rounds", "intensity")}
        assert {name: goal.evidence[name] for name in believed} == pytest.approx(believed, abs=6e-4)
        assert goal.evidence["change"] == pytest.approx(goal.difficulty - belief.difficulty, abs=6e-4)
        assert goal.evidence["rapid"] == belief.rapid + (belief.newest_outcome == "cleared")
        assert goal.control == pytest.approx(designed_difficulty(round(goal.evidence["rapid"])))


def test_whoever_throws_dice_logs_the_chance_they_fell_so_and_nobody_else_has_any() -> None:
    """Exploring each target has a fifth; the bandit's chance follows from the ten counts in its evidence."""
    for policy in POLICIES:
        game = Game("ada", nobody, Watchers(under(policy)))
        game.rounds_of("WWLWLW" * 4)
        likely, begun = 1.0, 0
        for belief, goal in answers(game):
            target = goal.evidence.get("target")
            if policy == "explore" and belief.rounds > COLD_ROUNDS:
                likely = 0.2
            if policy == "P4" and "pulls_55" in goal.evidence:
                counts = [[round(goal.evidence[f"{what}_{round(100 * of)}"]) for of in TARGETS] for what in COUNTED]
                assert [sum(count) for count in counts] == [begun, max(begun - 1, 0)]
                likely, begun = chances(Posterior(*map(tuple, counts)))[TARGETS.index(target)], begun + 1  # type: ignore[arg-type] # five of each
            assert goal.propensity == pytest.approx(likely)
        assert begun == (3 if policy == "P4" else 0)


def test_the_shadow_in_every_arm_is_what_the_control_arm_does() -> None:
    """The same eight outcomes: whatever each arm plays, its goals name the difficulties that P0 played."""
    outcomes = "WWLWLLWW"
    control = Game("ada", nobody, Watchers(under("P0")))
    control.rounds_of(outcomes)
    for policy in POLICIES:
        game = Game("ada", nobody, Watchers(under(policy)))
        game.rounds_of(outcomes)
        assert [goal.control for _, goal in answers(game)] == control.difficulties()[1:]


def test_a_graph_that_foretells_badly_decides_nothing_and_the_player_reads_so() -> None:
    """A slope of 0.7 is outside 0.8 to 1.25: the arm of P3 plays exactly what the arm of P2 plays."""
    refused = Game("ada", nobody, Watchers(under("P3", of=graph(0.7))))
    target = Game("ada", nobody, Watchers(under("P2")))
    for game in (refused, target):
        game.rounds_of("WLWWLWWW")
    assert refused.difficulties() == target.difficulties()
    goal = refused.watchers.goal()
    assert goal.policy == "P2"
    assert "(The graph cannot be trusted now, so the target decides.)" in goal.because
    assert "graph_refused" in goal.evidence
