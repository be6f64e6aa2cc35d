"""A trial at the river: who is in which arm stays there, all arms begin alike, and it starts and stops under way."""

from datetime import timedelta
from typing import Final

import pytest
from msgspec.structs import replace

from contract.course import designed_difficulty
from contract.events import RapidStarted
from engagement_api.judge import Rules
from engagement_api.trial import HELD_OUT, Branch, PolicyName, Trial
from tests.story.arms import POLICIES, alike, graph, somebody_in, under
from tests.story.river_loop import Game, Watchers, nobody

DAY: Final = timedelta(days=1)
BURN_IN: Final = 3
ARMS: Final = tuple(Branch(f"arm of {policy}", policy, 1 / len(POLICIES)) for policy in POLICIES)
TRIAL: Final = Trial("spring", ARMS, BURN_IN)
RULES: Final = Rules(trial=TRIAL, graph=graph())


@pytest.mark.parametrize("branch", [*TRIAL.arms, HELD_OUT], ids=lambda branch: branch.policy)
def test_an_arm_is_kept_over_sessions_and_restarts(branch: Branch) -> None:
    """Five days, and a restart of everybody who watches each night: one arm, and the river of an unbroken week."""
    player = somebody_in(branch.name, TRIAL)
    steady, broken = (Game(player, nobody, Watchers(RULES)) for _ in range(2))
    for day in range(5):
        for game in (steady, broken):
            if day:
                game.come_back(DAY)
            game.rounds_of("WLW")
            game.leave()
        broken.watchers.restart()
    assert {(goal.data.trial, goal.data.arm) for goal in broken.watchers.goals} == {("spring", branch.name)}
    assert broken.watchers.goals == steady.watchers.goals
    assert broken.watchers.beliefs == steady.watchers.beliefs


@pytest.mark.parametrize("branch", [*TRIAL.arms, HELD_OUT], ids=lambda branch: branch.policy)
def test_every_arm_begins_alike_and_exposure_begins_when_that_is_over(branch: Branch) -> None:
    """Three rounds are all played as the designer drew them; the goal after the third is the arm's own, and exposes."""
    game = Game(somebody_in(branch.name, TRIAL), nobody, Watchers(RULES))
    game.rounds_of("LLLLLL")
    goals = [goal.data for goal in game.watchers.goals if goal.data.evidence["rounds"] > 0]
    assert [goal.exposed for goal in goals] == [False, False, True, True, True, True]
    assert [goal.policy for goal in goals] == ["P0", "P0", *[branch.policy] * 4]
    assert game.difficulties()[:BURN_IN] == [designed_difficulty(1)] * BURN_IN
    assert (game.difficulties()[BURN_IN] < designed_difficulty(1)) is (branch.policy != "P0")


def test_another_trial_changes_the_policy_with_the_next_round_and_stopping_it_changes_it_back() -> None:
    """Nobody restarts, the river goes on from where it is, and the round under way is not touched."""
    watchers = Watchers(under("P1"))
    game = Game("ada", nobody, watchers)
    seen = []
    for trial in (None, alike("P0"), alike("explore"), None):
        game.rounds_of("L")
        seen.append((watchers.goal().trial, watchers.goal().policy))
        watchers.rules = replace(watchers.rules, trial=trial)
    game.rounds_of("L")
    seen.append((watchers.goal().trial, watchers.goal().policy))
    assert seen == [("all P1", "P1"), ("none", "P2"), ("all P0", "P0"), ("all explore", "explore"), ("none", "P2")]
    steps = zip(game.difficulties(), game.difficulties()[1:], strict=False)
    assert all(abs(later - earlier) <= 0.3 + 1e-6 for earlier, later in steps)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_players_wish_beats_every_arm_within_a_round_and_taken_back_the_arm_goes_on(policy: PolicyName) -> None:
    """Whatever was decided before: as drawn with the next round; and the arm is the same when the player is back."""
    game = Game("ada", nobody, Watchers(under(policy)))
    game.rounds_of("LL")
    game.choose(consent=False)
    game.rounds_of("LWL")
    assert as_drawn(game)[-3:] == [True] * 3
    assert game.world.goal is None
    game.choose(consent=True)
    assert game.watchers.goal().because == "The river follows you again, from where you stand."
    game.rounds_of("LL")
    assert (game.watchers.goal().policy, game.watchers.goal().arm) == (policy, "everybody")
    assert as_drawn(game)[-1] is (policy == "P0")


@pytest.mark.parametrize("policy", POLICIES)
def test_the_switch_beats_every_arm_within_a_round_and_turned_back_the_arm_goes_on(policy: PolicyName) -> None:
    """Turned while a trial runs and a round is played: everybody has the designer's river from the next round on."""
    watchers = Watchers(under(policy))
    game = Game("ada", nobody, watchers)
    game.rounds_of("LL")
    watchers.rules = replace(watchers.rules, adapting=False)
    game.rounds_of("LWL")
    assert as_drawn(game)[-3:] == [True] * 3
    assert watchers.goal().because.startswith("The river leaves everybody alone for now")
    assert (watchers.goal().exposed, watchers.goal().arm) == (False, "everybody")
    watchers.rules = replace(watchers.rules, adapting=True)
    game.rounds_of("LLL")
    assert watchers.goal().policy == policy
    assert as_drawn(game)[-1] is (policy == "P0")


def as_drawn(game: Game) -> list[bool]:
    """Of every round begun, whether it was the designer's."""
    started = [fact for fact in game.facts if isinstance(fact, RapidStarted)]
    return [abs(fact.difficulty - designed_difficulty(fact.rapid)) < 1e-6 for fact in started]
