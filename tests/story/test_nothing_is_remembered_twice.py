"""A bot's sitting under each policy, replayed from its bytes: the same beliefs and the same decisions."""

import pytest

from contract.codec import encode
from engagement_api.trial import PolicyName
from tests.story.arms import POLICIES, under
from tests.story.bot_hands import BotsHands
from tests.story.river_loop import Game, Watchers, heard


@pytest.mark.parametrize("policy", POLICIES)
def test_a_sitting_replayed_is_believed_and_decided_as_it_was(policy: PolicyName) -> None:
    """Sixteen rounds, and a restart after every hundredth event: every belief and every goal again, byte for byte."""
    game = Game("ada", BotsHands("hasty", 5), Watchers(under(policy)))
    game.rounds_of("WLWWLWWLWWLW")
    for _ in range(4):
        game.round()
    again = heard(game.log, under(policy), restart_every=100)
    assert len(again.goals) >= 16
    assert [encode(goal) for goal in again.goals] == [encode(goal) for goal in game.watchers.goals]
    assert [encode(belief) for belief in again.beliefs] == [encode(belief) for belief in game.watchers.beliefs]
    assert again.rules.posterior == game.watchers.rules.posterior
