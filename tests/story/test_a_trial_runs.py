"""A trial is run while a river is paddled: everybody has an arm, keeps it, and may still be left alone."""

from msgspec.structs import replace

from engagement_api.judge import Rules
from engagement_api.trial import HELD_OUT, Branch, Trial
from tests.story.arms import somebody_in
from tests.story.river_loop import Game, Watchers, nobody

SUMMER = Trial("summer", (Branch("drawn", "P0", 0.5), Branch("ranked", "P1", 0.5)), burn_in=2)


def test_each_arm_has_its_own_river_after_the_same_beginning() -> None:
    """Two rounds of burn-in at -1.6; then the rank falls by one, 0.30, and the drawn river stays."""
    watchers = Watchers(Rules(trial=SUMMER))
    games = {arm: Game(somebody_in(arm, SUMMER), nobody, watchers) for arm in ("drawn", "ranked", HELD_OUT.name)}
    for game in games.values():
        game.rounds_of("LLL")
    assert {arm: [round(each, 2) for each in game.difficulties()] for arm, game in games.items()} == {
        "drawn": [-1.6, -1.6, -1.6, -1.6],
        "ranked": [-1.6, -1.6, -1.9, -2.2],
        "held_out": [-1.6, -1.6, -1.6, -1.6],
    }
    seen = {(goal.subject, goal.data.arm, goal.data.trial) for goal in watchers.goals}
    assert seen == {(game.player, arm, "summer") for arm, game in games.items()}


def test_a_trial_begins_and_ends_under_the_players_hands() -> None:
    """No restart: the next finished round is the new policy's, one step from where the river was, and so back again."""
    watchers = Watchers(Rules("P2"))
    game = Game(somebody_in("drawn", SUMMER), nobody, watchers)
    game.rounds_of("LL")
    watchers.rules = replace(watchers.rules, trial=SUMMER)
    game.rounds_of("L")
    drawn = watchers.goals[-1].data
    watchers.rules = replace(watchers.rules, trial=None)
    game.rounds_of("L")
    assert (drawn.policy, drawn.arm, drawn.exposed) == ("P0", "drawn", True)
    assert watchers.goals[-1].data.policy == "P2"
    assert [round(each, 2) for each in game.difficulties()] == [-1.6, -1.9, -2.2, -1.9, -2.2]


def test_whoever_asks_to_be_left_alone_is_whatever_is_tried() -> None:
    """Within the round: the designer's river, no exposure, and the arm is still the one they were drawn for."""
    watchers = Watchers(Rules(trial=SUMMER))
    game = Game(somebody_in("ranked", SUMMER), nobody, watchers)
    game.rounds_of("LLL")
    game.choose(consent=False)
    alone = watchers.goals[-1].data
    assert (alone.difficulty, alone.policy, alone.arm, alone.exposed) == (-1.6, "P0", "ranked", False)
    game.rounds_of("L")
    assert game.difficulties()[-1] == -1.6
