"""A player who asks to be left alone is left alone, at once, and can see it."""

import pytest

from contract.course import designed_difficulty
from contract.events import AdaptationRejected, ConsentChanged, RapidStarted
from engagement_api.judge import Rules
from tests.story.river_loop import Game, Watchers, nobody


def test_opting_out_gives_the_designers_river_within_a_round() -> None:
    """Two lost rounds had made the river easier; the next round after the wish is as the designer drew it."""
    game = Game("ada", nobody, Watchers())
    game.round()
    game.round()
    assert game.difficulties()[-1] == pytest.approx(-2.2)
    game.choose(consent=False)
    game.round()
    assert game.difficulties()[-1] == pytest.approx(-1.6)
    assert game.world.pace == 1.0


def test_whoever_decides_hears_of_the_wish_and_decides_nothing_more_but_the_designers_river() -> None:
    """The goal says so in words for the player, and no goal after it says anything else."""
    game = Game("ada", nobody, Watchers())
    game.round()
    game.choose(consent=False)
    since = len(game.watchers.goals)
    for _ in range(3):
        game.round()
    last = game.watchers.goals[since - 1].data
    assert (last.policy, last.because) == ("P0", "You asked the river to leave you alone.")
    after = {(goal.data.policy, goal.data.because, goal.data.pace) for goal in game.watchers.goals[since:]}
    assert after <= {("P0", "You asked the river to leave you alone.", 1.0)}


def test_a_goal_that_was_on_its_way_when_the_wish_was_made_is_refused_by_the_game_itself() -> None:
    """The wish needs nobody's answer: a river that nobody can reach leaves alone as well."""
    game = Game("ada", nobody, Watchers())
    late: list[bytes] = []
    game.goals_wire = lambda raw: late.append(raw) or []  # type: ignore[func-returns-value]
    game.round()
    game.choose(consent=False)
    world = game.world
    game.goals_wire = lambda raw: [raw]
    game.take(late[-2])
    assert game.world == world
    assert isinstance(game.facts[-1], AdaptationRejected)


def test_a_player_who_changes_their_mind_is_followed_again_within_a_round() -> None:
    """Consent given back, the next lost round makes the river easier again."""
    game = Game("ada", nobody, Watchers())
    game.choose(consent=False)
    game.round()
    game.choose(consent=True)
    game.round()
    assert [fact.consent for fact in game.facts if isinstance(fact, ConsentChanged)] == [False, True]
    assert game.difficulties()[-1] < -1.6


def test_one_switch_leaves_everybody_alone() -> None:
    """Adaptation off: every river is the designer's, whatever its paddler does."""
    watchers = Watchers(Rules(adapting=False))
    for player in ("ada", "bob"):
        game = Game(player, nobody, watchers)
        for _ in range(3):
            game.round()
        started = [fact for fact in game.facts if isinstance(fact, RapidStarted)]
        assert [fact.difficulty for fact in started] == pytest.approx(
            [designed_difficulty(fact.rapid) for fact in started]
        )
